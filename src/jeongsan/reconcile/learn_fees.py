"""Rate, fixed fee and rounding from charges that were seen: every charge allows an interval of rates, and the
contract lies where the most intervals meet. Exact on integers.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from jeongsan.reconcile.effective_periods import CHANGE_COST, effective_periods
from jeongsan.reconcile.fee_rates import (
    Rounding,
    Tariff,
    decimals_of,
    fixed_fee,
    plainest,
    rates_by,
    rates_of_decimals,
    simplest_rates,
)

# (day of the approval, amount above zero, fee): how many rows.
Charges = Mapping[tuple[date, int, int], int]
Interval = tuple[date, int, int, int]

# Which kind of contract it is shows in so many charges; the figures are then learned from all of them.
SAMPLE_MAX = 4_000
_RATES_MAX = 8
_WINDOWS_MAX = 4
_FIXED_TRIED_MAX = 4
_CHUNK = 32
_INTERCEPT_ERROR = 4
# Real contracts quote two decimals at most.
_USUAL_DECIMALS = 2
_ROUNDINGS = tuple(Rounding)


@dataclass(frozen=True, slots=True)
class TariffRange:
    """One kind of tariff with all rates from `low` to `high`, which make the same fees of the rows seen."""

    rounding: Rounding
    fixed: int
    low: int
    high: int

    @property
    def rate(self) -> int:
        """The rate that needs the fewest decimals."""
        return simplest_rates(self.low, self.high)[0]

    @property
    def tariff(self) -> Tariff:
        """The tariff at that rate."""
        return Tariff(self.rate, self.fixed, self.rounding)

    @property
    def usual_rates(self) -> range:
        """The rates a contract could quote: with two decimals, or if there is none with the fewest."""
        return rates_of_decimals(self.low, self.high, max(_USUAL_DECIMALS, decimals_of(self.rate)))

    def has(self, tariff: Tariff) -> bool:
        """Whether a tariff is among them."""
        kind = (tariff.rounding, tariff.fixed) == (self.rounding, self.fixed)
        return kind and self.low <= tariff.rate <= self.high


@dataclass(frozen=True, slots=True)
class FeePeriod:
    """Approvals from `first` to `last`: `agree` of `rows` fit every one of `ranges`, the likeliest first."""

    first: date
    last: date
    rows: int
    agree: int
    ranges: tuple[TariffRange, ...]

    @property
    def holds(self) -> bool:
        """Whether more than half of the rows say so; less is no rule."""
        return 2 * self.agree > self.rows


@dataclass(frozen=True, slots=True)
class _Kind:
    rounding: Rounding
    fixed: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A kind of tariff, the first days of its periods, and what it leaves unexplained."""

    kind: _Kind
    starts: tuple[date, ...]
    cost: int
    intervals: Sequence[Interval]


