"""Health, readiness and metrics: what an operator's tools ask for, without a key."""

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import gateway_of
from jeongsan.api.extensions import json_response
from jeongsan.domain.instants import iso_kst
from jeongsan.store.bulk.clock import read_clock
from jeongsan.store.reads.due import open_work
from jeongsan.store.session import StoreUnavailable


async def health(request: Request) -> Response:
    """GET /jeongsan/v1/health: the process answers."""
    return json_response({"status": "ok"})


async def ready(request: Request) -> Response:
    """GET /jeongsan/v1/ready: the database answers, the clock stands, and what is waiting."""
    gateway = gateway_of(request)
    try:
        clock = await read_clock(gateway.store)
        deliveries, events = await open_work(gateway.store)
    except StoreUnavailable as error:
        return json_response({"ready": False, "reason": str(error)}, 503)
    if clock is None:
        return json_response({"ready": False, "reason": "the database has no clock"}, 503)
    return json_response(
        {
            "ready": True,
            "now": iso_kst(clock.now(gateway.machine.now_ms())),
            "closedThrough": clock.readable_through.isoformat(),
            "closing": clock.is_closing,
            "pendingWebhooks": deliveries,
            "pendingEvents": events,
        }
    )


async def metrics(request: Request) -> Response:
    """GET /metrics"""
    return Response(gateway_of(request).metrics.page(), media_type="text/plain; version=0.0.4")
