"""The days of a check and the sold dates of their rows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Cycle, bucket
from jeongsan.reconcile.period import Period


def test_a_period_knows_its_days() -> None:
    period = Period(date(2025, 2, 27), date(2025, 3, 1))
    assert [day.day for day in period.days()] == [27, 28, 1]
    assert period.widened() == Period(date(2025, 2, 26), date(2025, 3, 2))
    with pytest.raises(ValueError):
        Period(date(2025, 3, 1), date(2025, 2, 27))


@given(st.dates(date(2000, 1, 1), date(2099, 12, 1)))
def test_no_contract_puts_a_row_under_a_later_sold_date(day: date) -> None:
    """The gateway's own rule, which the merchant's side does not share, agrees."""
    assert Period(day, day).last_sold_date() == max(bucket(day, cycle) for cycle in Cycle)
