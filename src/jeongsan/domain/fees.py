"""Fees: what the gateway keeps of an amount, and what comes back on a cancel.

All figures are integers of minor units. Sources: recorded settlement rows, whose supply value and
VAT follow from the total fee by the divide-by-eleven rule, mirrored for negatives.
"""

from dataclasses import dataclass

from jeongsan.domain.money import divide_half_up
from jeongsan.domain.terms import Rounding, Terms


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One entry of `fees[]`: a type of the recorded list and its amount, VAT included."""

    type: str
    fee: int


@dataclass(frozen=True, slots=True)
class FeeSplit:
    """`supply_amount + vat` is the fee."""

    supply_amount: int
    vat: int


def split_fee(fee: int) -> FeeSplit:
    """VAT is an eleventh of the fee, half up on the absolute value, with the fee's sign."""
    vat = divide_half_up(fee, 11)
    return FeeSplit(supply_amount=fee - vat, vat=vat)


def fee_of(amount: int, terms: Terms) -> int:
    """The fee, VAT included, for holding `amount`. Never negative; zero for zero."""
    if amount < 0:
        raise ValueError("a fee is charged on an amount of zero or more")
    if terms.rounding is Rounding.A:
        return amount * terms.rate_ppm * 11 // 10_000_000
    supply = amount * terms.rate_ppm // 1_000_000
    return supply + divide_half_up(supply, 10)


def fee_lines(balance_before: int, balance_after: int, terms: Terms) -> tuple[FeeLine, ...]:
    """The fee lines of a transaction that moved the balance.

    The line is fee(after) - fee(before): positive for an approval, negative for a cancel. Whatever
    the split of cancels, what is returned sums exactly to what was charged.
    """
    return (FeeLine("BASE", fee_of(balance_after, terms) - fee_of(balance_before, terms)),)
