"""Rows in full: every recorded key is a field, unknown keys are kept aside, missing ones are named."""

from decimal import Decimal
from typing import Any

import pytest

from jeongsan.client import paid_with
from jeongsan.client.errors import UnreadableAnswer
from jeongsan.client.fields import Fields
from jeongsan.client.moments import moment_of
from jeongsan.client.rows import Fee, SettlementRow, Transaction, settlement_row, transaction
from support.recorded_gateway import cancel_object, transaction_row
from support.recorded_gateway import settlement_row as recorded_row

CARD = {
    "issuerCode": "61", "acquirerCode": None, "number": "12345678****789*", "installmentPlanMonths": 3,
    "isInterestFree": False, "interestPayer": "MERCHANT", "approveNo": "00000000", "useCardPoint": False,
    "cardType": "신용", "ownerType": "개인", "acquireStatus": "READY", "amount": 150_000,
}  # fmt: skip
ACCOUNT = {
    "accountNumber": "X1234567890123", "accountType": "일반", "bankCode": "11", "customerName": "홍길동",
    "dueDate": "2025-11-30T15:17:19+09:00", "expired": False, "settlementStatus": "INCOMPLETED",
    "refundStatus": "NONE", "depositorName": None,
    "refundReceiveAccount": {"bankCode": "11", "accountNumber": "123", "holderName": "홍길동"},
}  # fmt: skip


def row(**changes: Any) -> SettlementRow:
    return settlement_row(Fields(recorded_row(**changes), "row"))


def listed(**changes: Any) -> Transaction:
    return transaction(Fields(transaction_row(**changes), "row"))


def test_a_transaction_has_its_twelve_keys() -> None:
    found = listed(customerKey="@@ANONYMOUS", transactionAt="2025-04-25T11:08:10.643+09:00")
    assert (found.mid, found.method, found.customer_key) == ("kbsi_uplus", "카드", "@@ANONYMOUS")
    assert (found.use_escrow, found.receipt_url) == (False, "https://dashboard.tosspayments.com/receipt")
    assert found.transaction_at == moment_of("2025-04-25T11:08:10.643+09:00")
    assert found.transaction_at_text == "2025-04-25T11:08:10.643+09:00"
    assert (found.absent, found.extra) == ((), {})


def test_a_transaction_of_another_version_says_what_it_lacks_and_what_it_has_more() -> None:
    values = transaction_row(newKey={"a": 1})
    del values["useEscrow"], values["receiptUrl"]
    found = transaction(Fields(values, "row"))
    assert (found.use_escrow, found.absent) == (None, ("useEscrow", "receiptUrl"))
    assert found.extra == {"newKey": {"a": 1}}


def test_a_settlement_row_has_its_figures_and_fees() -> None:
    found = row(fees=[{"type": "BASE", "fee": Decimal("-5.28")}, {"type": "ETC", "fee": 0}])
    assert found.fees == (Fee("BASE", Decimal("-5.28")), Fee("ETC", Decimal(0)))
    assert (found.mid, found.method, found.interest_fee) == ("kbsi_uplus", "카드", 0)
    assert (found.supply_amount, found.vat) == (-4_800, -480)
    assert found.approved_at_text == "2025-03-13T13:35:03+09:00"


def test_no_fees_and_an_empty_list_of_them_are_two_things() -> None:
    old = recorded_row()
    del old["fees"]
    assert settlement_row(Fields(old, "row")).fees is None
    assert row(fees=[]).fees == ()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("card", CARD),
        ("card", {"company": "현대", "receiptUrl": "https://x", "amount": 1}),
        ("virtualAccount", ACCOUNT),
        ("transfer", {"bankCode": "11", "settlementStatus": "INCOMPLETED"}),
        ("mobilePhone", {"customerMobilePhone": "010", "settlementStatus": "COMPLETED", "receiptUrl": "u"}),
        ("giftCertificate", {"approveNo": "1", "settlementStatus": "COMPLETED"}),
        ("easyPay", {"provider": "토스페이", "amount": 0, "discountAmount": Decimal("10.5")}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_object_of_a_method_is_read_with_every_key(name: str, values: dict[str, Any]) -> None:
    found = row(**{name: values})
    made = getattr(found, "".join(f"_{c.lower()}" if c.isupper() else c for c in name))
    for key, value in values.items():
        field = getattr(made, "".join(f"_{c.lower()}" if c.isupper() else c for c in key))
        if key == "dueDate":
            assert (field, made.due_date_text) == (moment_of(value), value)
        elif key == "refundReceiveAccount":
            assert field == paid_with.RefundAccount("11", "123", "홍길동")
        else:
            assert field == value
    assert found.extra == {}


def test_a_cancel_has_its_parts() -> None:
    cancel = row(cancel=cancel_object(taxFreeAmount=10, refundableAmount=7, cardDiscountAmount=3)).cancel
    assert cancel is not None
    assert (cancel.tax_free_amount, cancel.refundable_amount, cancel.card_discount_amount) == (10, 7, 3)
    assert (cancel.tax_exemption_amount, cancel.easy_pay_discount_amount, cancel.receipt_key) == (0, 0, None)
    assert cancel.canceled_at_text == "2025-04-25T11:08:10+09:00"


def test_unknown_keys_are_kept_by_their_path() -> None:
    found = row(
        top=1,
        card=CARD | {"inCard": None},
        cancel=cancel_object(inCancel=[1]),
        virtualAccount=ACCOUNT | {"refundReceiveAccount": {"inRefund": "x"}},
        fees=[{"type": "BASE", "fee": 1, "inFee": Decimal("1.10")}],
    )
    assert found.extra == {
        "top": 1, "card.inCard": None, "cancel.inCancel": [1],
        "virtualAccount.refundReceiveAccount.inRefund": "x", "fees[0].inFee": Decimal("1.10"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"card": {"installmentPlanMonths": 1.5}}, "row.card: installmentPlanMonths is no whole number"),
        ({"card": {"installmentPlanMonths": True}}, "row.card: installmentPlanMonths is no whole number"),
        ({"card": {"installmentPlanMonths": 2**31}}, "row.card: installmentPlanMonths is no whole number"),
        ({"card": {"isInterestFree": "N"}}, "row.card: isInterestFree is neither true nor false"),
        ({"transfer": []}, "row: transfer is no object"),
        ({"fees": [{"type": 1}]}, "row.fees[0]: type is no text"),
        ({"fees": {}}, "row.fees is no list"),
        ({"easyPay": {"amount": "1"}}, "row.easyPay: amount is no number"),
    ],
    ids=str,
)
def test_a_nested_field_of_the_wrong_kind_is_an_error_with_its_path(
    changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(UnreadableAnswer) as raised:
        row(**changes)
    assert str(raised.value) == said
