"""`jeongsan demo`: tell the story of one payment, and leave with 0 only if every check holds."""

from time import perf_counter

import typer

from jeongsan.cli.output import JsonOption, run, show
from jeongsan.demo.story import tell


def demo(as_json: JsonOption = False) -> None:
    """One card payment confirmed, cancelled, announced, settled: told and checked."""
    started = perf_counter()
    checks = run(tell(), as_json=as_json)
    seconds = perf_counter() - started
    if as_json:
        listed = [{"promise": check.promise, "holds": check.holds} for check in checks.checks]
        show({"checks": listed, "failed": len(checks.failed), "seconds": round(seconds, 1)}, as_json=True)
    else:
        for line in checks.lines:
            typer.echo(line)
        typer.echo(f"\n   {len(checks.checks)} checks, {len(checks.failed)} failed · {seconds:.1f} s")
    if checks.failed:
        raise typer.Exit(1)
