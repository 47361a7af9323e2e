"""Where the story is played: a gateway on a real port, a receiver, and clients with the shop's keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from jeongsan.api.asgi import create_app
from jeongsan.api.listener import served
from jeongsan.api.lists import EMPTY_REASON_HEADER
from jeongsan.app import Gateway, open_gateway
from jeongsan.demo import expected
from jeongsan.demo.checks import Checks
from jeongsan.demo.receiver import Receiver, open_receiver
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.shop import Mode
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.domain.terms import rate_from_percent
from jeongsan.operations.caller import Caller
from jeongsan.operations.cancel import CancelCommand
from jeongsan.operations.shop_keys import add_key
from jeongsan.operations.shops import create_shops, key_hint, new_secret_key
from jeongsan.settings import Settings

# As the real API wants its clients to wait; a busy machine may take long over a move of weeks.
_TIMEOUT_S = 60


@dataclass
class Scene:
    """What the acts share. `live` and `test` speak HTTP with the shop's default keys, `program` with the
    named live key of the merchant's own admin server."""

    gateway: Gateway
    receiver: Receiver
    url: str
    live_key: str
    program_hint: str
    live: httpx.AsyncClient
    test: httpx.AsyncClient
    program: httpx.AsyncClient
    checks: Checks
    heard: int = 0

    async def move(self, moment: str) -> None:
        """Move the business clock and run what becomes due."""
        await post(self.live, "/jeongsan/v1/clock", {"now": moment})

    async def approve(
        self,
        client: httpx.AsyncClient,
        order_id: str,
        amount: int,
        at: str,
        *,
        requested_at: str | None = None,
    ) -> dict[str, Any]:
        """Play the buyer, at that moment or before, then confirm; the payment as answered."""
        order = {"orderId": order_id, "orderName": "장비 사용료", "amount": amount}
        await self.move(requested_at or at)
        ready = await post(client, "/jeongsan/v1/sandbox/payments", order)
        await self.move(at)
        payment: dict[str, Any] = await post(client, "/v1/payments/confirm", ready)
        return payment

    async def cancel_by_hand(self, channel: Channel, mode: Mode, payment_key: str) -> None:
        """A person presses the cancel button of the merchant admin or the developer centre."""
        shop = self.gateway.loop.config.shop_of(expected.MID, mode)
        assert shop is not None
        person = Actor(channel, expected.PERSON, None, expected.PERSON_ADDRESS)
        caller = Caller.by_hand(shop.shop_id, person, "ko")
        await self.gateway.flow.cancel(CancelCommand(payment_key, expected.REASON), caller)

    async def hear(self) -> dict[str, Any]:
        """The payment in the next webhook; empty when it never came."""
        self.heard += 1
        await self.receiver.wait_for(self.heard)
        bodies = self.receiver.bodies
        return dict(bodies[self.heard - 1]["data"]) if len(bodies) >= self.heard else {}

    async def settlements(
        self, client: httpx.AsyncClient, start: str, end: str | None = None, date_type: str = "soldDate"
    ) -> tuple[list[dict[str, Any]], str | None]:
        """The rows, and the reason when there are none."""
        days = {"startDate": start, "endDate": end or start, "dateType": date_type}
        answer = await client.get("/v1/settlements", params=days)
        answer.raise_for_status()
        return answer.json(), answer.headers.get(EMPTY_REASON_HEADER)


async def post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> Any:
    """The JSON of an answer that must be a success."""
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


async def get(client: httpx.AsyncClient, path: str, **query: str) -> Any:
    """The JSON of an answer that must be a success."""
    answer = await client.get(path, params=query)
    answer.raise_for_status()
    return answer.json()


@asynccontextmanager
async def open_stage(
    database: str,
    checks: Checks,
    *,
    at: str,
    business_days: int = expected.BUSINESS_DAYS,
    settle_test_payments: bool = False,
    seed: int | None = None,
) -> AsyncIterator[Scene]:
    """A gateway on a new database whose clock stands at a moment, with its shop and a receiver."""
    settings = Settings(database=database, clock_mode=ClockMode.FROZEN, clock_at=parse_instant(at), seed=seed)
    async with open_gateway(settings) as gateway, open_receiver() as receiver:
        keys = {mode: new_secret_key(mode) for mode in Mode}
        terms = ShopSettings(
            rate_ppm=rate_from_percent(expected.RATE_PERCENT),
            business_days=business_days,
            settle_test_payments=settle_test_payments,
        )
        await create_shops(gateway.loop, {expected.MID: keys}, terms)
        program_key = new_secret_key(Mode.LIVE)
        await add_key(gateway.loop, expected.MID, Mode.LIVE, name=expected.PROGRAM, secret_key=program_key)
        async with served(create_app(gateway)) as url:
            # No TLS on loopback: loading certificates would take longer than an act.
            clients = [
                httpx.AsyncClient(base_url=url, auth=(key, ""), verify=False, timeout=_TIMEOUT_S)  # noqa: S501
                for key in (keys[Mode.LIVE], keys[Mode.TEST], program_key)
            ]
            live, test, program = clients
            hint = key_hint(program_key)
            scene = Scene(gateway, receiver, url, keys[Mode.LIVE], hint, live, test, program, checks)
            try:
                for client in (live, test):
                    await post(client, "/jeongsan/v1/webhooks", {"url": receiver.url})
                yield scene
            finally:
                for client in clients:
                    await client.aclose()
