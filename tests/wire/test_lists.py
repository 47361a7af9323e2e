"""Rows of the two lists: 12 and 23 recorded keys, and a cancel with 11."""

import json
from typing import Any

from jeongsan.domain.fees import FeeLine
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.money import Money
from jeongsan.domain.views import SettlementView, TransactionView
from jeongsan.wire.lists import settlements_bytes, transactions_bytes
from support.examples import PAYMENT_KEY, a_card, an_approved_payment, cancelled

TRANSACTION_KEYS = [
    "mId",
    "transactionKey",
    "paymentKey",
    "orderId",
    "method",
    "customerKey",
    "useEscrow",
    "receiptUrl",
    "status",
    "transactionAt",
    "currency",
    "amount",
]
SETTLEMENT_KEYS = [
    "mId",
    "paymentKey",
    "transactionKey",
    "orderId",
    "currency",
    "method",
    "fees",
    "approvedAt",
    "soldDate",
    "paidOutDate",
    "card",
    "virtualAccount",
    "transfer",
    "mobilePhone",
    "giftCertificate",
    "easyPay",
    "cancel",
    "amount",
    "interestFee",
    "fee",
    "supplyAmount",
    "vat",
    "payOutAmount",
]
CANCEL_KEYS = [
    "transactionKey",
    "cancelReason",
    "taxExemptionAmount",
    "canceledAt",
    "easyPayDiscountAmount",
    "receiptKey",
    "cancelAmount",
    "taxFreeAmount",
    "refundableAmount",
    "cancelStatus",
    "cancelRequestId",
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


def _transaction(amount: Money, **changes: Any) -> TransactionView:
    values: dict[str, Any] = {
        "mid": "tmockshop1",
        "transaction_key": "txrd_a1",
        "payment_key": PAYMENT_KEY,
        "order_id": "order-000001",
        "method": "카드",
        "use_escrow": False,
        "status": "CANCELED",
        "transacted_at": parse_instant("2023-11-25T13:40:00.999+09:00"),
        "amount": amount,
    }
    return TransactionView(**(values | changes))


def _settlement(**changes: Any) -> SettlementView:
    """The reference's cancel row: 99,800 won, approved and cancelled on 25 November 2023."""
    entry = cancelled(an_approved_payment(Money(99_800, "KRW"))).cancels[0]
    values: dict[str, Any] = {
        "mid": "tmockshop1",
        "payment_key": PAYMENT_KEY,
        "transaction_key": entry.transaction_key,
        "order_id": "order-000001",
        "currency": "KRW",
        "method": "카드",
        "fees": (FeeLine("BASE", -2_250),),
        "approved_at": parse_instant("2023-11-25T13:03:39+09:00"),
        "sold_date": "2023-11-25",
        "paid_out_date": "2023-11-30",
        "card": a_card(),
        "total": 99_800,
        "cancel": entry,
        "amount": -99_800,
        "interest_fee": 0,
        "fee": -2_250,
        "supply_amount": -2_045,
        "vat": -205,
        "pay_out_amount": -97_550,
    }
    return SettlementView(**(values | changes))


def test_a_transaction_row_has_the_twelve_recorded_keys_and_a_positive_amount() -> None:
    (row,) = json.loads(transactions_bytes([_transaction(Money(22_400, "KRW"))], "ko"))
    assert list(row) == TRANSACTION_KEYS
    assert len(TRANSACTION_KEYS) == 12
    assert row == {
        "mId": "tmockshop1",
        "transactionKey": "txrd_a1",
        "paymentKey": PAYMENT_KEY,
        "orderId": "order-000001",
        "method": "카드",
        "customerKey": None,
        "useEscrow": False,
        "receiptUrl": "https://dashboard.tosspayments.com/receipt/redirection"
        f"?transactionId={PAYMENT_KEY}&ref=PX",
        "status": "CANCELED",
        "transactionAt": "2023-11-25T13:40:00+09:00",
        "currency": "KRW",
        "amount": 22_400,
    }


def test_a_settlement_row_has_the_23_recorded_keys_and_a_cancel_row_is_negative() -> None:
    (row,) = json.loads(settlements_bytes([_settlement()], "ko"))
    assert list(row) == SETTLEMENT_KEYS
    assert len(SETTLEMENT_KEYS) == 23
    assert row["fees"] == [{"type": "BASE", "fee": -2_250}]
    figures = ("amount", "interestFee", "fee", "supplyAmount", "vat", "payOutAmount")
    assert [row[name] for name in figures] == [-99_800, 0, -2_250, -2_045, -205, -97_550]
    assert (row["soldDate"], row["paidOutDate"]) == ("2023-11-25", "2023-11-30")
    assert row["approvedAt"] == "2023-11-25T13:03:39+09:00"
    nothing = ("virtualAccount", "transfer", "mobilePhone", "giftCertificate", "easyPay")
    assert [row[name] for name in nothing] == [None] * 5


def test_the_cancel_of_a_settlement_row_has_eleven_keys_and_a_positive_amount() -> None:
    """The payment's has thirteen; here the card and transfer discounts are not recorded."""
    (row,) = json.loads(settlements_bytes([_settlement()], "ko"))
    assert list(row["cancel"]) == CANCEL_KEYS
    assert len(CANCEL_KEYS) == 11
    assert row["cancel"]["cancelAmount"] == 99_800
    assert row["cancel"]["refundableAmount"] == 0
    assert row["cancel"]["cancelStatus"] == "DONE"
    assert row["cancel"]["transactionKey"] == row["transactionKey"]


def test_the_card_of_a_settlement_row_shows_the_original_amount() -> None:
    (row,) = json.loads(settlements_bytes([_settlement()], "ko"))
    assert list(row["card"]) == CARD_KEYS
    assert (row["card"]["amount"], row["card"]["acquireStatus"]) == (99_800, "READY")


def test_an_approval_row_has_no_cancel() -> None:
    (row,) = json.loads(settlements_bytes([_settlement(cancel=None, amount=99_800)], "ko"))
    assert list(row) == SETTLEMENT_KEYS
    assert row["cancel"] is None


def test_english_words_stand_in_both_lists() -> None:
    (transaction,) = json.loads(transactions_bytes([_transaction(Money(1, "KRW"))], "en"))
    (settlement,) = json.loads(settlements_bytes([_settlement()], "en"))
    assert transaction["method"] == settlement["method"] == "CARD"
    assert (settlement["card"]["cardType"], settlement["card"]["ownerType"]) == ("CREDIT", "PERSONAL")


def test_dollars_leave_as_numbers_with_two_decimals() -> None:
    assert transactions_bytes([_transaction(Money(54_468, "USD"))], "ko").endswith(b'"amount":544.68}]')
    body = settlements_bytes([_settlement(currency="USD", cancel=None)], "ko")
    assert b'"amount":-998.00,"interestFee":0.00,"fee":-22.50' in body


def test_a_list_is_a_bare_array_also_when_it_is_empty() -> None:
    assert transactions_bytes([], "ko") == settlements_bytes([], "ko") == b"[]"
    two = transactions_bytes([_transaction(Money(1, "KRW")), _transaction(Money(2, "KRW"))], "ko")
    assert [row["amount"] for row in json.loads(two)] == [1, 2]
