"""What the routes need of a running gateway. The wiring in `app` provides it."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from jeongsan.clock import MachineClock
from jeongsan.domain.business_clock import BusinessClock, Moved
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.metrics import Metrics
from jeongsan.operations.flow import PaymentFlow
from jeongsan.store.bulk.clock import read_clock
from jeongsan.store.session import Store


class ClockMover(Protocol):
    """Who moves the business clock and runs what becomes due on the way."""

    async def move(self, target: int) -> Moved:
        """Move to `target` (epoch ms). Raises ClockRefusal backwards or in system mode."""

    def paused(self) -> AbstractAsyncContextManager[None]:
        """Nothing due is run, and no webhook is under way, while the block lasts."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """`sandbox`: time may be moved and the buyer played."""

    sandbox: bool
    machine: MachineClock
    store: Store
    loop: CommitLoop
    flow: PaymentFlow
    mover: ClockMover
    metrics: Metrics

    async def clock(self) -> BusinessClock:
        """The business clock as last committed. A gateway is opened on a database that has one."""
        clock = await read_clock(self.store)
        assert clock is not None
        return clock

    async def now(self) -> int:
        """The time the business clock shows, epoch ms."""
        return (await self.clock()).now(self.machine.now_ms())
