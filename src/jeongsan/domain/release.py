"""Releasing what waits: its transactions, the approval and the cancels so far, settle from this day on.

Which cause a payment waits for follows from the terms frozen on its approval. What the real API refuses,
and how, is not recorded: the codes here are assumed.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment import Payment, traits_of
from jeongsan.domain.terms import Conditions, Release
from jeongsan.domain.transactions import Transaction


class Cause(StrEnum):
    """Why a payment is released: the merchant asks (수동 정산), the buyer confirms the purchase (구매확정),
    the carrier collected the phone bill (수납)."""

    REQUEST = "request"
    CONFIRMATION = "confirmation"
    COLLECTION = "collection"


# What is awaited → what ends the waiting.
CAUSES = {
    Release.ON_REQUEST: Cause.REQUEST,
    Release.ON_CONFIRMATION: Cause.CONFIRMATION,
    Release.ON_COLLECTION: Cause.COLLECTION,
}


@dataclass(frozen=True, slots=True)
class Released:
    """A payment that was released just now. `settle_day`: the day its waiting transactions settle on."""

    payment: Payment
    cause: Cause
    settle_day: date


def check_release(payment: Payment, conditions: Conditions | None, cause: Cause) -> None:
    """Whether the payment may be released for this cause. Raises Refusal; changes nothing.

    `conditions`: those of its approval; None for a payment that had none when they were looked up.
    """
    if payment.approved_at is None or conditions is None:
        raise _forbidden(f"is a payment that is not approved ({payment.status})")
    awaited = CAUSES.get(conditions.awaits(traits_of(payment)))
    if awaited is None or not payment.settles:
        raise _forbidden("is a payment that waits for no release")
    if not payment.waits:
        raise Refusal(Code.ALREADY_PROCESSED_PAYMENT)
    if cause is not awaited:
        detail = f"is {cause}, but the payment waits for {awaited}"
        raise Refusal(Code.FORBIDDEN_REQUEST, field="cause", detail=detail)
    if payment.balance.minor == 0:
        # Nothing is left to acquire; it stays unsettled, approval and cancels alike.
        raise Refusal(Code.ALREADY_CANCELED_PAYMENT)


def release(payment: Payment) -> Payment:
    """The payment from now on: its cancels settle on their own days. Its status does not change, so the
    version, which orders announcements, does not either."""
    return replace(payment, waits=False)


def settling(transaction: Transaction, day: date) -> Transaction:
    """A waiting transaction with its settle day. Raises ValueError for one that has a day already."""
    if transaction.settle_day is not None:
        raise ValueError(f"{transaction.transaction_key} settles on {transaction.settle_day} already")
    return replace(transaction, settle_day=day)


def _forbidden(detail: str) -> Refusal:
    return Refusal(Code.FORBIDDEN_REQUEST, field="paymentKey", detail=detail)
