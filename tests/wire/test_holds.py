"""Requests about holds: what is taken, and a refusal that names the field for everything else."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import HoldReason
from jeongsan.wire.holds import HoldBody, actor_name, hold_body, hold_id


def parsed(**body: Any) -> HoldBody:
    return hold_body(json.dumps(body).encode())


def test_a_body_has_a_reason_and_may_have_a_payment_and_a_note() -> None:
    assert parsed(reason="KYC") == HoldBody(HoldReason.KYC, None, None)
    full = parsed(reason="DISPUTE", paymentKey="tjeon20250313", note="이의 제기", anything=1)
    assert full == HoldBody(HoldReason.DISPUTE, "tjeon20250313", "이의 제기")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "kyc"}, "reason"),
        ({"reason": 7}, "reason"),
        ({"reason": "KYC", "note": ""}, "note"),
        ({"reason": "KYC", "note": "가" * 201}, "note"),
        ({"reason": "KYC", "note": "\x00"}, "note"),
        ({"reason": "DISPUTE", "paymentKey": "k" * 201}, "paymentKey"),
    ],
)
def test_a_bad_body_is_refused_by_its_field(body: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        parsed(**body)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, field)


@given(st.integers(0, 10**18 - 1))
def test_an_id_is_a_number_of_64_bits(number: int) -> None:
    assert hold_id(str(number)) == number < 2**63


@given(st.text(max_size=25).filter(lambda text: not (text.isascii() and text.isdecimal())))
@example("1" * 19)
@example("٣")
def test_what_is_no_id_is_an_unknown_hold(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        hold_id(text)
    assert (refused.value.code, refused.value.field) == (Code.NOT_FOUND, "holdId")


@pytest.mark.parametrize("name", ["", " ", " kim", "a\tb", "k" * 41, "\udceb"])
def test_an_actor_has_a_name_that_can_be_read(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        actor_name(name)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "actor")


def test_a_name_may_be_korean_and_have_a_blank_inside() -> None:
    assert actor_name("정산팀 김") == "정산팀 김"
