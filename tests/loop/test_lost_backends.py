"""A PostgreSQL backend that dies under the commit loop: the answer is what the database holds, and
nothing is done twice."""

import asyncio
import importlib
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from jeongsan.loop.operation import Stamp
from jeongsan.store.session import Session
from support.invariants import check_invariants
from support.operations import creation, together
from support.sandbox import Sandbox, open_sandbox

if TYPE_CHECKING:
    from support.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.crash]


@pytest.fixture
def postgres_url(postgres_server: "PostgresServer") -> Iterator[str]:
    name = f"killed_{uuid.uuid4().hex[:12]}"
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
async def gateway(postgres_url: str, anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with open_sandbox(postgres_url) as sandbox:
        yield sandbox


@pytest.fixture
async def auditor(postgres_url: str, anyio_backend: str) -> AsyncIterator[Any]:
    """A connection of its own to the same database."""
    # Only `--all` needs the driver.
    connection = await importlib.import_module("asyncpg").connect(postgres_url)
    yield connection
    await connection.close()


async def _writer_pid(gateway: Sandbox) -> int:
    async def work(session: Session, stamp: Stamp) -> int:
        return int((await session.fetch("SELECT pg_backend_pid()"))[0][0])

    return await gateway.gateway.loop.alone("Test.pid", work)


async def _until_committing(auditor: Any, pid: int, waits_for: str) -> None:
    """Until the writer's backend waits inside its COMMIT."""
    async with asyncio.timeout(10):
        while not await auditor.fetchval(
            "SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND query = 'COMMIT' AND state = 'active' "
            "AND wait_event = $2",
            pid,
            waits_for,
        ):
            await asyncio.sleep(0.01)


async def _kill_when_committing(auditor: Any, pid: int, waits_for: str) -> None:
    await _until_committing(auditor, pid, waits_for)
    assert await auditor.fetchval("SELECT pg_terminate_backend($1)", pid)


async def test_a_backend_killed_before_its_commit_counted_answers_that_nothing_happened(
    gateway: Sandbox, auditor: Any
) -> None:
    """The COMMIT is held up by a deferred check when the backend dies: nothing was committed."""
    payment_key = (await gateway.done(10_000))["paymentKey"]
    await auditor.execute(
        "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON payment_transaction "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()"
    )
    pid = await _writer_pid(gateway)
    answer, _ = await asyncio.gather(
        gateway.cancel(payment_key, cancelAmount=1_000), _kill_when_committing(auditor, pid, "PgSleep")
    )
    assert answer.status_code == 500
    await auditor.execute("DROP TRIGGER slow ON payment_transaction")
    assert await gateway.sql("SELECT balance FROM payment") == [(10_000,)]
    assert (await gateway.cancel(payment_key, cancelAmount=1_000)).json()["balanceAmount"] == 9_000
    await check_invariants(gateway.sql)


async def test_a_backend_killed_after_its_commit_counted_answers_what_was_committed(
    gateway: Sandbox, auditor: Any
) -> None:
    """The COMMIT is durable and waits for a standby that never comes when the backend dies. A batch of
    two cancels must not be done a second time."""
    payment_key = (await gateway.done(10_000))["paymentKey"]
    pid = await _writer_pid(gateway)
    await _standby(auditor, "'nobody'")
    try:
        first, second, _ = await asyncio.gather(
            gateway.cancel(payment_key, cancelAmount=1_000),
            gateway.cancel(payment_key, cancelAmount=2_000),
            _kill_when_committing(auditor, pid, "SyncRep"),
        )
    finally:
        await _standby(auditor, "''")
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["balanceAmount"] == 7_000
    assert await gateway.sql("SELECT balance FROM payment") == [(7_000,)]
    assert await gateway.sql("SELECT count(*) FROM payment_transaction") == [(3,)]
    await check_invariants(gateway.sql)


async def test_a_commit_nobody_can_vouch_for_is_answered_as_unknown_and_not_repeated(
    gateway: Sandbox, auditor: Any
) -> None:
    """The line is cut while the COMMIT waits, and the server still has it in progress when it is asked:
    both callers hear 500, and what is committed in the end is committed once."""
    payment_key = (await gateway.done(10_000))["paymentKey"]
    pid = await _writer_pid(gateway)
    await _standby(auditor, "'nobody'")

    async def cut_and_later_release() -> None:
        await _until_committing(auditor, pid, "SyncRep")
        gateway.gateway.store._writer.terminate()  # type: ignore[attr-defined]
        await asyncio.sleep(6.5)
        await _standby(auditor, "''")

    try:
        first, second, _ = await asyncio.gather(
            gateway.cancel(payment_key, cancelAmount=1_000),
            gateway.cancel(payment_key, cancelAmount=2_000),
            cut_and_later_release(),
        )
    finally:
        await _standby(auditor, "''")
    assert (first.status_code, second.status_code) == (500, 500)
    assert (await gateway.cancel(payment_key, cancelAmount=500)).json()["balanceAmount"] == 6_500
    await check_invariants(gateway.sql)


async def _standby(auditor: Any, names: str) -> None:
    await auditor.execute(f"ALTER SYSTEM SET synchronous_standby_names = {names}")
    await auditor.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(5):
        while f"'{await auditor.fetchval('SHOW synchronous_standby_names')}'" != names:
            await asyncio.sleep(0.02)


async def test_a_backend_killed_between_two_batches_is_replaced(gateway: Sandbox, auditor: Any) -> None:
    pid = await _writer_pid(gateway)
    await auditor.fetchval("SELECT pg_terminate_backend($1)", pid)
    await asyncio.sleep(0.1)
    assert (await gateway.done())["status"] == "DONE"
    assert await _writer_pid(gateway) != pid


async def test_a_batch_whose_backend_is_killed_while_deciding_is_done_once(
    gateway: Sandbox, auditor: Any
) -> None:
    """Two creations wait for a lock when the backend dies: each is tried once more, on a new one."""
    pid = await _writer_pid(gateway)
    async with auditor.transaction():
        await auditor.execute("LOCK TABLE payment")
        answers = asyncio.create_task(
            together(gateway, creation(gateway, "order-a"), creation(gateway, "order-b"))
        )
        async with asyncio.timeout(10):
            while not await auditor.fetchval("SELECT 1 FROM pg_locks WHERE pid = $1 AND NOT granted", pid):
                await asyncio.sleep(0.01)
        await auditor.fetchval("SELECT pg_terminate_backend($1)", pid)
    first, second = await answers
    assert (first.order_id, second.order_id) == ("order-a", "order-b")
    assert await gateway.sql("SELECT count(*) FROM payment") == [(2,)]
