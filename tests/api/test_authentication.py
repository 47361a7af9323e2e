"""Who may ask: unknown keys are 401, malformed headers 403, and nobody gets further than that."""

import base64

import httpx
import pytest

from support.sandbox import LIVE_KEY, TEST_KEY, Sandbox
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio

GUARDED = [
    ("POST", "/v1/payments/confirm"),
    ("GET", "/v1/payments/some-key"),
    ("GET", "/v1/payments/orders/some-order"),
    ("POST", "/v1/payments/some-key/cancel"),
    ("GET", "/v1/transactions"),
    ("GET", "/v1/settlements"),
    ("POST", "/jeongsan/v1/sandbox/payments"),
    ("POST", "/jeongsan/v1/sandbox/reset"),
    ("GET", "/jeongsan/v1/clock"),
    ("POST", "/jeongsan/v1/clock"),
    ("GET", "/jeongsan/v1/webhooks"),
    ("POST", "/jeongsan/v1/webhooks"),
    ("DELETE", "/jeongsan/v1/webhooks/1"),
    ("GET", "/jeongsan/v1/shops/tjeongsan"),
    ("PUT", "/jeongsan/v1/shops/tjeongsan"),
    ("GET", "/jeongsan/v1/cancels"),
    ("GET", "/jeongsan/v1/notices"),
]


def basic(raw: bytes) -> str:
    return "Basic " + base64.b64encode(raw).decode()


async def ask(sandbox: Sandbox, method: str, path: str, authorization: str | None) -> httpx.Response:
    headers = {} if authorization is None else {"authorization": authorization.encode("latin-1")}
    body = {} if method in ("GET", "DELETE") else {"json": {}}
    return await sandbox.anonymous.request(method, path, headers=headers, **body)


@pytest.mark.parametrize(("method", "path"), GUARDED)
async def test_every_guarded_path_refuses_no_header_an_unknown_key_and_a_malformed_one(
    sandbox: Sandbox, method: str, path: str
) -> None:
    async with nothing_changes(sandbox):
        assert_refused(await ask(sandbox, method, path, None), 401, "UNAUTHORIZED_KEY")
        unknown = basic(b"test_sk_nobody_has_this_one_0000:")
        assert_refused(await ask(sandbox, method, path, unknown), 401, "UNAUTHORIZED_KEY")
        no_colon = basic(LIVE_KEY.encode())
        assert_refused(await ask(sandbox, method, path, no_colon), 403, "INCORRECT_BASIC_AUTH_FORMAT")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        basic(LIVE_KEY.encode()),
        "Basic " + LIVE_KEY + ":",
        "Basic not base64!",
        "Basic " + base64.b64encode(f"{LIVE_KEY}:".encode()).decode()[:-2],
        "Basic \xe9\xe9\xe9\xe9",
        basic(b"\xff\xfe:"),
        basic(b"\xef\xbb\xbf" + f"{LIVE_KEY}:".encode()),
        "Bearer " + base64.b64encode(f"{LIVE_KEY}:".encode()).decode(),
        base64.b64encode(f"{LIVE_KEY}:".encode()).decode(),
    ],
    ids=[
        "empty",
        "scheme alone",
        "nothing behind the scheme",
        "no colon",
        "not encoded",
        "not base64",
        "cut off",
        "not ASCII",
        "not UTF-8",
        "byte-order mark",
        "another scheme",
        "no scheme",
    ],
)
async def test_a_malformed_header_is_403_and_confirms_nothing(sandbox: Sandbox, header: str) -> None:
    paid = await sandbox.pay()
    async with nothing_changes(sandbox, paid["paymentKey"]):
        answer = await sandbox.anonymous.post(
            "/v1/payments/confirm", json=paid, headers={"authorization": header.encode("latin-1")}
        )
        assert_refused(answer, 403, "INCORRECT_BASIC_AUTH_FORMAT")


async def test_an_unknown_key_confirms_and_cancels_nothing(sandbox: Sandbox) -> None:
    paid, payment = await sandbox.pay(), await sandbox.done()
    stranger = {"authorization": basic(b"live_sk_nobody_has_this_one_0000:")}
    async with nothing_changes(sandbox, paid["paymentKey"], payment["paymentKey"]):
        answer = await sandbox.anonymous.post("/v1/payments/confirm", json=paid, headers=stranger)
        assert_refused(answer, 401, "UNAUTHORIZED_KEY")
        answer = await sandbox.cancel(payment["paymentKey"], client=sandbox.anonymous, headers=stranger)
        assert_refused(answer, 401, "UNAUTHORIZED_KEY")


async def test_a_sandboxs_401_says_where_keys_come_from(sandbox: Sandbox) -> None:
    answer = await sandbox.anonymous.get("/v1/payments/some-key")
    assert "JEONGSAN_LIVE_SECRET_KEY" in answer.json()["message"]


async def test_the_byte_order_mark_is_named(sandbox: Sandbox) -> None:
    header = basic(b"\xef\xbb\xbf" + f"{LIVE_KEY}:".encode())
    answer = await ask(sandbox, "GET", "/v1/payments/some-key", header)
    assert "byte-order mark" in answer.json()["message"]


async def test_the_scheme_is_read_in_any_case_and_the_password_is_ignored(sandbox: Sandbox) -> None:
    payment = await sandbox.done()
    for header in (
        basic(f"{LIVE_KEY}:".encode()).replace("Basic", "BASIC"),
        basic(f"{LIVE_KEY}:some password".encode()),
    ):
        answer = await ask(sandbox, "GET", f"/v1/payments/{payment['paymentKey']}", header)
        assert answer.status_code == 200


async def test_a_key_of_the_other_mode_sees_nothing_of_a_payment(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="only-live-01")
    for path in (payment["paymentKey"], "orders/only-live-01"):
        answer = await ask(sandbox, "GET", f"/v1/payments/{path}", basic(f"{TEST_KEY}:".encode()))
        assert_refused(answer, 404, "NOT_FOUND_PAYMENT")


async def test_a_shop_in_test_mode_may_use_the_order_id_of_the_live_one(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-both-modes")
    in_test = await sandbox.done(order_id="order-both-modes", client=sandbox.test)
    assert in_test["status"] == "DONE"


async def test_errors_are_in_english_when_the_caller_asks(sandbox: Sandbox) -> None:
    korean = await sandbox.anonymous.get("/v1/payments/x")
    english = await sandbox.anonymous.get("/v1/payments/x", headers={"accept-language": "en-US"})
    assert english.json()["code"] == korean.json()["code"]
    assert english.json()["message"].startswith("This API key is not known.")
    assert korean.json()["message"].startswith("등록되지 않은 API 키입니다.")


async def test_every_answer_carries_a_trace_id_of_32_lower_hex_digits(sandbox: Sandbox) -> None:
    refused = await sandbox.anonymous.get("/v1/payments/x")
    answered = await sandbox.live.get("/v1/transactions?startDate=2025-03-13&endDate=2025-03-14")
    seen = [answer.headers["x-tosspayments-trace-id"] for answer in (refused, answered)]
    assert len(set(seen)) == 2
    assert all(len(trace) == 32 and set(trace) <= set("0123456789abcdef") for trace in seen)
