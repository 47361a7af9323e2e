"""The ASGI application of a gateway: routes, error answers, and the request log's writer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from jeongsan.api import (
    cancels,
    contracts,
    extensions,
    holds,
    inquiries,
    lists,
    operations_pages,
    payments,
    releases,
)
from jeongsan.api.exchange import Exchange
from jeongsan.api.gateway import Gateway
from jeongsan.api.request_log import RequestLog

# Little and often, so that no payment waits long for the log.
_LOG_EVERY_S = 0.1
log = structlog.get_logger()

Handler = Callable[[Request], Awaitable[Response]]


class Endpoint:
    """A handler as ASGI. Starlette's own wrapper would catch every exception twice on its way out to the
    exchange, for each request of the hot path."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.handler(Request(scope, receive))
        await response(scope, receive, send)


def _route(path: str, handler: Handler, method: str) -> Route:
    return Route(path, Endpoint(handler), methods=[method])


# The hot path first: routes are tried in order.
ROUTES = [
    _route("/v1/payments/confirm", payments.confirm, "POST"),
    _route("/v1/payments/{paymentKey}/cancel", payments.cancel, "POST"),
    _route("/v1/payments/orders/{orderId}", payments.by_order, "GET"),
    _route("/v1/payments/{paymentKey}", payments.by_key, "GET"),
    _route("/v1/transactions", lists.transactions, "GET"),
    _route("/v1/settlements", lists.settlement_rows, "GET"),
    _route("/v1/settlements", releases.request_settlement, "POST"),
    _route("/jeongsan/v1/sandbox/payments", extensions.create_payment, "POST"),
    _route("/jeongsan/v1/sandbox/reset", extensions.reset, "POST"),
    _route("/jeongsan/v1/clock", extensions.show_clock, "GET"),
    _route("/jeongsan/v1/clock", extensions.move_clock, "POST"),
    _route("/jeongsan/v1/webhooks", extensions.list_webhooks, "GET"),
    _route("/jeongsan/v1/webhooks", extensions.register_webhook, "POST"),
    _route("/jeongsan/v1/webhooks/{endpointId}", extensions.remove_webhook, "DELETE"),
    _route("/jeongsan/v1/shops/{mId}", extensions.show_shop, "GET"),
    _route("/jeongsan/v1/shops/{mId}", extensions.change_shop, "PUT"),
    _route("/jeongsan/v1/shops/{mId}/contract", contracts.show_contract, "GET"),
    _route("/jeongsan/v1/shops/{mId}/contract", contracts.put_contract, "PUT"),
    _route("/jeongsan/v1/holds", holds.list_holds, "GET"),
    _route("/jeongsan/v1/holds", holds.place_hold, "POST"),
    _route("/jeongsan/v1/holds/{holdId}", holds.release_hold, "DELETE"),
    _route("/jeongsan/v1/forecast", inquiries.forecast, "GET"),
    _route("/jeongsan/v1/releases", releases.release, "POST"),
    _route("/jeongsan/v1/cancels", cancels.cancels, "GET"),
    _route("/jeongsan/v1/notices", cancels.notices, "GET"),
    _route("/jeongsan/v1/orders/{orderId}/trace", inquiries.trace, "GET"),
    _route("/jeongsan/v1/settlements/explain", inquiries.explain, "GET"),
    _route("/jeongsan/v1/transactions/{transactionKey}/fee", inquiries.fee, "GET"),
    _route("/jeongsan/v1/health", operations_pages.health, "GET"),
    _route("/jeongsan/v1/ready", operations_pages.ready, "GET"),
    _route("/metrics", operations_pages.metrics, "GET"),
]


async def _keep_writing_log(gateway: Gateway, request_log: RequestLog) -> None:
    while True:
        await asyncio.sleep(_LOG_EVERY_S)
        try:
            await request_log.write()
            await gateway.loop.refresh()
        except Exception:
            # Lost log lines are not worth a payment: say so and go on.
            log.exception("request log not written")


def create_app(gateway: Gateway, pages: Sequence[BaseRoute] = ()) -> ASGIApp:
    """The application for one open gateway: routes, and around them only the exchange. Starlette's own
    application would answer every refusal with a plain 500 before the exchange sees it. `pages`: what
    people look at, tried after every route of the API."""
    request_log = RequestLog(gateway)

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        task = asyncio.create_task(_keep_writing_log(gateway, request_log), name="request-log")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await request_log.write()

    # A trailing slash is another path: nothing is redirected, as the API knows no redirects.
    router = Router(routes=[*ROUTES, *pages], redirect_slashes=False, lifespan=lifespan)
    return Exchange(router, gateway, request_log)
