"""Same bytes whichever path: in two worlds of one seed, only the audit knows who cancelled."""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from jeongsan.domain.channels import Actor, Channel
from jeongsan.operations.caller import Caller
from jeongsan.operations.cancel import CancelCommand
from support.receiver import Receiver, open_receiver
from support.sandbox import Sandbox, open_sandbox

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


async def cancel_as(sandbox: Sandbox, channel: Channel, payment_key: str, amount: int | None) -> None:
    """Cancel through the operation every path uses, as somebody who is not the API."""
    (shop_id,) = {row[0] for row in await sandbox.sql("SELECT shop_id FROM payment")}
    actor = Actor(channel, "김담당", None, "203.0.113.7")
    caller = Caller(shop_id, actor, None, "0" * 32, "en")
    reply = await sandbox.gateway.flow.cancel(CancelCommand(payment_key, REASON, amount), caller)
    assert reply.status == 200, reply.body


@pytest.mark.parametrize(
    "channel",
    [Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE, Channel.GATEWAY_FORCED, Channel.NETWORK_CANCEL],
)
@pytest.mark.parametrize("amount", [None, 5_000])
async def test_no_byte_of_webhook_transaction_or_settlement_tells_the_path_of_a_cancel(
    worlds: list[World], channel: Channel, amount: int | None
) -> None:
    seen = []
    for number, world in enumerate(worlds):
        sandbox = world.sandbox
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": world.receiver.url})
        key = (await sandbox.done(15_000))["paymentKey"]
        await sandbox.move_to("2025-04-25T11:08:10+09:00")
        if number == 0:
            body = {} if amount is None else {"cancelAmount": amount}
            assert (await sandbox.cancel(key, cancelReason=REASON, **body)).status_code == 200
        else:
            await cancel_as(sandbox, channel, key, amount)
        await sandbox.move_to("2025-05-09T00:00:00+09:00")
        seen.append(
            [
                *(one.body for one in world.receiver.received),
                *(one.headers["tosspayments-webhook-transmission-id"] for one in world.receiver.received),
                (await sandbox.live.get(f"/v1/payments/{key}")).content,
                (await sandbox.live.get("/v1/transactions?startDate=2025-03-01&endDate=2025-05-01")).content,
                (await sandbox.live.get("/v1/settlements?startDate=2025-03-01&endDate=2025-05-01")).content,
                await sandbox.sql("SELECT * FROM posting ORDER BY posting_id"),
                await sandbox.sql("SELECT * FROM payout ORDER BY payout_id"),
            ]
        )
        assert len(world.receiver.received) == 2
    assert seen[0] == seen[1]

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
