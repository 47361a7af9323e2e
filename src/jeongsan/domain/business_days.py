"""Business days and sales buckets. Payout dates are in `domain.payout_dates`.

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


class Cycle(StrEnum):
    """How long sales are gathered into one sold date."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Counted(StrEnum):
    """What is counted from a sold date to its payout."""

    BUSINESS_DAYS = "business-days"
    CALENDAR_DAYS = "calendar-days"
    MONTH_ENDS = "month-ends"


@dataclass(frozen=True, slots=True)
class Step:
    """One calendar day of a count: its number, or the reason it was passed over."""

    day: date
    number: int | None
    reason: str | None
    counted: Counted = Counted.BUSINESS_DAYS


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
    return last_of_month(settle_day)


def last_of_month(day: date) -> date:
    """The last day of the day's month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - _ONE_DAY
