"""Production mode: nobody plays the buyer, moves time or tells receivers inside the network."""

from collections.abc import AsyncIterator

import httpx
import pytest

from jeongsan.api.asgi import create_app
from jeongsan.app import open_gateway
from jeongsan.domain.business_clock import ClockMode
from jeongsan.settings import RunMode
from support.sandbox import LIVE_KEY, open_sandbox, settings_for
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio


@pytest.fixture
async def production(database_url: str, anyio_backend: str) -> AsyncIterator[httpx.AsyncClient]:
    """A gateway in production mode, on a database whose shop was made before."""
    async with open_sandbox(database_url, clock_mode=ClockMode.SYSTEM, clock_at=None):
        pass
    settings = settings_for(database_url, mode=RunMode.PRODUCTION, clock_mode=None, clock_at=None)
    async with open_gateway(settings) as gateway:
        transport = httpx.ASGITransport(app=create_app(gateway))
        yield httpx.AsyncClient(
            transport=transport, base_url="http://gateway", auth=httpx.BasicAuth(LIVE_KEY, "")
        )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "sandbox/payments", {"orderId": "order-1", "orderName": "x", "amount": 15_000}),
        ("POST", "sandbox/reset", {}),
        ("POST", "clock", {"advance": "P1D"}),
        ("PUT", "shops/tjeongsan", {"rate": 0}),
        ("PUT", "shops/tjeongsan/contract", {"priceList": "ksnet"}),
        ("POST", "releases", {"paymentKey": "k", "cause": "confirmation"}),
    ],
)
async def test_what_only_a_sandbox_may_is_forbidden(
    production: httpx.AsyncClient, method: str, path: str, body: dict[str, object]
) -> None:
    answer = await production.request(method, f"/jeongsan/v1/{path}", json=body)
    assert_refused(answer, 403, "FORBIDDEN_REQUEST")
    assert (await production.get("/jeongsan/v1/shops/tjeongsan")).json()["rate"] == "3.2"


async def test_looking_is_allowed(production: httpx.AsyncClient) -> None:
    assert (await production.get("/jeongsan/v1/clock")).json()["mode"] == "system"
    listed = await production.get("/v1/transactions?startDate=2025-01-01&endDate=2025-01-02")
    assert listed.json() == []


async def test_a_401_gives_no_hint(production: httpx.AsyncClient) -> None:
    answer = await production.get("/v1/payments/x", auth=httpx.BasicAuth("live_sk_unknown", ""))
    assert_refused(answer, 401, "UNAUTHORIZED_KEY")
    assert answer.json()["message"] == "등록되지 않은 API 키입니다."


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://[::1]/hook",
        "https://10.0.0.7/hook",
        "https://192.168.0.1:8443/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/hook",
        "https://" + "a" * 64 + ".example/hook",
        "https://a..example/hook",
        "https://no-such-host.invalid/hook",
    ],
)
async def test_a_receiver_must_be_https_and_public(production: httpx.AsyncClient, url: str) -> None:
    answer = await production.post("/jeongsan/v1/webhooks", json={"url": url})
    assert_refused(answer, 400, "INVALID_REQUEST")
    assert (await production.get("/jeongsan/v1/webhooks")).json() == []


async def test_a_public_address_is_accepted(production: httpx.AsyncClient) -> None:
    answer = await production.post("/jeongsan/v1/webhooks", json={"url": "https://8.8.8.8/hook"})
    assert answer.status_code == 200, answer.text
