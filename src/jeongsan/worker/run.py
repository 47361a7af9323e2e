"""The worker: keeps doing what is due as the clock ticks, and what a move left unfinished."""

import asyncio

import structlog

from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.store.bulk.clock import unfinished_moves
from jeongsan.store.session import Store
from jeongsan.worker.deliver import Deliverer
from jeongsan.worker.due import DueItem, DueKind, DueWork
from jeongsan.worker.move import Mover

_POLL_S = 0.2
_PAUSE_AFTER_ERROR_S = 1.0
# One tick does at most this much before it looks at the other kinds of work again.
_ITEMS_PER_TICK = 1_000
log = structlog.get_logger()


class Worker:
    """One per process; several processes may run one on the same PostgreSQL database."""

    def __init__(
        self, loop: CommitLoop, store: Store, due: DueWork, mover: Mover, deliverer: Deliverer
    ) -> None:
        self._store = store
        self._due = due
        self._mover = mover
        self._deliverer = deliverer
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        loop.on_events = deliverer.on_recorded = self._wake.set

    def start(self) -> None:
        """Begin to work."""
        self._task = asyncio.create_task(self._run(), name="worker")

    async def stop(self) -> None:
        """End, leaving what is unfinished to leases and stored jobs."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._deliverer.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._tick()
                pause = _POLL_S
            except Exception:
                # Whatever it was, the work is still in the database; the next tick finds it again.
                log.exception("worker tick failed")
                pause = _PAUSE_AFTER_ERROR_S
            try:
                # Not wait_for: before Python 3.12 it loses a cancellation that comes with the wake-up.
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _tick(self) -> None:
        self._wake.clear()
        if await unfinished_moves(self._store):
            await self._resume()
        async with self._due.running:
            await self._due.sweep()
            # Kinds of which nothing more can be done now: in somebody else's hands, waiting for slow
            # receivers, or failing. Whatever it is, the other kinds do not wait for it.
            stuck: set[DueKind] = set()
            for _ in range(_ITEMS_PER_TICK):
                item, now = await self._due.look(stuck)
                if item is None or item.at > now:
                    return
                if not await self._try(item):
                    stuck.add(item.kind)

    async def _resume(self) -> None:
        try:
            await self._mover.resume()
        except Exception:
            # A move that meets a fault stays stored; what is due at the time shown goes on.
            log.exception("move of the clock not finished")

    async def _try(self, item: DueItem) -> int:
        try:
            return await self._due.run(item)
        except Exception:
            log.exception("due work failed", kind=item.kind.name)
            return 0
