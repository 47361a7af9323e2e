"""The merchant's own arithmetic of fees, against exact fractions and every published row."""

import json
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.reconcile.fee_rates import (
    Rounding,
    Tariff,
    decimals_of,
    eleventh,
    fixed_fee,
    percent,
    rates,
    rates_of_decimals,
    simplest_rates,
    with_vat,
    without_vat,
)

VECTORS = json.loads((Path(__file__).parents[1] / "domain/settlement_vectors.json").read_text("utf-8"))
ROWS = [row for row in VECTORS["settlement_rows"] if row["amount"]]
AMOUNTS = st.integers(1, 50_000_000)
RATES = st.integers(0, 150_000)
ROUNDINGS = st.sampled_from(Rounding)


def reference(amount: int, rate: int, fixed: int, rounding: Rounding) -> int:
    """The contract as a person would compute it, with decimals."""
    mode = ROUND_HALF_UP if rounding.half_up else ROUND_FLOOR

    def whole(value: Decimal) -> Decimal:
        return value.quantize(Decimal(1), mode)

    exact = Decimal(amount) * Decimal(rate) / 1_000_000
    if rounding.vat_included:
        return int(whole(exact + fixed))
    if rounding.value.startswith("A"):
        return int(whole((exact + fixed) * Decimal("1.1")))
    supply = whole(exact) + fixed
    return int(supply + (supply / 10).quantize(Decimal(1), ROUND_HALF_UP))


@given(AMOUNTS, RATES, st.sampled_from([0, 50, 133, 300]), ROUNDINGS)
def test_a_tariff_charges_what_the_words_of_the_contract_say(
    amount: int, rate: int, fixed: int, rounding: Rounding
) -> None:
    assert Tariff(rate, fixed, rounding).fee(amount) == reference(amount, rate, fixed, rounding)


@given(AMOUNTS, RATES, st.sampled_from([0, 50, 133, 300]), ROUNDINGS)
def test_the_rates_of_a_fee_are_exactly_those_that_make_it(
    amount: int, rate: int, fixed: int, rounding: Rounding
) -> None:
    fee = reference(amount, rate, fixed, rounding)
    low, high = rates(amount, fee, rounding, fixed)
    assert low <= rate <= high
    assert Tariff(low, fixed, rounding).fee(amount) == Tariff(high, fixed, rounding).fee(amount) == fee
    assert Tariff(high + 1, fixed, rounding).fee(amount) > fee
    assert not low or Tariff(low - 1, fixed, rounding).fee(amount) < fee


@given(st.integers(0, 10_000_000))
def test_every_eleventh_fee_is_no_supply_value_with_its_vat(fee: int) -> None:
    supply = without_vat(fee)
    assert (supply is None) == (fee % 11 == 5)
    assert supply is None or with_vat(supply) == fee


def test_a_fee_that_no_supply_value_makes_has_no_rate_under_b() -> None:
    low, high = rates(1_000, 16, Rounding.B)
    assert low > high


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_published_row_has_the_vat_that_is_an_eleventh(row: dict[str, Any]) -> None:
    assert eleventh(row["fee"]) == row["vat"]
    assert eleventh(-row["fee"]) == -row["vat"]


@pytest.mark.parametrize("split", VECTORS["payment_vat_split"], ids=lambda one: str(one["total"]))
def test_the_published_splits_of_payments_are_elevenths_too(split: dict[str, Any]) -> None:
    assert (eleventh(split["total"]), split["total"] - eleventh(split["total"])) == (
        split["vat"],
        split["supplied"],
    )


def test_other_companies_published_figures() -> None:
    """F1: a tenth on top of ten fees' supply value. F3 does not add up and has no such sum."""
    totals = {one["id"]: one for one in VECTORS["other_fee_examples"]}
    assert with_vat(totals["F1"]["fee_ex_vat"]) == totals["F1"]["fee_total"]
    assert with_vat(totals["F3"]["fee_ex_vat"]) != totals["F3"]["gross"] - totals["F3"]["deposit"]


@pytest.mark.parametrize(
    ("amount", "fee", "rounding", "rate"),
    [
        (1_600, 63, Rounding.B, "3.6"),  # S8, recorded
        (1_600, 63, Rounding.A, "3.6"),
        (34_000, 800, Rounding.A, "2.14"),  # S1, documented
        (34_000, 800, Rounding.B, "2.14"),
        (10_030, 353, Rounding.A, "3.2"),
        (10_030, 352, Rounding.B, "3.2"),
    ],
)
def test_a_published_fee_names_its_simplest_rate(
    amount: int, fee: int, rounding: Rounding, rate: str
) -> None:
    assert [percent(one) for one in simplest_rates(*rates(amount, fee, rounding))] == [rate]


@pytest.mark.parametrize("rounding", Rounding)
def test_a_fixed_fee_of_300_is_330_with_vat(rounding: Rounding) -> None:
    assert fixed_fee(330, rounding) == (330 if rounding.vat_included else 300)


@given(st.integers(1, 100_000), ROUNDINGS)
def test_a_fixed_fee_alone_makes_its_fee(fee: int, rounding: Rounding) -> None:
    fixed = fixed_fee(fee, rounding)
    assert fixed is None or Tariff(0, fixed, rounding).fee(12_345) == fee


@pytest.mark.parametrize(
    ("rate", "shown", "decimals"), [(32_000, "3.2", 1), (30_000, "3", 0), (21_407, "2.1407", 4)]
)
def test_a_rate_is_written_as_contracts_do(rate: int, shown: str, decimals: int) -> None:
    assert (percent(rate), decimals_of(rate)) == (shown, decimals)


def test_rates_of_two_decimals_between_two() -> None:
    assert list(rates_of_decimals(31_950, 32_150, 2)) == [32_000, 32_100]
    assert list(simplest_rates(31_001, 31_099)) == list(range(31_010, 31_091, 10))
    assert not simplest_rates(2, 1)
