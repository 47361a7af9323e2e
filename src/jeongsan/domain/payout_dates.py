"""Payout dates: the rule of a contract, the date it leads to, and every day looked at on the way.

Sources: the settlement guide and live rows (business days after the sold date), payout tables of other
Korean companies, a partner settlement product (calendar days with three holiday policies, month ends).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from jeongsan.domain.business_days import Calendar, Counted, Step, last_of_month

COUNT_MAX = 60
_ONE_DAY = timedelta(days=1)
_SEARCH_DAYS_MAX = 366


class Anchor(StrEnum):
    """Where counting business days starts when the sold date is none (assumed: EXCLUSIVE)."""

    EXCLUSIVE = "exclusive"
    ROLL = "roll"


class HolidayPolicy(StrEnum):
    """Where a calendar date goes on which the banks are closed (assumed: AFTER)."""

    BEFORE = "before"
    AFTER = "after"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class PayoutRule:
    """`count` business days after the sold date, or calendar days, or ends of months after the sold date's.

    `anchor` is for business days, `holiday` for the other two. At least one, so that every row of a payout
    is closed before the payout is due.
    """

    counted: Counted = Counted.BUSINESS_DAYS
    count: int = 1
    anchor: Anchor = Anchor.EXCLUSIVE
    holiday: HolidayPolicy = HolidayPolicy.AFTER

    @property
    def words(self) -> str:
        """`D+4`, `D+2 calendar days`, `M+2`."""
        if self.counted is Counted.MONTH_ENDS:
            return f"M+{self.count}"
        return f"D+{self.count}" + (" calendar days" if self.counted is Counted.CALENDAR_DAYS else "")


@dataclass(slots=True)
class _Walk:
    """The days looked at. Raises ValueError when the banks never open, or after the year 9999."""

    calendar: Calendar
    day: date
    steps: list[Step] = field(default_factory=list)
    closed_days: int = 0

    def closed(self) -> str | None:
        return self.calendar.reason_closed(self.day)

    def go(self, step: timedelta) -> None:
        self.day += step

    def passed_over(self, reason: str) -> None:
        self.closed_days += 1
        if self.closed_days > _SEARCH_DAYS_MAX:
            raise ValueError("the calendar has no business day for a year")
        self.steps.append(Step(self.day, None, reason))

    def roll(self, step: timedelta) -> None:
        """On to a day on which the banks are open."""
        while (reason := self.closed()) is not None:
            self.passed_over(reason)
            self.go(step)

    def landed(self, number: int, counted: Counted) -> None:
        self.steps.append(Step(self.day, number, None, counted))


def payout_date(sold_date: date, rule: PayoutRule, calendar: Calendar) -> tuple[date, tuple[Step, ...]]:
    """The payout date of a sold date, and the steps to it. It always lies after the sold date.

    Raises ValueError for a negative count or a calendar without a business day for a year.
    """
    if rule.count < 0:
        raise ValueError("a payout date is not counted backwards")
    walk = _Walk(calendar, sold_date)
    if rule.counted is Counted.BUSINESS_DAYS:
        _count_business_days(walk, rule)
    else:
        _count_dates(walk, rule)
    return walk.day, tuple(walk.steps)


def _count_business_days(walk: _Walk, rule: PayoutRule) -> None:
    if rule.anchor is Anchor.ROLL:
        walk.roll(_ONE_DAY)
        if walk.steps:
            walk.landed(0, rule.counted)
    number = 0
    while number < rule.count:
        walk.go(_ONE_DAY)
        reason = walk.closed()
        if reason is not None:
            walk.passed_over(reason)
            continue
        # A year without any business day, not a long count, is what is wrong with a calendar.
        walk.closed_days = 0
        number += 1
        walk.landed(number, rule.counted)


def _count_dates(walk: _Walk, rule: PayoutRule) -> None:
    sold_date = walk.day
    for number, day in _dates(sold_date, rule):
        walk.day = day
        if number < rule.count:
            walk.landed(number, rule.counted)
    if rule.holiday is HolidayPolicy.IGNORE or walk.closed() is None:
        walk.landed(rule.count, rule.counted)
        return
    named, counted = walk.day, len(walk.steps)
    if rule.holiday is HolidayPolicy.BEFORE:
        walk.roll(-_ONE_DAY)
        if walk.day <= sold_date:
            # Up to the sold date nothing is closed yet: the next day after the named one is the nearest.
            walk.day = named
            del walk.steps[counted:]
    walk.roll(_ONE_DAY)
    walk.landed(rule.count, rule.counted)


def _dates(sold_date: date, rule: PayoutRule) -> Iterator[tuple[int, date]]:
    """(number, day) of every date counted, from the sold date on."""
    day = sold_date
    for number in range(1, rule.count + 1):
        if rule.counted is Counted.CALENDAR_DAYS:
            day += _ONE_DAY
        else:
            day = last_of_month(last_of_month(day) + _ONE_DAY)
        yield number, day
