"""What a shop has agreed: rate, rounding, cycle and days. Frozen on each approval by `terms_id`."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from jeongsan.domain.business_days import Anchor, Cycle

BUSINESS_DAYS_MAX = 60
_RATE_STEP = Decimal("0.0001")


class Rounding(StrEnum):
    """How the total fee follows from a rate without VAT (assumed: B).

    A: floor(amount * rate * 1.1). B: supply = floor(amount * rate), plus VAT of it, half up.
    """

    A = "A"
    B = "B"


class InvalidTerms(ValueError):
    """A contract that cannot be. `field` names the setting at fault, `detail` what is wrong with it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of a shop's contract. `rate_ppm`: millionths of the amount, VAT excluded."""

    terms_id: int
    shop_id: int
    rate_ppm: int
    rounding: Rounding
    cycle: Cycle
    business_days: int
    anchor: Anchor

    def __post_init__(self) -> None:
        if not 0 <= self.rate_ppm <= 1_000_000:
            raise InvalidTerms("rate", "must be between 0 and 100 percent")
        # At least one, so that every row of a payout is closed before the payout is due.
        if not 1 <= self.business_days <= BUSINESS_DAYS_MAX:
            raise InvalidTerms("businessDays", f"must be between 1 and {BUSINESS_DAYS_MAX}")


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """What to change; None leaves it as it is."""

    rate_ppm: int | None = None
    rounding: Rounding | None = None
    cycle: Cycle | None = None
    business_days: int | None = None
    anchor: Anchor | None = None
    settle_test_payments: bool | None = None


def apply_settings(terms: Terms, settings: ShopSettings) -> Terms:
    """The terms with what the settings change. Raises InvalidTerms."""
    return replace(
        terms,
        rate_ppm=terms.rate_ppm if settings.rate_ppm is None else settings.rate_ppm,
        rounding=settings.rounding or terms.rounding,
        cycle=settings.cycle or terms.cycle,
        business_days=terms.business_days if settings.business_days is None else settings.business_days,
        anchor=settings.anchor or terms.anchor,
    )


def rate_from_percent(text: str) -> int:
    """Millionths from a percentage with at most four decimals: "3.6" → 36000. Raises InvalidTerms."""
    try:
        percent = Decimal(text)
    except InvalidOperation as error:
        raise InvalidTerms("rate", "must be a percentage such as 3.2") from error
    # Python also reads 3_6 and digits of other scripts; a rate written so is a slip.
    if "_" in text or not text.isascii():
        raise InvalidTerms("rate", "must be a percentage such as 3.2")
    # Comparing is exact at any exponent; multiplying would round, or overflow at 1e999999999.
    if not percent.is_finite() or not 0 <= percent <= 100:
        raise InvalidTerms("rate", "must be between 0 and 100 percent")
    rounded = percent.quantize(_RATE_STEP)
    if percent != rounded:
        raise InvalidTerms("rate", "has at most four decimal places")
    return int(rounded / _RATE_STEP)


def percent_from_rate(rate_ppm: int) -> str:
    """The percentage as text without trailing zeros: 36000 → "3.6"."""
    return f"{Decimal(rate_ppm) / 10_000:f}"
