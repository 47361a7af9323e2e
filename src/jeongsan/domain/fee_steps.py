"""A fee explained: the prices behind each line, the exact products, and every rounding on the way.

The figures are those of `domain.fees`, which charges; what is added here is only how they came about.
"""

from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.fees import REFUND, Charge, charge, extras, fee_lines, prices, refund_fee
from jeongsan.domain.methods import Situation, Traits
from jeongsan.domain.money import divide_half_up
from jeongsan.domain.terms import Conditions, FeeOnCancel, LineType, Price, RefundFeeOn, Rounding, Vat
from jeongsan.domain.transactions import Kind, Transaction

_PPM = 1_000_000


class How(StrEnum):
    """How a figure becomes a whole number of minor units: cut (절사), or half up (반올림)."""

    CUT = "cut"
    HALF_UP = "half-up"


class Makes(StrEnum):
    """What a rounding leads to: the supply value, the VAT of it, or the fee at once."""

    SUPPLY = "supply"
    VAT = "vat"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class RoundingStep:
    """`numerator / denominator` is the exact figure in minor units, `rounded` what became of it."""

    makes: Makes
    numerator: int
    denominator: int
    how: How

    @property
    def rounded(self) -> int:
        """The whole number."""
        if self.how is How.CUT:
            return self.numerator // self.denominator
        return divide_half_up(self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class PricePart:
    """One price behind a line. `situation`: what it is a surcharge for; None: the line's own price."""

    line: LineType
    price: Price
    situation: Situation | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What holding a balance costs, and the roundings that led to it."""

    amount: int
    charge: Charge
    steps: tuple[RoundingStep, ...]


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A fee line with what led to it. `kept`: a cancel gives nothing of it back. `refund`: the refund's own
    fee, where it is within this line. `fee` is after less before, or zero when kept, plus the refund's."""

    type: LineType
    parts: tuple[PricePart, ...]
    price: Price
    before: Holding
    after: Holding
    kept: bool
    refund: Holding | None
    fee: int


def price_parts(conditions: Conditions, traits: Traits) -> tuple[PricePart, ...]:
    """Every price that applies to a payment with these traits, the base first."""
    return (
        PricePart(LineType.BASE, conditions.base),
        *(PricePart(line, price, situation) for line, price, situation in extras(conditions, traits)),
    )


def rounding_steps(amount: int, price: Price, vat: Vat, rounding: Rounding) -> tuple[RoundingStep, ...]:
    """The roundings of a charge, in order; none where nothing is held. A fixed part is added to what the
    first one leaves, except under rounding A, which takes it along."""
    raw_ppm = amount * price.rate_ppm
    if amount == 0:
        return ()
    if vat is Vat.INCLUDED:
        return (RoundingStep(Makes.FEE, raw_ppm, _PPM, How.CUT),)
    if rounding is Rounding.A:
        return (RoundingStep(Makes.FEE, (raw_ppm + price.fixed * _PPM) * 11, 10 * _PPM, How.CUT),)
    supplied = RoundingStep(Makes.SUPPLY, raw_ppm, _PPM, How.CUT)
    return supplied, RoundingStep(Makes.VAT, supplied.rounded + price.fixed, 10, How.HALF_UP)


def _holding(amount: int, price: Price, conditions: Conditions) -> Holding:
    agreed = (price, conditions.vat, conditions.rounding)
    return Holding(amount, charge(amount, *agreed), rounding_steps(amount, *agreed))


def refund_holding(transaction: Transaction, conditions: Conditions) -> Holding | None:
    """The fee of a refund, wherever it is charged; None where there is none."""
    if not refund_fee(transaction, conditions):
        return None
    return _holding(REFUND, Price(0, conditions.refund_fee), conditions)


def explained_lines(transaction: Transaction, conditions: Conditions) -> tuple[ExplainedLine, ...]:
    """The fee lines of `fee_lines`, each with what led to it."""
    parts = price_parts(conditions, transaction.traits)
    agreed = prices(conditions, transaction.traits)
    kept = transaction.kind is Kind.CANCEL and conditions.fee_on_cancel is FeeOnCancel.KEPT
    on_row = conditions.refund_fee_on is RefundFeeOn.ROW
    refund = refund_holding(transaction, conditions) if on_row else None
    return tuple(
        ExplainedLine(
            type=LineType(line.type),
            parts=tuple(part for part in parts if part.line == line.type),
            price=agreed.get(LineType(line.type), Price()),
            before=_holding(transaction.balance_before, agreed.get(LineType(line.type), Price()), conditions),
            after=_holding(transaction.balance_after, agreed.get(LineType(line.type), Price()), conditions),
            kept=kept,
            refund=refund if line.type == LineType.ETC else None,
            fee=line.fee,
        )
        for line in fee_lines(transaction, conditions)
    )
