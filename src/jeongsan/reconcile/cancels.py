"""The rules of a check of cancels: which outcome each has, what differs, what can be inferred. Pure."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from jeongsan.client.keys import transaction_moment
from jeongsan.client.moments import kst_day
from jeongsan.client.rows import SettlementRow
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.cancel_matching import Match, MatchedBy, line_moment, matches
from jeongsan.reconcile.cancel_outcomes import (
    CancelCheck,
    CheckedCancel,
    Circumstances,
    Difference,
    Inference,
    NoRow,
    Note,
    Outcome,
    Remark,
)
from jeongsan.reconcile.found_cancels import FoundCancel
from jeongsan.reconcile.period import Period

# The gateway's staff in public: a network cancel (망취소) comes within seconds of the approval, later ones
# only after a word with the merchant. A minute is generous; a day later it is out of the question.
NETWORK_CANCEL_WITHIN = timedelta(seconds=60)
NO_NETWORK_CANCEL_AFTER = timedelta(days=1)
API_CHANNEL = "api"
# Keys of an old API version answer with `fee` alone.
_ABSENT_ON_OLD_VERSIONS = {"fees"}
_DONE = "DONE"


def check_cancels(
    found: Iterable[FoundCancel], lines: Iterable[BookLine], circumstances: Circumstances
) -> CancelCheck:
    """Give every cancel of the period, and every line of the book, exactly one outcome.

    Cancels and lines of other days may be among them: they are matched too, as two clocks may see midnight
    differently, and left out where neither side lies in the period.
    """
    found, lines, period = tuple(found), tuple(lines), circumstances.period
    pairs = matches(found, lines)
    shown = [pair for pair in pairs if period.has(pair.found.canceled_at) or _may_lie_in(period, pair.line)]
    used_keys = {pair.found.transaction_key for pair in pairs}
    used_lines = {pair.line.line for pair in pairs}
    alone = [one for one in found if one.transaction_key not in used_keys and period.has(one.canceled_at)]
    unknown = [line for line in lines if line.line not in used_lines and _may_lie_in(period, line)]
    checked = [
        *(_matched(pair, circumstances) for pair in shown),
        *(_unmatched(one, circumstances) for one in alone),
        *(_only_in_book(line) for line in unknown),
    ]
    checked.sort(key=_by_time)
    return CancelCheck(circumstances, tuple(checked), len(lines) - len(shown) - len(unknown))


def _by_time(checked: CheckedCancel) -> tuple[bool, str, str]:
    moment = checked.moment
    key = str(checked.line.line) if checked.found is None and checked.line else ""
    name = checked.found.transaction_key if checked.found is not None else key
    return moment is None, "" if moment is None else moment.isoformat(), name


def _may_lie_in(period: Period, line: BookLine) -> bool:
    """A line without any time may be of any day, so nothing excuses it."""
    moment = line_moment(line)
    return moment is None or period.has(moment)


def _matched(pair: Match, circumstances: Circumstances) -> CheckedCancel:
    found = pair.found
    return CheckedCancel(
        Outcome.OURS,
        found,
        pair.line,
        pair.by,
        no_row_of(found, circumstances),
        (*_against_book(pair.line, found), *_of_gateway(found)),
        tuple(_key_time(found)),
        (*_remarks(found), *_untimed(pair)),
    )


def _untimed(pair: Match) -> Iterator[Note]:
    """Neither amount nor time speaks for a match of another amount without a time."""
    by_key = pair.by in (MatchedBy.TRANSACTION_KEY, MatchedBy.CANCEL_REQUEST_ID)
    if not by_key and pair.line.canceled_at is None and pair.line.cancel_amount != pair.found.cancel_amount:
        yield Note(Remark.NO_TIME_IN_BOOK)


def _unmatched(found: FoundCancel, circumstances: Circumstances) -> CheckedCancel:
    outcome = _outcome_without_line(found, circumstances)
    inferences = list(_key_time(found))
    remarks = list(_remarks(found))
    if found.recorded is None:
        inferences = [*_origin(found, circumstances), *inferences]
    elif circumstances.book_lines is not None and found.recorded.channel == API_CHANNEL:
        remarks.append(Note(Remark.API_BUT_NOT_IN_BOOK, {"key": found.recorded.key or "?"}))
    return CheckedCancel(
        outcome,
        found,
        no_row=no_row_of(found, circumstances),
        differences=tuple(_of_gateway(found)),
        inferences=tuple(inferences),
        remarks=tuple(remarks),
    )


def _outcome_without_line(found: FoundCancel, circumstances: Circumstances) -> Outcome:
    """A book decides. Without one the gateway's own record does, where there is one."""
    if circumstances.book_lines is not None:
        return Outcome.NOT_OURS
    if found.recorded is None:
        return Outcome.NO_BOOK
    return Outcome.OURS if found.recorded.channel == API_CHANNEL else Outcome.NOT_OURS


def _only_in_book(line: BookLine) -> CheckedCancel:
    remarks = (Note(Remark.NO_TIME_IN_BOOK),) if line_moment(line) is None else ()
    return CheckedCancel(Outcome.ONLY_IN_OUR_BOOK, line=line, remarks=remarks)


