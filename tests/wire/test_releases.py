"""Releases on the wire: the documented request and answer, and our own beside them."""

import json
from dataclasses import replace
from datetime import date

import pytest

from jeongsan.domain.errors import Refusal
from jeongsan.domain.money import Money
from jeongsan.domain.release import Cause, Released
from jeongsan.wire.releases import release_body, released_bytes, settlement_request_body
from support.examples import PAYMENT_KEY, an_approved_payment


def test_a_manual_settlement_needs_the_payment_key_and_drops_the_rest() -> None:
    assert settlement_request_body(b'{"paymentKey": "k1", "cause": "anything"}') == "k1"


@pytest.mark.parametrize("cause", [Cause.CONFIRMATION, Cause.COLLECTION])
def test_our_own_release_takes_what_has_no_documented_endpoint(cause: Cause) -> None:
    body = json.dumps({"paymentKey": "k1", "cause": cause.value}).encode()
    assert release_body(body) == ("k1", cause)


@pytest.mark.parametrize("cause", ["request", "", "CONFIRMATION", "confirmation ", None, 3])
def test_any_other_cause_is_refused_by_name(cause: object) -> None:
    with pytest.raises(Refusal) as refused:
        release_body(json.dumps({"paymentKey": "k1", "cause": cause}).encode())
    assert refused.value.field == "cause"


def test_a_request_is_answered_as_documented() -> None:
    released = Released(an_approved_payment(), Cause.REQUEST, date(2025, 7, 1))
    assert released_bytes(released) == b'{"result":true}'


def test_any_other_release_tells_what_is_left_and_the_day() -> None:
    payment = replace(an_approved_payment(), balance=Money(9_000, "KRW"))
    shown = json.loads(released_bytes(Released(payment, Cause.COLLECTION, date(2025, 7, 1))))
    assert shown == {
        "paymentKey": PAYMENT_KEY,
        "orderId": "order-000001",
        "cause": "collection",
        "currency": "KRW",
        "amount": 9_000,
        "settleDay": "2025-07-01",
    }
