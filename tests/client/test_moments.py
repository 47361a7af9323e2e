"""Times as the wire writes them."""

from datetime import date

import pytest

from jeongsan.client.moments import day_of, kst_day, kst_midnight, moment_of, moment_of_milliseconds


@pytest.mark.parametrize(
    ("text", "kst"),
    [
        ("2025-04-25T11:08:10+09:00", "2025-04-25T11:08:10+09:00"),
        ("2025-04-25T02:08:10Z", "2025-04-25T11:08:10+09:00"),
        ("2025-04-24T22:08:10-04:00", "2025-04-25T11:08:10+09:00"),
        ("2023-07-20T16:35:47.729718", "2023-07-20T16:35:47.729718+09:00"),
        ("2025-04-25T11:08", "2025-04-25T11:08:00+09:00"),
    ],
)
def test_a_moment_is_read_into_korean_time(text: str, kst: str) -> None:
    assert moment_of(text).isoformat() == kst


@pytest.mark.parametrize(
    "text", ["", "2025-04-25", "20250425T110810", "2025-13-25T11:08:10", "1999-12-31T23:59:59", "soon"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        moment_of(text)


def test_milliseconds_outside_of_the_century_are_refused() -> None:
    for milliseconds in (0, 946_652_399_999, 4_102_412_400_000, 2**63):
        with pytest.raises(ValueError):
            moment_of_milliseconds(milliseconds)


@pytest.mark.parametrize("text", ["20250425", "2025-W17-5", "2025-02-30", "２025-04-25", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        day_of(text)


def test_the_day_is_cut_at_midnight_in_seoul() -> None:
    assert kst_day(moment_of("2025-04-25T14:59:59Z")) == date(2025, 4, 25)
    assert kst_day(moment_of("2025-04-25T15:00:00Z")) == date(2025, 4, 26)
    assert kst_day(kst_midnight(date(2025, 4, 26))) == date(2025, 4, 26)
