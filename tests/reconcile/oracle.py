"""The rule book once more, in plain Python over a handful of rows: every choice is looked at.

Written from the sentences of the rules. Where these leave open which of several unlike rows is taken (the
rules then go by a digest of the contents), `Undetermined` is raised, and there is nothing to compare.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import NamedTuple

_SHORTEST_CUT = 6
_IDS = ("order_id", "payment_key", "transaction_key")
_COMPARED = ("currency", "amount", "tax_free", "vat", "method", *_IDS, "day")
_ONE_DAY = timedelta(days=1)


class Undetermined(Exception):
    """The sentences do not say which row is taken."""


@dataclass(frozen=True, order=True)
class Entry:
    """A row of one side, by what it says."""

    kind: str
    order_id: str | None
    payment_key: str | None
    transaction_key: str | None
    method: str | None
    currency: str
    amount: Decimal
    occurred_at: datetime
    tax_free: Decimal | None = None
    vat: Decimal | None = None
    shop: str = ""

    @property
    def day(self) -> date:
        """The calendar day; only this of a time is compared."""
        return self.occurred_at.date()


class Finding(NamedTuple):
    """An outcome: its rows by what they say."""

    state: str
    reasons: tuple[str, ...]
    left: tuple[Entry, ...]
    right: tuple[Entry, ...]


@dataclass(frozen=True)
class Question:
    """What is compared. `settles`: the right side are settlements, which come a day later."""

    left: Sequence[Entry]
    right: Sequence[Entry]
    today: date
    first: date
    last: date
    settles: bool = False


@dataclass
class _Book:
    """Rows by their place: open ones, pairs, and what was found."""

    question: Question
    open_left: set[int]
    open_right: set[int]
    pairs: list[tuple[int, int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def pair(self, one: int, other: int) -> None:
        self.open_left.discard(one)
        self.open_right.discard(other)
        self.pairs.append((one, other))

    def group(self, state: str, reason: str, left: Iterable[int], right: Iterable[int]) -> None:
        lefts, rights = list(left), list(right)
        self.open_left.difference_update(lefts)
        self.open_right.difference_update(rights)
        self.findings.append(
            Finding(
                state,
                (reason,),
                tuple(sorted((self.question.left[n] for n in lefts), key=repr)),
                tuple(sorted((self.question.right[n] for n in rights), key=repr)),
            )
        )


def reconciled(question: Question) -> list[Finding]:
    """Everything but pairs that agree in everything, in no order. Raises Undetermined."""
    book = _Book(question, set(range(len(question.left))), set(range(len(question.right))))
    _agree_by_a_unique_key(book)
    _one_transaction_key(book)
    families = (_by_payment_key, _by_order_id)
    for family in families:
        for rule in (_same_second, _same_day, _same_amount, _repeated, _cannot_tell):
            rule(book, family)
    for family in families:
        _other_amount(book, family)
    _damaged_ids(book)
    _left_over(book)
    for one, other in book.pairs:
        reasons = differences(question.left[one], question.right[other])
        if reasons:
            book.findings.append(
                Finding("DIFFERENT", reasons, (question.left[one],), (question.right[other],))
            )
    return book.findings


def _agree(a: object, b: object) -> bool:
    return a is None or b is None or a == b


def _unlike(left: Entry, right: Entry) -> int:
    return sum(not _agree(getattr(left, name), getattr(right, name)) for name in _COMPARED)


def _agree_by_a_unique_key(book: _Book) -> None:
    left, right = book.question.left, book.question.right

    def by_transaction(row: Entry) -> Hashable:
        return row.transaction_key and (row.transaction_key, row.kind)

    def by_payment(row: Entry) -> Hashable:
        return row.payment_key and (row.payment_key, row.kind, row.currency, row.amount)

    def by_order(row: Entry) -> Hashable:
        return row.order_id and (row.order_id, row.kind, row.currency, row.amount)

    key = by_order
    if 2 * sum(row.transaction_key is not None for row in left) >= len(left):
        key = by_transaction
    elif 2 * sum(row.payment_key is not None for row in left) >= len(left):
        key = by_payment
    lefts, rights = [key(row) for row in left], [key(row) for row in right]
    for one, row in enumerate(left):
        if row and lefts[one] and lefts.count(lefts[one]) == 1 and rights.count(lefts[one]) == 1:
            other = rights.index(lefts[one])
            if row.kind == right[other].kind and not _unlike(row, right[other]):
                book.pair(one, other)


def _one_transaction_key(book: _Book) -> None:
    left, right = book.question.left, book.question.right
    keys = {(row.transaction_key, row.kind) for row in (*left, *right) if row.transaction_key is not None}
    for key in sorted(keys):
        ours = [n for n in sorted(book.open_left) if (left[n].transaction_key, left[n].kind) == key]
        theirs = [n for n in sorted(book.open_right) if (right[n].transaction_key, right[n].kind) == key]
        if ours and theirs:
            best = min(_unlike(left[one], right[other]) for one, other in product(ours, theirs))
            choices = [
                pair for pair in product(ours, theirs) if _unlike(left[pair[0]], right[pair[1]]) == best
            ]
            if len({(left[one], right[other]) for one, other in choices}) > 1:
                raise Undetermined
            one, other = choices[0]
            book.pair(one, other)
            ours.remove(one)
            theirs.remove(other)
        else:
            for side, rows in ((ours, left), (theirs, right)):
                if len({rows[n] for n in side}) > 1:
                    raise Undetermined
                del side[:1]
        for one in ours:
            book.group("ONE_SIDED", "DUPLICATE", [one], [])
        for other in theirs:
            book.group("ONE_SIDED", "DUPLICATE", [], [other])


Family = Callable[[_Book, Entry, bool], Hashable]


def _in_no_family(book: _Book, row: Entry, is_left: bool) -> bool:
    """A cancel whose transaction key both sides know is another cancel when the keys differ."""
    known = any(other.transaction_key is not None for other in book.question.right)
    return is_left and row.kind == "CANCEL" and row.transaction_key is not None and known


def _by_payment_key(book: _Book, row: Entry, is_left: bool) -> Hashable:
    return None if _in_no_family(book, row, is_left) else row.payment_key


def _by_order_id(book: _Book, row: Entry, is_left: bool) -> Hashable:
    return None if _in_no_family(book, row, is_left) else row.order_id


def _groups(
    book: _Book, family: Family, key: Callable[[Entry], Hashable]
) -> list[tuple[list[int], list[int]]]:
    """Open rows of one family and key on both sides."""
    found: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, places in enumerate((sorted(book.open_left), sorted(book.open_right))):
        rows = book.question.right if side else book.question.left
        for n in places:
            name = family(book, rows[n], not side)
            if name is not None:
                found[name, key(rows[n])][side].append(n)
    return [group for group in found.values() if group[0] and group[1]]


def _alike(rows: Sequence[Entry], places: Iterable[int]) -> bool:
    return len({rows[n] for n in places}) <= 1


def _pair_in_order(book: _Book, ours: list[int], theirs: list[int]) -> None:
    """In order of time; rows of one time are interchangeable only if they say the same."""
    left, right = book.question.left, book.question.right
    ours.sort(key=lambda n: left[n].occurred_at)
    theirs.sort(key=lambda n: right[n].occurred_at)
    if not (_alike(left, ours) or _alike(right, theirs)):
        for rows, places in ((left, ours), (right, theirs)):
            times = [rows[n].occurred_at for n in places]
            if len(set(times)) < len(times):
                raise Undetermined
    for one, other in zip(ours, theirs, strict=False):
        book.pair(one, other)


def _same_second(book: _Book, family: Family) -> None:
    left, right = book.question.left, book.question.right
    for ours, theirs in _groups(
        book, family, lambda row: (row.kind, row.currency, row.amount, row.occurred_at)
    ):
        more, rows = (ours, left) if len(ours) >= len(theirs) else (theirs, right)
        if len(ours) != len(theirs) and not _alike(rows, more):
            raise Undetermined
        _pair_in_order(book, ours, theirs)


def _same_day(book: _Book, family: Family) -> None:
    for ours, theirs in _groups(book, family, lambda row: (row.kind, row.currency, row.amount, row.day)):
        if len(ours) == len(theirs):
            _pair_in_order(book, ours, theirs)


def _same_amount(book: _Book, family: Family) -> None:
    left, right = book.question.left, book.question.right
    for ours, theirs in _groups(book, family, lambda row: (row.kind, row.currency, row.amount)):
        larger = _alike(left, ours) if len(ours) > len(theirs) else _alike(right, theirs)
        if len(ours) == len(theirs) or larger:
            _pair_in_order(book, ours, theirs)


def _repeated(book: _Book, _family: Family) -> None:
    """A row that says exactly what another of its side says, which has its partner."""
    left, right = book.question.left, book.question.right
    paired_left, paired_right = (
        {left[one] for one, _ in book.pairs},
        {right[other] for _, other in book.pairs},
    )
    for one in sorted(book.open_left):
        if left[one] in paired_left and (left[one].order_id or left[one].payment_key):
            book.group("ONE_SIDED", "DUPLICATE", [one], [])
    for other in sorted(book.open_right):
        if right[other] in paired_right and (right[other].order_id or right[other].payment_key):
            book.group("ONE_SIDED", "DUPLICATE", [], [other])


def _cannot_tell(book: _Book, family: Family) -> None:
    for ours, theirs in _groups(book, family, lambda row: (row.kind, row.currency, row.amount)):
        book.group("AMBIGUOUS", "SEVERAL_CANDIDATES", ours, theirs)


def _other_amount(book: _Book, family: Family) -> None:
    left, right = book.question.left, book.question.right
    for ours, theirs in _groups(book, family, lambda row: row.kind):
        if len(ours) == len(theirs) == 1:
            book.pair(ours[0], theirs[0])
            continue
        currencies = {left[n].currency for n in ours} | {right[n].currency for n in theirs}
        same = sum(left[n].amount for n in ours) == sum(right[n].amount for n in theirs)
        if same and len(currencies) == 1:
            book.group("MATCHED", "IN_PARTS", ours, theirs)
        else:
            book.group("AMBIGUOUS", "SEVERAL_CANDIDATES", ours, theirs)


def is_cut(a: str, b: str) -> bool:
    """One is the beginning or the end of the other, or what a spreadsheet made of it."""
    short, long = sorted((a, b), key=len)
    part = _SHORTEST_CUT <= len(short) < len(long) and (long.startswith(short) or long.endswith(short))
    return a != b and (part or _is_scientific(a, b) or _is_scientific(b, a))


def _is_scientific(shown: str, digits: str) -> bool:
    head, mark, exponent = shown.partition("E+")
    if not (mark and exponent.isdigit() and digits.isdigit() and head[1:2] == "."):
        return False
    kept = head.replace(".", "")
    return len(digits) == int(exponent) + 1 and abs(int(kept) - int(digits[: len(kept)])) <= 1


def is_damaged(a: str, b: str) -> bool:
    """Equal but for characters that are not ASCII and what stands for them."""

    def bones(text: str) -> str:
        found = ""
        for letter in text:
            lost = letter == "?" or not letter.isascii()
            found += "" if lost and found.endswith("\0") else "\0" if lost else letter
        return found

    marked = any(letter == "?" or not letter.isascii() for letter in a)
    return a != b and marked and bones(a) == bones(b)


def _may_be_one(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a == b or is_cut(a, b) or is_damaged(a, b)


def _damaged_ids(book: _Book) -> None:
    left, right = book.question.left, book.question.right

    def could_be(ours: Entry, theirs: Entry) -> bool:
        if (ours.kind, ours.currency, ours.amount) != (theirs.kind, theirs.currency, theirs.amount):
            return False
        ids = [(getattr(ours, name), getattr(theirs, name)) for name in _IDS]
        remains = any(a and b and (is_cut(a, b) or is_damaged(a, b)) for a, b in ids)
        # The transaction keys of approvals are not asked: a payment has only one.
        asked = ids if ours.kind == "CANCEL" else ids[:2]
        return abs(ours.day - theirs.day) <= _ONE_DAY and remains and all(_may_be_one(a, b) for a, b in asked)

    candidates = [
        (one, other)
        for one, other in product(sorted(book.open_left), sorted(book.open_right))
        if could_be(left[one], right[other])
    ]
    for one, other in candidates:
        alone = [pair for pair in candidates if pair[0] == one or pair[1] == other]
        if len(alone) == 1:
            book.pair(one, other)


def _left_over(book: _Book) -> None:
    question = book.question
    right_last = min(question.last, question.today - _ONE_DAY) if question.settles else question.last
    for one in sorted(book.open_left):
        row = question.left[one]
        reason = "NOT_SETTLED" if question.settles else "NOT_AT_GATEWAY"
        if row.kind == "CANCEL" and not question.settles:
            reason = "CANCEL_NOT_AT_GATEWAY"
        never = question.settles and _never_paid(question, row)
        book.group(*_state(row, never, (question.first, right_last), reason), [one], [])
    for other in sorted(book.open_right):
        row = question.right[other]
        reason = "CANCELED_OUTSIDE" if row.kind == "CANCEL" else "PAID_UNKNOWN_HERE"
        if question.settles:
            reason = "SETTLED_UNKNOWN"
        never = not question.settles and _never_paid(question, row)
        book.group(*_state(row, never, (question.first, question.last), reason), [], [other])


def _state(row: Entry, never_paid: bool, days: tuple[date, date], reason: str) -> tuple[str, str]:
    if row.kind == "NO_MONEY":
        return "SET_ASIDE", "NO_MONEY"
    if never_paid:
        return "SET_ASIDE", "CANCELED_WITHOUT_DONE"
    if row.day > days[1]:
        return "NOT_YET_DUE", "TOO_YOUNG"
    if row.day < days[0]:
        return "OLDER", "BEFORE_COLLECTION"
    return "ONE_SIDED", reason


def _never_paid(question: Question, row: Entry) -> bool:
    """A cancel whose payment nobody knows, although its approval would have to be among the rows."""
    if row.kind != "CANCEL" or row.payment_key is None:
        return False
    approved = {one.payment_key for one in (*question.left, *question.right) if one.kind == "APPROVAL"}
    told = key_day(row.payment_key)
    inside = row.method == "VIRTUAL_ACCOUNT" or (told is not None and told >= question.first)
    return row.payment_key not in approved and inside


def key_day(key: str) -> date | None:
    """The day inside a key: letters, then year, month, day and a time of six digits."""
    digits = key.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")[:14]
    if len(digits) < len("20250313130000") or not digits.isdigit():
        return None
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))


def differences(left: Entry, right: Entry) -> tuple[str, ...]:
    """What differs in a pair, the main thing first."""
    reasons: list[str] = []
    if left.currency != right.currency:
        reasons.append("CURRENCY")
    if left.amount != right.amount:
        reasons.append("SIGN" if left.amount == -right.amount else "AMOUNT")
    reasons += [
        name.upper()
        for name in ("tax_free", "vat", "method")
        if not _agree(getattr(left, name), getattr(right, name))
    ]
    for name in _IDS:
        a, b = getattr(left, name), getattr(right, name)
        if a is not None and b is not None and a != b:
            reasons.append(
                "CUT_ID" if is_cut(a, b) else "ENCODING_DAMAGE" if is_damaged(a, b) else name.upper()
            )
    if left.day != right.day:
        reasons.append(_day_reason(left, right))
    return tuple(dict.fromkeys(reasons))


def _day_reason(left: Entry, right: Entry) -> str:
    later = right.occurred_at - left.occurred_at
    if abs(later) <= timedelta(seconds=60):
        return "MIDNIGHT"
    if abs(later) == timedelta(hours=9):
        return "TIME_ZONE"
    if timedelta(0) <= later <= timedelta(minutes=30):
        return "REQUESTED_TIME"
    days = (right.day - left.day).days
    return "REQUESTED_TIME" if right.method == "VIRTUAL_ACCOUNT" and 0 <= days <= 31 else "DAY"
