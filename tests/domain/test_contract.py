"""A contract's dated terms: each subject has exactly one a day, grades cut where they begin, and what breaks
that is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.contract import Agreement, Contract, check_in_force, terms_of, terms_on
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.terms import Conditions, Grade, Price, Terms
from support.contracts import contracts, days, patient, rates_only

ONE_DAY = timedelta(days=1)
START = date(2025, 1, 1)


def agreed(rate_ppm: int = 32_000) -> Conditions:
    return Conditions(base=Price(rate_ppm), payout=PayoutRule(count=4))


def cards(start: date = START, end: date | None = None, **changes: Any) -> Agreement:
    values: dict[str, Any] = {"method": Method.CARD, "start": start, "end": end, "conditions": agreed()}
    return Agreement(**(values | changes))


def graded(*grades: tuple[date, Grade], end: date | None = None) -> tuple[Terms, ...]:
    rates = ((Grade.GENERAL, 32_000), (Grade.SMALL, 16_500))
    following = () if end is None else (cards(end + ONE_DAY),)
    return terms_of(Contract(agreements=(cards(end=end, rates=rates), *following), grades=grades))


@patient
@given(contracts(rates_only), st.data())
def test_every_day_of_every_subject_has_exactly_one_terms(contract: Contract, data: st.DataObject) -> None:
    terms = terms_of(contract)
    for agreement in contract.agreements:
        for method, kind in agreement.subjects:
            own = [one for one in terms if (one.method, one.card_kind) == (method, kind)]
            first = min(one.start for one in own)
            edges = [one.start for one in own] + [one.end for one in own if one.end is not None]
            for day in {first, *edges, *(edge + ONE_DAY for edge in edges), max(first, data.draw(days))}:
                assert [one for one in own if one.holds_on(day)] == [terms_on(own, day, method, kind)]
            assert not any(one.holds_on(first - ONE_DAY) for one in own)


@patient
@given(contracts(rates_only), days)
def test_the_terms_of_a_day_say_what_its_agreement_and_grade_say(contract: Contract, day: date) -> None:
    for one in terms_of(contract):
        if not one.holds_on(day):
            continue
        (agreement,) = (
            each
            for each in contract.agreements
            if each.holds_on(day) and (one.method, one.card_kind) in each.subjects
        )
        by_grade = dict(agreement.rates)
        base = agreement.conditions.base
        grade = contract.grade_at(day)
        assert one.grade == (grade if by_grade else None)
        assert one.conditions.base.fixed == base.fixed
        assert one.conditions.base.rate_ppm == by_grade.get(grade, base.rate_ppm)


def test_a_grade_cuts_a_period_on_its_first_day() -> None:
    terms = graded((date(2025, 2, 14), Grade.SMALL), (date(2025, 8, 14), Grade.GENERAL))
    assert [(one.start, one.end, one.grade, one.conditions.base.rate_ppm) for one in terms] == [
        (START, date(2025, 2, 13), Grade.GENERAL, 32_000),
        (date(2025, 2, 14), date(2025, 8, 13), Grade.SMALL, 16_500),
        (date(2025, 8, 14), None, Grade.GENERAL, 32_000),
    ]


def test_a_grade_from_the_first_day_or_before_cuts_nothing() -> None:
    for day in (START, date(2024, 8, 14)):
        (only,) = graded((day, Grade.SMALL))
        assert (only.start, only.end, only.grade) == (START, None, Grade.SMALL)


def test_a_grade_on_the_last_day_gets_that_day_and_one_after_it_none() -> None:
    end = date(2025, 6, 30)
    assert [(one.start, one.end, one.grade) for one in graded((end, Grade.SMALL), end=end)] == [
        (START, date(2025, 6, 29), Grade.GENERAL),
        (end, end, Grade.SMALL),
        (date(2025, 7, 1), None, None),
    ]
    assert len(graded((end + ONE_DAY, Grade.SMALL), end=end)) == 2


def test_a_grade_without_a_rate_of_its_own_has_the_general_one() -> None:
    (only,) = graded((START, Grade.MEDIUM3))
    assert (only.grade, only.conditions.base.rate_ppm) == (Grade.MEDIUM3, 32_000)


def test_rates_that_depend_on_no_grade_are_not_cut() -> None:
    (only,) = terms_of(Contract(agreements=(cards(),), grades=((date(2025, 2, 14), Grade.SMALL),)))
    assert (only.start, only.end, only.grade) == (START, None, None)


def test_a_kind_of_card_without_terms_of_its_own_that_day_has_those_of_any_kind() -> None:
    later = cards(date(2025, 7, 1), card_kinds=(CardKind.OVERSEAS,), conditions=agreed(45_000))
    terms = terms_of(Contract(agreements=(cards(), later)))

    def rate(day: date, kind: CardKind | None) -> int:
        found = terms_on(terms, day, Method.CARD, kind)
        assert found is not None
        return found.conditions.base.rate_ppm

    assert rate(date(2025, 6, 30), CardKind.OVERSEAS) == 32_000
    assert rate(date(2025, 7, 1), CardKind.OVERSEAS) == 45_000
    assert rate(date(2025, 7, 1), CardKind.CHECK) == 32_000
    assert rate(date(2025, 7, 1), None) == 32_000
    assert terms_on(terms, date(2025, 7, 1), Method.TRANSFER) is None
    assert terms_on(terms, START - ONE_DAY, Method.CARD, CardKind.CHECK) is None


@patient
@given(contracts(rates_only), days, st.sampled_from(Grade))
def test_a_grade_given_later_leaves_the_days_before_it_and_the_other_grades(
    contract: Contract, day: date, grade: Grade
) -> None:
    changed = contract.with_grade(day, grade)
    assert changed.grade_at(day) == grade
    assert changed.grade_at(day - ONE_DAY) == contract.grade_at(day - ONE_DAY)
    assert [one for one in changed.grades if one[0] != day] == [
        one for one in contract.grades if one[0] != day
    ]
    assert changed.with_grade(day, grade) == changed


@pytest.mark.parametrize(
    ("agreements", "field"),
    [
        ((), "terms"),
        ((cards(end=START - ONE_DAY), cards()), "terms[0].until"),
        ((cards(end=START),), "terms[0].until"),
        ((cards(), cards(date(2026, 1, 1))), "terms[1].from"),
        ((cards(end=date(2025, 6, 30)), cards(date(2025, 7, 2))), "terms[1].from"),
        ((cards(date(2025, 7, 1)), cards(end=date(2025, 7, 1))), "terms[0].from"),
        ((cards(card_kinds=(CardKind.CREDIT,)),), "terms"),
        ((cards(), cards(card_kinds=(CardKind.CREDIT, CardKind.CREDIT))), "terms[1].card"),
        ((cards(), cards(method=Method.TRANSFER, card_kinds=(CardKind.CREDIT,))), "terms[1].card"),
        ((cards(rates=((Grade.SMALL, 1),)),), "terms[0].rate"),
        ((cards(rates=((Grade.GENERAL, 1),)),), "terms[0].rate"),
        ((cards(rates=((Grade.GENERAL, 32_000), (Grade.SMALL, -1))),), "terms[0].rate.small.rate"),
        ((cards(date(1999, 12, 31)),), "terms[0].from"),
        ((cards(end=date(2101, 1, 1)), cards(date(2101, 1, 2))), "terms[0].until"),
    ],
    ids=str,
)
def test_what_leaves_a_day_without_terms_or_with_two_is_refused(
    agreements: tuple[Agreement, ...], field: str
) -> None:
    with pytest.raises(InvalidTerms) as caught:
        Contract(agreements=agreements)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "grades",
    [
        ((date(2025, 2, 14), Grade.SMALL), (date(2025, 2, 14), Grade.MEDIUM1)),
        ((date(2025, 8, 14), Grade.SMALL), (date(2025, 2, 14), Grade.MEDIUM1)),
    ],
)
def test_grades_stand_in_order_of_their_days(grades: tuple[tuple[date, Grade], ...]) -> None:
    with pytest.raises(InvalidTerms) as caught:
        Contract(agreements=(cards(),), grades=grades)
    assert caught.value.field == "grades[1].from"


@pytest.mark.parametrize("source", ["a\nb", "a\x00", "\ud800", "x" * 501])
def test_a_source_is_one_line_that_can_be_stored(source: str) -> None:
    with pytest.raises(InvalidTerms) as caught:
        Contract(agreements=(cards(),), source=source)
    assert caught.value.field == "source"


def test_a_contract_is_put_in_force_only_when_it_has_terms_for_cards_that_day() -> None:
    contract = Contract(agreements=(cards(),))
    check_in_force(contract, START)
    with pytest.raises(InvalidTerms) as caught:
        check_in_force(contract, START - ONE_DAY)
    assert caught.value.field == "terms"
