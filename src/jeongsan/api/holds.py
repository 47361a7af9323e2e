"""Holds of the shop whose key asks: list them; in a sandbox, place and release them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import body_of, caller_of, credentials_of, gateway_of, language
from jeongsan.api.extensions import json_response, sandbox_only
from jeongsan.api.gateway import Gateway
from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.errors import Code, Refusal
from jeongsan.inquiry.hold_view import hold_view
from jeongsan.operations import holds
from jeongsan.store.reads import holds as reads
from jeongsan.wire.holds import hold_body, hold_id


async def list_holds(request: Request) -> Response:
    """GET /jeongsan/v1/holds: what stands; with `all=true` also what was released."""
    shop = (await credentials_of(request)).shop
    store = gateway_of(request).store
    found = await reads.in_force(store, [shop.shop_id])
    if _wants_all(request):
        found += await reads.released(store, [shop.shop_id])
    return json_response({"holds": [hold_view(one, shop, language(request)) for one in found]})


def _wants_all(request: Request) -> bool:
    text = request.query_params.get("all", "false")
    if text not in ("true", "false"):
        raise Refusal(Code.INVALID_REQUEST, field="all", detail="is true or false")
    return text == "true"


async def place_hold(request: Request) -> Response:
    """POST /jeongsan/v1/holds"""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    body = hold_body(await body_of(request))
    wanted = holds.Wanted(body.reason, body.payment_key, body.note)
    actor = caller_of(request, credentials).actor
    placed = await holds.place(gateway.loop, credentials.shop, wanted, actor)
    return json_response(await _shown(request, gateway, placed.hold_id))


async def release_hold(request: Request) -> Response:
    """DELETE /jeongsan/v1/holds/{holdId}"""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    released = await holds.release(
        gateway.loop,
        hold_id(request.path_params["holdId"]),
        caller_of(request, credentials).actor,
        korean_calendar,
        shop=credentials.shop,
    )
    day = released.paid_out_date
    shown = await _shown(request, gateway, released.hold.hold_id)
    return json_response(
        {**shown, "movedRows": released.moved, "paidOutDate": None if day is None else day.isoformat()}
    )


async def _shown(request: Request, gateway: Gateway, placed_id: int) -> dict[str, Any]:
    known = await reads.by_id(gateway.store, placed_id)
    assert known is not None
    return hold_view(known, gateway.loop.config.shops[known.hold.shop_id], language(request))
