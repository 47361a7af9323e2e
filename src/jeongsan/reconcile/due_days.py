"""When money should come, by the merchant's own arithmetic: sales buckets, payout rules, and which rules can
explain a date that was seen.

Shares only the list of holidays with the gateway. Sources: the settlement guide (sold date) and payout tables
that Korean payment companies publish; partner settlement knows the three holiday policies.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_CLOSED_RUN_MAX = 366
# No contract is known that waits longer; a date further away is no rule's.
BUSINESS_DAYS_MAX = 60
CALENDAR_DAYS_MAX = 120
MONTHS_MAX = 12


class Cycle(StrEnum):
    """How long sales are gathered into one sold date."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Anchor(StrEnum):
    """Where business days are counted from when the sold date is closed: from that day itself, or from the
    open day it is first rolled forward to."""

    EXCLUSIVE = "exclusive"
    ROLL = "roll"


class Holiday(StrEnum):
    """What becomes of a day on which banks are closed: the open day after, the one before, or nothing."""

    AFTER = "after"
    BEFORE = "before"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Banks are closed on weekends and on these days (day → name). `opened` and `shut` are days taken for
    otherwise: as they were before a holiday was announced, or as a list does not have it yet."""

    closed: Mapping[date, str]
    opened: frozenset[date] = frozenset()
    shut: frozenset[date] = frozenset()

    def open(self, day: date) -> bool:
        """Whether it is a business day."""
        if day in self.opened:
            return True
        if day in self.shut:
            return False
        return day.weekday() < _SATURDAY and day not in self.closed

    def holiday(self, day: date) -> str | None:
        """The name of the holiday that closes a day that is no weekend."""
        return None if day.weekday() >= _SATURDAY or day in self.opened else self.closed.get(day)

    def forward(self, day: date) -> date:
        """The day itself, or the first open one after it. Raises ValueError when there is none for a year."""
        return self._rolled(day, ONE_DAY)

    def backward(self, day: date) -> date:
        """The day itself, or the last open one before it. Raises ValueError when there is none for a year."""
        return self._rolled(day, -ONE_DAY)

    def adjusted(self, day: date, policy: Holiday) -> date:
        """The day after the policy."""
        if policy is Holiday.IGNORE:
            return day
        return self.forward(day) if policy is Holiday.AFTER else self.backward(day)

    def _rolled(self, day: date, step: timedelta) -> date:
        for _ in range(_CLOSED_RUN_MAX):
            if self.open(day):
                return day
            day += step
        raise ValueError("the banks are closed for a year")


@dataclass(frozen=True, slots=True, order=True)
class BusinessDays:
    """The N-th business day after the sold date."""

    days: int
    anchor: Anchor


@dataclass(frozen=True, slots=True, order=True)
class CalendarDays:
    """N days after the sold date, whatever days they are, then the holiday policy."""

    days: int
    holiday: Holiday


@dataclass(frozen=True, slots=True, order=True)
class MonthEnd:
    """The last day of the sold date's month, or of M months later, then the holiday policy."""

    months: int
    holiday: Holiday


PayoutRule = BusinessDays | CalendarDays | MonthEnd


def bucket(day: date, cycle: Cycle) -> date:
    """The sold date of a day's sales: the day, the Sunday of its week, or the last day of its month."""
    if cycle is Cycle.DAILY:
        return day
    if cycle is Cycle.WEEKLY:
        return day + timedelta(days=7 - day.isoweekday())
    return month_end(day, 0)


def bucket_start(day: date, cycle: Cycle) -> date:
    """The first day whose sales are gathered into the same sold date."""
    if cycle is Cycle.DAILY:
        return day
    if cycle is Cycle.WEEKLY:
        return day - timedelta(days=day.isoweekday() - 1)
    return day.replace(day=1)


def month_end(day: date, months: int) -> date:
    """The last day of the month so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def due(rule: PayoutRule, sold: date, banks: OpenDays) -> date:
    """When the sales of a sold date are paid out."""
    if isinstance(rule, CalendarDays):
        return banks.adjusted(sold + timedelta(days=rule.days), rule.holiday)
    if isinstance(rule, MonthEnd):
        return banks.adjusted(month_end(sold, rule.months), rule.holiday)
    day = banks.forward(sold) if rule.anchor is Anchor.ROLL else sold
    for _ in range(rule.days):
        day = banks.forward(day + ONE_DAY)
    return day


def explanations(sold: date, paid: date, banks: OpenDays) -> frozenset[PayoutRule]:
    """Every rule that pays the sales of `sold` on `paid`."""
    if paid < sold - timedelta(days=_CLOSED_RUN_MAX) or paid > sold + timedelta(days=_CLOSED_RUN_MAX + 32):
        return frozenset()
    found: set[PayoutRule] = set(_business(sold, paid, banks))
    found |= set(_calendar(sold, paid, banks))
    for months in range(MONTHS_MAX + 1):
        end = month_end(sold, months)
        found |= {MonthEnd(months, one) for one in Holiday if banks.adjusted(end, one) == paid}
    return frozenset(found)


def _business(sold: date, paid: date, banks: OpenDays) -> Iterator[BusinessDays]:
    for anchor in Anchor:
        start = banks.forward(sold) if anchor is Anchor.ROLL else sold
        if paid < start or (paid > start and not banks.open(paid)):
            continue
        days = sum(banks.open(start + timedelta(days=n)) for n in range(1, (paid - start).days + 1))
        # No days after a closed day is that day itself, on which nobody pays.
        if days <= BUSINESS_DAYS_MAX and (days or banks.open(paid)):
            yield BusinessDays(days, anchor)


def _calendar(sold: date, paid: date, banks: OpenDays) -> Iterator[CalendarDays]:
    """Every day that the policy moves to `paid`."""
    for holiday in Holiday:
        day, step = paid, ONE_DAY if holiday is Holiday.BEFORE else -ONE_DAY
        while banks.adjusted(day, holiday) == paid:
            if 0 <= (day - sold).days <= CALENDAR_DAYS_MAX:
                yield CalendarDays((day - sold).days, holiday)
            day += step
