"""The Payment object: the recorded 37 keys, their order, types and nulls, in every status of a card."""

import json
from typing import Any

import pytest

from jeongsan.domain.errors import Code
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Payment, abort, expire
from jeongsan.wire.payment import payment_bytes
from support.examples import (
    APPROVAL_KEY,
    CANCEL_KEY,
    PAYMENT_KEY,
    SECRET,
    a_ready_payment,
    an_approved_payment,
    an_authenticated_payment,
    cancelled,
)

KEYS = [
    "mId",
    "lastTransactionKey",
    "paymentKey",
    "orderId",
    "orderName",
    "taxExemptionAmount",
    "status",
    "requestedAt",
    "approvedAt",
    "useEscrow",
    "cultureExpense",
    "card",
    "virtualAccount",
    "transfer",
    "mobilePhone",
    "giftCertificate",
    "cashReceipt",
    "cashReceipts",
    "discount",
    "cancels",
    "secret",
    "type",
    "easyPay",
    "country",
    "failure",
    "isPartialCancelable",
    "receipt",
    "checkout",
    "currency",
    "totalAmount",
    "balanceAmount",
    "suppliedAmount",
    "vat",
    "taxFreeAmount",
    "method",
    "version",
    "metadata",
]
CARD_KEYS = [
    "issuerCode",
    "acquirerCode",
    "number",
    "installmentPlanMonths",
    "isInterestFree",
    "interestPayer",
    "approveNo",
    "useCardPoint",
    "cardType",
    "ownerType",
    "acquireStatus",
    "amount",
]
CANCEL_KEYS = [
    "transactionKey",
    "cancelReason",
    "taxExemptionAmount",
    "canceledAt",
    "cardDiscountAmount",
    "transferDiscountAmount",
    "easyPayDiscountAmount",
    "receiptKey",
    "cancelAmount",
    "taxFreeAmount",
    "refundableAmount",
    "cancelStatus",
    "cancelRequestId",
]
ALWAYS_NULL = [
    "virtualAccount",
    "transfer",
    "mobilePhone",
    "giftCertificate",
    "cashReceipt",
    "cashReceipts",
    "discount",
    "easyPay",
    "metadata",
]
CHECKOUT = {"url": f"https://api.tosspayments.com/v1/payments/{PAYMENT_KEY}/checkout"}
RECEIPT = {
    "url": f"https://dashboard.tosspayments.com/receipt/redirection?transactionId={PAYMENT_KEY}&ref=PX"
}
CARD = {
    "issuerCode": "61", "acquirerCode": "31", "number": "12345678****789*", "installmentPlanMonths": 0,
    "isInterestFree": False, "interestPayer": None, "approveNo": "12345678", "useCardPoint": False,
    "cardType": "신용", "ownerType": "개인", "acquireStatus": "READY", "amount": 15_000,
}  # fmt: skip

# The recorded card payment after its confirm, in recorded order.
DONE: dict[str, Any] = {
    "mId": "tmockshop1", "lastTransactionKey": APPROVAL_KEY, "paymentKey": PAYMENT_KEY,
    "orderId": "order-000001", "orderName": "티셔츠 외 2건", "taxExemptionAmount": 0, "status": "DONE",
    "requestedAt": "2025-06-26T19:48:53+09:00", "approvedAt": "2025-06-26T19:49:06+09:00",
    "useEscrow": False, "cultureExpense": False, "card": CARD, "virtualAccount": None, "transfer": None,
    "mobilePhone": None, "giftCertificate": None, "cashReceipt": None, "cashReceipts": None,
    "discount": None, "cancels": None, "secret": SECRET, "type": "NORMAL", "easyPay": None, "country": "KR",
    "failure": None, "isPartialCancelable": True, "receipt": RECEIPT, "checkout": CHECKOUT,
    "currency": "KRW", "totalAmount": 15_000, "balanceAmount": 15_000, "suppliedAmount": 13_636,
    "vat": 1_364, "taxFreeAmount": 0, "method": "카드", "version": "2022-11-16", "metadata": None,
}  # fmt: skip

NOT_APPROVED = {"lastTransactionKey": None, "approvedAt": None, "card": None, "secret": None, "receipt": None}
CANCEL = {
    "transactionKey": CANCEL_KEY, "cancelReason": "단순 변심", "taxExemptionAmount": 0,
    "canceledAt": "2025-06-27T10:00:00+09:00", "cardDiscountAmount": 0, "transferDiscountAmount": 0,
    "easyPayDiscountAmount": 0, "receiptKey": None, "cancelAmount": 5_000, "taxFreeAmount": 0,
    "refundableAmount": 10_000, "cancelStatus": "DONE", "cancelRequestId": None,
}  # fmt: skip

