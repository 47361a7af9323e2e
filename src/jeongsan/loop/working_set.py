"""The rows of one batch in memory: loaded once, changed by decisions, written once."""

from typing import Any

from jeongsan.domain.attempts import Attempt, AttemptState
from jeongsan.domain.idempotency import Record
from jeongsan.domain.payment import Payment
from jeongsan.domain.transactions import Transaction
from jeongsan.loop.operation import Decision
from jeongsan.store.changes import Changes, EventRow, Loaded


class WorkingSet:
    """See `operation.World`. Claims that were free start as free, whoever's name they were inserted under."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._payments: dict[str, Payment] = dict(loaded.payments)
        self._attempts: dict[int, dict[int, Attempt]] = {
            payment_id: {attempt.attempt_id: attempt for attempt in attempts}
            for payment_id, attempts in loaded.attempts.items()
        }
        self._claims: dict[str, str | None] = {
            name: None if name in loaded.fresh_claims else owner for name, owner in loaded.claims.items()
        }
        self._records: dict[int, Record] = dict(loaded.records)
        self._waiting: dict[int, dict[int, Transaction]] = {}
        for transaction in loaded.waiting:
            self._wait(transaction)
        self._dirty_payments: dict[str, Payment] = {}
        self._dirty_attempts: dict[int, Attempt] = {}
        self._known_attempts = {a.attempt_id for group in loaded.attempts.values() for a in group}
        self._changes = Changes()

    def payment(self, payment_key: str) -> Payment | None:
        return self._payments.get(payment_key)

    def waiting(self, payment_id: int) -> tuple[Transaction, ...]:
        return tuple(self._waiting.get(payment_id, {}).values())

    def open_attempts(self, payment_id: int) -> tuple[Attempt, ...]:
        return tuple(self._attempts.get(payment_id, {}).values())

    def owner(self, claim: str) -> str | None:
        return self._claims[claim]

    def offered(self, claim: str) -> str:
        return self._loaded.claims[claim]

    def record(self, record_id: int) -> Record | None:
        return self._records.get(record_id)

    def apply(self, decision: Decision[Any], events: list[EventRow]) -> None:
        """Take a decision over; later decisions of the batch see it."""
        for payment in decision.payments:
            self._payments[payment.payment_key] = self._dirty_payments[payment.payment_key] = payment
        for attempt in decision.attempts:
            self._dirty_attempts[attempt.attempt_id] = attempt
            of_payment = self._attempts.setdefault(attempt.payment_id, {})
            if attempt.state is AttemptState.OPEN:
                of_payment[attempt.attempt_id] = attempt
            else:
                of_payment.pop(attempt.attempt_id, None)
        for record in decision.records:
            self._records[record.record_id] = record
        self._claims.update(decision.claims)
        for transaction in decision.transactions:
            if transaction.settle_day is None:
                self._wait(transaction)
        self._changes.transactions.extend(decision.transactions)
        for transaction in decision.released:
            self._release(transaction)
        self._changes.postings.extend(decision.postings)
        self._changes.records.extend(decision.records)
        self._changes.audits.extend(decision.audits)
        self._changes.events.extend(events)

    def _wait(self, transaction: Transaction) -> None:
        self._waiting.setdefault(transaction.payment_id, {})[transaction.transaction_id] = transaction

    def _release(self, transaction: Transaction) -> None:
        """One that was made in this batch is inserted in its last state; any other is a changed row."""
        self._waiting.get(transaction.payment_id, {}).pop(transaction.transaction_id, None)
        for place, made in enumerate(self._changes.transactions):
            if made.transaction_id == transaction.transaction_id:
                self._changes.transactions[place] = transaction
                return
        self._changes.released.append(transaction)

    def changes(self) -> Changes:
        """What to write: only the last state of each row."""
        changes = self._changes
        for key, payment in self._dirty_payments.items():
            known = key in self._loaded.payments
            (changes.changed_payments if known else changes.new_payments).append(payment)
        for attempt_id, attempt in self._dirty_attempts.items():
            known = attempt_id in self._known_attempts
            (changes.changed_attempts if known else changes.new_attempts).append(attempt)
        for name, owner in self._claims.items():
            if owner is None:
                changes.dropped_claims.append(name)
            elif owner != self._loaded.claims[name]:
                changes.changed_claims.append((name, owner))
        return changes
