"""Money: exact amounts per currency, and the one rounding of divisions."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.money import (
    EXPONENTS,
    MINOR_MAX,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    divide_half_up,
    from_number,
    zero,
)


@pytest.mark.parametrize(
    ("number", "currency", "minor"),
    [
        (1000, "KRW", 1_000),
        (Decimal("1000.00"), "KRW", 1_000),
        (Decimal("1E+3"), "KRW", 1_000),
        (Decimal("5.44"), "USD", 544),
        (5, "USD", 500),
        (Decimal("1.25"), "PHP", 125),
        (50_000_000_000, "MUSD", 50_000_000_000),
        (-1, "JPY", -1),
        (Decimal("-0.0"), "KRW", 0),
    ],
)
def test_whole_units_become_minor_units_of_the_currency(
    number: int | Decimal, currency: str, minor: int
) -> None:
    assert from_number(number, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("number", "currency"),
    [
        (Decimal("0.5"), "KRW"),
        (Decimal("1.255"), "USD"),
        (Decimal("1E-999999999"), "KRW"),
        (Decimal("1E-999999999"), "USD"),
        (Decimal("1E+400"), "KRW"),
        (Decimal("1E+999999999"), "USD"),
        (Decimal("NaN"), "KRW"),
        (Decimal("sNaN"), "KRW"),
        (Decimal("Infinity"), "KRW"),
        (MINOR_MAX + 1, "KRW"),
        (-MINOR_MAX - 1, "KRW"),
        (10**4_000, "KRW"),
        (Decimal("1." + "0" * 40 + "1"), "USD"),
        (1, "EUR"),
        (1, "krw"),
        (1, ""),
    ],
)
def test_what_the_currency_cannot_hold_exactly_is_refused(number: int | Decimal, currency: str) -> None:
    with pytest.raises(InvalidAmount):
        from_number(number, currency)


@given(st.integers(-MINOR_MAX, MINOR_MAX), st.sampled_from(sorted(EXPONENTS)))
def test_an_amount_survives_the_way_to_a_number_and_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert from_number(money.number(), currency) == money


def test_currencies_without_minor_digits_leave_as_integers_and_others_with_two_decimals() -> None:
    assert type(Money(1_000, "KRW").number()) is int
    assert str(Money(544, "USD").number()) == "5.44"
    assert str(Money(500, "USD").number()) == "5.00"


def test_amounts_of_different_currencies_do_not_mix() -> None:
    won, dollars = Money(1, "KRW"), Money(1, "USD")
    for mixing in (
        lambda: won + dollars,
        lambda: won - dollars,
        lambda: won < dollars,
        lambda: won <= dollars,
    ):
        with pytest.raises(CurrencyMismatch):
            mixing()
    assert won != dollars


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_adding_and_subtracting_are_inverse(left: int, right: int) -> None:
    first, second = Money(left, "KRW"), Money(right, "KRW")
    assert first + second - second == first
    assert first + -first == zero("KRW")
    assert (first < second) == (left < right)
    assert (first <= second) == (left <= right)


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**6))
def test_division_rounds_half_away_from_zero_like_the_decimal_reference(
    numerator: int, denominator: int
) -> None:
    expected = (Decimal(abs(numerator)) / denominator).quantize(Decimal(1), ROUND_HALF_UP)
    exact_half = 2 * abs(numerator) % (2 * denominator) == denominator
    if not exact_half:
        # 28 digits of the reference are more than enough away from a half.
        assert abs(divide_half_up(numerator, denominator)) == int(expected)
    else:
        assert abs(divide_half_up(numerator, denominator)) == abs(numerator) // denominator + 1
    assert divide_half_up(-numerator, denominator) == -divide_half_up(numerator, denominator)


def test_the_recorded_negative_fee_rounds_to_its_recorded_vat() -> None:
    assert divide_half_up(-2_250, 11) == -205
