"""A confirm that is refused: the decided status and code, and nothing has changed."""

import asyncio
from typing import Any

import pytest

from support.sandbox import Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("amount", [14_999, 15_001, 150_000, 0, -15_000, 10**15, 10**30])
async def test_a_wrong_amount_is_refused_and_the_right_one_still_works(sandbox: Sandbox, amount: int) -> None:
    paid = await sandbox.pay(15_000)
    async with nothing_changes(sandbox, paid["paymentKey"]):
        answer = await sandbox.confirm(paid | {"amount": amount})
        assert_refused(answer, 400, "INVALID_REQUEST")
        assert "amount" in answer.json()["message"]
    assert (await sandbox.confirm(paid)).status_code == 200


async def test_a_wrong_order_id_is_refused_and_takes_nobodys_order(sandbox: Sandbox) -> None:
    first, second = await sandbox.pay(), await sandbox.pay()
    async with nothing_changes(sandbox, first["paymentKey"], second["paymentKey"]):
        answer = await sandbox.confirm(first | {"orderId": second["orderId"]})
        assert_refused(answer, 400, "INVALID_REQUEST")
        assert "orderId" in answer.json()["message"]
    assert (await sandbox.confirm(second)).status_code == 200
    assert (await sandbox.confirm(first)).status_code == 200


