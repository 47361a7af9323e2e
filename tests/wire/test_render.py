"""The renderer of a batch: a payment is encoded once, and a webhook carries the same bytes."""

import json

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.webhooks import PaymentChanged
from jeongsan.wire.payment import payment_bytes
from jeongsan.wire.render import Renderer
from support.examples import an_approved_payment, cancelled


def test_a_payment_is_encoded_once_per_language() -> None:
    render, payment = Renderer(), an_approved_payment()
    first = render.payment(payment, "ko")
    assert render.payment(payment, "ko") is first
    assert first == payment_bytes(payment, "ko")
    assert render.payment(payment, "en") == payment_bytes(payment, "en") != first


def test_many_short_lived_payments_are_never_taken_for_each_other() -> None:
    render = Renderer()
    for number in range(500):
        key = f"tmock20250626194853{number:05d}"
        payment = an_approved_payment(payment_key=key)
        assert json.loads(render.payment(payment, "ko"))["paymentKey"] == key


def test_a_webhook_is_the_recorded_envelope_around_the_bytes_of_the_answer() -> None:
    render, payment = Renderer(), cancelled(an_approved_payment(), 5_000)
    changed = PaymentChanged(payment, parse_instant("2026-01-02T14:46:59.650+09:00"))
    body = render.event(changed)
    assert body == (
        b'{"createdAt":"2026-01-02T14:46:59.65","eventType":"PAYMENT_STATUS_CHANGED","data":'
        + payment_bytes(payment, "ko")
        + b"}"
    )
    assert list(json.loads(body)) == ["createdAt", "eventType", "data"]


def test_a_webhook_is_korean_whatever_language_the_answer_had() -> None:
    render, payment = Renderer(), an_approved_payment()
    render.payment(payment, "en")
    assert json.loads(render.event(PaymentChanged(payment, 0)))["data"]["method"] == "카드"


def test_a_refusal_becomes_its_status_and_body() -> None:
    status, body = Renderer().refusal(Refusal(Code.NOT_FOUND_PAYMENT), "ko")
    assert (status, json.loads(body)) == (404, {"code": "NOT_FOUND_PAYMENT", "message": "없는 결제입니다."})
