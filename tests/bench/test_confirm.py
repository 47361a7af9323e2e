"""The bench measures what it says, on both databases, and refuses to report what it cannot account for."""

import pytest

from jeongsan.bench.confirm import WAYS, CountsDisagree, Plan, _check, bench_confirm
from jeongsan.bench.machine import percentile
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(store_kind: str, request: pytest.FixtureRequest) -> str | None:
    """Where scratch databases are made; None for SQLite."""
    return None if store_kind == "sqlite" else request.getfixturevalue("postgres_server").url("postgres")


@pytest.mark.slow
async def test_every_way_is_measured_and_its_counts_agree(store_kind: str, server: str | None) -> None:
    """A short run: each way answers every confirm, and only batches of one need a flush for each."""
    plan = Plan(store_kind, server, shops=3, clients=(8,), ways=WAYS, requests=500)
    results = {row["name"]: row for row in await bench_confirm(plan)}
    assert set(results) == set(WAYS)
    for row in results.values():
        assert row["requests"] == 500
        assert row["per_second"] > 0
        assert 0 < row["p50_ms"] <= row["p99_ms"] <= row["max_ms"]
    inline, alone = results["http-inline"]["fsyncs"], results["commit-per-request"]["fsyncs"]
    # PostgreSQL publishes its own count late, so that a short run cannot be held to it.
    if inline is not None and store_kind == "sqlite":
        assert inline < 500 <= alone


async def test_a_database_that_holds_something_else_is_no_result(sandbox: Sandbox) -> None:
    await sandbox.done()
    with pytest.raises(CountsDisagree):
        await _check(sandbox.gateway.settings.database, 2)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.5), percentile(values, 0.99), percentile([7.0], 0.99)) == (51.0, 100.0, 7.0)
