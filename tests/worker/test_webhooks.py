"""Webhooks to a real receiver: headers, bytes, the retry schedule, isolation and order."""

import asyncio
import threading
import time
from datetime import datetime, timedelta

import pytest

from jeongsan.loop.operation import Stamp
from jeongsan.store.session import Session
from jeongsan.worker.deliver import Deliverer
from jeongsan.worker.move import MOVE_SECONDS_MAX
from support.receiver import Received, Receiver, open_receiver
from support.sandbox import START, Sandbox, open_sandbox
from support.waiting import until

pytestmark = pytest.mark.anyio

HEADER = "tosspayments-webhook-transmission-"
MINUTES = (0, 1, 5, 21, 85, 341, 1365, 5461)


async def register(sandbox: Sandbox, receiver: Receiver) -> str:
    answer = await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def deliver_now(sandbox: Sandbox) -> None:
    """Move the clock to where it stands: what is due is delivered."""
    now = (await sandbox.live.get("/jeongsan/v1/clock")).json()["now"]
    await sandbox.move_to(now)


def after(minutes: float) -> str:
    return (datetime.fromisoformat(START) + timedelta(minutes=minutes)).isoformat()


async def test_a_status_change_is_told_with_the_recorded_headers_and_the_bytes_of_the_answer(
    sandbox: Sandbox,
) -> None:
    with open_receiver() as receiver:
        await register(sandbox, receiver)
        confirmed = await sandbox.confirm(await sandbox.pay())
        cancelled = await sandbox.cancel(confirmed.json()["paymentKey"], cancelAmount=5_000)
        await deliver_now(sandbox)
        head = b'{"createdAt":"2025-03-13T13:00:00.0","eventType":"PAYMENT_STATUS_CHANGED","data":'
        assert [one.body for one in receiver.received] == [
            head + answer.content + b"}" for answer in (confirmed, cancelled)
        ]
    for one in receiver.received:
        assert one.headers["content-type"] == "application/json"
        assert one.headers[HEADER + "time"] == START
        assert one.headers[HEADER + "retried-count"] == "0"
        assert one.headers[HEADER + "id"].startswith("whtrans_a")
        assert len(one.headers[HEADER + "id"]) == len("whtrans_a") + 26
        assert not any(name.endswith("signature") for name in one.headers)
    assert len({one.headers[HEADER + "id"] for one in receiver.received}) == 2


async def test_the_body_stays_korean_and_frozen_whatever_the_caller_asked_or_did_since(
    sandbox: Sandbox,
) -> None:
    with open_receiver() as receiver:
        receiver.answer = lambda received: 500
        await register(sandbox, receiver)
        paid = await sandbox.pay()
        confirmed = await sandbox.confirm(paid, **{"accept-language": "en-US"})
        assert confirmed.json()["method"] == "CARD"
        await deliver_now(sandbox)
        await sandbox.cancel(paid["paymentKey"])
        await sandbox.advance("PT1M")
        repeats = [one for one in receiver.received if one.status == "DONE"]
        assert len(repeats) == 2
        assert repeats[0].body == repeats[1].body
        assert repeats[0].json["data"]["method"] == "카드"


async def test_seven_retries_come_after_1_4_16_64_256_1024_and_4096_minutes_and_then_it_has_failed(
    sandbox: Sandbox,
) -> None:
    with open_receiver() as receiver:
        receiver.answer = lambda received: 500
        await register(sandbox, receiver)
        await sandbox.done()
        await sandbox.advance("P10D")
        assert [one.headers[HEADER + "time"] for one in receiver.received] == [after(m) for m in MINUTES]
        assert [one.headers[HEADER + "retried-count"] for one in receiver.received] == list("01234567")
        assert len({(one.headers[HEADER + "id"], one.body) for one in receiver.received}) == 1
        await sandbox.advance("P10D")
        assert len(receiver.received) == 8
    assert await sandbox.sql("SELECT state, attempts FROM webhook_delivery") == [("failed", 8)]
    log = await sandbox.sql("SELECT number, status, error FROM webhook_attempt ORDER BY number")
    assert log == [(number, 500, None) for number in range(1, 9)]


