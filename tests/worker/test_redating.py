"""A holiday announced late: unpaid rows move in a stored job, payouts wait for it, and paid rows stay."""

from datetime import date
from typing import Any

import pytest

from jeongsan.domain.business_clock import BusinessClock, ClockMode
from jeongsan.domain.calendar_changes import InvalidChange
from jeongsan.domain.errors import Refusal
from jeongsan.domain.instants import parse_instant
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk.redating import Redating, move_rows
from jeongsan.store.reads.due import Soonest
from jeongsan.store.session import Session
from jeongsan.worker.due import DueItem, DueKind, next_item
from support.calendars import announce, order_all, work_on
from support.invariants import check_invariants
from support.sandbox import MID, Sandbox, open_sandbox
from support.shops import another_shop
from support.waiting import until

pytestmark = pytest.mark.anyio

DATES = "SELECT paid_out_date, count(*) FROM settlement GROUP BY paid_out_date ORDER BY paid_out_date"
JOBS = "SELECT version, scope, actor_name, source, moved_rows, commits, done_at IS NOT NULL FROM redating"
PAYOUTS = "SELECT paid_out_date, acquired FROM payout ORDER BY payout_id"
HOLIDAY = {date(2025, 3, 21): "임시공휴일"}


async def sell_on(sandbox: Sandbox, *days: int) -> None:
    """15,000 won on each day of March."""
    for day in days:
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        await sandbox.done(15_000)


async def test_rows_that_can_be_read_already_move_in_one_audited_operation(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13, 14)
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    ordered = await announce(sandbox, HOLIDAY)
    assert ordered.version == 1
    assert await sandbox.sql(DATES) == [("2025-03-24", 1), ("2025-03-25", 1)]
    assert await sandbox.sql(JOBS) == [(1, "version", "김운영", "관보", 2, 2, 1)]
    assert await sandbox.settlements("2025-03-21", dateType="paidOutDate") == []
    (row,) = await sandbox.settlements("2025-03-24", dateType="paidOutDate")
    assert (row["soldDate"], row["paidOutDate"]) == ("2025-03-13", "2025-03-24")
    await check_invariants(sandbox.sql)
    await sandbox.move_to("2025-03-26T00:00:00+09:00")
    assert await sandbox.sql(PAYOUTS) == [("2025-03-24", 15_000), ("2025-03-25", 15_000)]


async def test_a_row_that_was_paid_stays_where_it_was_paid(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13, 14)
    await sandbox.move_to("2025-03-21T09:00:00+09:00")
    await announce(sandbox, {date(2025, 3, 20): "뒤늦은 휴일", date(2025, 3, 21): "뒤늦은 휴일"})
    assert await sandbox.sql(DATES) == [("2025-03-21", 1), ("2025-03-26", 1)]
    assert await sandbox.sql("SELECT from_day, to_day FROM redated_row") == [("2025-03-24", "2025-03-26")]
    await check_invariants(sandbox.sql)


