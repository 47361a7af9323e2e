"""Change the business clock: by a stored move, or outright before the first fact exists."""

from dataclasses import replace
from datetime import timedelta

from jeongsan.domain.business_clock import BusinessClock, ClockMode, ClockRefusal
from jeongsan.domain.instants import kst_day
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk import clock as sql
from jeongsan.store.bulk import reset
from jeongsan.store.session import Session, Store


async def initialize(store: Store, *, mode: ClockMode, at: int | None, machine_now: int) -> bool:
    """Give a new database its clock; False when it has one. The day before `at` counts as closed.

    Runs before the loop does: a loop cannot stamp anything without a clock."""
    if await sql.read_clock(store) is not None:
        return False
    shown = machine_now if at is None or mode is ClockMode.SYSTEM else at
    clock = BusinessClock(mode, 0, 0, kst_day(shown), kst_day(shown), 0)
    if mode is not ClockMode.SYSTEM:
        clock = clock.set_to(shown, machine_now)
    return await sql.initialize(store, _opened_at(clock, shown))


def _opened_at(clock: BusinessClock, shown: int) -> BusinessClock:
    yesterday = kst_day(shown) - timedelta(days=1)
    return replace(clock, closed_through=yesterday, readable_through=yesterday)


async def set_before_facts(loop: CommitLoop, target: int) -> bool:
    """Show any time at all, backwards too; False when facts exist already."""

    async def work(session: Session, stamp: Stamp) -> bool:
        if await sql.has_facts(session):
            return False
        clock = await sql.lock_clock(session)
        if clock.mode is ClockMode.SYSTEM:
            raise ClockRefusal("the system clock cannot be set")
        await sql.forget_closed_days(session)
        await sql.store_clock(session, _opened_at(clock.set_to(target, stamp.machine_now), target))
        return True

    return await loop.alone("Clock.set", work, exclusive=True)


async def step_to(loop: CommitLoop, target: int) -> int:
    """Move the clock forward to `target`, or leave it when it is past that; returns the time shown."""

    async def work(session: Session, stamp: Stamp) -> int:
        clock = await sql.lock_clock(session)
        shown = clock.now(stamp.machine_now)
        if target <= shown:
            return shown
        await sql.store_clock(session, clock.moved_to(target, stamp.machine_now))
        return target

    return await loop.alone("Clock.step", work, exclusive=True)


async def set_mode(loop: CommitLoop, mode: ClockMode) -> None:
    """Tick (offset) or stand still (frozen), from the time shown. Raises ClockRefusal."""

    async def work(session: Session, stamp: Stamp) -> None:
        clock = await sql.lock_clock(session)
        await sql.store_clock(session, clock.in_mode(mode, stamp.machine_now))

    await loop.alone("Clock.mode", work, exclusive=True)


async def begin_move(loop: CommitLoop, target: int) -> int:
    """Store a move to `target` and return its id. Raises ClockRefusal backwards or in system mode."""

    async def work(session: Session, stamp: Stamp) -> int:
        clock = await sql.lock_clock(session)
        clock.moved_to(target, stamp.machine_now)
        move_id = stamp.mint.row_id()
        await sql.add_move(session, move_id=move_id, target=target, now=stamp.now)
        return move_id

    return await loop.alone("Clock.begin_move", work, exclusive=True)


async def record_move(loop: CommitLoop, move_id: int, ran: dict[str, int], *, done: bool) -> None:
    """Store what a move ran so far."""

    async def work(session: Session, stamp: Stamp) -> None:
        await sql.record_move(session, move_id=move_id, ran=ran, done_at=stamp.now if done else None)

    await loop.alone("Clock.record_move", work)


async def reset_facts(loop: CommitLoop, at: int | None) -> int:
    """Sandbox reset: forget every fact; the clock may start anywhere again. Returns the time shown."""

    async def work(session: Session, stamp: Stamp) -> int:
        await reset.delete_facts(session)
        clock = await sql.lock_clock(session)
        if clock.mode is ClockMode.SYSTEM:
            raise ClockRefusal("a gateway on the system clock is not reset")
        shown = stamp.now if at is None else at
        await sql.store_clock(session, _opened_at(clock.set_to(shown, stamp.machine_now), shown))
        return shown

    return await loop.alone("Sandbox.reset", work, exclusive=True)
