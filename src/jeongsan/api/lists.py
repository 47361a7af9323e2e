"""GET /v1/transactions and GET /v1/settlements."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.auth import Credentials
from jeongsan.api.exchange import JSON, credentials_of, gateway_of, language
from jeongsan.app import Gateway
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.store.reads import settlements
from jeongsan.store.reads import transactions as transaction_reads
from jeongsan.wire.lists import settlements_bytes, transactions_bytes
from jeongsan.wire.requests import SettlementsQuery, settlements_query, transactions_query, whole_seconds

EMPTY_REASON_HEADER = "Jeongsan-Empty-Reason"


async def transactions(request: Request) -> Response:
    """GET /v1/transactions"""
    credentials = await credentials_of(request)
    query = transactions_query(request.query_params)
    first, end = whole_seconds(query)
    try:
        views = await transaction_reads.page(
            gateway_of(request).store,
            credentials.shop.shop_id,
            first=first,
            end=end,
            starting_after=query.starting_after,
            limit=query.limit,
        )
    except transaction_reads.UnknownTransaction as error:
        raise Refusal(Code.INVALID_TRANSACTION_KEY) from error
    return Response(transactions_bytes(views, language(request)), 200, media_type=JSON)


async def settlement_rows(request: Request) -> Response:
    """GET /v1/settlements"""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    query = settlements_query(request.query_params)
    page = await settlements.page(
        gateway.store,
        credentials.shop.shop_id,
        date_type=query.date_type,
        start=query.start,
        end=query.end,
        number=query.page,
        size=query.size,
    )
    headers = {}
    if not page.views:
        headers[EMPTY_REASON_HEADER] = await _empty_reason(gateway, credentials, query, page.total)
    return Response(settlements_bytes(page.views, language(request)), 200, headers, JSON)


async def _empty_reason(
    gateway: Gateway, credentials: Credentials, query: SettlementsQuery, total: int
) -> str:
    """Why this list is empty: the first reason that applies, in the order a reader would ask."""
    shop = credentials.shop
    if not shop.settles:
        return "TEST_KEY"
    if total:
        return "PAGE_BEYOND"
    unread = await settlements.first_unread_day(gateway.store, shop.shop_id, query.end)
    if unread is not None:
        return f"NOT_CLOSED; readable={unread + timedelta(days=1)}"
    other_date = "paid" if query.date_type == "sold" else "sold"
    if await settlements.has_rows(
        gateway.store, shop.shop_id, date_type=other_date, start=query.start, end=query.end
    ):
        return "DATE_TYPE"
    other_mode = Mode.TEST if shop.mode is Mode.LIVE else Mode.LIVE
    other = gateway.loop.config.shop_of(shop.mid, other_mode)
    if other is not None and await settlements.has_rows(
        gateway.store, other.shop_id, date_type=query.date_type, start=query.start, end=query.end
    ):
        return "OTHER_KEY"
    return "NONE"
