"""The days of a check and the sold dates of their rows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Cycle, bucket
from jeongsan.reconcile.period import PERIOD_DAYS_MAX, InvalidPeriod, Period


def test_a_period_knows_its_days() -> None:
    period = Period(date(2025, 2, 27), date(2025, 3, 1))
    assert [day.day for day in period.days()] == [27, 28, 1]
    assert period.widened() == Period(date(2025, 2, 26), date(2025, 3, 2))
    with pytest.raises(ValueError):
        Period(date(2025, 3, 1), date(2025, 2, 27))


def test_the_days_asked_for_are_a_leap_year_at_most_between_2000_and_2100() -> None:
    year = Period.asked("2024-01-01", "2024-12-31")
    assert len(list(year.days())) == PERIOD_DAYS_MAX
    assert year.widened() == Period(date(2023, 12, 31), date(2025, 1, 1))
    for day in ("2000-01-01", "2099-12-31"):
        assert len(list(Period.asked(day, day).widened().days())) == 3


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("0001-01-01", "2025-04-30", "from"),
        ("1999-12-31", "2000-01-01", "from"),
        ("2099-12-31", "2100-01-01", "to"),
        ("2025-04-01", "9999-12-31", "to"),
        ("2024-01-01", "2025-01-01", "to"),
        ("2025-04-02", "2025-04-01", "to"),
        ("2025-4-1", "2025-04-30", "from"),
        ("2025-04-01", "2025-04-31", "to"),
    ],
)
def test_days_that_cannot_be_checked_are_refused_by_their_field(first: str, last: str, field: str) -> None:
    with pytest.raises(InvalidPeriod) as refused:
        Period.asked(first, last)
    assert refused.value.field == field


@given(st.dates(date(2000, 1, 1), date(2099, 12, 1)))
def test_no_contract_puts_a_row_under_a_later_sold_date(day: date) -> None:
    """The gateway's own rule, which the merchant's side does not share, agrees."""
    assert Period(day, day).last_sold_date() == max(bucket(day, cycle) for cycle in Cycle)
