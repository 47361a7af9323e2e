"""Four gateway processes on one PostgreSQL, racing: one winner, the losers told so, the books balanced."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from jeongsan.store.open import open_store
from jeongsan.store.session import Store
from support.invariants import check_invariants
from support.process import gateway_process
from support.sandbox import LIVE_KEY

if TYPE_CHECKING:
    from support.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

PROCESSES = 4
ROUNDS = 25


@pytest.fixture(scope="module")
def four(postgres_server: "PostgresServer") -> Iterator[tuple[str, list[str]]]:
    """The database's URL and four gateways on it."""
    url = postgres_server.create_database("races")
    with ExitStack() as stack:
        first = stack.enter_context(gateway_process(url))
        others = [stack.enter_context(gateway_process(url)) for _ in range(PROCESSES - 1)]
        yield url, [process.url for process in (first, *others)]
    postgres_server.drop_database("races")


@dataclass
class Racers:
    """A client to each process, and the database they share."""

    clients: list[httpx.AsyncClient]
    store: Store

    async def all_post(self, path: str, bodies: list[dict[str, Any]], **headers: str) -> list[httpx.Response]:
        """One request to each process, all at once."""
        return await asyncio.gather(
            *(
                client.post(path, json=body, headers=headers)
                for client, body in zip(self.clients, bodies, strict=True)
            )
        )

    async def pay(self, order_id: str, amount: int = 10_000, **options: Any) -> dict[str, Any]:
        """The buyer, at the first process."""
        body = {"orderId": order_id, "orderName": "티셔츠", "amount": amount} | options
        answer = await self.clients[0].post("/jeongsan/v1/sandbox/payments", json=body)
        assert answer.status_code == 200, answer.text
        paid: dict[str, Any] = answer.json()
        return paid

    async def one(self, statement: str, *arguments: Any) -> Any:
        """The single value of a query."""
        return (await self.store.read(statement, *arguments))[0][0]


@asynccontextmanager
async def _open(url: str, addresses: list[str]) -> AsyncIterator[Racers]:
    clients = [
        httpx.AsyncClient(base_url=address, auth=httpx.BasicAuth(LIVE_KEY, ""), timeout=30)
        for address in addresses
    ]
    store = await open_store(url)
    try:
        yield Racers(clients, store)
    finally:
        await store.close()
        for client in clients:
            await client.aclose()


@pytest.fixture
async def racers(four: tuple[str, list[str]], anyio_backend: str) -> AsyncIterator[Racers]:
    async with _open(*four) as racers:
        yield racers
        await check_invariants(racers.store.read)


def outcomes(answers: list[httpx.Response]) -> list[tuple[int, str]]:
    """(HTTP status, payment status or error code), sorted."""
    return sorted(
        (one.status_code, one.json()["status" if one.status_code == 200 else "code"]) for one in answers
    )


async def test_one_payment_confirmed_by_four_processes_is_approved_once(racers: Racers) -> None:
    for number in range(ROUNDS):
        paid = await racers.pay(f"one-payment-{number:03d}")
        answers = await racers.all_post("/v1/payments/confirm", [paid] * PROCESSES)
        assert outcomes(answers) == [(200, "DONE")] + [(400, "ALREADY_PROCESSED_PAYMENT")] * (PROCESSES - 1)


async def test_one_order_paid_four_times_is_approved_once(racers: Racers) -> None:
    """Each process confirms a payment of its own for the same order."""
    for number in range(ROUNDS):
        order_id = f"one-order-{number:03d}"
        paid = [await racers.pay(order_id) for _ in range(PROCESSES)]
        answers = await racers.all_post("/v1/payments/confirm", paid)
        assert outcomes(answers) == [(200, "DONE")] + [(400, "ALREADY_PROCESSED_PAYMENT")] * (PROCESSES - 1)
        count = "SELECT count(*) FROM payment WHERE order_id = $1 AND approved_at IS NOT NULL"
        assert await racers.one(count, order_id) == 1


async def test_one_idempotency_key_used_at_four_processes_executes_once(racers: Racers) -> None:
    """The others hear 409 while it runs, or the same bytes again."""
    for number in range(ROUNDS):
        paid = await racers.pay(f"one-key-{number:03d}")
        path = f"/v1/payments/{paid['paymentKey']}/cancel"
        assert (await racers.clients[0].post("/v1/payments/confirm", json=paid)).status_code == 200
        body = {"cancelReason": "고객 변심", "cancelAmount": 1_000}
        answers = await racers.all_post(path, [body] * PROCESSES, **{"Idempotency-Key": f"key {number}"})
        accepted = [one for one in answers if one.status_code == 200]
        refused = {(one.status_code, one.json()["code"]) for one in answers if one.status_code != 200}
        assert len({one.content for one in accepted}) == 1
        assert sum("," not in one.headers["x-tosspayments-trace-id"] for one in accepted) == 1
        assert refused <= {(409, "IDEMPOTENT_REQUEST_PROCESSING")}
        balance = "SELECT balance FROM payment WHERE payment_key = $1"
        assert await racers.one(balance, paid["paymentKey"]) == 9_000


