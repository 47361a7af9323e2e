"""Answers of the card network that are lost, declined or late: a confirm nobody can vouch for is
reversed, a cancel is asked again, and the caller's key gives the final answer."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import httpx
import pytest

from jeongsan.domain.attempts import Attempt, AttemptKind, NetworkAnswer, Verdict
from jeongsan.domain.errors import Code
from jeongsan.network.journal import Journal
from jeongsan.network.port import NetworkRequest
from jeongsan.network.simulator import Faults, RemoteSimulator
from jeongsan.operations.network_requests import NetworkLimits, request_for
from jeongsan.operations.settle_attempt import LeaseAttempt, SettleAttempt
from jeongsan.store.reads.due import expired_attempts
from support.invariants import check_invariants
from support.journal import check_journal, verdicts
from support.receiver import open_receiver
from support.sandbox import Sandbox, open_sandbox

pytestmark = pytest.mark.anyio

LEASE_S = 0.6
KEY = {"Idempotency-Key": "one purchase"}
LOST_BEFORE_CARD = "9999000412345678"
LOST_AFTER_CARD = "9999000512345678"
REFUND_DECLINED_CARD = "9999001112345678"
ALWAYS_BEFORE = Faults(lost_before=1.0)
ALWAYS_AFTER = Faults(lost_after=1.0)

Open = Callable[..., AbstractAsyncContextManager[Sandbox]]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "network.jsonl"


@pytest.fixture
def remote(database_url: str, journal: Path) -> Open:
    """Open a gateway whose network is remote and remembers; `network_faults` say how it fails."""
    limits = NetworkLimits(answer_s=LEASE_S * 0.8, give_up_s=LEASE_S)
    return partial(
        open_sandbox, database_url, network="remote", network_journal=journal, network_limits=limits
    )


@pytest.fixture
async def gateway(remote: Open, anyio_backend: str) -> AsyncIterator[Sandbox]:
    """One without faults, apart from the card numbers that ask for them."""
    async with remote() as sandbox:
        yield sandbox


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def _lease_runs_out() -> None:
    await asyncio.sleep(LEASE_S + 0.02)


async def _status(sandbox: Sandbox, payment_key: str) -> str:
    return str((await sandbox.live.get(f"/v1/payments/{payment_key}")).json()["status"])


@pytest.mark.parametrize(("card", "acted"), [(LOST_BEFORE_CARD, False), (LOST_AFTER_CARD, True)])
async def test_a_confirm_whose_answer_is_lost_is_reversed_and_aborted(
    gateway: Sandbox, journal: Path, card: str, acted: bool
) -> None:
    """Unknown at first, 409 meanwhile, and once it is reversed the same key gives the refusal."""
    with open_receiver() as receiver:
        await gateway.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        paid = await gateway.pay(cardNumber=card)
        assert code(await gateway.confirm(paid, **KEY)) == (500, "UNKNOWN_PAYMENT_ERROR")
        assert list(verdicts(journal).values()) == (["approved"] if acted else [])
        assert code(await gateway.confirm(paid, **KEY)) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
        assert code(await gateway.confirm(paid)) == (400, "ALREADY_PROCESSED_PAYMENT")
        assert await gateway.gateway.due.sweep() == 0, "the lease still belongs to the request"

        await _lease_runs_out()
        assert await gateway.gateway.due.sweep() == 1
        assert await _status(gateway, paid["paymentKey"]) == "ABORTED"
        final = await gateway.confirm(paid, **KEY)
        assert code(final) == (400, "PROVIDER_ERROR")
        assert "," in final.headers["x-tosspayments-trace-id"]
        await gateway.gateway.due.drain(asyncio.get_running_loop().time() + 5)
        assert receiver.statuses() == ["ABORTED"]
    assert list((await check_journal(gateway.sql, journal)).values()) == ["reversed"]
    await check_invariants(gateway.sql)


async def test_an_unknown_confirm_is_reversed_within_the_configured_seconds(
    remote: Open, journal: Path
) -> None:
    """With the worker running, nobody has to do anything."""
    async with remote(worker=True) as sandbox:
        paid = await sandbox.pay(cardNumber=LOST_AFTER_CARD)
        started = asyncio.get_running_loop().time()
        assert code(await sandbox.confirm(paid, **KEY)) == (500, "UNKNOWN_PAYMENT_ERROR")
        while code(final := await sandbox.confirm(paid, **KEY))[0] == 409:
            assert asyncio.get_running_loop().time() < started + LEASE_S + 2
            await asyncio.sleep(0.02)
        assert code(final) == (400, "PROVIDER_ERROR")
        assert asyncio.get_running_loop().time() >= started + LEASE_S
        assert list((await check_journal(sandbox.sql, journal)).values()) == ["reversed"]


async def test_an_order_whose_confirm_was_reversed_can_be_paid_again(gateway: Sandbox) -> None:
    await gateway.confirm(await gateway.pay(order_id="again-001", cardNumber=LOST_AFTER_CARD))
    second = await gateway.pay(order_id="again-001")
    assert code(await gateway.confirm(second)) == (400, "ALREADY_PROCESSED_PAYMENT")
    await _lease_runs_out()
    await gateway.gateway.due.sweep()
    assert (await gateway.confirm(second)).status_code == 200
    await check_invariants(gateway.sql)


async def test_a_payment_at_the_network_does_not_expire(gateway: Sandbox) -> None:
    """From the claim on the attempt decides: ten minutes later it is reversed, not EXPIRED."""
    paid = await gateway.pay(cardNumber=LOST_AFTER_CARD)
    await gateway.confirm(paid)
    await gateway.advance("PT11M")
    assert await _status(gateway, paid["paymentKey"]) == "IN_PROGRESS"
    await _lease_runs_out()
    await gateway.gateway.due.sweep()
    assert await _status(gateway, paid["paymentKey"]) == "ABORTED"


@pytest.mark.slow
async def test_the_network_is_asked_to_reverse_until_it_acknowledges(remote: Open, journal: Path) -> None:
    """A network that answers too late keeps the attempt open, and the next sweep tries again."""
    async with remote(network_faults=Faults(latency_s=LEASE_S)) as slow:
        paid = await slow.pay()
        assert code(await slow.confirm(paid, **KEY)) == (500, "UNKNOWN_PAYMENT_ERROR")
        await _lease_runs_out()
        assert await slow.gateway.due.sweep() == 0
        assert code(await slow.confirm(paid, **KEY)) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    async with remote() as sandbox:
        await _lease_runs_out()
        assert await sandbox.gateway.due.sweep() == 1
        assert code(await sandbox.confirm(paid, **KEY)) == (400, "PROVIDER_ERROR")
        assert list((await check_journal(sandbox.sql, journal)).values()) == ["reversed"]


@pytest.mark.parametrize("faults", [ALWAYS_BEFORE, ALWAYS_AFTER], ids=["before", "after"])
async def test_a_cancel_whose_answer_is_lost_is_asked_again_and_never_reversed(
    remote: Open, journal: Path, faults: Faults
) -> None:
    async with remote() as sandbox:
        payment_key = (await sandbox.done())["paymentKey"]
    async with remote(network_faults=faults) as failing:
        cancel = partial(failing.cancel, payment_key, cancelAmount=6_000)
        assert code(await cancel(headers=KEY)) == (500, "FAILED_INTERNAL_SYSTEM_PROCESSING")
        assert code(await cancel(headers=KEY)) == (409, "IDEMPOTENT_REQUEST_PROCESSING")
    async with remote() as sandbox:
        await _lease_runs_out()
        assert await sandbox.gateway.due.sweep() == 1
        final = await sandbox.cancel(payment_key, cancelAmount=6_000, headers=KEY)
        assert (final.status_code, final.json()["balanceAmount"]) == (200, 9_000)
        assert list((await check_journal(sandbox.sql, journal)).values()) == ["approved", "approved"]
        await check_invariants(sandbox.sql)


async def test_a_cancel_at_the_network_reserves_its_amount(remote: Open) -> None:
    """What another cancel may still take is what is left beside it."""
    async with remote() as sandbox:
        payment_key = (await sandbox.done(10_000))["paymentKey"]
    async with remote(network_faults=ALWAYS_AFTER) as failing:
        assert (await failing.cancel(payment_key, cancelAmount=6_000)).status_code == 500
    async with remote() as sandbox:
        assert code(await sandbox.cancel(payment_key)) == (403, "FORBIDDEN_CONSECUTIVE_REQUEST")
        assert (await sandbox.cancel(payment_key, cancelAmount=4_000)).status_code == 200
        await _lease_runs_out()
        await sandbox.gateway.due.sweep()
        left = (await sandbox.live.get(f"/v1/payments/{payment_key}")).json()
        assert (left["status"], left["balanceAmount"], len(left["cancels"])) == ("PARTIAL_CANCELED", 0, 2)
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("network", ["inline", "remote"])
@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("9999000112345678", (403, "REJECT_CARD_PAYMENT")),
        ("9999000212345678", (403, "REJECT_CARD_COMPANY")),
        ("9999000312345678", (400, "INVALID_STOPPED_CARD")),
    ],
)
async def test_a_declined_card_aborts_the_payment_and_the_key_keeps_the_refusal(
    database_url: str, network: str, card: str, expected: tuple[int, str]
) -> None:
    async with open_sandbox(database_url, network=network) as sandbox:
        paid = await sandbox.pay(cardNumber=card)
        first = await sandbox.confirm(paid, **KEY)
        assert code(first) == expected
        assert (await sandbox.confirm(paid, **KEY)).content == first.content
        shown = (await sandbox.live.get(f"/v1/payments/{paid['paymentKey']}")).json()
        assert (shown["status"], shown["failure"]["code"]) == ("ABORTED", expected[1])
        await check_invariants(sandbox.sql)


@pytest.mark.parametrize("network", ["inline", "remote"])
async def test_a_declined_refund_changes_nothing(database_url: str, network: str) -> None:
    async with open_sandbox(database_url, network=network) as sandbox:
        payment_key = (await sandbox.done(cardNumber=REFUND_DECLINED_CARD))["paymentKey"]
        refused = await sandbox.cancel(payment_key, headers=KEY)
        assert refused.json()["code"] == "REFUND_REJECTED"
        assert (await sandbox.cancel(payment_key, headers=KEY)).content == refused.content
        assert await _status(sandbox, payment_key) == "DONE"
        await check_invariants(sandbox.sql)


async def _open_attempt(sandbox: Sandbox) -> tuple[Attempt, str]:
    found = await expired_attempts(sandbox.gateway.store, 2**60, 10)
    attempt, order_id, _ = found[0]
    return attempt, order_id


async def test_an_approval_that_arrives_after_the_reversal_changes_nothing(gateway: Sandbox) -> None:
    paid = await gateway.pay(cardNumber=LOST_AFTER_CARD)
    await gateway.confirm(paid)
    attempt, order_id = await _open_attempt(gateway)
    await _lease_runs_out()
    await gateway.gateway.due.sweep()
    late = SettleAttempt(attempt, order_id, NetworkAnswer(Verdict.APPROVED, "00000001"))
    reply = await gateway.gateway.loop.submit(late)
    assert (reply.status, b"PROVIDER_ERROR" in reply.body) == (400, True)
    assert await _status(gateway, paid["paymentKey"]) == "ABORTED"
    await check_invariants(gateway.sql)


async def test_an_approval_that_arrives_while_the_janitor_reverses_does_not_count(
    gateway: Sandbox, journal: Path
) -> None:
    """The janitor took the lease and is about to reverse: approving now would keep money that goes back."""
    paid = await gateway.pay(cardNumber=LOST_AFTER_CARD)
    await gateway.confirm(paid, **KEY)
    attempt, order_id = await _open_attempt(gateway)
    await _lease_runs_out()
    leased = await gateway.gateway.loop.submit(LeaseAttempt(attempt, lease_ms=1_000))
    assert leased is not None
    approved = NetworkAnswer(Verdict.APPROVED, "00000001")
    reply = await gateway.gateway.loop.submit(SettleAttempt(attempt, order_id, approved))
    assert (reply.status, b"UNKNOWN_PAYMENT_ERROR" in reply.body) == (500, True)
    assert await _status(gateway, paid["paymentKey"]) == "IN_PROGRESS"

    reversed_ = Journal(journal).reverse(request_for(leased, LOST_AFTER_CARD))
    await gateway.gateway.loop.submit(SettleAttempt(leased, order_id, reversed_))
    assert code(await gateway.confirm(paid, **KEY)) == (400, "PROVIDER_ERROR")
    await check_journal(gateway.sql, journal)
    await check_invariants(gateway.sql)


async def test_only_one_janitor_gets_the_lease(gateway: Sandbox) -> None:
    await gateway.confirm(await gateway.pay(cardNumber=LOST_AFTER_CARD))
    attempt, _ = await _open_attempt(gateway)
    submit = gateway.gateway.loop.submit
    assert await submit(LeaseAttempt(attempt, lease_ms=1_000)) is None, "before it ran out"
    await _lease_runs_out()
    leases = await asyncio.gather(*(submit(LeaseAttempt(attempt, lease_ms=1_000)) for _ in range(3)))
    assert sum(lease is not None for lease in leases) == 1


async def test_a_declined_refund_that_arrives_late_is_told_as_declined(remote: Open) -> None:
    """Without an idempotency key there is no record to replay: the network's own word counts."""
    async with remote() as sandbox:
        payment_key = (await sandbox.done(cardNumber=REFUND_DECLINED_CARD))["paymentKey"]
    async with remote(network_faults=ALWAYS_AFTER) as failing:
        await failing.cancel(payment_key)
    async with remote() as sandbox:
        attempt, order_id = await _open_attempt(sandbox)
        await _lease_runs_out()
        assert await sandbox.gateway.due.sweep() == 1
        declined = NetworkAnswer(Verdict.DECLINED, code=Code.REFUND_REJECTED)
        reply = await sandbox.gateway.loop.submit(SettleAttempt(attempt, order_id, declined))
        assert b"REFUND_REJECTED" in reply.body
        assert await _status(sandbox, payment_key) == "DONE"


