"""The tax split: recorded pairs, and parts that always sum to the amount."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.money import EXPONENTS, Money
from jeongsan.domain.tax import split
from support.examples import an_approved_payment, cancelled, krw

_VECTORS = json.loads((Path(__file__).parent / "settlement_vectors.json").read_text())


@pytest.mark.parametrize("vector", _VECTORS["payment_vat_split"], ids=lambda v: str(v["total"]))
def test_every_published_payment_split_is_reproduced(vector: dict[str, Any]) -> None:
    parts = split(krw(vector["total"]), tax_free=krw(0), tax_exemption=krw(0))
    assert (parts.supplied, parts.vat) == (krw(vector["supplied"]), krw(vector["vat"]))


@pytest.mark.parametrize(
    ("amount", "currency", "vat", "supplied"),
    [
        (1_000, "KRW", 91, 909),
        (9_026, "KRW", 821, 8_205),
        (15_000, "KRW", 1_364, 13_636),
        (30_000, "KRW", 2_727, 27_273),
        (37_400, "KRW", 3_400, 34_000),
        (163_020, "KRW", 14_820, 148_200),
        (54_468, "USD", 4_952, 49_516),
        (50_000_000_000, "MUSD", 4_545_454_545, 45_454_545_455),
        (125, "PHP", 11, 114),
    ],
)
def test_every_recorded_pair_is_reproduced_in_its_currency(
    amount: int, currency: str, vat: int, supplied: int
) -> None:
    nothing = Money(0, currency)
    parts = split(Money(amount, currency), tax_free=nothing, tax_exemption=nothing)
    assert (parts.vat, parts.supplied) == (Money(vat, currency), Money(supplied, currency))


def test_the_untaxed_parts_are_left_out_before_dividing() -> None:
    """The documented example: 3,000 of 10,000 tax-free leaves a VAT of 636."""
    parts = split(krw(10_000), tax_free=krw(3_000), tax_exemption=krw(0))
    assert (parts.vat, parts.supplied) == (krw(636), krw(6_364))
    exempt = split(krw(10_000), tax_free=krw(2_000), tax_exemption=krw(1_000))
    assert (exempt.vat, exempt.supplied) == (krw(636), krw(6_364))


def test_a_payment_cancelled_by_another_company_before_acquisition_splits_alike() -> None:
    """F4: 7,517 has a supply part of 6,834; the row's own fee is zero and breaks no sum."""
    example = next(e for e in _VECTORS["other_fee_examples"] if e["id"] == "F4")
    parts = split(krw(example["amount"]), tax_free=krw(0), tax_exemption=krw(0))
    assert parts.supplied == krw(example["supplyAmt"])
    assert parts.vat == krw(example["amount"] - example["supplyAmt"])


@given(data=st.data(), currency=st.sampled_from(sorted(EXPONENTS)), amount=st.integers(0, 10**15))
def test_the_parts_always_sum_to_the_amount(data: st.DataObject, currency: str, amount: int) -> None:
    tax_free = data.draw(st.integers(0, amount))
    exempt = data.draw(st.integers(0, amount - tax_free))
    parts = split(
        Money(amount, currency), tax_free=Money(tax_free, currency), tax_exemption=Money(exempt, currency)
    )
    assert parts.supplied.minor + parts.vat.minor + tax_free + exempt == amount
    assert 0 <= 11 * parts.vat.minor - (amount - tax_free - exempt) + 5 <= 10
    assert parts.supplied.minor >= 0


def test_after_cancels_the_split_is_recomputed_from_what_is_left() -> None:
    """15,000 less 5,000 shows 9,091 and 909 (recorded shape); nothing left shows zeros."""
    partly = cancelled(an_approved_payment(), 5_000)
    parts = split(partly.balance, tax_free=partly.tax_free, tax_exemption=partly.tax_exemption)
    assert (parts.supplied, parts.vat) == (krw(9_091), krw(909))
    nothing = cancelled(partly)
    rest = split(nothing.balance, tax_free=nothing.tax_free, tax_exemption=nothing.tax_exemption)
    assert (rest.supplied, rest.vat) == (krw(0), krw(0))
