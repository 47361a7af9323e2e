"""Sales cycle and payout rule from days that were seen, and the named holidays that explain a few rows paid
as if the calendar were another.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from jeongsan.reconcile.due_days import (
    ONE_DAY,
    Anchor,
    BusinessDays,
    CalendarDays,
    Cycle,
    Holiday,
    OpenDays,
    PayoutRule,
    bucket,
    due,
    explanations,
)
from jeongsan.reconcile.effective_periods import Period, effective_periods, one_period

# (day, the date it led to): how many rows.
DatePairs = Mapping[tuple[date, date], int]

_LOOK_AHEAD_DAYS = 400
_HOLIDAY_PERIODS_MAX = 4
_EXPLAINED_SPAN_MAX = timedelta(days=60)
_WEEK = timedelta(days=7)
# A rule that was seen for a month is one; one bucket against less is a change.
_WEEKS_SEEN = 3 * _WEEK
_CYCLES = tuple(Cycle)
_ANCHORS = tuple(Anchor)
_HOLIDAYS = tuple(Holiday)


@dataclass(frozen=True, slots=True)
class Redated:
    """Rows whose payout date is as if the banks were open on a named holiday (it was announced late, or the
    row was made before), or, without a name, closed on a day that is on no list."""

    day: date
    name: str | None
    rows: int
    pairs: frozenset[tuple[date, date]]


def learn_cycle(pairs: DatePairs) -> tuple[Period[Cycle], ...]:
    """How sales are gathered, from (day of the transaction, sold date)."""
    votes: dict[date, Counter[frozenset[Cycle]]] = defaultdict(Counter)
    for (day, sold), rows in pairs.items():
        votes[day][frozenset(cycle for cycle in Cycle if bucket(day, cycle) == sold)] += rows
    return effective_periods(votes, _CYCLES.index)


def learn_payout(pairs: DatePairs, banks: OpenDays) -> tuple[Period[PayoutRule], ...]:
    """When sales are paid out, from (sold date, paid-out date)."""
    votes: dict[date, Counter[frozenset[PayoutRule]]] = defaultdict(Counter)
    for (sold, paid), rows in pairs.items():
        votes[sold][explanations(sold, paid, banks)] += rows
    periods = list(effective_periods(votes, usual_first))
    number = 0
    while number < len(periods):
        end = _back_after_a_holiday(pairs, periods, number, banks)
        if end is None:
            number += 1
        else:
            first, last = periods[number].first, periods[end].last
            periods[number : end + 1] = [one_period(votes, first, last, usual_first)]
    for edge, beside in ((-1, -2), (0, 1)):
        if len(periods) > 1 and _moved_at_the_edge(pairs, periods[edge], periods[beside], banks):
            first = min(periods[edge].first, periods[beside].first)
            joined = one_period(votes, first, max(periods[edge].last, periods[beside].last), usual_first)
            # A bucket of more rows than all others would say the rule.
            if joined.candidates[:1] == periods[beside].candidates[:1]:
                periods[beside] = joined
                del periods[edge]
    return tuple(periods)


def _back_after_a_holiday(
    pairs: DatePairs, periods: Sequence[Period[PayoutRule]], start: int, banks: OpenDays
) -> int | None:
    """The period in which the rule of `start` is back, if it also holds in between with one day more or less
    on which banks are open. A holiday can look like several short contracts."""
    rule = periods[start].candidates[:1]
    for end in range(start + 2, min(start + 2 + _HOLIDAY_PERIODS_MAX, len(periods))):
        if rule and periods[end].candidates[:1] == rule:
            first, last = periods[start + 1].first, periods[end - 1].last
            return end if _one_day_explains(pairs, rule[0], first, last, banks) else None
    return None


def _moved_at_the_edge(
    pairs: DatePairs, edge: Period[PayoutRule], beside: Period[PayoutRule], banks: OpenDays
) -> bool:
    """Whether the first or last period is one bucket, of a week or longer, in which the rule beside it holds
    but for one day: a date that was moved, as long as no second bucket says otherwise."""
    apart = max(edge.first - beside.last, beside.first - edge.last)
    if edge.first != edge.last or apart < _WEEK or beside.last - beside.first < _WEEKS_SEEN:
        return False
    rule = beside.candidates[:1]
    return bool(rule) and _one_day_explains(pairs, rule[0], edge.first, edge.last, banks)


def _one_day_explains(pairs: DatePairs, rule: PayoutRule, first: date, last: date, banks: OpenDays) -> bool:
    part = {one: rows for one, rows in pairs.items() if first <= one[0] <= last}
    days = redated(part, rule, banks)
    deviating = sum(rows for one, rows in part.items() if due(rule, one[0], banks) != one[1])
    return len(days) == 1 and days[0].rows == deviating


def usual_first(rule: PayoutRule) -> tuple[Any, ...]:
    """Business days before calendar days before month ends; the natural reading of each first."""
    if isinstance(rule, BusinessDays):
        return (0, _ANCHORS.index(rule.anchor), rule.days)
    if isinstance(rule, CalendarDays):
        return (1, _HOLIDAYS.index(rule.holiday), rule.days)
    return (2, _HOLIDAYS.index(rule.holiday), rule.months)


def redated(pairs: DatePairs, rule: PayoutRule, banks: OpenDays) -> tuple[Redated, ...]:
    """The days that explain rows which the rule does not, the one that explains the most first."""
    remaining = {one: rows for one, rows in pairs.items() if due(rule, one[0], banks) != one[1]}
    found: list[Redated] = []
    reasons = {one: frozenset(_other_calendars(*one, rule, banks)) for one in remaining}
    while True:
        tally = Counter[tuple[date, str | None]]()
        for one, rows in remaining.items():
            for reason in reasons[one]:
                tally[reason] += rows
        if not tally:
            return tuple(found)
        # A named holiday is evidence; a day on no list is a guess.
        best = min(tally, key=lambda one: (one[1] is None, -tally[one], one[0]))
        explained = frozenset(one for one in remaining if best in reasons[one])
        found.append(Redated(*best, tally[best], explained))
        remaining = {one: rows for one, rows in remaining.items() if one not in explained}


def _other_calendars(
    sold: date, paid: date, rule: PayoutRule, banks: OpenDays
) -> Iterator[tuple[date, str | None]]:
    last = max(paid, due(rule, sold, banks))
    if paid < sold or last - sold > _EXPLAINED_SPAN_MAX:
        return
    for number in range((last - sold).days + 1):
        day = sold + number * ONE_DAY
        name = banks.holiday(day)
        if name is not None and due(rule, sold, replace(banks, opened=frozenset({day}))) == paid:
            yield day, name
        elif banks.open(day) and due(rule, sold, replace(banks, shut=frozenset({day}))) == paid:
            yield day, None


def deciding_sale(rules: Sequence[PayoutRule], cycle: Cycle, after: date, banks: OpenDays) -> date | None:
    """The first day after one on which a sale would be paid on the most different dates by these rules; None
    when they never differ within a year."""
    best, told_apart = None, 1
    for number in range(1, _LOOK_AHEAD_DAYS):
        day = after + number * ONE_DAY
        different = len({due(rule, bucket(day, cycle), banks) for rule in rules})
        if different > told_apart:
            best, told_apart = day, different
        if different == len(rules):
            break
    return best
