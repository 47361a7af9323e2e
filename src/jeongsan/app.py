"""Wiring: one gateway process from its settings. No rules, no SQL, no routes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from jeongsan.api.gateway import Gateway as ServedGateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.clock import MachineClock
from jeongsan.domain.shop import Mode
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.loop.commit_loop import CommitLoop, Observer
from jeongsan.loop.mint import Mint
from jeongsan.metrics import Metrics
from jeongsan.network.journal import Journal
from jeongsan.network.port import InlineNetwork, Network
from jeongsan.network.simulator import InlineSimulator, RemoteSimulator
from jeongsan.operations import set_clock
from jeongsan.operations.flow import PaymentFlow
from jeongsan.operations.shops import create_shops, new_secret_key
from jeongsan.settings import NETWORK_INLINE, SANDBOX_MID, RunMode, Settings
from jeongsan.store.open import migrate, open_store
from jeongsan.store.session import Store
from jeongsan.wire.render import Renderer
from jeongsan.worker.deliver import Deliverer
from jeongsan.worker.due import DueWork
from jeongsan.worker.janitor import Janitor
from jeongsan.worker.move import Mover
from jeongsan.worker.run import Worker

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Gateway(ServedGateway):
    """A running process, as the command line uses it. `new_keys`: keys of the shop that was made at
    this start, shown once."""

    settings: Settings
    due: DueWork
    new_keys: dict[Mode, str]


class _CrashingObserver:
    """Kills the process at one named step: how the crash tests prove what survives."""

    def __init__(self, inner: Observer, crash_at: str) -> None:
        self._inner = inner
        self._crash_at = crash_at

    def step(self, name: str) -> None:
        if name == self._crash_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self._inner.step(name)

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        self._inner.batch(size=size, seconds=seconds, waiting=waiting)


def _network(settings: Settings) -> Network | InlineNetwork:
    if settings.network == NETWORK_INLINE:
        return InlineSimulator()
    return RemoteSimulator(Journal(settings.network_journal), settings.network_faults, settings.seed)


@asynccontextmanager
async def open_gateway(
    settings: Settings, *, on_broken: Callable[[], None] = lambda: None, migrated: bool = False
) -> AsyncIterator[Gateway]:
    """Migrate, open, start the loop and, if told to, the worker; stop everything on the way out.

    `migrated`: the schema is the newest already, as in a fresh copy of a migrated database."""
    if not migrated:
        await asyncio.to_thread(migrate, settings.database)
    store = await open_store(settings.database)
    machine = MachineClock()
    metrics = Metrics()
    observer: Observer = metrics
    if settings.crash_at is not None:
        observer = _CrashingObserver(metrics, settings.crash_at)
    loop = CommitLoop(
        store,
        machine=machine,
        mint=Mint(settings.seed),
        new_renderer=Renderer,
        observer=observer,
        on_broken=on_broken,
        batch_size_max=settings.batch_size_max,
    )
    network = _network(settings)
    deliverer = Deliverer(loop, machine, allow_private=settings.mode is RunMode.SANDBOX)
    janitor = Janitor(loop, store, network, settings.network_limits, machine) if settings.janitor else None
    due = DueWork(loop, store, machine, deliverer, janitor, korean_calendar)
    mover = Mover(loop, store, due)
    worker = Worker(loop, store, due, mover, deliverer)
    try:
        new_keys = await _prepare(loop, store, settings, machine)
        if settings.worker:
            worker.start()
        flow = PaymentFlow(loop, network, settings.network_limits)
        sandbox = settings.mode is RunMode.SANDBOX
        yield Gateway(sandbox, machine, store, loop, flow, mover, metrics, settings, due, new_keys)
    finally:
        await worker.stop()
        await loop.stop()
        await store.close()


async def _prepare(
    loop: CommitLoop, store: Store, settings: Settings, machine: MachineClock
) -> dict[Mode, str]:
    """A clock for a new database; in a sandbox without shops, the shop everybody starts with."""
    made = await set_clock.initialize(
        store, mode=settings.first_clock_mode, at=settings.clock_at, machine_now=machine.now_ms()
    )
    loop.start()
    await loop.refresh()
    wanted = None if made else settings.clock_at
    if wanted is not None and not await set_clock.set_before_facts(loop, wanted):
        log.warning("the clock was left as it is: payments exist; move it forward or reset the sandbox")
    if not settings.first_shop or settings.mode is not RunMode.SANDBOX or loop.config.shops:
        return {}
    keys = {
        Mode.TEST: settings.test_secret_key or new_secret_key(Mode.TEST),
        Mode.LIVE: settings.live_secret_key or new_secret_key(Mode.LIVE),
    }
    first = ShopSettings(settle_test_payments=settings.settle_test_payments)
    await create_shops(loop, {SANDBOX_MID: keys}, first)
    await loop.refresh()
    return keys
