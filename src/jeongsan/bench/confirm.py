"""`jeongsan bench confirm`: durable confirms per second, in four ways, in the same run.

http-inline          over HTTP, the network inside the batch: one commit
http-remote          over HTTP, the network between two batches: two commits
loop                 the same operations through the loop, without HTTP
commit-per-request   over HTTP inline, with batches of one

The load comes from another process; the figures are closed-loop (each client waits for its answer).
After each measurement the database is counted and summed.
"""

import asyncio
import json
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from jeongsan.app import Gateway, open_gateway
from jeongsan.bench.fsyncs import SqliteFsyncs, postgres_fsyncs
from jeongsan.bench.machine import percentile
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.idempotency import identity
from jeongsan.domain.money import Money
from jeongsan.domain.payment import SANDBOX_CARD
from jeongsan.domain.shop import Mode
from jeongsan.operations.caller import Caller
from jeongsan.operations.confirm import ConfirmCommand
from jeongsan.operations.create_payment import CreatePayment
from jeongsan.operations.shops import create_shops, hash_key, new_secret_key
from jeongsan.settings import Settings
from jeongsan.store.open import open_store

WAYS = ("http-inline", "http-remote", "loop", "commit-per-request")
_AMOUNT = 15_000
_WARM_UP = 500
_SERVE_OPTIONS = {
    "http-inline": (),
    "http-remote": ("--network", "remote"),
    "commit-per-request": ("--batch-size", "1"),
}


class CountsDisagree(AssertionError):
    """What was answered is not what the database holds: the figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`requests` per measurement with 32 or more clients; fewer clients get fewer."""

    store: str
    database: str | None
    shops: int
    clients: tuple[int, ...]
    ways: tuple[str, ...]
    requests: int

    def requests_for(self, clients: int) -> int:
        """A measurement long enough to mean something, short enough for slow ways."""
        return max(500, self.requests * min(clients, 32) // 32)


@dataclass(frozen=True, slots=True)
class Item:
    """A payment ready to be confirmed, and the key of its shop."""

    key: str
    shop_id: int
    payment_key: str
    order_id: str


async def bench_confirm(plan: Plan) -> list[dict[str, Any]]:
    """Measure every way with every number of clients, the ways alternating."""
    results = []
    for clients in plan.clients:
        for way in plan.ways:
            with tempfile.TemporaryDirectory(prefix="jeongsan-bench-") as folder:
                async with _database(plan, Path(folder)) as url:
                    results.append(await _measure(plan, way, clients, url, Path(folder)))
    return results


@asynccontextmanager
async def _database(plan: Plan, folder: Path) -> AsyncIterator[str]:
    """A new SQLite file, or a new database on the given PostgreSQL server."""
    if plan.store == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
        return
    assert plan.database is not None
    name = f"jeongsan_bench_{secrets.token_hex(6)}"
    parts = urlsplit(plan.database)
    admin = await open_store(plan.database)
    session_url = parts._replace(path=f"/{name}").geturl()
    try:
        await admin.read(f"CREATE DATABASE {name}")
        yield session_url
        await admin.read(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


async def _measure(plan: Plan, way: str, clients: int, url: str, folder: Path) -> dict[str, Any]:
    requests = plan.requests_for(clients)
    settings = Settings(database=url, clock_mode=ClockMode.FROZEN, worker=False)
    async with open_gateway(settings) as gateway:
        items = await _prepare(gateway, plan.shops, requests + _WARM_UP)
        warm_up, measured = items[:_WARM_UP], items[_WARM_UP:]
        if way == "loop":
            await _through_loop(gateway, warm_up, clients)
            before = await _postgres_count(plan, gateway)
            seconds, latencies = await _through_loop(gateway, measured, clients)
            fsyncs = _difference(before, await _postgres_count(plan, gateway))
    if way != "loop":
        async with _server(url, way, folder) as (address, counter):
            await _load(address, warm_up, clients)
            before = await _count(plan, counter, url)
            seconds, latencies = await _load(address, measured, clients)
            fsyncs = _difference(before, await _count(plan, counter, url))
    await _check(url, len(items))
    return {
        "name": way,
        "store": plan.store,
        "clients": clients,
        "requests": requests,
        "per_second": round(requests / seconds),
        "p50_ms": round(percentile(latencies, 0.50) * 1000, 2),
        "p99_ms": round(percentile(latencies, 0.99) * 1000, 2),
        "max_ms": round(max(latencies) * 1000, 2),
        "fsyncs": fsyncs,
    }


async def _prepare(gateway: Gateway, shops: int, count: int) -> list[Item]:
    keys = {f"bench{number:06d}": {mode: new_secret_key(mode) for mode in Mode} for number in range(shops)}
    await create_shops(gateway.loop, keys)
    config = gateway.loop.config
    of_shop = []
    for mid, both in keys.items():
        shop = config.shop_of(mid, Mode.LIVE)
        assert shop is not None
        of_shop.append((shop.shop_id, both[Mode.LIVE]))

    async def one(number: int) -> Item:
        shop_id, key = of_shop[number % len(of_shop)]
        amount = Money(_AMOUNT, "KRW")
        order_id = f"order-{number:08d}"
        caller = Caller(shop_id, Actor(Channel.SANDBOX_BUYER, "bench"), None, "", "ko")
        made = await gateway.loop.submit(
            CreatePayment(caller, order_id, "bench", amount, Money(0, "KRW"), SANDBOX_CARD)
        )
        return Item(key, shop_id, made.payment_key, order_id)

    items: list[Item] = []
    for start in range(0, count, 4_000):
        numbers = range(start, min(count, start + 4_000))
        items.extend(await asyncio.gather(*(one(number) for number in numbers)))
    return items


async def _through_loop(gateway: Gateway, items: list[Item], clients: int) -> tuple[float, list[float]]:
    waiting: Iterator[Item] = iter(items)
    latencies: list[float] = []

    async def client() -> None:
        for item in waiting:
            bound = identity(
                key=item.order_id, key_hash=hash_key(item.key), method="POST", path="/v1/payments/confirm"
            )
            caller = Caller(item.shop_id, Actor(Channel.API, "bench"), bound, secrets.token_hex(16), "ko")
            started = perf_counter()
            reply = await gateway.flow.confirm(
                ConfirmCommand(item.payment_key, item.order_id, Decimal(_AMOUNT)), caller
            )
            latencies.append(perf_counter() - started)
            if reply.status != 200:
                raise CountsDisagree(reply.body.decode())

    started = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return perf_counter() - started, latencies


@asynccontextmanager
async def _server(url: str, way: str, folder: Path) -> AsyncIterator[tuple[str, SqliteFsyncs]]:
    """The gateway as a process of its own, on the first core where cores can be chosen."""
    counter = SqliteFsyncs(folder)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "jeongsan", "serve", "--port", "0", "--json", "--database", url),
        *_SERVE_OPTIONS[way],
        env=counter.environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        address = json.loads(await process.stdout.readline())["url"]
        _pin(process.pid, core=0)
        yield address, counter
    finally:
        process.terminate()
        await process.wait()


def _pin(pid: int, *, core: int) -> None:
    """Client and server each get a core, so that neither borrows the other's."""
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core})


