"""Idempotency-Key: the first answer stays with the key, whatever is sent again."""

import asyncio
from typing import Any

import httpx
import pytest

from support.sandbox import Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio

TRACE = "x-tosspayments-trace-id"


async def confirm(sandbox: Sandbox, key: str, body: Any, **options: Any) -> httpx.Response:
    client = options.get("client") or sandbox.live
    return await client.post("/v1/payments/confirm", json=body, headers={"Idempotency-Key": key})


async def cancel(sandbox: Sandbox, key: str, payment_key: str, **body: Any) -> httpx.Response:
    return await sandbox.cancel(payment_key, headers={"Idempotency-Key": key}, **body)


async def records(sandbox: Sandbox) -> int:
    return (await sandbox.sql("SELECT count(*) FROM idempotency_record"))[0][0]


def assert_replays(second: httpx.Response, first: httpx.Response) -> None:
    """Status and bytes of the first answer, the key echoed, the new trace id followed by the first."""
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["idempotency-key"] == first.headers["idempotency-key"]
    new, original = second.headers[TRACE].split(",")
    assert original == first.headers[TRACE]
    assert new != original
    assert len(new) == 32


async def test_a_repeated_confirm_gets_the_first_answer_and_does_nothing(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    first = await confirm(sandbox, "k-1", paid)
    assert first.status_code == 200
    assert first.headers["idempotency-key"] == "k-1"
    async with nothing_changes(sandbox, paid["paymentKey"]):
        for _ in range(3):
            assert_replays(await confirm(sandbox, "k-1", paid), first)


async def test_a_repeated_cancel_takes_no_more_money(sandbox: Sandbox) -> None:
    payment_key = (await sandbox.done(15_000))["paymentKey"]
    first = await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000)
    async with nothing_changes(sandbox, payment_key):
        assert_replays(await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000), first)
    another = await cancel(sandbox, "k-2", payment_key, cancelAmount=5_000)
    assert another.json()["balanceAmount"] == 5_000


