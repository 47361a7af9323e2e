"""A cancel compared as everybody tells of it: what may differ has its reason, and nothing else may."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.fees import FeeLine
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Payment
from jeongsan.domain.views import SettlementView
from jeongsan.domain.webhooks import PaymentChanged
from jeongsan.inquiry.differences import InvalidJson, What, parsed
from jeongsan.inquiry.parity import CancelParity, Column, Part, compare, payment_told
from jeongsan.inquiry.parity_reasons import Reason
from jeongsan.wire.lists import settlements_bytes
from jeongsan.wire.payment import payment_bytes
from jeongsan.wire.render import Renderer
from support.examples import CANCELED_AT, PAYMENT_KEY, an_approved_payment, cancelled, krw
from support.mutations import mutations

SECOND_KEY = "txrd_a01jyq0000000000000000002c"


def told(payment: Payment) -> Any:
    """The payment inside its webhook, as a receiver gets it."""
    return payment_told(parsed(Renderer().event(PaymentChanged(payment, CANCELED_AT))))


def body(payment: Payment, language: str = "ko") -> Any:
    return parsed(payment_bytes(payment, language))


def row_of(payment: Payment) -> Any:
    """The `cancel` of the settlement row of the payment's last cancel."""
    cancel = payment.cancels[-1]
    view = SettlementView(
        mid=payment.mid,
        payment_key=payment.payment_key,
        transaction_key=cancel.transaction_key,
        order_id=payment.order_id,
        currency=cancel.amount.currency,
        method="카드",
        fees=(FeeLine("BASE", -1),),
        approved_at=payment.approved_at or 0,
        sold_date="2025-06-27",
        paid_out_date="2025-07-07",
        card=payment.card,
        total=payment.total.minor,
        cancel=cancel,
        amount=-cancel.amount.minor,
        interest_fee=0,
        fee=-1,
        supply_amount=-1,
        vat=0,
        pay_out_amount=1 - cancel.amount.minor,
    )
    return parsed(settlements_bytes([view], "ko"))[0]["cancel"]


def column(part: Part, content: Any, *, other: bool = False) -> Column:
    return Column(part=part, order_id="order-000002" if other else "order-000001", body=content, other=other)


def against(webhook: Any, *columns: Column, words: tuple[str, ...] = ()) -> CancelParity:
    return compare(column(Part.WEBHOOK, webhook), columns, words)


def reasons(parity: CancelParity) -> dict[str, Reason | None]:
    return {one.difference.path: one.reason for each in parity.comparisons for one in each.found}


def another_payment(total: Money | None = None, **changes: Any) -> Payment:
    """Another order of the same shop, approved a minute later."""
    payment = an_approved_payment(total, payment_key=PAYMENT_KEY[:-5] + "Zz9Yx", order_id="order-000002")
    assert payment.card is not None
    assert payment.approved_at is not None
    return replace(
        payment,
        approved_at=payment.approved_at + 60_000,
        last_transaction_key="txrd_a01jymz6v3500000000000000bp",
        secret="ps_another0123456789abcdefghij",
        card=replace(payment.card, approve_no="87654321"),
        **changes,
    )


def test_a_cancel_is_told_with_the_same_37_and_13_keys_by_answer_webhook_and_look_up() -> None:
    payment = cancelled(an_approved_payment())
    parity = against(told(payment), column(Part.ANSWER, body(payment)), column(Part.LOOK_UP, body(payment)))
    assert parity.holds
    assert parity.entry == 0
    assert reasons(parity) == {}
    for one in (parity.reference, *parity.comparisons):
        assert (len(one.keys), len(one.entry_keys)) == (37, 13)
        assert one.keys == parity.reference.keys


def test_the_settlement_rows_cancel_lacks_two_keys_for_a_reason_and_equals_the_rest() -> None:
    payment = cancelled(an_approved_payment(), 5_000)
    parity = against(told(payment), column(Part.SETTLEMENT_ROW, row_of(payment)))
    assert parity.holds
    assert reasons(parity) == {
        "cancels[0].cardDiscountAmount": Reason.NOT_IN_ROW,
        "cancels[0].transferDiscountAmount": Reason.NOT_IN_ROW,
    }
    (row,) = parity.comparisons
    assert (row.keys, len(row.entry_keys)) == ((), 11)


