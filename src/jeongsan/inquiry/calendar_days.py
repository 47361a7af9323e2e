"""The calendar as people read it: the closed days of a year, whose word each is, and what two versions say
differently."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from jeongsan.domain.business_days import WEEKEND, Calendar
from jeongsan.domain.instants import iso_kst
from jeongsan.inquiry.words import say
from jeongsan.store.reads.calendar import Entry, Version

_WEEKDAYS = "월화수목금토일"
_WORKDAYS = 5
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def year_view(
    year: int, base: Calendar, entries: Mapping[date, Entry], source: str, language: str
) -> list[dict[str, Any]]:
    """Each weekday of the year on which the banks are closed, and each day that was named, with whose word it
    is; `source` is the base's. A day that is worked has no reason."""
    overrides = {day: entry.name for day, entry in entries.items()}
    calendar = Calendar(base.holidays, overrides)
    day, shown = date(year, 1, 1), []
    while day.year == year:
        closed = calendar.reason_closed(day)
        entry = entries.get(day)
        if entry is not None or (closed is not None and day.weekday() < _WORKDAYS):
            shown.append(
                {
                    "date": day.isoformat(),
                    "weekday": weekday(day, language),
                    "closed": closed,
                    "version": 0 if entry is None else entry.version,
                    "source": source if entry is None else entry.source,
                }
            )
        day += timedelta(days=1)
    return shown


def weekday(day: date, language: str) -> str:
    """The day of the week in one word."""
    return say(language, _WEEKDAYS[day.weekday()], _WEEKDAYS_EN[day.weekday()])


def differences(
    base: Calendar, before: Mapping[date, Entry], after: Mapping[date, Entry], language: str
) -> list[dict[str, Any]]:
    """Each day that two versions do not say the same of: why it is closed, or null where it is worked."""
    old, new = (
        Calendar(base.holidays, {day: entry.name for day, entry in entries.items()})
        for entries in (before, after)
    )
    return [
        {
            "date": day.isoformat(),
            "weekday": weekday(day, language),
            "before": _reason(old, day, language),
            "after": _reason(new, day, language),
        }
        for day in sorted({*before, *after})
        if old.reason_closed(day) != new.reason_closed(day)
    ]


def _reason(calendar: Calendar, day: date, language: str) -> str | None:
    reason = calendar.reason_closed(day)
    return say(language, WEEKEND, "weekend") if reason == WEEKEND else reason


def version_view(version: Version) -> dict[str, Any]:
    """A version as JSON values. `redating` null: rows that existed kept their dates."""
    redating = None
    if version.redating_id is not None:
        redating = {"movedRows": version.moved_rows, "done": version.redated_at is not None}
    return {
        "version": version.version,
        "createdAt": iso_kst(version.created_at),
        "actor": version.actor_name,
        "source": version.source,
        "note": version.note,
        "days": version.days,
        "base": version.base,
        "redating": redating,
    }