PARTLY = cancelled(an_approved_payment(), 5_000)
# Status → (a payment in it, what differs from DONE). Method: null while nothing was chosen.
SHAPES: dict[str, tuple[Payment, dict[str, Any]]] = {
    "READY": (a_ready_payment(), NOT_APPROVED | {"status": "READY", "method": None}),
    "IN_PROGRESS": (an_authenticated_payment(), NOT_APPROVED | {"status": "IN_PROGRESS"}),
    "DONE": (an_approved_payment(), {}),
    "PARTIAL_CANCELED": (
        PARTLY,
        {
            "lastTransactionKey": CANCEL_KEY,
            "status": "PARTIAL_CANCELED",
            "balanceAmount": 10_000,
            "suppliedAmount": 9_091,
            "vat": 909,
            "cancels": [CANCEL],
        },
    ),
    "PARTIAL_CANCELED at nothing": (
        cancelled(PARTLY, key="txrd_a2"),
        {
            "lastTransactionKey": "txrd_a2",
            "status": "PARTIAL_CANCELED",
            "balanceAmount": 0,
            "suppliedAmount": 0,
            "vat": 0,
            "cancels": [
                CANCEL,
                CANCEL | {"transactionKey": "txrd_a2", "cancelAmount": 10_000, "refundableAmount": 0},
            ],
        },
    ),
    "CANCELED": (
        cancelled(an_approved_payment(), cancel_request_id="req-000001"),
        {
            "lastTransactionKey": CANCEL_KEY,
            "status": "CANCELED",
            "balanceAmount": 0,
            "suppliedAmount": 0,
            "vat": 0,
            "cancels": [
                CANCEL | {"cancelAmount": 15_000, "refundableAmount": 0, "cancelRequestId": "req-000001"}
            ],
        },
    ),
    "ABORTED": (
        abort(an_authenticated_payment(), Code.REJECT_CARD_PAYMENT),
        NOT_APPROVED
        | {
            "status": "ABORTED",
            "failure": {"code": "REJECT_CARD_PAYMENT", "message": "한도를 넘었거나 잔액이 부족합니다."},
        },
    ),
    "EXPIRED": (
        expire(a_ready_payment()),
        NOT_APPROVED
        | {
            "status": "EXPIRED",
            "useEscrow": None,
            "method": None,
            "failure": {
                "code": "EXPIRED_PAYMENT",
                "message": "결제가 만료되었습니다. 다시 시도해주세요.",
            },
        },
    ),
}


def _shown(payment: Payment, language: str = "ko") -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(payment_bytes(payment, language))
    return parsed


def test_the_recorded_shape_has_37_keys() -> None:
    assert list(DONE) == KEYS
    assert len(KEYS) == 37
    assert (list(CARD), list(CANCEL)) == (CARD_KEYS, CANCEL_KEYS)
    assert (len(CARD_KEYS), len(CANCEL_KEYS)) == (12, 13)


@pytest.mark.parametrize("name", SHAPES)
def test_every_status_has_the_recorded_keys_order_types_and_nulls(name: str) -> None:
    payment, difference = SHAPES[name]
    shown = _shown(payment)
    assert list(shown) == KEYS
    assert shown == DONE | difference
    for key, value in (DONE | difference).items():
        assert type(shown[key]) is type(value), key
    assert all(shown[key] is None for key in ALWAYS_NULL)


@pytest.mark.parametrize("name", SHAPES)
def test_nested_objects_keep_their_recorded_order(name: str) -> None:
    shown = _shown(SHAPES[name][0])
    if shown["card"] is not None:
        assert list(shown["card"]) == CARD_KEYS
    for entry in shown["cancels"] or []:
        assert list(entry) == CANCEL_KEYS
    if shown["failure"] is not None:
        assert list(shown["failure"]) == ["code", "message"]
    assert list(shown["checkout"]) == ["url"]


def test_a_card_keeps_showing_the_whole_amount_after_a_cancel() -> None:
    assert _shown(PARTLY)["card"] == CARD


def test_english_changes_words_and_nothing_else() -> None:
    korean, english = _shown(an_approved_payment()), _shown(an_approved_payment(), "en")
    words = {"cardType": "CREDIT", "ownerType": "PERSONAL"}
    assert english == korean | {"method": "CARD", "card": CARD | words}
    failed = abort(an_authenticated_payment(), Code.REJECT_CARD_PAYMENT)
    assert _shown(failed, "en")["failure"]["message"] == "Over the limit or not enough balance."


def test_tax_free_amounts_follow_the_balance() -> None:
    payment = an_approved_payment(Money(10_000, "KRW"), tax_free=3_000)
    shown = _shown(payment)
    assert (shown["suppliedAmount"], shown["vat"], shown["taxFreeAmount"]) == (6_364, 636, 3_000)
    rest = _shown(cancelled(payment))
    assert (rest["suppliedAmount"], rest["vat"], rest["taxFreeAmount"]) == (0, 0, 0)
    assert rest["cancels"][0]["taxFreeAmount"] == 3_000


def test_dollars_leave_as_numbers_with_two_decimals() -> None:
    """The recorded 544.68 USD splits into 495.16 and 49.52."""
    body = payment_bytes(an_approved_payment(Money(54_468, "USD")), "ko")
    assert b'"totalAmount":544.68,"balanceAmount":544.68,"suppliedAmount":495.16,"vat":49.52' in body


def test_micro_dollars_leave_as_whole_numbers() -> None:
    shown = _shown(an_approved_payment(Money(50_000_000_000, "MUSD")))
    assert (shown["suppliedAmount"], shown["vat"]) == (45_454_545_455, 4_545_454_545)


def test_the_bytes_are_compact_utf8() -> None:
    body = payment_bytes(an_approved_payment(), "ko")
    assert body.startswith(b'{"mId":"tmockshop1","lastTransactionKey":"')
    assert '"orderName":"티셔츠 외 2건"'.encode() in body
    assert b'": ' not in body
