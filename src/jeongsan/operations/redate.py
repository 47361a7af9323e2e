"""Work on an ordered re-dating: one shop's paid-out date after the other, so many rows per commit, then the
end, which lets payouts go on.

Each step is safe to repeat: what moved already is where it belongs, so a crash between any two steps leaves a
job that goes on where it stopped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.instants import kst_day
from jeongsan.domain.redating import CALENDAR_CAUSE, Dating, Placing, Scope, plan
from jeongsan.domain.terms import Terms
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.day_close import MakeCalendar
from jeongsan.store.bulk import adjustments
from jeongsan.store.bulk import redating_jobs as sql
from jeongsan.store.bulk.calendar import overrides_through
from jeongsan.store.bulk.clock import read_clock
from jeongsan.store.bulk.day_close import terms_by_id
from jeongsan.store.bulk.redating import Redating, move_rows
from jeongsan.store.session import Session, Store

ROWS_PER_COMMIT = 10_000


@dataclass(frozen=True, slots=True)
class _Work:
    """A job in hand. `before`: the calendar its version replaced, None where that does not matter."""

    loop: CommitLoop
    store: Store
    make_calendar: MakeCalendar
    job: sql.Job
    before: Calendar | None

    def dating(self, overrides: Mapping[date, str | None], now: int) -> Dating:
        return Dating(self.make_calendar(overrides), self.before, kst_day(now))


async def redate(loop: CommitLoop, store: Store, machine_now: int, make_calendar: MakeCalendar) -> int:
    """Work on the unfinished re-dating; returns how many commits that took. 0 where there is none, or while a
    day is being closed, whose rows are not all there yet."""
    job = await sql.unfinished(store)
    if job is None or await sql.closes_a_day(store):
        return 0
    await loop.refresh()
    before = None
    if job.scope is Scope.VERSION:
        before = make_calendar(await overrides_through(store, job.version - 1))
    work = _Work(loop, store, make_calendar, job, before)
    done = 0
    for shop_id, day in await _units(work, machine_now):
        while await _move(work, shop_id, day):
            done += 1
    if not await _units(work, machine_now):
        done += await _finish(work)
    return done


async def _units(work: _Work, machine_now: int) -> list[tuple[int, date]]:
    """(shop, paid-out date) that rows have to leave, in order of the dates."""
    clock = await read_clock(work.store)
    assert clock is not None
    unpaid = await sql.unpaid_rows(work.store)
    terms = await sql.terms_of(work.store, (one.placing.terms_id for one in unpaid))
    moving = plan(unpaid, terms, work.dating(work.loop.config.overrides, clock.now(machine_now)))
    return list(dict.fromkeys((one.placing.shop_id, one.placing.day) for one, _ in moving))


async def _move(work: _Work, shop_id: int, day: date) -> bool:
    """Whether there was something to move. Of many rows the last ones go first: those that stay before them
    keep their numbers."""

    async def move(session: Session, stamp: Stamp) -> bool:
        job_id = work.job.redating_id
        if not await sql.is_open(session, job_id) or await sql.is_closing(session):
            return False
        placings = await sql.placings_of_day(session, shop_id, day)
        terms = await terms_by_id(session, (placing.terms_id for placing in placings))
        dates = _new_dates(placings, terms, work.dating(stamp.config.overrides, stamp.now))
        if not dates:
            return False
        rows = await sql.last_rows(session, dates, limit=ROWS_PER_COMMIT)
        new_dates = {row: dates[placing] for row, placing in rows}
        by = Redating(job_id, CALENDAR_CAUSE, stamp.now)
        moved = await move_rows(session, shop_id=shop_id, day=day, new_dates=new_dates, by=by)
        await sql.record_moved(session, job_id, moved)
        return True

    return await work.loop.alone("Redating.move", move, exclusive=True)


def _new_dates(placings: list[Placing], terms: Mapping[int, Terms], dating: Dating) -> dict[Placing, date]:
    """Those that move; the rule runs once for all rows with the same placing."""
    dates = {placing: dating.new_date(placing, terms[placing.terms_id]) for placing in placings}
    return {placing: to for placing, to in dates.items() if to != placing.day}


async def _finish(work: _Work) -> int:
    async def finish(session: Session, stamp: Stamp) -> int:
        if not await sql.is_open(session, work.job.redating_id):
            return 0
        dating = work.dating(stamp.config.overrides, stamp.now)
        for shop_id, day in await adjustments.unpaid_days(session):
            rule = stamp.config.shops[shop_id].payout_rule_on(dating.as_of)
            to = dating.adjusted_date(day, rule)
            if to != day:
                await adjustments.postpone(session, shop_id, day, to)
        await sql.finish(session, work.job.redating_id, now=stamp.now)
        return 1

    return await work.loop.alone("Redating.finish", finish, exclusive=True)
