"""The lists of a gateway for `jeongsan reconcile`, fetched as `jeongsan fetch` does it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jeongsan.cli.fetch_asked import address_asked, need_duckdb, shops_asked
from jeongsan.cli.merchant_keys import DEFAULT_SHOP
from jeongsan.cli.output import harmless, unusable
from jeongsan.cli.reading import machine_now, period_asked
from jeongsan.client.moments import kst_day
from jeongsan.fetch.report import is_whole, outcome_lines
from jeongsan.fetch.run import fetch
from jeongsan.fetch.shop_run import Machine, Plan
from jeongsan.fetch.slices import What
from jeongsan.reconcile.cancel_words import Language


@dataclass(frozen=True, slots=True)
class Wanted:
    """`first` and `last` as they were asked for; `rows` is the folder the files go to."""

    address: str
    shops: Sequence[str]
    first: str | None
    last: str | None
    rows: Path


@dataclass(frozen=True, slots=True)
class Fetched:
    """The folders of the shops, and the gateway's day, which its business clock may have moved."""

    folders: tuple[Path, ...]
    today: date


def fetched_rows(wanted: Wanted, language: Language, tell: Callable[[str], None], as_json: bool) -> Fetched:
    """Every transaction and settlement row of the days; leaves the program where any is missing, because what
    was not fetched would be told as a difference."""
    if wanted.first is None or wanted.last is None:
        message = "--address needs --from and --to: the days to fetch"
        unusable("INVALID_OPTION", message, as_json)
    period = period_asked(wanted.first, wanted.last, as_json=as_json)
    address = address_asked(wanted.address, as_json)
    need_duckdb(as_json)
    shops = shops_asked([*wanted.shops] or [DEFAULT_SHOP], as_json)
    plan = Plan(address, period, tuple(What), wanted.rows)
    outcomes = fetch(plan, shops, Machine(machine_now, time.sleep), tell)
    if not is_whole(outcomes):
        words = "; ".join(map(harmless, outcome_lines(plan, outcomes, language.value)))
        unusable("NOT_FETCHED", words, as_json)
    days = [kst_day(outcome.run.now) for outcome in outcomes if outcome.run is not None]
    return Fetched(tuple(wanted.rows / shop.name for shop in shops), max(days))
