"""The extensions under /jeongsan/v1 for a sandbox and its settings: buyer, reset, clock, webhooks, shops."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import JSON, body_of, caller_of, credentials_of, gateway_of, request_log_of
from jeongsan.api.gateway import Gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_clock import ClockMode, ClockRefusal
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import iso_kst, kst_day
from jeongsan.domain.shop import Shop
from jeongsan.operations import set_clock, webhook_endpoints
from jeongsan.operations.create_payment import CreatePayment
from jeongsan.operations.receivers import ReceiverRefused, check_receiver
from jeongsan.operations.shops import set_shop
from jeongsan.store.bulk.webhooks import Endpoint, list_endpoints
from jeongsan.wire.encode import encode
from jeongsan.wire.extensions import clock_body, reset_body, shop_body, webhook_body
from jeongsan.wire.requests import sandbox_payment_body
from jeongsan.wire.views import clock_view, moved_view, shop_view


def json_response(value: Any, status: int = 200) -> Response:
    """Any value as JSON."""
    return Response(encode(value), status, media_type=JSON)


def sandbox_only(gateway: Gateway) -> None:
    """Let nobody through in production mode. Raises Refusal FORBIDDEN_REQUEST."""
    if not gateway.sandbox:
        raise Refusal(Code.FORBIDDEN_REQUEST, field="mode", detail="only in sandbox mode")


async def create_payment(request: Request) -> Response:
    """POST /jeongsan/v1/sandbox/payments: play the buyer up to the redirect to successUrl."""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    body = sandbox_payment_body(await body_of(request))
    caller = caller_of(request, credentials)
    payment = await gateway.loop.submit(
        CreatePayment(
            caller,
            body.order_id,
            body.order_name,
            body.amount,
            body.tax_free,
            body.card,
            body.situations,
        )
    )
    return json_response(
        {"paymentKey": payment.payment_key, "orderId": payment.order_id, "amount": payment.total.number()}
    )


async def reset(request: Request) -> Response:
    """POST /jeongsan/v1/sandbox/reset: forget every payment of every shop, keep the settings."""
    await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    at = reset_body(await body_of(request))
    try:
        async with gateway.mover.paused():
            # What still waits to be remembered would otherwise be remembered after everything was forgotten.
            await request_log_of(request).write()
            shown = await set_clock.reset_facts(gateway.loop, at)
    except ClockRefusal as error:
        raise Refusal(Code.INVALID_REQUEST, field="now", detail=str(error)) from error
    return json_response({"now": iso_kst(shown)})


async def show_clock(request: Request) -> Response:
    """GET /jeongsan/v1/clock"""
    await credentials_of(request)
    gateway = gateway_of(request)
    return json_response(clock_view(await gateway.clock(), gateway.machine.now_ms()))


async def move_clock(request: Request) -> Response:
    """POST /jeongsan/v1/clock: to a time, by a duration, or by business days; and how it runs."""
    await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    clock = await gateway.clock()
    now = clock.now(gateway.machine.now_ms())
    wanted = clock_body(await body_of(request), now, korean_calendar(gateway.loop.config.overrides))
    try:
        back_to = wanted.target if wanted.target is not None and wanted.target < now else None
        if back_to is not None:
            await _set_back(gateway, back_to)
        if wanted.mode is not None:
            await set_clock.set_mode(gateway.loop, ClockMode(wanted.mode))
        if back_to is not None:
            # Once more, so that a clock that ticked until now stands exactly there.
            await _set_back(gateway, back_to)
            return json_response(moved_view(back_to, ran={}, pending=0, done=True))
        if wanted.target is None:
            return json_response(moved_view(now, ran={}, pending=0, done=True))
        moved = await gateway.mover.move(wanted.target)
        return json_response(moved_view(moved.now, ran=moved.ran, pending=moved.pending, done=moved.done))
    except ClockRefusal as error:
        raise Refusal(Code.INVALID_REQUEST, field="now", detail=str(error)) from error


async def _set_back(gateway: Gateway, target: int) -> None:
    if not await set_clock.set_before_facts(gateway.loop, target):
        raise ClockRefusal("the clock only moves forward")


async def register_webhook(request: Request) -> Response:
    """POST /jeongsan/v1/webhooks"""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    url, events = webhook_body(await body_of(request))
    try:
        await check_receiver(url, allow_private=gateway.sandbox)
    except (ReceiverRefused, OSError) as error:
        raise Refusal(Code.INVALID_REQUEST, field="url", detail=str(error)) from error
    endpoint = await webhook_endpoints.register(
        gateway.loop, credentials.shop.shop_id, url=url, events=events
    )
    return json_response(_endpoint_view(endpoint))


async def list_webhooks(request: Request) -> Response:
    """GET /jeongsan/v1/webhooks"""
    credentials = await credentials_of(request)
    endpoints = await list_endpoints(gateway_of(request).store, credentials.shop.shop_id)
    return json_response([_endpoint_view(endpoint) for endpoint in endpoints])


async def remove_webhook(request: Request) -> Response:
    """DELETE /jeongsan/v1/webhooks/{endpointId}"""
    credentials = await credentials_of(request)
    text = request.path_params["endpointId"]
    if not text.isdecimal() or len(text) > 18:
        raise Refusal(Code.NOT_FOUND)
    await webhook_endpoints.remove(gateway_of(request).loop, credentials.shop.shop_id, int(text))
    return Response(status_code=200)


def _endpoint_view(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": str(endpoint.endpoint_id),
        "url": endpoint.url,
        "events": endpoint.events,
        "createdAt": iso_kst(endpoint.created_at),
    }


async def show_shop(request: Request) -> Response:
    """GET /jeongsan/v1/shops/{mId}"""
    credentials = await credentials_of(request)
    shop = own_shop(request, credentials.shop)
    return json_response(shop_view(shop, kst_day(await gateway_of(request).now())))


async def change_shop(request: Request) -> Response:
    """PUT /jeongsan/v1/shops/{mId}: what is not sent stays; new terms are for the next approvals."""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    shop = own_shop(request, credentials.shop)
    try:
        await set_shop(gateway.loop, shop.mid, shop_body(await body_of(request)))
    except InvalidTerms as error:
        raise Refusal(Code.INVALID_REQUEST, field=error.field, detail=error.detail) from error
    return json_response(shop_view(gateway.loop.config.shops[shop.shop_id], kst_day(await gateway.now())))


def own_shop(request: Request, shop: Shop) -> Shop:
    """The shop of the path, which must be the key's own. Raises Refusal NOT_FOUND_MERCHANT."""
    if request.path_params["mId"] != shop.mid:
        raise Refusal(Code.NOT_FOUND_MERCHANT)
    return shop
