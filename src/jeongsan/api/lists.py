"""GET /v1/transactions and GET /v1/settlements."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.auth import Credentials
from jeongsan.api.exchange import JSON, credentials_of, gateway_of, language, request_log_of
from jeongsan.domain.errors import Code, Refusal
from jeongsan.inquiry.empty_reason import empty_reason
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
    now = await gateway.now()
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
    if page.first is not None:
        _remember(request, credentials, query, page, now)
    else:
        reason, readable = await empty_reason(
            gateway.store, gateway.loop.config, credentials.shop, query, total=page.total
        )
        headers[EMPTY_REASON_HEADER] = reason if readable is None else f"{reason}; readable={readable}"
        headers["Link"] = _help(request)
    return Response(settlements_bytes(page.views, language(request)), 200, headers, JSON)


def _help(request: Request) -> str:
    """Where the reason is told in sentences, with a query that works: a header holds no Korean."""
    query = quote(request.scope["query_string"].decode("latin-1"), safe="=&%+-_.~")
    return f'</jeongsan/v1/settlements/explain?{query}>; rel="help"'


def _remember(
    request: Request, credentials: Credentials, query: SettlementsQuery, page: settlements.Page, now: int
) -> None:
    """Keep what this answer carried, so that a trace can say which answers had a row. Waits for nothing: no
    reset comes between the reading and this."""
    assert page.first is not None
    request_log_of(request).add_answer(
        (
            request.scope["trace_id"],
            credentials.shop.shop_id,
            credentials.key.name,
            query.date_type,
            query.start.isoformat(),
            query.end.isoformat(),
            query.page,
            query.size,
            *page.first,
            len(page.views),
            page.readable_through,
            now,
        )
    )
