"""GET /jeongsan/v1/cancels and /jeongsan/v1/notices: who cancelled, by which path, and the gateway's own."""

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import credentials_of, gateway_of
from jeongsan.api.extensions import json_response
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.store.reads import cancels as reads
from jeongsan.store.reads.transactions import UnknownTransaction
from jeongsan.wire.cancels import cancel_view, notice_view
from jeongsan.wire.requests import cancels_query, page_after_key


async def cancels(request: Request) -> Response:
    """GET /jeongsan/v1/cancels: the shop's cancels by time."""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    query = cancels_query(request.query_params, today=kst_day(await gateway.now()))
    try:
        found = await reads.page(gateway.store, credentials.shop.shop_id, query)
    except UnknownTransaction as error:
        raise Refusal(Code.INVALID_TRANSACTION_KEY) from error
    return json_response([cancel_view(view) for view in found])


async def notices(request: Request) -> Response:
    """GET /jeongsan/v1/notices: what the gateway did to the shop's payments unasked, newest first."""
    credentials = await credentials_of(request)
    starting_after, limit = page_after_key(request.query_params)
    store, shop_id = gateway_of(request).store, credentials.shop.shop_id
    try:
        found = await reads.forced(store, shop_id, starting_after=starting_after, limit=limit)
    except UnknownTransaction as error:
        raise Refusal(Code.INVALID_TRANSACTION_KEY) from error
    return json_response([notice_view(view) for view in found])
