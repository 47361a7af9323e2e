"""`jeongsan fetch`: what a gateway lists, ours or the real one, brought into Parquet files. It only reads."""

import time
from pathlib import Path
from typing import Annotated

import typer

from jeongsan.cli.fetch_asked import address_asked, need_duckdb, refuse_keys, shops_asked
from jeongsan.cli.merchant_keys import DEFAULT_SHOP
from jeongsan.cli.output import (
    EXIT_REFUSED,
    JsonOption,
    LanguageOption,
    harmless,
    show,
    status_line,
    unusable,
)
from jeongsan.cli.reading import (
    ADDRESS_DEFAULT,
    AddressOption,
    FirstOption,
    LastOption,
    machine_now,
    period_asked,
)
from jeongsan.fetch.report import is_whole, outcome_lines, outcome_view
from jeongsan.fetch.run import PARALLEL_MAX
from jeongsan.fetch.run import fetch as fetch_shops
from jeongsan.fetch.shop_run import Machine, Plan
from jeongsan.fetch.slices import What


def fetch(
    first: FirstOption,
    last: LastOption,
    into: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the files go, or already are.")],
    address: AddressOption = ADDRESS_DEFAULT,
    shop: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Its key: JEONGSAN_FETCH_KEY_NAME. Repeatable.")
    ] = None,
    what: Annotated[str, typer.Option(metavar="LISTS", help="Which lists.")] = ",".join(What),
    parallel: Annotated[int, typer.Option(min=1, max=PARALLEL_MAX, help="Slices at a time.")] = 1,
    refresh: Annotated[bool, typer.Option("--refresh", help="Read what is final again, too.")] = False,
    lang: LanguageOption = "ko",
    key: Annotated[str | None, typer.Option("--key", "--secret-key", hidden=True)] = None,
    caught: Annotated[list[str] | None, typer.Argument(hidden=True)] = None,
    as_json: JsonOption = False,
) -> None:
    """Transactions and settlement rows of some days, into Parquet files. Goes on where it stopped.

    Exit 0: all fetched, 1: something failed or differs, 2: could not start."""
    refuse_keys([first, last, str(into), address, what, *(shop or ()), *(caught or ())], key, as_json)
    if caught:
        unusable("INVALID_OPTION", f"what is {harmless(caught[0])}? Everything is an option", as_json)
    period, whats = period_asked(first, last, as_json=as_json), _whats(what, as_json)
    checked = address_asked(address, as_json)
    need_duckdb(as_json)
    shops = shops_asked(shop or [DEFAULT_SHOP], as_json)
    plan = Plan(checked, period, whats, into, parallel, refresh)
    with status_line() as tell:
        outcomes = fetch_shops(plan, shops, Machine(machine_now, time.sleep), tell)
    if as_json:
        show(outcome_view(plan, outcomes), as_json=True)
    else:
        for line in outcome_lines(plan, outcomes, lang):
            typer.echo(harmless(line))
    if not is_whole(outcomes):
        raise typer.Exit(EXIT_REFUSED)


def _whats(text: str, as_json: bool) -> tuple[What, ...]:
    named = [name.strip() for name in text.split(",")]
    unknown = [name for name in named if name not in set(What)]
    if unknown:
        unusable("INVALID_OPTION", f"--what knows {', '.join(What)}, not {harmless(unknown[0])}", as_json)
    return tuple(what for what in What if what in named)
