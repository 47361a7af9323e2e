"""The working set: later decisions of a batch see earlier ones, and each row is written once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jeongsan.domain.attempts import Attempt, AttemptKind, AttemptState
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.idempotency import Record
from jeongsan.domain.payment import Payment
from jeongsan.domain.transactions import Transaction
from jeongsan.loop.operation import Decision
from jeongsan.loop.working_set import WorkingSet
from jeongsan.store.changes import Changes, EventRow, Loaded
from support.examples import (
    PAYMENT_KEY,
    a_ready_payment,
    a_transaction,
    an_approved_payment,
    an_authenticated_payment,
    cancelled,
)

ATTEMPT = Attempt(
    attempt_id=1, request_id="r", kind=AttemptKind.CANCEL, state=AttemptState.OPEN, payment_id=1,
    payment_key=PAYMENT_KEY, shop_id=1, amount=5_000, tax_free=0, tax_exemption=0, currency="KRW",
    reason=None, cancel_request_id=None, actor=Actor(Channel.API, "key"), identity=None, trace_id="t",
    language="ko", lease_until=0, created_at=0,
)  # fmt: skip


def _loaded(
    *payments: Payment,
    attempts: tuple[Attempt, ...] = (),
    claims: dict[str, str] | None = None,
    fresh: set[str] | None = None,
    records: tuple[Record, ...] = (),
) -> WorkingSet:
    return WorkingSet(
        Loaded(
            payments={payment.payment_key: payment for payment in payments},
            attempts={1: attempts} if attempts else {},
            claims=claims or {},
            fresh_claims=fresh or set(),
            records={record.record_id: record for record in records},
        )
    )


def _apply(world: WorkingSet, events: list[EventRow] | None = None, **decided: Any) -> None:
    world.apply(Decision(answer=None, **decided), events or [])


def test_a_later_decision_sees_the_effect_of_an_earlier_one() -> None:
    world = _loaded(an_authenticated_payment())
    assert world.payment(PAYMENT_KEY) == an_authenticated_payment()
    _apply(world, payments=(an_approved_payment(),))
    assert world.payment(PAYMENT_KEY) == an_approved_payment()
    assert world.payment("another") is None


def test_a_payment_changed_twice_is_written_once_in_its_last_state() -> None:
    world = _loaded(an_authenticated_payment())
    final = cancelled(an_approved_payment(), 5_000)
    _apply(world, payments=(an_approved_payment(),))
    _apply(world, payments=(final,))
    changes = world.changes()
    assert (changes.new_payments, changes.changed_payments) == ([], [final])


def test_a_payment_made_and_changed_in_one_batch_is_one_new_row() -> None:
    world = _loaded()
    _apply(world, payments=(a_ready_payment(),))
    _apply(world, payments=(an_authenticated_payment(),))
    changes = world.changes()
    assert (changes.new_payments, changes.changed_payments) == ([an_authenticated_payment()], [])


def test_looking_without_deciding_writes_nothing() -> None:
    world = _loaded(an_approved_payment(), attempts=(ATTEMPT,), claims={"order:1": "p1"})
    assert world.payment(PAYMENT_KEY) is not None
    assert world.open_attempts(1) == (ATTEMPT,)
    assert world.owner("order:1") == "p1"
    assert world.changes() == Changes()


def test_facts_are_written_in_the_order_of_decision() -> None:
    world = _loaded()
    facts = [a_transaction(0, n, settle_day=None, transaction_id=n) for n in (1, 2, 3)]
    events = [EventRow(n, 1, 1, n, b"{}", True) for n in (1, 2)]
    _apply(world, [events[0]], transactions=(facts[0], facts[1]))
    _apply(world, [events[1]], transactions=(facts[2],))
    changes = world.changes()
    assert (changes.transactions, changes.events) == (facts, events)


def _waiting_world(*waiting: Transaction) -> WorkingSet:
    return WorkingSet(
        Loaded(payments={}, attempts={}, claims={}, fresh_claims=set(), records={}, waiting=waiting)
    )


def test_a_release_sees_what_waits_in_the_store_and_what_came_in_this_batch() -> None:
    stored = a_transaction(0, 15_000, settle_day=None, transaction_id=1)
    made = a_transaction(15_000, 9_000, settle_day=None, transaction_id=2)
    other = a_transaction(0, 1_000, settle_day=None, transaction_id=3, payment_id=2)
    dated = a_transaction(0, 1_000, settle_day=date(2025, 7, 1), transaction_id=4)
    world = _waiting_world(stored)
    _apply(world, transactions=(made, other, dated))
    assert world.waiting(1) == (stored, made)
    assert world.waiting(2) == (other,)
    assert world.waiting(3) == ()


def test_what_was_released_waits_no_more_and_each_row_is_written_once() -> None:
    stored = a_transaction(0, 15_000, settle_day=None, transaction_id=1)
    made = a_transaction(15_000, 9_000, settle_day=None, transaction_id=2)
    world = _waiting_world(stored)
    _apply(world, transactions=(made,))
    settled = tuple(replace(one, settle_day=date(2025, 7, 1)) for one in (stored, made))
    _apply(world, released=settled)
    later = a_transaction(9_000, 0, settle_day=date(2025, 7, 1), transaction_id=5)
    _apply(world, transactions=(later,))
    assert world.waiting(1) == ()
    changes = world.changes()
    assert (changes.transactions, changes.released) == ([settled[1], later], [settled[0]])


@pytest.mark.parametrize("state", [AttemptState.APPROVED, AttemptState.DECLINED, AttemptState.REVERSED])
def test_an_answered_attempt_no_longer_stands_in_the_way(state: AttemptState) -> None:
    world = _loaded(an_approved_payment(), attempts=(ATTEMPT,))
    _apply(world, attempts=(replace(ATTEMPT, state=state),))
    assert world.open_attempts(1) == ()
    changes = world.changes()
    assert (changes.new_attempts, changes.changed_attempts) == ([], [replace(ATTEMPT, state=state)])


def test_an_attempt_opened_in_this_batch_is_seen_and_inserted() -> None:
    world = _loaded(an_approved_payment())
    _apply(world, attempts=(ATTEMPT,))
    assert world.open_attempts(1) == (ATTEMPT,)
    assert world.open_attempts(2) == ()
    assert world.changes().new_attempts == [ATTEMPT]


def test_a_free_claim_is_free_under_whosever_name_it_was_inserted() -> None:
    world = _loaded(claims={"order:1": "p1", "order:2": "p9"}, fresh={"order:1"})
    assert (world.owner("order:1"), world.owner("order:2")) == (None, "p9")


def test_a_free_claim_that_nobody_takes_is_dropped_again() -> None:
    world = _loaded(claims={"order:1": "p1"}, fresh={"order:1"})
    changes = world.changes()
    assert (changes.dropped_claims, changes.changed_claims) == (["order:1"], [])


def test_a_claim_taken_under_the_inserted_name_needs_no_second_write() -> None:
    world = _loaded(claims={"order:1": "p1"}, fresh={"order:1"})
    _apply(world, claims={"order:1": "p1"})
    assert world.owner("order:1") == "p1"
    changes = world.changes()
    assert (changes.dropped_claims, changes.changed_claims) == ([], [])


def test_a_claim_taken_by_another_operation_of_the_batch_changes_its_name() -> None:
    world = _loaded(claims={"order:1": "p1"}, fresh={"order:1"})
    _apply(world, claims={"order:1": "p2"})
    assert world.changes().changed_claims == [("order:1", "p2")]


def test_a_claim_that_is_let_go_is_dropped() -> None:
    world = _loaded(claims={"idempotency:1": "a1"})
    _apply(world, claims={"idempotency:1": None})
    assert world.owner("idempotency:1") is None
    assert world.changes().dropped_claims == ["idempotency:1"]


def test_a_record_is_seen_at_once_and_written_once() -> None:
    old = Record(1, 200, "t0", b"old", 1)
    world = _loaded(records=(old,))
    new = Record(2, 200, "t1", b"1", 2)
    assert (world.record(1), world.record(2)) == (old, None)
    _apply(world, records=(new,))
    assert world.record(2) == new
    assert world.changes().records == [new]


def test_a_free_claim_is_offered_under_the_name_it_was_inserted_with() -> None:
    world = _loaded(claims={"idempotency:1": "17"}, fresh={"idempotency:1"})
    assert (world.owner("idempotency:1"), world.offered("idempotency:1")) == (None, "17")


def test_a_claim_that_was_not_named_beforehand_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        _loaded().owner("order:1")
