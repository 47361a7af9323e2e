"""What a given contract says of rows: every reading that a row allows, since no row shows whether a card was
keyed in, issued abroad or held in escrow.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import combinations, pairwise

from jeongsan.reconcile.due_days import ONE_DAY
from jeongsan.reconcile.expect.contract_entry import Entry, Surcharge
from jeongsan.reconcile.expect.contract_words import (
    KIND_WORDS,
    METHOD_WORDS,
    CardKind,
    Grade,
    Situation,
)
from jeongsan.reconcile.expect.given_contract import Contract
from jeongsan.reconcile.expect.terms import Agreed, CancelFee, Choice, RowGroup, Rules
from jeongsan.reconcile.fee_rates import Tariff
from jeongsan.reconcile.settled_rows import WON

_END = date(2100, 12, 31)


def given_terms(contract: Contract, group: RowGroup) -> Iterator[Agreed]:
    """The terms of a group of rows, in order of days; nothing for days and methods without an entry."""
    method = METHOD_WORDS.get(group.method)
    mine = [one for one in contract.entries if one.method is method]
    for first, last in _stretches(contract, mine):
        choices = [
            choice
            for label, entry in _readings([one for one in mine if _covers(one, first)], group.card_kind)
            for choice in _choices(entry, _grade_on(contract, first), label)
        ]
        if choices and (group.currency == WON or all(map(_is_rate_alone, choices))):
            yield Agreed(group, first, last, _distinct(choices))


def _covers(entry: Entry, day: date) -> bool:
    return entry.first <= day <= (entry.last or _END)


def _readings(entries: Sequence[Entry], card_kind: str | None) -> Iterator[tuple[str | None, Entry]]:
    """(what the card would have to be, the entry that holds then), the plainest first. Each kind of card
    without an entry of its own has that of any kind. What a contract does not name is not sold."""
    own = KIND_WORDS.get(card_kind or "")
    general = next((one for one in entries if not one.kinds), None)
    by_kind = {kind: one for one in entries for kind in one.kinds}
    if general is not None and any(one.situation == CardKind.OVERSEAS for one in general.surcharges):
        by_kind.setdefault(CardKind.OVERSEAS, general)
    plain = general if own is None else by_kind.get(own, general)
    if plain is not None:
        yield None, plain
    for kind in CardKind:
        # A row that names no kind may be of any; a row that names one may still be a card from abroad.
        if kind in by_kind and (card_kind is None or kind is CardKind.OVERSEAS):
            yield kind.value, by_kind[kind]


def _stretches(contract: Contract, entries: Iterable[Entry]) -> Iterator[tuple[date, date]]:
    """Days between which nothing changes, first and last."""
    starts = {one.first for one in entries} | {day for day, _ in contract.grades}
    starts |= {one.last + ONE_DAY for one in entries if one.last is not None and one.last < _END}
    for start, following in pairwise([*sorted(starts), _END + ONE_DAY]):
        yield start, following - ONE_DAY


def _grade_on(contract: Contract, day: date) -> str:
    return next((grade for first, grade in reversed(contract.grades) if first <= day), Grade.GENERAL)


def _choices(entry: Entry, grade: str, label: str | None) -> Iterator[Choice]:
    """The entry without any surcharge, and with every set of those that a row does not show. A card from
    abroad pays the surcharge for it where it has no entry of its own."""
    hidden = [one for one in entry.surcharges if one.is_base or one.situation == Situation.ESCROW]
    due = [one for one in hidden if label == one.situation == Situation.OVERSEAS and not entry.kinds]
    for count in range(len(hidden) + 1):
        for some in combinations(hidden, count):
            if all(one in some for one in due):
                yield _choice(entry, entry.rates.get(grade, entry.rates[Grade.GENERAL]), some, label)


def _choice(entry: Entry, rate: int, surcharges: Sequence[Surcharge], label: str | None) -> Choice:
    base = [one for one in surcharges if one.is_base]
    tariff = Tariff(
        rate + sum(one.rate for one in base),
        entry.fixed + sum(one.fixed for one in base),
        entry.rounding,
    )
    waits = entry.waits or any(one.situation == Situation.ESCROW for one in surcharges)
    # Sold on its own day and paid out from the day of a release, which no row shows.
    apart = waits and entry.sold_on_transaction
    names = [*([label] if label else []), *(one.situation for one in surcharges)]
    return Choice(
        situation="+".join(dict.fromkeys(names)) or None,
        tariff=tariff,
        cancel=CancelFee.KEPT if entry.keeps_fee else CancelFee.RETURNED,
        schedule=((entry.first, Rules(entry.cycle, None if apart else entry.payout)),),
        refund_fee=Tariff(0, entry.refund_fee, entry.rounding).fee(1),
        has_other_fees=entry.has_other_fees,
        waits=waits and not apart,
    )


def _is_rate_alone(choice: Choice) -> bool:
    """Documents quote fixed fees in won."""
    return choice.tariff is not None and not choice.tariff.fixed and not choice.refund_fee


def _distinct(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """The first of those that say the same of a row."""
    found: dict[tuple[object, ...], Choice] = {}
    for one in choices:
        rules = None if one.schedule is None else one.schedule[0][1]
        key = (one.tariff, one.cancel, rules, one.refund_fee, one.has_other_fees, one.waits)
        found.setdefault(key, one)
    return tuple(found.values())
