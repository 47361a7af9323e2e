"""The days a check is about, and the sold dates under which their settlement rows can stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jeongsan.client.moments import kst_day

ONE_DAY = timedelta(days=1)
_DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Period:
    """Korean calendar days, both included; `last` is not before `first`."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day lies before the first")

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
