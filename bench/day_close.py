"""How fast a day is closed: transactions into settlement rows, per second, through the gateway's own run.

    python bench/day_close.py [--rows 100000] [--shops 100] [--runs 3] [--database postgresql://…]

Fills a day with approvals and cancels of many shops, closes it, and compares the rows' sums with the
transactions'. Without --database it measures SQLite in a new file; with it, a database that is empty and
may be filled.
"""

import argparse
import asyncio
import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

from jeongsan.app import Gateway, open_gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.bench.machine import machine
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.instants import kst_midnight
from jeongsan.domain.ledger import approval_moves, cancel_moves
from jeongsan.domain.payment_states import Status
from jeongsan.domain.shop import Mode, Shop
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.loop.operation import Stamp
from jeongsan.operations.books import post
from jeongsan.operations.day_close import close_day, mark_next_day
from jeongsan.operations.shops import create_shops, new_secret_key
from jeongsan.settings import Settings
from jeongsan.store import rows, tables
from jeongsan.store.session import Session

DAY = date(2025, 4, 25)
_CHUNK = 5_000
# Every tenth transaction is a cancel of half of what the one before it approved.
_CANCEL_EVERY = 10


def _transaction(shop: Shop, stamp: Stamp, number: int) -> Transaction:
    terms = shop.terms_on(DAY)
    assert terms is not None
    amount = 1_000 + (number * 7_919) % 300_000
    at = kst_midnight(DAY) + number
    approval = Transaction(
        transaction_id=stamp.mint.row_id(),
        transaction_key=stamp.mint.transaction_key(at),
        payment_id=number,
        shop_id=shop.shop_id,
        kind=Kind.APPROVAL,
        status=Status.DONE,
        currency="KRW",
        amount=amount,
        tax_free=0,
        tax_exemption=0,
        balance_before=0,
        balance_after=amount,
        approved_at=at,
        transacted_at=at,
        terms_id=terms.terms_id,
        settle_day=DAY,
    )
    if number % _CANCEL_EVERY:
        return approval
    part = amount // 2
    return replace(
        approval,
        kind=Kind.CANCEL,
        status=Status.PARTIAL_CANCELED,
        amount=part,
        balance_before=amount,
        balance_after=amount - part,
    )


async def _fill(gateway: Gateway, count: int) -> int:
    """The day's transactions with their postings; returns the sum of what they moved."""
    shops = [shop for shop in gateway.loop.config.shops.values() if shop.mode is Mode.LIVE]
    moved = 0
    for first in range(0, count, _CHUNK):

        async def work(session: Session, stamp: Stamp, first: int = first) -> int:
            made, postings, total = [], [], 0
            for number in range(first, min(first + _CHUNK, count)):
                shop = shops[number % len(shops)]
                one = _transaction(shop, stamp, number)
                moves = approval_moves if one.kind is Kind.APPROVAL else cancel_moves
                made.append(rows.transaction_row(one))
                total += one.balance_after - one.balance_before
                postings += [
                    rows.posting_row(posting)
                    for posting in post(
                        moves(one.amount, waits=False),
                        shop_id=shop.shop_id,
                        currency="KRW",
                        cause="bench",
                        stamp=stamp,
                        settle_day=DAY,
                        transaction_id=one.transaction_id,
                    )
                ]
            await session.insert(tables.TRANSACTION, made)
            await session.insert(tables.POSTING, postings)
            return total

        moved += await gateway.loop.alone("Bench.fill", work, ids=2 * _CHUNK)
    return moved


async def _measure(url: str, count: int, shops: int) -> float:
    """Seconds to close the day."""
    settings = Settings(
        database=url,
        clock_mode=ClockMode.FROZEN,
        clock_at=kst_midnight(DAY),
        worker=False,
        janitor=False,
        seed=7,
    )
    async with open_gateway(settings) as gateway:
        keys = {f"bench{n:05d}": {mode: new_secret_key(mode) for mode in Mode} for n in range(shops)}
        await create_shops(gateway.loop, keys)
        moved = await _fill(gateway, count)
        started = perf_counter()
        day = await mark_next_day(gateway.loop, date(2025, 4, 26))
        assert day == DAY, day
        await close_day(gateway.loop, DAY, korean_calendar)
        seconds = perf_counter() - started
        closed = await gateway.store.read("SELECT count(*), CAST(sum(amount) AS bigint) FROM settlement")
    if tuple(closed[0]) != (count, moved):
        raise SystemExit(f"{count} transactions of {moved} were closed as {tuple(closed[0])}")
    return seconds


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--shops", type=int, default=100)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--database")
    options = parser.parse_args()
    seconds = []
    for _ in range(1 if options.database else options.runs):
        with tempfile.TemporaryDirectory() as folder:
            url = options.database or f"sqlite:///{Path(folder) / 'bench.db'}"
            seconds.append(asyncio.run(_measure(url, options.rows, options.shops)))
    result = {
        "name": "day-close",
        "store": "postgres" if options.database else "sqlite",
        "rows": options.rows,
        "shops": options.shops,
        "per_second": round(options.rows / median(seconds)),
        "seconds": [round(one, 2) for one in seconds],
    }
    print(json.dumps({"bench": "day-close", "machine": machine(), "results": [result]}))  # noqa: T201


if __name__ == "__main__":
    main()
