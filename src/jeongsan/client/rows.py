"""What a gateway answers, as far as a merchant's check needs it. Unknown fields are ignored: new ones may
appear at any time. Amounts are exact and carry the sign they had; times are in KST.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from jeongsan.client.fields import Fields

# Every key of a recorded settlement row and of its cancel; unused ones are null, not absent.
SETTLEMENT_KEYS = (
    "mId", "paymentKey", "transactionKey", "orderId", "currency", "method", "fees", "approvedAt",
    "soldDate", "paidOutDate", "card", "virtualAccount", "transfer", "mobilePhone", "giftCertificate",
    "easyPay", "cancel", "amount", "interestFee", "fee", "supplyAmount", "vat", "payOutAmount",
)  # fmt: skip
SETTLED_CANCEL_KEYS = (
    "transactionKey", "cancelReason", "taxExemptionAmount", "canceledAt", "easyPayDiscountAmount",
    "receiptKey", "cancelAmount", "taxFreeAmount", "refundableAmount", "cancelStatus", "cancelRequestId",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Transaction:
    """A row of `GET /v1/transactions`. `status` is the payment's status which this transaction led to; a
    cancel's recorded `amount` is positive."""

    transaction_key: str
    payment_key: str
    order_id: str | None
    status: str
    transaction_at: datetime
    currency: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """A cancel inside a settlement row or a payment; `cancel_amount` is positive."""

    transaction_key: str | None
    reason: str | None
    canceled_at: datetime | None
    cancel_amount: Decimal | None
    status: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A row of `GET /v1/settlements`; `cancel` is None in the row of an approval. `absent`: the recorded
    keys that are not there, those of the cancel as `cancel.…`."""

    transaction_key: str
    payment_key: str
    order_id: str | None
    currency: str | None
    approved_at: datetime | None
    sold_date: date | None
    paid_out_date: date | None
    amount: Decimal | None
    interest_fee: Decimal | None
    fee: Decimal | None
    pay_out_amount: Decimal | None
    cancel: Cancel | None
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """`GET /v1/payments/{paymentKey}`; no approval time before a virtual account's deposit."""

    payment_key: str
    order_id: str | None
    approved_at: datetime | None
    currency: str | None
    cancels: tuple[Cancel, ...]


@dataclass(frozen=True, slots=True)
class RecordedCancel:
    """An entry of `GET /jeongsan/v1/cancels`, which only our gateway has: who cancelled, by which path.
    `key` shows the end of the API key that was used, `address` is where it was used from."""

    transaction_key: str
    payment_key: str
    order_id: str | None
    canceled_at: datetime
    cancel_amount: Decimal | None
    currency: str | None
    reason: str | None
    channel: str
    actor: str | None
    key: str | None
    address: str | None
    approved_at: datetime | None


def transaction(row: Fields) -> Transaction:
    """Raises UnreadableAnswer."""
    return Transaction(
        transaction_key=row.text("transactionKey"),
        payment_key=row.text("paymentKey"),
        order_id=row.optional_text("orderId"),
        status=row.text("status"),
        transaction_at=row.moment("transactionAt"),
        currency=row.optional_text("currency"),
        amount=row.optional_amount("amount"),
    )


def cancel(row: Fields) -> Cancel:
    """Raises UnreadableAnswer."""
    return Cancel(
        transaction_key=row.optional_text("transactionKey"),
        reason=row.optional_text("cancelReason"),
        canceled_at=row.optional_moment("canceledAt"),
        cancel_amount=row.optional_amount("cancelAmount"),
        status=row.optional_text("cancelStatus"),
        request_id=row.optional_text("cancelRequestId"),
    )


def settlement_row(row: Fields) -> SettlementRow:
    """Raises UnreadableAnswer."""
    cancelled = row.optional_object("cancel")
    absent = row.absent(SETTLEMENT_KEYS)
    if cancelled is not None:
        absent += tuple(f"cancel.{name}" for name in cancelled.absent(SETTLED_CANCEL_KEYS))
    return SettlementRow(
        transaction_key=row.text("transactionKey"),
        payment_key=row.text("paymentKey"),
        order_id=row.optional_text("orderId"),
        currency=row.optional_text("currency"),
        approved_at=row.optional_moment("approvedAt"),
        sold_date=row.optional_day("soldDate"),
        paid_out_date=row.optional_day("paidOutDate"),
        amount=row.optional_amount("amount"),
        interest_fee=row.optional_amount("interestFee"),
        fee=row.optional_amount("fee"),
        pay_out_amount=row.optional_amount("payOutAmount"),
        cancel=None if cancelled is None else cancel(cancelled),
        absent=absent,
    )


def payment(row: Fields) -> Payment:
    """Raises UnreadableAnswer."""
    return Payment(
        payment_key=row.text("paymentKey"),
        order_id=row.optional_text("orderId"),
        approved_at=row.optional_moment("approvedAt"),
        currency=row.optional_text("currency"),
        cancels=tuple(cancel(one) for one in row.objects("cancels")),
    )


def recorded_cancel(row: Fields) -> RecordedCancel:
    """Raises UnreadableAnswer."""
    return RecordedCancel(
        transaction_key=row.text("transactionKey"),
        payment_key=row.text("paymentKey"),
        order_id=row.optional_text("orderId"),
        canceled_at=row.moment("canceledAt"),
        cancel_amount=row.optional_amount("cancelAmount"),
        currency=row.optional_text("currency"),
        reason=row.optional_text("cancelReason"),
        channel=row.text("channel"),
        actor=row.optional_text("actor"),
        key=row.optional_text("key"),
        address=row.optional_text("address"),
        approved_at=row.optional_moment("approvedAt"),
    )
