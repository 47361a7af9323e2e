"""`jeongsan fetch`: what a gateway lists, ours or the real one, brought into Parquet files. It only reads."""

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from jeongsan.cli.merchant_keys import DEFAULT_SHOP, NoKey, key_of_shop
from jeongsan.cli.output import (
    EXIT_REFUSED,
    EXIT_UNUSABLE,
    JsonOption,
    LanguageOption,
    fail,
    harmless,
    show,
    status_line,
)
from jeongsan.cli.reading import (
    ADDRESS_DEFAULT,
    AddressOption,
    FirstOption,
    LastOption,
    machine_now,
    period_asked,
)
from jeongsan.client.address import checked_address
from jeongsan.client.errors import InvalidAddress
from jeongsan.client.keys import is_secret
from jeongsan.fetch.report import is_whole, outcome_lines, outcome_view
from jeongsan.fetch.run import PARALLEL_MAX
from jeongsan.fetch.run import fetch as fetch_shops
from jeongsan.fetch.shop_run import Machine, Plan, Shop
from jeongsan.fetch.slices import What
from jeongsan.reconcile.extras import NotInstalled, needed
from jeongsan.settings import fetch_key_variable

# Also a folder's name, on any system, and the end of a variable's.
_SHOP_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


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
    _refuse_keys([first, last, str(into), address, what, *(shop or ()), *(caught or ())], key, as_json)
    if caught:
        _unusable("INVALID_OPTION", f"what is {harmless(caught[0])}? Everything is an option", as_json)
    period, whats = period_asked(first, last, as_json=as_json), _whats(what, as_json)
    checked = _address(address, as_json)
    _need_duckdb(as_json)
    shops = _shops(shop or [DEFAULT_SHOP], as_json)
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


def _unusable(code: str, message: str, as_json: bool) -> None:
    fail(code, message, as_json=as_json, exit_code=EXIT_UNUSABLE)


def _refuse_keys(values: Iterable[str], key: str | None, as_json: bool) -> None:
    """What stands on a command line stands in the list of processes and in the shell's history."""
    if key is not None or any(map(is_secret, values)):
        message = (
            "a secret key does not belong on a command line, where others can read it: put it into "
            "JEONGSAN_SECRET_KEY, JEONGSAN_FETCH_KEY_<NAME> or the keyring, and replace this one"
        )
        _unusable("KEY_ON_COMMAND_LINE", message, as_json)


def _whats(text: str, as_json: bool) -> tuple[What, ...]:
    named = [name.strip() for name in text.split(",")]
    unknown = [name for name in named if name not in set(What)]
    if unknown:
        _unusable("INVALID_OPTION", f"--what knows {', '.join(What)}, not {harmless(unknown[0])}", as_json)
    return tuple(what for what in What if what in named)


def _address(address: str, as_json: bool) -> str:
    try:
        return checked_address(address)
    except InvalidAddress as error:
        fail(error.code, str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)


def _need_duckdb(as_json: bool) -> None:
    try:
        needed("duckdb")
    except NotInstalled as error:
        _unusable("EXTRA_MISSING", f"Parquet files need DuckDB: {error}", as_json)


def _shops(names: list[str], as_json: bool) -> list[Shop]:
    """Each with its key, which nobody is asked for before all are known."""
    strange = [name for name in names if not _SHOP_NAME.fullmatch(name)]
    if strange:
        message = f"--shop is small letters, digits and -, not {harmless(strange[0])}"
        _unusable("INVALID_OPTION", message, as_json)
    if len(set(names)) < len(names):
        _unusable("INVALID_OPTION", "--shop names a shop twice", as_json)
    shops = [Shop(name, _key(name, as_json)) for name in names]
    first: dict[str, str] = {}
    for one in shops:
        known = first.setdefault(one.secret_key, one.name)
        if known != one.name:
            # Whoever sums over the folders would count it twice.
            _unusable("INVALID_OPTION", f"the shops {known} and {one.name} have the same key", as_json)
    return shops


def _key(name: str, as_json: bool) -> str:
    try:
        return key_of_shop(name)
    except NoKey as error:
        variable = "JEONGSAN_SECRET_KEY" if name == DEFAULT_SHOP else fetch_key_variable(name)
        message = f"set {variable} to the secret key of the shop, which is not taken as an argument; {error}"
        fail("NO_SECRET_KEY", message, as_json=as_json, exit_code=EXIT_UNUSABLE)
