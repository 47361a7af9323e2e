"""Which unpaid rows a calendar moves to another paid-out date, and to which.

Sources: settlement notices of Korean payment companies (a payout on a temporary holiday is made on the next
business day). That rows which can be read already move is assumed: no recording shows such a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.payout_dates import HolidayPolicy, PayoutRule
from jeongsan.domain.settlement import payout_of
from jeongsan.domain.terms import Terms

CALENDAR_CAUSE = "calendar"
_ONE_DAY = timedelta(days=1)


class Scope(StrEnum):
    """VERSION: rows whose due date this version of the calendar changed. ALL: every row that is not where the
    calendar in force puts it."""

    VERSION = "version"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Placing:
    """All that a row's paid-out date depends on. `day`: the stored date. `placed`: something else than a
    calendar has put the row there (a hold), so its contract no longer counts, only whether banks are open."""

    shop_id: int
    day: date
    settle_day: date
    terms_id: int
    placed: bool


@dataclass(frozen=True, slots=True)
class UnpaidRows:
    """Rows with the same placing and currency: how many, and their sums in minor units."""

    placing: Placing
    currency: str
    count: int
    amount: int
    pay_out_amount: int


@dataclass(frozen=True, slots=True)
class Dating:
    """`calendar`: in force; `before`: the one it replaced, None to look at every row; `as_of`: Korean day."""

    calendar: Calendar
    before: Calendar | None
    as_of: date

    def new_date(self, placing: Placing, terms: Terms) -> date:
        """Where rows belong, which may be where they are. Raises ValueError without any business day.

        What is due by now can be paid on the next business day at the earliest (assumed); a row that waits
        for an earlier or the same open day stays there."""
        day = placing.day
        due = self._due(placing, terms, self.calendar)
        if due == day or (self.before is not None and due == self._due(placing, terms, self.before)):
            return day
        if due > self.as_of:
            return due
        nearest = _open_from(self.as_of + _ONE_DAY, self.calendar)
        return day if day <= nearest and self.calendar.reason_closed(day) is None else nearest

    def adjusted_date(self, day: date, rule: PayoutRule) -> date:
        """Where unpaid adjustments of a day go; `rule`: the shop's for cards, by which their day was counted.
        They leave a day that this calendar closed for the next business day to come. Where the rule pays on
        closed days too they stay."""
        was_open = self.before is None or self.before.reason_closed(day) is None
        if rule.holiday is HolidayPolicy.IGNORE or not was_open or self.calendar.reason_closed(day) is None:
            return day
        return _open_from(max(day, self.as_of + _ONE_DAY), self.calendar)

    @staticmethod
    def _due(placing: Placing, terms: Terms, calendar: Calendar) -> date:
        if placing.placed:
            return _open_from(placing.day, calendar)
        return payout_of(placing.settle_day, terms.conditions, calendar)[0]


def _open_from(day: date, calendar: Calendar) -> date:
    while calendar.reason_closed(day) is not None:
        day += _ONE_DAY
    return day


def plan(
    unpaid: Iterable[UnpaidRows], terms: Mapping[int, Terms], dating: Dating
) -> list[tuple[UnpaidRows, date]]:
    """The rows that move, each with its new date, by stored date and shop."""
    planned = [(rows, dating.new_date(rows.placing, terms[rows.placing.terms_id])) for rows in unpaid]
    moving = [(rows, to) for rows, to in planned if to != rows.placing.day]
    return sorted(moving, key=lambda one: (one[0].placing.day, one[0].placing.shop_id, one[1]))
