"""Rows of GET /v1/transactions and GET /v1/settlements, in recorded key order."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from jeongsan.domain.instants import iso_kst
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Cancel
from jeongsan.domain.views import SettlementView, TransactionView
from jeongsan.wire.encode import encode
from jeongsan.wire.payment import RECEIPT_URL, CardBody, card_body
from jeongsan.wire.words import in_language

Number = int | Decimal


class TransactionBody(msgspec.Struct, rename="camel"):
    """12 keys."""

    m_id: str
    transaction_key: str
    payment_key: str
    order_id: str
    method: str
    customer_key: str | None
    use_escrow: bool
    receipt_url: str
    status: str
    transaction_at: str
    currency: str
    amount: Number


def transactions_bytes(views: Iterable[TransactionView], language: str) -> bytes:
    """The bare array."""
    return encode(
        [
            TransactionBody(
                view.mid,
                view.transaction_key,
                view.payment_key,
                view.order_id,
                in_language(view.method, language),
                None,
                view.use_escrow,
                RECEIPT_URL.format(view.payment_key),
                view.status,
                iso_kst(view.transacted_at),
                view.amount.currency,
                view.amount.number(),
            )
            for view in views
        ]
    )


class FeeBody(msgspec.Struct):
    """One entry of `fees`."""

    type: str
    fee: Number


class SettledCancelBody(msgspec.Struct, rename="camel"):
    """The cancel inside a settlement row: 11 keys, as recorded there."""

    transaction_key: str
    cancel_reason: str
    tax_exemption_amount: Number
    canceled_at: str
    easy_pay_discount_amount: int
    receipt_key: str | None
    cancel_amount: Number
    tax_free_amount: Number
    refundable_amount: Number
    cancel_status: str
    cancel_request_id: str | None


class SettlementBody(msgspec.Struct, rename="camel"):
    """23 keys."""

    m_id: str
    payment_key: str
    transaction_key: str
    order_id: str
    currency: str
    method: str
    fees: list[FeeBody]
    approved_at: str
    sold_date: str
    paid_out_date: str
    card: CardBody | None
    virtual_account: None
    transfer: None
    mobile_phone: None
    gift_certificate: None
    easy_pay: None
    cancel: SettledCancelBody | None
    amount: Number
    interest_fee: Number
    fee: Number
    supply_amount: Number
    vat: Number
    pay_out_amount: Number


def settlements_bytes(views: Iterable[SettlementView], language: str) -> bytes:
    """The bare array."""
    return encode([_settlement_body(view, language) for view in views])


def _settlement_body(view: SettlementView, language: str) -> SettlementBody:
    def number(minor: int) -> Number:
        return Money(minor, view.currency).number()

    return SettlementBody(
        m_id=view.mid,
        payment_key=view.payment_key,
        transaction_key=view.transaction_key,
        order_id=view.order_id,
        currency=view.currency,
        method=in_language(view.method, language),
        fees=[FeeBody(line.type, number(line.fee)) for line in view.fees],
        approved_at=iso_kst(view.approved_at),
        sold_date=view.sold_date,
        paid_out_date=view.paid_out_date,
        card=None if view.card is None else card_body(view.card, number(view.total), language),
        virtual_account=None,
        transfer=None,
        mobile_phone=None,
        gift_certificate=None,
        easy_pay=None,
        cancel=None if view.cancel is None else _settled_cancel(view.cancel),
        amount=number(view.amount),
        interest_fee=number(view.interest_fee),
        fee=number(view.fee),
        supply_amount=number(view.supply_amount),
        vat=number(view.vat),
        pay_out_amount=number(view.pay_out_amount),
    )


def _settled_cancel(cancel: Cancel) -> SettledCancelBody:
    return SettledCancelBody(
        cancel.transaction_key,
        cancel.reason,
        cancel.tax_exemption.number(),
        iso_kst(cancel.canceled_at),
        0,
        None,
        cancel.amount.number(),
        cancel.tax_free.number(),
        cancel.refundable.number(),
        "DONE",
        cancel.cancel_request_id,
    )
