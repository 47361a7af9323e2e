"""Made-up worlds, each made once: they are only read, or copied before they are changed."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from jeongsan.bench.reconcile_faults.cases import World
from jeongsan.bench.reconcile_faults.generate import ORDERS_MIN, WorldPlan, generate
from jeongsan.reconcile.duck import open_workspace

Made = tuple[Any, World]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[WorldPlan], Made]]:
    """The workspace of a plan, with its world."""
    connections = []

    @cache
    def of(plan: WorldPlan) -> Made:
        connection = workspace(tmp_path_factory.mktemp("world"))
        connections.append(connection)
        return connection, generate(connection, plan)

    yield of
    for connection in connections:
        connection.close()


@pytest.fixture(scope="module", params=["payment", "transaction", "order"])
def world(request: pytest.FixtureRequest, made: Callable[[WorldPlan], Made]) -> Made:
    """A small world for each kind of merchant."""
    return made(WorldPlan(ORDERS_MIN, order_keys=request.param))


def workspace(folder: Path) -> Any:
    """An empty workspace on one core."""
    return open_workspace(folder, threads=1)
