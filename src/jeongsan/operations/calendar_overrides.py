"""Override one day of the calendar: a holiday announced late, or one that is worked after all."""

from datetime import date

from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import shops as sql
from jeongsan.store.session import Session


async def add_override(loop: CommitLoop, day: date, holiday: str | None, *, source: str) -> None:
    """`holiday` None makes it a business day. Rows that exist keep their dates."""

    async def work(session: Session, stamp: Stamp) -> None:
        await sql.upsert_override(session, day, holiday, source=source, now=stamp.now)
        await clock_sql.bump_config(session)

    await loop.alone("Calendar.override", work, exclusive=True)