async def test_partial_cancels_at_four_processes_never_take_more_than_the_balance(racers: Racers) -> None:
    """Four times 3,000 of 10,000: three fit, in whatever order."""
    for number in range(ROUNDS):
        paid = await racers.pay(f"four-cancels-{number:03d}")
        assert (await racers.clients[0].post("/v1/payments/confirm", json=paid)).status_code == 200
        body = {"cancelReason": "고객 변심", "cancelAmount": 3_000}
        answers = await racers.all_post(f"/v1/payments/{paid['paymentKey']}/cancel", [body] * PROCESSES)
        assert outcomes(answers) == [(200, "PARTIAL_CANCELED")] * 3 + [(403, "NOT_CANCELABLE_AMOUNT")]
        left = sorted(one.json()["balanceAmount"] for one in answers if one.status_code == 200)
        assert left == [1_000, 4_000, 7_000]


async def test_a_payment_released_by_four_processes_is_released_once(racers: Racers) -> None:
    for number in range(ROUNDS):
        paid = await racers.pay(f"one-release-{number:03d}", useEscrow=True)
        assert (await racers.clients[0].post("/v1/payments/confirm", json=paid)).status_code == 200
        body = {"paymentKey": paid["paymentKey"], "cause": "confirmation"}
        answers = await racers.all_post("/jeongsan/v1/releases", [body] * PROCESSES)
        codes = sorted(one.json().get("code", "released") for one in answers)
        assert codes == ["ALREADY_PROCESSED_PAYMENT"] * (PROCESSES - 1) + ["released"]


async def test_a_release_and_a_cancel_at_four_processes_come_in_some_order(racers: Racers) -> None:
    """Released first, both rows settle; cancelled first, nothing was acquired and nothing is released."""
    for number in range(ROUNDS):
        paid = await racers.pay(f"release-or-cancel-{number:03d}", useEscrow=True)
        assert (await racers.clients[0].post("/v1/payments/confirm", json=paid)).status_code == 200
        cancel = f"/v1/payments/{paid['paymentKey']}/cancel"
        body = {"paymentKey": paid["paymentKey"], "cause": "confirmation"}
        cancelled, *released = await asyncio.gather(
            racers.clients[number % PROCESSES].post(cancel, json={"cancelReason": "고객 변심"}),
            *(client.post("/jeongsan/v1/releases", json=body) for client in racers.clients),
        )
        assert cancelled.json()["status"] == "CANCELED"
        codes = {one.json().get("code", "released") for one in released}
        assert codes in (
            {"released", "ALREADY_PROCESSED_PAYMENT"},
            {"ALREADY_CANCELED_PAYMENT"},
        )
        waiting = "SELECT count(*) FROM payment_transaction WHERE settle_day IS NULL AND payment_id = ("
        waiting += "SELECT payment_id FROM payment WHERE payment_key = $1)"
        left = await racers.one(waiting, paid["paymentKey"])
        assert left == (0 if "released" in codes else 2)


async def test_many_mixed_operations_at_four_processes_end_without_a_server_error(racers: Racers) -> None:
    """Every process works on the same few payments, orders and keys: nothing deadlocks."""
    seen: Counter[tuple[int, str]] = Counter()

    async def post(turn: int, path: str, body: dict[str, Any], key: str | None) -> httpx.Response:
        client = racers.clients[turn % PROCESSES]
        answer = await client.post(path, json=body, headers={"Idempotency-Key": key} if key else {})
        seen[answer.status_code, path.rsplit("/", 1)[1]] += 1
        return answer

    async def order(number: int, turn: int) -> None:
        paid = await racers.pay(f"mixed-{number:03d}", 10_000)
        path = f"/v1/payments/{paid['paymentKey']}/cancel"
        part = {"cancelReason": "고객 변심", "cancelAmount": 700 + turn}
        await asyncio.gather(
            *(post(turn + n, "/v1/payments/confirm", paid, f"c {number} {n % 2}") for n in range(4))
        )
        await asyncio.gather(*(post(turn + n, path, part, f"p {number} {n % 3}") for n in range(6)))
        await asyncio.gather(*(post(turn + n, path, {"cancelReason": "전액"}, None) for n in range(2)))

    await asyncio.gather(*(order(n // 3, n) for n in range(150)))
    assert not [status for status, _ in seen if status >= 500], seen
    assert seen[200, "confirm"] >= 50
    assert seen[200, "cancel"] >= 100
    approved = "SELECT count(*) FROM payment WHERE order_id LIKE 'mixed-%' AND approved_at IS NOT NULL"
    assert await racers.one(approved) == 50
