"""The commit loop: one batch, one commit, and no answer that differs from what the database holds."""

import asyncio
import resource
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from jeongsan.domain.payment import Payment
from jeongsan.loop.commit_loop import BATCH_SIZE_MAX, WAITING_MAX, Fault, Overloaded
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations.create_payment import CreatePayment
from jeongsan.store.session import Session
from support.invariants import check_invariants
from support.operations import creation, together
from support.process import gateway_process
from support.sandbox import Sandbox, open_sandbox

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Faulty:
    """A program with a mistake, found after its claim was taken."""

    claim: str

    @property
    def keys(self) -> Keys:
        return Keys(claims=((self.claim, "faulty"),))

    def decide(self, world: World, stamp: Stamp) -> Decision[None]:
        raise ZeroDivisionError


@dataclass(frozen=True)
class Refused:
    """A row that the database refuses: it is not the database's idea of a payment (balance > total)."""

    inner: CreatePayment

    @property
    def keys(self) -> Keys:
        return self.inner.keys

    def decide(self, world: World, stamp: Stamp) -> Decision[Payment]:
        payment = self.inner.decide(world, stamp).answer
        broken = replace(payment, balance=payment.total + payment.total)
        return Decision(answer=broken, payments=(broken,))


@dataclass(frozen=True)
class Holding:
    """Takes a claim and keeps it."""

    claim: str
    owner: str

    @property
    def keys(self) -> Keys:
        return Keys(claims=((self.claim, self.owner),))

    def decide(self, world: World, stamp: Stamp) -> Decision[str | None]:
        holder = world.owner(self.claim)
        return Decision(answer=holder, claims={} if holder else {self.claim: self.owner})


async def _orders(sandbox: Sandbox) -> list[str]:
    return [row[0] for row in await sandbox.sql("SELECT order_id FROM payment ORDER BY order_id")]


async def test_a_fault_fails_alone_and_leaves_its_claim_free(sandbox: Sandbox) -> None:
    first, fault, second = await together(
        sandbox, creation(sandbox, "order-a"), Faulty("order:1:x"), creation(sandbox, "order-b")
    )
    assert isinstance(fault, Fault)
    assert (first.order_id, second.order_id) == ("order-a", "order-b")
    assert await _orders(sandbox) == ["order-a", "order-b"]
    assert await sandbox.sql("SELECT name FROM claim") == []


async def test_a_claim_that_a_fault_left_goes_to_the_next_of_the_same_batch(sandbox: Sandbox) -> None:
    """The claim row was inserted under the faulty one's name; the next takes it under its own."""
    fault, held, late = await together(sandbox, Faulty("c"), Holding("c", "mine"), Holding("c", "late"))
    assert isinstance(fault, Fault)
    assert (held, late) == (None, "mine")
    assert await sandbox.sql("SELECT name, owner FROM claim") == [("c", "mine")]


async def test_a_row_that_the_database_refuses_fails_alone(sandbox: Sandbox) -> None:
    first, refused, second = await together(
        sandbox,
        creation(sandbox, "order-a"),
        Refused(creation(sandbox, "order-x")),
        creation(sandbox, "order-b"),
    )
    assert isinstance(refused, Exception)
    assert (first.order_id, second.order_id) == ("order-a", "order-b")
    assert await _orders(sandbox) == ["order-a", "order-b"]


async def test_two_confirms_of_one_payment_in_one_batch_approve_it_once(sandbox: Sandbox) -> None:
    paid = await sandbox.pay()
    first, second = await asyncio.gather(sandbox.confirm(paid), sandbox.confirm(paid))
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (400, "ALREADY_PROCESSED_PAYMENT")
    assert await sandbox.sql("SELECT count(*) FROM payment_transaction") == [(1,)]
    await check_invariants(sandbox.sql)


async def test_two_payments_of_one_order_in_one_batch_approve_one(sandbox: Sandbox) -> None:
    paid = [await sandbox.pay(order_id="same-order") for _ in range(2)]
    first, second = await asyncio.gather(*(sandbox.confirm(one) for one in paid))
    assert (first.status_code, second.json()["code"]) == (200, "ALREADY_PROCESSED_PAYMENT")
    await check_invariants(sandbox.sql)


async def test_a_confirm_and_its_replay_in_one_batch_are_one_confirm(sandbox: Sandbox) -> None:
    paid, key = await sandbox.pay(), {"Idempotency-Key": "k"}
    first, second = await asyncio.gather(sandbox.confirm(paid, **key), sandbox.confirm(paid, **key))
    assert (first.status_code, second.content) == (200, first.content)
    assert second.headers["x-tosspayments-trace-id"].endswith("," + first.headers["x-tosspayments-trace-id"])


