"""Instants: Korean days cut at midnight in Seoul, and texts that read back as the same moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.instants import (
    DAY_MS,
    SECOND_MS,
    iso_kst,
    kst_day,
    kst_midnight,
    local_kst,
    parse_instant,
    stamp_kst,
)

WITHIN_BOUNDS = st.integers(946_652_400_000, 4_102_412_399_999)


def test_the_first_approval_of_the_help_thread() -> None:
    at = parse_instant("2025-03-13T13:35:03+09:00")
    assert at == 1_741_840_503_000
    assert iso_kst(at) == "2025-03-13T13:35:03+09:00"
    assert stamp_kst(at) == "20250313133503"


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2025-03-13T13:00:00", "2025-03-13T13:00:00+09:00"),
        ("2025-03-13", "2025-03-13T00:00:00+09:00"),
        ("2025-03-13T04:00:00Z", "2025-03-13T13:00:00+09:00"),
        ("2025-03-12T20:00:00-08:00", "2025-03-13T13:00:00+09:00"),
        ("2025-03-13T13:00:00.0009", "2025-03-13T13:00:00+09:00"),
    ],
)
def test_a_text_without_offset_is_korean_time(text: str, same: str) -> None:
    assert iso_kst(parse_instant(text)) == same


def test_milliseconds_are_kept_and_finer_fractions_are_cut() -> None:
    assert parse_instant("2022-01-01T23:59:59.999") % SECOND_MS == 999
    assert parse_instant("2022-01-01T23:59:59.9999999") % SECOND_MS == 999


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2025-02-30", "2025-03-13T25:00:00", "2025-03-13T13:00:00 09:00"]
)
def test_what_is_no_date_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_instant(text)


@given(WITHIN_BOUNDS)
def test_days_and_texts_agree_with_the_time_zone_of_seoul(at: int) -> None:
    seoul = datetime.fromtimestamp(at // SECOND_MS, UTC).astimezone(ZoneInfo("Asia/Seoul"))
    assert kst_day(at) == seoul.date()
    assert iso_kst(at) == seoul.isoformat()
    assert stamp_kst(at) == seoul.strftime("%Y%m%d%H%M%S")


@given(WITHIN_BOUNDS)
def test_an_instant_survives_its_own_texts(at: int) -> None:
    assert parse_instant(iso_kst(at)) == at - at % SECOND_MS
    assert parse_instant(local_kst(at)) == at


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_korean_day_lasts_from_midnight_to_midnight(day: date) -> None:
    start = kst_midnight(day)
    assert kst_day(start) == kst_day(start + DAY_MS - 1) == day
    assert kst_day(start - 1) == day - timedelta(days=1)
    assert iso_kst(start) == f"{day.isoformat()}T00:00:00+09:00"


@pytest.mark.parametrize(
    ("fraction", "shown"), [(".729", ".729"), (".65", ".65"), (".1", ".1"), (".000", ".0"), (".007", ".007")]
)
def test_the_time_of_an_event_has_no_offset_and_a_fraction_of_varying_length(
    fraction: str, shown: str
) -> None:
    assert local_kst(parse_instant(f"2023-07-20T16:35:47{fraction}")) == f"2023-07-20T16:35:47{shown}"


@pytest.mark.parametrize(
    "text",
    [
        "1999-12-31T23:59:59+09:00",
        "2100-01-01T00:00:00+09:00",
        "0001-01-01",
        "20250313",
        "2025-W11-4",
        "2025-03-13\x00",
        "2025-03-13T13",
        "9999-12-31T00:00:00+09:00",
    ],
)
def test_a_moment_outside_the_century_or_in_another_notation_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        parse_instant(text)
