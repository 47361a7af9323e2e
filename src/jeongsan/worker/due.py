"""Due work in one total order: by instant, and at the same instant expiry, janitor, the rest of a hold's
release, day close, re-dating, payout, webhook. No payout is due while a re-dating is unfinished, nor before
the day before it is published. The running worker and a move of the clock both go through here.
"""

import asyncio
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from jeongsan.clock import MachineClock
from jeongsan.domain.holds import HoldState
from jeongsan.domain.instants import kst_day, kst_midnight
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.operations.day_close import MakeCalendar, close_day, mark_next_day
from jeongsan.operations.expire import Expire
from jeongsan.operations.holds import finish_release
from jeongsan.operations.pay_out import pay_out
from jeongsan.operations.redate import redate
from jeongsan.store.reads.due import Soonest, attempts_under_way, expired_payment_keys, soonest
from jeongsan.store.reads.holds import releasing
from jeongsan.store.session import Store
from jeongsan.worker.deliver import Deliverer
from jeongsan.worker.janitor import Janitor

_EXPIRIES_PER_ROUND = 512


class DueKind(IntEnum):
    """The order at the same instant. The janitor has no instant of its own: its leases are machine
    time, so it sweeps after the expiries of each step. A release that was begun waits only for a day that
    is being closed."""

    EXPIRY = 0
    HOLD_RELEASE = 1
    DAY_CLOSE = 2
    REDATING = 3
    PAYOUT = 4
    WEBHOOK = 5


@dataclass(frozen=True, slots=True, order=True)
class DueItem:
    """The next thing to happen and when, by the business clock."""

    at: int
    kind: DueKind


def next_item(found: Soonest, skip: Container[DueKind] = ()) -> DueItem | None:
    """The earliest due item of a kind that is not skipped. Without skipping there always is one: a day
    to be closed."""
    closing = found.clock.closed_through + timedelta(days=1)
    if found.closing_day is not None:
        closing = date.fromisoformat(found.closing_day)
    items = [DueItem(kst_midnight(closing + timedelta(days=1)), DueKind.DAY_CLOSE)]
    if found.releasing is not None and found.closing_day is None:
        items.append(DueItem(found.releasing, DueKind.HOLD_RELEASE))
    if found.expiry is not None:
        items.append(DueItem(found.expiry, DueKind.EXPIRY))
    if found.redating is not None:
        # A day that is being closed comes first: its rows are not all there. Payouts wait for both.
        if found.closing_day is None:
            items.append(DueItem(found.redating, DueKind.REDATING))
    elif found.payout_day is not None:
        day = date.fromisoformat(found.payout_day)
        # Otherwise the days before it are closed first, and where they cannot be it waits for that.
        if day <= found.clock.readable_through + timedelta(days=1):
            items.append(DueItem(kst_midnight(day), DueKind.PAYOUT))
    items.extend(DueItem(at, DueKind.WEBHOOK) for at in (found.event, found.delivery) if at is not None)
    return min((item for item in items if item.kind not in skip), default=None)


class DueWork:
    """Runs due items one after the other; one runner per process at a time."""

    def __init__(
        self,
        loop: CommitLoop,
        store: Store,
        machine: MachineClock,
        deliverer: Deliverer,
        janitor: Janitor | None,
        make_calendar: MakeCalendar,
    ) -> None:
        self._loop = loop
        self._store = store
        self._machine = machine
        self._deliverer = deliverer
        self._janitor = janitor
        self._make_calendar = make_calendar
        self.running = asyncio.Lock()

    async def look(self, skip: Container[DueKind] = ()) -> tuple[DueItem | None, int]:
        """The next due item, and the time the business clock shows."""
        machine_now = self._machine.now_ms()
        found = await soonest(self._store, machine_now)
        return next_item(found, skip), found.clock.now(machine_now)

    async def attempts_under_way(self) -> bool:
        """Whether a webhook is being attempted by any process."""
        return await attempts_under_way(self._store, self._machine.now_ms())

    async def run(self, item: DueItem, *, drain_until: float | None = None) -> int:
        """Do what is due at the item's instant; returns how many things were done.

        `drain_until` (monotonic seconds): wait for webhook attempts until then, else only start them."""
        if item.kind is DueKind.EXPIRY:
            return await self._expire()
        if item.kind is DueKind.DAY_CLOSE:
            return await self._close_day()
        if item.kind is DueKind.REDATING:
            return await redate(self._loop, self._store, self._machine.now_ms(), self._make_calendar)
        if item.kind is DueKind.PAYOUT:
            # Of that very day: looked for again, it may be gone, and the next one has not come.
            return await pay_out(self._loop, kst_day(item.at))
        if item.kind is DueKind.HOLD_RELEASE:
            return await self._finish_releases()
        if drain_until is not None:
            return await self.drain(drain_until)
        return await self._deliverer.round()

    async def drain(self, deadline: float) -> int:
        """Make the webhook attempts that are due now, and wait for those in flight."""
        return await self._deliverer.drain(deadline)

    async def sweep(self) -> int:
        """The janitor's round; nothing where this process has none."""
        return 0 if self._janitor is None else await self._janitor.sweep()

    async def _now(self) -> int:
        return (await self.look())[1]

    async def _expire(self) -> int:
        keys = await expired_payment_keys(self._store, await self._now(), _EXPIRIES_PER_ROUND)
        done = await asyncio.gather(*(self._loop.submit(Expire(key)) for key in keys))
        return sum(done)

    async def _close_day(self) -> int:
        machine_now = self._machine.now_ms()
        found = await soonest(self._store, machine_now)
        if found.closing_day is not None:
            await close_day(self._loop, date.fromisoformat(found.closing_day), self._make_calendar)
            return 1
        day = await mark_next_day(self._loop, kst_day(found.clock.now(machine_now)))
        if day is None:
            return 0
        await close_day(self._loop, day, self._make_calendar)
        return 1

    async def _finish_releases(self) -> int:
        done = 0
        for hold_id in await releasing(self._store):
            released = await finish_release(self._loop, hold_id, self._make_calendar)
            done += released.hold.state is HoldState.RELEASED
        return done
