"""`jeongsan`: the commands and where they live."""

import sys

import structlog
import typer

from jeongsan.cli import (
    bench,
    calendar,
    cancel,
    check,
    clock,
    contract,
    decode,
    demo,
    explain,
    fetch,
    findings,
    hold,
    parity,
    reconcile,
    serve,
    settle,
    shop,
    trace,
)

# Standard output belongs to the commands' answers.
structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

app = typer.Typer(
    name="jeongsan",
    help="A payment gateway that goes all the way to settlement (정산). No real money.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command()(serve.serve)
app.command()(serve.worker)
app.command()(serve.migrate)
app.command()(cancel.cancel)
app.command()(trace.trace)
app.command()(explain.explain)
app.command()(parity.parity)
app.command()(demo.demo)
app.command()(decode.decode)
app.command()(fetch.fetch)
app.command()(reconcile.reconcile)
app.add_typer(findings.app, name="findings")
app.add_typer(clock.app, name="clock")
app.add_typer(shop.app, name="shop")
app.add_typer(contract.app, name="contract")
app.add_typer(hold.app, name="hold")
app.add_typer(calendar.app, name="calendar")
app.add_typer(settle.app, name="settle")
app.add_typer(check.app, name="check")
app.add_typer(bench.app, name="bench")
