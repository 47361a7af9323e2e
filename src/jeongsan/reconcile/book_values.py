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
    amount = abs(signed_amount(text))
    if not amount:
        raise ValueError("zero")
    return amount


def signed_amount(text: str) -> Decimal:
    """The same with its sign; zero is an amount too. Raises ValueError."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError("no amount")
    return Decimal(found[1].replace(",", ""))


# 2025-04-25, also with dots or slashes, and a time of day as spreadsheets write it. A year of two digits
# only with dots: with slashes or hyphens it may be the day or the month that comes first.
_LOOSE = re.compile(
    r"(\d{4}|\d{2}(?=\. ?\d{1,2}\.))[-./] ?(\d{1,2})[-./] ?(\d{1,2})\.?"
    r"(?:[ T]+(?:(?P<half>오전|오후|AM|PM) ?)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?",
    re.ASCII,
)
_KOREAN_DAY = re.compile(r"(\d{4}|\d{2})년 ?(\d{1,2})월 ?(\d{1,2})일(?: ?[월화수목금토일]요일)?", re.ASCII)
_KOREAN_TIME = re.compile(r"(\d{1,2})시 ?(\d{1,2})분(?: ?(\d{1,2})초)?", re.ASCII)
# Days since 1899-12-30, with a fraction for the time of day; five digits from 1927 to 2173.
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?", re.ASCII)


class SerialNumber(ValueError):
    """A date as a spreadsheet counts it. Some count from 1900 and some from 1904, so it is no date."""


def book_moment(text: str) -> tuple[datetime, bool]:
    """(moment in KST, whether only its day is known). Without an offset it is Korean time.
    Raises ValueError, and SerialNumber for a number of a spreadsheet."""
    try:
        return moment_of(text), False
    except ValueError:
        found = _LOOSE.fullmatch(_plain(text))
        if found is None:
            return _compact(text)
    year, month, day, half, hour, minute, second = found.groups()
    year = _century(year)
    if hour is None:
        return _built(year, month, day), True
    return _built(year, month, day, _of_24(int(hour), half), minute, second or 0), False


def _plain(text: str) -> str:
    """년·월·일·시·분·초 as hyphens and colons."""
    day = _KOREAN_DAY.sub(lambda found: f"{_century(found[1])}-{found[2]}-{found[3]}", text, count=1)
    return _KOREAN_TIME.sub(
        lambda found: f"{found[1]}:{int(found[2]):02}:{int(found[3] or 0):02}", day, count=1
    )


def _century(year: str) -> str:
    return f"20{year}" if len(year) == 2 else year


def _compact(text: str) -> tuple[datetime, bool]:
    if _SERIAL.fullmatch(text):
        raise SerialNumber("a serial number")
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
