"""Releases on the wire: the documented manual settlement, and our own way for every other cause."""

from typing import Any

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.release import Cause, Released
from jeongsan.wire.encode import encode
from jeongsan.wire.numbers import Fields, parse_object

# A merchant's request has its documented endpoint.
EXTENSION_CAUSES = (Cause.CONFIRMATION, Cause.COLLECTION)


def settlement_request_body(body: bytes) -> str:
    """`POST /v1/settlements`: the payment key. Raises Refusal INVALID_REQUEST with the field at fault."""
    return _payment_key(Fields(parse_object(body)))


def release_body(body: bytes) -> tuple[str, Cause]:
    """`POST /jeongsan/v1/releases`: (payment key, cause). Raises Refusal INVALID_REQUEST with the field at
    fault."""
    fields = Fields(parse_object(body))
    payment_key = _payment_key(fields)
    text = fields.text("cause", longest=40)
    for cause in EXTENSION_CAUSES:
        if text == cause:
            return payment_key, cause
    detail = f"is {' or '.join(EXTENSION_CAUSES)}"
    raise Refusal(Code.INVALID_REQUEST, field="cause", detail=detail)


def _payment_key(fields: Fields) -> str:
    return fields.text("paymentKey", longest=200)


def released_bytes(released: Released) -> bytes:
    """The answer to a release: as documented to a merchant's request, else what was released and when it
    settles."""
    return encode({"result": True} if released.cause is Cause.REQUEST else released_view(released))


def released_view(released: Released) -> dict[str, Any]:
    """What was released, with what is left of it, and the day it settles on."""
    payment = released.payment
    return {
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "cause": released.cause.value,
        "currency": payment.total.currency,
        "amount": payment.balance.number(),
        "settleDay": released.settle_day.isoformat(),
    }
