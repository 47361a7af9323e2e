"""Re-dating rows: numbers stay dense, counts right, every row is on one page, and payouts are left alone."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk.redating import CannotMove, Redating, move_rows
from jeongsan.store.reads.settlements import page
from jeongsan.store.session import Session
from support.sandbox import Sandbox, open_sandbox

FIRST = date(2025, 3, 21)
DAYS = tuple(date(2025, 3, number) for number in (21, 24, 25, 26, 27))
ROWS = "SELECT transaction_id, paid_out_date, paid_seq FROM settlement ORDER BY paid_out_date, paid_seq"
COUNTS = (
    "SELECT day, stored, visible FROM settlement_count WHERE date_type = 'paid' AND paid_at IS NULL "
    "ORDER BY day"
)


class Moving:
    """A gateway with unpaid rows of one shop, for tests that are no coroutines."""

    def __init__(self, runner: asyncio.Runner, sandbox: Sandbox) -> None:
        self._runner = runner
        self.sandbox = sandbox
        self.shop_id: int = self.sql("SELECT DISTINCT shop_id FROM settlement")[0][0]
        self._numbers = 0

    def run(self, work: Any) -> Any:
        return self._runner.run(work)

    def sql(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return self.run(self.sandbox.sql(statement, *arguments))  # type: ignore[no-any-return]

    def on(self, day: date) -> list[int]:
        """The transactions paid out on a day, in order."""
        return [row[0] for row in self.sql(ROWS) if row[1] == day.isoformat()]

    def move(self, day: date, new_dates: Mapping[int, date], *, shop_id: int | None = None) -> int:
        """As one operation, inside the exclusive gate."""
        self._numbers += 1

        async def work(session: Session, stamp: Stamp) -> int:
            return await move_rows(
                session,
                shop_id=self.shop_id if shop_id is None else shop_id,
                day=day,
                new_dates=new_dates,
                by=Redating(self._numbers, "test", stamp.now),
            )

        moved: int = self.run(self.sandbox.gateway.loop.alone("Test.move", work, exclusive=True))
        return moved

    def put_back(self) -> None:
        """Every row on the first day again, as it was made."""

        async def work(session: Session, stamp: Stamp) -> None:
            await session.execute("UPDATE settlement SET paid_seq = -transaction_id")
            await session.execute(
                "UPDATE settlement SET paid_out_date = $1, paid_seq = sold_seq", FIRST.isoformat()
            )
            await session.execute("DELETE FROM settlement_count WHERE date_type = 'paid'")
            await session.execute(
                "INSERT INTO settlement_count (shop_id, date_type, day, stored, visible) "
                "SELECT shop_id, 'paid', paid_out_date, count(*), count(*) FROM settlement "
                "GROUP BY shop_id, paid_out_date"
            )
            await session.execute("DELETE FROM redated_row")

        self.run(self.sandbox.gateway.loop.alone("Test.put_back", work))

    def pages(self, size: int) -> list[tuple[str, str]]:
        """(date, transaction key) of every row on the pages of the paid-out list."""
        found: list[tuple[str, str]] = []
        number = 1
        while True:
            read = self.run(
                page(
                    self.sandbox.gateway.store,
                    self.shop_id,
                    date_type="paid",
                    start=DAYS[0],
                    end=DAYS[-1],
                    number=number,
                    size=size,
                )
            )
            assert read.total == len(self.sql(ROWS))
            if not read.views:
                return found
            found.extend((view.paid_out_date, view.transaction_key) for view in read.views)
            number += 1


async def _sold(sandbox: Sandbox, count: int = 7) -> Sandbox:
    for number in range(count):
        await sandbox.done(10_000 + number)
    await sandbox.move_to("2025-03-14T01:00:00+09:00")
    return sandbox


@pytest.fixture
def moving(database_url: str) -> Iterator[Moving]:
    """Seven rows that are paid out on 21 March, seen on the 14th."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        sandbox = runner.run(stack.enter_async_context(open_sandbox(database_url)))
        runner.run(_sold(sandbox))
        yield Moving(runner, sandbox)
        runner.run(stack.aclose())


def test_moved_rows_follow_what_is_there_and_those_that_stay_close_the_gaps(moving: Moving) -> None:
    one, two, three, four, five, six, seven = moving.on(FIRST)
    assert moving.move(FIRST, {three: DAYS[1], one: DAYS[1], six: DAYS[2]}) == 3
    assert moving.move(FIRST, {five: DAYS[1], two: FIRST}) == 1
    assert moving.sql(ROWS) == [
        (two, "2025-03-21", 1),
        (four, "2025-03-21", 2),
        (seven, "2025-03-21", 3),
        (one, "2025-03-24", 1),
        (three, "2025-03-24", 2),
        (five, "2025-03-24", 3),
        (six, "2025-03-25", 1),
    ]
    assert moving.sql(COUNTS) == [("2025-03-21", 3, 3), ("2025-03-24", 3, 3), ("2025-03-25", 1, 1)]