@pytest.mark.parametrize(
    "name", ["transactionKey", "cancelAmount", "canceledAt", "cancelReason", "refundableAmount"]
)
def test_a_settlement_row_may_not_differ_in_any_value(name: str) -> None:
    payment = cancelled(an_approved_payment(), 5_000)
    row = row_of(payment)
    row[name] = 1 if isinstance(row[name], int) else "another"
    parity = against(told(payment), column(Part.SETTLEMENT_ROW, row))
    assert not parity.holds
    assert [(one.path, one.what) for one in parity.comparisons[0].unexplained] == [
        (f"cancels[0].{name}", What.VALUE)
    ]


def test_each_of_several_cancels_is_compared_with_its_own_row() -> None:
    first = cancelled(an_approved_payment(), 5_000)
    both = cancelled(first, 1_000, key=SECOND_KEY)
    assert against(told(first), column(Part.SETTLEMENT_ROW, row_of(first))).holds
    parity = against(told(both), column(Part.SETTLEMENT_ROW, row_of(both)))
    assert (parity.holds, parity.entry) == (True, 1)
    assert not against(told(both), column(Part.SETTLEMENT_ROW, row_of(first))).holds
    assert not against(told(first), column(Part.SETTLEMENT_ROW, row_of(both))).holds


def test_a_look_up_differs_by_the_cancels_that_came_later() -> None:
    """5,000 of 15,000, then everything that is left."""
    first = cancelled(an_approved_payment(tax_free=3_000), 5_000, tax_free=krw(1_000))
    last = cancelled(first, key=SECOND_KEY)
    parity = against(told(first), column(Part.LOOK_UP, body(last)))
    assert parity.holds
    assert reasons(parity) == dict.fromkeys(
        [
            "lastTransactionKey",
            "cancels[1]",
            "balanceAmount",
            "suppliedAmount",
            "vat",
            "taxFreeAmount",
        ],
        Reason.LATER_CANCEL,
    )
    approval = against(told(an_approved_payment()), column(Part.LOOK_UP, body(first)))
    assert approval.holds
    assert {"status", "cancels"} <= set(reasons(approval))


@pytest.mark.parametrize(
    "change",
    [
        {"balanceAmount": 8_000},
        {"vat": 1},
        {"suppliedAmount": 1},
        {"lastTransactionKey": "txrd_a01jyphyc0000000000000000zz"},
        {"status": "DONE"},
        {"secret": "ps_another0123456789abcdefghij"},
    ],
    ids=str,
)
def test_a_later_cancel_explains_only_what_it_leads_to(change: dict[str, Any]) -> None:
    first = cancelled(an_approved_payment(), 5_000)
    last = cancelled(first, 1_000, key=SECOND_KEY)
    parity = against(told(first), column(Part.LOOK_UP, body(last) | change))
    assert {one.path for one in parity.comparisons[0].unexplained} & set(change)


def test_without_a_later_cancel_a_look_up_may_not_differ() -> None:
    payment = cancelled(an_approved_payment(), 5_000)
    changed = body(payment) | {"balanceAmount": 9_000, "status": "CANCELED"}
    parity = against(told(payment), column(Part.LOOK_UP, changed))
    assert reasons(parity) == {"balanceAmount": None, "status": None}
    shifted = body(payment) | {"vat": 908, "suppliedAmount": 9_092}
    assert reasons(against(told(payment), column(Part.LOOK_UP, shifted))) == {
        "vat": None,
        "suppliedAmount": None,
    }


def test_an_answer_in_english_differs_by_its_language_only() -> None:
    payment = cancelled(an_approved_payment())
    parity = against(told(payment), column(Part.ANSWER, body(payment, "en")))
    assert parity.holds
    assert reasons(parity) == dict.fromkeys(["method", "card.cardType", "card.ownerType"], Reason.LANGUAGE)
    wrong = body(payment, "en") | {"method": "CASH"}
    assert reasons(against(told(payment), column(Part.ANSWER, wrong)))["method"] is None


@given(st.data())
def test_in_two_tellings_of_one_cancel_any_change_at_all_is_unexplained(data: st.DataObject) -> None:
    payment = cancelled(an_approved_payment(), 5_000)
    mutation = data.draw(mutations(body(payment)))
    for part in (Part.ANSWER, Part.LOOK_UP, Part.WEBHOOK):
        parity = against(told(payment), column(part, mutation.value))
        assert [(one.path, one.what) for one in parity.comparisons[0].unexplained] == [
            (mutation.path, mutation.what)
        ]
        assert not parity.holds


