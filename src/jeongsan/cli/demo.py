"""`jeongsan demo`: answer the help thread, and leave with 0 only if every check holds."""

from time import perf_counter
from typing import Annotated

import typer

from jeongsan.cli.output import JsonOption, run, show
from jeongsan.demo.sabotage import Sabotage, sabotage
from jeongsan.demo.story import tell


def demo(
    as_json: JsonOption = False,
    sabotaged: Annotated[
        bool,
        typer.Option(
            "--sabotage", help="Break bucket, calendar and channel in turn: it must fail each time."
        ),
    ] = False,
) -> None:
    """Answer the questions of a real help thread, told and checked."""
    if sabotaged:
        _sabotage(as_json=as_json)
        return
    started = perf_counter()
    checks = run(tell(), as_json=as_json)
    seconds = perf_counter() - started
    if as_json:
        listed = [{"promise": check.promise, "holds": check.holds} for check in checks.checks]
        show({"checks": listed, "failed": len(checks.failed), "seconds": round(seconds, 1)}, as_json=True)
    else:
        for line in checks.lines:
            typer.echo(line)
        summary = f"{len(checks.checks)} checks, {len(checks.failed)} failed · {seconds:.1f} s"
        typer.echo(f"\n   {summary} · next: make serve → http://127.0.0.1:8080/console · docs/help-thread.md")
    if checks.failed:
        raise typer.Exit(1)


def _sabotage(*, as_json: bool) -> None:
    told = run(sabotage(), as_json=as_json)
    if as_json:
        listed = [{"name": one.name, "failed": len(one.failed), "noticed": one.noticed} for one in told]
        show({"sabotage": listed}, as_json=True)
    else:
        for one in told:
            typer.echo(_line(one))
    if not all(one.noticed for one in told):
        raise typer.Exit(1)


def _line(one: Sabotage) -> str:
    if not one.noticed:
        return f"{one.name:<8}  {one.broken}: NOT NOTICED"
    promises = "; ".join(check.promise for check in one.failed[:3])
    return f"{one.name:<8}  {one.broken}: {len(one.failed)} checks fail as they must ({promises}, …)"
