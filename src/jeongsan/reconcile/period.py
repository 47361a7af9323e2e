"""The days a check is about, and the sold dates under which their settlement rows can stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jeongsan.client.moments import END, FIRST, day_of, kst_day

ONE_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7
# Every day is a request, and what was found is held until the report is written: a leap year at a time.
PERIOD_DAYS_MAX = 366


class InvalidPeriod(ValueError):
    """Days that cannot be checked. `field` is "from" or "to"."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Period:
    """Korean calendar days, both included; `last` is not before `first`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day lies before the first")

    @classmethod
    def asked(cls, first: str, last: str) -> "Period":
        """The period of two `yyyy-MM-dd` that somebody wrote. Raises InvalidPeriod for anything else, days
        outside of 2000 to 2100, a last day before the first, and more than PERIOD_DAYS_MAX days."""
        start, end = _day("from", first), _day("to", last)
        if end < start:
            raise InvalidPeriod("to", "lies before the first day")
        if (end - start).days >= PERIOD_DAYS_MAX:
            raise InvalidPeriod("to", f"lies too late: at most {PERIOD_DAYS_MAX} days are checked at a time")
        return cls(start, end)

    def has(self, moment: datetime) -> bool:
        """Whether a moment lies in it, by its day in Seoul."""
        return self.first <= kst_day(moment) <= self.last

    def days(self) -> Iterator[date]:
        """Its days in order."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def widened(self) -> "Period":
        """With the day before and the day after: two clocks may see midnight differently."""
        return Period(self.first - ONE_DAY, self.last + ONE_DAY)

    def last_sold_date(self) -> date:
        """The last sold date a transaction of the period can have.

        Daily: its day; weekly: the Sunday of its week; monthly: the last day of its month. The contract is
        not known here, so it is the latest of the three.
        """
        sunday = self.last + timedelta(days=-self.last.isoweekday() % _DAYS_OF_A_WEEK)
        next_month = date(self.last.year + self.last.month // 12, self.last.month % 12 + 1, 1)
        return max(sunday, next_month - ONE_DAY)


def _day(field: str, text: str) -> date:
    try:
        day = day_of(text)
    except ValueError as error:
        raise InvalidPeriod(field, f"is a day like 2025-04-25: {error}") from error
    if not FIRST.date() <= day < END.date():
        raise InvalidPeriod(field, "is not between 2000 and 2100")
    return day
