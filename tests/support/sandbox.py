"""A gateway in the test's own process, reached through its real ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from jeongsan.api.asgi import create_app
from jeongsan.app import Gateway, open_gateway
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.instants import parse_instant
from jeongsan.settings import Settings

TEST_KEY = "test_sk_for_the_tests_0000000000"
LIVE_KEY = "live_sk_for_the_tests_0000000000"
MID = "tjeongsan"
START = "2025-03-13T13:00:00+09:00"


@dataclass
class Sandbox:
    """`live` and `test` are clients with the shop's two keys; helpers use the live one."""

    gateway: Gateway
    live: httpx.AsyncClient
    test: httpx.AsyncClient
    anonymous: httpx.AsyncClient
    _orders: int = 0

    async def pay(
        self,
        amount: int = 15_000,
        *,
        order_id: str | None = None,
        client: httpx.AsyncClient | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Play the buyer: a payment that is ready to confirm, as {paymentKey, orderId, amount}."""
        self._orders += 1
        body = {"orderId": order_id or f"order-{self._orders:06d}", "orderName": "티셔츠", "amount": amount}
        answer = await (client or self.live).post("/jeongsan/v1/sandbox/payments", json=body | options)
        assert answer.status_code == 200, answer.text
        paid: dict[str, Any] = answer.json()
        return paid

    async def confirm(
        self, paid: dict[str, Any], *, client: httpx.AsyncClient | None = None, **headers: str
    ) -> httpx.Response:
        """Confirm what `pay` returned."""
        return await (client or self.live).post("/v1/payments/confirm", json=paid, headers=headers)

    async def done(self, amount: int = 15_000, **options: Any) -> dict[str, Any]:
        """A confirmed payment, as the confirm answered it."""
        client = options.get("client")
        answer = await self.confirm(await self.pay(amount, **options), client=client)
        assert answer.status_code == 200, answer.text
        payment: dict[str, Any] = answer.json()
        return payment

    async def cancel(
        self,
        payment_key: str,
        *,
        client: httpx.AsyncClient | None = None,
        headers: dict[str, str] | None = None,
        **body: Any,
    ) -> httpx.Response:
        """Cancel by API."""
        return await (client or self.live).post(
            f"/v1/payments/{payment_key}/cancel", json={"cancelReason": "고객 변심"} | body, headers=headers
        )

    async def release(
        self,
        payment_key: str,
        cause: str,
        *,
        client: httpx.AsyncClient | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Release what waits: by the documented endpoint when the merchant asks, else by our own."""
        path, body = "/v1/settlements", {"paymentKey": payment_key}
        if cause != "request":
            path, body = "/jeongsan/v1/releases", body | {"cause": cause}
        return await (client or self.live).post(path, json=body, headers=headers)

    async def move_to(self, moment: str) -> dict[str, Any]:
        """Move the business clock and run what becomes due."""
        return await self._move({"now": moment})

    async def advance(self, duration: str) -> dict[str, Any]:
        """Move the business clock by a duration such as P1D."""
        return await self._move({"advance": duration})

    async def _move(self, body: dict[str, Any]) -> dict[str, Any]:
        answer = await self.live.post("/jeongsan/v1/clock", json=body)
        assert answer.status_code == 200, answer.text
        moved: dict[str, Any] = answer.json()
        assert moved["done"], moved
        return moved

    async def settlements(
        self, start: str, end: str | None = None, *, client: httpx.AsyncClient | None = None, **query: Any
    ) -> list[dict[str, Any]]:
        """Rows of GET /v1/settlements."""
        parameters = {"startDate": start, "endDate": end or start} | query
        rows: list[dict[str, Any]] = await self.get("/v1/settlements", client=client, **parameters)
        return rows

    async def get(self, path: str, *, client: httpx.AsyncClient | None = None, **query: Any) -> Any:
        """What a GET that must succeed answers."""
        answer = await (client or self.live).get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def sql(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        """Look into the database, as an auditor would."""
        return [tuple(row) for row in await self.gateway.store.read(statement, *arguments)]


def settings_for(database_url: str, **changes: Any) -> Settings:
    """Frozen clock, seeded, no background worker: nothing happens but what the test asks for."""
    settings = Settings(
        database=database_url,
        clock_mode=ClockMode.FROZEN,
        clock_at=parse_instant(START),
        seed=7,
        worker=False,
        first_shop=True,
        test_secret_key=TEST_KEY,
        live_secret_key=LIVE_KEY,
    )
    return replace(settings, **changes)


@asynccontextmanager
async def open_sandbox(database_url: str, **changes: Any) -> AsyncIterator[Sandbox]:
    """Open a gateway on a migrated database and the clients to talk to it."""
    async with open_gateway(settings_for(database_url, **changes)) as gateway:
        transport = httpx.ASGITransport(app=create_app(gateway))

        def client(key: str | None) -> httpx.AsyncClient:
            auth = None if key is None else httpx.BasicAuth(key, "")
            return httpx.AsyncClient(transport=transport, base_url="http://gateway", auth=auth)

        sandbox = Sandbox(gateway, client(LIVE_KEY), client(TEST_KEY), client(None))
        answer = await sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json={"rate": 3.2, "businessDays": 6})
        assert answer.status_code == 200, answer.text
        yield sandbox