def test_another_orders_cancel_differs_by_its_own_ids_times_and_addresses() -> None:
    """The question of the help thread: does a cancel in the merchant admin send what my own returns?"""
    mine, theirs = (
        cancelled(an_approved_payment()),
        cancelled(another_payment(), key=SECOND_KEY, at=CANCELED_AT + 94_000),
    )
    parity = against(told(mine), column(Part.ANSWER, body(theirs), other=True))
    assert parity.holds
    assert reasons(parity) == {
        "lastTransactionKey": Reason.OWN_KEY,
        "paymentKey": Reason.OWN_KEY,
        "orderId": Reason.OWN_KEY,
        "approvedAt": Reason.OWN_TIME,
        "card.approveNo": Reason.OWN_APPROVAL,
        "cancels[0].transactionKey": Reason.OWN_KEY,
        "cancels[0].canceledAt": Reason.OWN_TIME,
        "secret": Reason.OWN_KEY,
        "receipt.url": Reason.OWN_ADDRESS,
        "checkout.url": Reason.OWN_ADDRESS,
    }
    (answer,) = parity.comparisons
    assert (answer.keys, answer.entry_keys) == (parity.reference.keys, parity.reference.entry_keys)


def own(total: Money | None = None, card: dict[str, Any] | None = None, **changes: Any) -> Any:
    """Another order, cancelled in full."""
    payment = another_payment(total, **changes)
    assert payment.card is not None
    return body(cancelled(replace(payment, card=replace(payment.card, **(card or {}))), key=SECOND_KEY))


def in_dollars() -> Any:
    nothing = Money(0, "USD")
    return own(Money(1_544, "USD"), tax_free=nothing, tax_exemption=nothing)


OTHER_CARD = {"number": "99990000****000*", "issuer_code": "11", "interest_payer": "BUYER"}


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (own(krw(20_000)), {"totalAmount": Reason.OWN_AMOUNT, "card.amount": Reason.OWN_AMOUNT}),
        (own(mid="tmockshop2"), {"mId": Reason.OWN_SHOP}),
        (own(order_name="책"), {"orderName": Reason.OWN_TEXT}),
        (own(card=OTHER_CARD), {"card.issuerCode": Reason.OWN_CARD, "card.interestPayer": Reason.OWN_CARD}),
        (own(card={"installment_plan_months": 3}), {"card.installmentPlanMonths": Reason.OWN_CARD}),
        (in_dollars(), {"currency": Reason.OWN_CURRENCY, "totalAmount": Reason.OWN_CURRENCY}),
        (body(another_payment()), {"cancels": Reason.OWN_CANCELS, "status": Reason.OWN_STATUS}),
        (body(cancelled(another_payment(), 5_000)), {"status": Reason.OWN_STATUS, "vat": Reason.OWN_AMOUNT}),
        (
            body(cancelled(cancelled(another_payment(), 1_000), 1_000)),
            {"cancels[1]": Reason.OWN_CANCELS, "cancels[0].refundableAmount": Reason.OWN_AMOUNT},
        ),
        (
            body(cancelled(another_payment(), cancel_request_id="mine")),
            {"cancels[0].cancelRequestId": Reason.OWN_KEY},
        ),
    ],
)
def test_two_orders_may_differ_in_what_was_bought_paid_and_cancelled(theirs: Any, expected: set[str]) -> None:
    mine = cancelled(an_approved_payment())
    parity = against(told(mine), column(Part.WEBHOOK, theirs, other=True))
    assert parity.comparisons[0].unexplained == ()
    assert expected.items() <= reasons(parity).items()


