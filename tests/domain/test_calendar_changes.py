"""What a version of the calendar may say."""

from datetime import date, timedelta

import pytest

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.calendar_changes import CLOSED_IN_A_ROW_MAX, InvalidChange, check_change, check_opens


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2100, 12, 31), date(2025, 6, 7)])
@pytest.mark.parametrize("name", ["임시공휴일", None, "x" * 100])
def test_a_day_of_these_centuries_may_be_a_holiday_or_be_worked(day: date, name: str | None) -> None:
    check_change(day, name)


@pytest.mark.parametrize(
    ("day", "name", "field"),
    [
        (date(1999, 12, 31), "x", "day"),
        (date(2101, 1, 1), None, "day"),
        (date(2025, 6, 3), "", "name"),
        (date(2025, 6, 3), " \t", "name"),
        (date(2025, 6, 3), "x" * 101, "name"),
        (date(2025, 6, 3), "선거\n일", "name"),
    ],
    ids=str,
)
def test_a_change_that_cannot_be_meant_is_refused_by_its_field(
    day: date, name: str | None, field: str
) -> None:
    with pytest.raises(InvalidChange) as refused:
        check_change(day, name)
    assert refused.value.field == field


def test_a_calendar_that_never_opens_is_refused_and_a_long_holiday_is_not() -> None:
    first = date(2025, 3, 3)
    for length, refused in ((CLOSED_IN_A_ROW_MAX, False), (CLOSED_IN_A_ROW_MAX + 10, True)):
        changes: dict[date, str | None] = {first + timedelta(days=n): "닫음" for n in range(length - 2)}
        calendar = Calendar({}, changes)
        if refused:
            with pytest.raises(InvalidChange, match="from 2025-03-03 on the banks are closed"):
                check_opens(changes, calendar)
        else:
            check_opens(changes, calendar)
