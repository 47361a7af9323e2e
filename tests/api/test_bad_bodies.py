"""Bodies that are no JSON object, or hold what no database can store: 400, and nothing has changed."""

import pytest

from support.sandbox import Sandbox
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio

BROKEN = {
    "nothing": b"",
    "white space": b"  \n",
    "cut off": b'{"paymentKey": "a", "orderId": "order-1", "amount": 15',
    "two objects": b"{}{}",
    "single quotes": b"{'amount': 1}",
    "a form": b"paymentKey=a&orderId=b&amount=1",
    "an array": b"[1]",
    "a string": b'"amount"',
    "null": b"null",
    "a number": b"1",
    "NaN": b'{"amount": NaN, "cancelAmount": NaN}',
    "Infinity": b'{"amount": Infinity, "cancelAmount": Infinity}',
    "not UTF-8": b'{"cancelReason": "\xff\xfe\xfd"}',
    "a raw control character": b'{"cancelReason": "a\x00b"}',
    "deep nesting": b"[" * 30_000,
    "a deep object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a number of 5,000 digits": b'{"amount": ' + b"9" * 5_000 + b"}",
    "more than 64 KiB": b'{"cancelReason": "x", "pad": "' + b"x" * 65_536 + b'"}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_body_is_refused_everywhere_and_changes_nothing(sandbox: Sandbox, body: bytes) -> None:
    paid, payment = await sandbox.pay(), await sandbox.done()
    shop = await sandbox.sql("SELECT settle_test_payments, contract_id FROM shop ORDER BY shop_id")
    async with nothing_changes(sandbox, paid["paymentKey"], payment["paymentKey"]):
        for path in (
            "/v1/payments/confirm",
            f"/v1/payments/{payment['paymentKey']}/cancel",
            "/jeongsan/v1/sandbox/payments",
            "/jeongsan/v1/clock",
            "/jeongsan/v1/webhooks",
        ):
            assert_refused(await sandbox.live.post(path, content=body), 400, "INVALID_REQUEST")
        answer = await sandbox.live.put("/jeongsan/v1/shops/tjeongsan", content=body)
        assert_refused(answer, 400, "INVALID_REQUEST")
    assert await sandbox.sql("SELECT settle_test_payments, contract_id FROM shop ORDER BY shop_id") == shop


@pytest.mark.parametrize("body", [b"[1]", b"{", b'{"now": NaN}'])
async def test_a_broken_reset_forgets_nothing(sandbox: Sandbox, body: bytes) -> None:
    payment = await sandbox.done()
    async with nothing_changes(sandbox, payment["paymentKey"]):
        answer = await sandbox.live.post("/jeongsan/v1/sandbox/reset", content=body)
        assert_refused(answer, 400, "INVALID_REQUEST")


VALUES = {
    "1e400": b"1e400",
    "1e999999": b"1e999999",
    "a huge exponent": b"1e999999999999",
    "a tiny number": b"1e-400",
    "half a won": b"14999.5",
    "a won and a bit": b"15000.000000000000000001",
    "negative": b"-15000",
    "zero": b"0",
    "true": b"true",
    "null": b"null",
    "a word": b'"fifteen thousand"',
    "an empty string": b'""',
    "NaN as text": b'"NaN"',
    "infinity as text": b'"Infinity"',
    "underscores": b'"15_000"',
    "full-width digits": '"１５０００"'.encode(),
    "hexadecimal": b'"0x3A98"',
    "an array": b"[15000]",
    "an object": b'{"value": 15000}',
    "4,000 digits": b"9" * 4_000,
    "a long number as text": b'"' + b"1" * 5_000 + b'"',
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
async def test_an_amount_that_is_none_confirms_and_cancels_nothing(sandbox: Sandbox, value: bytes) -> None:
    paid, payment = await sandbox.pay(15_000), await sandbox.done(15_000)
    body = (
        b'{"paymentKey": "%b", "orderId": "%b", "cancelReason": "x", "amount": %b, "refundableAmount": %b}'
        % (paid["paymentKey"].encode(), paid["orderId"].encode(), value, value)
    )
    async with nothing_changes(sandbox, paid["paymentKey"], payment["paymentKey"]):
        answer = await sandbox.live.post("/v1/payments/confirm", content=body)
        assert_refused(answer, 400, "INVALID_REQUEST")
        path = f"/v1/payments/{payment['paymentKey']}/cancel"
        cancel = body.replace(b"refundableAmount", b"cancelAmount")
        if value != b"null":
            assert_refused(await sandbox.live.post(path, content=cancel), 400, "INVALID_REQUEST")


@pytest.mark.parametrize("name", ["paymentKey", "orderId", "amount"])
async def test_a_confirm_without_one_of_its_three_fields_names_it(sandbox: Sandbox, name: str) -> None:
    paid = await sandbox.pay()
    async with nothing_changes(sandbox, paid["paymentKey"]):
        left_out = {key: value for key, value in paid.items() if key != name}
        for body in (left_out, paid | {name: None}):
            answer = await sandbox.live.post("/v1/payments/confirm", json=body)
            assert_refused(answer, 400, "INVALID_REQUEST")
            assert name in answer.json()["message"]


TEXTS = {
    "NUL": b'"a\\u0000bcdefg"',
    "a lone high surrogate": b'"abcdef\\ud83d"',
    "a lone low surrogate": b'"\\ude00abcdef"',
    "surrogates the wrong way round": b'"\\ude00\\ud83d-abc"',
    "a raw lone surrogate": b'"abcdef\xed\xa0\x80"',
    "empty": b'""',
    "true": b"true",
    "a fraction": b"1234567.5",
    "an array": b'["abcdef"]',
    "too long": b'"' + b"x" * 201 + b'"',
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_a_text_that_cannot_be_stored_or_meant_is_refused(sandbox: Sandbox, text: bytes) -> None:
    paid, payment = await sandbox.pay(), await sandbox.done()
    key, order = paid["paymentKey"].encode(), paid["orderId"].encode()
    async with nothing_changes(sandbox, paid["paymentKey"], payment["paymentKey"]):
        for body in (
            b'{"paymentKey": %b, "orderId": "%b", "amount": 15000}' % (text, order),
            b'{"paymentKey": "%b", "orderId": %b, "amount": 15000}' % (key, text),
        ):
            answer = await sandbox.live.post("/v1/payments/confirm", content=body)
            assert_refused(answer, 400, "INVALID_REQUEST")
        path = f"/v1/payments/{payment['paymentKey']}/cancel"
        answer = await sandbox.live.post(path, content=b'{"cancelReason": %b}' % text)
        assert_refused(answer, 400, "INVALID_REQUEST")


async def test_a_body_of_exactly_64_kib_is_read(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    key, order = paid["paymentKey"].encode(), paid["orderId"].encode()
    body = b'{"paymentKey": "%b", "orderId": "%b", "amount": 15000, "pad": "' % (key, order)
    body += b"x" * (65_536 - len(body) - 2) + b'"}'
    assert len(body) == 65_536
    assert (await sandbox.live.post("/v1/payments/confirm", content=body)).status_code == 200


async def test_emoji_in_a_reason_come_back_as_they_were_sent(sandbox: Sandbox) -> None:
    key = (await sandbox.done())["paymentKey"]
    body = b'{"cancelReason": "\\ud83d\\ude00 \xea\xb0\x80"}'
    answer = await sandbox.live.post(f"/v1/payments/{key}/cancel", content=body)
    assert answer.json()["cancels"][0]["cancelReason"] == "😀 가"
    shown = (await sandbox.live.get(f"/v1/payments/{key}")).json()
    assert shown["cancels"][0]["cancelReason"] == "😀 가"
