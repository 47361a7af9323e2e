"""Announcing holidays to a gateway in the test's own process."""

from datetime import date

from jeongsan.bank_calendar import korean_calendar
from jeongsan.calendar_kr import SOURCE
from jeongsan.operations.calendar_versions import Announcement, Ordered, add_version, order_redating
from jeongsan.operations.redate import redate
from jeongsan.store.bulk.calendar import News
from support.sandbox import Sandbox


async def announce(
    sandbox: Sandbox,
    changes: dict[date, str | None],
    *,
    source: str = "관보",
    keep_dates: bool = False,
    work: bool = True,
) -> Ordered:
    """A new version of the calendar; `work`: and the re-dating that follows from it."""
    said = Announcement(changes, News(source, SOURCE, "김운영"), keep_dates)
    ordered = await add_version(sandbox.gateway.loop, said, korean_calendar)
    if work:
        await work_on(sandbox)
    return ordered


async def order_all(sandbox: Sandbox) -> None:
    """Every unpaid row on the date that the calendar in force gives it."""
    await order_redating(sandbox.gateway.loop, News("달력 대조", SOURCE, "김운영"))
    await work_on(sandbox)


async def work_on(sandbox: Sandbox) -> int:
    """Work on an ordered re-dating, as the worker would."""
    gateway = sandbox.gateway
    return await redate(gateway.loop, gateway.store, gateway.machine.now_ms(), korean_calendar)