def test_a_date_that_lost_all_its_rows_is_no_date_of_a_payout_any_more(moving: Moving) -> None:
    moving.move(FIRST, dict.fromkeys(moving.on(FIRST), DAYS[3]))
    assert moving.sql(COUNTS) == [("2025-03-26", 7, 7)]
    moving.run(moving.sandbox.move_to("2025-04-15T00:00:00+09:00"))
    assert moving.sql("SELECT paid_out_date, acquired FROM payout") == [("2025-03-26", 70_021)]


def test_each_move_leaves_a_record_that_says_whence_and_why(moving: Moving) -> None:
    one, two, *_ = moving.on(FIRST)
    moving.move(FIRST, {one: DAYS[1], two: DAYS[2]})
    moving.move(DAYS[1], {one: DAYS[4]})
    now = moving.sql("SELECT frozen_at FROM clock")[0][0]
    assert moving.sql(
        "SELECT redating_id, transaction_id, shop_id, from_day, to_day, cause, redated_at FROM redated_row "
        "ORDER BY redating_id, transaction_id"
    ) == [
        (1, one, moving.shop_id, "2025-03-21", "2025-03-24", "test", now),
        (1, two, moving.shop_id, "2025-03-21", "2025-03-25", "test", now),
        (2, one, moving.shop_id, "2025-03-24", "2025-03-27", "test", now),
    ]


def test_nothing_to_move_writes_nothing(moving: Moving) -> None:
    before = moving.sql(ROWS)
    assert moving.move(FIRST, {}) == 0
    assert moving.move(FIRST, dict.fromkeys(moving.on(FIRST), FIRST)) == 0
    assert (moving.sql(ROWS), moving.sql("SELECT * FROM redated_row")) == (before, [])


def test_rows_of_another_shop_or_date_are_refused_together_with_the_rest(moving: Moving) -> None:
    one, *_ = moving.on(FIRST)
    before = moving.sql(ROWS)
    for wrong in (
        {"day": DAYS[1], "new_dates": {one: DAYS[2]}},
        {"day": FIRST, "new_dates": {one: DAYS[1], 999: DAYS[2]}},
        {"day": FIRST, "new_dates": {one: DAYS[1]}, "shop_id": moving.shop_id + 1},
    ):
        with pytest.raises(CannotMove, match="is not paid out to shop"):
            moving.move(**wrong)  # type: ignore[arg-type]
    assert moving.sql(ROWS) == before


def test_a_row_in_a_payout_stays_and_none_joins_a_payout_that_was_made(moving: Moving) -> None:
    one, two, *_ = moving.on(FIRST)
    moving.move(FIRST, {one: DAYS[2]})
    moving.run(moving.sandbox.move_to("2025-03-21T00:00:00+09:00"))
    paid = moving.sql("SELECT day FROM settlement_count WHERE date_type = 'paid' AND paid_at IS NOT NULL")
    assert paid == [("2025-03-21",)]
    before = moving.sql(ROWS)
    with pytest.raises(CannotMove, match="was paid for 2025-03-21"):
        moving.move(FIRST, {two: DAYS[2]})
    with pytest.raises(CannotMove, match="was paid through 2025-03-21"):
        moving.move(DAYS[2], {one: FIRST})
    with pytest.raises(CannotMove, match="no row may join 2025-03-20"):
        moving.move(DAYS[2], {one: date(2025, 3, 20)})
    assert moving.sql(ROWS) == before


def test_nothing_moves_while_a_day_is_being_closed(moving: Moving) -> None:
    async def mark(session: Session, stamp: Stamp) -> None:
        await session.execute("UPDATE clock SET closed_through = '2025-03-14'")

    moving.run(moving.sandbox.gateway.loop.alone("Test.mark", mark, exclusive=True))
    with pytest.raises(CannotMove, match="a day is being closed"):
        moving.move(FIRST, dict.fromkeys(moving.on(FIRST), DAYS[1]))


def test_after_any_moves_numbers_are_dense_counts_right_and_each_row_is_on_one_page(moving: Moving) -> None:
    """Each move: from which of five days, and for each of its rows to which of them."""
    moves = st.lists(
        st.tuples(st.sampled_from(DAYS), st.lists(st.sampled_from(DAYS), min_size=7, max_size=7)), max_size=6
    )

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(moves=moves, size=st.integers(1, 8))
    def holds(moves: list[tuple[date, list[date]]], size: int) -> None:
        moving.put_back()
        expected = {day: moving.on(day) for day in DAYS}
        for day, targets in moves:
            taken = dict(zip(expected[day], targets, strict=False))
            moving.move(day, taken)
            expected[day] = [row for row in expected[day] if taken[row] == day]
            for row, target in taken.items():
                if target != day:
                    expected[target].append(row)
        assert moving.sql(ROWS) == [
            (row, day.isoformat(), number) for day in DAYS for number, row in enumerate(expected[day], 1)
        ]
        assert moving.sql(COUNTS) == [
            (day.isoformat(), len(rows), len(rows)) for day, rows in expected.items() if rows
        ]
        keys = dict(moving.sql("SELECT transaction_id, transaction_key FROM payment_transaction"))
        listed = [(day.isoformat(), keys[row]) for day in DAYS for row in expected[day]]
        assert moving.pages(size) == listed

    holds()
