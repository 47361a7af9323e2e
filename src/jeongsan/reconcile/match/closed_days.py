"""The days on which Korean banks are closed, for the rules."""

from collections.abc import Iterator
from datetime import date, timedelta

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import OpenDays

# Days that nobody means occur in files (0001-01-01, 9999-12-31); no calendar knows their holidays.
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def closed_days(years: set[int]) -> list[date]:
    """Weekends and bank holidays of these years, and of the years before and after them, in order."""
    banks = OpenDays(korean_holidays())
    known = {year for year in years if _FIRST_YEAR <= year <= _LAST_YEAR}
    return [
        day
        for year in sorted({near for one in known for near in (one - 1, one, one + 1)})
        for day in _days_of(year)
        if not banks.open(day)
    ]


def _days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
