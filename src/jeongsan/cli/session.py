"""A gateway for the length of one command: no worker, on the database the user named."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from jeongsan.app import Gateway, open_gateway
from jeongsan.cli.output import NoDatabase
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.records import Records, open_records
from jeongsan.settings import from_environment
from jeongsan.store.open import parse_url
from jeongsan.wire.errors import KO


@asynccontextmanager
async def gateway_for_command(database: str | None, *, existing: bool = False) -> AsyncIterator[Gateway]:
    """Open the gateway without its worker. It finishes nobody else's network attempts. `existing`: a question
    does not make a database, in a terminal that is in another folder than the gateway. Raises NoDatabase."""
    settings = from_environment()
    settings = replace(settings, database=database or settings.database, worker=False, janitor=False)
    if existing:
        _check_exists(settings.database)
    async with open_gateway(settings) as gateway:
        yield gateway


@asynccontextmanager
async def records_for_command(
    database: str | None, *, mids: Collection[str] | None, mode: Mode | None, language: str = KO
) -> AsyncIterator[Records]:
    """The books of an existing database, of all shops or only these. Raises NoDatabase, and Refusal
    NOT_FOUND_MERCHANT."""
    async with gateway_for_command(database, existing=True) as gateway:
        yield await open_records(
            gateway.store,
            gateway.loop.config,
            gateway.machine.now_ms(),
            mids=mids or (),
            modes=() if mode is None else (mode,),
            language=language,
        )


def _check_exists(database: str) -> None:
    parsed = parse_url(database)
    file = Path(parsed.target).absolute()
    if parsed.kind == "sqlite" and not file.exists():
        raise NoDatabase(f"no file {file}: set JEONGSAN_DATABASE or give --database")
