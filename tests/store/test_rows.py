"""Rows and domain values: what is stored is what is loaded, through a real database."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.adjustments import Adjustment, AdjustmentKind
from jeongsan.domain.attempts import Attempt, AttemptKind, AttemptState
from jeongsan.domain.business_clock import BusinessClock, ClockMode
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code
from jeongsan.domain.fees import FeeLine
from jeongsan.domain.idempotency import Record
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Payment, abort
from jeongsan.domain.settlement import row as settle
from jeongsan.domain.terms import Grade
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.store import batch, rows, tables
from jeongsan.store.changes import Changes
from jeongsan.store.open import open_store
from jeongsan.store.session import Store
from support.examples import (
    a_contract,
    a_ready_payment,
    a_transaction,
    an_approved_payment,
    an_authenticated_payment,
    cancelled,
)

pytestmark = pytest.mark.anyio

ATTEMPT = Attempt(
    attempt_id=1,
    request_id="0" * 32,
    kind=AttemptKind.CANCEL,
    state=AttemptState.OPEN,
    payment_id=1,
    payment_key=a_ready_payment().payment_key,
    shop_id=1,
    amount=5_000,
    tax_free=0,
    tax_exemption=0,
    currency="KRW",
    reason="고객 변심",
    cancel_request_id="req-000001",
    actor=Actor(Channel.MERCHANT_ADMIN, "김점장", "live_sk_…0000", "203.0.113.7"),
    identity=None,
    trace_id="t",
    language="ko",
    lease_until=2,
    created_at=1,
)


async def _write(store: Store, changes: Changes) -> None:
    session = await store.begin()
    await session.gate(exclusive=False)
    await batch.write(session, changes, now=1, config_version=1)
    await session.commit()


async def _load(store: Store, payment_key: str) -> tuple[Payment, tuple[Attempt, ...]]:
    session = await store.begin()
    await session.gate(exclusive=False)
    loaded = await batch.load(session, payment_keys=[payment_key], claims={}, identities=[])
    await session.rollback()
    payment = loaded.payments[payment_key]
    return payment, loaded.attempts.get(payment.payment_id, ())


def _cancel_transactions(payment: Payment) -> list[Transaction]:
    """The transactions a payment's cancels come from, newest first: loading must not rely on order."""
    found = []
    for number, entry in enumerate(payment.cancels, 10):
        before = entry.refundable.minor + entry.amount.minor
        found.append(
            a_transaction(
                before,
                entry.refundable.minor,
                settle_day=date(2025, 6, 27),
                transacted_at=entry.canceled_at,
                currency=entry.amount.currency,
                transaction_id=number,
                transaction_key=entry.transaction_key,
                tax_free=entry.tax_free.minor,
                tax_exemption=entry.tax_exemption.minor,
                reason=entry.reason,
                cancel_request_id=entry.cancel_request_id,
                kind=Kind.CANCEL,
            )
        )
    return found[::-1]


TWICE = cancelled(
    cancelled(an_approved_payment(tax_free=3_000), 5_000, cancel_request_id="req-000001"), key="txrd_a2"
)


@pytest.mark.parametrize(
    "payment",
    [
        a_ready_payment(),
        an_authenticated_payment(),
        an_approved_payment(),
        an_approved_payment(Money(54_468, "USD")),
        abort(an_authenticated_payment(), Code.REJECT_CARD_PAYMENT),
        TWICE,
    ],
    ids=["ready", "authenticated", "approved", "dollars", "aborted", "cancelled twice"],
)
async def test_a_payment_is_loaded_as_it_was_stored(database_url: str, payment: Payment) -> None:
    store = await open_store(database_url)
    try:
        await _write(store, Changes(new_payments=[payment], transactions=_cancel_transactions(payment)))
        assert await _load(store, payment.payment_key) == (payment, ())
    finally:
        await store.close()


async def test_a_changed_payment_keeps_what_never_changes(database_url: str) -> None:
    """An update writes the mutable columns only: the order and the total stay as first stored."""
    ready, approved = a_ready_payment(), an_approved_payment()
    store = await open_store(database_url)
    try:
        await _write(store, Changes(new_payments=[ready]))
        await _write(store, Changes(changed_payments=[replace(approved, order_id="another-order")]))
        assert (await _load(store, ready.payment_key))[0] == approved
    finally:
        await store.close()


async def test_open_attempts_come_with_their_payment_and_answered_ones_do_not(database_url: str) -> None:
    payment = an_approved_payment()
    answered = replace(ATTEMPT, attempt_id=2, request_id="1" * 32, state=AttemptState.DECLINED)
    store = await open_store(database_url)
    try:
        await _write(store, Changes(new_payments=[payment], new_attempts=[ATTEMPT, answered]))
        assert await _load(store, payment.payment_key) == (payment, (ATTEMPT,))
        closed = replace(ATTEMPT, state=AttemptState.APPROVED)
        await _write(store, Changes(changed_attempts=[closed]))
        assert await _load(store, payment.payment_key) == (payment, ())
    finally:
        await store.close()