async def test_cancels_in_one_batch_see_what_the_earlier_ones_left(sandbox: Sandbox) -> None:
    payment_key = (await sandbox.done(10_000))["paymentKey"]
    answers = await asyncio.gather(
        *(sandbox.cancel(payment_key, cancelAmount=amount) for amount in (4_000, 7_000, 6_000, 1))
    )
    assert [one.status_code for one in answers] == [200, 403, 200, 403]
    assert [one.json()["balanceAmount"] for one in answers if one.status_code == 200] == [6_000, 0]
    await check_invariants(sandbox.sql)


async def test_requests_that_wait_together_share_one_commit(sandbox: Sandbox) -> None:
    page = sandbox.gateway.metrics.page

    def batches() -> float:
        line = next(
            x for x in page().decode().splitlines() if x.startswith("jeongsan_batch_operations_count")
        )
        return float(line.split()[1])

    before = batches()
    await together(sandbox, *(creation(sandbox, f"order-{n:04d}") for n in range(BATCH_SIZE_MAX + 1)))
    assert batches() - before == 2


async def test_with_ten_thousand_waiting_the_next_one_is_sent_away(sandbox: Sandbox) -> None:
    """The caller hears 503 at once, and everything that was taken in is still done."""
    loop = sandbox.gateway.loop
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold(session: Session, stamp: Stamp) -> None:
        entered.set()
        await leave.wait()

    holding = asyncio.create_task(loop.alone("Test.hold", hold))
    await entered.wait()
    waiting = [
        asyncio.create_task(loop.submit(creation(sandbox, f"order-{n:05d}"))) for n in range(WAITING_MAX)
    ]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await loop.submit(creation(sandbox, "one-too-many"))
    answer = await sandbox.live.post(
        "/jeongsan/v1/sandbox/payments", json={"orderId": "order-x", "orderName": "x", "amount": 1_000}
    )
    assert answer.status_code == 503
    leave.set()
    await holding
    await asyncio.gather(*waiting)
    assert await sandbox.sql("SELECT count(*) FROM payment") == [(WAITING_MAX,)]


async def test_work_of_its_own_that_fails_writes_nothing_and_the_loop_goes_on(sandbox: Sandbox) -> None:
    async def fail(session: Session, stamp: Stamp) -> None:
        await session.execute("UPDATE clock SET config_version = 99")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await sandbox.gateway.loop.alone("Test.fail", fail)
    assert await sandbox.sql("SELECT count(*) FROM clock WHERE config_version = 99") == [(0,)]
    assert (await sandbox.done())["status"] == "DONE"


async def test_ids_of_a_block_that_was_rolled_back_are_not_used_twice(database_url: str) -> None:
    """The first batch of a process takes a block of ids. When it fails, the block may go to another
    process, and the loop takes a new one."""
    async with open_sandbox(database_url) as first, open_sandbox(database_url) as second:
        mint = first.gateway.loop._mint
        mint.forget_block()

        async def fail(session: Session, stamp: Stamp) -> None:
            stamp.mint.row_id()
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await first.gateway.loop.alone("Test.fail", fail)
        assert not mint.has(1)
        second.gateway.loop._mint.forget_block()
        for number in range(3):
            await second.gateway.loop.submit(creation(second, f"second-{number}"))
            await first.gateway.loop.submit(creation(first, f"first-{number}"))
        assert await first.sql("SELECT count(*), count(DISTINCT payment_id) FROM payment") == [(6, 6)]


@pytest.mark.slow
async def test_a_disk_that_refuses_a_commit_stops_the_process(sqlite_template: Path, tmp_path: Path) -> None:
    """Nothing is acknowledged any more, and what was acknowledged before is there."""
    path = tmp_path / "jeongsan.db"
    path.write_bytes(sqlite_template.read_bytes())
    body = {"orderName": "티셔츠", "amount": 1_000}
    acknowledged = 0
    with gateway_process(f"sqlite:///{path}", "--no-worker") as gateway:
        size = (tmp_path / "jeongsan.db-wal").stat().st_size + 40_000
        resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (size, size))
        for number in range(500):
            try:
                answer = gateway.live.post(
                    "/jeongsan/v1/sandbox/payments", json=body | {"orderId": f"order-{number:04d}"}
                )
            except httpx.TransportError:
                break
            if answer.status_code != 200:
                assert answer.status_code in (500, 503)
                break
            acknowledged += 1
        gateway.wait_dead()
        assert gateway.process.returncode == 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM payment").fetchone() == (acknowledged,)
    connection.close()
    assert acknowledged > 0
