"""A gateway for one test: a copy of a prepared database, a listener on a port of its own, one receiver."""

import asyncio
import itertools
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from jeongsan.api.asgi import create_app
from jeongsan.api.listener import http_config
from jeongsan.app import Gateway, open_gateway
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.payout_dates import Anchor
from jeongsan.domain.shop import Mode
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.domain.terms import rate_from_percent
from jeongsan.operations import webhook_endpoints
from jeongsan.operations.shops import create_shops
from jeongsan.settings import SANDBOX_MID, Settings
from jeongsan.testing.keys import LIVE_KEY, TEST_KEY

_COPIES = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """An open gateway and where it listens."""

    gateway: Gateway
    url: str


class Templates:
    """Prepared databases, one for each combination of options: migrated, with a clock and a shop. Copying
    a file takes a fraction of a millisecond, preparing it some fifty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[str, Path] = {}

    async def of(self, options: dict[str, Any]) -> Path:
        """The database for these options. Raises ValueError, or Refusal, for what cannot be."""
        name = json.dumps(options, sort_keys=True)
        if name not in self._made:
            path = self._folder / f"template-{len(self._made)}.db"
            await _prepare(path, options)
            self._made[name] = path
        return self._made[name]


async def _prepare(path: Path, options: dict[str, Any]) -> None:
    settings = Settings(
        database=f"sqlite:///{path}",
        clock_mode=ClockMode.FROZEN,
        clock_at=_clock(options["clock"]),
        seed=options["seed"],
        worker=False,
    )
    shop = ShopSettings(
        rate_ppm=None if options["rate"] is None else rate_from_percent(options["rate"]),
        business_days=options["business_days"],
        anchor=None if options["anchor"] is None else Anchor(options["anchor"]),
        cycle=None if options["cycle"] is None else Cycle(options["cycle"]),
        settle_test_payments=options["settle_test_payments"],
    )
    async with open_gateway(settings) as gateway:
        await create_shops(gateway.loop, {SANDBOX_MID: {Mode.LIVE: LIVE_KEY, Mode.TEST: TEST_KEY}}, shop)


def _clock(text: str) -> int:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise ValueError(f"clock: {text!r} is no date-time such as 2025-03-13T13:00:00+09:00") from error


@asynccontextmanager
async def open_stage(template: Path, receiver_url: str, seed: int | None) -> AsyncIterator[Stage]:
    """Open a copy of the template and listen; on the way out everything is closed and the copy removed."""
    path = template.with_name(f"gateway-{next(_COPIES)}.db")
    shutil.copyfile(template, path)
    try:
        settings = Settings(database=f"sqlite:///{path}", seed=seed)
        async with open_gateway(settings, migrated=True) as gateway:
            for mode in Mode:
                shop = gateway.loop.config.shop_of(SANDBOX_MID, mode)
                assert shop is not None
                await webhook_endpoints.register(gateway.loop, shop.shop_id, url=receiver_url, events=[])
            async with _listening(gateway) as url:
                yield Stage(gateway, url)
    finally:
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()


@asynccontextmanager
async def _listening(gateway: Gateway) -> AsyncIterator[str]:
    """The same server as `jeongsan serve`, without its orderly end, which takes a tenth of a second and is
    for callers who still wait: here the test is over."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(http_config(create_app(gateway)))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[listener])
    ticking = asyncio.create_task(server.main_loop())
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        for each in server.servers:
            each.close()
        for connection in list(server.server_state.connections):
            connection.shutdown()
        await server.lifespan.shutdown()
