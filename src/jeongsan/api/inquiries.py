"""Questions: what became of a payment, why a query finds what it finds, why a fee is what it is."""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import credentials_of, gateway_of, language, request_log_of
from jeongsan.api.extensions import json_response
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.answer import trace_ids
from jeongsan.inquiry.explain import explain as explain_query
from jeongsan.inquiry.explain_view import explain_view
from jeongsan.inquiry.fee_explanation import explain_fee
from jeongsan.inquiry.fee_view import fee_view
from jeongsan.inquiry.forecast import DAYS_DEFAULT
from jeongsan.inquiry.forecast import forecast as forecast_of
from jeongsan.inquiry.forecast_view import forecast_view
from jeongsan.inquiry.records import Records, open_records
from jeongsan.inquiry.trace_view import hidden_kinds
from jeongsan.wire.errors import EN, KO
from jeongsan.wire.requests import settlements_query

_DAYS_DIGITS_MAX = 3


async def trace(request: Request) -> Response:
    """GET /jeongsan/v1/orders/{orderId}/trace: what became of an order, or of any id."""
    records = await _records(request)
    redact = hidden_kinds(request.query_params.get("redact", ""))
    # What was answered a moment ago belongs to the answer.
    await request_log_of(request).write_answers()
    answers = await trace_ids(records, [request.path_params["orderId"]], redact=redact)
    return json_response(answers[0])


async def explain(request: Request) -> Response:
    """GET /jeongsan/v1/settlements/explain: the same parameters as GET /v1/settlements, and `orderId`."""
    records = await _records(request)
    parameters = request.query_params
    found = await explain_query(
        records,
        settlements_query(parameters),
        date_type_given="dateType" in parameters,
        order=parameters.get("orderId"),
    )
    return json_response({"explanations": [explain_view(one) for one in found]})


async def forecast(request: Request) -> Response:
    """GET /jeongsan/v1/forecast: what the key's shop will be paid, up to `days` days ahead."""
    shop = (await credentials_of(request)).shop
    records = await _records(request)
    text = request.query_params.get("days", str(DAYS_DEFAULT))
    # What is no number is out of bounds too.
    days = int(text) if text.isascii() and text.isdecimal() and len(text) <= _DAYS_DIGITS_MAX else 0
    return json_response(forecast_view(await forecast_of(records, shop, days), records.language))


async def fee(request: Request) -> Response:
    """GET /jeongsan/v1/transactions/{transactionKey}/fee: every step to a fee, and its row compared."""
    records = await _records(request)
    return json_response(
        fee_view(await explain_fee(records, request.path_params["transactionKey"]), records.language)
    )


async def _records(request: Request) -> Records:
    """A live key sees both modes of its MID; a test key sees the test shop, as it does everywhere."""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    shop = credentials.shop
    modes: Collection[Mode] = (Mode.TEST,) if shop.mode is Mode.TEST else ()
    return await open_records(
        gateway.store,
        gateway.loop.config,
        gateway.machine.now_ms(),
        mids=(shop.mid,),
        modes=modes,
        language=_language(request),
    )


def _language(request: Request) -> str:
    wanted = request.query_params.get("lang", language(request))
    if wanted not in (KO, EN):
        raise Refusal(Code.INVALID_REQUEST, field="lang", detail=f"is {KO} or {EN}")
    return wanted