async def test_a_retry_does_not_come_a_millisecond_early(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        receiver.answer = lambda received: 500
        await register(sandbox, receiver)
        await sandbox.done()
        await deliver_now(sandbox)
        for count, minutes in enumerate(MINUTES[1:4], start=1):
            await sandbox.move_to(after(minutes - 0.001 / 60))
            assert len(receiver.received) == count
            await sandbox.move_to(after(minutes))
            assert len(receiver.received) == count + 1


async def test_a_retry_that_succeeds_is_the_last(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        receiver.answer = lambda received: 200 if received.headers[HEADER + "retried-count"] == "2" else 503
        await register(sandbox, receiver)
        await sandbox.done()
        await sandbox.advance("P10D")
        assert [one.headers[HEADER + "retried-count"] for one in receiver.received] == ["0", "1", "2"]
    assert await sandbox.sql("SELECT state, attempts FROM webhook_delivery") == [("delivered", 3)]


@pytest.mark.parametrize("status", [201, 202, 204, 301, 302, 307, 400, 404, 410, 500, 503])
async def test_only_200_is_success_and_nothing_is_redirected(sandbox: Sandbox, status: int) -> None:
    with open_receiver() as receiver:
        receiver.answer = lambda received: status
        await register(sandbox, receiver)
        await sandbox.done()
        await deliver_now(sandbox)
        assert len(receiver.received) == 1
        assert await sandbox.sql("SELECT state, attempts FROM webhook_delivery") == [("pending", 1)]
        receiver.answer = lambda received: 200
        await sandbox.advance("PT1M")
        assert len(receiver.received) == 2
    assert await sandbox.sql("SELECT state FROM webhook_delivery") == [("delivered",)]


@pytest.mark.slow
async def test_an_answer_after_ten_seconds_comes_too_late(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        receiver.delay_s = 11
        await register(sandbox, receiver)
        await sandbox.done()
        await deliver_now(sandbox)
        (attempt,) = await sandbox.sql("SELECT status, error, duration_ms FROM webhook_attempt")
        assert attempt[0] is None
        assert "Timeout" in attempt[1]
        assert 9_500 <= attempt[2] <= 10_900
        receiver.delay_s = 0
        await sandbox.advance("PT1M")
        assert [one.headers[HEADER + "retried-count"] for one in receiver.received] == ["0", "1"]
    assert await sandbox.sql("SELECT state FROM webhook_delivery") == [("delivered",)]


async def test_a_dead_endpoint_keeps_nobody_else_waiting(sandbox: Sandbox) -> None:
    with open_receiver() as closed:
        pass  # its port refuses connections from here on
    with open_receiver() as alive:
        await register(sandbox, closed)
        await register(sandbox, alive)
        for _ in range(3):
            await sandbox.done()
        await deliver_now(sandbox)
        assert alive.statuses() == ["DONE"] * 3
    assert await sandbox.sql(
        "SELECT state, attempts, count(*) FROM webhook_delivery GROUP BY state, attempts ORDER BY state"
    ) == [("delivered", 1, 3), ("pending", 1, 3)]
    errors = await sandbox.sql("SELECT error FROM webhook_attempt WHERE status IS NULL")
    assert [error[0].split(":")[0] for error in errors] == ["ConnectError"] * 3


@pytest.mark.slow
async def test_a_slow_endpoint_keeps_nobody_else_waiting(database_url: str) -> None:
    async with open_sandbox(database_url, worker=True) as sandbox:
        with open_receiver() as slow, open_receiver() as quick:
            slow.delay_s = 2
            await register(sandbox, slow)
            await register(sandbox, quick)
            for _ in range(20):
                await sandbox.done()
            await until(lambda: len(quick.received) == 20, seconds=5)
            assert len(slow.received) <= 8, "more than its places at once"
            await until(lambda: len(slow.received) == 20, seconds=15)


async def test_first_attempts_keep_the_order_of_a_payments_changes(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        receiver.delay_s = 0.05
        await register(sandbox, receiver)
        keys = [(await sandbox.done(15_000))["paymentKey"] for _ in range(4)]
        for amount in (1_000, 2_000, 12_000):
            for key in keys:
                await sandbox.cancel(key, cancelAmount=amount)
        await deliver_now(sandbox)
        for key in keys:
            seen = [one.json["data"] for one in receiver.received if one.json["data"]["paymentKey"] == key]
            assert [one["balanceAmount"] for one in seen] == [15_000, 14_000, 12_000, 0]


async def test_a_change_that_fails_does_not_hold_back_the_next(sandbox: Sandbox) -> None:
    def refuse_done(received: Received) -> int:
        return 500 if received.status == "DONE" else 200

    with open_receiver() as receiver:
        receiver.answer = refuse_done
        await register(sandbox, receiver)
        payment = await sandbox.done()
        await sandbox.cancel(payment["paymentKey"])
        await deliver_now(sandbox)
        assert receiver.statuses() == ["DONE", "CANCELED"]
        await sandbox.advance("PT5M")
        assert receiver.statuses() == ["DONE", "CANCELED", "DONE", "DONE"]


async def test_a_drain_goes_on_when_a_taken_place_comes_free_while_it_asks_for_work(sandbox: Sandbox) -> None:
    gateway, go_on = sandbox.gateway, threading.Event()
    deliverer = Deliverer(gateway.loop, gateway.machine, allow_private=True, places_per_endpoint=1)

    async def hold(session: Session, stamp: Stamp) -> None:
        go_on.set()
        # The answer is there, and its record waits behind this and the drain's first look for work.
        await until(deliverer._recording.locked)

    with open_receiver() as receiver:
        receiver.answer = lambda received: 200 if go_on.wait(10) else 500
        await register(sandbox, receiver)
        for _ in range(2):
            await sandbox.done()
        assert await deliverer.round() == 1
        await until(lambda: len(receiver.received) == 1)
        await asyncio.gather(
            gateway.loop.alone("Test.hold", hold), deliverer.drain(time.monotonic() + MOVE_SECONDS_MAX)
        )
        assert len(receiver.received) == 2
        await deliverer.close()


async def test_the_worker_tells_at_once(database_url: str) -> None:
    async with open_sandbox(database_url, worker=True) as sandbox:
        with open_receiver() as receiver:
            await register(sandbox, receiver)
            await sandbox.done()
            await until(lambda: receiver.statuses() == ["DONE"], seconds=3)


async def test_what_was_not_told_before_a_restart_is_told_after_it(database_url: str) -> None:
    with open_receiver() as receiver:
        async with open_sandbox(database_url) as sandbox:
            await register(sandbox, receiver)
            payment = await sandbox.done()
        assert receiver.received == []
        async with open_sandbox(database_url, worker=True):
            await until(lambda: len(receiver.received) == 1)
        assert receiver.received[0].json["data"] == payment


async def test_a_move_waits_for_what_another_process_is_attempting(sandbox: Sandbox) -> None:
    """Its retries come at their own minutes, though the clock would have been past them already."""
    gateway, go_on = sandbox.gateway, threading.Event()
    elsewhere = Deliverer(gateway.loop, gateway.machine, allow_private=True)
    with open_receiver() as receiver:
        receiver.answer = lambda received: 500 if go_on.wait(10) else 200
        await register(sandbox, receiver)
        await sandbox.done()
        assert await elsewhere.round() == 1
        await until(lambda: len(receiver.received) == 1)
        moving = asyncio.create_task(sandbox.advance("P1D"))
        await asyncio.sleep(0.2)  # time enough for a move that does not wait to be over
        go_on.set()
        await moving
        assert [one.headers[HEADER + "time"] for one in receiver.received] == [after(m) for m in MINUTES[:7]]
        await elsewhere.close()


@pytest.mark.slow
async def test_a_move_does_not_wait_for_the_dead(sandbox: Sandbox) -> None:
    gateway, go_on = sandbox.gateway, threading.Event()
    dead = Deliverer(gateway.loop, gateway.machine, allow_private=True)
    with open_receiver() as receiver:
        receiver.answer = lambda received: 200 if go_on.wait(10) else 500
        await register(sandbox, receiver)
        await sandbox.done()
        assert await dead.round() == 1
        await dead.close()
        moved = await sandbox.advance("P1D")
        assert moved["done"]
        go_on.set()
