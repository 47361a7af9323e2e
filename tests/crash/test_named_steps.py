"""kill -9 at every named step: whatever was acknowledged is there, nothing is there twice, and what was
half finished is resolved, on both stores, with the network inline and remote."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from jeongsan.domain.instants import parse_instant
from jeongsan.domain.payment import SANDBOX_CARD
from jeongsan.domain.terms import Release
from jeongsan.loop.operation import Stamp
from jeongsan.operations.confirm import ConfirmCommand
from jeongsan.operations.holds import ROWS_PER_COMMIT
from jeongsan.operations.network_requests import NetworkLimits
from jeongsan.operations.set_clock import step_to
from jeongsan.store.bulk.day_close import CHUNK_ROWS
from jeongsan.store.session import Session
from support.agreements import agree_to_wait
from support.books import balance
from support.calendars import announce
from support.holds import HOLDS, placed, released
from support.invariants import check_invariants
from support.journal import check_journal
from support.operations import creation, together
from support.process import GatewayProcess, gateway_process
from support.receiver import Receiver, open_receiver
from support.sandbox import Sandbox, open_sandbox

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

LEASE_S = 0.5
LOST_AFTER_CARD = "9999000512345678"
KEY = {"Idempotency-Key": "the same key before and after"}
STAGES = ("begun", "loaded", "written", "committed")

INLINE = ("begun", "loaded", "written", "committed")
# Where the process dies → what the same key answers in the end, and whether the network had acted.
REMOTE_CONFIRM = [
    ("Confirm.begun", 200),
    ("Confirm.loaded", 200),
    ("Confirm.written", 200),
    # From here on the caller waits for an answer nobody can give any more: reversed (망취소).
    ("Confirm.committed", 400),
    ("Confirm.asked", 400),
    ("Confirm.answered", 400),
    ("SettleAttempt.begun", 400),
    ("SettleAttempt.loaded", 400),
    ("SettleAttempt.written", 400),
    ("SettleAttempt.committed", 200),
]
REMOTE_CANCEL = [
    *(f"CancelPayment.{stage}" for stage in (*STAGES, "asked", "answered")),
    *(f"SettleAttempt.{stage}" for stage in STAGES),
]
JANITOR = [
    *(f"LeaseAttempt.{stage}" for stage in STAGES),
    "Janitor.answered",
    *(f"SettleAttempt.{stage}" for stage in STAGES),
]
ALONE = ("begun", "written", "committed")
REDATING = [f"Redating.{step}.{stage}" for step in ("move", "finish") for stage in ALONE]
MOVE = [
    *(f"Clock.begin_move.{stage}" for stage in ALONE),
    *(f"Expire.{stage}" for stage in STAGES),
    *(f"DayClose.mark.{stage}" for stage in ALONE),
    *(f"DayClose.chunk.{stage}" for stage in ALONE),
    *(f"DayClose.finish.{stage}" for stage in ALONE),
    *(f"Payout.chunk.{stage}" for stage in ALONE),
    *(f"Webhook.fan_out.{stage}" for stage in ALONE),
    *(f"Webhook.claim.{stage}" for stage in ALONE),
    *(f"Webhook.record.{stage}" for stage in ALONE),
    *(f"Clock.step.{stage}" for stage in ALONE),
    *(f"Clock.record_move.{stage}" for stage in ALONE),
]


@dataclass
class World:
    """One database and one network, over the life of several processes."""

    database_url: str
    journal: Path
    receiver: Receiver
    remote: bool = False

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Sandbox]:
        """A gateway in this process: before the crash, and after it."""
        changes: dict[str, Any] = {}
        if self.remote:
            limits = NetworkLimits(LEASE_S * 0.8, LEASE_S)
            changes = {"network": "remote", "network_journal": self.journal, "network_limits": limits}
        async with open_sandbox(self.database_url, **changes) as sandbox:
            yield sandbox

    def process(self, crash_at: str, *, worker: bool = False) -> Any:
        """A gateway that dies at a step."""
        options = ["--worker" if worker else "--no-worker"]
        if self.remote:
            options += ["--network", "remote", "--network-journal", str(self.journal)]
            options += ["--network-cancel-after", str(LEASE_S)]
        return gateway_process(self.database_url, *options, crash_at=crash_at, clock=None)


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    with open_receiver() as receiver:
        yield World(database_url, tmp_path / "network.jsonl", receiver)


async def _prepared(world: World, sandbox: Sandbox, **options: Any) -> dict[str, Any]:
    body = {"url": world.receiver.url}
    assert (await sandbox.live.post("/jeongsan/v1/webhooks", json=body)).status_code == 200
    return await sandbox.pay(15_000, **options)


def _dies(process: GatewayProcess, path: str, body: dict[str, Any]) -> None:
    """The request ends without an answer, because the process was killed at its step."""
    with pytest.raises(httpx.TransportError):
        process.live.post(path, json=body, headers=KEY)
    process.wait_dead()
    assert process.process.returncode == -signal.SIGKILL


async def _leases_run_out(sandbox: Sandbox) -> None:
    """Machine time passes: attempts and deliveries that a dead process held are free again."""
    await asyncio.sleep(LEASE_S + 0.05)

    async def work(session: Session, stamp: Stamp) -> None:
        await session.execute("UPDATE webhook_delivery SET lease_until = 0 WHERE state = 'pending'")

    await sandbox.gateway.loop.alone("Test.leases", work)


async def _all_told(world: World, sandbox: Sandbox, statuses: list[str]) -> None:
    """The receiver hears of everything, at least once and in order."""
    await sandbox.gateway.due.drain(asyncio.get_running_loop().time() + 10)
    heard = world.receiver.statuses()
    assert [status for n, status in enumerate(heard) if status not in heard[:n]] == statuses


async def _same_answer_again(first: httpx.Response, again: httpx.Response) -> None:
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert "," in again.headers["x-tosspayments-trace-id"]


@pytest.mark.parametrize("stage", INLINE)
async def test_a_confirm_killed_at_this_step_happens_once(world: World, stage: str) -> None:
    async with world.open() as sandbox:
        paid = await _prepared(world, sandbox)
    with world.process(f"Confirm.{stage}") as process:
        _dies(process, "/v1/payments/confirm", paid)
    async with world.open() as sandbox:
        before = await sandbox.live.get(f"/v1/payments/{paid['paymentKey']}")
        assert before.json()["status"] == ("DONE" if stage == "committed" else "IN_PROGRESS")
        answer = await sandbox.confirm(paid, **KEY)
        assert answer.status_code == 200, answer.text
        await _same_answer_again(answer, await sandbox.confirm(paid, **KEY))
        await _all_told(world, sandbox, ["DONE"])
        assert await sandbox.sql("SELECT count(*) FROM payment_transaction") == [(1,)]
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("stage", INLINE)
async def test_a_cancel_killed_at_this_step_happens_once(world: World, stage: str) -> None:
    async with world.open() as sandbox:
        paid = await _prepared(world, sandbox)
        await sandbox.confirm(paid)
    path = f"/v1/payments/{paid['paymentKey']}/cancel"
    with world.process(f"CancelPayment.{stage}") as process:
        _dies(process, path, {"cancelReason": "고객 변심", "cancelAmount": 6_000})
    async with world.open() as sandbox:
        balances = await sandbox.sql("SELECT balance FROM payment")
        assert balances == [(9_000 if stage == "committed" else 15_000,)]
        answer = await sandbox.cancel(paid["paymentKey"], cancelAmount=6_000, headers=KEY)
        assert (answer.status_code, answer.json()["balanceAmount"]) == (200, 9_000)
        again = await sandbox.cancel(paid["paymentKey"], cancelAmount=6_000, headers=KEY)
        await _same_answer_again(answer, again)
        await _all_told(world, sandbox, ["DONE", "PARTIAL_CANCELED"])
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("stage", INLINE)
@pytest.mark.parametrize("remote", [False, True], ids=["inline", "remote"])
async def test_a_release_killed_at_this_step_happens_once(world: World, remote: bool, stage: str) -> None:
    """The day of what waited, the books and the answer are committed together, or not at all. A release
    asks no network."""
    world.remote = remote
    async with world.open() as sandbox:
        await agree_to_wait(sandbox, Release.ON_COLLECTION)
        paid = await _prepared(world, sandbox)
        await sandbox.confirm(paid)
        await sandbox.cancel(paid["paymentKey"], cancelAmount=6_000)
        await sandbox.move_to("2025-03-20T09:00:00+09:00")
    body = {"paymentKey": paid["paymentKey"], "cause": "collection"}
    with world.process(f"ReleasePayment.{stage}") as process:
        _dies(process, "/jeongsan/v1/releases", body)
    async with world.open() as sandbox:
        done = stage == "committed"
        days = await sandbox.sql("SELECT DISTINCT settle_day FROM payment_transaction")
        assert days == [("2025-03-20" if done else None,)]
        assert await balance(sandbox, "2150") == (0 if done else 9_000)
        await check_invariants(sandbox.sql)
        answer = await sandbox.release(paid["paymentKey"], "collection", headers=KEY)
        assert answer.status_code == 200, answer.text
        again = await sandbox.release(paid["paymentKey"], "collection", headers=KEY)
        await _same_answer_again(answer, again)
        await sandbox.move_to("2025-03-21T00:00:00+09:00")
        rows = await sandbox.settlements("2025-03-20")
        assert [row["amount"] for row in rows] == [15_000, -6_000]
        await _all_told(world, sandbox, ["DONE", "PARTIAL_CANCELED"])
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize(("step", "final"), REMOTE_CONFIRM, ids=lambda value: str(value))
async def test_a_confirm_over_the_network_killed_at_this_step_is_done_or_reversed(
    world: World, step: str, final: int
) -> None:
    """Before the claim it can be made again; after it, an answer that nobody settled is reversed."""
    world.remote = True
    async with world.open() as sandbox:
        paid = await _prepared(world, sandbox)
    with world.process(step) as process:
        _dies(process, "/v1/payments/confirm", paid)
    async with world.open() as sandbox:
        if final == 400:
            meanwhile = await sandbox.confirm(paid, **KEY)
            assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
        await _leases_run_out(sandbox)
        assert await sandbox.gateway.due.sweep() == (1 if final == 400 else 0)
        answer = await sandbox.confirm(paid, **KEY)
        assert answer.status_code == final, answer.text
        await _same_answer_again(answer, await sandbox.confirm(paid, **KEY))
        await _all_told(world, sandbox, ["DONE" if final == 200 else "ABORTED"])
        verdicts = await check_journal(sandbox.sql, world.journal)
        assert list(verdicts.values()) == ["approved" if final == 200 else "reversed"]
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("step", REMOTE_CANCEL)
async def test_a_cancel_over_the_network_killed_at_this_step_is_asked_again_and_happens_once(
    world: World, step: str
) -> None:
    world.remote = True
    async with world.open() as sandbox:
        paid = await _prepared(world, sandbox)
        await sandbox.confirm(paid)
    path = f"/v1/payments/{paid['paymentKey']}/cancel"
    with world.process(step) as process:
        _dies(process, path, {"cancelReason": "고객 변심", "cancelAmount": 6_000})
    async with world.open() as sandbox:
        await _leases_run_out(sandbox)
        await sandbox.gateway.due.sweep()
        answer = await sandbox.cancel(paid["paymentKey"], cancelAmount=6_000, headers=KEY)
        assert (answer.status_code, answer.json()["balanceAmount"]) == (200, 9_000)
        again = await sandbox.cancel(paid["paymentKey"], cancelAmount=6_000, headers=KEY)
        await _same_answer_again(answer, again)
        await _all_told(world, sandbox, ["DONE", "PARTIAL_CANCELED"])
        verdicts = await check_journal(sandbox.sql, world.journal)
        assert list(verdicts.values()) == ["approved", "approved"]
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("step", JANITOR)
async def test_a_janitor_killed_at_this_step_leaves_its_attempt_to_the_next_one(
    world: World, step: str
) -> None:
    """The network approved, nobody heard it, and the first janitor dies over it."""
    world.remote = True
    async with world.open() as sandbox:
        paid = await _prepared(world, sandbox, cardNumber=LOST_AFTER_CARD)
    with world.process(step, worker=True) as process:
        unknown = process.live.post("/v1/payments/confirm", json=paid, headers=KEY)
        assert (unknown.status_code, unknown.json()["code"]) == (500, "UNKNOWN_PAYMENT_ERROR")
        process.wait_dead()
        assert process.process.returncode == -signal.SIGKILL
    async with world.open() as sandbox:
        await _leases_run_out(sandbox)
        await sandbox.gateway.due.sweep()
        answer = await sandbox.confirm(paid, **KEY)
        assert (answer.status_code, answer.json()["code"]) == (400, "PROVIDER_ERROR")
        await _all_told(world, sandbox, ["ABORTED"])
        assert list((await check_journal(sandbox.sql, world.journal)).values()) == ["reversed"]
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("stage", ALONE)
async def test_a_day_of_several_chunks_killed_at_this_step_goes_on_where_it_stopped(
    world: World, stage: str
) -> None:
    """The first chunk may be settled and the second not: no row is missing, none is there twice."""
    orders = CHUNK_ROWS + 50
    async with world.open() as sandbox:
        made = await together(
            sandbox, *(creation(sandbox, f"order-{n:05d}", SANDBOX_CARD) for n in range(orders))
        )
        caller = creation(sandbox, "any").caller
        commands = [ConfirmCommand(one.payment_key, one.order_id, one.total.minor) for one in made]
        flow = sandbox.gateway.flow
        replies = await asyncio.gather(*(flow.confirm(command, caller) for command in commands))
        assert {reply.status for reply in replies} == {200}
    with world.process(f"DayClose.chunk.{stage}") as process:
        _dies(process, "/jeongsan/v1/clock", {"now": "2025-03-14T00:00:00+09:00"})
    async with world.open() as sandbox:
        settled = await sandbox.sql("SELECT count(*) FROM settlement")
        assert settled == [(CHUNK_ROWS if stage == "committed" else 0,)]
        assert await sandbox.settlements("2025-03-13") == []
        await sandbox.move_to("2025-03-14T00:00:00+09:00")
        rows = await sandbox.settlements("2025-03-13", size=5_000)
        assert len({row["transactionKey"] for row in rows}) == len(rows) == orders
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize(
    ("stage", "released_rows", "day"),
    [
        ("begun", 0, "2025-03-25"),
        ("written", 0, "2025-03-25"),
        ("committed", 1, "2025-03-25"),
        # Nobody went on for two days: also the first rows' new date is over by then.
        ("committed", 1, "2025-03-27"),
    ],
)
async def test_a_release_of_many_rows_killed_at_this_step_is_finished_and_paid_on_one_date(
    world: World, stage: str, released_rows: int, day: str
) -> None:
    """The first rows may have their new date and the others not: nothing is paid before all have it."""
    orders = ROWS_PER_COMMIT + 50
    async with world.open() as sandbox:
        made = await together(
            sandbox, *(creation(sandbox, f"order-{n:05d}", SANDBOX_CARD) for n in range(orders))
        )
        caller = creation(sandbox, "any").caller
        commands = [ConfirmCommand(one.payment_key, one.order_id, one.total.minor) for one in made]
        flow = sandbox.gateway.flow
        await asyncio.gather(*(flow.confirm(command, caller) for command in commands))
        hold = await placed(sandbox, "KYC")
        await sandbox.move_to("2025-03-24T13:00:00+09:00")
    with world.process(f"Hold.release.{stage}") as process:
        with pytest.raises(httpx.TransportError):
            process.live.delete(f"{HOLDS}/{hold['holdId']}")
        process.wait_dead()
        assert process.process.returncode == -signal.SIGKILL
    async with world.open() as sandbox:
        moved = await sandbox.sql("SELECT count(*) FROM redated_row")
        assert moved == [(released_rows * ROWS_PER_COMMIT,)]
        if not released_rows:
            await released(sandbox, hold)
        await check_invariants(sandbox.sql)
        if day != "2025-03-25":
            await step_to(sandbox.gateway.loop, parse_instant("2025-03-26T12:00:00+09:00"))
        await sandbox.move_to(f"{day}T12:00:00+09:00")
        assert await sandbox.sql("SELECT state FROM hold") == [("released",)]
        total = made[0].total.minor * orders
        assert await sandbox.sql("SELECT paid_out_date, acquired FROM payout") == [(day, total)]
        assert await sandbox.sql("SELECT count(DISTINCT paid_out_date) FROM settlement") == [(1,)]
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("step", MOVE)
async def test_a_move_of_the_clock_killed_at_this_step_is_finished_by_the_next_process(
    world: World, step: str
) -> None:
    """Expiry, webhooks, day closes and payouts on the way happen once, whoever does them."""
    target = "2025-03-25T00:00:00+09:00"
    async with world.open() as sandbox:
        await _prepared(world, sandbox, order_id="left-open")
        await sandbox.done(30_000)
        await sandbox.cancel((await sandbox.done(15_000))["paymentKey"])
    with world.process(step) as process:
        _dies(process, "/jeongsan/v1/clock", {"now": target})
    async with world.open() as sandbox:
        await _leases_run_out(sandbox)
        moved = await sandbox.move_to(target)
        assert moved["now"] == target
        rows = await sandbox.settlements("2025-03-13")
        assert sorted(row["amount"] for row in rows) == [-15_000, 15_000, 30_000]
        assert await sandbox.sql("SELECT count(*), sum(acquired) FROM payout") == [(1, 30_000)]
        heard = {(one.json["data"]["paymentKey"], one.status) for one in world.receiver.received}
        assert sorted(status for _, status in heard) == ["CANCELED", "DONE", "DONE", "EXPIRED"]
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("step", REDATING)
async def test_a_redating_killed_at_this_step_is_finished_before_any_payout(world: World, step: str) -> None:
    """Two days' rows move; each moves once, and nothing is paid on the holiday."""
    async with world.open() as sandbox:
        for day in (13, 14):
            await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
            await sandbox.done(15_000)
        await sandbox.move_to("2025-03-20T09:00:00+09:00")
        await announce(sandbox, {date(2025, 3, 21): "임시공휴일"}, work=False)
    with world.process(step) as process:
        _dies(process, "/jeongsan/v1/clock", {"now": "2025-03-24T00:00:00+09:00"})
    async with world.open() as sandbox:
        await sandbox.move_to("2025-03-24T00:00:00+09:00")
        assert await sandbox.sql("SELECT from_day, to_day FROM redated_row ORDER BY from_day") == [
            ("2025-03-21", "2025-03-24"),
            ("2025-03-24", "2025-03-25"),
        ]
        assert await sandbox.sql("SELECT moved_rows, done_at IS NULL FROM redating") == [(2, 0)]
        assert await sandbox.sql("SELECT paid_out_date, acquired FROM payout") == [("2025-03-24", 15_000)]
        await check_invariants(sandbox.sql)
