"""`jeongsan serve`, `worker` and `migrate`: the long-running processes and the schema."""

import asyncio
import gc
import json
import socket
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
import uvloop

from jeongsan.api.asgi import create_app
from jeongsan.api.listener import http_config
from jeongsan.app import Gateway, open_gateway
from jeongsan.cli.ending import ending
from jeongsan.cli.output import EXIT_UNUSABLE, DatabaseOption, JsonOption, fail, run, show
from jeongsan.console.page import ROOT as CONSOLE
from jeongsan.console.routes import pages_of
from jeongsan.demo.data import fill
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.instants import parse_instant
from jeongsan.loop.commit_loop import BATCH_SIZE_MAX
from jeongsan.network.simulator import Faults
from jeongsan.operations.network_requests import NetworkLimits
from jeongsan.settings import NETWORK_INLINE, NETWORK_REMOTE, SANDBOX_MID, RunMode, Settings, from_environment
from jeongsan.store.open import migrate as migrate_database

_STARTED_POLL_S = 0.01
_GC_ALLOCATIONS = 100_000
LOOPBACK = "127.0.0.1"

ModeOption = Annotated[RunMode, typer.Option(help="sandbox or production.")]
NetworkOption = Annotated[
    str | None, typer.Option(help="inline or remote, the simulated card network (JEONGSAN_NETWORK).")
]
JournalOption = Annotated[
    Path | None, typer.Option(help="Memory of the remote network (JEONGSAN_NETWORK_JOURNAL).")
]
FaultsOption = Annotated[
    str, typer.Option(help="Shares of lost answers: before=0.05,after=0.05,latency=0.01.")
]
CancelAfterOption = Annotated[float, typer.Option(help="Seconds until an unknown confirm is reversed.")]


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK,
    port: Annotated[int, typer.Option(help="Port; 0 picks a free one.")] = 8080,
    database: DatabaseOption = None,
    mode: ModeOption = RunMode.SANDBOX,
    clock: Annotated[str | None, typer.Option(metavar="ISO", help="First time of a new database.")] = None,
    clock_mode: Annotated[ClockMode | None, typer.Option(help="How the clock runs.")] = None,
    settle_test_payments: Annotated[bool, typer.Option(help="Test keys settle too.")] = False,
    seed: Annotated[int | None, typer.Option(help="Mint the same keys for the same history.")] = None,
    ephemeral: Annotated[bool, typer.Option(help="A new database that is removed at the end.")] = False,
    until_stdin_closes: Annotated[
        bool, typer.Option(help="End with whoever holds the other end of standard input.")
    ] = False,
    worker: Annotated[bool, typer.Option(help="Also run the worker in this process.")] = True,
    network: NetworkOption = None,
    network_journal: JournalOption = None,
    network_faults: FaultsOption = "",
    network_cancel_after: CancelAfterOption = 5.0,
    demo_data: Annotated[bool, typer.Option(help="Fill a new database with ten days of sales.")] = False,
    batch_size: Annotated[int, typer.Option(help="Most operations per commit.")] = BATCH_SIZE_MAX,
    as_json: JsonOption = False,
) -> None:
    """Run the gateway: API, simulated network and worker in one process."""
    try:
        settings = replace(
            _with_network(network, network_journal, network_faults, network_cancel_after),
            mode=mode,
            first_shop=True,
            clock_mode=clock_mode,
            clock_at=None if clock is None else parse_instant(clock),
            settle_test_payments=settle_test_payments,
            seed=seed,
            worker=worker,
            batch_size_max=batch_size,
        )
    except ValueError as error:
        fail("INVALID_OPTION", str(error), as_json=as_json, exit_code=EXIT_UNUSABLE)
    settings = replace(settings, database=database or settings.database)
    start = _Start(ephemeral, until_stdin_closes, demo_data, as_json)
    try:
        listener = socket.create_server((host, port), backlog=2048)
    except (OSError, OverflowError) as error:
        fail("CANNOT_LISTEN", f"{host}:{port}: {error}", as_json=as_json, exit_code=EXIT_UNUSABLE)
    run(_serve(settings, start, listener), as_json=as_json, run_loop=uvloop.run)


@dataclass(frozen=True, slots=True)
class _Start:
    """How long the process and its database last, what its start brings and shows."""

    ephemeral: bool
    until_stdin_closes: bool
    demo_data: bool
    as_json: bool


