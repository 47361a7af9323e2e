"""A gateway for the length of one command: no worker, on the database the user named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from jeongsan.app import Gateway, open_gateway
from jeongsan.settings import from_environment


@asynccontextmanager
async def gateway_for_command(database: str | None) -> AsyncIterator[Gateway]:
    """Open the gateway without its worker. It finishes nobody else's network attempts."""
    settings = from_environment()
    settings = replace(settings, database=database or settings.database, worker=False, janitor=False)
    async with open_gateway(settings) as gateway:
        yield gateway
