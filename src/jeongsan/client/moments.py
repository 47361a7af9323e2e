"""Times as the wire writes them, as aware datetimes in Korean time. Does not know what time it is now.

Korea has had no summer time since 1988, so KST is a fixed offset.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# No payment company's key or row is older or younger; what decodes to another time is no time.
FIRST = datetime(2000, 1, 1, tzinfo=KST)
END = datetime(2100, 1, 1, tzinfo=KST)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def moment_of(text: str) -> datetime:
    """An ISO 8601 date-time in KST; without an offset it is KST already, as in recorded `createdAt`.

    Raises ValueError when the text is no date-time between 2000 and 2100.
    """
    if not _MOMENT.fullmatch(text):
        raise ValueError("no ISO 8601 date-time")
    moment = datetime.fromisoformat(text)
    return plausible(moment.replace(tzinfo=KST) if moment.tzinfo is None else moment)


def day_of(text: str) -> date:
    """A `yyyy-MM-dd`. Raises ValueError for anything else, also for 20250425 and 2025-W17-5."""
    if not _DAY.fullmatch(text):
        raise ValueError("no yyyy-MM-dd")
    return date.fromisoformat(text)


def moment_of_milliseconds(milliseconds: int) -> datetime:
    """Milliseconds since 1970 in UTC as KST. Raises ValueError outside of 2000 to 2100."""
    try:
        return plausible(_EPOCH + timedelta(milliseconds=milliseconds))
    except OverflowError as error:
        raise ValueError("not between 2000 and 2100") from error


def plausible(moment: datetime) -> datetime:
    """The same moment in KST. Raises ValueError outside of 2000 to 2100."""
    if not FIRST <= moment < END:
        raise ValueError("not between 2000 and 2100")
    return moment.astimezone(KST)


def kst_day(moment: datetime) -> date:
    """The calendar day in Seoul; it is cut at midnight."""
    return moment.astimezone(KST).date()


def kst_midnight(day: date) -> datetime:
    """The first moment of a calendar day in Seoul."""
    return datetime(day.year, day.month, day.day, tzinfo=KST)
