"""What the commands that fetch from a gateway ask for alike: its address, the shops and their keys."""

import re
from collections.abc import Iterable

from jeongsan.cli.merchant_keys import DEFAULT_SHOP, NoKey, key_of_shop
from jeongsan.cli.output import harmless, unusable
from jeongsan.client.address import checked_address
from jeongsan.client.errors import InvalidAddress
from jeongsan.client.keys import is_secret
from jeongsan.fetch.shop_run import Shop
from jeongsan.reconcile.extras import NotInstalled, needed
from jeongsan.settings import fetch_key_variable

# Also a folder's name, on any system, and the end of a variable's.
_SHOP_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)


def refuse_keys(values: Iterable[str], key: str | None, as_json: bool) -> None:
    """What stands on a command line stands in the list of processes and in the shell's history."""
    if key is not None or any(map(is_secret, values)):
        message = (
            "a secret key does not belong on a command line, where others can read it: put it into "
            "JEONGSAN_SECRET_KEY, JEONGSAN_FETCH_KEY_<NAME> or the keyring, and replace this one"
        )
        unusable("KEY_ON_COMMAND_LINE", message, as_json)


def address_asked(address: str, as_json: bool) -> str:
    """Leaves the program for what is none."""
    try:
        return checked_address(address)
    except InvalidAddress as error:
        unusable(error.code, str(error), as_json)


def need_duckdb(as_json: bool) -> None:
    """Leaves the program where it is not installed."""
    try:
        needed("duckdb")
    except NotInstalled as error:
        unusable("EXTRA_MISSING", f"Parquet files need DuckDB: {error}", as_json)


def shops_asked(names: list[str], as_json: bool) -> list[Shop]:
    """Each with its key, which nobody is asked for before all are known."""
    strange = [name for name in names if not _SHOP_NAME.fullmatch(name)]
    if strange:
        message = f"--shop is small letters, digits and -, not {harmless(strange[0])}"
        unusable("INVALID_OPTION", message, as_json)
    if len(set(names)) < len(names):
        unusable("INVALID_OPTION", "--shop names a shop twice", as_json)
    shops = [Shop(name, _key(name, as_json)) for name in names]
    first: dict[str, str] = {}
    for one in shops:
        known = first.setdefault(one.secret_key, one.name)
        if known != one.name:
            # Whoever sums over the folders would count it twice.
            unusable("INVALID_OPTION", f"the shops {known} and {one.name} have the same key", as_json)
    return shops


def _key(name: str, as_json: bool) -> str:
    try:
        return key_of_shop(name)
    except NoKey as error:
        variable = "JEONGSAN_SECRET_KEY" if name == DEFAULT_SHOP else fetch_key_variable(name)
        message = f"set {variable} to the secret key of the shop, which is not taken as an argument; {error}"
        unusable("NO_SECRET_KEY", message, as_json)
