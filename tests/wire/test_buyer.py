"""What the sandbox's buyer pays with: every option, in both languages, and the field at fault."""

from dataclasses import replace
from typing import Any

import pytest

from jeongsan.domain.errors import Refusal
from jeongsan.domain.methods import InterestPayer, Situation
from jeongsan.domain.payment import SANDBOX_CARD
from jeongsan.wire.buyer import buyers_card, buyers_situations
from jeongsan.wire.numbers import Fields


def test_the_buyer_pays_with_the_sandboxs_card_unless_he_says_otherwise() -> None:
    assert buyers_card(Fields({})) == SANDBOX_CARD
    assert buyers_situations(Fields({})) == ()


@pytest.mark.parametrize(
    ("option", "changes"),
    [
        ({"cardType": "신용"}, {}),
        ({"cardType": "CHECK"}, {"card_type": "체크"}),
        ({"cardType": "기프트"}, {"card_type": "기프트"}),
        ({"ownerType": "CORPORATE"}, {"owner_type": "법인"}),
        ({"ownerType": "개인"}, {}),
        ({"useCardPoint": True}, {"use_card_point": True}),
        ({"cardCompany": "11", "cardNumber": "12345678"}, {"issuer_code": "11", "number": "12345678"}),
        ({"cardInstallmentPlan": "36"}, {"installment_plan_months": 36}),
    ],
    ids=str,
)
def test_an_option_changes_what_it_names(option: dict[str, Any], changes: dict[str, Any]) -> None:
    assert buyers_card(Fields(option)) == replace(SANDBOX_CARD, **changes)


@pytest.mark.parametrize("payer", InterestPayer)
def test_who_bears_the_interest_makes_it_free_for_the_buyer_or_not(payer: InterestPayer) -> None:
    card = buyers_card(Fields({"cardInstallmentPlan": 2, "interestPayer": payer.value}))
    assert (card.installment_plan_months, card.interest_payer) == (2, payer.value)
    assert card.is_interest_free is (payer is not InterestPayer.BUYER)


def test_situations_come_in_one_order_whatever_the_order_of_the_fields() -> None:
    every = {"overseas": True, "keyIn": True, "useEscrow": True}
    assert buyers_situations(Fields(every)) == (Situation.ESCROW, Situation.KEY_IN, Situation.OVERSEAS)
    assert buyers_situations(Fields(every | {"keyIn": False})) == (Situation.ESCROW, Situation.OVERSEAS)
    assert buyers_situations(Fields({"useEscrow": None})) == ()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"cardType": "미확인"}, "cardType"),
        ({"ownerType": "x" * 41}, "ownerType"),
        ({"interestPayer": "MERCHANT", "cardInstallmentPlan": 0}, "interestPayer"),
        ({"cardInstallmentPlan": -1}, "cardInstallmentPlan"),
        ({"cardInstallmentPlan": 2.5}, "cardInstallmentPlan"),
    ],
    ids=str,
)
def test_a_choice_that_does_not_exist_names_its_field(options: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refused:
        buyers_card(Fields(options))
    assert refused.value.field == field
