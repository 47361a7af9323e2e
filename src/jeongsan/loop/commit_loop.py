"""The commit loop: takes what waits, decides it in one transaction, commits once, answers everybody.

One batch at a time. Nothing else in the process begins or commits a write. Work that is no batch of
operations (day close, clock, settings, delivery log) runs `alone`, in the same queue.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Protocol, TypeVar

import structlog

from jeongsan.clock import MachineClock
from jeongsan.domain.config import Config
from jeongsan.domain.errors import Refusal
from jeongsan.loop.mint import Mint
from jeongsan.loop.operation import Decision, Operation, Renderer, Stamp
from jeongsan.loop.working_set import WorkingSet
from jeongsan.store import batch
from jeongsan.store.changes import EventRow, Loaded
from jeongsan.store.reads.config import read_config, read_version
from jeongsan.store.session import CommitUncertain, Session, Store, StoreBroken, StoreUnavailable

BATCH_SIZE_MAX = 512
WAITING_MAX = 10_000
# A decision mints an id for each row it adds; none adds more than this.
_IDS_PER_OPERATION = 16

T = TypeVar("T")
log = structlog.get_logger()


class Overloaded(Exception):
    """So much is waiting that taking more would only make everybody wait longer."""


class Fault(Exception):
    """A mistake of the program while deciding; nothing of the operation was written."""


class Observer(Protocol):
    """Is told of each step; the crash tests use it to die at one, the metrics to count."""

    def step(self, name: str) -> None:
        """`name` is "<operation>.<stage>". In the loop the stages are begun, loaded (batches only),
        written, committed; a verb that asks the network also has asked and answered."""

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        """A batch was committed."""


@dataclass(slots=True)
class _Waiting:
    name: str
    future: "asyncio.Future[Any]"
    operation: Operation[Any] | None = None
    work: Callable[[Session, Stamp], Awaitable[Any]] | None = None
    exclusive: bool = False
    ids: int = _IDS_PER_OPERATION


class CommitLoop:
    """Start it with `start`, hand it work with `submit` and `alone`, end it with `stop`."""

    def __init__(
        self,
        store: Store,
        *,
        machine: MachineClock,
        mint: Mint,
        new_renderer: Callable[[], Renderer],
        observer: Observer,
        on_broken: Callable[[], None],
        batch_size_max: int = BATCH_SIZE_MAX,
    ) -> None:
        self._store = store
        self._machine = machine
        self._mint = mint
        self._new_renderer = new_renderer
        self._on_broken = on_broken
        self._batch_size_max = batch_size_max
        self._queue: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._broken = False
        self.observer = observer
        self.config = Config()
        # Called after a commit that stored events somebody listens to.
        self.on_events: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to take work."""
        self._task = asyncio.create_task(self._run(), name="commit-loop")

    async def stop(self) -> None:
        """Finish what waits, then end."""
        self._stopping = True
        self._arrived.set()
        if self._task is not None:
            await self._task

    async def submit(self, operation: Operation[T], *, name: str | None = None) -> T:
        """Decide an operation in some batch and return its answer once that is durable.

        `name` is what its steps are called; without one, its class. Raises Overloaded, Fault, or the
        store's errors; then nothing is known to be written.
        """
        waiting = _Waiting(name or type(operation).__name__, self._future(), operation=operation)
        answer: T = await self._enqueue(waiting)
        return answer

    async def alone(
        self,
        name: str,
        work: Callable[[Session, Stamp], Awaitable[T]],
        *,
        exclusive: bool = False,
        ids: int = _IDS_PER_OPERATION,
    ) -> T:
        """Run `work` as a transaction of its own. `exclusive`: with nobody else inside the gate."""
        waiting = _Waiting(name, self._future(), work=work, exclusive=exclusive, ids=ids)
        result: T = await self._enqueue(waiting)
        return result

    def _future(self) -> "asyncio.Future[Any]":
        return asyncio.get_running_loop().create_future()

    async def _enqueue(self, waiting: _Waiting) -> Any:
        if len(self._queue) >= WAITING_MAX or self._stopping:
            raise Overloaded
        self._queue.append(waiting)
        self._arrived.set()
        return await waiting.future

    async def _run(self) -> None:
        while True:
            if self._broken:
                # Nothing is tried on a store that broke.
                self._refuse(self._queue)
                return
            while not self._queue:
                if self._stopping:
                    return
                self._arrived.clear()
                await self._arrived.wait()
            if self._queue[0].work is not None:
                await self._run_alone(self._queue.popleft())
            else:
                await self._run_batch(self._take())

    def _take(self) -> list[_Waiting]:
        taken: list[_Waiting] = []
        while self._queue and self._queue[0].operation is not None and len(taken) < self._batch_size_max:
            taken.append(self._queue.popleft())
        return taken

    async def _run_alone(self, waiting: _Waiting) -> None:
        assert waiting.work is not None
        try:
            async with _Transaction(self, waiting.ids, exclusive=waiting.exclusive) as (session, stamp):
                self.observer.step(f"{waiting.name}.begun")
                result = await waiting.work(session, stamp)
                self.observer.step(f"{waiting.name}.written")
            self.observer.step(f"{waiting.name}.committed")
        except (Refusal, ValueError) as error:
            # Decided against inside the transaction: nothing was written, and nothing is wrong.
            _answer(waiting, error)
            return
        except Exception as error:  # noqa: BLE001 - handed to whoever asked for the work
            self._fail([waiting], error)
            return
        if waiting.exclusive:
            await self._see_settings()
        _answer(waiting, result)

    async def _see_settings(self) -> None:
        """Settings are changed inside the exclusive gate: whoever asked for it sees them next."""
        try:
            await self.refresh()
        except StoreUnavailable as error:
            # The change is committed all the same; the next batch reads it.
            log.warning("settings not read back", error=repr(error))

    async def _run_batch(self, taken: list[_Waiting]) -> None:
        started = perf_counter()
        try:
            answers, heard = await self._decide_batch(taken)
        except (StoreBroken, CommitUncertain) as error:
            # Whoever retried here what may have been committed would do it twice.
            self._fail(taken, error)
        except Exception as error:  # noqa: BLE001 - handed to every caller of the batch
            if len(taken) == 1:
                self._fail(taken, error)
            else:
                # One row the database refuses must not fail its neighbours: each alone, once.
                log.warning("batch failed, trying one by one", size=len(taken), error=repr(error))
                for number, waiting in enumerate(taken):
                    if self._broken:
                        self._refuse(taken[number:])
                        break
                    await self._run_batch([waiting])
        else:
            for waiting, answer in zip(taken, answers, strict=True):
                _answer(waiting, answer)
            if heard:
                self.on_events()
            self.observer.batch(size=len(taken), seconds=perf_counter() - started, waiting=len(self._queue))

    async def _decide_batch(self, taken: list[_Waiting]) -> tuple[list[Any], bool]:
        async with _Transaction(self, _IDS_PER_OPERATION * len(taken), exclusive=False) as (session, stamp):
            self._steps(taken, "begun")
            loaded = await self._load(session, taken)
            self._steps(taken, "loaded")
            world = WorkingSet(loaded)
            answers = [self._decide(waiting, world, stamp) for waiting in taken]
            changes = world.changes()
            await batch.write(session, changes, now=stamp.now, config_version=stamp.config.version)
            self._steps(taken, "written")
        self._steps(taken, "committed")
        return answers, any(event.has_endpoints for event in changes.events)

    async def _load(self, session: Session, taken: list[_Waiting]) -> Loaded:
        payments: dict[str, None] = {}
        released: set[str] = set()
        claims: dict[str, str] = {}
        identities: dict[str, None] = {}
        for waiting in taken:
            assert waiting.operation is not None
            keys = waiting.operation.keys
            payments.update(dict.fromkeys(keys.payments))
            released.update(keys.waiting)
            for name, owner in keys.claims:
                claims.setdefault(name, owner)
            for name in keys.records:
                identities[name] = None
                if name not in claims:
                    claims[name] = str(self._mint.row_id())
        return await batch.load(
            session, payment_keys=payments, claims=claims, identities=identities, waiting_keys=released
        )

    def _decide(self, waiting: _Waiting, world: WorkingSet, stamp: Stamp) -> Any:
        assert waiting.operation is not None
        try:
            decision: Decision[Any] = waiting.operation.decide(world, stamp)
            events = [
                EventRow(
                    event_id=self._mint.row_id(),
                    shop_id=event.payment.shop_id,
                    payment_id=event.payment.payment_id,
                    sequence=event.payment.version,
                    body=stamp.render.event(event),
                    has_endpoints=stamp.config.shops[event.payment.shop_id].has_endpoints,
                )
                for event in decision.events
            ]
        except Exception as error:
            log.exception("fault while deciding", operation=waiting.name)
            return Fault(f"{waiting.name}: {error!r}")
        world.apply(decision, events)
        return decision.answer

    def _steps(self, taken: list[_Waiting], stage: str) -> None:
        for waiting in taken:
            self.observer.step(f"{waiting.name}.{stage}")

    def _fail(self, taken: list[_Waiting], error: Exception) -> None:
        log.error("nothing committed", operations=len(taken), error=repr(error))
        for waiting in taken:
            _answer(waiting, error)
        if isinstance(error, StoreBroken):
            self._stopping = self._broken = True
            self._on_broken()

    def _refuse(self, unbegun: Iterable[_Waiting]) -> None:
        for waiting in unbegun:
            _answer(waiting, StoreBroken("the store broke before this was begun"))

    async def refresh(self) -> None:
        """Look whether another process changed the settings, outside of any batch."""
        version = await read_version(self._store)
        if version is not None and version != self.config.version:
            self.config = await read_config(self._store.read, version)

    async def stamp(self, session: Session) -> Stamp:
        """Read the clock row inside the gate and stamp one `now` for the transaction."""
        clock = await batch.clock(session)
        if clock.config_version != self.config.version:
            self.config = await read_config(session.fetch, clock.config_version)
        machine_now = self._machine.now_ms()
        return Stamp(
            now=clock.now(machine_now),
            machine_now=machine_now,
            closed_through=clock.closed_through,
            config=self.config,
            mint=self._mint,
            render=self._new_renderer(),
        )


