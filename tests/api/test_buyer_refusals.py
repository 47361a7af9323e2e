"""Playing the buyer with input that no payment window would accept: no payment comes of it."""

from typing import Any

import pytest

from support.sandbox import Sandbox
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio

PAYMENT = {"orderId": "order-000001", "orderName": "티셔츠", "amount": 15_000}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orderId": "short"}, "INVALID_ORDER_ID"),
        ({"orderId": "x" * 65}, "INVALID_ORDER_ID"),
        ({"orderId": "주문-000001"}, "INVALID_ORDER_ID"),
        ({"orderId": "order 000001"}, "INVALID_ORDER_ID"),
        ({"orderId": "order-000001\n"}, "INVALID_ORDER_ID"),
        ({"orderId": "a/../b-000001"}, "INVALID_ORDER_ID"),
        ({"orderId": None}, "INVALID_REQUEST"),
        ({"orderName": "x" * 101}, "INVALID_ORDER_NAME"),
        ({"orderName": None}, "INVALID_REQUEST"),
        ({"orderName": "a\x00b"}, "INVALID_REQUEST"),
        ({"amount": 99}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": 0}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": -15_000}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": 15_000.5}, "INVALID_REQUEST"),
        ({"amount": 10**16}, "INVALID_REQUEST"),
        ({"amount": None}, "INVALID_REQUEST"),
        ({"taxFreeAmount": 15_001}, "INVALID_REQUEST"),
        ({"taxFreeAmount": -1}, "INVALID_REQUEST"),
        ({"currency": "EUR"}, "INVALID_CURRENCY"),
        ({"method": "상품권"}, "NOT_SUPPORTED_METHOD"),
        ({"cardNumber": "1234"}, "INVALID_REQUEST"),
        ({"cardInstallmentPlan": 37}, "INVALID_REQUEST"),
        ({"cardInstallmentPlan": -1}, "INVALID_REQUEST"),
        ({"cardInstallmentPlan": "1e400"}, "INVALID_REQUEST"),
        ({"authenticated": "yes"}, "INVALID_REQUEST"),
    ],
    ids=str,
)
async def test_a_payment_that_no_window_would_open_is_refused(
    sandbox: Sandbox, change: dict[str, Any], code: str
) -> None:
    async with nothing_changes(sandbox):
        answer = await sandbox.live.post("/jeongsan/v1/sandbox/payments", json=PAYMENT | change)
        assert_refused(answer, 400, code)


@pytest.mark.parametrize(
    "change",
    [
        {"orderId": "a=b_C-9"},
        {"orderId": "x" * 64},
        {"orderName": "가" * 100},
        {"amount": 100},
        {"amount": "15000"},
        {"method": "CARD"},
        {"cardInstallmentPlan": 36, "cardCompany": "41"},
        {"currency": "USD", "amount": 544.68},
    ],
    ids=str,
)
async def test_a_payment_that_a_window_would_open_can_be_confirmed_as_it_is(
    sandbox: Sandbox, change: dict[str, Any]
) -> None:
    answer = await sandbox.live.post("/jeongsan/v1/sandbox/payments", json=PAYMENT | change)
    assert set(answer.json()) == {"paymentKey", "orderId", "amount"}
    confirmed = await sandbox.confirm(answer.json())
    assert confirmed.status_code == 200, confirmed.text
    wanted = PAYMENT | change
    assert confirmed.json()["totalAmount"] == float(wanted["amount"])
    assert confirmed.json()["card"]["installmentPlanMonths"] == wanted.get("cardInstallmentPlan", 0)
    assert confirmed.json()["card"]["issuerCode"] == wanted.get("cardCompany", "61")


async def test_a_payment_keys_first_half_says_whose_it_is_and_when(sandbox: Sandbox) -> None:
    assert (await sandbox.pay())["paymentKey"].startswith("tjeon20250313130000")