async def test_kept_dates_stay_until_somebody_has_all_rows_moved(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    assert (await announce(sandbox, HOLIDAY, keep_dates=True)).redating_id is None
    assert await sandbox.sql(DATES) == [("2025-03-21", 1)]
    await announce(sandbox, {date(2025, 4, 1): "다른 날"})
    assert await sandbox.sql(DATES) == [("2025-03-21", 1)], "a version that says nothing of it moved a row"
    await order_all(sandbox)
    assert await sandbox.sql(DATES) == [("2025-03-24", 1)]
    assert await sandbox.sql(f"{JOBS} WHERE scope = 'all'") == [(2, "all", "김운영", "달력 대조", 1, 1, 1)]


async def test_a_row_that_is_due_by_now_is_paid_on_the_next_business_day(sandbox: Sandbox) -> None:
    """A holiday is taken back on the day that would have been the payout's."""
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await announce(sandbox, {date(2025, 3, day): "임시공휴일" for day in (18, 19)})
    assert await sandbox.sql(DATES) == [("2025-03-25", 1)]
    await sandbox.move_to("2025-03-21T09:00:00+09:00")
    await announce(sandbox, {date(2025, 3, day): None for day in (18, 19)})
    assert await sandbox.sql(DATES) == [("2025-03-24", 1)]
    await order_all(sandbox)
    assert await sandbox.sql(DATES) == [("2025-03-24", 1)]


async def test_what_a_hold_has_put_on_another_day_only_leaves_a_day_off(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    ((shop_id, row),) = await sandbox.sql("SELECT shop_id, transaction_id FROM settlement")

    async def hold(session: Session, stamp: Stamp) -> int:
        by = Redating(stamp.mint.row_id(), "hold", stamp.now)
        to = {row: date(2025, 4, 10)}
        return await move_rows(session, shop_id=shop_id, day=date(2025, 3, 21), new_dates=to, by=by)

    await sandbox.gateway.loop.alone("Test.hold", hold, exclusive=True)
    await order_all(sandbox)
    assert await sandbox.sql(DATES) == [("2025-04-10", 1)]
    await announce(sandbox, {date(2025, 4, 10): "임시공휴일"})
    assert await sandbox.sql(DATES) == [("2025-04-11", 1)]


async def test_every_shop_and_currency_moves_by_its_own_contract(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    await other.put("/jeongsan/v1/shops/tother0001", json={"businessDays": 2})
    await sandbox.done(100, currency="USD")
    await sandbox.done(15_000)
    await sandbox.done(20_000, client=other)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await announce(sandbox, {date(2025, 3, 17): "임시공휴일"})
    moved = await sandbox.sql(
        "SELECT s.mid, r.from_day, r.to_day, count(*) FROM redated_row r "
        "JOIN shop s ON s.shop_id = r.shop_id GROUP BY s.mid, r.from_day, r.to_day ORDER BY s.mid"
    )
    assert moved == [
        (MID, "2025-03-21", "2025-03-24", 2),
        ("tother0001", "2025-03-17", "2025-03-18", 1),
    ]
    await check_invariants(sandbox.sql)


async def test_no_payout_is_made_while_rows_are_being_moved(sandbox: Sandbox) -> None:
    """The holiday is announced at midnight of the payout; the clock passes on before anybody moves a row."""
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-20T23:59:59+09:00")
    await announce(sandbox, HOLIDAY, work=False)
    item, _ = await sandbox.gateway.due.look()
    assert item is not None
    assert item.kind is DueKind.REDATING
    midnight = parse_instant("2025-03-21T00:00:00+09:00")
    assert await sandbox.gateway.due.run(DueItem(midnight, DueKind.PAYOUT)) == 0
    moved = await sandbox.move_to("2025-03-21T09:00:00+09:00")
    assert moved["ran"] == {"redating": 2, "day_close": 1}
    assert await sandbox.sql(PAYOUTS) == []
    moved = await sandbox.move_to("2025-03-24T09:00:00+09:00")
    assert moved["ran"]["payout"] == 1
    await check_invariants(sandbox.sql)


async def test_a_second_version_waits_for_the_first_ones_rows(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    await announce(sandbox, HOLIDAY, work=False)
    for again in (announce(sandbox, {date(2025, 3, 24): "또"}), order_all(sandbox)):
        with pytest.raises(Refusal, match="still being moved"):
            await again
    assert await work_on(sandbox) == 2
    assert await work_on(sandbox) == 0
    assert (await announce(sandbox, {date(2025, 3, 24): "또"})).version == 2
    assert await sandbox.sql(DATES) == [("2025-03-25", 1)]


async def test_a_version_that_cannot_be_is_refused_whole(sandbox: Sandbox) -> None:
    changes: dict[date, str | None] = {date(2025, 3, 21): "임시공휴일", date(2101, 1, 1): "먼 훗날"}
    with pytest.raises(InvalidChange, match="2101-01-01"):
        await announce(sandbox, changes)
    for table in ("calendar_version", "calendar_change", "redating"):
        assert await sandbox.sql(f"SELECT * FROM {table}") == []
    assert sandbox.gateway.loop.config.overrides == {}


async def test_rows_wait_for_a_day_that_is_being_closed(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")

    async def mark(session: Session, stamp: Stamp) -> None:
        await session.execute("UPDATE clock SET closed_through = '2025-03-14'")

    await sandbox.gateway.loop.alone("Test.mark", mark, exclusive=True)
    await announce(sandbox, HOLIDAY)
    assert await sandbox.sql(DATES) == [("2025-03-21", 1)]


async def test_the_worker_moves_what_a_crash_left(database_url: str) -> None:
    async with open_sandbox(database_url) as sandbox:
        await sell_on(sandbox, 13)
        await sandbox.move_to("2025-03-17T09:00:00+09:00")
        await announce(sandbox, HOLIDAY, work=False)
    async with open_sandbox(database_url, worker=True) as sandbox:

        async def done() -> bool:
            return await sandbox.sql("SELECT 1 FROM redating WHERE done_at IS NOT NULL") == [(1,)]

        await until(done, seconds=10)
        assert await sandbox.sql(DATES) == [("2025-03-24", 1)]


async def test_a_reset_forgets_what_moved_and_keeps_the_calendar(sandbox: Sandbox) -> None:
    await sell_on(sandbox, 13)
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    await announce(sandbox, HOLIDAY)
    assert (await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={})).status_code == 200
    for table in ("redating", "redated_row", "redated_day"):
        assert await sandbox.sql(f"SELECT * FROM {table}") == []
    assert await sandbox.sql("SELECT version, holiday_name FROM calendar_change") == [(1, "임시공휴일")]
    assert sandbox.gateway.loop.config.overrides == HOLIDAY


def found(**waits: Any) -> Soonest:
    clock = BusinessClock(ClockMode.FROZEN, 0, 0, date(2025, 3, 20), date(2025, 3, 20), 0)
    nothing: dict[str, Any] = dict.fromkeys(
        ("expiry", "closing_day", "payout_day", "redating", "event", "delivery", "releasing")
    )
    return Soonest(clock, **(nothing | waits))


def test_an_unfinished_redating_is_due_before_any_payout_however_old() -> None:
    waits = {"redating": 5_000, "payout_day": "1970-01-01"}
    assert next_item(found(**waits)) == DueItem(5_000, DueKind.REDATING)
    assert next_item(found(payout_day="1970-01-02")).kind is DueKind.PAYOUT  # type: ignore[union-attr]
    stuck = next_item(found(**waits), {DueKind.REDATING})
    assert stuck is not None
    assert stuck.kind is DueKind.DAY_CLOSE
    closing = next_item(found(**waits, closing_day="2025-03-20"))
    assert closing is not None
    assert closing.kind is DueKind.DAY_CLOSE
