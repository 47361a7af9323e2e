"""What was asked and answered is written beside the payments, and a full log hinders nobody."""

import asyncio

import pytest

from jeongsan.api.request_log import RequestLog
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio

LINES_MAX = 10_000


def line(number: int) -> tuple[object, ...]:
    return (f"{number:032x}", None, "GET", "/v1", 200, 1, None, None, 0)


async def lines(sandbox: Sandbox) -> int:
    ((count,),) = await sandbox.sql("SELECT count(*) FROM request_log")
    return int(count)


async def test_who_waits_for_the_log_also_waits_for_what_another_is_writing(sandbox: Sandbox) -> None:
    log = RequestLog(sandbox.gateway)
    log.add(line(1))
    another = asyncio.create_task(log.write())
    # One step: it has taken what waited, and is about to write it.
    await asyncio.sleep(0)
    await log.write()
    assert await lines(sandbox) == 1
    await another


async def test_writing_the_log_ends_although_requests_keep_coming(sandbox: Sandbox) -> None:
    log, number = RequestLog(sandbox.gateway), 0
    log.add(line(0))

    async def keep_asking() -> None:
        nonlocal number
        while True:
            number += 1
            log.add(line(number))
            await asyncio.sleep(0)

    asking = asyncio.create_task(keep_asking())
    async with asyncio.timeout(5):
        for _ in range(3):
            await log.write()
    asking.cancel()
    assert 0 < await lines(sandbox) <= number


async def test_a_trace_does_not_wait_for_requests_that_were_no_settlement_answer(sandbox: Sandbox) -> None:
    log = RequestLog(sandbox.gateway)
    log.add(line(1))
    await log.write_answers()
    assert await lines(sandbox) == 0


async def test_a_full_log_drops_and_counts_and_keeps_the_oldest(sandbox: Sandbox) -> None:
    log = RequestLog(sandbox.gateway)
    for number in range(LINES_MAX + 3):
        log.add(line(number))
    await log.write()
    assert await lines(sandbox) == LINES_MAX
    assert await sandbox.sql("SELECT max(trace_id) FROM request_log") == [(f"{LINES_MAX - 1:032x}",)]
    page = (await sandbox.anonymous.get("/metrics")).text
    assert "jeongsan_request_log_dropped_total 3.0" in page


async def test_only_a_settlement_list_with_rows_is_remembered(sandbox: Sandbox) -> None:
    payment = await sandbox.done()
    await sandbox.settlements("2025-03-13")
    await sandbox.live.get(f"/v1/payments/{payment['paymentKey']}")
    await sandbox.live.get("/v1/transactions?startDate=2025-03-13&endDate=2025-03-14")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await sandbox.settlements("2025-03-13", dateType="paidOutDate")
    await sandbox.settlements("2025-03-13", page=2)
    # Asking for a trace writes what waits.
    await sandbox.live.get("/jeongsan/v1/orders/nobody/trace")
    assert await sandbox.sql("SELECT count(*) FROM settlement_answer") == [(0,)]
    await sandbox.settlements("2025-03-13")
    await sandbox.live.get("/jeongsan/v1/orders/nobody/trace")
    remembered = await sandbox.sql(
        "SELECT key_name, date_type, start_day, end_day, page, size, first_day, first_seq, row_count, "
        "readable_through FROM settlement_answer"
    )
    day = "2025-03-13"
    assert remembered == [("default", "sold", day, day, 1, 100, day, 1, 1, day)]
