"""Move the business clock: a stored, resumable job that runs everything that becomes due on the way."""

from dataclasses import dataclass
from time import monotonic

from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.operations import set_clock
from jeongsan.store.bulk.clock import unfinished_moves
from jeongsan.store.session import Store
from jeongsan.worker.due import DueWork

MOVE_SECONDS_MAX = 25.0
_STEPS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Moved:
    """`now`: the time shown, epoch ms. `ran`: how much of each kind. `pending`: moves still to do."""

    now: int
    ran: dict[str, int]
    pending: int
    done: bool


class Mover:
    """Asked by the API and the command line; the worker resumes what a crash left unfinished."""

    def __init__(self, loop: CommitLoop, store: Store, due: DueWork) -> None:
        self._loop = loop
        self._store = store
        self._due = due

    async def move(self, target: int, *, seconds_max: float = MOVE_SECONDS_MAX) -> Moved:
        """Move to `target`; when that takes longer than `seconds_max`, the rest follows by itself.

        Raises ClockRefusal backwards or in system mode."""
        await set_clock.begin_move(self._loop, target)
        return await self.resume(seconds_max=seconds_max)

    async def resume(self, *, seconds_max: float = MOVE_SECONDS_MAX) -> Moved:
        """Work on unfinished moves, oldest first."""
        deadline = monotonic() + seconds_max
        ran: dict[str, int] = {}
        async with self._due.running:
            for move_id, target, before in await unfinished_moves(self._store):
                ran = before
                # What is in flight belongs to the time before the move.
                await self._due.drain(deadline)
                reached = await self._run_until(target, ran, deadline)
                await set_clock.record_move(self._loop, move_id, ran, done=reached)
                if not reached:
                    break
        pending = len(await unfinished_moves(self._store))
        _, now = await self._due.look()
        return Moved(now=now, ran=ran, pending=pending, done=pending == 0)

    async def _run_until(self, target: int, ran: dict[str, int], deadline: float) -> bool:
        for _ in range(_STEPS_MAX):
            if monotonic() >= deadline:
                return False
            item, shown = await self._due.look()
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
