"""Tariffs from charges alone."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.reconcile.fee_rates import Rounding, Tariff
from jeongsan.reconcile.learn_fees import FeePeriod, TariffRange, deciding_amount, learn_fees

START = date(2025, 1, 1)
TARIFFS = st.builds(Tariff, st.integers(1, 150_000), st.just(0), st.sampled_from(Rounding))


def charges(*parts: tuple[Tariff, int], seed: int = 1) -> Counter[tuple[date, int, int]]:
    """So many charges a part, four a day, of all sorts of amounts."""
    chance = random.Random(seed)
    found = Counter[tuple[date, int, int]]()
    number = 0
    for tariff, rows in parts:
        for _ in range(rows):
            amount = chance.randrange(1_000, 900_000)
            found[START + timedelta(days=number // 4), amount, tariff.fee(amount)] += 1
            number += 1
    return found


def only(periods: tuple[FeePeriod, ...]) -> FeePeriod:
    (period,) = periods
    return period


@given(TARIFFS, st.integers(0, 999))
def test_four_decimals_of_a_rate_are_among_the_rates_that_fit(tariff: Tariff, seed: int) -> None:
    period = only(learn_fees(charges((tariff, 100), seed=seed)))
    assert period.agree == period.rows == 100
    words = {(one.rounding.value.split()[0], one.low <= tariff.rate <= one.high) for one in period.ranges}
    assert any(fits for _, fits in words) or tariff.rounding.vat_included


@pytest.mark.slow
def test_a_hundred_thousand_charges_are_learned_exactly() -> None:
    """More than the sample in which kinds are told apart: the last decimal comes from all of them."""
    tariff = Tariff(32_003, 0, Rounding.B)
    period = only(learn_fees(charges((tariff, 100_000))))
    assert (period.agree, period.ranges[0].tariff) == (100_000, tariff)


def test_a_change_and_the_way_back_are_three_periods() -> None:
    old, new = Tariff(32_000, 0, Rounding.A), Tariff(24_000, 0, Rounding.A)
    periods = learn_fees(charges((old, 40), (new, 80), (old, 40)))
    assert [(one.ranges[0].tariff, one.rows) for one in periods] == [(old, 40), (new, 80), (old, 40)]
    assert [one.first for one in periods] == [START + timedelta(days=days) for days in (0, 10, 30)]


def test_a_mistake_in_a_charge_changes_neither_rate_nor_rounding() -> None:
    found = charges((Tariff(32_000, 0, Rounding.B), 60))
    found[START, 10_000, 1] += 2
    period = only(learn_fees(found))
    assert (period.agree, period.rows) == (60, 62)
    assert [one.tariff for one in period.ranges] == [Tariff(32_000, 0, Rounding.B)]


def test_a_rate_of_nothing_is_a_rate() -> None:
    assert only(learn_fees({(START, 50_000, 0): 3, (START, 990_000, 0): 1})).ranges[0].rate == 0


@pytest.mark.parametrize("found", [{}, {(START, 0, 0): 5}])
def test_without_an_amount_there_is_nothing_to_learn(found: dict[tuple[date, int, int], int]) -> None:
    assert learn_fees(found) == ()


def test_the_deciding_amount_is_one_of_which_the_fees_differ() -> None:
    tariffs = [Tariff(32_000, 0, Rounding.A), Tariff(32_000, 0, Rounding.B)]
    amount = deciding_amount(tariffs)
    assert amount is not None
    assert len({one.fee(amount) for one in tariffs}) == 2
    assert deciding_amount([tariffs[0], tariffs[0]]) is None


def test_a_range_names_the_rates_a_contract_could_quote() -> None:
    wide = TariffRange(Rounding.B, 0, 31_950, 32_150)
    assert (wide.rate, list(wide.usual_rates)) == (32_000, [32_000, 32_100])
    fine = TariffRange(Rounding.B, 0, 31_951, 31_953)
    assert list(fine.usual_rates) == [31_951, 31_952, 31_953]
