"""The contract of a shop, shown and replaced: /jeongsan/v1/shops/{mId}/contract."""

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import body_of, credentials_of, gateway_of, language
from jeongsan.api.extensions import json_response, own_shop, sandbox_only
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.shop import Shop
from jeongsan.operations.shops import set_contract
from jeongsan.wire.contract_document import contract_body
from jeongsan.wire.contract_fields import problem_view, problems_of
from jeongsan.wire.contract_view import contract_view
from jeongsan.wire.errors import MESSAGE_LENGTH_MAX, refusal_message, status_of


async def show_contract(request: Request) -> Response:
    """GET /jeongsan/v1/shops/{mId}/contract: the document, and the terms in force today and later."""
    credentials = await credentials_of(request)
    return await _shown(request, own_shop(request, credentials.shop))


async def put_contract(request: Request) -> Response:
    """PUT /jeongsan/v1/shops/{mId}/contract: a document or a published list, for the next approvals."""
    credentials = await credentials_of(request)
    gateway = gateway_of(request)
    sandbox_only(gateway)
    shop = own_shop(request, credentials.shop)
    try:
        contract = contract_body(await body_of(request))
        await set_contract(gateway.loop, shop.mid, contract, actor_name=credentials.key.name)
    except InvalidTerms as error:
        return _refused(request, error)
    return await _shown(request, gateway.loop.config.shops[shop.shop_id])


async def _shown(request: Request, shop: Shop) -> Response:
    today = kst_day(await gateway_of(request).now())
    head = {"mId": shop.mid, "mode": shop.mode.value}
    return json_response(head | contract_view(shop.contract, shop.terms, today))


def _refused(request: Request, error: InvalidTerms) -> Response:
    """400 as everywhere, with every problem beside the first."""
    refusal = Refusal(Code.INVALID_REQUEST, field=error.field, detail=error.detail)
    body = {
        "code": refusal.code.value,
        "message": refusal_message(refusal, language(request))[:MESSAGE_LENGTH_MAX],
        "problems": [problem_view(one) for one in problems_of(error)],
    }
    return json_response(body, status_of(refusal.code))
