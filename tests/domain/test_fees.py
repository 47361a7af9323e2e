"""Fees: the recorded rows, the two roundings against a decimal reference, and exact return on cancels."""

import itertools
import json
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.fees import FeeLine, FeeSplit, charge, fee_lines, split_fee
from jeongsan.domain.money import divide_half_up
from jeongsan.domain.terms import Rounding, Terms, Vat, rate_from_percent
from support.examples import a_contract, a_transaction

_EXAMPLES = {
    example["id"]: example
    for example in json.loads((Path(__file__).parent / "settlement_vectors.json").read_text())[
        "other_fee_examples"
    ]
}


def fee_of(amount: int, terms: Terms) -> int:
    return charge(amount, terms.conditions.base, Vat.EXCLUDED, terms.conditions.rounding).fee


def moved(before: int, after: int, terms: Terms) -> tuple[FeeLine, ...]:
    return fee_lines(a_transaction(before, after, settle_day=None), terms.conditions)


AMOUNTS = st.integers(0, 10**13)
RATES = st.integers(0, 1_000_000)
ROUNDINGS = st.sampled_from(Rounding)


@pytest.mark.parametrize(
    ("fee", "supply", "vat"),
    [
        (860, 782, 78),
        (330, 300, 30),
        (63, 57, 6),
        (1_492, 1_356, 136),
        (859_950, 781_773, 78_177),
        (-2_250, -2_045, -205),
        (0, 0, 0),
    ],
)
def test_recorded_fees_split_into_their_recorded_supply_value_and_vat(
    fee: int, supply: int, vat: int
) -> None:
    assert split_fee(fee) == FeeSplit(supply, vat)


@pytest.mark.parametrize(
    ("amount", "percent", "rounding", "fee"),
    [
        (1_600, "3.6", Rounding.B, 63),
        (99_800, "2.05", Rounding.B, 2_250),
        (99_800, "2.05", Rounding.A, 2_250),
        (10_030, "3.2", Rounding.A, 353),
        (10_030, "3.2", Rounding.B, 352),
        (150_000, "3.2", Rounding.B, 5_280),
        (0, "3.2", Rounding.B, 0),
        (1_000_000, "3.07", Rounding.B, 33_770),
    ],
)
def test_known_amounts_have_their_known_fee(amount: int, percent: str, rounding: Rounding, fee: int) -> None:
    assert fee_of(amount, a_contract(rate_ppm=rate_from_percent(percent), rounding=rounding)) == fee


def test_another_companys_deposit_follows_from_its_rate() -> None:
    """F1: 1,000,000 at 3.07 % leaves 966,230, of which 3,070 were VAT."""
    example = _EXAMPLES["F1"]
    terms = a_contract(rate_ppm=rate_from_percent(str(Decimal(str(example["rate_ex_vat"])) * 100)))
    fee = fee_of(example["gross"], terms)
    assert fee == example["fee_total"]
    assert split_fee(fee) == FeeSplit(example["fee_ex_vat"], example["fee_vat"])
    assert example["gross"] - fee == example["deposit"]


def test_the_parts_of_a_mixed_payment_sum_to_its_fee() -> None:
    """F2: each part is rounded half up on its own and the total is their sum."""
    example = _EXAMPLES["F2"]
    fees = [
        divide_half_up(part["amount"] * rate_from_percent(str(Decimal(str(part["rate"])) * 100)), 1_000_000)
        for part in example["parts"]
    ]
    assert fees == [part["fee"] for part in example["parts"]]
    assert sum(fees) == example["fee_total"]


def _reference(amount: int, rate_ppm: int, rounding: Rounding) -> int:
    """The published formulas in decimal arithmetic, as a second way to the same figure."""
    rate = Decimal(rate_ppm) / 1_000_000
    if rounding is Rounding.A:
        return int((amount * rate * Decimal("1.1")).to_integral_value(ROUND_FLOOR))
    supply = (amount * rate).to_integral_value(ROUND_FLOOR)
    return int(supply + (supply / 10).to_integral_value(ROUND_HALF_UP))


@given(AMOUNTS, RATES, ROUNDINGS)
def test_integer_fees_equal_the_decimal_reference(amount: int, rate_ppm: int, rounding: Rounding) -> None:
    terms = a_contract(rate_ppm=rate_ppm, rounding=rounding)
    assert fee_of(amount, terms) == _reference(amount, rate_ppm, rounding)


@given(AMOUNTS, AMOUNTS, RATES, ROUNDINGS)
def test_more_money_never_costs_less(left: int, right: int, rate_ppm: int, rounding: Rounding) -> None:
    terms = a_contract(rate_ppm=rate_ppm, rounding=rounding)
    low, high = sorted((left, right))
    assert 0 <= fee_of(low, terms) <= fee_of(high, terms)


@given(st.integers(1, 10**12), st.lists(st.integers(1, 10**12), max_size=12), RATES, ROUNDINGS)
def test_however_a_payment_is_cancelled_the_whole_fee_comes_back(
    total: int, cuts: list[int], rate_ppm: int, rounding: Rounding
) -> None:
    terms = a_contract(rate_ppm=rate_ppm, rounding=rounding)
    charged = moved(0, total, terms)
    balances = [total, *sorted({cut for cut in cuts if cut < total}, reverse=True), 0]
    returned = [moved(before, after, terms) for before, after in itertools.pairwise(balances)]
    assert sum(line.fee for lines in returned for line in lines) == -sum(line.fee for line in charged)
    assert all(line.fee <= 0 for lines in returned for line in lines)


@given(st.integers(-(10**12), 10**12))
def test_supply_value_and_vat_sum_to_the_fee_and_mirror_for_cancels(fee: int) -> None:
    parts = split_fee(fee)
    assert parts.supply_amount + parts.vat == fee
    assert split_fee(-fee) == FeeSplit(-parts.supply_amount, -parts.vat)


def test_an_approval_carries_one_basic_fee_line() -> None:
    assert moved(0, 1_600, a_contract(rate_ppm=36_000)) == (FeeLine("BASE", 63),)


def test_no_fee_is_charged_on_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        fee_of(-1, a_contract())
