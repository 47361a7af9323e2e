"""`jeongsan clock`: show and move the business clock, and run what becomes due on the way."""

from typing import Annotated, Any

import typer

from jeongsan.bank_calendar import korean_calendar
from jeongsan.cli.output import DatabaseOption, JsonOption, run, show
from jeongsan.cli.session import gateway_for_command
from jeongsan.operations import set_clock
from jeongsan.store.bulk.clock import read_clock
from jeongsan.wire.encode import encode
from jeongsan.wire.extensions import clock_body
from jeongsan.wire.views import clock_view, moved_view

app = typer.Typer(help="The business clock.", no_args_is_help=True)


@app.command("show")
def show_clock(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """The time shown, its mode, and the last closed day."""

    async def work() -> dict[str, Any]:
        async with gateway_for_command(database) as gateway:
            clock = await read_clock(gateway.store)
            assert clock is not None
            return clock_view(clock, gateway.machine.now_ms())

    show(run(work(), as_json=as_json), as_json=as_json)


@app.command("set")
def set_to(
    now: Annotated[str, typer.Argument(metavar="ISO", help="2025-04-26T00:00:00+09:00")],
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move to a time; before the first payment also backwards."""
    _move({"now": now}, database, as_json)


@app.command()
def advance(
    duration: Annotated[str | None, typer.Argument(metavar="DURATION", help="P3D, PT90M")] = None,
    business_days: Annotated[int | None, typer.Option(help="Instead of a duration.")] = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move forward by a duration or by business days."""
    _move({"advance": duration, "businessDays": business_days}, database, as_json)


def _move(body: dict[str, Any], database: str | None, as_json: bool) -> None:
    async def work() -> dict[str, Any]:
        async with gateway_for_command(database) as gateway:
            clock = await read_clock(gateway.store)
            assert clock is not None
            now = clock.now(gateway.machine.now_ms())
            wanted = clock_body(encode(body), now, korean_calendar(gateway.loop.config.overrides))
            assert wanted.target is not None
            if wanted.target < now and await set_clock.set_before_facts(gateway.loop, wanted.target):
                return moved_view(wanted.target, ran={}, pending=0, done=True)
            moved = await gateway.mover.move(wanted.target)
            return moved_view(moved.now, ran=moved.ran, pending=moved.pending, done=moved.done)

    show(run(work(), as_json=as_json), as_json=as_json)
