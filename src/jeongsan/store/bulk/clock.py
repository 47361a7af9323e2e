"""The clock row and the stored moves of the clock."""

import json

from jeongsan.domain.business_clock import BusinessClock
from jeongsan.store import tables
from jeongsan.store.rows import CLOCK_COLUMNS, clock_from, clock_row
from jeongsan.store.session import Session, Store

_FIRST_ID = 1


async def initialize(store: Store, clock: BusinessClock) -> bool:
    """Store the first clock and the id sequence; False when another process was faster."""
    session = await store.begin()
    try:
        await session.gate(exclusive=True)
        fresh = not await session.fetch("SELECT 1 FROM clock")
        if fresh:
            await session.insert(tables.CLOCK, [clock_row(clock)])
            await session.insert(tables.ID_SEQUENCE, [("row", _FIRST_ID)])
    except BaseException:
        await session.rollback()
        raise
    await session.commit()
    return fresh


async def read_clock(store: Store) -> BusinessClock | None:
    """The clock as last committed; None on a database that was never started."""
    rows = await store.read(f"SELECT {CLOCK_COLUMNS} FROM clock WHERE clock_id = 1")
    return clock_from(rows[0]) if rows else None


async def lock_clock(session: Session) -> BusinessClock:
    """The clock row, to be changed. Call inside the exclusive gate."""
    rows = await session.fetch(f"SELECT {CLOCK_COLUMNS} FROM clock WHERE clock_id = 1 FOR UPDATE")
    return clock_from(rows[0])


async def store_clock(session: Session, clock: BusinessClock) -> None:
    """Write the clock row."""
    await session.execute(
        "UPDATE clock SET mode = $1, offset_ms = $2, frozen_at = $3, closed_through = $4, "
        "readable_through = $5, config_version = $6 WHERE clock_id = 1",
        *clock_row(clock)[1:],
    )


async def bump_config(session: Session) -> int:
    """Announce a change of settings to every process; returns the new version."""
    rows = await session.fetch(
        "UPDATE clock SET config_version = config_version + 1 WHERE clock_id = 1 RETURNING config_version"
    )
    return int(rows[0][0])


async def has_facts(session: Session) -> bool:
    """Whether anything happened yet, so that the clock may no longer go back."""
    facts = ("payment", "adjustment", "hold")
    sql = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in facts)
    return bool(await session.fetch(f"SELECT 1 FROM ({sql}) AS facts LIMIT 1"))


async def forget_closed_days(session: Session) -> None:
    """Closed days of a database without facts hold nothing, and the clock that goes back before them would
    close them again."""
    await session.execute("DELETE FROM day_close")


async def add_move(session: Session, *, move_id: int, target: int, now: int) -> None:
    """Remember where the clock is to be moved."""
    await session.insert(tables.CLOCK_MOVE, [(move_id, target, "{}", now, None)])


async def unfinished_moves(store: Store) -> list[tuple[int, int, dict[str, int]]]:
    """(move id, target, what it ran so far), oldest first."""
    rows = await store.read(
        "SELECT move_id, target, ran FROM clock_move WHERE done_at IS NULL ORDER BY move_id"
    )
    return [(row[0], row[1], json.loads(row[2])) for row in rows]


async def move_progress(store: Store, move_id: int) -> tuple[dict[str, int], bool]:
    """(what a move ran so far, whether it is done)."""
    rows = await store.read("SELECT ran, done_at FROM clock_move WHERE move_id = $1", move_id)
    return json.loads(rows[0][0]), rows[0][1] is not None


async def record_move(session: Session, *, move_id: int, ran: dict[str, int], done_at: int | None) -> None:
    """Store the progress of a move."""
    await session.execute(
        "UPDATE clock_move SET ran = $2, done_at = $3 WHERE move_id = $1", move_id, json.dumps(ran), done_at
    )
