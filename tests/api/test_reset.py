"""POST /jeongsan/v1/sandbox/reset: every fact is forgotten, every setting stays."""

import pytest

from support.receiver import open_receiver
from support.sandbox import START, Sandbox
from support.unchanged import assert_refused, facts, nothing_changes

pytestmark = pytest.mark.anyio

RESET = "/jeongsan/v1/sandbox/reset"


async def test_a_reset_forgets_payments_books_orders_and_idempotency(sandbox: Sandbox) -> None:
    paid = await sandbox.pay(order_id="one-order")
    await sandbox.confirm(paid, **{"Idempotency-Key": "k-1"})
    await sandbox.cancel(paid["paymentKey"], cancelAmount=5_000)
    await sandbox.advance("P20D")
    assert any((await facts(sandbox)).values())
    answer = await sandbox.live.post(RESET)
    assert (answer.status_code, answer.json()) == (200, {"now": "2025-04-02T13:00:00+09:00"})
    assert set(map(len, (await facts(sandbox)).values())) == {0}
    missing = await sandbox.live.get(f"/v1/payments/{paid['paymentKey']}")
    assert_refused(missing, 404, "NOT_FOUND_PAYMENT")
    again = await sandbox.confirm(await sandbox.pay(order_id="one-order"), **{"Idempotency-Key": "k-1"})
    assert (again.status_code, "," in again.headers["x-tosspayments-trace-id"]) == (200, False)


async def test_a_reset_may_start_at_any_time_and_days_settle_from_there(sandbox: Sandbox) -> None:
    await sandbox.done()
    await sandbox.advance("P20D")
    answer = await sandbox.live.post(RESET, json={"now": START})
    assert answer.json() == {"now": START}
    await sandbox.done(20_000)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert [row["amount"] for row in await sandbox.settlements("2025-03-13")] == [20_000]


async def test_a_reset_keeps_terms_keys_and_receivers(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        registered = (await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})).json()
        terms = (await sandbox.live.get("/jeongsan/v1/shops/tjeongsan")).json()
        assert terms["rate"] == "3.2"
        await sandbox.live.post(RESET)
        assert (await sandbox.live.get("/jeongsan/v1/shops/tjeongsan")).json() == terms
        assert (await sandbox.live.get("/jeongsan/v1/webhooks")).json() == [registered]
        await sandbox.done()
        await sandbox.move_to(START)
        assert receiver.statuses() == ["DONE"]


@pytest.mark.parametrize("body", [b'{"now": "soon"}', b'{"now": 1}', b"[]", b"{", b'"now"'])
async def test_a_reset_that_cannot_be_meant_forgets_nothing(sandbox: Sandbox, body: bytes) -> None:
    payment = await sandbox.done()
    async with nothing_changes(sandbox, payment["paymentKey"]):
        assert_refused(await sandbox.live.post(RESET, content=body), 400, "INVALID_REQUEST")
