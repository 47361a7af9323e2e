"""A cancel that is refused: the decided status and code, and nothing has changed."""

import asyncio
from typing import Any

import pytest

from support.sandbox import Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio


async def test_more_than_the_balance_is_refused(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    async with nothing_changes(sandbox, key):
        assert_refused(await sandbox.cancel(key, cancelAmount=15_001), 403, "NOT_CANCELABLE_AMOUNT")
    assert (await sandbox.cancel(key, cancelAmount=5_000)).status_code == 200
    async with nothing_changes(sandbox, key):
        assert_refused(await sandbox.cancel(key, cancelAmount=10_001), 403, "NOT_CANCELABLE_AMOUNT")


async def test_a_payment_cancelled_at_once_is_already_cancelled(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    cancelled = await sandbox.cancel(key, cancelAmount=15_000)
    assert (cancelled.json()["status"], cancelled.json()["balanceAmount"]) == ("CANCELED", 0)
    async with nothing_changes(sandbox, key):
        for body in ({}, {"cancelAmount": 1}, {"cancelAmount": 15_000}):
            assert_refused(await sandbox.cancel(key, **body), 400, "ALREADY_CANCELED_PAYMENT")


async def test_a_payment_cancelled_in_parts_stays_partial_canceled_with_nothing_left(
    sandbox: Sandbox,
) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    await sandbox.cancel(key, cancelAmount=5_000)
    rest = (await sandbox.cancel(key)).json()
    assert (rest["status"], rest["balanceAmount"], rest["suppliedAmount"], rest["vat"]) == (
        "PARTIAL_CANCELED",
        0,
        0,
        0,
    )
    assert [one["cancelAmount"] for one in rest["cancels"]] == [5_000, 10_000]
    assert [one["refundableAmount"] for one in rest["cancels"]] == [10_000, 0]
    async with nothing_changes(sandbox, key):
        for body in ({}, {"cancelAmount": 1}):
            assert_refused(await sandbox.cancel(key, **body), 403, "NOT_CANCELABLE_AMOUNT")


async def test_a_wrong_refundable_amount_stops_the_cancel(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    await sandbox.cancel(key, cancelAmount=5_000, refundableAmount=15_000)
    async with nothing_changes(sandbox, key):
        for believed in (15_000, 0, 9_999):
            answer = await sandbox.cancel(key, cancelAmount=1_000, refundableAmount=believed)
            assert_refused(answer, 400, "NOT_MATCHES_REFUNDABLE_AMOUNT")
    assert (await sandbox.cancel(key, cancelAmount=1_000, refundableAmount=10_000)).status_code == 200


async def test_of_two_cancels_with_the_same_refundable_amount_one_wins(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    answers = await asyncio.gather(
        *(sandbox.cancel(key, cancelAmount=5_000, refundableAmount=15_000) for _ in range(2))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert (await sandbox.live.get(f"/v1/payments/{key}")).json()["balanceAmount"] == 10_000


async def test_of_cancels_at_once_never_more_than_the_balance_wins(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    answers = await asyncio.gather(*(sandbox.cancel(key, cancelAmount=4_000) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [403] * 3
    shown = (await sandbox.live.get(f"/v1/payments/{key}")).json()
    assert (shown["balanceAmount"], len(shown["cancels"])) == (3_000, 3)
    assert await sandbox.sql("SELECT sum(amount) FROM posting WHERE debit = '2100'") == [(12_000,)]


async def test_what_was_never_approved_cannot_be_cancelled(sandbox: Sandbox) -> None:
    ready = (await sandbox.pay(authenticated=False))["paymentKey"]
    in_progress = (await sandbox.pay())["paymentKey"]
    async with nothing_changes(sandbox, ready, in_progress):
        for key in (ready, in_progress):
            assert_refused(await sandbox.cancel(key), 403, "NOT_CANCELABLE_PAYMENT")


async def test_an_expired_or_aborted_payment_cannot_be_cancelled(sandbox: Sandbox) -> None:
    declined = await sandbox.pay(cardNumber="99990001****123*")
    await sandbox.confirm(declined)
    expired = await sandbox.pay()
    await sandbox.advance("PT10M")
    shown = [
        (await sandbox.live.get(f"/v1/payments/{one['paymentKey']}")).json()["status"]
        for one in (declined, expired)
    ]
    assert shown == ["ABORTED", "EXPIRED"]
    async with nothing_changes(sandbox, declined["paymentKey"], expired["paymentKey"]):
        for one in (declined, expired):
            assert_refused(await sandbox.cancel(one["paymentKey"]), 403, "NOT_CANCELABLE_PAYMENT")


async def test_an_unknown_payment_and_one_of_somebody_else_are_not_found(sandbox: Sandbox) -> None:
    key = (await sandbox.done())["paymentKey"]
    other = await another_shop(sandbox, "tother0001")
    async with nothing_changes(sandbox, key):
        assert_refused(await sandbox.cancel("no-such-payment"), 404, "NOT_FOUND_PAYMENT")
        for client in (sandbox.test, other):
            assert_refused(await sandbox.cancel(key, client=client), 404, "NOT_FOUND_PAYMENT")


async def test_a_refund_the_network_rejects_leaves_the_payment_as_it_was(sandbox: Sandbox) -> None:
    key = (await sandbox.done(cardNumber="99990011****123*"))["paymentKey"]
    before = (await sandbox.live.get(f"/v1/payments/{key}")).content
    assert_refused(await sandbox.cancel(key, cancelAmount=5_000), 400, "REFUND_REJECTED")
    assert (await sandbox.live.get(f"/v1/payments/{key}")).content == before
    assert await sandbox.sql("SELECT kind FROM payment_transaction") == [("approval",)]
    assert await sandbox.sql("SELECT cause FROM posting") == [("approval",)]
    assert await sandbox.sql("SELECT sequence FROM event") == [(3,)]


@pytest.mark.parametrize(
    "body",
    [
        {"cancelAmount": 0},
        {"cancelAmount": -1},
        {"cancelAmount": "-5000"},
        {"cancelAmount": 0.5},
        {"cancelAmount": "1.000000001"},
        {"cancelAmount": "five thousand"},
        {"cancelAmount": "NaN"},
        {"cancelAmount": "Infinity"},
        {"cancelAmount": "1_000"},
        {"cancelAmount": "٣"},
        {"cancelAmount": True},
        {"cancelAmount": [5_000]},
        {"cancelAmount": {"value": 5_000}},
        {"cancelAmount": 10**30},
        {"cancelReason": ""},
        {"cancelReason": None},
        {"cancelReason": "x" * 201},
        {"cancelReason": "a\x00b"},
        {"cancelReason": ["reason"]},
        {"cancelReason": True},
        {"cancelAmount": 5_000, "taxFreeAmount": 1},
        {"cancelAmount": 5_000, "taxFreeAmount": -1},
        {"cancelAmount": 5_000, "taxFreeAmount": 5_001},
        {"cancelAmount": 5_000, "taxExemptionAmount": 1},
        {"currency": "USD"},
        {"currency": "GOLD"},
        {"cancelRequestId": "short"},
        {"cancelRequestId": "x" * 65},
        {"refundableAmount": 15_000.5},
    ],
    ids=str,
)
async def test_a_value_that_cannot_be_meant_is_refused(sandbox: Sandbox, body: dict[str, Any]) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    async with nothing_changes(sandbox, key):
        assert_refused(await sandbox.cancel(key, **body), 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "body",
    [
        {"cancelAmount": "5000"},
        {"cancelAmount": 5000.0},
        {"cancelAmount": 5_000, "refundReceiveAccount": None, "taxFreeAmount": None, "currency": None},
        {"cancelAmount": 5_000, "isDividedPayment": False, "refundMid": "x", "taxAmount": 455},
        {"cancelAmount": 5_000, "currency": "KRW", "cancelRequestId": "abc-DEF_1="},
        {"cancelAmount": 5_000, "cancelReason": "가" * 200},
    ],
    ids=str,
)
async def test_what_the_recordings_tolerate_is_cancelled(sandbox: Sandbox, body: dict[str, Any]) -> None:
    """Strings for numbers are numbers, an explicit null was not sent, unknown fields are dropped."""
    answer = await sandbox.cancel((await sandbox.done(15_000))["paymentKey"], **body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["balanceAmount"] == 10_000
    shown = answer.json()["cancels"][0]
    assert shown["cancelReason"] == body.get("cancelReason", "고객 변심")
    assert shown["cancelRequestId"] == body.get("cancelRequestId")


async def test_the_tax_free_part_is_taken_from_what_is_left_of_it(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000, taxFreeAmount=4_000))["paymentKey"]
    first = (await sandbox.cancel(key, cancelAmount=5_000, taxFreeAmount=3_000)).json()
    assert (first["balanceAmount"], first["taxFreeAmount"]) == (10_000, 1_000)
    assert (first["vat"], first["suppliedAmount"]) == (818, 8_182)
    async with nothing_changes(sandbox, key):
        answer = await sandbox.cancel(key, cancelAmount=5_000, taxFreeAmount=1_001)
        assert_refused(answer, 400, "INVALID_REQUEST")
