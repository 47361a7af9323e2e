"""Sales buckets: around year ends and leap days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Cycle, bucket

ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "weekly", "monthly"),
    [
        ("2025-12-29", "2026-01-04", "2025-12-31"),
        ("2025-12-31", "2026-01-04", "2025-12-31"),
        ("2026-01-01", "2026-01-04", "2026-01-31"),
        ("2026-01-04", "2026-01-04", "2026-01-31"),
        ("2026-01-05", "2026-01-11", "2026-01-31"),
        ("2024-02-26", "2024-03-03", "2024-02-29"),
        ("2024-02-29", "2024-03-03", "2024-02-29"),
        ("2025-02-28", "2025-03-02", "2025-02-28"),
        ("2000-02-01", "2000-02-06", "2000-02-29"),
        ("2100-02-01", "2100-02-07", "2100-02-28"),
        ("2025-01-31", "2025-02-02", "2025-01-31"),
        ("2025-04-30", "2025-05-04", "2025-04-30"),
    ],
)
def test_buckets_across_year_ends_and_leap_days(day: str, weekly: str, monthly: str) -> None:
    settle_day = date.fromisoformat(day)
    assert bucket(settle_day, Cycle.DAILY) == settle_day
    assert bucket(settle_day, Cycle.WEEKLY) == date.fromisoformat(weekly)
    assert bucket(settle_day, Cycle.MONTHLY) == date.fromisoformat(monthly)


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)))
def test_a_bucket_ends_its_own_week_or_month(day: date) -> None:
    sunday, last = bucket(day, Cycle.WEEKLY), bucket(day, Cycle.MONTHLY)
    assert sunday.weekday() == 6
    assert timedelta() <= sunday - day < timedelta(days=7)
    assert (last.year, last.month) == (day.year, day.month)
    assert (last + ONE_DAY).day == 1
    for cycle in Cycle:
        assert bucket(bucket(day, cycle), cycle) == bucket(day, cycle)
