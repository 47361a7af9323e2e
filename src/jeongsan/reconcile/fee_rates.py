"""Fees by the merchant's own arithmetic: what a rate makes of an amount, and which rates make a fee.

Figures are integers of minor units; a rate is in millionths (3.2 % is 32,000), as finely as
contracts quote it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

MILLION = 1_000_000
# 3.2 % has one decimal, 3.25 % two; a contract never has more than four.
_DECIMALS_MAX = 4
NO_RATE = (1, 0)


class Rounding(StrEnum):
    """How a fee follows from a rate. A and B: the rate is without VAT. A takes rate and VAT together and cuts
    once; B cuts the supply value and adds a tenth of it, half up. INCLUDED: the rate has the VAT inside."""

    B = "B"
    A = "A"
    INCLUDED = "included"
    B_HALF_UP = "B half-up"
    A_HALF_UP = "A half-up"
    INCLUDED_HALF_UP = "included half-up"

    @property
    def half_up(self) -> bool:
        """Whether fractions are rounded half up, not cut."""
        return self.value.endswith("half-up")

    @property
    def vat_included(self) -> bool:
        """Whether rate and fixed fee are quoted with VAT."""
        return self.value.startswith("included")


_OF_B = (Rounding.B, Rounding.B_HALF_UP)


@dataclass(frozen=True, slots=True, order=True)
class Tariff:
    """What is charged for an amount: a rate and a fixed fee, without VAT unless `rounding` includes it."""

    rate: int
    fixed: int
    rounding: Rounding

    def fee(self, amount: int) -> int:
        """The fee, VAT included, for an amount of zero or more; nothing for nothing."""
        if not amount:
            return 0
        if self.rounding in _OF_B:
            return with_vat(_divided(amount * self.rate, MILLION, self.rounding) + self.fixed)
        times = 10 if self.rounding.vat_included else 11
        return _divided((amount * self.rate + self.fixed * MILLION) * times, 10 * MILLION, self.rounding)


def with_vat(supply: int) -> int:
    """A supply value of zero or more with a tenth on top, half up."""
    return (11 * supply + 5) // 10


def without_vat(fee: int) -> int | None:
    """The supply value that `with_vat` makes this fee of; None for the eleventh of all fees none makes."""
    supply = (10 * fee + 4) // 11
    return supply if with_vat(supply) == fee else None


def eleventh(fee: int) -> int:
    """The VAT inside a fee: an eleventh, half up on the absolute value, with the fee's sign."""
    vat = (2 * abs(fee) + 11) // 22
    return vat if fee >= 0 else -vat


def fixed_fee(fee: int, rounding: Rounding) -> int | None:
    """The fixed fee that alone makes this fee; None when none does."""
    if rounding.vat_included:
        return fee
    supply = without_vat(fee) if rounding in _OF_B else -(-10 * fee // 11)
    return supply if supply is not None and Tariff(0, supply, rounding).fee(1) == fee else None


def rates(amount: int, fee: int, rounding: Rounding, fixed: int = 0) -> tuple[int, int]:
    """(lowest, highest) rate that makes this fee of an amount above zero; NO_RATE when none does."""
    return rates_by(rounding, fixed)(amount, fee)


def rates_by(rounding: Rounding, fixed: int) -> Callable[[int, int], tuple[int, int]]:
    """`rates` for many charges: the rates r with rounded((r * amount * times + offset) / unit) == units."""
    times, unit = (10 if rounding.vat_included else 11), 10 * MILLION
    offset = 0 if rounding in _OF_B else fixed * MILLION * times
    if rounding in _OF_B:
        times, unit = 1, MILLION
    # Half up: everything doubled, and half a unit (now a whole one) earlier.
    scale, early = (2, unit) if rounding.half_up else (1, 0)
    times, unit, offset = times * scale, unit * scale, offset * scale

    def of_units(amount: int, units: int) -> tuple[int, int]:
        per, low = amount * times, units * unit - early - offset
        return max(0, -(-low // per)), -(-(low + unit) // per) - 1

    def of_fee(amount: int, fee: int) -> tuple[int, int]:
        supply = (10 * fee + 4) // 11
        if (11 * supply + 5) // 10 != fee or supply < fixed:
            return NO_RATE
        return of_units(amount, supply - fixed)

    return of_fee if rounding in _OF_B else of_units


def _divided(value: int, by: int, rounding: Rounding) -> int:
    return (2 * value + by) // (2 * by) if rounding.half_up else value // by


def plainest(tariff: Tariff) -> Tariff:
    """The same fees in the plainest words: without a rate the rounding does not matter, and 3.52 % with VAT
    inside is 3.2 % without it."""
    if not tariff.rate:
        alone = fixed_fee(tariff.fee(1), Rounding.B)
        fixed, rounding = (tariff.fee(1), Rounding.INCLUDED) if alone is None else (alone, Rounding.B)
        return Tariff(0, fixed, rounding)
    if tariff.rounding.vat_included and tariff.rate % 11 == 0 == tariff.fixed % 11:
        rounding = Rounding.A_HALF_UP if tariff.rounding.half_up else Rounding.A
        return Tariff(tariff.rate * 10 // 11, tariff.fixed * 10 // 11, rounding)
    return tariff


def simplest_rates(low: int, high: int) -> range:
    """The rates between two, both included, that need the fewest decimals of a percent."""
    for decimals in range(_DECIMALS_MAX + 1):
        found = rates_of_decimals(low, high, decimals)
        if found:
            return found
    return range(0)


def rates_of_decimals(low: int, high: int, decimals: int) -> range:
    """The rates between two that can be written with so many decimals of a percent."""
    step = 10 ** (_DECIMALS_MAX - decimals)
    return range(-(-low // step) * step, high + 1, step)


def decimals_of(rate: int) -> int:
    """How many decimals of a percent a rate needs."""
    return next(n for n in range(_DECIMALS_MAX + 1) if rate % 10 ** (_DECIMALS_MAX - n) == 0)


def percent(rate: int) -> str:
    """A rate as a percentage without trailing zeros: 32000 → "3.2"."""
    whole, rest = divmod(rate, 10**_DECIMALS_MAX)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")
