"""What a holiday announced late costs: unpaid rows of one shop and paid-out date move to the next day.

    python bench/redating.py [--rows 10000 100000] [--store sqlite postgres] [--staying 0 10]

Half as many rows lie on the next date already. `--staying`: how many of a hundred rows stay on the first
date, behind those that move, so that they get new numbers. `longest_gate_s` is how long nothing else of the
gateway could commit.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

from jeongsan.app import Gateway, open_gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.bench.machine import machine
from jeongsan.bench.scratch_postgres import scratch_postgres
from jeongsan.calendar_kr import SOURCE
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.redating import Dating
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.redating import preview
from jeongsan.loop.operation import Stamp
from jeongsan.operations.calendar_versions import Announcement, add_version
from jeongsan.operations.redate import redate
from jeongsan.settings import Settings
from jeongsan.store import tables
from jeongsan.store.bulk.calendar import News
from jeongsan.store.open import migrate
from jeongsan.store.session import Session

# A new shop is D+4: what is sold on the 13th is paid out on the 19th.
SETTLED, LATER = date(2025, 3, 13), date(2025, 3, 14)
PAID_OUT, NEXT = date(2025, 3, 19), date(2025, 3, 20)
HOLIDAY = date(2025, 3, 14)
_ROWS_PER_COMMIT = 20_000


@dataclass
class Timing:
    """How long each re-dating transaction took, from inside the gate to its commit."""

    seconds: list[float] = field(default_factory=list)
    _begun: float = 0.0

    def step(self, name: str) -> None:
        if name == "Redating.move.begun":
            self._begun = perf_counter()
        if name == "Redating.move.committed":
            self.seconds.append(perf_counter() - self._begun)

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        """No payment is confirmed here."""


async def fill(gateway: Gateway, shop: Shop, rows: int, moving: int) -> None:
    """Rows of the 13th, of which those that stay were settled a day later; half as many on the next date."""
    terms_id = shop.terms[0].terms_id
    made = [(SETTLED if number <= moving else LATER, PAID_OUT, number) for number in range(1, rows + 1)]
    made += [(LATER, NEXT, number) for number in range(1, rows // 2 + 1)]
    for start in range(0, len(made), _ROWS_PER_COMMIT):
        chunk = [
            (
                10**9 + start + place,
                shop.shop_id,
                terms_id,
                settled.isoformat(),
                settled.isoformat(),
                paid_out.isoformat(),
                10**9 + start + place,
                number,
                "KRW",
                15_000,
                '[{"type":"BASE","fee":528}]',
                528,
                480,
                48,
                0,
                14_472,
            )
            for place, (settled, paid_out, number) in enumerate(made[start : start + _ROWS_PER_COMMIT])
        ]

        async def insert(session: Session, stamp: Stamp, chunk: list[Any] = chunk) -> None:
            await session.insert(tables.SETTLEMENT, chunk)

        await gateway.loop.alone("Bench.fill", insert)

    async def count(session: Session, stamp: Stamp) -> None:
        counts = [(PAID_OUT, rows), (NEXT, rows // 2)]
        await session.insert(
            tables.SETTLEMENT_COUNT,
            [(shop.shop_id, "paid", day.isoformat(), stored, stored, None) for day, stored in counts],
        )

    await gateway.loop.alone("Bench.count", count)


async def measure(store: str, url: str, rows: int, staying: int) -> dict[str, Any]:
    """Figures in seconds; raises when not exactly the rows that should have moved did."""
    migrate(url)
    settings = Settings(
        database=url,
        clock_mode=ClockMode.FROZEN,
        clock_at=parse_instant("2025-03-15T09:00:00+09:00"),
        worker=False,
        first_shop=True,
    )
    async with open_gateway(settings) as gateway:
        shop = next(shop for shop in gateway.loop.config.shops.values() if shop.mode == "live")
        expected = rows - rows * staying // 100
        await fill(gateway, shop, rows, expected)
        timing = Timing()
        gateway.loop.observer = timing
        changes: dict[date, str | None] = {HOLIDAY: "임시공휴일"}
        began = perf_counter()
        dating = Dating(korean_calendar(changes), korean_calendar({}), date(2025, 3, 15))
        seen = sum(move.count for move in (await preview(gateway.store, dating)).moves)
        previewed = perf_counter() - began
        said = Announcement(changes, News("bench", SOURCE, "bench"))
        began = perf_counter()
        await add_version(gateway.loop, said, korean_calendar)
        await redate(gateway.loop, gateway.store, gateway.machine.now_ms(), korean_calendar)
        whole = perf_counter() - began
        ((moved, done),) = [
            tuple(row) for row in await gateway.store.read("SELECT moved_rows, done_at FROM redating")
        ]
        assert (moved, seen) == (expected, expected), (moved, seen)
        assert done is not None
        return {
            "store": store,
            "rows": rows,
            "moved": moved,
            "preview_s": round(previewed, 2),
            "whole_s": round(whole, 2),
            "longest_gate_s": round(max(timing.seconds), 2),
            "rows_per_s": round(moved / whole),
        }


@contextmanager
def database(store: str) -> Iterator[str]:
    """A database of its own for one measurement."""
    if store == "postgres":
        with scratch_postgres() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


def main() -> None:
    """Print a line for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--store", nargs="+", default=["sqlite", "postgres"], choices=["sqlite", "postgres"])
    parser.add_argument("--staying", type=int, nargs="+", default=[0, 10])
    wanted = parser.parse_args()
    print(machine())  # noqa: T201
    for store in wanted.store:
        for rows, staying in product(wanted.rows, wanted.staying):
            with database(store) as url:
                print(asyncio.run(measure(store, url, rows, staying)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
