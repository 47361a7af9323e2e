"""Closing a day: everything of that day, nothing of another, and the books agree before it is readable."""

import asyncio
from datetime import date

import pytest

from jeongsan.domain.instants import parse_instant
from jeongsan.operations.day_close import mark_next_day
from jeongsan.operations.set_clock import step_to
from jeongsan.store.bulk.day_close import CHUNK_ROWS
from support.books import balance
from support.sandbox import Sandbox, open_sandbox
from support.waiting import until

pytestmark = pytest.mark.anyio


async def jump(sandbox: Sandbox, moment: str) -> None:
    """Show a time without running what became due: the moment before the worker gets to it."""
    await step_to(sandbox.gateway.loop, parse_instant(moment))


async def test_what_happens_after_midnight_and_before_the_close_settles_on_its_own_day(
    sandbox: Sandbox,
) -> None:
    payment = await sandbox.done(15_000)
    await jump(sandbox, "2025-03-14T00:00:00.001+09:00")
    late = await sandbox.done(20_000)
    await sandbox.cancel(payment["paymentKey"])
    await sandbox.move_to("2025-03-15T00:00:00+09:00")
    assert [row["amount"] for row in await sandbox.settlements("2025-03-13")] == [15_000]
    rows = await sandbox.settlements("2025-03-14")
    assert [(row["paymentKey"], row["amount"]) for row in rows] == [
        (late["paymentKey"], 20_000),
        (payment["paymentKey"], -15_000),
    ]


async def test_a_day_that_is_marked_takes_nothing_more_and_is_not_readable_yet(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    await jump(sandbox, "2025-03-14T09:00:00+09:00")
    assert await mark_next_day(sandbox.gateway.loop, date(2025, 3, 14)) == date(2025, 3, 13)
    assert await mark_next_day(sandbox.gateway.loop, date(2025, 3, 14)) is None
    await sandbox.done(20_000)
    assert await sandbox.settlements("2025-03-13", "2025-03-14") == []
    ready = (await sandbox.anonymous.get("/jeongsan/v1/ready")).json()
    assert (ready["closedThrough"], ready["closing"]) == ("2025-03-12", True)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    assert [row["amount"] for row in await sandbox.settlements("2025-03-13", "2025-03-14")] == [15_000]
    ready = (await sandbox.anonymous.get("/jeongsan/v1/ready")).json()
    assert (ready["closedThrough"], ready["closing"]) == ("2025-03-13", False)


async def test_a_close_that_was_begun_before_a_restart_is_finished_after_it(database_url: str) -> None:
    async with open_sandbox(database_url) as sandbox:
        await sandbox.done(15_000)
        await jump(sandbox, "2025-03-14T09:00:00+09:00")
        await mark_next_day(sandbox.gateway.loop, date(2025, 3, 14))
    async with open_sandbox(database_url, worker=True) as sandbox:

        async def readable() -> bool:
            return len(await sandbox.settlements("2025-03-13")) == 1

        await until(readable)
        assert await sandbox.sql("SELECT day, state, settled_rows FROM day_close") == [
            ("2025-03-13", "closed", 1)
        ]


async def test_each_closed_day_leaves_nothing_unsettled(sandbox: Sandbox) -> None:
    keys = []
    for day in (13, 14, 15):
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        keys += [(await sandbox.done(15_000 + number))["paymentKey"] for number in range(4)]
        await sandbox.cancel(keys[-1], cancelAmount=7_777)
        await sandbox.cancel(keys[0], cancelAmount=1_001)
    assert await balance(sandbox, "2100", settle_day="2025-03-13") == 0
    assert await balance(sandbox, "2100", settle_day="2025-03-15") != 0
    await sandbox.move_to("2025-03-16T00:00:00+09:00")
    for day in ("2025-03-13", "2025-03-14", "2025-03-15"):
        assert await balance(sandbox, "2100", settle_day=day) == 0
        rows = await sandbox.settlements(day)
        assert await balance(sandbox, "2200", settle_day=day) == sum(row["payOutAmount"] for row in rows)
        assert await balance(sandbox, "4100", settle_day=day) == sum(row["supplyAmount"] for row in rows)
        assert await balance(sandbox, "2400", settle_day=day) == sum(row["vat"] for row in rows)
    assert await balance(sandbox, "2100") == 0


async def test_a_transaction_has_one_row_however_often_the_clock_passes_its_day(sandbox: Sandbox) -> None:
    payment = await sandbox.done()
    await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000)
    for _ in range(3):
        await sandbox.advance("P1D")
    assert await sandbox.sql("SELECT amount FROM settlement ORDER BY transaction_id") == [
        (15_000,),
        (-5_000,),
    ]
    assert await sandbox.sql("SELECT count(*) FROM day_close WHERE state = 'closed'") == [(3,)]


@pytest.mark.slow
async def test_a_day_of_more_than_one_chunk_is_closed_whole(sandbox: Sandbox) -> None:
    count = CHUNK_ROWS + 1
    paid = await asyncio.gather(*(sandbox.done(1_000 + number) for number in range(count)))
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13", size=5_000)
    assert {row["transactionKey"] for row in rows} == {one["lastTransactionKey"] for one in paid}
    assert len(rows) == count
    assert sum(row["amount"] for row in rows) == sum(one["totalAmount"] for one in paid)
    assert [len(await sandbox.settlements("2025-03-13", page=n, size=1_000)) for n in (1, 2)] == [1_000, 1]
    assert await balance(sandbox, "2100", settle_day="2025-03-13") == 0


async def test_test_payments_are_in_the_books_but_never_in_a_close(sandbox: Sandbox) -> None:
    await sandbox.done(client=sandbox.test)
    await sandbox.advance("P1D")
    assert await sandbox.sql("SELECT settle_day FROM payment_transaction") == [(None,)]
    assert await sandbox.sql("SELECT count(*) FROM settlement") == [(0,)]
    assert await balance(sandbox, "2100") == 15_000