async def test_a_second_confirm_is_refused(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    assert (await sandbox.confirm(paid)).status_code == 200
    async with nothing_changes(sandbox, paid["paymentKey"]):
        assert_refused(await sandbox.confirm(paid), 400, "ALREADY_PROCESSED_PAYMENT")


async def test_a_finished_payment_says_so_before_its_amount_is_compared(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    await sandbox.confirm(paid)
    assert_refused(await sandbox.confirm(paid | {"amount": 1}), 400, "ALREADY_PROCESSED_PAYMENT")


async def test_of_many_confirms_at_once_one_wins(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    answers = await asyncio.gather(*(sandbox.confirm(paid) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    assert {a.json()["code"] for a in answers if a.status_code == 400} == {"ALREADY_PROCESSED_PAYMENT"}
    assert await sandbox.sql("SELECT kind, amount FROM payment_transaction") == [("approval", 15_000)]
    assert await sandbox.sql("SELECT debit, credit, amount FROM posting") == [("1100", "2100", 15_000)]


async def test_an_order_is_approved_once_however_many_attempts_share_it(sandbox: Sandbox) -> None:
    attempts = [await sandbox.pay(order_id="one-order") for _ in range(3)]
    assert (await sandbox.confirm(attempts[1])).status_code == 200
    async with nothing_changes(sandbox, *(attempt["paymentKey"] for attempt in attempts)):
        for attempt in (attempts[0], attempts[2]):
            assert_refused(await sandbox.confirm(attempt), 400, "ALREADY_PROCESSED_PAYMENT")
    found = (await sandbox.live.get("/v1/payments/orders/one-order")).json()
    assert found["paymentKey"] == attempts[1]["paymentKey"]


async def test_of_attempts_confirmed_at_once_under_one_order_one_wins(sandbox: Sandbox) -> None:
    attempts = [await sandbox.pay(order_id="one-order") for _ in range(6)]
    answers = await asyncio.gather(*(sandbox.confirm(attempt) for attempt in attempts))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 5
    assert await sandbox.sql("SELECT count(*) FROM payment_transaction") == [(1,)]


async def test_an_order_stays_taken_after_its_payment_was_cancelled(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="one-order")
    await sandbox.cancel(payment["paymentKey"])
    again = await sandbox.pay(order_id="one-order")
    async with nothing_changes(sandbox, again["paymentKey"], payment["paymentKey"]):
        assert_refused(await sandbox.confirm(again), 400, "ALREADY_PROCESSED_PAYMENT")


async def test_a_refused_card_aborts_the_payment_and_frees_the_order(sandbox: Sandbox) -> None:
    declined = await sandbox.pay(order_id="one-order", cardNumber="99990001****123*")
    if (await sandbox.confirm(declined)).status_code == 200:
        pytest.fail("the simulator's refused card was approved")
    shown = (await sandbox.live.get(f"/v1/payments/{declined['paymentKey']}")).json()
    assert (shown["status"], shown["approvedAt"]) == ("ABORTED", None)
    assert await sandbox.sql("SELECT count(*) FROM payment_transaction") == [(0,)]
    assert_refused(await sandbox.confirm(declined), 400, "ALREADY_PROCESSED_PAYMENT")
    assert (await sandbox.done(order_id="one-order"))["status"] == "DONE"


async def test_a_key_of_the_other_mode_or_another_shop_does_not_fit(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    other = await another_shop(sandbox, "tother0001")
    async with nothing_changes(sandbox, paid["paymentKey"]):
        for client in (sandbox.test, other):
            assert_refused(await sandbox.confirm(paid, client=client), 400, "INVALID_API_KEY")
    assert (await sandbox.confirm(paid)).status_code == 200


async def test_another_shop_cannot_take_our_order_id(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    await sandbox.done(order_id="same-order", client=other)
    assert (await sandbox.done(order_id="same-order"))["status"] == "DONE"


async def test_an_unknown_payment_is_not_found(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    async with nothing_changes(sandbox, paid["paymentKey"]):
        answer = await sandbox.confirm(paid | {"paymentKey": paid["paymentKey"][:-1] + "_"})
        assert_refused(answer, 404, "NOT_FOUND_PAYMENT")


async def test_a_window_that_was_never_finished_is_not_approved(sandbox: Sandbox) -> None:
    ready = await sandbox.pay(authenticated=False)
    async with nothing_changes(sandbox, ready["paymentKey"]):
        assert_refused(await sandbox.confirm(ready), 400, "UNAPPROVED_ORDER_ID")


async def test_an_expired_payment_has_lost_its_session(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    await sandbox.advance("PT10M")
    async with nothing_changes(sandbox, paid["paymentKey"]):
        assert_refused(await sandbox.confirm(paid), 404, "NOT_FOUND_PAYMENT_SESSION")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "15000"},
        {"amount": 15000.0},
        {"amount": "15000.00"},
        {"amount": "1.5e4"},
        {"somethingNew": {"deep": [1, None]}, "taxFreeAmount": 5_000, "currency": "USD"},
        {"cancelReason": None},
    ],
)
async def test_what_the_recordings_tolerate_is_confirmed(sandbox: Sandbox, change: dict[str, Any]) -> None:
    """Strings for numbers are numbers; unknown fields are dropped, a tax-free amount among them."""
    answer = await sandbox.confirm(await sandbox.pay(15_000) | change)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["totalAmount"], answer.json()["taxFreeAmount"]) == (15_000, 0)


async def test_an_order_id_may_be_sent_as_a_number(sandbox: Sandbox) -> None:
    paid = await sandbox.pay(order_id="710071")
    answer = await sandbox.confirm(paid | {"orderId": 710071})
    assert (answer.status_code, answer.json()["orderId"]) == (200, "710071")


TEST_CODE = "TossPayments-Test-Code"


@pytest.mark.parametrize(
    ("code", "status"),
    [("REJECT_CARD_PAYMENT", 403), ("PROVIDER_ERROR", 400), ("NOT_FOUND_PAYMENT_SESSION", 404)],
)
async def test_a_test_key_can_ask_for_an_error_with_its_real_status(
    sandbox: Sandbox, code: str, status: int
) -> None:
    paid = await sandbox.pay(client=sandbox.test)
    async with nothing_changes(sandbox):
        answer = await sandbox.confirm(paid, client=sandbox.test, **{TEST_CODE: code})
        assert_refused(answer, status, code)
    assert (await sandbox.confirm(paid, client=sandbox.test)).status_code == 200


async def test_an_unknown_test_code_is_named(sandbox: Sandbox) -> None:
    paid = await sandbox.pay(client=sandbox.test)
    async with nothing_changes(sandbox):
        answer = await sandbox.confirm(paid, client=sandbox.test, **{TEST_CODE: "NO_SUCH_CODE"})
        assert_refused(answer, 400, "INVALID_TEST_CODE")


async def test_a_live_key_ignores_test_codes(sandbox: Sandbox) -> None:
    answer = await sandbox.confirm(await sandbox.pay(), **{TEST_CODE: "REJECT_CARD_PAYMENT"})
    assert (answer.status_code, answer.json()["status"]) == (200, "DONE")