async def test_claims_are_given_once_and_records_are_replayed_byte_for_byte(database_url: str) -> None:
    record = Record(17, 400, "t-1", b'{"code":"\xea\xb0\x80"}', 5)
    store = await open_store(database_url)
    try:
        session = await store.begin()
        first = await batch.load(
            session,
            payment_keys=[],
            claims={"order:1": "a", "order:2": "a", "idempotency:1": "17"},
            identities=["idempotency:1"],
        )
        await batch.write(
            session, Changes(records=[record], dropped_claims=["order:2"]), now=1, config_version=1
        )
        await session.commit()
        session = await store.begin()
        second = await batch.load(
            session,
            payment_keys=["unknown"],
            claims={"order:1": "b", "order:2": "b", "idempotency:1": "18", "idempotency:2": "19"},
            identities=["idempotency:1", "idempotency:2"],
        )
        await session.rollback()
    finally:
        await store.close()
    assert first.fresh_claims == {"order:1", "order:2", "idempotency:1"}
    assert second.claims == {"order:1": "a", "order:2": "b", "idempotency:1": "17", "idempotency:2": "19"}
    assert second.fresh_claims == {"order:2", "idempotency:2"}
    assert (second.payments, second.records) == ({}, {17: record})


async def test_transactions_and_settlement_rows_keep_every_column(database_url: str) -> None:
    transaction = a_transaction(
        15_000, 10_000, settle_day=date(2025, 4, 25), reason="변심", cancel_request_id="req-000001"
    )
    waiting = replace(transaction, transaction_id=2, transaction_key="txrd_a2", settle_day=None)
    settled = settle(transaction, a_contract(), korean_calendar({}))
    stored = rows.settlement_row(settled, sold_seq=1, paid_seq=2, held=True)
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(
            tables.TRANSACTION, [rows.transaction_row(transaction), rows.transaction_row(waiting)]
        )
        await session.insert(tables.SETTLEMENT, [stored])
        await session.commit()
        found = await store.read(
            f"SELECT {rows.TRANSACTION_COLUMNS} FROM payment_transaction ORDER BY transaction_id"
        )
        (row,) = await store.read(f"SELECT {', '.join(tables.SETTLEMENT.names)} FROM settlement")
    finally:
        await store.close()
    assert [rows.transaction_from(one) for one in found] == [transaction, waiting]
    assert tuple(row) == tuple(stored)
    assert rows.settlement_from(tuple(row)) == settled
    fees = dict(zip(tables.SETTLEMENT.names, row, strict=True))["fees"]
    assert rows.fees_from(fees) == settled.fees == (FeeLine("BASE", settled.fee),)


@pytest.mark.parametrize("whole", [True, False])
async def test_adjustments_keep_every_column(database_url: str, whole: bool) -> None:
    adjustment = Adjustment(
        adjustment_id=1,
        shop_id=2,
        kind=AdjustmentKind.GRADE_REFUND,
        currency="USD",
        fee_amount=-11,
        supply_amount=-10,
        vat=-1,
        amount=11,
        due_date=date(2025, 3, 20),
        paid_out_date=date(2025, 3, 21),
        cause="grade-refund:2:USD:2025-01-01:2025-08-13:0",
        reason="영세 소급",
        actor_name="kim",
        created_at=7,
    )
    if whole:
        adjustment = replace(
            adjustment, transaction_id=5, start=date(2025, 1, 1), end=date(2025, 8, 13), grade=Grade.SMALL
        )
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(tables.ADJUSTMENT, [rows.adjustment_row(adjustment)])
        await session.commit()
        (row,) = await store.read(f"SELECT {', '.join(tables.ADJUSTMENT.names)} FROM adjustment")
    finally:
        await store.close()
    assert rows.adjustment_from(tuple(row)) == adjustment


def test_the_clock_survives_its_row() -> None:
    clock = BusinessClock(ClockMode.OFFSET, -5, 7, date(2025, 3, 12), date(2025, 3, 11), 9)
    assert rows.clock_from(rows.clock_row(clock)[1:]) == clock
    assert rows.CLOCK_COLUMNS.split(", ") == list(tables.CLOCK.names[1:])


async def test_blocks_of_ids_never_overlap(database_url: str) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        if not await session.fetch("SELECT name FROM id_sequence WHERE name = 'row'"):
            await session.insert(tables.ID_SEQUENCE, [("row", 1)])
        starts = [await batch.take_block(session) for _ in range(3)]
        await session.commit()
        session = await store.begin()
        starts.append(await batch.take_block(session))
        await session.rollback()
    finally:
        await store.close()
    assert [later - earlier for earlier, later in pairwise(starts)] == [batch.ID_BLOCK_SIZE] * 3
