"""Confirm, cancel and look up payments."""

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import (
    JSON,
    body_of,
    caller_of,
    credentials_of,
    gateway_of,
    header,
    language,
    reply_response,
)
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment import Payment
from jeongsan.domain.shop import Mode
from jeongsan.operations.cancel import CancelCommand
from jeongsan.operations.confirm import ConfirmCommand
from jeongsan.store.reads import payments
from jeongsan.wire.payment import payment_bytes
from jeongsan.wire.requests import cancel_body, confirm_body


async def confirm(request: Request) -> Response:
    """POST /v1/payments/confirm"""
    credentials = await credentials_of(request)
    caller = caller_of(request, credentials)
    flow = gateway_of(request).flow
    try:
        _refuse_test_code(request, credentials.shop.mode)
        body = confirm_body(await body_of(request))
    except Refusal as refusal:
        return reply_response(request, await flow.refuse(refusal, caller))
    command = ConfirmCommand(body.payment_key, body.order_id, body.amount)
    return reply_response(request, await flow.confirm(command, caller))


async def cancel(request: Request) -> Response:
    """POST /v1/payments/{paymentKey}/cancel"""
    credentials = await credentials_of(request)
    caller = caller_of(request, credentials)
    flow = gateway_of(request).flow
    try:
        payment_key = _path_key(request, "paymentKey")
        body = cancel_body(await body_of(request))
    except Refusal as refusal:
        return reply_response(request, await flow.refuse(refusal, caller))
    command = CancelCommand(
        payment_key=payment_key,
        reason=body.reason,
        amount=body.amount,
        tax_free=body.tax_free,
        tax_exemption=body.tax_exemption,
        refundable=body.refundable,
        currency=body.currency,
        cancel_request_id=body.cancel_request_id,
    )
    return reply_response(request, await flow.cancel(command, caller))


async def by_key(request: Request) -> Response:
    """GET /v1/payments/{paymentKey}"""
    credentials = await credentials_of(request)
    store = gateway_of(request).store
    key = _path_key(request, "paymentKey")
    return _found(request, await payments.by_key(store, credentials.shop.shop_id, key))


async def by_order(request: Request) -> Response:
    """GET /v1/payments/orders/{orderId}"""
    credentials = await credentials_of(request)
    store = gateway_of(request).store
    order_id = _path_key(request, "orderId")
    return _found(request, await payments.by_order(store, credentials.shop.shop_id, order_id))


def _found(request: Request, payment: Payment | None) -> Response:
    if payment is None:
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    return Response(payment_bytes(payment, language(request)), 200, media_type=JSON)


def _path_key(request: Request, name: str) -> str:
    """A path parameter that a database can be asked for; anything else cannot exist."""
    value: str = request.path_params[name]
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    return value


def _refuse_test_code(request: Request, mode: Mode) -> None:
    """With a test key, `TossPayments-Test-Code` asks for an error by name; live keys ignore it."""
    wanted = header(request, b"tosspayments-test-code")
    if wanted is None or mode is not Mode.TEST:
        return
    if wanted not in Code.__members__:
        raise Refusal(Code.INVALID_TEST_CODE)
    raise Refusal(Code(wanted))
