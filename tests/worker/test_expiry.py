"""Buyers and merchants who do not come back: 30 minutes without the window, 10 without a confirm."""

import pytest

from support.receiver import open_receiver
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def status(sandbox: Sandbox, payment_key: str) -> str:
    return str((await sandbox.live.get(f"/v1/payments/{payment_key}")).json()["status"])


@pytest.mark.parametrize(
    ("authenticated", "waiting", "last_moment", "over"),
    [
        (False, "READY", "2025-03-13T13:29:59.999+09:00", "2025-03-13T13:30:00+09:00"),
        (True, "IN_PROGRESS", "2025-03-13T13:09:59.999+09:00", "2025-03-13T13:10:00+09:00"),
    ],
)
async def test_a_payment_expires_to_the_millisecond(
    sandbox: Sandbox, authenticated: bool, waiting: str, last_moment: str, over: str
) -> None:
    paid = await sandbox.pay(authenticated=authenticated)
    assert (await sandbox.move_to(last_moment))["ran"] == {}
    assert await status(sandbox, paid["paymentKey"]) == waiting
    assert (await sandbox.move_to(over))["ran"]["expiry"] == 1
    assert await status(sandbox, paid["paymentKey"]) == "EXPIRED"


async def test_a_confirm_in_the_last_millisecond_counts(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    await sandbox.move_to("2025-03-13T13:09:59.999+09:00")
    assert (await sandbox.confirm(paid)).status_code == 200
    await sandbox.advance("P1D")
    assert await status(sandbox, paid["paymentKey"]) == "DONE"


async def test_an_expired_payment_is_shown_as_recorded_and_announced_with_the_same_bytes(
    sandbox: Sandbox,
) -> None:
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        paid = await sandbox.pay(15_000)
        await sandbox.advance("PT10M")
        answer = await sandbox.live.get(f"/v1/payments/{paid['paymentKey']}")
        assert [one.json["data"] for one in receiver.received] == [answer.json()]
        head = b'{"createdAt":"2025-03-13T13:10:00.0","eventType":"PAYMENT_STATUS_CHANGED","data":'
        assert receiver.received[0].body == head + answer.content + b"}"
    shown = answer.json()
    assert shown["failure"] == {
        "code": "EXPIRED_PAYMENT",
        "message": "결제가 만료되었습니다. 다시 시도해주세요.",
    }
    nothing = ("lastTransactionKey", "method", "useEscrow", "approvedAt", "secret", "receipt", "card")
    assert [shown[name] for name in nothing] == [None] * len(nothing)
    assert (shown["balanceAmount"], shown["suppliedAmount"], shown["vat"]) == (15_000, 13_636, 1_364)


async def test_neither_ready_nor_in_progress_is_announced(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        await sandbox.pay(authenticated=False)
        await sandbox.pay()
        await sandbox.advance("PT9M")
        assert receiver.received == []


async def test_all_that_expire_at_once_expire_and_leave_a_trace_of_who_did_it(sandbox: Sandbox) -> None:
    for _ in range(600):
        await sandbox.pay()
    moved = await sandbox.advance("PT10M")
    assert moved["ran"]["expiry"] == 600
    assert await sandbox.sql("SELECT status, count(*) FROM payment GROUP BY status") == [("EXPIRED", 600)]
    assert await sandbox.sql(
        "SELECT action, channel, actor_name, count(*) FROM audit GROUP BY action, channel, actor_name"
    ) == [("expire", "system", "expiry", 600)]


async def test_an_order_whose_attempt_expired_can_be_paid_by_another(sandbox: Sandbox) -> None:
    await sandbox.pay(order_id="one-order")
    await sandbox.advance("PT10M")
    assert (await sandbox.done(order_id="one-order"))["status"] == "DONE"
