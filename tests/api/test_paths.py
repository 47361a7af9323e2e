"""Paths, methods and keys in paths: what does not exist is a 404 in the recorded shape."""

import pytest

from jeongsan.api.asgi import ROUTES
from support.sandbox import Sandbox
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1"),
        ("GET", "/v1/payments"),
        ("POST", "/v1/payments/confirm/"),
        ("GET", "/v1/transactions/"),
        ("GET", "//v1/transactions"),
        ("GET", "/V1/transactions"),
        ("PUT", "/v1/payments/confirm"),
        ("DELETE", "/v1/payments/some-key"),
        ("GET", "/v1/payments/some-key/cancel"),
        ("POST", "/v1/payments/orders/some-order"),
        ("GET", "/v1/payments/a/b/c"),
        ("POST", "/v1/transactions"),
        ("PATCH", "/v1/settlements"),
        ("GET", "/jeongsan/v1/sandbox/payments"),
        ("DELETE", "/jeongsan/v1/webhooks"),
        ("BREW", "/v1/transactions"),
    ],
)
async def test_a_wrong_path_or_method_is_not_found(sandbox: Sandbox, method: str, path: str) -> None:
    async with nothing_changes(sandbox):
        answer = await sandbox.live.request(method, f"http://gateway{path}", follow_redirects=False)
        assert_refused(answer, 404, "NOT_FOUND_HTTP_METHOD")
        assert "x-tosspayments-trace-id" in answer.headers


@pytest.mark.parametrize(
    "key",
    [
        "no-such-key",
        "a%00b",
        "%00",
        "x" * 5_000,
        "%20",
        "..%2F..",
        "%ED%A0%80",
        "%FF%FE",
        "%F0%9F%98%80",
        "'--",
    ],
)
async def test_a_key_that_cannot_exist_is_no_payment(sandbox: Sandbox, key: str) -> None:
    async with nothing_changes(sandbox):
        for method, path in (
            ("GET", f"/v1/payments/{key}"),
            ("GET", f"/v1/payments/orders/{key}"),
            ("POST", f"/v1/payments/{key}/cancel"),
        ):
            body = {"json": {"cancelReason": "x"}} if method == "POST" else {}
            answer = await sandbox.live.request(method, path, **body)
            assert answer.status_code == 404, answer.text
            assert answer.json()["code"] in ("NOT_FOUND_PAYMENT", "NOT_FOUND_HTTP_METHOD")


@pytest.mark.parametrize("endpoint", ["0", "999999999999999999", "9" * 40, "-1", "x", "%00", "1.0", "１"])
async def test_a_webhook_that_does_not_exist_cannot_be_removed(sandbox: Sandbox, endpoint: str) -> None:
    answer = await sandbox.live.delete(f"/jeongsan/v1/webhooks/{endpoint}")
    assert_refused(answer, 404, "NOT_FOUND")


async def test_another_shops_terms_are_no_business_of_this_key(sandbox: Sandbox) -> None:
    for mid in ("tother0001", "%00", "x" * 500):
        path = f"/jeongsan/v1/shops/{mid}"
        assert_refused(await sandbox.live.get(path), 404, "NOT_FOUND_MERCHANT")
        assert_refused(await sandbox.live.put(path, json={"rate": 1}), 404, "NOT_FOUND_MERCHANT")


async def test_a_payment_is_found_by_its_key_and_by_its_order_with_the_same_bytes(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order=1_A-b")
    by_key = await sandbox.live.get(f"/v1/payments/{payment['paymentKey']}")
    by_order = await sandbox.live.get("/v1/payments/orders/order=1_A-b")
    assert (by_key.status_code, by_order.status_code) == (200, 200)
    assert by_key.content == by_order.content
    assert by_key.json() == payment


async def test_an_order_shows_its_latest_attempt_until_one_is_approved(sandbox: Sandbox) -> None:
    first = await sandbox.pay(order_id="one-order")
    second = await sandbox.pay(order_id="one-order")
    shown = (await sandbox.live.get("/v1/payments/orders/one-order")).json()
    assert (shown["paymentKey"], shown["status"]) == (second["paymentKey"], "IN_PROGRESS")
    await sandbox.confirm(first)
    shown = (await sandbox.live.get("/v1/payments/orders/one-order")).json()
    assert (shown["paymentKey"], shown["status"]) == (first["paymentKey"], "DONE")


def test_every_route_lives_under_v1_or_under_the_extensions() -> None:
    paths = {route.path for route in ROUTES}
    assert {path for path in paths if not path.startswith(("/v1/", "/jeongsan/v1/"))} == {"/metrics"}
