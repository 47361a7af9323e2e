"""`jeongsan calendar add` and `redate`: a new version of the calendar, and unpaid rows on their new dates."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from jeongsan.app import Gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.calendar_kr import SOURCE
from jeongsan.cli.holiday_file import plain_day, read_holidays
from jeongsan.cli.output import DatabaseOption, JsonOption, harmless, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.domain.business_days import Calendar
from jeongsan.domain.calendar_changes import Changes, InvalidChange
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.redating import Dating
from jeongsan.inquiry.redating import moves_view, preview, preview_view
from jeongsan.operations import redate as redating
from jeongsan.operations.calendar_versions import (
    Announcement,
    Ordered,
    add_version,
    calendar_with,
    order_redating,
)
from jeongsan.store.bulk.calendar import News
from jeongsan.store.bulk.clock import read_clock
from jeongsan.store.bulk.redating_jobs import job_of
from jeongsan.store.reads.calendar import moved_rows

_OPERATOR = "operator"

ActorOption = Annotated[str, typer.Option(help="Who enters it.")]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Show what would move; change nothing.")]


def add(
    day: Annotated[str | None, typer.Argument(metavar="DAY")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the holiday.")] = None,
    business_day: Annotated[
        bool, typer.Option("--business-day", help="The day is worked after all.")
    ] = False,
    file: Annotated[Path | None, typer.Option(help="CSV or TOML of day and name, instead of DAY.")] = None,
    source: Annotated[str | None, typer.Option(help="Who announced it; needed with --file.")] = None,
    note: Annotated[str | None, typer.Option(help="A remark.")] = None,
    actor: ActorOption = _OPERATOR,
    keep_dates: Annotated[
        bool, typer.Option("--keep-dates", help="Rows that exist keep their paid-out dates.")
    ] = False,
    only_preview: PreviewOption = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """A new version of the calendar. Unpaid rows that it concerns move to their new paid-out dates."""

    async def work() -> dict[str, Any]:
        changes = _changes(day, name, business_day, file)
        if file is not None and source is None:
            raise Refusal(Code.INVALID_REQUEST, field="source", detail="say who announced these days")
        news = News(source or _OPERATOR, SOURCE, actor, note)
        said = Announcement(changes, news, keep_dates)
        async with gateway_for_command(database) as gateway:
            try:
                if only_preview:
                    return await _previewed(gateway, said)
                await _work_on(gateway)
                ordered = await add_version(gateway.loop, said, korean_calendar)
            except InvalidChange as error:
                raise Refusal(Code.INVALID_REQUEST, field=error.field, detail=error.detail) from error
            head = {"version": ordered.version, "source": news.source, "changes": _shown(changes)}
            return {**head, "redating": await _carried_out(gateway, ordered)}

    _print(run(work(), as_json=as_json), as_json=as_json)


def redate(
    source: Annotated[str, typer.Option(help="Why, such as an upgrade of the holidays.")] = _OPERATOR,
    actor: ActorOption = _OPERATOR,
    only_preview: PreviewOption = False,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move every unpaid row to where the calendar in force puts it, and end what was left unfinished."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database, existing=True) as gateway:
            if only_preview:
                dating = await _dating(gateway, korean_calendar(gateway.loop.config.overrides), None)
                config = gateway.loop.config
                found = await preview(gateway.store, dating, config.shops)
                return {"preview": True, "redating": preview_view(found, config)}
            await _work_on(gateway)
            ordered = await order_redating(gateway.loop, News(source, SOURCE, actor))
            return {"version": ordered.version, "redating": await _carried_out(gateway, ordered)}

    _print(run(work(), as_json=as_json), as_json=as_json)


def plain(text: str) -> date:
    """A day as commands take it. Raises Refusal INVALID_DATE."""
    try:
        return plain_day(text)
    except ValueError as error:
        raise Refusal(Code.INVALID_DATE, field="day", detail="is yyyy-MM-dd") from error


def _changes(day: str | None, name: str | None, business_day: bool, file: Path | None) -> Changes:
    if (day is None) == (file is None):
        raise Refusal(Code.INVALID_REQUEST, field="day", detail="give a DAY or --file")
    if file is not None:
        if name is not None or business_day:
            raise Refusal(Code.INVALID_REQUEST, field="name", detail="the file has the names")
        return read_holidays(file)
    assert day is not None
    if (name is None) != business_day:
        raise Refusal(Code.INVALID_REQUEST, field="name", detail="give --name or --business-day")
    return {plain(day): name}


async def _dating(gateway: Gateway, calendar: Calendar, before: Calendar | None) -> Dating:
    clock = await read_clock(gateway.store)
    assert clock is not None
    return Dating(calendar, before, kst_day(clock.now(gateway.machine.now_ms())))


async def _previewed(gateway: Gateway, said: Announcement) -> dict[str, Any]:
    config = gateway.loop.config
    after = calendar_with(said.changes, config.overrides, korean_calendar)
    found = None
    if not said.keep_dates:
        before = korean_calendar(config.overrides)
        dating = await _dating(gateway, after, before)
        found = preview_view(await preview(gateway.store, dating, config.shops), config)
    return {"preview": True, "source": said.news.source, "changes": _shown(said.changes), "redating": found}


async def _work_on(gateway: Gateway) -> None:
    """Do what is left of an ordered re-dating; a running gateway does the same by itself."""
    await redating.redate(gateway.loop, gateway.store, gateway.machine.now_ms(), korean_calendar)


async def _carried_out(gateway: Gateway, ordered: Ordered) -> dict[str, Any] | None:
    if ordered.redating_id is None:
        return None
    await _work_on(gateway)
    job = await job_of(gateway.store, ordered.redating_id)
    moves = moves_view(await moved_rows(gateway.store, job.redating_id), gateway.loop.config.shops)
    return {"done": job.done_at is not None, "movedRows": job.moved_rows, "moves": moves}


def _shown(changes: Changes) -> list[dict[str, Any]]:
    return [{"date": day.isoformat(), "holiday": name} for day, name in sorted(changes.items())]


def _print(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show(answer, as_json=True)
        return
    for line in _lines(answer):
        typer.echo(harmless(line))


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    for change in answer.get("changes", ()):
        yield f"{change['date']}  {change['holiday'] or '영업일'}"
    moved = answer["redating"]
    if moved is None:
        yield "rows that exist keep their dates"
    else:
        for one in moved["moves"]:
            sums = f"{one['amount']:,} {one['currency']}, to be paid {one['payOutAmount']:,}"
            rows = f"{one['rows']:,} rows, {sums}"
            yield f"{one['mode']}  {one['mId']}  {one['from']} → {one['to']}  {rows}"
        for one in moved.get("payouts", ()):
            sums = f"{one['before']:,} → {one['after']:,} {one['currency']}"
            yield f"{one['mode']}  {one['mId']}  payout of {one['date']}: {sums}"
        if not moved["moves"]:
            yield "no row moves"
    if answer.get("preview"):
        yield "a preview: nothing was changed"
    else:
        yield f"version {answer['version']} is in force"
    if moved is not None and not moved.get("done", True):
        yield "rows are still being moved: the gateway goes on, or run jeongsan calendar redate again"