async def test_a_replay_shows_the_payment_as_it_was_then(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    first = await confirm(sandbox, "k-1", paid)
    await sandbox.cancel(paid["paymentKey"])
    assert_replays(await confirm(sandbox, "k-1", paid), first)


async def test_the_body_is_no_part_of_the_identity(sandbox: Sandbox) -> None:
    paid, other = await sandbox.pay(), await sandbox.pay()
    first = await confirm(sandbox, "k-1", paid)
    async with nothing_changes(sandbox, paid["paymentKey"], other["paymentKey"]):
        assert_replays(await confirm(sandbox, "k-1", other), first)
        answer = await sandbox.live.post(
            "/v1/payments/confirm", content=b"{", headers={"Idempotency-Key": "k-1"}
        )
    assert_replays(answer, first)


async def test_a_refusal_stays_even_when_the_request_is_mended(sandbox: Sandbox) -> None:
    paid = await sandbox.pay(15_000)
    first = await confirm(sandbox, "k-1", paid | {"amount": 1})
    assert_refused(first, 400, "INVALID_REQUEST")
    async with nothing_changes(sandbox, paid["paymentKey"]):
        assert_replays(await confirm(sandbox, "k-1", paid), first)
    assert (await confirm(sandbox, "k-2", paid)).status_code == 200


async def test_400_403_404_and_unreadable_bodies_are_bound(sandbox: Sandbox) -> None:
    payment_key = (await sandbox.done(15_000))["paymentKey"]
    paid = await sandbox.pay()
    declined = await sandbox.pay(cardNumber="99990001****123*")

    async def unreadable() -> httpx.Response:
        headers = {"Idempotency-Key": "unreadable"}
        return await sandbox.live.post("/v1/payments/confirm", content=b"{", headers=headers)

    firsts = {
        "400": (await confirm(sandbox, "400", {**paid, "orderId": "other-order"}), 400),
        "403": (await cancel(sandbox, "403", payment_key, cancelAmount=15_001), 403),
        "404": (await confirm(sandbox, "404", {**paid, "paymentKey": "none"}), 404),
        "declined": (await confirm(sandbox, "declined", declined), 403),
        "unreadable": (await unreadable(), 400),
    }
    assert {name: one.status_code for name, (one, _) in firsts.items()} == {
        name: status for name, (_, status) in firsts.items()
    }
    async with nothing_changes(sandbox, paid["paymentKey"], payment_key):
        for name in ("400", "404", "declined", "unreadable"):
            assert_replays(await confirm(sandbox, name, paid), firsts[name][0])
        assert_replays(await cancel(sandbox, "403", payment_key, cancelAmount=1), firsts["403"][0])
    assert await records(sandbox) == 5


async def test_a_path_that_cannot_be_a_key_is_bound_as_well(sandbox: Sandbox) -> None:
    first = await cancel(sandbox, "k-1", "%00")
    assert_refused(first, 404, "NOT_FOUND_PAYMENT")
    assert_replays(await cancel(sandbox, "k-1", "%00"), first)


async def test_a_test_code_is_bound_like_the_error_it_plays(sandbox: Sandbox) -> None:
    paid = await sandbox.pay(client=sandbox.test)
    headers = {"Idempotency-Key": "k-1", "TossPayments-Test-Code": "REJECT_CARD_PAYMENT"}
    first = await sandbox.test.post("/v1/payments/confirm", json=paid, headers=headers)
    assert_refused(first, 403, "REJECT_CARD_PAYMENT")
    assert_replays(await confirm(sandbox, "k-1", paid, client=sandbox.test), first)


@pytest.mark.parametrize(
    ("code", "status"), [("IDEMPOTENT_REQUEST_PROCESSING", 409), ("TOO_MANY_REQUESTS", 429)]
)
async def test_409_and_429_are_never_bound(sandbox: Sandbox, code: str, status: int) -> None:
    paid = await sandbox.pay(client=sandbox.test)
    headers = {"Idempotency-Key": "k-1", "TossPayments-Test-Code": code}
    refused = await sandbox.test.post("/v1/payments/confirm", json=paid, headers=headers)
    assert_refused(refused, status, code)
    assert await records(sandbox) == 0
    done = await confirm(sandbox, "k-1", paid, client=sandbox.test)
    assert (done.status_code, "," in done.headers[TRACE]) == (200, False)


async def test_401_and_a_malformed_header_are_never_bound(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    for header in ("Basic dGVzdF9za19ub2JvZHk6", "Basic x"):
        answer = await sandbox.anonymous.post(
            "/v1/payments/confirm", json=paid, headers={"Idempotency-Key": "k-1", "authorization": header}
        )
        assert answer.status_code in (401, 403)
    assert await records(sandbox) == 0
    done = await confirm(sandbox, "k-1", paid)
    assert (done.status_code, "," in done.headers[TRACE]) == (200, False)


@pytest.mark.parametrize("key", ["", "k" * 301, "k" * 5_000])
async def test_a_key_of_no_or_more_than_300_characters_is_refused(sandbox: Sandbox, key: str) -> None:
    paid, payment = await sandbox.pay(), await sandbox.done()
    async with nothing_changes(sandbox, paid["paymentKey"], payment["paymentKey"]):
        assert_refused(await confirm(sandbox, key, paid), 400, "INVALID_IDEMPOTENCY_KEY")
        answer = await cancel(sandbox, key, payment["paymentKey"])
        assert_refused(answer, 400, "INVALID_IDEMPOTENCY_KEY")
    assert await records(sandbox) == 0


@pytest.mark.parametrize("key", ["k", "k" * 300, "한글이 아닌 key 1".encode().decode("latin-1"), 'a,b;c="d"'])
async def test_a_key_of_1_to_300_characters_is_echoed_as_it_came(sandbox: Sandbox, key: str) -> None:
    paid = await sandbox.pay()
    headers = {b"Idempotency-Key": key.encode("latin-1")}
    first = await sandbox.live.post("/v1/payments/confirm", json=paid, headers=headers)
    assert first.status_code == 200
    echoed = dict(first.headers.raw)[b"idempotency-key"]
    assert echoed == key.encode("latin-1")
    assert_replays(await sandbox.live.post("/v1/payments/confirm", json=paid, headers=headers), first)


async def test_keys_of_different_api_keys_have_nothing_to_do_with_each_other(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    for client in (sandbox.live, sandbox.test, other):
        answer = await confirm(sandbox, "k-1", await sandbox.pay(client=client), client=client)
        assert (answer.status_code, "," in answer.headers[TRACE]) == (200, False)
    assert await records(sandbox) == 3


async def test_the_same_key_on_another_path_is_another_request(sandbox: Sandbox) -> None:
    first, second = await sandbox.pay(), await sandbox.pay()
    for paid in (first, second):
        assert (await sandbox.confirm(paid)).status_code == 200
    for paid in (first, second):
        answer = await cancel(sandbox, "k-1", paid["paymentKey"])
        assert (answer.status_code, answer.json()["paymentKey"]) == (200, paid["paymentKey"])


async def test_on_get_the_key_is_ignored(sandbox: Sandbox) -> None:
    payment = await sandbox.done()
    path, headers = f"/v1/payments/{payment['paymentKey']}", {"Idempotency-Key": "k-1"}
    before = await sandbox.live.get(path, headers=headers)
    await sandbox.cancel(payment["paymentKey"])
    after = await sandbox.live.get(path, headers=headers)
    assert (before.json()["status"], after.json()["status"]) == ("DONE", "CANCELED")
    assert "," not in after.headers[TRACE]
    assert (await sandbox.live.get(path, headers={"Idempotency-Key": "k" * 400})).status_code == 200
    assert await records(sandbox) == 0


async def test_a_key_lives_for_15_days_of_the_business_clock(sandbox: Sandbox) -> None:
    payment_key = (await sandbox.done(15_000))["paymentKey"]
    first = await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000)
    await sandbox.move_to("2025-03-28T12:59:59.999+09:00")
    assert_replays(await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000), first)
    await sandbox.move_to("2025-03-28T13:00:00+09:00")
    again = await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000)
    assert (again.status_code, again.json()["balanceAmount"]) == (200, 5_000)
    assert "," not in again.headers[TRACE]
    assert_replays(await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000), again)