class _Transaction:
    """Begin, enter the gate, stamp, reserve ids; commit on success, else roll back."""

    def __init__(self, loop: CommitLoop, ids: int, *, exclusive: bool) -> None:
        self._loop = loop
        self._ids = ids
        self._exclusive = exclusive
        self._took_block = False
        self._config_before = loop.config
        self._session: Session

    async def __aenter__(self) -> tuple[Session, Stamp]:
        self._session = await self._loop._store.begin()
        try:
            await self._session.gate(exclusive=self._exclusive)
            stamp = await self._loop.stamp(self._session)
            if not self._loop._mint.has(self._ids):
                self._took_block = True
                self._loop._mint.refill(await batch.take_block(self._session))
        except BaseException:
            await self._abandon()
            raise
        return self._session, stamp

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is not None:
            await self._abandon()
            return
        try:
            await self._session.commit()
        except BaseException:
            self._forget()
            raise

    async def _abandon(self) -> None:
        self._forget()
        await self._session.rollback()

    def _forget(self) -> None:
        if self._took_block:
            self._loop._mint.forget_block()
        # What was read inside a transaction that did not commit may never have existed.
        self._loop.config = self._config_before


def _answer(waiting: _Waiting, answer: Any) -> None:
    if waiting.future.cancelled():
        return  # the caller went away; what was committed stays committed
    if isinstance(answer, Exception):
        waiting.future.set_exception(answer)
    else:
        waiting.future.set_result(answer)
