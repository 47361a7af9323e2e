"""Fees: what the gateway keeps of a transaction, line by line, and what comes back on a cancel.

All figures are integers of minor units. Sources: recorded settlement rows, whose supply value and
VAT follow from the total fee by the divide-by-eleven rule, mirrored for negatives.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from jeongsan.domain.methods import InterestPayer, Situation, Traits
from jeongsan.domain.money import divide_half_up
from jeongsan.domain.terms import Conditions, FeeOnCancel, LineType, Price, RefundFeeOn, Rounding, Vat
from jeongsan.domain.transactions import Kind, Transaction

_PPM = 1_000_000
_NOTHING = Price()
# A refund costs the same whatever was refunded: its price has no rate.
REFUND = 1


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


@dataclass(frozen=True, slots=True)
class Charge:
    """What a price comes to, step by step. `raw_ppm`: amount times rate in millionths, nothing cut yet;
    `supply`: cut to whole units with the fixed part added, None where the rate is quoted with VAT."""

    raw_ppm: int
    supply: int | None
    fee: int


def split_fee(fee: int) -> FeeSplit:
    """VAT is an eleventh of the fee, half up on the absolute value, with the fee's sign."""
    vat = divide_half_up(fee, 11)
    return FeeSplit(supply_amount=fee - vat, vat=vat)


def charge(amount: int, price: Price, vat: Vat, rounding: Rounding) -> Charge:
    """What holding `amount` costs, VAT included. Never negative; zero for zero. Raises ValueError below."""
    if amount < 0:
        raise ValueError("a fee is charged on an amount of zero or more")
    if amount == 0:
        return Charge(0, 0, 0)
    raw_ppm = amount * price.rate_ppm
    if vat is Vat.INCLUDED:
        return Charge(raw_ppm, None, raw_ppm // _PPM + price.fixed)
    if rounding is Rounding.A:
        return Charge(raw_ppm, None, (raw_ppm + price.fixed * _PPM) * 11 // (10 * _PPM))
    supply = raw_ppm // _PPM + price.fixed
    return Charge(raw_ppm, supply, supply + divide_half_up(supply, 10))


def prices(conditions: Conditions, traits: Traits) -> dict[LineType, Price]:
    """The price behind each line of a payment with these traits, in the order of the lines. BASE is always
    there; another line only where the contract has a price for it."""
    found = {LineType.BASE: conditions.base}
    for line, price, _ in extras(conditions, traits):
        found[line] = found.get(line, _NOTHING) + price
    return {line: found[line] for line in LineType if line in found}


def extras(conditions: Conditions, traits: Traits) -> Iterator[tuple[LineType, Price, Situation | None]]:
    """What comes on top of the base price: the line, the price, and the situation of a surcharge."""
    for surcharge in conditions.surcharges:
        if surcharge.situation in traits.situations:
            yield surcharge.line, surcharge.price, surcharge.situation
    tables = {
        InterestPayer.CARD_COMPANY: (LineType.INSTALLMENT_DISCOUNT, conditions.installment_discount),
        InterestPayer.MERCHANT: (LineType.INSTALLMENT, conditions.installment),
    }
    if traits.interest_payer in tables:
        line, rates = tables[traits.interest_payer]
        for months, rate_ppm in rates:
            if months == traits.installment_months:
                yield line, Price(rate_ppm), None
    if conditions.point_saving is not None and Situation.CARD_POINT in traits.situations:
        yield LineType.POINT_SAVING, conditions.point_saving, None
    if conditions.other is not None:
        yield LineType.ETC, conditions.other, None


def refund_fee(transaction: Transaction, conditions: Conditions) -> int:
    """What this transaction costs because it is a refund, VAT included; 0 for anything but a cancel."""
    if transaction.kind is not Kind.CANCEL or not conditions.refund_fee:
        return 0
    return charge(REFUND, Price(0, conditions.refund_fee), conditions.vat, conditions.rounding).fee


def fee_lines(transaction: Transaction, conditions: Conditions) -> tuple[FeeLine, ...]:
    """The fee lines of a transaction that moved the balance.

    A line is fee(after) - fee(before): positive for an approval, negative for a cancel. Whatever the
    split of cancels, what is returned sums exactly to what was charged. Where fees are kept, a cancel's
    lines are zero; a reversed deposit never was one, so it gives everything back.
    """
    kept = transaction.kind is Kind.CANCEL and conditions.fee_on_cancel is FeeOnCancel.KEPT
    lines = []
    for line, price in prices(conditions, transaction.traits).items():
        before, after = (
            charge(balance, price, conditions.vat, conditions.rounding).fee
            for balance in (transaction.balance_before, transaction.balance_after)
        )
        lines.append(FeeLine(line.value, 0 if kept else after - before))
    charged = refund_fee(transaction, conditions)
    if charged and conditions.refund_fee_on is RefundFeeOn.ROW:
        lines = _with_refund_fee(lines, charged)
    return tuple(lines)


def _with_refund_fee(lines: list[FeeLine], charged: int) -> list[FeeLine]:
    """ETC is the last line: the refund's fee joins it, or becomes it."""
    if lines[-1].type == LineType.ETC:
        return [*lines[:-1], FeeLine(LineType.ETC.value, lines[-1].fee + charged)]
    return [*lines, FeeLine(LineType.ETC.value, charged)]
