"""The calendar the gateway counts with."""

from datetime import date

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import Calendar


def test_a_dated_override_beats_the_published_list() -> None:
    """A temporary holiday announced late, and a designated one taken back."""
    calendar: Calendar = korean_calendar({date(2026, 12, 31): "임시공휴일", date(2026, 7, 17): None})
    assert calendar.reason_closed(date(2026, 12, 31)) == "임시공휴일"
    assert calendar.reason_closed(date(2026, 7, 17)) is None
    assert korean_calendar({}).reason_closed(date(2026, 7, 17)) == "제헌절"
