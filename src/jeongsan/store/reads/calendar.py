"""The versions of the calendar, what each day's latest word is, and which rows a re-dating moved."""

from dataclasses import dataclass
from datetime import date

from jeongsan.store.session import Store

_VERSIONS = (
    "SELECT v.version, v.source, v.base, v.actor_name, v.note, v.created_at, (SELECT count(*) "
    "FROM calendar_change c WHERE c.version = v.version), r.redating_id, r.moved_rows, r.done_at "
    "FROM calendar_version v LEFT JOIN redating r ON r.version = v.version AND r.scope = 'version' "
    "ORDER BY v.version"
)
_ENTRIES = (
    "SELECT c.day, c.holiday_name, c.version, v.source FROM calendar_change c "
    "JOIN calendar_version v ON v.version = c.version WHERE c.version = (SELECT max(d.version) "
    "FROM calendar_change d WHERE d.day = c.day AND d.version <= $1) ORDER BY c.day"
)
_MOVED = (
    "SELECT r.shop_id, r.from_day, r.to_day, s.currency, count(*), CAST(sum(s.amount) AS bigint), "
    "CAST(sum(s.pay_out_amount) AS bigint) FROM redated_row r "
    "JOIN settlement s ON s.transaction_id = r.transaction_id WHERE r.redating_id = $1 "
    "GROUP BY r.shop_id, r.from_day, r.to_day, s.currency "
    "ORDER BY r.from_day, r.shop_id, r.to_day, s.currency"
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the calendar. `days`: how many it names. `redating_id` None: existing rows kept their
    dates; `redated_at` None: they are still being moved."""

    version: int
    source: str
    base: str
    actor_name: str
    note: str | None
    created_at: int
    days: int
    redating_id: int | None
    moved_rows: int | None
    redated_at: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """The latest word on a day: the holiday's name, None where the day is worked, and whose word it is."""

    name: str | None
    version: int
    source: str


@dataclass(frozen=True, slots=True)
class MovedRows:
    """Rows of a shop that left a paid-out date for another; sums in minor units."""

    shop_id: int
    from_day: date
    to_day: date
    currency: str
    count: int
    amount: int
    pay_out_amount: int


async def versions(store: Store) -> list[Version]:
    """Every version, oldest first."""
    return [Version(*row) for row in map(tuple, await store.read(_VERSIONS))]


async def entries(store: Store, version: int) -> dict[date, Entry]:
    """The latest word on each day named up to a version, by day."""
    return {
        date.fromisoformat(row[0]): Entry(*row[1:]) for row in map(tuple, await store.read(_ENTRIES, version))
    }


async def moved_rows(store: Store, redating_id: int) -> list[MovedRows]:
    """What a re-dating moved so far, by the date left and shop."""
    return [
        MovedRows(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]), *row[3:])
        for row in map(tuple, await store.read(_MOVED, redating_id))
    ]
