"""Change the calendar by a new version, and in the same commit order the re-dating that follows from it."""

from dataclasses import dataclass

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.calendar_changes import Changes, check_change, check_opens
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.redating import Scope
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.day_close import MakeCalendar
from jeongsan.store.bulk import calendar as sql
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import redating_jobs as jobs
from jeongsan.store.bulk.calendar import News
from jeongsan.store.session import Session


@dataclass(frozen=True, slots=True)
class Announcement:
    """Days and their holidays (None: worked after all), and why. `keep_dates`: no row moves."""

    changes: Changes
    news: News
    keep_dates: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """The version now in force, and the re-dating that was ordered with it, if any."""

    version: int
    redating_id: int | None


async def add_version(loop: CommitLoop, said: Announcement, make_calendar: MakeCalendar) -> Ordered:
    """All the days or none. Unless dates are kept, unpaid rows that this changes move (assumed) as soon as
    somebody works on the ordered re-dating. Raises InvalidChange, and Refusal while another is unfinished."""

    async def work(session: Session, stamp: Stamp) -> Ordered:
        await _check_alone(session)
        calendar_with(said.changes, stamp.config.overrides, make_calendar)
        version = await sql.last_version(session) + 1
        await sql.insert_version(session, version, said.changes, said.news, now=stamp.now)
        await clock_sql.bump_config(session)
        if said.keep_dates:
            return Ordered(version, None)
        job_id = await _order(session, stamp, version, Scope.VERSION, said.news)
        return Ordered(version, job_id)

    return await loop.alone("Calendar.add", work, exclusive=True)


async def order_redating(loop: CommitLoop, news: News) -> Ordered:
    """Have every unpaid row moved to where the calendar in force puts it. Raises Refusal while another
    re-dating is unfinished."""

    async def work(session: Session, stamp: Stamp) -> Ordered:
        await _check_alone(session)
        version = await sql.last_version(session)
        return Ordered(version, await _order(session, stamp, version, Scope.ALL, news))

    return await loop.alone("Redating.order", work, exclusive=True)


def calendar_with(changes: Changes, overrides: Changes, make_calendar: MakeCalendar) -> Calendar:
    """The calendar as it will be with these changes. Raises InvalidChange."""
    for day, name in changes.items():
        check_change(day, name)
    calendar = make_calendar({**overrides, **changes})
    check_opens(changes, calendar)
    return calendar


async def _check_alone(session: Session) -> None:
    if await jobs.any_unfinished(session):
        detail = "rows are still being moved to their dates of the version before; try again"
        raise Refusal(Code.FORBIDDEN_CONSECUTIVE_REQUEST, field="calendar", detail=detail)


async def _order(session: Session, stamp: Stamp, version: int, scope: Scope, news: News) -> int:
    job_id = stamp.mint.row_id()
    job = jobs.Job(job_id, version, scope, news.actor_name, news.source, 0, 0, stamp.now, None)
    await jobs.insert_job(session, job)
    return job_id
