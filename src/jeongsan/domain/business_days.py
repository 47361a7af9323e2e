"""Business days, sales buckets and payout dates, each with the steps that led there.

The holiday list is data handed in; this module knows only the arithmetic. Sources: the settlement
guide (soldDate, bucket) and payout tables published by Korean payment companies (Labour Day,
temporary holidays and election days are not business days).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WEEKEND = "주말"
_ONE_DAY = timedelta(days=1)
_SEARCH_DAYS_MAX = 366


class Cycle(StrEnum):
    """How long sales are gathered into one sold date."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Anchor(StrEnum):
    """Where counting starts when the sold date is no business day (assumed: EXCLUSIVE)."""

    EXCLUSIVE = "exclusive"
    ROLL = "roll"


@dataclass(frozen=True, slots=True)
class Step:
    """One calendar day of a count: its business-day number, or the reason it was passed over."""

    day: date
    number: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Non-business days beyond weekends, and dated overrides on top of them.

    `holidays`: day → name. `overrides`: day → name of a holiday, or None for "is a business day".
    """

    holidays: Mapping[date, str]
    overrides: Mapping[date, str | None]

    def reason_closed(self, day: date) -> str | None:
        """Why the banks are closed on this day; None on a business day."""
        if day in self.overrides:
            return self.overrides[day]
        if day in self.holidays:
            return self.holidays[day]
        return WEEKEND if day.weekday() >= 5 else None


def bucket(settle_day: date, cycle: Cycle) -> date:
    """The sold date: the day itself, the Sunday of its week, or the last day of its month."""
    if cycle is Cycle.DAILY:
        return settle_day
    if cycle is Cycle.WEEKLY:
        return settle_day + timedelta(days=6 - settle_day.weekday())
    following = (settle_day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - _ONE_DAY


def payout_date(
    sold_date: date, *, business_days: int, anchor: Anchor, calendar: Calendar
) -> tuple[date, tuple[Step, ...]]:
    """The N-th business day after the sold date, and every day looked at on the way.

    With Anchor.ROLL the sold date is first rolled forward to a business day (step number 0).
    Raises ValueError for a negative N or a calendar without a business day for a year.
    """
    if business_days < 0:
        raise ValueError("business_days must not be negative")
    steps: list[Step] = []
    day = sold_date
    if anchor is Anchor.ROLL:
        while (reason := calendar.reason_closed(day)) is not None:
            steps.append(Step(day, None, reason))
            day += _ONE_DAY
            _check_search(sold_date, day, business_days)
        if day != sold_date:
            steps.append(Step(day, 0, None))
    number = 0
    while number < business_days:
        day += _ONE_DAY
        _check_search(sold_date, day, business_days)
        reason = calendar.reason_closed(day)
        number += reason is None
        steps.append(Step(day, number if reason is None else None, reason))
    return day, tuple(steps)


def _check_search(start: date, day: date, business_days: int) -> None:
    if (day - start).days > _SEARCH_DAYS_MAX + 7 * business_days:
        raise ValueError("the calendar has no business day for a year")
