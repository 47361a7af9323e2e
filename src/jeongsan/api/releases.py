"""POST /v1/settlements and /jeongsan/v1/releases: let what waits settle."""

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import body_of, caller_of, credentials_of, gateway_of, reply_response
from jeongsan.api.extensions import sandbox_only
from jeongsan.domain.errors import Refusal
from jeongsan.domain.release import Cause
from jeongsan.operations.caller import Caller
from jeongsan.operations.release import ReleasePayment
from jeongsan.store.reads.payments import conditions_of
from jeongsan.wire.releases import release_body, settlement_request_body


async def request_settlement(request: Request) -> Response:
    """POST /v1/settlements: the merchant asks for it (수동 정산)."""
    caller = caller_of(request, await credentials_of(request))
    try:
        payment_key = settlement_request_body(await body_of(request))
    except Refusal as refusal:
        return reply_response(request, await gateway_of(request).flow.refuse(refusal, caller))
    return await _released(request, payment_key, Cause.REQUEST, caller)


async def release(request: Request) -> Response:
    """POST /jeongsan/v1/releases: the buyer confirmed, or the carrier collected. Only in a sandbox: whoever
    sells may not say for the buyer that all is well."""
    credentials = await credentials_of(request)
    sandbox_only(gateway_of(request))
    caller = caller_of(request, credentials)
    try:
        payment_key, cause = release_body(await body_of(request))
    except Refusal as refusal:
        return reply_response(request, await gateway_of(request).flow.refuse(refusal, caller))
    return await _released(request, payment_key, cause, caller)


async def _released(request: Request, payment_key: str, cause: Cause, caller: Caller) -> Response:
    gateway = gateway_of(request)
    conditions = await conditions_of(gateway.store, payment_key)
    operation = ReleasePayment(payment_key, cause, conditions, caller)
    return reply_response(request, await gateway.flow.release(operation))
