"""Settings that can never apply are named, and those that may apply to some payments are not."""

from typing import Any

import pytest

from jeongsan.domain.idle_settings import NEEDS, idle_settings
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.domain.terms import Price, RefundFeeOn, Release, Rounding, SoldOn, Surcharge, Vat
from support.agreements import agreement_of

CARD, EASY_PAY, TRANSFER, ACCOUNT, PHONE, GIFT, ABROAD = Method
RATE = Price(1_000)


def idle(method: Method, *kinds: CardKind, **agreed: Any) -> list[str]:
    """The settings of an entry that are stated in vain."""
    return [one.field for one in idle_settings("", agreement_of(method, *kinds, **agreed))]


def surcharge(situation: Situation) -> dict[str, Any]:
    return {"surcharges": (Surcharge(situation, RATE),)}


APPLIES: list[tuple[str, dict[str, Any], set[Method]]] = [
    ("surcharges.ESCROW", surcharge(Situation.ESCROW), {CARD, EASY_PAY, TRANSFER, ACCOUNT}),
    ("surcharges.KEY_IN", surcharge(Situation.KEY_IN), {CARD}),
    ("surcharges.BILLING", surcharge(Situation.BILLING), {CARD, EASY_PAY, TRANSFER, PHONE, ABROAD}),
    ("surcharges.OVERSEAS", surcharge(Situation.OVERSEAS), {CARD}),
    ("surcharges.CARD_POINT", surcharge(Situation.CARD_POINT), {CARD, EASY_PAY}),
    ("installments", {"installment": ((2, 1_000),)}, {CARD, EASY_PAY}),
    ("installmentDiscounts", {"installment_discount": ((2, 1_000),)}, {CARD, EASY_PAY}),
    ("pointSaving", {"point_saving": RATE}, {CARD, EASY_PAY}),
    ("rounding", {"rounding": Rounding.A, "vat": Vat.INCLUDED}, set()),
    ("rounding", {"rounding": Rounding.A}, set(Method)),
    ("cancel.refundFeeOn", {"refund_fee_on": RefundFeeOn.ADJUSTMENT}, set()),
    ("cancel.refundFeeOn", {"refund_fee_on": RefundFeeOn.ADJUSTMENT, "refund_fee": 300}, set(Method)),
    ("soldOn", {"sold_on": SoldOn.TRANSACTION}, {CARD, EASY_PAY, TRANSFER, ACCOUNT}),
    ("soldOn", {"sold_on": SoldOn.TRANSACTION, "release": Release.ON_COLLECTION}, set(Method)),
]


@pytest.mark.parametrize(("setting", "agreed", "methods"), APPLIES)
def test_a_setting_is_refused_for_the_methods_it_can_never_apply_to(
    setting: str, agreed: dict[str, Any], methods: set[Method]
) -> None:
    assert {method for method in Method if not idle(method, **agreed)} == methods
    assert all(idle(method, **agreed) in ([], [setting]) for method in Method)


def test_a_card_issued_abroad_is_a_kind_of_its_own() -> None:
    abroad = surcharge(Situation.OVERSEAS)
    assert idle(CARD, CardKind.CREDIT, CardKind.OVERSEAS, **abroad) == []
    assert idle(CARD, CardKind.CREDIT, CardKind.CHECK, **abroad) == ["surcharges.OVERSEAS"]
    assert idle(CARD, CardKind.CREDIT, **surcharge(Situation.KEY_IN)) == []


def test_every_need_is_told_here() -> None:
    assert {need.setting for need in NEEDS} == {setting for setting, _, _ in APPLIES}


@pytest.mark.parametrize("method", Method)
def test_an_entry_that_states_a_price_only_has_nothing_idle(method: Method) -> None:
    assert idle(method) == []


@pytest.mark.parametrize("name", PRICE_LISTS)
def test_a_published_list_states_nothing_in_vain(name: str) -> None:
    assert [one for entry in published_contract(name).agreements for one in idle_settings("", entry)] == []