async def test_an_inline_gateway_finishes_what_a_remote_one_left_open(
    remote: Open, database_url: str
) -> None:
    """The network mode may change between two starts."""
    async with remote() as sandbox:
        await sandbox.confirm(paid := await sandbox.pay(cardNumber=LOST_AFTER_CARD), **KEY)
    await _lease_runs_out()
    async with open_sandbox(database_url) as sandbox:
        assert await sandbox.gateway.due.sweep() == 1
        assert code(await sandbox.confirm(paid, **KEY)) == (400, "PROVIDER_ERROR")
        await check_invariants(sandbox.sql)


REQUEST = NetworkRequest("r1", AttemptKind.CONFIRM, "p1", 1_000, "KRW", "12345678")


async def test_two_processes_see_one_network(journal: Path) -> None:
    """A request id has one answer, and what one process reversed stays reversed for the other."""
    here, there = (RemoteSimulator(Journal(journal), Faults()) for _ in range(2))
    approved = await here.ask(REQUEST)
    assert await there.ask(REQUEST) == approved
    assert (await there.reverse(REQUEST)).verdict is Verdict.REVERSED
    assert (await here.ask(REQUEST)).verdict is Verdict.REVERSED
    assert (await here.inquire(REQUEST)).verdict is Verdict.REVERSED


async def test_an_approval_written_after_a_reversal_does_not_revive_the_request(journal: Path) -> None:
    """Two processes that looked at the same moment both write; the order in the journal decides."""
    late = Journal(journal)
    assert late.look_up("r1").verdict is Verdict.UNKNOWN
    Journal(journal).reverse(REQUEST)
    line = json.loads(journal.read_text()) | {"verdict": "approved", "approveNo": "00000001"}
    with journal.open("a") as file:
        file.write(json.dumps(line) + "\n")
    assert late.look_up("r1").verdict is Verdict.REVERSED
    assert Journal(journal).look_up("r1").verdict is Verdict.REVERSED
