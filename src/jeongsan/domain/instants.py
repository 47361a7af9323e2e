"""Instants and Korean days. Owns the conversion between epoch milliseconds and KST text.

An instant is an `int`: milliseconds since 1970-01-01T00:00:00Z. Korea has had no summer time since
1988, so KST is a fixed offset here. Does not know what time it is now.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

KST = timezone(timedelta(hours=9), "KST")
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
KST_OFFSET_MS = 9 * HOUR_MS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = 946_652_400_000  # 2000-01-01T00:00:00+09:00
_LAST = 4_102_412_400_000  # 2100-01-01T00:00:00+09:00
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
_EPOCH_ORDINAL = _EPOCH.toordinal()


def kst_day(at: int) -> date:
    """The calendar day in Seoul that contains the instant; it begins at 00:00:00 KST."""
    return date.fromordinal(_EPOCH_ORDINAL + (at + KST_OFFSET_MS) // DAY_MS)


def kst_midnight(day: date) -> int:
    """The first instant of a Korean calendar day."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY_MS - KST_OFFSET_MS


@lru_cache(maxsize=4096)
def _iso_second(second: int) -> str:
    return datetime.fromtimestamp(second, KST).isoformat()


def iso_kst(at: int) -> str:
    """`2025-06-26T19:49:06+09:00`: whole seconds, always with the offset, as recorded."""
    return _iso_second(at // SECOND_MS)


def local_kst(at: int) -> str:
    """`2023-07-20T16:35:47.729`: no offset, a fraction without trailing zeros (at least one digit).

    Source: recorded `createdAt` of PAYMENT_STATUS_CHANGED, whose fraction has a variable length.
    """
    seconds, milliseconds = divmod(at, SECOND_MS)
    fraction = f"{milliseconds:03d}".rstrip("0") or "0"
    return f"{_iso_second(seconds)[:19]}.{fraction}"


def stamp_kst(at: int) -> str:
    """`yyyyMMddHHmmss` in KST, the time part of a paymentKey."""
    return datetime.fromtimestamp(at // SECOND_MS, KST).strftime("%Y%m%d%H%M%S")


def parse_instant(text: str) -> int:
    """Read an ISO 8601 date-time; without an offset it is KST, a bare date is its midnight.

    Raises ValueError when the text is no date-time between 2000 and 2100.
    """
    if not _INSTANT.fullmatch(text):
        raise ValueError("not an ISO 8601 date-time")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=KST)
    at = (moment - _EPOCH) // timedelta(milliseconds=1)
    if not _FIRST <= at < _LAST:
        raise ValueError("not between 2000 and 2100")
    return at
