"""The shop's tests. The fixture `gateway`, of jeongsan's plugin, is a payment gateway of each test's own."""

from collections.abc import Iterator

import httpx
import pytest
from shop import Shop

from jeongsan.testing import Gateway

# The terms of the shop's contract, and a Friday before a week with holidays in it.
pytestmark = pytest.mark.gateway(clock="2025-04-25T11:08:10+09:00", rate="3.6", business_days=6)


@pytest.fixture
def shop(gateway: Gateway) -> Iterator[Shop]:
    with httpx.Client(base_url=gateway.url, auth=(gateway.live_key, "")) as client:
        shop = Shop(client)
        shop.orders["order-0001"] = 1_600
        yield shop


def test_an_order_is_paid(shop: Shop, gateway: Gateway) -> None:
    paid = gateway.pay(1_600, order_id="order-0001", confirm=False)  # the buyer; the shop confirms
    assert shop.success(paid["paymentKey"], paid["orderId"], paid["amount"])
    assert shop.statuses == {"order-0001": "DONE"}
    assert gateway.wait_webhook("DONE", "order-0001")["eventType"] == "PAYMENT_STATUS_CHANGED"


def test_a_changed_amount_is_not_confirmed(shop: Shop, gateway: Gateway) -> None:
    paid = gateway.pay(100, order_id="order-0001", confirm=False)
    assert not shop.success(paid["paymentKey"], paid["orderId"], paid["amount"])
    assert gateway.payment(paid["paymentKey"])["status"] == "IN_PROGRESS"


def test_a_declined_card_is_a_failed_order(shop: Shop, gateway: Gateway) -> None:
    paid = gateway.pay(1_600, order_id="order-0001", confirm=False, card="99990001****000*")
    assert not shop.success(paid["paymentKey"], paid["orderId"], paid["amount"])
    assert shop.statuses == {"order-0001": "FAILED"}


def test_a_cancel_in_the_merchant_admin_is_heard_of_and_costs_nothing(shop: Shop, gateway: Gateway) -> None:
    payment = gateway.pay(1_600, order_id="order-0001")
    gateway.cancel(payment["paymentKey"], channel="merchant-admin", actor="김정산")
    shop.webhook(gateway.wait_webhook("CANCELED"))
    assert shop.statuses == {"order-0001": "CANCELED"}

    gateway.advance_business_days(1)  # past the close of the day
    rows = gateway.settlements("2025-04-25")
    assert [row["fee"] for row in rows] == [63, -63]
    assert {row["paidOutDate"] for row in rows} == {"2025-05-08"}
    assert sum(row["payOutAmount"] for row in rows) == 0
