"""What a learned contract says of rows: what more than half of the rows of a stretch of days say, by the day
of approval for fees and by the row's own day for dates. What they do not say is not expected."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TypeVar

from jeongsan.reconcile.due_days import ONE_DAY, Cycle, bucket_start
from jeongsan.reconcile.effective_periods import Period
from jeongsan.reconcile.expect.terms import Agreed, CancelFee, Choice, RowGroup, Rules, Schedule
from jeongsan.reconcile.fee_rates import MILLION, Tariff
from jeongsan.reconcile.learn import LearnedTerms
from jeongsan.reconcile.learn_cancels import LearnedCancels, Returned
from jeongsan.reconcile.learn_fees import FeePeriod
from jeongsan.reconcile.settled_rows import UNKNOWN

C = TypeVar("C", bound=Hashable)

_ALWAYS = (date(2000, 1, 1), date(2100, 12, 31))
_CANCELS = {
    Returned.DIFFERENCE: CancelFee.RETURNED,
    Returned.PROPORTIONAL: CancelFee.PROPORTIONAL,
    Returned.KEPT: CancelFee.KEPT,
}


def learned_terms(learned: Iterable[LearnedTerms], groups: Iterable[RowGroup]) -> Iterator[Agreed]:
    """The terms of every group of rows that were learned."""
    by_kind = {
        (one.mid or "", one.method, one.currency, kind): one
        for one in learned
        for kind in one.card_kinds or ("",)
    }
    for group in groups:
        scope = (group.shop, group.method, group.currency)
        terms = by_kind.get((*scope, "")) or by_kind.get((*scope, group.card_kind or UNKNOWN))
        if terms is not None:
            yield from _agreed(terms, group)


def _agreed(terms: LearnedTerms, group: RowGroup) -> Iterator[Agreed]:
    schedule, (cancel, refund_fee) = _schedule(terms), _cancel(terms.cancels)
    known = [(one.first, _tariff(one)) for one in terms.fees]
    # The first tariff also holds for days before its rows, the last without end.
    steps: Sequence[tuple[date, Tariff | None]] = [(_ALWAYS[0], known[0][1] if known else None), *known[1:]]
    for (first, tariff), (following, _) in pairwise([*steps, (_ALWAYS[1] + ONE_DAY, None)]):
        if tariff is not None or schedule is not None:
            choice = Choice(None, tariff, cancel, schedule, refund_fee)
            yield Agreed(group, first, following - ONE_DAY, (choice,))


def _tariff(period: FeePeriod) -> Tariff | None:
    tariff = period.ranges[0].tariff if period.holds else None
    # More than the amount itself is no contract's rate.
    return None if tariff is None or tariff.rate > MILLION else tariff


def _cancel(cancels: LearnedCancels | None) -> tuple[CancelFee, int]:
    if cancels is None or not cancels.holds or not cancels.candidates:
        return CancelFee.UNKNOWN, 0
    return _CANCELS[cancels.candidates[0]], cancels.refund_fee


def _schedule(terms: LearnedTerms) -> Schedule | None:
    """By days of transactions: a payout rule is first seen on a sold date, and holds for all sales of it."""
    cycles = [(one.first, one) for one in terms.cycles]
    payouts = [(_first_sale(cycles, one.first), one) for one in terms.payouts]
    found: list[tuple[date, Rules | None]] = []
    for day in sorted({day for day, _ in cycles} | {day for day, _ in payouts}):
        cycle, payout = _held(_on(cycles, day)), _held(_on(payouts, day))
        found.append((day, None if cycle is None or payout is None else Rules(cycle, payout)))
    return tuple(found) if any(rules for _, rules in found) else None


def _first_sale(cycles: Sequence[tuple[date, Period[Cycle]]], sold: date) -> date:
    cycle = _held(_on(cycles, sold))
    return sold if cycle is None else bucket_start(sold, cycle)


def _on(steps: Sequence[tuple[date, Period[C]]], day: date) -> Period[C] | None:
    """What was in force on a day; the first one also before it."""
    begun = [period for start, period in steps if start <= day]
    return begun[-1] if begun else next((period for _, period in steps), None)


def _held(period: Period[C] | None) -> C | None:
    """What more than half of its rows say."""
    return period.candidates[0] if period is not None and period.holds else None
