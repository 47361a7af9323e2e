"""The short way to change a shop: only the cards' agreement of today, only what was named."""

from dataclasses import replace
from datetime import date

import pytest

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract import Agreement, Contract
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.methods import Method
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.shop_settings import ShopSettings, apply_settings
from jeongsan.domain.terms import Price, Rounding

TODAY = date(2025, 3, 13)
LIST = published_contract("tosspayments")


def cards(contract: Contract) -> Agreement:
    (found,) = (one for one in contract.agreements if one.method is Method.CARD and not one.card_kinds)
    return found


def with_payout(rule: PayoutRule) -> Contract:
    card = cards(LIST)
    changed = replace(card, conditions=replace(card.conditions, payout=rule))
    return replace(LIST, agreements=(changed, *(one for one in LIST.agreements if one is not card)))


def test_nothing_named_is_nothing_changed() -> None:
    assert apply_settings(LIST, ShopSettings(), TODAY) == LIST


def test_what_is_named_changes_for_cards_of_any_kind_and_nothing_else() -> None:
    settings = ShopSettings(29_000, Rounding.A, Cycle.WEEKLY, 6, Anchor.ROLL)
    changed = apply_settings(LIST, settings, TODAY)
    agreed = cards(changed).conditions
    assert (agreed.base, agreed.rounding, agreed.cycle) == (Price(29_000), Rounding.A, Cycle.WEEKLY)
    assert agreed.payout == PayoutRule(count=6, anchor=Anchor.ROLL)
    assert agreed.surcharges == cards(LIST).conditions.surcharges
    assert [one for one in changed.agreements if one is not cards(changed)] == [
        one for one in LIST.agreements if one is not cards(LIST)
    ]


def test_a_rate_ends_rates_by_grade_and_business_days_leave_them() -> None:
    assert cards(LIST).rates
    assert cards(apply_settings(LIST, ShopSettings(rate_ppm=29_000), TODAY)).rates == ()
    assert cards(apply_settings(LIST, ShopSettings(business_days=6), TODAY)).rates == cards(LIST).rates


def test_business_days_end_another_way_of_counting_and_what_belongs_to_it() -> None:
    contract = with_payout(PayoutRule(Counted.CALENDAR_DAYS, 2, holiday=HolidayPolicy.BEFORE))
    changed = apply_settings(contract, ShopSettings(business_days=6), TODAY)
    assert cards(changed).conditions.payout == PayoutRule(count=6)


def test_an_anchor_is_refused_where_business_days_are_not_counted() -> None:
    contract = with_payout(PayoutRule(Counted.CALENDAR_DAYS, 2))
    with pytest.raises(InvalidTerms) as caught:
        apply_settings(contract, ShopSettings(anchor=Anchor.ROLL), TODAY)
    assert caught.value.field == "payout.anchor"


def test_only_the_agreement_of_today_changes() -> None:
    card = cards(LIST)
    before = replace(card, end=date(2025, 3, 12))
    after = replace(card, start=TODAY)
    changed = apply_settings(
        Contract(agreements=(before, after)), ShopSettings(business_days=9), TODAY
    ).agreements
    assert changed[0] == before
    assert changed[1].conditions.payout.count == 9
