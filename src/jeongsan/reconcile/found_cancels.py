"""The cancels a gateway tells of, put together from everything it says: transactions, settlement rows,
payments, and our own gateway's record of who cancelled. Pure: what was read comes in, cancels go out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from jeongsan.client.errors import UnreadableAnswer
from jeongsan.client.keys import printable, transaction_moment
from jeongsan.client.moments import kst_midnight
from jeongsan.client.rows import Cancel, Payment, RecordedCancel, SettlementRow, Transaction

CANCEL_STATUSES = ("CANCELED", "PARTIAL_CANCELED")
APPROVED_STATUS = "DONE"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a gateway answered. `recorded` is None where nobody records who cancelled; `payments` are those
    that were looked up, None for one the gateway does not know."""

    transactions: tuple[Transaction, ...] = ()
    rows: tuple[SettlementRow, ...] = ()
    recorded: tuple[RecordedCancel, ...] | None = None
    payments: Mapping[str, Payment | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundCancel:
    """One cancel at the gateway. `cancel_amount` is positive; `rows` are its settlement rows, one as it
    should be; `approval_row` the row of its payment's approval when that was read too; `never_approved`:
    the payment was cancelled before any money came (a virtual account before its deposit)."""

    transaction_key: str
    payment_key: str
    order_id: str | None
    canceled_at: datetime
    approved_at: datetime | None
    cancel_amount: Decimal | None
    currency: str | None
    reason: str | None
    request_id: str | None
    status: str | None
    rows: tuple[SettlementRow, ...]
    approval_row: SettlementRow | None
    recorded: RecordedCancel | None
    in_transactions: bool
    never_approved: bool

    @property
    def row(self) -> SettlementRow | None:
        """Its settlement row, the first when there are several."""
        return self.rows[0] if self.rows else None


@dataclass(slots=True)
class _Parts:
    """What was said of one transaction key."""

    transaction: Transaction | None = None
    recorded: RecordedCancel | None = None
    rows: list[SettlementRow] = field(default_factory=list)


def found_cancels(answers: Answers) -> tuple[FoundCancel, ...]:
    """Every cancel exactly once, by its transaction key, in order of time. Raises UnreadableAnswer for a
    cancel of which nobody says when it was."""
    approvals = {row.payment_key: row for row in answers.rows if row.cancel is None}
    approved_at = {
        one.payment_key: one.transaction_at for one in answers.transactions if one.status == APPROVED_STATUS
    }
    found = (
        _put_together(key, parts, answers.payments, approvals, approved_at)
        for key, parts in _by_key(answers).items()
    )
    return tuple(sorted(found, key=lambda one: (one.canceled_at, one.transaction_key)))


def cancel_transactions(answers: Answers) -> Iterator[Transaction]:
    """Transactions that are cancels: by their status, unless a settlement row shows them as an approval."""
    approvals = {row.transaction_key for row in answers.rows if row.cancel is None}
    for one in answers.transactions:
        if one.status in CANCEL_STATUSES and one.transaction_key not in approvals:
            yield one


def _by_key(answers: Answers) -> dict[str, _Parts]:
    parts: dict[str, _Parts] = {}
    for one in cancel_transactions(answers):
        parts.setdefault(one.transaction_key, _Parts()).transaction = one
    for recorded in answers.recorded or ():
        parts.setdefault(recorded.transaction_key, _Parts()).recorded = recorded
    for row in answers.rows:
        if row.cancel is not None:
            parts.setdefault(row.transaction_key, _Parts()).rows.append(row)
    return parts


def _put_together(
    key: str,
    parts: _Parts,
    payments: Mapping[str, Payment | None],
    approvals: Mapping[str, SettlementRow],
    approved_at: Mapping[str, datetime],
) -> FoundCancel:
    """A field that several answers have is taken from the one that is most about the cancel: its
    settlement row, then the payment, then the record, then the transaction."""
    row = parts.rows[0] if parts.rows else None
    transaction, recorded = parts.transaction, parts.recorded
    payment_key = next(one.payment_key for one in (row, recorded, transaction) if one is not None)
    payment, approval_row = payments.get(payment_key), approvals.get(payment_key)
    orders = [one for one in (row, payment, recorded, transaction) if one is not None]
    cancels = _cancels(key, row, payment)
    approvals_told = [one.approved_at for one in (row, payment, recorded, approval_row) if one is not None]
    amounts = [one.cancel_amount for one in (*cancels, recorded) if one is not None]
    if transaction is not None and transaction.amount is not None:
        amounts.append(abs(transaction.amount))  # whether the real gateway gives it a sign is not recorded
    return FoundCancel(
        transaction_key=key,
        payment_key=payment_key,
        order_id=_first(one.order_id for one in orders),
        canceled_at=_canceled_at(key, parts, cancels),
        approved_at=_first([*approvals_told, approved_at.get(payment_key)]),
        cancel_amount=_first(amounts),
        currency=_first(one.currency for one in orders),
        reason=_first(one.reason for one in (*cancels, recorded) if one is not None),
        request_id=_first(cancel.request_id for cancel in cancels),
        status=_first(cancel.status for cancel in cancels),
        rows=tuple(parts.rows),
        approval_row=approval_row,
        recorded=recorded,
        in_transactions=transaction is not None,
        never_approved=payment is not None and payment.approved_at is None,
    )


def _cancels(key: str, row: SettlementRow | None, payment: Payment | None) -> list[Cancel]:
    """The cancel as its row and as its payment show it, those of the two that there are."""
    in_payment = () if payment is None else payment.cancels
    found = [one for one in in_payment if one.transaction_key == key]
    return found if row is None or row.cancel is None else [row.cancel, *found]


def _canceled_at(key: str, parts: _Parts, cancels: Iterable[Cancel]) -> datetime:
    """A row without `canceledAt` has the time in its key, or at least the sold date of its bucket."""
    told = [cancel.canceled_at for cancel in cancels]
    told += [] if parts.recorded is None else [parts.recorded.canceled_at]
    told += [] if parts.transaction is None else [parts.transaction.transaction_at]
    told.append(transaction_moment(key))
    told += [kst_midnight(row.sold_date) for row in parts.rows if row.sold_date is not None]
    moment = _first(told)
    if moment is None:
        raise UnreadableAnswer(f"/v1/settlements: the cancel {printable(key)} has no time at all")
    return moment


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
