"""kill -9 at random moments under load: several clients confirm and cancel with idempotency keys and
repeat each request until it has a final answer; what they were told is exactly what there is."""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from jeongsan.loop.operation import Stamp
from jeongsan.store.session import Session
from support.invariants import check_invariants
from support.journal import check_journal
from support.process import gateway_process
from support.receiver import Receiver, open_receiver
from support.sandbox import LIVE_KEY, Sandbox, open_sandbox

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

CLIENTS = 6
KILLS = 4
LEASE_S = 1.0
PATIENCE_S = 40.0
# Answers that are not final: ask again with the same key.
NOT_FINAL = {409, 500, 503}


@dataclass
class Told:
    """What the clients were told: payment key → the final confirm status, and the sum of cancels."""

    confirms: dict[str, int] = field(default_factory=dict)
    cancelled: Counter[str] = field(default_factory=Counter)
    again: int = 0


class Client(threading.Thread):
    """A merchant's server that never gives up on a request it has begun."""

    def __init__(self, number: int, address: list[str], stop: threading.Event, told: Told) -> None:
        super().__init__(name=f"client-{number}")
        self._number = number
        self._address = address
        self._stop_event = stop
        self._told = told
        self._random = random.Random(number)
        self._http = httpx.Client(auth=(LIVE_KEY, ""), timeout=20)
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            count = 0
            while not self._stop_event.is_set():
                count += 1
                self._one_order(f"order-{self._number}-{count:05d}")
        except Exception as error:  # noqa: BLE001 - the test's thread shows it
            self.failure = error
        finally:
            self._http.close()

    def _one_order(self, order_id: str) -> None:
        paid = self._pay(order_id)
        if paid is None:
            return
        answer = self._until_final("/v1/payments/confirm", paid, f"confirm {order_id}")
        self._told.confirms[paid["paymentKey"]] = answer.status_code
        if answer.status_code != 200:
            assert answer.json()["code"] == "PROVIDER_ERROR", answer.text
            return
        for part in range(self._random.randrange(3)):
            body = {"cancelReason": "고객 변심", "cancelAmount": 1_000 + part}
            path = f"/v1/payments/{paid['paymentKey']}/cancel"
            answer = self._until_final(path, body, f"cancel {order_id} {part}")
            assert answer.status_code == 200, answer.text
            self._told.cancelled[paid["paymentKey"]] += 1_000 + part

    def _pay(self, order_id: str) -> dict[str, Any] | None:
        body = {"orderId": order_id, "orderName": "티셔츠", "amount": 10_000}
        try:
            answer = self._http.post(self._address[0] + "/jeongsan/v1/sandbox/payments", json=body)
        except httpx.TransportError:
            time.sleep(0.02)
            return None
        assert answer.status_code == 200, answer.text
        paid: dict[str, Any] = answer.json()
        return paid

    def _until_final(self, path: str, body: dict[str, Any], key: str) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer = self._http.post(self._address[0] + path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                self._told.again += 1
            else:
                if answer.status_code not in NOT_FINAL:
                    return answer
            time.sleep(0.05)
        raise TimeoutError(f"{key}: no final answer")


@contextmanager
def _load(address: list[str]) -> Iterator[Told]:
    told, stop = Told(), threading.Event()
    clients = [Client(number, address, stop, told) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield told
    finally:
        stop.set()
        for client in clients:
            client.join(timeout=PATIENCE_S + 20)
    failures = [client.failure for client in clients if client.failure is not None]
    assert not failures, failures


def _killed_again_and_again(database_url: str, options: list[str], receiver: Receiver) -> Told:
    """A gateway under load, killed and started anew; the last one stays until every answer is final."""
    dice = random.Random(f"{database_url.split(':')[0]} {options}")
    with gateway_process(database_url, *options) as first:
        body = {"url": receiver.url}
        assert first.live.post("/jeongsan/v1/webhooks", json=body).status_code == 200
    address = [first.url]
    with ExitStack() as survivor, _load(address) as told:
        for _ in range(KILLS):
            with gateway_process(database_url, *options, clock=None) as process:
                address[0] = process.url
                time.sleep(dice.uniform(0.2, 0.8))
                process.kill()
        address[0] = survivor.enter_context(gateway_process(database_url, *options, clock=None)).url
        time.sleep(dice.uniform(0.2, 0.8))
    return told


@pytest.mark.parametrize("network", ["inline", "remote"])
async def test_what_was_acknowledged_before_a_kill_is_there_once(
    database_url: str, network: str, tmp_path: Path
) -> None:
    journal = tmp_path / "network.jsonl"
    options: list[str] = []
    changes: dict[str, Any] = {}
    if network == "remote":
        options = ["--network", "remote", "--network-journal", str(journal)]
        options += ["--network-cancel-after", str(LEASE_S), "--network-faults", "before=0.02,after=0.02"]
        changes = {"network": "remote", "network_journal": journal}
    with open_receiver() as receiver:
        told = _killed_again_and_again(database_url, options, receiver)
        assert len(told.confirms) > CLIENTS, "the gateway was killed before it did anything"
        assert told.again >= 1, "no request was in flight at any kill"
        async with open_sandbox(database_url, **changes) as sandbox:
            await _check_told(sandbox, told)
            if network == "remote":
                await check_journal(sandbox.sql, journal)
            await check_invariants(sandbox.sql)
            await _check_webhooks(sandbox, receiver)
            await sandbox.move_to("2025-03-25T00:00:00+09:00")
            await check_invariants(sandbox.sql)


async def _check_told(sandbox: Sandbox, told: Told) -> None:
    found = {
        key: (status, balance)
        for key, status, balance in await sandbox.sql("SELECT payment_key, status, balance FROM payment")
    }
    for payment_key, http_status in told.confirms.items():
        status, balance = found[payment_key]
        if http_status != 200:
            assert status == "ABORTED"
            continue
        cancelled = told.cancelled[payment_key]
        assert (status, balance) == ("PARTIAL_CANCELED" if cancelled else "DONE", 10_000 - cancelled)


async def _check_webhooks(sandbox: Sandbox, receiver: Receiver) -> None:
    """Once the dead processes' leases are over, every event has been received."""

    async def work(session: Session, stamp: Stamp) -> None:
        await session.execute("UPDATE webhook_delivery SET lease_until = 0 WHERE state = 'pending'")

    await sandbox.gateway.loop.alone("Test.leases", work)
    await sandbox.gateway.due.drain(asyncio.get_running_loop().time() + 30)
    events = {bytes(body) for (body,) in await sandbox.sql("SELECT body FROM event")}
    # A process killed in the middle of a POST leaves one that ends too early.
    complete = [one for one in receiver.received if len(one.body) == int(one.headers["content-length"])]
    heard = {one.body for one in complete}
    lost = [json.loads(body)["data"]["status"] for body in events - heard]
    assert not lost, f"{len(lost)} of {len(events)} events were lost"
    assert heard <= events
