"""A fee explained: every step leads to the figure that was charged, whatever was agreed."""

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.fee_steps import (
    ExplainedLine,
    Holding,
    How,
    Makes,
    RoundingStep,
    explained_lines,
    price_parts,
    refund_holding,
)
from jeongsan.domain.fees import FeeLine, fee_lines, prices, refund_fee
from jeongsan.domain.methods import Situation, Traits
from jeongsan.domain.terms import Conditions, LineType, Price, Rounding, Surcharge, Vat
from jeongsan.domain.transactions import Kind, Transaction
from support.conditions import CONDITIONS, TRAITS, draw_conditions, draw_traits
from support.examples import a_contract, a_transaction

KINDS = st.sampled_from([Kind.APPROVAL, Kind.CANCEL, Kind.DEPOSIT_REVERSAL])


def _transaction(kind: Kind, more: int, less: int, traits: Traits) -> Transaction:
    before, after = (0, more) if kind is Kind.APPROVAL else (more, less)
    if kind is Kind.DEPOSIT_REVERSAL:
        after = 0
    return a_transaction(before, after, settle_day=None, kind=kind, traits=traits)


TRANSACTIONS = st.builds(
    lambda kind, more, less, traits: _transaction(kind, more, min(less, more - 1), traits),
    KINDS,
    st.integers(1, 10**13),
    st.integers(0, 10**13),
    TRAITS,
)


def _recomputed(holding: Holding, price: Price) -> int:
    """The fee from the steps alone, as a reader would add them up."""
    if not holding.steps:
        return 0
    if len(holding.steps) == 2:
        supply, vat = holding.steps
        assert (supply.makes, vat.makes) == (Makes.SUPPLY, Makes.VAT)
        return supply.rounded + price.fixed + vat.rounded
    (step,) = holding.steps
    taken_along = step.denominator != 1_000_000
    return step.rounded + (0 if taken_along else price.fixed)


def _sum(line: ExplainedLine) -> int:
    moved = _recomputed(line.after, line.price) - _recomputed(line.before, line.price)
    refund = 0 if line.refund is None else line.refund.charge.fee
    return (0 if line.kept else moved) + refund


@given(TRANSACTIONS, CONDITIONS)
def test_the_steps_of_every_line_lead_to_the_fee_that_is_charged(
    transaction: Transaction, conditions: Conditions
) -> None:
    explained = explained_lines(transaction, conditions)
    assert tuple(FeeLine(line.type.value, line.fee) for line in explained) == fee_lines(
        transaction, conditions
    )
    for line in explained:
        assert line.fee == _sum(line)
        for holding in (line.before, line.after):
            assert holding.charge.fee == _recomputed(holding, line.price)


@pytest.mark.fuzz
@pytest.mark.timeout(600)
def test_the_steps_lead_to_the_fee_in_a_hundred_thousand_random_cases() -> None:
    random = Random(20_250_618)
    for _ in range(10_000):
        conditions, traits = draw_conditions(random), draw_traits(random)
        for _ in range(10):
            whole = random.randint(1, 10 ** random.randint(2, 12))
            kind = random.choice([Kind.APPROVAL, Kind.CANCEL, Kind.DEPOSIT_REVERSAL])
            transaction = _transaction(kind, whole, random.randrange(whole), traits)
            lines = explained_lines(transaction, conditions)
            assert [line.fee for line in lines] == [_sum(line) for line in lines]
            assert sum(line.fee for line in lines) == sum(
                line.fee for line in fee_lines(transaction, conditions)
            )


@given(CONDITIONS, TRAITS)
def test_the_parts_of_a_price_sum_to_it_and_no_part_is_left_out(
    conditions: Conditions, traits: Traits
) -> None:
    summed: dict[LineType, Price] = {}
    for part in price_parts(conditions, traits):
        summed[part.line] = summed.get(part.line, Price()) + part.price
    assert summed == prices(conditions, traits)


@given(TRANSACTIONS, CONDITIONS)
def test_the_fee_of_a_refund_is_explained_wherever_it_is_charged(
    transaction: Transaction, conditions: Conditions
) -> None:
    holding = refund_holding(transaction, conditions)
    found = 0 if holding is None else _recomputed(holding, Price(0, conditions.refund_fee))
    assert found == refund_fee(transaction, conditions)


def _one_line(before: int, after: int, **conditions: Any) -> ExplainedLine:
    agreed = a_contract(**conditions).conditions
    return explained_lines(a_transaction(before, after, settle_day=None), agreed)[0]


def test_the_live_row_of_63_won_is_cut_at_57_and_its_vat_rounded_up_to_6() -> None:
    line = _one_line(0, 1_600, rate_ppm=36_000)
    assert line.before == Holding(0, line.before.charge, ())
    assert [(step.makes, step.how, step.rounded) for step in line.after.steps] == [
        (Makes.SUPPLY, How.CUT, 57),
        (Makes.VAT, How.HALF_UP, 6),
    ]
    assert [step.numerator * 10 // step.denominator for step in line.after.steps] == [576, 57]
    assert line.fee == 63


@pytest.mark.parametrize(
    ("rounding", "vat", "steps"),
    [
        (Rounding.A, Vat.EXCLUDED, [(Makes.FEE, 353)]),
        (Rounding.B, Vat.EXCLUDED, [(Makes.SUPPLY, 320), (Makes.VAT, 32)]),
        (Rounding.A, Vat.INCLUDED, [(Makes.FEE, 320)]),
        (Rounding.B, Vat.INCLUDED, [(Makes.FEE, 320)]),
    ],
)
def test_each_way_of_rounding_shows_its_own_steps(
    rounding: Rounding, vat: Vat, steps: list[tuple[Makes, int]]
) -> None:
    line = _one_line(0, 10_030, rounding=rounding, vat=vat)
    assert [(step.makes, step.rounded) for step in line.after.steps] == steps


def test_a_step_rounds_as_it_says() -> None:
    assert RoundingStep(Makes.VAT, 5, 10, How.HALF_UP).rounded == 1
    assert RoundingStep(Makes.VAT, 4, 10, How.HALF_UP).rounded == 0
    assert RoundingStep(Makes.SUPPLY, 19, 10, How.CUT).rounded == 1


def test_a_surcharge_is_named_beside_the_base() -> None:
    conditions = a_contract(surcharges=(Surcharge(Situation.ESCROW, Price(2_000)),)).conditions
    transaction = a_transaction(0, 10_000, settle_day=None, traits=Traits((Situation.ESCROW,)))
    (line,) = explained_lines(transaction, conditions)
    assert [(part.situation, part.price) for part in line.parts] == [
        (None, Price(32_000)),
        (Situation.ESCROW, Price(2_000)),
    ]
    assert (line.price, line.fee) == (Price(34_000), 374)