def no_row_of(found: FoundCancel, circumstances: Circumstances) -> NoRow | None:
    """Why there is no settlement row; None when there is one.

    Sources: test keys settle nothing (the staff in public); rows can be read from the day after the cancel
    (documentation, staff); what was cancelled before a deposit never was money.
    """
    if found.rows:
        return None
    if not circumstances.settles:
        return NoRow.TEST_KEY
    if found.never_approved:
        return NoRow.NEVER_APPROVED
    if found.status not in (None, _DONE):
        return NoRow.NOT_DONE
    if circumstances.today <= kst_day(found.canceled_at):
        return NoRow.TOO_YOUNG
    return NoRow.MISSING


def _against_book(line: BookLine, found: FoundCancel) -> Iterator[Note]:
    """What line and cancel must have in common, where both say it."""
    for code, ours, theirs in (
        (Difference.AMOUNT, line.cancel_amount, found.cancel_amount),
        (Difference.PAYMENT_KEY, line.payment_key, found.payment_key),
        (Difference.ORDER_ID, line.order_id, found.order_id),
    ):
        if ours is not None and theirs is not None and ours != theirs:
            yield Note(code, {"ours": ours, "theirs": theirs})


def _of_gateway(found: FoundCancel) -> Iterator[Note]:
    """Where the gateway's answers contradict each other or are not whole."""
    if not found.in_transactions:
        yield Note(Difference.NOT_IN_TRANSACTIONS)
    if found.approved_at is not None and found.canceled_at < found.approved_at:
        yield Note(Difference.BEFORE_APPROVAL, {"approvedAt": found.approved_at})
    if len(found.rows) > 1:
        yield Note(Difference.SEVERAL_ROWS, {"rows": len(found.rows)})
    for row in found.rows:
        yield from _of_row(row, found)


def _of_row(row: SettlementRow, found: FoundCancel) -> Iterator[Note]:
    """A cancel's row is minus its amount, and pays out the amount without the fee."""
    if row.amount is not None and found.cancel_amount is not None and row.amount != -found.cancel_amount:
        yield Note(Difference.ROW_AMOUNT, {"amount": row.amount, "cancelAmount": found.cancel_amount})
    yield from _sum(row)
    absent = [name for name in row.absent if name not in _explained(row)]
    if absent:
        yield Note(Difference.ABSENT_FIELDS, {"fields": ", ".join(absent)})


def _sum(row: SettlementRow) -> Iterator[Note]:
    amount, fee, paid = row.amount, row.fee, row.pay_out_amount
    if amount is None or fee is None or paid is None or row.interest_fee:
        return  # whether `interestFee` is part of the sum is not recorded: it was 0 everywhere
    if paid != amount - fee:
        yield Note(Difference.ROW_SUM, {"amount": amount, "fee": fee, "payOutAmount": paid})


def _explained(row: SettlementRow) -> set[str]:
    """Absent keys that the age of the key's API version explains: then `fee` is there."""
    return set() if "fee" in row.absent else _ABSENT_ON_OLD_VERSIONS


def _origin(found: FoundCancel, circumstances: Circumstances) -> Iterator[Note]:
    if circumstances.book_lines is not None:
        yield Note(Inference.OUTSIDE_OUR_SYSTEM, {"lines": circumstances.book_lines})
    if found.approved_at is None or found.canceled_at < found.approved_at:
        return
    after = found.canceled_at - found.approved_at
    if after <= NETWORK_CANCEL_WITHIN:
        code = Inference.NETWORK_CANCEL_LIKELY
    elif after <= NO_NETWORK_CANCEL_AFTER:
        code = Inference.NETWORK_CANCEL_UNLIKELY
    else:
        code = Inference.NO_NETWORK_CANCEL
    yield Note(code, {"after": after, "approvedAt": found.approved_at})


def _key_time(found: FoundCancel) -> Iterator[Note]:
    """The time inside the transaction key against `canceledAt`, which has whole seconds."""
    inside = transaction_moment(found.transaction_key)
    if inside is None:
        yield Note(Inference.KEY_WITHOUT_TIME)
    elif inside.replace(microsecond=0) == found.canceled_at.replace(microsecond=0):
        yield Note(Inference.KEY_TIME_AGREES, {"keyTime": inside})
    else:
        yield Note(Inference.KEY_TIME_DIFFERS, {"keyTime": inside, "apart": abs(inside - found.canceled_at)})


def _remarks(found: FoundCancel) -> Iterator[Note]:
    row = found.row
    if row is None:
        return
    old = [name for name in row.absent if name in _explained(row)]
    if old:
        yield Note(Remark.OLD_VERSION, {"fields": ", ".join(old)})
    approval = found.approval_row
    if approval is None or found.approved_at is None or approval.pay_out_amount is None:
        return
    same_day = kst_day(found.approved_at) == kst_day(found.canceled_at)
    if same_day and approval.amount == found.cancel_amount and row.pay_out_amount is not None:
        yield Note(Remark.SAME_DAY, {"net": approval.pay_out_amount + row.pay_out_amount})
