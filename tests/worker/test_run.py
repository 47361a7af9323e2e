"""The running worker does everything that is due, whoever is slow."""

import pytest

from jeongsan.domain.instants import parse_instant
from jeongsan.operations import set_clock
from support.receiver import open_receiver
from support.sandbox import open_sandbox
from support.waiting import until

pytestmark = pytest.mark.anyio


async def test_days_are_closed_while_a_slow_receiver_has_a_backlog(database_url: str) -> None:
    """Twenty notices wait for a receiver that takes two seconds for each of eight at a time. The clock
    passes midnight meanwhile: the expiry and the day close must not stand in that queue."""
    with open_receiver() as slow:
        slow.delay_s = 2.0
        async with open_sandbox(database_url, worker=True) as sandbox:
            await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": slow.url})
            waiting = await sandbox.pay()
            for _ in range(20):
                await sandbox.done()
            await until(lambda: len(slow.received) >= 8)
            await set_clock.step_to(sandbox.gateway.loop, parse_instant("2025-03-14T00:00:00+09:00"))

            async def closed() -> bool:
                ready = (await sandbox.live.get("/jeongsan/v1/ready")).json()
                return bool(ready["closedThrough"] == "2025-03-13")

            await until(closed, seconds=1.5)
            payment = (await sandbox.live.get(f"/v1/payments/{waiting['paymentKey']}")).json()
            assert payment["status"] == "EXPIRED"
            assert len(slow.received) < 20, "the receiver was not slow enough for this test to mean anything"


@pytest.mark.slow
async def test_a_day_that_cannot_be_closed_keeps_nobody_from_being_told(database_url: str) -> None:
    """The books of 13 March are tampered with, so its close stops before anything is published. Later
    expiries and webhooks go on all the same."""
    with open_receiver() as receiver:
        async with open_sandbox(database_url) as sandbox:
            await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
            await sandbox.done()
            session = await sandbox.gateway.store.begin()
            await session.execute("DELETE FROM posting")
            await session.commit()
        async with open_sandbox(database_url, worker=True) as sandbox:
            await set_clock.step_to(sandbox.gateway.loop, parse_instant("2025-03-14T09:00:00+09:00"))
            await sandbox.pay()
            await set_clock.step_to(sandbox.gateway.loop, parse_instant("2025-03-14T10:00:00+09:00"))
            await until(lambda: "EXPIRED" in receiver.statuses(), seconds=20)
            ready = (await sandbox.live.get("/jeongsan/v1/ready")).json()
            assert (ready["closedThrough"], ready["closing"]) == ("2025-03-12", True)
            assert await sandbox.settlements("2025-03-13") == []