def learn_fees(charges: Charges) -> tuple[FeePeriod, ...]:
    """The periods of the tariff; none without charges of an amount above zero."""
    usable = sorted((key, rows) for key, rows in charges.items() if key[1] > 0)
    if not usable:
        return ()
    sample = usable[:: -(-len(usable) // SAMPLE_MAX)]
    plans = _cheapest(_plan(kind, sample) for kind in _kinds(sample))
    if len(sample) < len(usable):
        plans = _cheapest(_plan(plan.kind, usable) for plan in plans)
    likeliest = min(plans, key=lambda plan: (len(plan.starts), _unlikely(plan.kind)))
    return tuple(_periods(likeliest.starts, sorted(plans, key=lambda plan: _unlikely(plan.kind))))


def deciding_amount(tariffs: Sequence[Tariff]) -> int | None:
    """The smallest usual amount of which these tariffs make the most different fees; None when no amount
    tells any two apart."""
    best, told_apart = None, 1
    for amount in (*range(100, 100_000, 10), *range(100_000, 10_000_000, 10_000)):
        different = len({tariff.fee(amount) for tariff in tariffs})
        if different > told_apart:
            best, told_apart = amount, different
        if different == len(tariffs):
            break
    return best


def _cheapest(plans: Iterable[_Plan]) -> list[_Plan]:
    found = list(plans)
    least = min(plan.cost for plan in found)
    return [plan for plan in found if plan.cost == least]


def _kinds(charges: Sequence[tuple[tuple[date, int, int], int]]) -> list[_Kind]:
    """The kinds of tariff worth a try. A fixed fee is one only where rates alone leave something open."""
    plain = [_Kind(rounding, 0) for rounding in _ROUNDINGS]
    amounts = {amount for (_, amount, _), _ in charges}
    unexplained = min(_plan(kind, charges).cost for kind in plain)
    if not unexplained and len(amounts) > 1:
        return plain
    seen = Counter[int]()
    for (_, _, fee), rows in charges:
        seen[fee] += rows
    commonest = min(seen, key=lambda fee: (-seen[fee], fee))
    alone = [(rounding, fixed_fee(commonest, rounding)) for rounding in _ROUNDINGS if commonest > 0]
    kinds = plain + [_Kind(rounding, fixed) for rounding, fixed in alone if fixed is not None]
    if unexplained and len(amounts) > 2:
        kinds += [_Kind(one, fixed) for one in _ROUNDINGS for fixed in _intercepts(charges, one)]
    return list(dict.fromkeys(kinds))


def _intercepts(charges: Sequence[tuple[tuple[date, int, int], int]], rounding: Rounding) -> list[int]:
    """The fixed fees at which most lines through a small and a large amount of about the same days meet the
    amount zero."""
    votes = Counter[int]()
    for start in range(0, len(charges), _CHUNK):
        by_amount = sorted(key[1:] for key, _ in charges[start : start + _CHUNK])
        half = len(by_amount) // 2
        for (small, low), (large, high) in zip(by_amount[:half], reversed(by_amount), strict=False):
            if large >= 2 * small:
                at_zero = (low * large - high * small) * (10 if rounding.vat_included else 1)
                per = (large - small) * (10 if rounding.vat_included else 11)
                middle = at_zero // per if rounding.vat_included else at_zero * 10 // per
                votes.update(range(middle - _INTERCEPT_ERROR, middle + _INTERCEPT_ERROR + 1))
    likely = sorted((one for one in votes if one > 0), key=lambda one: (-votes[one], *_roundness(one)))
    round_ones = [one for one in likely if one % 10 == 0 and 2 * votes[one] >= votes[likely[0]]]
    return list(dict.fromkeys(round_ones[:_FIXED_TRIED_MAX] + likely[:_FIXED_TRIED_MAX]))


def _roundness(fixed: int) -> tuple[int, int]:
    """Rounder figures first, then smaller ones."""
    return (sum(fixed % step != 0 for step in (10, 50, 100)), fixed)


def _unlikely(kind: _Kind) -> tuple[int, ...]:
    return (kind.rounding.half_up, *_roundness(kind.fixed), _ROUNDINGS.index(kind.rounding))


def _plan(kind: _Kind, charges: Sequence[tuple[tuple[date, int, int], int]]) -> _Plan:
    by = rates_by(kind.rounding, kind.fixed)
    intervals = [(day, *by(amount, fee), rows) for (day, amount, fee), rows in charges]
    leading = _leading_rates(intervals)
    total = sum(rows for _, rows in charges)
    if len(leading) < 2:
        agree = sum(rows for _, low, high, rows in intervals if leading and low <= leading[0] <= high)
        return _Plan(kind, (charges[0][0][0],), total - agree + _complexity(kind, leading), intervals)
    votes: dict[date, Counter[frozenset[int]]] = defaultdict(Counter)
    for day, low, high, rows in intervals:
        votes[day][frozenset(one for one in leading if low <= one <= high)] += rows
    periods = effective_periods(votes, lambda one: (decimals_of(one), one))
    cost = total - sum(one.agree for one in periods) + CHANGE_COST * (len(periods) - 1)
    starts = tuple(one.first for one in periods)
    return _Plan(kind, starts, cost + _complexity(kind, leading), intervals)


def _complexity(kind: _Kind, leading: Sequence[int]) -> int:
    """A fixed fee beside a rate has to explain as much as a change of terms."""
    return CHANGE_COST if kind.fixed and any(leading) else 0


def _leading_rates(intervals: Sequence[Interval]) -> list[int]:
    """The rate that fits the most charges, the one that fits the most of the rest, …"""
    leading: list[int] = []
    remaining = [one for one in intervals if one[1] <= one[2]]
    while remaining and len(leading) < _RATES_MAX:
        agree, windows = _densest(remaining)
        if leading and agree <= CHANGE_COST:
            break
        best = min(
            (simplest_rates(*window)[0] for window in windows), key=lambda one: (decimals_of(one), one)
        )
        leading.append(best)
        remaining = [one for one in remaining if not one[1] <= best <= one[2]]
    return leading


def _densest(intervals: Sequence[Interval]) -> tuple[int, list[tuple[int, int]]]:
    """(rows, the ranges of rates that so many rows allow): the most rows there are. Where nearly all agree,
    no sorting of everything is needed."""
    low, high = max(one[1] for one in intervals), min(one[2] for one in intervals)
    if low <= high:
        return sum(one[3] for one in intervals), [(low, high)]
    windows: list[tuple[int, int]] = [(0, max(one[2] for one in intervals))]
    if len(intervals) > SAMPLE_MAX:
        step = -(-len(intervals) // SAMPLE_MAX)
        windows = _swept(intervals[::step], windows[0])[1]
    counted = [_swept(intervals, window) for window in windows[:_WINDOWS_MAX]]
    most = max(agree for agree, _ in counted)
    return most, [one for agree, found in counted if agree == most for one in found]


def _swept(intervals: Iterable[Interval], window: tuple[int, int]) -> tuple[int, list[tuple[int, int]]]:
    """The same inside a window. Charges that allow all of it are only counted."""
    first, last = window
    everywhere = 0
    changes: dict[int, int] = defaultdict(int)
    for _, low, high, rows in intervals:
        if low <= first and high >= last:
            everywhere += rows
        elif low <= last and high >= first:
            changes[max(low, first)] += rows
            changes[high + 1] -= rows
    points = sorted({first, *(one for one in changes if one <= last), last + 1})
    now = most = 0
    found: list[tuple[int, int]] = []
    for point, following in pairwise(points):
        now += changes.get(point, 0)
        if now > most:
            most, found = now, []
        if now == most:
            found.append((point, following - 1))
    return everywhere + most, found


def _periods(starts: Sequence[date], plans: Sequence[_Plan]) -> Iterator[FeePeriod]:
    """Each period with all rates of all kinds that fit its rows equally well."""
    for start, following in zip(starts, [*starts[1:], date.max], strict=True):
        first, last = (bisect_left(plans[0].intervals, day, key=_day) for day in (start, following))
        parts = [(plan.kind, plan.intervals[first:last]) for plan in plans]
        found = [(kind, *_fitting(part)) for kind, part in parts]
        agree = max(rows for _, rows, _ in found)
        ranges = [
            TariffRange(kind.rounding, kind.fixed, *window)
            for kind, rows, windows in found
            if rows == agree
            for window in windows
        ]
        rows = sum(one[3] for one in parts[0][1])
        likeliest = tuple(_different(sorted(ranges, key=_rank))) if agree else ()
        yield FeePeriod(_day(parts[0][1][0]), _day(parts[0][1][-1]), rows, agree, likeliest)


def _day(interval: Interval) -> date:
    return interval[0]


def _fitting(intervals: Sequence[Interval]) -> tuple[int, list[tuple[int, int]]]:
    usable = [one for one in intervals if one[1] <= one[2]]
    return _densest(usable) if usable else (0, [])


def _different(ranges: Iterable[TariffRange]) -> Iterator[TariffRange]:
    """Without those that are earlier ones in other words."""
    seen: set[Tariff] = set()
    for one in ranges:
        words = {plainest(Tariff(rate, one.fixed, one.rounding)) for rate in one.usual_rates}
        if not words <= seen:
            yield one
        seen |= words


def _rank(one: TariffRange) -> tuple[Any, ...]:
    """Usual contracts first: a rate of two decimals, no fixed fee, a round one, fractions cut."""
    rare = decimals_of(one.rate) > _USUAL_DECIMALS
    return (rare, *_unlikely(_Kind(one.rounding, one.fixed)), decimals_of(one.rate), one.low)
