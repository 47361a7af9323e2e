"""What the commands that read a gateway, ours or the real one, ask for alike: its address, days, the time."""

from datetime import datetime
from typing import Annotated

import typer

from jeongsan.cli.output import EXIT_UNUSABLE, fail
from jeongsan.client.moments import moment_of_milliseconds
from jeongsan.clock import MachineClock
from jeongsan.reconcile.period import InvalidPeriod, Period

ADDRESS_DEFAULT = "http://127.0.0.1:8080"

FirstOption = Annotated[str, typer.Option("--from", metavar="DAY", help="First day in Seoul, 2025-04-01.")]
LastOption = Annotated[str, typer.Option("--to", metavar="DAY", help="Last day, included.")]
AddressOption = Annotated[str, typer.Option(metavar="URL", help="The gateway to read.")]


def period_asked(first: str, last: str, *, as_json: bool) -> Period:
    """The days of `--from` and `--to`; leaves the program for what are none."""
    try:
        return Period.asked(first, last)
    except InvalidPeriod as error:
        fail("INVALID_OPTION", f"--{error.field} {error}", as_json=as_json, exit_code=EXIT_UNUSABLE)


def machine_now() -> datetime:
    """This machine's time, as the client has times."""
    return moment_of_milliseconds(MachineClock().now_ms())
