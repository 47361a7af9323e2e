"""What a gateway answers, as typed values: transactions, settlement rows, payments, cancels.

Amounts are exact and carry the sign they had; times are in KST, and lists also keep how they were written.
New fields may appear at any time, and old keys get fewer: what is not known is kept aside, what is not there
is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jeongsan.client import paid_with
from jeongsan.client.fields import Fields
from jeongsan.client.paid_with import Card, EasyPay, GiftCertificate, MobilePhone, Transfer, VirtualAccount

# Every key of a recorded transaction, settlement row and its cancel; unused ones are null, not absent.
TRANSACTION_KEYS = (
    "mId", "transactionKey", "paymentKey", "orderId", "method", "customerKey", "useEscrow", "receiptUrl",
    "status", "transactionAt", "currency", "amount",
)  # fmt: skip
SETTLEMENT_KEYS = (
    "mId", "paymentKey", "transactionKey", "orderId", "currency", "method", "fees", "approvedAt",
    "soldDate", "paidOutDate", "card", "virtualAccount", "transfer", "mobilePhone", "giftCertificate",
    "easyPay", "cancel", "amount", "interestFee", "fee", "supplyAmount", "vat", "payOutAmount",
)  # fmt: skip
SETTLED_CANCEL_KEYS = (
    "transactionKey", "cancelReason", "taxExemptionAmount", "canceledAt", "easyPayDiscountAmount",
    "receiptKey", "cancelAmount", "taxFreeAmount", "refundableAmount", "cancelStatus", "cancelRequestId",
)  # fmt: skip
# Newer recordings of a payment's cancels have them; settlement rows were recorded without.
_NEWER_CANCEL_KEYS = ("cardDiscountAmount", "transferDiscountAmount")
_FEE_KEYS = ("type", "fee")
_NESTED_KEYS = {
    "card": paid_with.CARD_KEYS,
    "virtualAccount": paid_with.VIRTUAL_ACCOUNT_KEYS,
    "virtualAccount.refundReceiveAccount": paid_with.REFUND_ACCOUNT_KEYS,
    "transfer": paid_with.TRANSFER_KEYS,
    "mobilePhone": paid_with.MOBILE_PHONE_KEYS,
    "giftCertificate": paid_with.GIFT_CERTIFICATE_KEYS,
    "easyPay": paid_with.EASY_PAY_KEYS,
    "cancel": (*SETTLED_CANCEL_KEYS, *_NEWER_CANCEL_KEYS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A row of `GET /v1/transactions`. `status` is the payment's status which this transaction led to; a
    cancel's recorded `amount` is positive. `transaction_at_text` is the time as it was written, `absent` are
    the recorded keys that are not there, `extra` what is there beside them, by its key."""

    mid: str | None
    transaction_key: str
    payment_key: str
    order_id: str | None
    method: str | None
    customer_key: str | None
    use_escrow: bool | None
    receipt_url: str | None
    status: str
    transaction_at: datetime
    transaction_at_text: str
    currency: str | None
    amount: Decimal | None
    absent: tuple[str, ...]
    extra: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """A cancel inside a settlement row or a payment; `cancel_amount` is positive."""

    transaction_key: str | None
    reason: str | None
    tax_exemption_amount: Decimal | None
    canceled_at: datetime | None
    canceled_at_text: str | None
    card_discount_amount: Decimal | None
    transfer_discount_amount: Decimal | None
    easy_pay_discount_amount: Decimal | None
    receipt_key: str | None
    cancel_amount: Decimal | None
    tax_free_amount: Decimal | None
    refundable_amount: Decimal | None
    status: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Fee:
    """A part of the fee: BASE, INSTALLMENT_DISCOUNT, INSTALLMENT, POINT_SAVING, ETC."""

    type: str | None
    fee: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """A row of `GET /v1/settlements`; `cancel` is None in the row of an approval. `fees` is None where keys
    of old API versions get `fee` alone. `absent`: the recorded keys that are not there, those of the cancel
    as `cancel.…`; `extra`: what is there beside them, by its path, such as `card.newKey`."""

    mid: str | None
    payment_key: str
    transaction_key: str
    order_id: str | None
    currency: str | None
    method: str | None
    fees: tuple[Fee, ...] | None
    approved_at: datetime | None
    approved_at_text: str | None
    sold_date: date | None
    paid_out_date: date | None
    card: Card | None
    virtual_account: VirtualAccount | None
    transfer: Transfer | None
    mobile_phone: MobilePhone | None
    gift_certificate: GiftCertificate | None
    easy_pay: EasyPay | None
    cancel: Cancel | None
    amount: Decimal | None
    interest_fee: Decimal | None
    fee: Decimal | None
    supply_amount: Decimal | None
    vat: Decimal | None
    pay_out_amount: Decimal | None
    absent: tuple[str, ...]
    extra: Mapping[str, Any] = field(hash=False)


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
        mid=row.optional_text("mId"),
        transaction_key=row.text("transactionKey"),
        payment_key=row.text("paymentKey"),
        order_id=row.optional_text("orderId"),
        method=row.optional_text("method"),
        customer_key=row.optional_text("customerKey"),
        use_escrow=row.optional_flag("useEscrow"),
        receipt_url=row.optional_text("receiptUrl"),
        status=row.text("status"),
        transaction_at=row.moment("transactionAt"),
        transaction_at_text=row.text("transactionAt"),
        currency=row.optional_text("currency"),
        amount=row.optional_amount("amount"),
        absent=row.absent(TRANSACTION_KEYS),
        extra=row.unknown(TRANSACTION_KEYS),
    )


