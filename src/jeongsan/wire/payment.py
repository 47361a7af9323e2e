"""The Payment object: 37 keys in recorded order, every one present, unused method objects null."""

from decimal import Decimal

import msgspec

from jeongsan.domain import tax
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.methods import Situation
from jeongsan.domain.payment import Cancel, Card, Payment
from jeongsan.domain.payment_states import Status
from jeongsan.wire.encode import encode
from jeongsan.wire.errors import ErrorBody, message_of
from jeongsan.wire.words import in_language

VERSION = "2022-11-16"
CHECKOUT_URL = "https://api.tosspayments.com/v1/payments/{}/checkout"
RECEIPT_URL = "https://dashboard.tosspayments.com/receipt/redirection?transactionId={}&ref=PX"

Number = int | Decimal


class UrlBody(msgspec.Struct):
    """`receipt` and `checkout`."""

    url: str


class CardBody(msgspec.Struct, rename="camel"):
    """The `card` object of payments and settlement rows."""

    issuer_code: str
    acquirer_code: str | None
    number: str
    installment_plan_months: int
    is_interest_free: bool
    interest_payer: str | None
    approve_no: str
    use_card_point: bool
    card_type: str
    owner_type: str
    acquire_status: str
    amount: Number


class CancelBody(msgspec.Struct, rename="camel"):
    """One element of `cancels`: 13 keys."""

    transaction_key: str
    cancel_reason: str
    tax_exemption_amount: Number
    canceled_at: str
    card_discount_amount: int
    transfer_discount_amount: int
    easy_pay_discount_amount: int
    receipt_key: str | None
    cancel_amount: Number
    tax_free_amount: Number
    refundable_amount: Number
    cancel_status: str
    cancel_request_id: str | None


class PaymentBody(msgspec.Struct, rename="camel"):
    """Field order is key order."""

    m_id: str
    last_transaction_key: str | None
    payment_key: str
    order_id: str
    order_name: str
    tax_exemption_amount: Number
    status: str
    requested_at: str
    approved_at: str | None
    use_escrow: bool | None
    culture_expense: bool
    card: CardBody | None
    virtual_account: None
    transfer: None
    mobile_phone: None
    gift_certificate: None
    cash_receipt: None
    cash_receipts: None
    discount: None
    cancels: list[CancelBody] | None
    secret: str | None
    type: str
    easy_pay: None
    country: str
    failure: ErrorBody | None
    is_partial_cancelable: bool
    receipt: UrlBody | None
    checkout: UrlBody
    currency: str
    total_amount: Number
    balance_amount: Number
    supplied_amount: Number
    vat: Number
    tax_free_amount: Number
    method: str | None
    version: str
    metadata: None


def card_body(card: Card, amount: Number, language: str) -> CardBody:
    """The card with the amount it carries."""
    return CardBody(
        card.issuer_code,
        card.acquirer_code,
        card.number,
        card.installment_plan_months,
        card.is_interest_free,
        card.interest_payer,
        card.approve_no,
        card.use_card_point,
        in_language(card.card_type, language),
        in_language(card.owner_type, language),
        card.acquire_status,
        amount,
    )


def cancel_body(cancel: Cancel) -> CancelBody:
    """A finished cancel; asynchronous ones exist only for foreign easy pay."""
    return CancelBody(
        cancel.transaction_key,
        cancel.reason,
        cancel.tax_exemption.number(),
        iso_kst(cancel.canceled_at),
        0,
        0,
        0,
        None,
        cancel.amount.number(),
        cancel.tax_free.number(),
        cancel.refundable.number(),
        "DONE",
        cancel.cancel_request_id,
    )


def payment_body(payment: Payment, language: str) -> PaymentBody:
    """Supply value and VAT follow the balance. The method shows once it is chosen; card, secret and
    receipt appear on approval. EXPIRED has `method` and `useEscrow` null (recorded). Escrow is not partially
    cancelable (documented; assumed that `isPartialCancelable` says so)."""
    split = tax.split(payment.balance, tax_free=payment.tax_free, tax_exemption=payment.tax_exemption)
    approved = payment.approved_at is not None
    failure = payment.failure
    escrow = Situation.ESCROW in payment.situations
    card = payment.card if approved else None
    method = None if payment.status is Status.EXPIRED else payment.method
    return PaymentBody(
        m_id=payment.mid,
        last_transaction_key=payment.last_transaction_key,
        payment_key=payment.payment_key,
        order_id=payment.order_id,
        order_name=payment.order_name,
        tax_exemption_amount=payment.tax_exemption.number(),
        status=payment.status.value,
        requested_at=iso_kst(payment.requested_at),
        approved_at=None if payment.approved_at is None else iso_kst(payment.approved_at),
        use_escrow=None if payment.status is Status.EXPIRED else escrow,
        culture_expense=False,
        card=None if card is None else card_body(card, payment.total.number(), language),
        virtual_account=None,
        transfer=None,
        mobile_phone=None,
        gift_certificate=None,
        cash_receipt=None,
        cash_receipts=None,
        discount=None,
        cancels=[cancel_body(cancel) for cancel in payment.cancels] or None,
        secret=payment.secret,
        type="NORMAL",
        easy_pay=None,
        country="KR",
        failure=None
        if failure is None
        else ErrorBody(failure.code.value, message_of(failure.code, language)),
        is_partial_cancelable=not escrow,
        receipt=UrlBody(RECEIPT_URL.format(payment.payment_key)) if approved else None,
        checkout=UrlBody(CHECKOUT_URL.format(payment.payment_key)),
        currency=payment.total.currency,
        total_amount=payment.total.number(),
        balance_amount=payment.balance.number(),
        supplied_amount=split.supplied.number(),
        vat=split.vat.number(),
        tax_free_amount=payment.tax_free.number(),
        method=None if method is None else in_language(method, language),
        version=VERSION,
        metadata=None,
    )


def payment_bytes(payment: Payment, language: str) -> bytes:
    """The Payment object as it leaves."""
    return encode(payment_body(payment, language))
