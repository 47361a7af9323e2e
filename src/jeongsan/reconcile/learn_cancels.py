"""What a cancel gives back of the fee, and what it costs, from cancel rows and their approvals' tariff."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jeongsan.reconcile.fee_rates import Tariff
from jeongsan.reconcile.learn_fees import FeePeriod
from jeongsan.reconcile.settled_rows import SettledRow

# Tariffs of one period that cancels are held against.
_RANGES_TRIED_MAX = 8


class Returned(StrEnum):
    """How much of the fee a cancel gives back: the fee before less the fee after it, so that parts sum to the
    whole; the fee of the cancelled amount by itself; or nothing."""

    DIFFERENCE = "difference"
    PROPORTIONAL = "proportional"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class LearnedCancels:
    """`judged` of `rows` cancel rows say enough. `agree` of those fit every one of `candidates`, the
    likeliest first, with `refund_fee` (VAT included) on top; `deviating` are the others, each with the basic
    fee it should have. `closed`: payments cancelled to nothing whose rows are all there; `leftovers`: what of
    their fees was not given back, as sum → payments."""

    rows: int
    judged: int
    agree: int
    candidates: tuple[Returned, ...]
    refund_fee: int
    closed: int
    leftovers: Mapping[int, int]
    deviating: tuple[tuple[SettledRow, int], ...]

    @property
    def holds(self) -> bool:
        """Whether more than half of the rows say so; less is no rule."""
        return 2 * self.agree > self.judged


@dataclass(frozen=True, slots=True)
class _Cancel:
    row: SettledRow
    before: int
    after: int
    tariff: Tariff

    def returned(self, how: Returned) -> int:
        if how is Returned.KEPT:
            return 0
        if how is Returned.PROPORTIONAL:
            return self.tariff.fee(self.before - self.after)
        return self.tariff.fee(self.before) - self.tariff.fee(self.after)

    def refund_fee(self, how: Returned) -> int | None:
        """What is charged for the cancel if so much is given back; None when that cannot be."""
        row, back = self.row, self.returned(how)
        if row.itemised:
            return row.extra if row.base == -back and row.extra >= 0 else None
        charged = (row.fee or 0) + back
        return charged if charged >= 0 else None


def learn_cancels(rows: Sequence[SettledRow], periods: Sequence[FeePeriod]) -> LearnedCancels | None:
    """None without cancel rows."""
    cancels = [row for row in rows if row.is_cancel]
    if not cancels:
        return None
    totals: dict[str | None, int | None] = {
        row.payment_key: row.amount for row in rows if not row.is_cancel and row.payment_key
    }
    judged = _judged(cancels, periods, totals)
    fees = {how: Counter(one.refund_fee(how) for one in judged) for how in Returned}
    best = {how: _commonest(fees[how]) for how in Returned}
    agree = max(count for _, count in best.values())
    fitting = [how for how in Returned if best[how][1] == agree]
    # Everything given back and then charged again is nothing given back.
    least = min(best[how][0] for how in fitting)
    candidates = tuple(how for how in fitting if best[how][0] == least) if agree else ()
    leftovers = _leftovers(rows)
    closed = sum(leftovers.values())
    deviating = tuple(
        (one.row, -one.returned(candidates[0]))
        for one in judged
        if candidates and one.refund_fee(candidates[0]) != least
    )
    return LearnedCancels(len(cancels), len(judged), agree, candidates, least, closed, leftovers, deviating)


def fees_by_cancels(
    rows: Sequence[SettledRow], periods: Sequence[FeePeriod]
) -> tuple[tuple[FeePeriod, ...], LearnedCancels | None]:
    """The periods, and their cancels: of several tariffs that fit the approvals of a period alike, the one
    that most cancels agree with comes first. Parts of amounts tell what round amounts do not."""
    best, cancels = tuple(periods), learn_cancels(rows, periods)
    for number, period in enumerate(periods):
        if cancels is None or cancels.agree == cancels.judged:
            break
        for one in period.ranges[1:_RANGES_TRIED_MAX]:
            first = (one, *(other for other in period.ranges if other is not one))
            tried = (*best[:number], replace(period, ranges=first), *best[number + 1 :])
            found = learn_cancels(rows, tried)
            if found is not None and found.agree > cancels.agree:
                best, cancels = tried, found
    return best, cancels


def tariff_of(periods: Sequence[FeePeriod], row: SettledRow) -> Tariff | None:
    """The learned tariff of the row's payment: a cancel keeps the terms of its approval."""
    day = row.sold if row.approved_at is None else row.approved_at.date()
    return None if day is None else tariff_on(periods, day)


def tariff_on(periods: Sequence[FeePeriod], day: date) -> Tariff | None:
    """The learned tariff of a day of approval. The first one also holds for days before its rows."""
    known = [one for one in periods if one.ranges]
    if not known:
        return None
    begun = [one for one in known if one.first <= day]
    return (begun[-1] if begun else known[0]).ranges[0].tariff


def telling_cancel(tariff: Tariff) -> tuple[int, int] | None:
    """(amount, part cancelled) of which the difference and the proportional fee are not the same; None when
    no small one tells."""
    for amount in range(1_000, 100_000, 1_000):
        for part in range(100, amount, 100):
            if tariff.fee(amount) - tariff.fee(amount - part) != tariff.fee(part):
                return amount, part
    return None


def _judged(
    cancels: Iterable[SettledRow], periods: Sequence[FeePeriod], totals: Mapping[str | None, int | None]
) -> list[_Cancel]:
    found = []
    for row in cancels:
        parts, tariff = _parts(row, totals), tariff_of(periods, row)
        if parts is not None and tariff is not None and row.base is not None:
            found.append(_Cancel(row, *parts, tariff))
    return found


def _parts(row: SettledRow, totals: Mapping[str | None, int | None]) -> tuple[int, int] | None:
    """(balance before, balance after) of a cancel; a whole one shows by the amount of its approval."""
    cancelled = row.cancel_amount if row.cancel_amount is not None else -(row.amount or 0)
    if cancelled <= 0:
        return None
    if row.refundable is not None:
        return (row.refundable + cancelled, row.refundable) if row.refundable >= 0 else None
    return (cancelled, 0) if totals.get(row.payment_key) == cancelled else None


def _commonest(fees: Counter[int | None]) -> tuple[int, int]:
    """(refund fee, rows with it), the smaller of two as common."""
    known = {fee: rows for fee, rows in fees.items() if fee is not None}
    if not known:
        return 0, 0
    fee = min(known, key=lambda one: (-known[one], one))
    return fee, known[fee]


def _leftovers(rows: Iterable[SettledRow]) -> Mapping[int, int]:
    """Of payments whose amounts sum to nothing: the sum of their basic fees → how many payments."""
    cancelled = {row.payment_key for row in rows if row.is_cancel and row.payment_key}
    parts: dict[str, list[SettledRow]] = defaultdict(list)
    for row in rows:
        if row.payment_key in cancelled and row.payment_key is not None:
            parts[row.payment_key].append(row)
    found = Counter[int]()
    for whole in parts.values():
        amounts, fees = _all(whole, lambda one: one.amount), _all(whole, lambda one: one.base)
        if amounts and fees and len(whole) > 1 and not sum(amounts):
            found[sum(fees)] += 1
    return dict(sorted(found.items()))


def _all(rows: Sequence[SettledRow], read: Callable[[SettledRow], int | None]) -> list[int] | None:
    values = [read(row) for row in rows]
    known = [one for one in values if one is not None]
    return known if len(known) == len(values) else None