def set_at(value: Any, path: str, new: Any) -> Any:
    """The value with one field changed: `card.amount`, `cancels.0.cancelAmount`."""
    first, _, rest = path.partition(".")
    key: Any = int(first) if first.isdigit() else first
    changed = list(value) if isinstance(value, list) else dict(value)
    changed[key] = set_at(value[key], rest, new) if rest else new
    return changed


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("vat", 1),
        ("suppliedAmount", 1),
        ("balanceAmount", 1),
        ("taxFreeAmount", 1),
        ("card.amount", 1),
        ("card.issuerCode", "11"),
        ("card.cardType", "체크"),
        ("card.acquireStatus", "COMPLETED"),
        ("cancels.0.refundableAmount", 1),
        ("cancels.0.cancelStatus", "IN_PROGRESS"),
        ("cancels.0.easyPayDiscountAmount", 1),
        ("cancels.0.receiptKey", "r"),
        ("status", "PARTIAL_CANCELED"),
        ("lastTransactionKey", "txrd_a01jyphyc0000000000000000zz"),
        ("isPartialCancelable", False),
        ("receipt.url", "https://dashboard.tosspayments.com/receipt"),
        ("receipt.url", 7),
        ("checkout.url", f"https://api.tosspayments.com/v1/payments/{PAYMENT_KEY}"),
        ("type", "BILLING"),
        ("version", "2024-06-01"),
        ("country", "US"),
        ("orderId", 7),
        ("paymentKey", None),
        ("totalAmount", "15000"),
        ("cancels", []),
        ("cancels", "none"),
        ("metadata", {}),
        ("secret", None),
    ],
)
def test_even_between_two_orders_a_field_may_not_contradict_the_rest_of_its_body(path: str, new: Any) -> None:
    mine, theirs = cancelled(an_approved_payment()), cancelled(another_payment(), key=SECOND_KEY)
    parity = against(told(mine), column(Part.ANSWER, set_at(body(theirs), path, new), other=True))
    named = path.replace(".0.", "[0].")
    assert any(one.path.startswith(named) for one in parity.comparisons[0].unexplained)


def test_a_cancelled_order_without_its_cancel_is_not_taken_for_one_that_was_never_cancelled() -> None:
    mine, theirs = cancelled(an_approved_payment()), body(another_payment()) | {"status": "CANCELED"}
    parity = against(told(mine), column(Part.WEBHOOK, theirs, other=True))
    assert reasons(parity)["cancels"] is None


@given(st.data())
def test_between_two_orders_a_changed_key_or_order_is_never_explained(data: st.DataObject) -> None:
    mine, theirs = cancelled(an_approved_payment()), cancelled(another_payment(), key=SECOND_KEY)
    only = frozenset({What.ONLY_LEFT, What.ONLY_RIGHT, What.ORDER})
    mutation = data.draw(mutations(body(theirs), only))
    parity = against(told(mine), column(Part.WEBHOOK, mutation.value, other=True))
    assert (mutation.path, mutation.what) in {
        (one.path, one.what) for one in parity.comparisons[0].unexplained
    }


@pytest.mark.parametrize("field", ["method", "failure", "secret", "customer"])
def test_a_person_or_a_path_in_any_body_is_noticed(field: str) -> None:
    payment = cancelled(an_approved_payment())
    words = ("merchant-admin", "김담당", "10.0.0.7")
    clean = column(Part.ANSWER, body(payment))
    assert against(told(payment), clean, words=words).told == ()
    for word in words:
        given_away = set_at(body(payment) | {"customer": None}, field, {"by": [f"by {word}"]})
        parity = against(told(payment), column(Part.ANSWER, given_away), words=words)
        assert parity.told == (f"answer: {field}.by[0]",)
        assert not parity.holds


def test_a_person_named_in_every_body_alike_is_noticed_too() -> None:
    everywhere = body(cancelled(an_approved_payment())) | {"by": "김담당"}
    parity = against(everywhere, column(Part.ANSWER, everywhere), words=("김담당",))
    assert (parity.unexplained, parity.told) == (0, ("webhook: by", "answer: by"))
    assert not parity.holds


def test_what_the_merchant_wrote_gives_nobody_away() -> None:
    payment = replace(an_approved_payment(), order_name="api 사용료, 김담당")
    parity = against(told(cancelled(payment)), words=("api", "김담당"))
    assert parity.told == ()


@pytest.mark.parametrize(
    "envelope",
    [
        None,
        {"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": "2025-06-27T10:00:00.0", "data": {}},
        {"createdAt": "2025-06-27T10:00:00.0", "eventType": "PAYMENT_STATUS_CHANGED"},
        {"createdAt": "2025-06-27T10:00:00.0", "eventType": "BILLING_DELETED", "data": {}},
    ],
)
def test_another_envelope_than_the_recorded_one_is_refused(envelope: Any) -> None:
    with pytest.raises(InvalidJson):
        payment_told(envelope)


def test_another_orders_settlement_row_is_not_compared_with_this_webhook() -> None:
    payment = cancelled(an_approved_payment())
    with pytest.raises(ValueError, match="own order's webhook"):
        against(told(payment), column(Part.SETTLEMENT_ROW, row_of(payment), other=True))