def cancel(row: Fields) -> Cancel:
    """Raises UnreadableAnswer."""
    return Cancel(
        transaction_key=row.optional_text("transactionKey"),
        reason=row.optional_text("cancelReason"),
        tax_exemption_amount=row.optional_amount("taxExemptionAmount"),
        canceled_at=row.optional_moment("canceledAt"),
        canceled_at_text=row.optional_text("canceledAt"),
        card_discount_amount=row.optional_amount("cardDiscountAmount"),
        transfer_discount_amount=row.optional_amount("transferDiscountAmount"),
        easy_pay_discount_amount=row.optional_amount("easyPayDiscountAmount"),
        receipt_key=row.optional_text("receiptKey"),
        cancel_amount=row.optional_amount("cancelAmount"),
        tax_free_amount=row.optional_amount("taxFreeAmount"),
        refundable_amount=row.optional_amount("refundableAmount"),
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
        mid=row.optional_text("mId"),
        payment_key=row.text("paymentKey"),
        transaction_key=row.text("transactionKey"),
        order_id=row.optional_text("orderId"),
        currency=row.optional_text("currency"),
        method=row.optional_text("method"),
        fees=_fees(row),
        approved_at=row.optional_moment("approvedAt"),
        approved_at_text=row.optional_text("approvedAt"),
        sold_date=row.optional_day("soldDate"),
        paid_out_date=row.optional_day("paidOutDate"),
        card=row.made("card", paid_with.card),
        virtual_account=row.made("virtualAccount", paid_with.virtual_account),
        transfer=row.made("transfer", paid_with.transfer),
        mobile_phone=row.made("mobilePhone", paid_with.mobile_phone),
        gift_certificate=row.made("giftCertificate", paid_with.gift_certificate),
        easy_pay=row.made("easyPay", paid_with.easy_pay),
        cancel=None if cancelled is None else cancel(cancelled),
        amount=row.optional_amount("amount"),
        interest_fee=row.optional_amount("interestFee"),
        fee=row.optional_amount("fee"),
        supply_amount=row.optional_amount("supplyAmount"),
        vat=row.optional_amount("vat"),
        pay_out_amount=row.optional_amount("payOutAmount"),
        absent=absent,
        extra=row.unknown(SETTLEMENT_KEYS) | dict(_nested_extra(row)),
    )


def _fees(row: Fields) -> tuple[Fee, ...] | None:
    if row.values.get("fees") is None:
        return None
    return tuple(Fee(one.optional_text("type"), one.optional_amount("fee")) for one in row.objects("fees"))


def _nested_extra(row: Fields) -> Iterator[tuple[str, Any]]:
    """What nested objects hold under keys that are not known, by its path."""
    for path, known in _NESTED_KEYS.items():
        found: Fields | None = row
        for name in path.split("."):
            found = None if found is None else found.optional_object(name)
        if found is not None:
            yield from ((f"{path}.{name}", value) for name, value in found.unknown(known).items())
    for number, fee in enumerate(row.objects("fees")):
        yield from ((f"fees[{number}].{name}", value) for name, value in fee.unknown(_FEE_KEYS).items())


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
