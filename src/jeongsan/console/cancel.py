"""Pressing 취소: the form goes through the same operation as a cancel by the API, and back to the payment."""

import json
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from jeongsan.api.exchange import body_of, gateway_of
from jeongsan.console.cancel_form import Typed, actor_of, command_of, fields_of, identity_of, typed_in
from jeongsan.console.guards import TOKEN_FIELD, check_token
from jeongsan.console.page import address, words_of
from jeongsan.console.payment_detail import Refused, detail, path_of, payment_key_of, shop_with
from jeongsan.domain.errors import Code, Refusal
from jeongsan.loop.commit_loop import Overloaded
from jeongsan.operations.caller import Caller, Reply
from jeongsan.wire.errors import error_body, status_of


async def press(request: Request) -> Response:
    """POST /console/payments/{paymentKey}/cancel"""
    fields = fields_of(await body_of(request))
    check_token(request, fields.get(TOKEN_FIELD, ""))
    payment_key = payment_key_of(request)
    typed = typed_in(fields)
    reply = await _cancel(request, payment_key, typed)
    answered = json.loads(reply.body)
    words = words_of(request)
    if reply.status == HTTPStatus.OK:
        made = answered["lastTransactionKey"]
        target = address(words, path_of(payment_key), cancelled=made)
        return RedirectResponse(target, HTTPStatus.SEE_OTHER)
    refused = Refused(answered["code"], answered["message"])
    return await detail(request, typed.again(reply.status), refused=refused, status=reply.status)


async def _cancel(request: Request, payment_key: str, typed: Typed) -> Reply:
    """What the cancel is answered with. Raises Refusal NOT_FOUND_PAYMENT."""
    shop = await shop_with(request, payment_key)
    language = words_of(request).language
    try:
        peer = request.client.host if request.client else None
        caller = Caller(
            shop_id=shop.shop_id,
            actor=actor_of(typed, peer),
            identity=identity_of(typed, request.scope["path"]),
            trace_id=request.scope["trace_id"],
            language=language,
        )
        return await gateway_of(request).flow.cancel(command_of(typed, payment_key), caller)
    except Overloaded:
        busy = Refusal(Code.FAILED_INTERNAL_SYSTEM_PROCESSING)
        return Reply(HTTPStatus.SERVICE_UNAVAILABLE, error_body(busy, language))
    except Refusal as refusal:
        return Reply(status_of(refusal.code), error_body(refusal, language))
