"""A payout is of the day that has come, of all its rows, and once; whoever else is at work, or fails."""

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from jeongsan.domain.instants import parse_instant
from jeongsan.domain.shop import Mode
from jeongsan.operations.set_clock import step_to
from jeongsan.store.session import StoreUnavailable
from jeongsan.worker.due import DueKind
from support.corrections import correction
from support.holds import placed
from support.invariants import check_invariants, violations
from support.sandbox import MID, Sandbox, open_gateway, open_sandbox, settings_for
from support.waiting import until

if TYPE_CHECKING:
    from support.postgres import PostgresServer

pytestmark = pytest.mark.anyio


async def next_day_terms(sandbox: Sandbox) -> None:
    """D+1, so that each midnight closes a day and pays one."""
    answer = await sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json={"rate": 3.2, "businessDays": 1})
    assert answer.status_code == 200, answer.text


async def test_a_day_that_is_gone_when_it_is_to_be_paid_leaves_the_next_one_alone(sandbox: Sandbox) -> None:
    """The shop is held after its payout was found due; another shop's next one is of Monday."""
    await correction(sandbox, 700)
    await sandbox.move_to("2025-03-14T10:00:00+09:00")
    await correction(sandbox, 900, mode=Mode.TEST)
    await sandbox.move_to("2025-03-20T10:00:00+09:00")
    await step_to(sandbox.gateway.loop, parse_instant("2025-03-21T00:00:00+09:00"))
    due = sandbox.gateway.due
    closing, _ = await due.look()
    assert closing is not None
    await due.run(closing)
    item, _ = await due.look()
    assert item is not None
    assert item.kind is DueKind.PAYOUT
    await placed(sandbox, "KYC")
    assert await due.run(item) == 0
    assert await sandbox.sql("SELECT * FROM payout") == []
    await sandbox.move_to("2025-03-24T09:00:00+09:00")
    assert await sandbox.sql("SELECT paid_out_date, due FROM payout") == [("2025-03-24", 900)]
    await check_invariants(sandbox.sql)


class _FailsOnce:
    """The database is lost once, at the first chunk of a day's close."""

    failed = False

    def step(self, name: str) -> None:
        if name == "DayClose.chunk.begun" and not self.failed:
            self.failed = True
            raise StoreUnavailable("lost once")

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        """Nothing to count."""


async def test_a_day_is_paid_only_when_the_day_before_it_is_published(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Friday's and Sunday's sales are both paid on Monday. Sunday's close fails once; nothing of Friday's is
    paid before it is done."""
    await next_day_terms(sandbox)
    await sandbox.move_to("2025-03-14T10:00:00+09:00")
    await sandbox.done(15_000)
    await sandbox.move_to("2025-03-16T10:00:00+09:00")
    await sandbox.done(20_000)
    monkeypatch.setattr(sandbox.gateway.loop, "observer", _FailsOnce())
    await step_to(sandbox.gateway.loop, parse_instant("2025-03-17T00:00:00+09:00"))
    due = sandbox.gateway.due
    item, _ = await due.look()
    assert item is not None
    with pytest.raises(StoreUnavailable):
        await due.run(item)
    later, _ = await due.look({DueKind.DAY_CLOSE})
    assert later is None or later.kind is not DueKind.PAYOUT
    assert await sandbox.sql("SELECT * FROM payout") == []
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    (paid,) = await sandbox.sql("SELECT paid_out_date, acquired FROM payout")
    assert paid == ("2025-03-17", 35_000)
    await check_invariants(sandbox.sql)


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_two_gateways_at_work_close_and_pay_every_midnight_once(
    postgres_server: "PostgresServer",
) -> None:
    """Thirty midnights that come to both at once, then a move over many payout days that both run."""
    url = await asyncio.to_thread(postgres_server.create_database, "two_workers")
    async with (
        open_sandbox(url, worker=True) as sandbox,
        open_gateway(settings_for(url, worker=True, first_shop=False)),
    ):
        await next_day_terms(sandbox)
        day = date(2025, 3, 13)
        for _ in range(30):
            await sandbox.done(15_000)
            day += timedelta(days=1)
            await step_to(sandbox.gateway.loop, parse_instant(f"{day}T00:00:00+09:00"))

            async def settled(day: date = day) -> bool:
                ((readable,),) = await sandbox.sql("SELECT readable_through FROM clock")
                unpaid = await sandbox.sql(
                    "SELECT 1 FROM settlement_count WHERE date_type <> 'sold' AND paid_at IS NULL "
                    "AND day <= $1",
                    day.isoformat(),
                )
                return bool(readable == (day - timedelta(days=1)).isoformat() and not unpaid)

            await until(settled, seconds=20)
        for days in (1, 2, 5, 13, 25):
            terms = {"rate": 3.2, "businessDays": days}
            assert (await sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json=terms)).status_code == 200
            await sandbox.done(10_000 + days)
            await correction(sandbox, 100 + days)
        await sandbox.move_to("2025-06-20T10:00:00+09:00")
        assert await violations(sandbox.gateway.store.read) == []
    await asyncio.to_thread(postgres_server.drop_database, "two_workers")
