"""GET /v1/transactions and GET /v1/settlements."""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.auth import Credentials
from jeongsan.api.exchange import JSON, credentials_of, gateway_of, language
from jeongsan.api.gateway import Gateway
from jeongsan.calendar_kr import korean_calendar
from jeongsan.domain.business_days import bucket, payout_date
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode, Shop
from jeongsan.store.reads import settlements
from jeongsan.store.reads import transactions as transaction_reads
from jeongsan.wire.lists import settlements_bytes, transactions_bytes
from jeongsan.wire.requests import SettlementsQuery, settlements_query, transactions_query, whole_seconds

EMPTY_REASON_HEADER = "Jeongsan-Empty-Reason"


async def transactions(request: Request) -> Response:
    """GET /v1/transactions"""
    credentials = await credentials_of(request)
    query = transactions_query(request.query_params)
    if "\x00" in (query.starting_after or ""):
        raise Refusal(Code.INVALID_TRANSACTION_KEY)  # no key has one, and PostgreSQL cannot be asked for it
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


def _date_of(gateway: Gateway, shop: Shop, settle_day: date, date_type: str) -> date:
    """The date under which a row of this day will be found, by the terms in force."""
    terms = shop.terms
    sold_date = bucket(settle_day, terms.cycle)
    if date_type == "sold":
        return sold_date
    calendar = korean_calendar(gateway.loop.config.overrides)
    paid, _ = payout_date(
        sold_date, business_days=terms.business_days, anchor=terms.anchor, calendar=calendar
    )
    return paid


async def _empty_reason(
    gateway: Gateway, credentials: Credentials, query: SettlementsQuery, total: int
) -> str:
    """Why this list is empty: the first reason that applies, in the order a reader would ask."""
    shop = credentials.shop
    if not shop.settles:
        return "TEST_KEY"
    if total:
        return "PAGE_BEYOND"
    for day in await settlements.unread_days(gateway.store, shop.shop_id):
        if query.start <= _date_of(gateway, shop, day, query.date_type) <= query.end:
            return f"NOT_CLOSED; readable={day + timedelta(days=1)}"
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
