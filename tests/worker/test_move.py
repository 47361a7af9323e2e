"""Moving the clock: everything due on the way runs in one total order, and nothing is lost on the way."""

import asyncio
import uuid

import pytest

from jeongsan.domain.instants import parse_instant
from support.receiver import open_receiver
from support.sandbox import Sandbox, open_sandbox
from support.waiting import until

pytestmark = pytest.mark.anyio

WEBHOOKS = "/jeongsan/v1/webhooks"


async def shown(sandbox: Sandbox) -> str:
    return str((await sandbox.live.get("/jeongsan/v1/clock")).json()["now"])


async def test_at_one_instant_expiry_comes_first_then_day_close_payout_and_webhooks(sandbox: Sandbox) -> None:
    """Midnight of 21 March: a window is over, the 20th closes, the 13th is paid, the expiry is told."""
    with open_receiver() as receiver:
        await sandbox.done()
        await sandbox.move_to("2025-03-20T23:30:00+09:00")
        await sandbox.done()
        await sandbox.pay(authenticated=False)
        await sandbox.live.post(WEBHOOKS, json={"url": receiver.url})
        assert (await sandbox.move_to("2025-03-20T23:59:59.999+09:00"))["ran"] == {}
        moved = await sandbox.move_to("2025-03-21T00:00:00+09:00")
        assert receiver.statuses() == ["EXPIRED"]
    assert list(moved["ran"].items()) == [("expiry", 1), ("day_close", 1), ("payout", 1), ("webhook", 1)]


async def test_what_is_due_earlier_runs_earlier_whatever_kind_it_is(sandbox: Sandbox) -> None:
    """Postings and announcements carry the instant at which they were due, not the move's target."""
    with open_receiver() as receiver:
        await sandbox.live.post(WEBHOOKS, json={"url": receiver.url})
        await sandbox.done()
        await sandbox.pay()
        await sandbox.advance("P30D")
        header = "tosspayments-webhook-transmission-time"
        assert [(one.status, one.headers[header]) for one in receiver.received] == [
            ("DONE", "2025-03-13T13:00:00+09:00"),
            ("EXPIRED", "2025-03-13T13:10:00+09:00"),
        ]
    assert await sandbox.sql("SELECT DISTINCT cause, posted_at FROM posting ORDER BY posted_at") == [
        ("approval", parse_instant("2025-03-13T13:00:00+09:00")),
        ("day-close", parse_instant("2025-03-14T00:00:00+09:00")),
        ("payout", parse_instant("2025-03-21T00:00:00+09:00")),
    ]


async def test_one_long_move_and_many_short_ones_lead_to_the_same_rows(sandbox: Sandbox) -> None:
    await sandbox.done()
    moved = await sandbox.move_to("2025-03-20T13:00:00+09:00")
    assert (moved["ran"], moved["pending"], moved["done"]) == ({"day_close": 7}, 0, True)
    assert moved["now"] == "2025-03-20T13:00:00+09:00"
    days = await sandbox.sql("SELECT day, settled_rows FROM day_close ORDER BY day")
    assert days == [(f"2025-03-{day}", int(day == 13)) for day in range(13, 20)]


async def test_a_move_that_takes_too_long_says_so_and_the_next_one_finishes_it_first(
    sandbox: Sandbox,
) -> None:
    await sandbox.done()
    target = parse_instant("2025-03-20T13:00:00+09:00")
    moved = await sandbox.gateway.mover.move(target, seconds_max=0)
    assert (moved.done, moved.pending) == (False, 1)
    assert await shown(sandbox) == "2025-03-13T13:00:00+09:00"
    finished = await sandbox.move_to("2025-03-20T14:00:00+09:00")
    assert finished["now"] == "2025-03-20T14:00:00+09:00"
    assert len(await sandbox.settlements("2025-03-13")) == 1


async def test_an_unfinished_move_is_finished_by_the_worker_after_a_restart(database_url: str) -> None:
    async with open_sandbox(database_url) as sandbox:
        await sandbox.done()
        target = parse_instant("2025-03-20T13:00:00+09:00")
        assert not (await sandbox.gateway.mover.move(target, seconds_max=0)).done
    async with open_sandbox(database_url, worker=True) as sandbox:

        async def arrived() -> bool:
            return await shown(sandbox) == "2025-03-20T13:00:00+09:00"

        await until(arrived)
        await until(lambda: _none_unfinished(sandbox))
        assert len(await sandbox.settlements("2025-03-13")) == 1


async def _none_unfinished(sandbox: Sandbox) -> bool:
    return await sandbox.sql("SELECT count(*) FROM clock_move WHERE done_at IS NULL") == [(0,)]


async def test_a_ticking_clock_runs_what_becomes_due_by_itself(database_url: str) -> None:
    async with open_sandbox(database_url, worker=True) as sandbox:
        paid = await sandbox.pay()
        await sandbox.live.post("/jeongsan/v1/clock", json={"now": "2025-03-13T13:09:59.500+09:00"})
        await sandbox.live.post("/jeongsan/v1/clock", json={"mode": "offset"})

        async def expired() -> bool:
            answer = await sandbox.live.get(f"/v1/payments/{paid['paymentKey']}")
            return bool(answer.json()["status"] == "EXPIRED")

        assert not await expired()
        await until(expired)


@pytest.mark.slow
async def test_the_gateway_answers_while_a_slow_receiver_holds_up_a_move(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        receiver.delay_s = 1
        await sandbox.live.post(WEBHOOKS, json={"url": receiver.url})
        await sandbox.done()
        moving = asyncio.create_task(sandbox.advance("P1D"))
        await until(lambda: len(receiver.received) == 1)
        assert (await sandbox.done())["status"] == "DONE"
        assert not moving.done()
        assert (await moving)["now"] == "2025-03-14T13:00:00+09:00"
        assert receiver.statuses() == ["DONE", "DONE"]


async def test_a_worker_that_is_woken_and_stopped_at_the_same_moment_stops(database_url: str) -> None:
    with open_receiver() as receiver:
        for _ in range(5):
            async with asyncio.timeout(10), open_sandbox(database_url, worker=True) as sandbox:
                await sandbox.live.post(WEBHOOKS, json={"url": receiver.url})
                await sandbox.done(order_id=f"order-{uuid.uuid4().hex}")
