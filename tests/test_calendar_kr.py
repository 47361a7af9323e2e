"""The Korean bank calendar: the facts of each year that payout dates depend on."""

from datetime import date

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.calendar_kr import SOURCE, korean_holidays

KOREA = korean_calendar({})
ENGLISH = korean_calendar({}, "en")

# All weekdays on which banks are closed, by year.
CLOSED_WEEKDAYS = {
    2012: "01-23 01-24 03-01 04-11 05-01 05-28 06-06 08-15 10-01 10-03 12-19 12-25",
    2015: "01-01 02-18 02-19 02-20 05-01 05-05 05-25 08-14 09-28 09-29 10-09 12-25",
    2017: "01-27 01-30 03-01 05-01 05-03 05-05 05-09 06-06 08-15 10-02 10-03 10-04 10-05 10-06 10-09 12-25",
    2022: "01-31 02-01 02-02 03-01 03-09 05-05 06-01 06-06 08-15 09-09 09-12 10-03 10-10",
    2024: "01-01 02-09 02-12 03-01 04-10 05-01 05-06 05-15 06-06 08-15 09-16 09-17 09-18 10-01 10-03 10-09"
    " 12-25",
    2025: "01-01 01-27 01-28 01-29 01-30 03-03 05-01 05-05 05-06 06-03 06-06 08-15 10-03 10-06 10-07 10-08"
    " 10-09 12-25",
    2026: "01-01 02-16 02-17 02-18 03-02 05-01 05-05 05-25 06-03 07-17 08-17 09-24 09-25 10-05 10-09 12-25",
}


@pytest.mark.parametrize("year", sorted(CLOSED_WEEKDAYS))
def test_exactly_these_weekdays_of_a_year_are_closed(year: int) -> None:
    first = date(year, 1, 1).toordinal()
    days = [date.fromordinal(first + n) for n in range(366)]
    closed = [
        day.isoformat()[5:]
        for day in days
        if day.year == year and day.weekday() < 5 and KOREA.reason_closed(day) is not None
    ]
    assert closed == CLOSED_WEEKDAYS[year].split()


@pytest.mark.parametrize(
    ("day", "korean"),
    [
        ("2025-05-01", "근로자의 날"),
        ("2026-05-01", "노동절"),
        ("2025-05-05", "부처님오신날; 어린이날"),
        ("2025-06-03", "대통령 선거일"),
        ("2026-07-17", "제헌절"),
        ("2025-01-27", "임시공휴일"),
        ("2025-04-26", "주말"),
    ],
)
def test_a_closed_day_is_named_in_korean(day: str, korean: str) -> None:
    assert KOREA.reason_closed(date.fromisoformat(day)) == korean


def test_names_are_english_for_those_who_ask() -> None:
    for month, day in ((1, 1), (5, 1), (6, 3)):
        name = ENGLISH.reason_closed(date(2025, month, day))
        assert name is not None
        assert name.isascii()


@pytest.mark.parametrize("year", [1994, 2008, 2030, 2100])
def test_labour_day_is_closed_whatever_the_year(year: int) -> None:
    assert korean_holidays().get(date(year, 5, 1)) is not None


@pytest.mark.parametrize("day", ["2024-07-17", "2025-07-17", "2025-12-31", "2025-05-08", "2025-04-05"])
def test_what_is_only_remembered_is_no_bank_holiday(day: str) -> None:
    assert korean_holidays().get(date.fromisoformat(day)) is None


def test_the_calendar_names_its_source_and_version() -> None:
    assert SOURCE.startswith("holidays ")
    assert "KR" in SOURCE