class _Server(uvicorn.Server):
    """Ends when it is told to: signals are for `ending`, which tidies up. Uvicorn's own handlers would stand
    in its way and raise the signal once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _with_network(network: str | None, journal: Path | None, faults: str, cancel_after_s: float) -> Settings:
    """The environment's settings with the network of the options. Raises ValueError."""
    settings = from_environment()
    name = network or settings.network
    if name not in (NETWORK_INLINE, NETWORK_REMOTE):
        raise ValueError("--network is inline or remote")
    return replace(
        settings,
        network=name,
        network_journal=journal or settings.network_journal,
        network_faults=_faults(faults),
        # An answer is waited for less long than an attempt is left alone.
        network_limits=NetworkLimits(answer_s=cancel_after_s * 0.8, give_up_s=cancel_after_s),
    )


def _faults(text: str) -> Faults:
    names = {"before": "lost_before", "after": "lost_after", "latency": "latency_s"}
    values: dict[str, float] = {}
    for part in filter(None, text.split(",")):
        name, _, number = part.partition("=")
        if name not in names:
            raise ValueError(f"--network-faults knows {', '.join(names)}, not {name}")
        values[names[name]] = float(number)
    return Faults(**values)


async def _serve(settings: Settings, start: _Start, listener: socket.socket) -> None:
    broken = False
    async with ending(until_stdin_closes=start.until_stdin_closes) as end, AsyncExitStack() as stack:
        if start.ephemeral:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="jeongsan-"))
            settings = replace(settings, database=f"sqlite:///{folder}/jeongsan.db")

        def on_broken() -> None:
            nonlocal broken
            broken = True
            end.set()

        gateway = await stack.enter_async_context(open_gateway(settings, on_broken=on_broken))
        if start.demo_data:
            await fill(gateway, now=gateway.machine.now_ms())
        _settle_garbage_collector()
        server = _Server(http_config(create_app(gateway, pages_of(gateway))))
        beside = [
            asyncio.create_task(_announce(server, gateway, listener, start.as_json)),
            asyncio.create_task(_end(server, end)),
        ]
        await server.serve(sockets=[listener])
        for task in beside:
            task.cancel()
    if broken:
        raise SystemExit("the disk refused a commit: stopped, so that nothing false is answered")


async def _end(server: uvicorn.Server, end: asyncio.Event) -> None:
    await end.wait()
    server.should_exit = True


def _settle_garbage_collector() -> None:
    """What is loaded by now stays for good, and requests leave next to no cycles: looking through
    everything every 700 allocations costs a sixth of the throughput."""
    gc.freeze()
    gc.set_threshold(_GC_ALLOCATIONS, 50, 100)


async def _announce(server: uvicorn.Server, gateway: Gateway, listener: socket.socket, as_json: bool) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event for it
        await asyncio.sleep(_STARTED_POLL_S)
    host, port = listener.getsockname()[:2]
    url = f"http://{host}:{port}"
    console = _console_url(host, port) if pages_of(gateway) else None
    keys = {mode.value: key for mode, key in gateway.new_keys.items()}
    if as_json:
        line = {"url": url, "console": console, "database": gateway.settings.database}
        typer.echo(json.dumps({**line, "mId": SANDBOX_MID, "secretKeys": keys}))
        return
    typer.echo(f"jeongsan listens on {url}  ({gateway.settings.mode.value}, no real money)")
    if console is not None:
        typer.echo(f"  console (콘솔): {console}")
    for mode, key in keys.items():
        typer.echo(f"  {SANDBOX_MID} {mode} secret key: {key}")


def _console_url(host: str, port: int) -> str | None:
    """Where a browser on this machine finds the console; None when that address is not listened on."""
    listens = host == LOOPBACK or ip_address(host).is_unspecified
    return f"http://{LOOPBACK}:{port}{CONSOLE}" if listens else None


def worker(
    database: DatabaseOption = None,
    mode: ModeOption = RunMode.SANDBOX,
    network: NetworkOption = None,
    network_journal: JournalOption = None,
    network_cancel_after: CancelAfterOption = 5.0,
    as_json: JsonOption = False,
) -> None:
    """Run only the worker: expiry, day close, payouts, webhooks, the janitor."""
    try:
        settings = _with_network(network, network_journal, "", network_cancel_after)
    except ValueError as error:
        fail("INVALID_OPTION", str(error), as_json=as_json, exit_code=2)
    settings = replace(settings, database=database or settings.database, mode=mode)
    run(_worker(settings, as_json), as_json=as_json, run_loop=uvloop.run)


async def _worker(settings: Settings, as_json: bool) -> None:
    async with open_gateway(settings):
        show({"working": settings.database}, as_json=as_json)
        await asyncio.Event().wait()


def migrate(database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Bring the database schema to the newest revision."""

    async def work() -> str:
        return await asyncio.to_thread(migrate_database, database or from_environment().database)

    show({"revision": run(work(), as_json=as_json)}, as_json=as_json)
