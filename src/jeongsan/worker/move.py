"""Move the business clock: a stored, resumable job that runs everything that becomes due on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from jeongsan.domain.business_clock import Moved
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.operations import set_clock
from jeongsan.store.bulk.clock import move_progress, unfinished_moves
from jeongsan.store.session import Store
from jeongsan.worker.due import DueWork

MOVE_SECONDS_MAX = 25.0
_STEPS_MAX = 100_000
# How long a move waits for the webhook attempts of another process: what they lead to belongs before the next
# step. A process that died during one never ends it; then the move goes on without.
_OTHERS_S = 3.0
_LOOK_EVERY_S = 0.01


class Mover:
    """Asked by the API and the command line; the worker resumes what a crash left unfinished."""

    def __init__(self, loop: CommitLoop, store: Store, due: DueWork) -> None:
        self._loop = loop
        self._store = store
        self._due = due

    async def move(self, target: int, *, seconds_max: float = MOVE_SECONDS_MAX) -> Moved:
        """Move to `target`; when that takes longer than `seconds_max`, the rest follows by itself.

        Whoever gets to it first works on a stored move, this call or a worker; the answer tells what
        was run for this one. Raises ClockRefusal backwards or in system mode."""
        move_id = await set_clock.begin_move(self._loop, target)
        await self.resume(seconds_max=seconds_max)
        ran, done = await move_progress(self._store, move_id)
        pending = len(await unfinished_moves(self._store))
        _, now = await self._due.look()
        return Moved(now=now, ran=ran, pending=pending, done=done)

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Nothing due is run, and no webhook is under way, while the block lasts."""
        async with self._due.running:
            await self._due.drain(monotonic() + MOVE_SECONDS_MAX)
            yield

    async def resume(self, *, seconds_max: float = MOVE_SECONDS_MAX) -> None:
        """Work on unfinished moves, oldest first."""
        deadline = monotonic() + seconds_max
        async with self._due.running:
            for move_id, target, ran in await unfinished_moves(self._store):
                # What is in flight belongs to the time before the move.
                await self._due.drain(deadline)
                reached = await self._run_until(target, ran, deadline)
                await set_clock.record_move(self._loop, move_id, ran, done=reached)
                if not reached:
                    break

    async def _others_are_done(self) -> bool:
        """Wait until nobody attempts a webhook; False when somebody never ends."""
        until = monotonic() + _OTHERS_S
        while await self._due.attempts_under_way():
            if monotonic() >= until:
                return False
            await asyncio.sleep(_LOOK_EVERY_S)
        return True

    async def _run_until(self, target: int, ran: dict[str, int], deadline: float) -> bool:
        patient = True
        for _ in range(_STEPS_MAX):
            if monotonic() >= deadline:
                return False
            patient = patient and await self._others_are_done()
            item, shown = await self._due.look()
            assert item is not None
            if item.at > max(target, shown):
                await set_clock.step_to(self._loop, target)
                return True
            await set_clock.step_to(self._loop, item.at)
            count = await self._due.run(item, drain_until=deadline)
            ran[item.kind.name.lower()] = ran.get(item.kind.name.lower(), 0) + count
            swept = await self._due.sweep()
            if swept:
                ran["janitor"] = ran.get("janitor", 0) + swept
        return False
