"""The ASGI application of a gateway: routes, error answers, and the request log's writer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from jeongsan.api import extensions, lists, operations_pages, payments
from jeongsan.api.exchange import Exchange, RequestLog
from jeongsan.api.gateway import Gateway
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk.request_log import insert_lines
from jeongsan.store.session import Session

_LOG_EVERY_S = 1.0
log = structlog.get_logger()

# The hot path first: routes are tried in order.
ROUTES = [
    Route("/v1/payments/confirm", payments.confirm, methods=["POST"]),
    Route("/v1/payments/{paymentKey}/cancel", payments.cancel, methods=["POST"]),
    Route("/v1/payments/orders/{orderId}", payments.by_order, methods=["GET"]),
    Route("/v1/payments/{paymentKey}", payments.by_key, methods=["GET"]),
    Route("/v1/transactions", lists.transactions, methods=["GET"]),
    Route("/v1/settlements", lists.settlement_rows, methods=["GET"]),
    Route("/jeongsan/v1/sandbox/payments", extensions.create_payment, methods=["POST"]),
    Route("/jeongsan/v1/sandbox/reset", extensions.reset, methods=["POST"]),
    Route("/jeongsan/v1/clock", extensions.show_clock, methods=["GET"]),
    Route("/jeongsan/v1/clock", extensions.move_clock, methods=["POST"]),
    Route("/jeongsan/v1/webhooks", extensions.list_webhooks, methods=["GET"]),
    Route("/jeongsan/v1/webhooks", extensions.register_webhook, methods=["POST"]),
    Route("/jeongsan/v1/webhooks/{endpointId}", extensions.remove_webhook, methods=["DELETE"]),
    Route("/jeongsan/v1/shops/{mId}", extensions.show_shop, methods=["GET"]),
    Route("/jeongsan/v1/shops/{mId}", extensions.change_shop, methods=["PUT"]),
    Route("/jeongsan/v1/health", operations_pages.health, methods=["GET"]),
    Route("/jeongsan/v1/ready", operations_pages.ready, methods=["GET"]),
    Route("/metrics", operations_pages.metrics, methods=["GET"]),
]


async def _write_log(gateway: Gateway, request_log: RequestLog) -> None:
    lines = request_log.take()
    if not lines:
        return

    async def work(session: Session, stamp: Stamp) -> None:
        await insert_lines(session, lines)

    await gateway.loop.alone("RequestLog.write", work)


async def _keep_writing_log(gateway: Gateway, request_log: RequestLog) -> None:
    while True:
        await asyncio.sleep(_LOG_EVERY_S)
        try:
            await _write_log(gateway, request_log)
            await gateway.loop.refresh()
        except Exception:
            # Lost log lines are not worth a payment: say so and go on.
            log.exception("request log not written")


def create_app(gateway: Gateway) -> ASGIApp:
    """The application for one open gateway: routes, and around them only the exchange. Starlette's own
    application would answer every refusal with a plain 500 before the exchange sees it."""
    request_log = RequestLog(gateway)

    @asynccontextmanager
    async def lifespan(app: object) -> AsyncIterator[None]:
        task = asyncio.create_task(_keep_writing_log(gateway, request_log), name="request-log")
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await _write_log(gateway, request_log)

    # A trailing slash is another path: nothing is redirected, as the API knows no redirects.
    router = Router(routes=ROUTES, redirect_slashes=False, lifespan=lifespan)
    return Exchange(router, gateway, request_log)
