"""The calendar the gateway counts with: the Korean holidays as data, dated overrides on top."""

from collections.abc import Mapping
from datetime import date

from jeongsan.calendar_kr import korean_holidays
from jeongsan.domain.business_days import Calendar


def korean_calendar(overrides: Mapping[date, str | None], language: str = "ko") -> Calendar:
    """The calendar with dated overrides on top."""
    return Calendar(holidays=korean_holidays(language), overrides=overrides)
