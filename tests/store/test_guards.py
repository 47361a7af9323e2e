"""The databases themselves keep the books: append-only tables, amounts above zero, balances in bounds."""

import importlib
import sqlite3
from typing import Any

import pytest

from jeongsan.domain.channels import Actor, Audit, Channel
from jeongsan.domain.ledger import Account, Posting
from jeongsan.store import rows, tables
from jeongsan.store.open import open_store
from jeongsan.store.session import Row, Session
from jeongsan.store.tables import Table
from support.examples import a_transaction, an_approved_payment

pytestmark = pytest.mark.anyio

POSTING = rows.posting_row(
    Posting(
        1, 1, Account.ACQUIRER_RECEIVABLE, Account.MERCHANT_UNSETTLED, 15_000, "KRW", "approval", 1, None, 0
    )
)
AUDIT = rows.audit_row(Audit(1, 1, 1, "txrd_a1", "cancel", Actor(Channel.API, "key"), "고객 변심", 0))
ADJUSTMENT: Row = (
    1,
    1,
    "correction",
    "KRW",
    0,
    0,
    0,
    500,
    "2025-03-20",
    "x",
    "x",
    "x",
    0,
    None,
    None,
    None,
    None,
    "2025-03-20",
)
ATTEMPT: Row = (1, 1, 1, 0, 500, None, 12)
REDATED: Row = (7, 1, "2025-05-08", 1, "2025-05-09", "calendar", 0)
TRANSACTION = rows.transaction_row(a_transaction(0, 15_000, settle_day=None))
EVENT: Row = (1, 1, 1, 1, "PAYMENT_STATUS_CHANGED", b"{}", 1, "pending", 0)


def refusals(store_kind: str) -> type[Exception]:
    """What the driver raises when the database says no."""
    if store_kind == "sqlite":
        return sqlite3.IntegrityError
    # Only the PostgreSQL runs have this package.
    error: type[Exception] = importlib.import_module("asyncpg").PostgresError
    return error


async def _refused(session: Session, store_kind: str, sql: str, *arguments: Any) -> str:
    with pytest.raises(refusals(store_kind)) as refused:
        await session.execute(sql, *arguments)
    return str(refused.value)


def _changed(row: Row, table: Table, **changes: Any) -> Row:
    return tuple(changes.get(name, value) for name, value in zip(table.names, row, strict=True))


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        (tables.POSTING, POSTING, "amount"),
        (tables.POSTING, POSTING, "settle_day"),
        (tables.AUDIT, AUDIT, "reason"),
        (tables.AUDIT, AUDIT, "actor_name"),
        (tables.WEBHOOK_ATTEMPT, ATTEMPT, "status"),
        (tables.REDATED_ROW, REDATED, "to_day"),
        (tables.ADJUSTMENT, ADJUSTMENT, "amount"),
        (tables.ADJUSTMENT, ADJUSTMENT, "due_date"),
    ],
    ids=lambda value: getattr(value, "name", None) or (value if isinstance(value, str) else ""),
)
async def test_what_was_written_down_cannot_be_changed(
    database_url: str, store_kind: str, table: Table, row: Row, column: str
) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(table, [row])
        await session.commit()
        session = await store.begin()
        message = await _refused(session, store_kind, f"UPDATE {table.name} SET {column} = {column}")
        await session.rollback()
        stored = await store.read(f"SELECT {', '.join(table.names)} FROM {table.name}")
    finally:
        await store.close()
    assert f"{table.name} is append-only" in message
    assert [tuple(found) for found in stored] == [tuple(row)]


@pytest.mark.parametrize("column", [name for name in tables.TRANSACTION.names if name != "settle_day"])
async def test_nothing_of_a_transaction_changes_but_its_settle_day(
    database_url: str, store_kind: str, column: str
) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(tables.TRANSACTION, [TRANSACTION])
        sql = f"UPDATE payment_transaction SET settle_day = '2025-07-01', {column} = {column}"
        message = await _refused(session, store_kind, sql)
        await session.rollback()
    finally:
        await store.close()
    assert "payment_transaction is append-only" in message


@pytest.mark.parametrize("day", ["'2025-07-02'", "'2025-07-01'", "NULL"])
async def test_a_settle_day_is_given_once_and_never_taken_back(
    database_url: str, store_kind: str, day: str
) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(tables.TRANSACTION, [TRANSACTION])
        given = _changed(TRANSACTION, tables.TRANSACTION, settle_day="2025-07-01")
        await session.update(tables.TRANSACTION, [given])
        await session.commit()
        session = await store.begin()
        message = await _refused(session, store_kind, f"UPDATE payment_transaction SET settle_day = {day}")
        await session.rollback()
        stored = await store.read("SELECT settle_day FROM payment_transaction")
    finally:
        await store.close()
    assert "payment_transaction is append-only" in message
    assert [tuple(row) for row in stored] == [("2025-07-01",)]


async def test_an_adjustment_whose_cause_was_booked_or_whose_parts_do_not_sum_is_refused(
    database_url: str, store_kind: str
) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(tables.ADJUSTMENT, [ADJUSTMENT])
        await session.commit()
        for change, words in (({"cause": "x"}, r"(?i)unique"), ({"cause": "y", "vat": 1}, r"(?i)check")):
            session = await store.begin()
            again = _changed(ADJUSTMENT, tables.ADJUSTMENT, adjustment_id=2, **change)
            with pytest.raises(refusals(store_kind), match=words):
                await session.insert(tables.ADJUSTMENT, [again])
            await session.rollback()
        found = await store.read("SELECT adjustment_id FROM adjustment")
        assert [tuple(row) for row in found] == [(1,)]
    finally:
        await store.close()


@pytest.mark.parametrize(
    "change", [{"amount": 0}, {"amount": -1}, {"credit": "1100"}], ids=["nothing", "negative", "same account"]
)
async def test_a_posting_that_moves_nothing_is_refused(
    database_url: str, store_kind: str, change: dict[str, Any]
) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        with pytest.raises(refusals(store_kind), match=r"(?i)check"):
            await session.insert(tables.POSTING, [_changed(POSTING, tables.POSTING, **change)])
        await session.rollback()
        assert await store.read("SELECT posting_id FROM posting") == []
    finally:
        await store.close()


@pytest.mark.parametrize("balance", [-1, 15_001])
async def test_a_balance_stays_between_nothing_and_the_total(
    database_url: str, store_kind: str, balance: int
) -> None:
    payment = rows.payment_row(an_approved_payment())
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(tables.PAYMENT, [payment])
        with pytest.raises(refusals(store_kind), match=r"(?i)check"):
            await session.update(tables.PAYMENT, [_changed(payment, tables.PAYMENT, balance=balance)])
        await session.rollback()
    finally:
        await store.close()


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        (tables.PAYMENT, rows.payment_row(an_approved_payment()), "payment_id"),
        (tables.TRANSACTION, TRANSACTION, "transaction_id"),
        (tables.EVENT, EVENT, "event_id"),
    ],
    ids=["payment key", "transaction key", "webhook sequence"],
)
async def test_names_that_must_be_unique_are(
    database_url: str, store_kind: str, table: Table, row: Row, column: str
) -> None:
    """Another row with the same paymentKey, transactionKey or place among a payment's events."""
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(table, [row])
        with pytest.raises(refusals(store_kind), match=r"(?i)unique"):
            await session.insert(table, [_changed(row, table, **{column: 2})])
        await session.rollback()
    finally:
        await store.close()
