"""What another contract changes: exactly the days and subjects whose terms differ."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from jeongsan.domain.contract import Agreement, Contract, terms_of, terms_on
from jeongsan.domain.contract_changes import changes
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.terms import Conditions, Grade, Price, Surcharge
from support.contracts import contracts, days, patient, rates_only

LIST = published_contract("tosspayments")
SINCE = date(2025, 3, 13)


@patient
@given(contracts(rates_only), days)
def test_the_same_contract_changes_nothing(contract: Contract, since: date) -> None:
    assert changes(contract, contract, since) == ()


@patient
@given(contracts(rates_only), contracts(rates_only), days, days)
def test_a_day_is_named_exactly_when_its_terms_differ(
    old: Contract, new: Contract, since: date, day: date
) -> None:
    found = changes(old, new, since)
    day = max(day, since)
    before, after = terms_of(old), terms_of(new)
    for method, kind in {(one.method, one.card_kind) for one in (*before, *after)}:
        agreed = [terms_on(terms, day, method, kind) for terms in (before, after)]
        was, is_now = (None if one is None else one.conditions for one in agreed)
        named = [
            (one.old, one.new)
            for one in found
            if (one.method, one.card_kind) == (method, kind)
            and one.start <= day
            and (one.end is None or day <= one.end)
        ]
        assert named == ([] if was == is_now else [(was, is_now)])


def test_a_grade_changes_cards_and_nothing_else_from_its_day_on() -> None:
    (only,) = changes(LIST, LIST.with_grade(date(2025, 8, 14), Grade.SMALL), SINCE)
    assert (only.method, only.card_kind, only.start, only.end) == (
        Method.CARD,
        None,
        date(2025, 8, 14),
        None,
    )
    assert only.old is not None
    assert only.new is not None
    assert (only.old.base.rate_ppm, only.new.base.rate_ppm) == (32_000, 16_500)


def test_a_kind_of_card_that_is_no_longer_apart_changes_to_the_terms_of_any_kind() -> None:
    kept = tuple(one for one in LIST.agreements if one.card_kinds != (CardKind.OVERSEAS,))
    (only,) = changes(LIST, replace(LIST, agreements=kept), SINCE)
    assert (only.card_kind, only.start) == (CardKind.OVERSEAS, SINCE)
    assert only.new is not None
    assert only.new.base.rate_ppm == 32_000


def test_a_method_that_is_left_out_has_no_contract_any_more() -> None:
    kept = tuple(one for one in LIST.agreements if one.method is not Method.TRANSFER)
    (only,) = changes(LIST, replace(LIST, agreements=kept), SINCE)
    assert (only.method, only.new) == (Method.TRANSFER, None)


def test_the_order_in_which_surcharges_and_months_are_named_means_nothing() -> None:
    def named(*order: int) -> Contract:
        extras = tuple(Surcharge(one, Price(1)) for one in (Situation.ESCROW, Situation.KEY_IN))
        agreed = Conditions(
            base=Price(32_000),
            payout=PayoutRule(count=4),
            surcharges=tuple(extras[place] for place in order),
            installment=tuple(((2, 1), (3, 2))[place] for place in order),
        )
        return Contract(agreements=(Agreement(method=Method.CARD, start=SINCE, conditions=agreed),))

    assert named(0, 1) != named(1, 0)
    assert changes(named(0, 1), named(1, 0), SINCE) == ()
