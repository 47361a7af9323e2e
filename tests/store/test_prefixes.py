"""Ids by their beginning: compared byte by byte on both stores, and found by an index."""

import importlib

import pytest

from jeongsan.store.dialect import to_postgres, to_sqlite
from jeongsan.store.open import open_store
from jeongsan.store.reads import find
from jeongsan.store.session import Row, Store
from jeongsan.store.tables import CLAIM, PAYMENT, TRANSACTION, Table
from support.sandbox import Sandbox

# Byte order, and what LIKE or a language's collation would treat as something else.
NAMES = [
    "ORDER-1",
    "a",
    "order%1",
    "order-1",
    "order-10",
    "order-1_",
    "order=1",
    "order\\1",
    "order_1",
    "orderX1",
    "order\U0010fffe",
    "ordeŕ-1",
    "orderé",
    "주문-1",
    "주문-2",
    "'; --",
]


def test_a_beginning_is_a_range_in_each_dialect() -> None:
    sql = "SELECT a FROM t WHERE STARTS_WITH(t.a, $2)"
    assert to_sqlite(sql) == "SELECT a FROM t WHERE (t.a >= ?2 AND t.a < ?2 || char(1114111))"
    assert to_postgres(sql) == "SELECT a FROM t WHERE (t.a ~>=~ $2 AND t.a ~<~ ($2 || chr(1114111)))"


@pytest.mark.anyio
async def test_a_beginning_means_the_same_bytes_on_both_stores(database_url: str) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(CLAIM, [(name, "somebody") for name in NAMES])
        await session.commit()
        for beginning in (
            "order",
            "order-1",
            "order%",
            "order_",
            "order\\",
            "ORDER",
            "주문",
            "'",
            "é",
            "a",
            "",
        ):
            rows = await store.read("SELECT name FROM claim WHERE STARTS_WITH(name, $1)", beginning)
            assert {row[0] for row in rows} == {name for name in NAMES if name.startswith(beginning)}
    finally:
        await store.close()


class Explained:
    """A store that is asked how it would answer: the same statements with EXPLAIN before them."""

    def __init__(self, store: Store, word: str) -> None:
        self._store = store
        self._word = word
        self.plans: list[str] = []

    async def read(self, sql: str, *arguments: object) -> list[Row]:
        rows = await self._store.read(f"{self._word} {sql}", *arguments)
        self.plans.append("\n".join(str(tuple(row)) for row in rows))
        return []


async def copies(database_url: str, table: Table, count: int, **changed: str) -> None:
    """Make many rows of one, on PostgreSQL, whose planner reads a small table whole."""
    values = ", ".join(changed.get(name, f"t.{name}") for name in table.names)
    # Only `--all` has this package.
    connection = await importlib.import_module("asyncpg").connect(database_url)
    try:
        await connection.execute(
            f"INSERT INTO {table.name} ({', '.join(table.names)}) SELECT {values} "
            f"FROM (SELECT * FROM {table.name} LIMIT 1) t, generate_series(1, {count}) n"
        )
        await connection.execute(f"ANALYZE {table.name}")
    finally:
        await connection.close()


@pytest.mark.anyio
async def test_no_look_up_reads_all_payments_of_a_shop(
    sandbox: Sandbox, database_url: str, store_kind: str
) -> None:
    await sandbox.done(order_id="order-A")
    word = "EXPLAIN QUERY PLAN"
    if store_kind == "postgres":
        word = "EXPLAIN"
        new = {"payment_id": "1000000 + n", "payment_key": "'key-' || n", "order_id": "'order-' || n"}
        await copies(database_url, PAYMENT, 20_000, **new)
        of = {"transaction_id": "1000000 + n", "payment_id": "1000000 + n", "transaction_key": "'txrd-' || n"}
        await copies(database_url, TRANSACTION, 20_000, **of)
    explained = Explained(sandbox.gateway.store, word)
    shops = list(sandbox.gateway.loop.config.shops)
    await find.ids_beginning(explained, shops, "order-1999", limit=11)  # type: ignore[arg-type]
    await find.by_ids(explained, shops, ["order-1", "order-2"])  # type: ignore[arg-type]
    assert len(explained.plans) == 6
    indexes = ["ix_payment_order", "uq_payment_key", "uq_transaction_key"]
    for plan, index in zip(explained.plans, indexes * 2, strict=True):
        assert index in plan, plan
        for whole in ("Seq Scan", "SCAN p", "SCAN t", "(shop_id=?)"):
            assert whole not in plan, plan