async def test_a_replay_does_not_lengthen_the_15_days(sandbox: Sandbox) -> None:
    payment_key = (await sandbox.done(15_000))["paymentKey"]
    first = await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000)
    await sandbox.advance("P10D")
    assert_replays(await cancel(sandbox, "k-1", payment_key), first)
    await sandbox.advance("P5D")
    assert (await cancel(sandbox, "k-1", payment_key, cancelAmount=5_000)).json()["balanceAmount"] == 5_000


async def test_of_many_at_once_under_one_key_all_get_the_same_answer(sandbox: Sandbox) -> None:
    """Inline, nobody is ever in flight: all but one are replays."""
    payment_key = (await sandbox.done(15_000))["paymentKey"]
    answers = await asyncio.gather(
        *(cancel(sandbox, "k-1", payment_key, cancelAmount=5_000) for _ in range(8))
    )
    assert {answer.content for answer in answers} == {answers[0].content}
    assert sorted("," in answer.headers[TRACE] for answer in answers) == [False] + [True] * 7
    shown = (await sandbox.live.get(f"/v1/payments/{payment_key}")).json()
    assert (shown["balanceAmount"], len(shown["cancels"])) == (10_000, 1)


async def test_a_caller_who_leaves_finds_the_outcome_under_his_key(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    leaving = asyncio.ensure_future(confirm(sandbox, "k-1", paid))
    for _ in range(20):  # far enough for the request to wait for its commit
        await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    answer = await confirm(sandbox, "k-1", paid)
    assert (answer.status_code, answer.json()["status"]) == (200, "DONE")
    assert await sandbox.sql("SELECT kind FROM payment_transaction") == [("approval",)]


async def test_the_first_answers_language_is_replayed_too(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    headers = {"Idempotency-Key": "k-1", "Accept-Language": "en-US"}
    first = await sandbox.live.post("/v1/payments/confirm", json=paid, headers=headers)
    assert first.json()["method"] == "CARD"
    assert_replays(await confirm(sandbox, "k-1", paid), first)
