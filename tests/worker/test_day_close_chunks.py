"""The same day closed in chunks of any size is the same, byte for byte, and what the rules make of each
transaction alone; on both stores."""

import asyncio
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.methods import Situation
from jeongsan.domain.settlement import row
from jeongsan.domain.terms import Price, RefundFeeOn, Surcharge
from jeongsan.store.bulk import day_close
from jeongsan.store.rows import settlement_row, terms_from, transaction_from
from jeongsan.store.tables import SETTLEMENT, TERMS, TRANSACTION
from support.agreed import agree, card_contract
from support.invariants import check_invariants
from support.sandbox import Sandbox, open_sandbox
from support.shops import another_shop

pytestmark = pytest.mark.anyio

SIZES = (1, 7, 1_000)
SALES = 13


@pytest.fixture
def databases(store_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """A fresh, migrated database of the kind under test for each size."""
    names = [f"t_{os.getpid()}_{uuid.uuid4().hex[:12]}" for _ in SIZES]
    if store_kind == "sqlite":
        paths = [tmp_path / f"{name}.db" for name in names]
        for path in paths:
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield [f"sqlite:///{path}" for path in paths]
        return
    server = request.getfixturevalue("postgres_server")
    yield [server.create_database(name) for name in names]
    for name in names:
        server.drop_database(name)


async def _a_days_trade(sandbox: Sandbox) -> None:
    """Sales of two shops in two currencies, some cancelled in parts, with a fee for each refund."""
    await agree(
        sandbox,
        card_contract(
            surcharges=(Surcharge(Situation.CARD_POINT, Price(2_000)),),
            other=Price(100, 10),
            refund_fee=300,
            refund_fee_on=RefundFeeOn.ROW,
        ),
    )
    other = await another_shop(sandbox, "tother0001")
    for number in range(SALES):
        payment = await sandbox.done(10_030 + 777 * number)
        if number % 3 == 0:
            await sandbox.cancel(payment["paymentKey"], cancelAmount=3_001 + number)
        if number % 6 == 0:
            await sandbox.cancel(payment["paymentKey"])
    await sandbox.done(100, currency="USD")
    await asyncio.gather(*(sandbox.done(5_000 + number, client=other) for number in range(5)))


async def _closed(url: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The settlement rows, whole, and what the rules make of each transaction alone."""
    async with open_sandbox(url) as sandbox:
        await _a_days_trade(sandbox)
        await sandbox.move_to("2025-03-14T00:00:00+09:00")
        await check_invariants(sandbox.sql)
        stored = await sandbox.sql(
            f"SELECT {', '.join(SETTLEMENT.names)} FROM settlement ORDER BY transaction_id"
        )
        terms = {
            one[0]: terms_from(one)
            for one in await sandbox.sql(f"SELECT {', '.join(TERMS.names)} FROM terms")
        }
        traded = await sandbox.sql(
            f"SELECT {', '.join(TRANSACTION.names)} FROM payment_transaction ORDER BY transaction_id"
        )
    alone = []
    for one in map(transaction_from, traded):
        made = row(one, terms[one.terms_id], korean_calendar({}))
        alone.append(settlement_row(made, sold_seq=0, paid_seq=0, held=False))
    return stored, alone


def _without_numbers(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Numbers for paging say where a row stands among others; nothing else does."""
    places = [at for at, name in enumerate(SETTLEMENT.names) if not name.endswith("_seq")]
    return [tuple(one[at] for at in places) for one in rows]


async def test_the_size_of_a_chunk_changes_no_byte_of_any_row(
    databases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closes = []
    for size, url in zip(SIZES, databases, strict=True):
        monkeypatch.setattr(day_close, "CHUNK_ROWS", size)
        stored, alone = await _closed(url)
        assert _without_numbers(stored) == _without_numbers(alone)
        closes.append(repr(stored).encode())
    assert len(stored) == SALES + 5 + 3 + 6
    assert closes[0] == closes[1] == closes[2]
