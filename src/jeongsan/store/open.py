"""Database addresses: which store a URL means, and bringing its schema up to date."""

import importlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from jeongsan.store.session import Store, StoreUnavailable
from jeongsan.store.sqlite import SqliteStore, connect

_MIGRATIONS = Path(__file__).parent / "migrations"


class InvalidDatabaseUrl(ValueError):
    """Neither `sqlite:///path` nor `postgresql://…`."""


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """`kind` is "sqlite" or "postgres"; `target` the file path or the DSN."""

    kind: str
    target: str


def parse_url(url: str) -> DatabaseUrl:
    """Read a database URL. Raises InvalidDatabaseUrl."""
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        return DatabaseUrl("sqlite", url.removeprefix("sqlite:///"))
    if url.startswith(("postgresql://", "postgres://")):
        return DatabaseUrl("postgres", url)
    raise InvalidDatabaseUrl(f"{url!r}: expected sqlite:///path or postgresql://user@host/name")


async def open_store(url: str) -> Store:
    """Open the store of a URL. PostgreSQL needs the `postgres` extra."""
    parsed = parse_url(url)
    if parsed.kind == "sqlite":
        return SqliteStore(parsed.target)
    # asyncpg is an extra: the only import the package makes on demand.
    postgres = importlib.import_module("jeongsan.store.postgres")
    store: Store = await postgres.open_postgres(parsed.target)
    return store


def migrate(url: str) -> str:
    """Bring the schema to the newest revision and return that revision. Safe to repeat.

    Raises StoreUnavailable when the file or the server cannot be opened."""
    parsed = parse_url(url)
    try:
        return _migrate(parsed)
    except (sqlite3.OperationalError, sa.exc.OperationalError) as error:
        raise StoreUnavailable(f"{url}: {error}") from error


def _migrate(parsed: DatabaseUrl) -> str:
    if parsed.kind == "sqlite":
        connect(parsed.target, wait_s=20).close()
        engine = sa.create_engine(f"sqlite:///{parsed.target}")
    else:
        engine = sa.create_engine(
            parsed.target.replace("postgres://", "postgresql://").replace(
                "postgresql://", "postgresql+psycopg://", 1
            )
        )
    try:
        with engine.connect() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_MIGRATIONS))
            head = ScriptDirectory.from_config(config).get_current_head()
            if MigrationContext.configure(connection).get_current_revision() != head:
                command.upgrade(config, "head")
                connection.commit()
            return str(head)
    finally:
        engine.dispose()
