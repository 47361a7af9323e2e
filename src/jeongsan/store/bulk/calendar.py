"""Versions of the calendar: each is a set of days with their holidays, on top of the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jeongsan.store import tables
from jeongsan.store.session import Session, Store

# More than any version's number: the calendar in force.
VERSION_MAX = 1 << 40
# The latest change of each day, up to a version.
OVERRIDES = (
    "SELECT c.day, c.holiday_name FROM calendar_change c WHERE c.version = (SELECT max(d.version) "
    "FROM calendar_change d WHERE d.day = c.day AND d.version <= $1)"
)


@dataclass(frozen=True, slots=True)
class News:
    """Why a calendar changes: who announced it, on which built-in base, who entered it, and a remark."""

    source: str
    base: str
    actor_name: str
    note: str | None = None


async def last_version(session: Session) -> int:
    """The version in force; 0 while there is only the base."""
    found = await session.fetch("SELECT coalesce(max(version), 0) FROM calendar_version")
    return int(found[0][0])


async def overrides_through(store: Store, version: int) -> dict[date, str | None]:
    """What this version and those before it say."""
    return {date.fromisoformat(row[0]): row[1] for row in await store.read(OVERRIDES, version)}


async def insert_version(
    session: Session, version: int, changes: Mapping[date, str | None], news: News, *, now: int
) -> None:
    """A version with its days."""
    head = (version, news.source, news.base, news.actor_name, news.note, now)
    await session.insert(tables.CALENDAR_VERSION, [head])
    days = [(version, day.isoformat(), name) for day, name in sorted(changes.items())]
    await session.insert(tables.CALENDAR_CHANGE, days)