async def _load(address: str, items: list[Item], clients: int) -> tuple[float, list[float]]:
    parts = urlsplit(address)
    plan = {
        "host": parts.hostname,
        "port": parts.port,
        "clients": clients,
        "items": [
            {
                "key": item.key,
                "payment": {"paymentKey": item.payment_key, "orderId": item.order_id, "amount": _AMOUNT},
            }
            for item in items
        ],
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "jeongsan.bench.load",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    _pin(process.pid, core=1)
    output, _ = await process.communicate(json.dumps(plan).encode())
    result = json.loads(output)
    if result["failed"] or len(result["latencies_s"]) != len(items):
        raise CountsDisagree(f"{result['failed']} of {len(items)} confirms were not answered with 200")
    return result["seconds"], result["latencies_s"]


async def _count(plan: Plan, counter: SqliteFsyncs, url: str) -> int | None:
    if plan.store == "sqlite":
        return counter.count()
    store = await open_store(url)
    try:
        return await postgres_fsyncs(store)
    finally:
        await store.close()


async def _postgres_count(plan: Plan, gateway: Gateway) -> int | None:
    """Inside this process only PostgreSQL can be counted."""
    return await postgres_fsyncs(gateway.store) if plan.store == "postgres" else None


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


async def _check(url: str, confirmed: int) -> None:
    """Every confirm that was answered is there once, with its posting, event and record."""
    store = await open_store(url)
    try:
        rows = await store.read(
            "SELECT (SELECT count(*) FROM payment WHERE status = 'DONE'), "
            "(SELECT count(*) FROM payment_transaction), "
            "(SELECT CAST(sum(amount) AS bigint) FROM posting WHERE debit = '1100' AND credit = '2100'), "
            "(SELECT count(*) FROM event), (SELECT count(*) FROM idempotency_record), "
            "(SELECT count(*) FROM network_attempt WHERE state = 'approved')"
        )
    finally:
        await store.close()
    expected = (confirmed, confirmed, confirmed * _AMOUNT, confirmed, confirmed, confirmed)
    if tuple(rows[0]) != expected:
        raise CountsDisagree(f"the database holds {tuple(rows[0])}, answered were {expected}")
