"""Money: an integer of minor units with its currency. Owns exponents and rounding of divisions.

There is no division of money here but the named, rounded ones; amounts of different currencies do
not mix.
"""

from dataclasses import dataclass
from decimal import Decimal

# Minor digits per currency. MUSD is the pseudo currency "whole micro-dollars" seen in recordings.
EXPONENTS = {"KRW": 0, "JPY": 0, "MUSD": 0, "USD": 2, "PHP": 2}
MINOR_MAX = 10**15
# What exact decimal arithmetic can hold for sure; further out it would round to zero or to infinity.
_DIGITS_MAX = 24
_ADJUSTED_MAX = 18


class CurrencyMismatch(TypeError):
    """Two currencies in one sum or comparison: always a mistake of the program."""


class InvalidAmount(ValueError):
    """The number cannot be an amount of this currency."""


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` units of `currency`: 1,000 KRW is `Money(1000, "KRW")`, 5.44 USD `Money(544, "USD")`."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._minor_of(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._minor_of(other)

    def _minor_of(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")
        return other.minor

    def number(self) -> int | Decimal:
        """The amount in whole units: an integer where the currency has no minor digits."""
        exponent = EXPONENTS[self.currency]
        return Decimal(self.minor).scaleb(-exponent) if exponent else self.minor


def zero(currency: str) -> Money:
    """Nothing, in this currency."""
    return Money(0, currency)


def from_number(number: int | Decimal, currency: str) -> Money:
    """Exact conversion of whole units to money.

    Raises InvalidAmount for an unknown currency, a number with more minor digits than the currency
    has, or one beyond 10**15 minor units.
    """
    if currency not in EXPONENTS:
        raise InvalidAmount(f"unknown currency {currency}")
    value = Decimal(number)
    if not value.is_finite() or not -_DIGITS_MAX < value.adjusted() <= _ADJUSTED_MAX:
        raise InvalidAmount("number out of range")
    if len(value.as_tuple().digits) > _DIGITS_MAX:
        raise InvalidAmount("number out of range")
    scaled = value.scaleb(EXPONENTS[currency])
    minor = int(scaled)
    if minor != scaled:
        raise InvalidAmount(f"{currency} has {EXPONENTS[currency]} decimal places")
    if abs(minor) > MINOR_MAX:
        raise InvalidAmount("number out of range")
    return Money(minor, currency)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Round half up on the absolute value and keep the sign (recorded: a fee of -2250 has VAT -205)."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient
