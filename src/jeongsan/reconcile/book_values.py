"""Amounts and times as merchants and their spreadsheets write them."""

import re
from datetime import datetime
from decimal import Decimal

from jeongsan.client.moments import KST, moment_of, plausible

_AMOUNT = re.compile(
    r"(?:₩|￦|\\|KRW )?([+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,6})?) ?(?:원|KRW)?", re.ASCII
)


def book_amount(text: str) -> Decimal:
    """`15000`, `15,000`, `-15,000원`, `₩15,000`: a positive amount. Raises ValueError for anything else and
    for zero, which is no cancel."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError("no amount")
    amount = abs(Decimal(found[1].replace(",", "")))
    if not amount:
        raise ValueError("zero")
    return amount


# 2025-04-25, also with dots or slashes, and a time of day as spreadsheets write it.
_LOOSE = re.compile(
    r"(\d{4})[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?"
    r"(?:[ T]+(?:(?P<half>오전|오후|AM|PM) ?)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?", re.ASCII)


def book_moment(text: str) -> tuple[datetime, bool]:
    """(moment in KST, whether only its day is known). Without an offset it is Korean time.
    Raises ValueError."""
    try:
        return moment_of(text), False
    except ValueError:
        found = _LOOSE.fullmatch(text)
        if found is None:
            return _compact(text)
    year, month, day, half, hour, minute, second = found.groups()
    if hour is None:
        return _built(year, month, day), True
    return _built(year, month, day, _of_24(int(hour), half), minute, second or 0), False


def _compact(text: str) -> tuple[datetime, bool]:
    found = _COMPACT.fullmatch(text)
    if found is None:
        raise ValueError("no date-time")
    parts = [part for part in found.groups() if part is not None]
    return _built(*parts), len(parts) == 3


def _of_24(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half in ("오후", "PM") else 0)


def _built(*parts: str | int) -> datetime:
    year, month, day, *time = [int(part) for part in parts]
    hour, minute, second = [*time, 0, 0, 0][:3]
    return plausible(datetime(year, month, day, hour, minute, second, tzinfo=KST))
