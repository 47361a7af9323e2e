"""Fixtures shared by all tests. Every test that touches a store runs on SQLite, and with `--all` also
on a real PostgreSQL that this file starts."""

import functools
import importlib
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import typer
import typer.testing

sys.path.insert(0, str(Path(__file__).parent))

from jeongsan.store.open import migrate
from support.sandbox import Sandbox, open_sandbox

if TYPE_CHECKING:
    from support.postgres import PostgresServer

LEFT_OUT = "PostgreSQL, crash, fuzz, browser, Node and slow"
ONLY_WITH_ALL = ("crash", "fuzz", "browser", "node", "slow")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all", action="store_true", help="PostgreSQL, crash, fuzz, browser, Node and slow tests too"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A quarter of the examples in `make test`, where nothing else is said; no limit of time for one, because
    a busy machine is no failure."""
    hypothesis.settings.register_profile("all", deadline=None)
    hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
    hypothesis.settings.load_profile("all" if config.getoption("--all") else "quick")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "store_kind" in metafunc.fixturenames:
        kinds = ["sqlite", "postgres"] if metafunc.config.getoption("--all") else ["sqlite"]
        metafunc.parametrize("store_kind", kinds, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--all"):
        return
    left_out = [item for item in items if any(map(item.get_closest_marker, ONLY_WITH_ALL))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: object, config: pytest.Config) -> None:
    if not config.getoption("--all"):
        terminalreporter.write_line(  # type: ignore[attr-defined]
            f"not run here: {LEFT_OUT} tests (make test-all)"
        )


@pytest.fixture(scope="session", autouse=True)
def commands_made_once() -> Iterator[None]:
    """The runner makes all commands anew for each call, which takes longer than most of them do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file; copying it is faster than migrating for each test."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator["PostgresServer"]:
    """A real server in a folder of its own, stopped at the end."""
    # Only `--all` needs the packages behind this import.
    support = importlib.import_module("support.postgres")
    # Where the other databases of the tests are, with a path short enough for a socket.
    folder = tempfile.mkdtemp(prefix="jpg", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT") or None)
    server = support.PostgresServer.start(Path(folder))
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(store_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database of the kind under test."""
    if store_kind == "sqlite":
        path = tmp_path / "jeongsan.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"t_{os.getpid()}_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture
async def sandbox(database_url: str, anyio_backend: str) -> AsyncIterator[Sandbox]:
    """A gateway in this process, its clock frozen at 2025-03-13 13:00 KST, D+6, rate 3.2 %."""
    async with open_sandbox(database_url) as opened:
        yield opened
