"""Re-dating as a stored job: what it works on, how far it is, and the rows it looks at.

While one is unfinished no payout is made (`bulk.payouts`), and no other one begins.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jeongsan.domain.redating import CALENDAR_CAUSE, Placing, Scope, UnpaidRows
from jeongsan.domain.terms import Terms
from jeongsan.store import rows, tables
from jeongsan.store.session import Row, Session, Store

_COLUMNS = ", ".join(tables.REDATING.names)
# Whether something else than a calendar has put the row where it is.
_PLACED = (
    "CASE WHEN EXISTS (SELECT 1 FROM redated_row r WHERE r.transaction_id = s.transaction_id "
    f"AND r.cause <> '{CALENDAR_CAUSE}') THEN 1 ELSE 0 END"
)
_UNPAID = (
    "SELECT u.shop_id, u.paid_out_date, u.settle_day, u.terms_id, u.placed, u.currency, count(*), "
    "CAST(sum(u.amount) AS bigint), CAST(sum(u.pay_out_amount) AS bigint) FROM (SELECT s.shop_id, "
    f"s.paid_out_date, s.settle_day, s.terms_id, {_PLACED} AS placed, s.currency, s.amount, s.pay_out_amount "
    "FROM settlement_count c JOIN settlement s ON s.shop_id = c.shop_id AND s.paid_out_date = c.day "
    "WHERE c.date_type = 'paid' AND c.paid_at IS NULL) AS u GROUP BY u.shop_id, u.paid_out_date, "
    "u.settle_day, u.terms_id, u.placed, u.currency"
)
_OF_A_DAY = (
    f"SELECT s.shop_id, s.paid_out_date, s.settle_day, s.terms_id, {_PLACED} AS placed FROM settlement s "
    "WHERE s.shop_id = $1 AND s.paid_out_date = $2 AND EXISTS (SELECT 1 FROM settlement_count c "
    "WHERE c.shop_id = $1 AND c.date_type = 'paid' AND c.day = $2 AND c.paid_at IS NULL)"
)
_PLACINGS = f"SELECT DISTINCT u.* FROM ({_OF_A_DAY}) AS u"
_LAST = (
    f"SELECT s.transaction_id, s.shop_id, s.paid_out_date, s.settle_day, s.terms_id, {_PLACED} "
    "FROM settlement s WHERE s.shop_id = $1 AND s.paid_out_date = $2 "
    f"AND s.settle_day || ':' || s.terms_id || ':' || {_PLACED} = ANY_TEXT($3) "
    "ORDER BY s.paid_seq DESC LIMIT $4"
)
_TERMS = f"SELECT {rows.TERMS_COLUMNS} FROM terms WHERE terms_id = ANY_INT($1)"


@dataclass(frozen=True, slots=True)
class Job:
    """A re-dating: for which version of the calendar, who asked for it and why, and what it moved so far:
    rows, in how many commits. `done_at` None: it is not finished."""

    redating_id: int
    version: int
    scope: Scope
    actor_name: str
    source: str
    moved_rows: int
    commits: int
    created_at: int
    done_at: int | None


def _job(row: Row) -> Job:
    return Job(row[0], row[1], Scope(row[2]), *row[3:])


async def insert_job(session: Session, job: Job) -> None:
    """A job that has just begun."""
    row = (
        job.redating_id,
        job.version,
        job.scope.value,
        job.actor_name,
        job.source,
        job.moved_rows,
        job.commits,
        job.created_at,
        job.done_at,
    )
    await session.insert(tables.REDATING, [row])


async def unfinished(store: Store) -> Job | None:
    """The job that waits, if any."""
    found = await store.read(f"SELECT {_COLUMNS} FROM redating WHERE done_at IS NULL ORDER BY redating_id")
    return _job(tuple(found[0])) if found else None


async def job_of(store: Store, redating_id: int) -> Job:
    """A job as it stands."""
    found = await store.read(f"SELECT {_COLUMNS} FROM redating WHERE redating_id = $1", redating_id)
    return _job(tuple(found[0]))


async def any_unfinished(session: Session) -> bool:
    """Whether a job waits."""
    return bool(await session.fetch("SELECT 1 FROM redating WHERE done_at IS NULL"))


async def is_open(session: Session, redating_id: int) -> bool:
    """Whether this job still waits."""
    sql = "SELECT 1 FROM redating WHERE redating_id = $1 AND done_at IS NULL"
    return bool(await session.fetch(sql, redating_id))


async def is_closing(session: Session) -> bool:
    """Whether a day is being closed, whose rows are not all there."""
    return bool(await session.fetch("SELECT 1 FROM clock WHERE readable_through < closed_through"))


async def closes_a_day(store: Store) -> bool:
    """As `is_closing`, seen from outside."""
    return bool(await store.read("SELECT 1 FROM clock WHERE readable_through < closed_through"))


async def unpaid_rows(store: Store) -> list[UnpaidRows]:
    """Every row that no payout has paid, grouped by what its date depends on."""
    return [
        UnpaidRows(_placing(row[:5]), row[5], row[6], row[7], row[8])
        for row in map(tuple, await store.read(_UNPAID))
    ]


async def placings_of_day(session: Session, shop_id: int, day: date) -> list[Placing]:
    """What the dates of a shop's rows on a paid-out date depend on; nothing for a date that was paid."""
    return [_placing(row) for row in map(tuple, await session.fetch(_PLACINGS, shop_id, day.isoformat()))]


async def last_rows(session: Session, of: Collection[Placing], *, limit: int) -> list[tuple[int, Placing]]:
    """(transaction id, placing) of at most `limit` rows with these placings, which are all of one shop and
    date; those with the highest numbers, so that few of the others get new ones."""
    one = next(iter(of))
    keys = [f"{placing.settle_day}:{placing.terms_id}:{int(placing.placed)}" for placing in of]
    found = await session.fetch(_LAST, one.shop_id, one.day.isoformat(), keys, limit)
    return [(row[0], _placing(row[1:])) for row in map(tuple, found)]


@lru_cache(maxsize=256)
def _placing(row: Row) -> Placing:
    """Thousands of rows share a few of them."""
    return Placing(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]), row[3], bool(row[4]))


async def terms_of(store: Store, terms_ids: Iterable[int]) -> dict[int, Terms]:
    """Frozen terms by id."""
    found = await store.read(_TERMS, sorted(set(terms_ids)))
    return {row[0]: rows.terms_from(row) for row in map(tuple, found)}


async def record_moved(session: Session, redating_id: int, moved: int) -> None:
    """Some more rows were moved."""
    await session.execute(
        "UPDATE redating SET moved_rows = moved_rows + $2, commits = commits + 1 WHERE redating_id = $1",
        redating_id,
        moved,
    )


async def finish(session: Session, redating_id: int, *, now: int) -> None:
    """Nothing is left to move: payouts may go on."""
    await session.execute(
        "UPDATE redating SET done_at = $2 WHERE redating_id = $1 AND done_at IS NULL", redating_id, now
    )
