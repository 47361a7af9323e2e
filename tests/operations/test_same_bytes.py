"""Same bytes whichever path: in two worlds of one seed, only the audit knows who cancelled."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from jeongsan.api.asgi import create_app
from jeongsan.api.listener import served
from jeongsan.domain.channels import Channel
from support.people import cancel_through
from support.receiver import Receiver, open_receiver
from support.sandbox import LIVE_KEY, Sandbox, open_sandbox

pytestmark = pytest.mark.anyio

REASON = "고객 변심"


@dataclass
class World:
    """A sandbox and the receiver that hears of its shop."""

    sandbox: Sandbox
    receiver: Receiver


@pytest.fixture
def two_databases(store_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Two fresh, migrated databases of the kind under test."""
    if store_kind == "sqlite":
        paths = [tmp_path / "one.db", tmp_path / "two.db"]
        for path in paths:
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield [f"sqlite:///{path}" for path in paths]
        return
    server = request.getfixturevalue("postgres_server")
    names = [f"t_{os.getpid()}_{uuid.uuid4().hex[:12]}" for _ in range(2)]
    yield [server.create_database(name) for name in names]
    for name in names:
        server.drop_database(name)


@pytest.fixture
async def worlds(two_databases: list[str], anyio_backend: str) -> AsyncIterator[list[World]]:
    """Two gateways of the same seed, each on a database of its own."""
    async with AsyncExitStack() as stack:
        opened = []
        for url in two_databases:
            receiver = stack.enter_context(open_receiver())
            opened.append(World(await stack.enter_async_context(open_sandbox(url)), receiver))
        yield opened


async def cancel_over_http(
    sandbox: Sandbox, payment_key: str, idempotency_key: str | None, body: dict[str, Any]
) -> bytes:
    """Cancel by API through a real socket; the answer as it arrives."""
    headers = {} if idempotency_key is None else {"Idempotency-Key": idempotency_key}
    async with (
        served(create_app(sandbox.gateway)) as url,
        httpx.AsyncClient(auth=(LIVE_KEY, ""), timeout=60) as client,
    ):
        answer = await client.post(f"{url}/v1/payments/{payment_key}/cancel", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["server"] == "was"  # by the server of `jeongsan serve`
    return answer.content


async def seen_by_the_merchant(world: World, payment_key: str) -> list[Any]:
    """Every byte that reaches the merchant's programs, and the money that moved."""
    sandbox = world.sandbox
    days = "startDate=2025-03-01&endDate=2025-05-01"
    return [
        *(one.body for one in world.receiver.received),
        (await sandbox.live.get(f"/v1/payments/{payment_key}")).content,
        (await sandbox.live.get(f"/v1/transactions?{days}")).content,
        (await sandbox.live.get(f"/v1/settlements?{days}")).content,
        await sandbox.sql("SELECT debit, credit, amount, settle_day FROM posting ORDER BY posting_id"),
        await sandbox.sql("SELECT paid_out_date, acquired, due, transferred FROM payout ORDER BY payout_id"),
    ]


async def ids_behind(world: World) -> list[Any]:
    """The ids that the gateway gave to what the merchant does not see, or only as a name of a delivery."""
    return [
        *(one.headers["tosspayments-webhook-transmission-id"] for one in world.receiver.received),
        await world.sandbox.sql("SELECT * FROM posting ORDER BY posting_id"),
        await world.sandbox.sql("SELECT * FROM payout ORDER BY payout_id"),
    ]


@pytest.mark.parametrize(
    ("channel", "amount", "idempotency_key"),
    [
        *(
            (channel, amount, None)
            for channel in (Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE, Channel.GATEWAY_FORCED)
            for amount in (None, 5_000)
        ),
        (Channel.MERCHANT_ADMIN, None, "my-cancel"),
        (Channel.DEVELOPER_CENTRE, 5_000, "my-cancel"),
    ],
)
async def test_no_byte_of_webhook_transaction_or_settlement_tells_the_path_of_a_cancel(
    worlds: list[World], channel: Channel, amount: int | None, idempotency_key: str | None
) -> None:
    seen, ids, answer = [], [], b""
    for number, world in enumerate(worlds):
        sandbox = world.sandbox
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": world.receiver.url})
        key = (await sandbox.done(15_000))["paymentKey"]
        await sandbox.move_to("2025-04-25T11:08:10+09:00")
        if number == 0:
            body: dict[str, Any] = {} if amount is None else {"cancelAmount": amount}
            answer = await cancel_over_http(sandbox, key, idempotency_key, {"cancelReason": REASON} | body)
        else:
            reply = await cancel_through(sandbox, channel, key, amount=amount, reason=REASON)
            assert reply.status == 200, reply.body
        await sandbox.move_to("2025-05-09T00:00:00+09:00")
        seen.append(await seen_by_the_merchant(world, key))
        ids.append(await ids_behind(world))
        assert len(world.receiver.received) == 2
    assert seen[0] == seen[1]
    # The record of an idempotency key takes an id of its own, which moves those after it.
    assert (ids[0] == ids[1]) is (idempotency_key is None)
    # What the merchant's own request was answered with is what the person's webhook carries.
    assert worlds[1].receiver.received[1].body.endswith(b'"data":' + answer + b"}")

    by_api, by_person = [
        (
            await world.sandbox.sql(
                "SELECT channel, actor_name, address, reason FROM audit WHERE action = 'cancel'"
            )
        )[0]
        for world in worlds
    ]
    assert by_api == ("api", "default", "127.0.0.1", REASON)
    assert by_person == (channel.value, "김담당", "203.0.113.7", REASON)
