"""Which days are read, and from when a day changes no more."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.client.moments import KST
from jeongsan.fetch.slices import Seen, Slice, What, is_final, slices_of
from jeongsan.reconcile.period import Period

DAY = date(2025, 4, 25)
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KST)


@given(first=DAYS, length=st.integers(0, 60), today=DAYS)
def test_every_day_of_the_period_is_read_once_and_in_order(first: date, length: int, today: date) -> None:
    period = Period(first, first + timedelta(days=length))
    found = list(slices_of(period, What, today))
    assert found == sorted(set(found), key=lambda one: (one.what is What.SETTLEMENTS, one.day))
    days = {what: [one.day for one in found if one.what is what] for what in What}
    assert days[What.TRANSACTIONS] == [day for day in period.days() if day <= today]
    assert days[What.SETTLEMENTS][: length + 1] == list(period.days())
    last = days[What.SETTLEMENTS][-1]
    # The Sunday of the last week and the last day of the last month are in it.
    assert last >= period.last + timedelta(days=6 - period.last.weekday())
    assert (last + timedelta(days=1)).month != period.last.month


@pytest.mark.parametrize(
    ("now", "final"),
    [
        ("2025-04-25T23:59:59", False),
        ("2025-04-26T00:00:00", False),
        ("2025-04-26T23:59:59", False),
        ("2025-04-27T00:00:00", True),
        ("2025-05-26T00:00:00", True),
    ],
)
def test_a_day_of_transactions_is_final_a_day_after_it(now: str, final: bool) -> None:
    """A run of the next day reads it once more, for what was late."""
    assert is_final(Slice(What.TRANSACTIONS, DAY), Seen(), at(now)) is final


@pytest.mark.parametrize(
    ("seen", "now", "final"),
    [
        (Seen(), "2025-04-26T23:59:59", False),
        (Seen(), "2025-04-27T00:00:00", True),
        (Seen(unpaid=1), "2025-05-27T00:00:00", False),
        (Seen(empty_reason="NONE"), "2025-04-27T00:00:00", True),
        (Seen(empty_reason="NOT_CLOSED; readable=2025-04-28"), "2025-04-27T00:00:00", False),
    ],
)
def test_a_sold_date_is_final_when_its_rows_are_listed_and_paid_out(
    seen: Seen, now: str, final: bool
) -> None:
    assert is_final(Slice(What.SETTLEMENTS, DAY), seen, at(now)) is final
