"""Settlement by hand: what the published rules say of fees, VAT, buckets and payout days, in decimals and
dates, as a person with a calendar would work it out. Knows nothing of the gateway's code; slow on purpose.

Sources: the settlement guide and live rows (formulas, VAT by eleven, buckets), published price lists
(surcharges, fixed fees, fees that are kept), payout tables of Korean companies (business days).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

ONE_DAY = timedelta(days=1)
# The order in which a row lists its fees.
LINE_ORDER = ("BASE", "INSTALLMENT_DISCOUNT", "INSTALLMENT", "POINT_SAVING", "ETC")


@dataclass(frozen=True)
class Price:
    """A share of the amount, and something for each transaction: 3.2 % is Decimal("0.032")."""

    rate: Decimal
    fixed: int


@dataclass(frozen=True)
class Agreed:
    """A contract as it reads on paper. Surcharges: (situation, line, price)."""

    base: Price
    vat_included: bool
    rounding: str
    surcharges: tuple[tuple[str, str, Price], ...]
    merchant_instalments: Mapping[int, Decimal]
    company_instalments: Mapping[int, Decimal]
    points: Price | None
    other: Price | None
    kept_on_cancel: bool
    refund_fee: int
    refund_fee_on_row: bool
    cycle: str
    counted: str
    count: int
    anchor: str
    holiday: str


@dataclass(frozen=True)
class Payment:
    """What was paid with."""

    situations: tuple[str, ...]
    months: int
    interest_payer: str | None


@dataclass(frozen=True)
class Move:
    """A payment's balance went from one amount to another. `kind`: approval, cancel or deposit_reversal."""

    kind: str
    before: int
    after: int


@dataclass(frozen=True)
class Worked:
    """The figures of a settlement row."""

    amount: int
    fees: tuple[tuple[str, int], ...]
    fee: int
    supply_amount: int
    vat: int
    pay_out_amount: int


def cut(value: Decimal) -> Decimal:
    """Whole units; what is left over is dropped."""
    return value.to_integral_value(ROUND_FLOOR)


def half_up(value: Decimal) -> Decimal:
    """Whole units; a half goes away from zero."""
    return value.to_integral_value(ROUND_HALF_UP)


def price_of(line: str, agreed: Agreed, payment: Payment) -> Price | None:
    """Everything that a line of this payment is charged for, or None when there is no such line."""
    prices = [agreed.base] if line == "BASE" else []
    prices += [
        price
        for situation, shown_in, price in agreed.surcharges
        if situation in payment.situations and shown_in == line
    ]
    if line == "INSTALLMENT" and payment.interest_payer == "MERCHANT":
        prices += _instalments(agreed.merchant_instalments, payment.months)
    if line == "INSTALLMENT_DISCOUNT" and payment.interest_payer == "CARD_COMPANY":
        prices += _instalments(agreed.company_instalments, payment.months)
    if line == "POINT_SAVING" and "CARD_POINT" in payment.situations and agreed.points is not None:
        prices.append(agreed.points)
    if line == "ETC" and agreed.other is not None:
        prices.append(agreed.other)
    if not prices:
        return None
    return Price(sum((price.rate for price in prices), Decimal(0)), sum(price.fixed for price in prices))


def prices_of(agreed: Agreed, payment: Payment) -> dict[str, Price]:
    """The lines of a payment's fee, in order, and the price of each."""
    found = {line: price_of(line, agreed, payment) for line in LINE_ORDER}
    return {line: price for line, price in found.items() if price is not None}


def _instalments(rates: Mapping[int, Decimal], months: int) -> list[Price]:
    return [Price(rates[months], 0)] if months in rates else []


def cost_of_holding(amount: int, price: Price, agreed: Agreed) -> Decimal:
    """The fee of an amount, VAT included."""
    if amount == 0:
        return Decimal(0)
    share = amount * price.rate
    if agreed.vat_included:
        return cut(share) + price.fixed
    if agreed.rounding == "A":
        return cut((share + price.fixed) * Decimal("1.1"))
    supply = cut(share) + price.fixed
    return supply + half_up(supply / 10)


def cost_of_a_refund(agreed: Agreed) -> int:
    """What a cancel costs, VAT included, whatever it refunds."""
    if agreed.vat_included:
        return agreed.refund_fee
    with_vat = agreed.refund_fee * Decimal("1.1")
    return int(cut(with_vat) if agreed.rounding == "A" else half_up(with_vat))


def fees_of(move: Move, agreed: Agreed, prices: Mapping[str, Price]) -> tuple[tuple[str, int], ...]:
    """The fee lines: what holding the new balance costs, less what holding the old one did."""
    fees: dict[str, int] = {}
    for line, price in prices.items():
        gives_nothing_back = move.kind == "cancel" and agreed.kept_on_cancel
        now = cost_of_holding(move.after, price, agreed)
        then = cost_of_holding(move.before, price, agreed)
        fees[line] = 0 if gives_nothing_back else int(now - then)
    if move.kind == "cancel" and agreed.refund_fee > 0 and agreed.refund_fee_on_row:
        fees["ETC"] = fees.get("ETC", 0) + cost_of_a_refund(agreed)
    return tuple(fees.items())


def row_of(move: Move, agreed: Agreed, prices: Mapping[str, Price]) -> Worked:
    """The row's figures: VAT is an eleventh of the fee, half up."""
    fees = fees_of(move, agreed, prices)
    fee = sum(amount for _, amount in fees)
    vat = int(half_up(Decimal(fee) / 11))
    amount = move.after - move.before
    return Worked(amount, fees, fee, fee - vat, vat, amount - fee)


def is_closed(day: date, holidays: Mapping[date, str]) -> bool:
    """Saturday, Sunday or a holiday."""
    return day.isoweekday() in (6, 7) or day in holidays


def sold_date(day: date, cycle: str) -> date:
    """The day itself, the Sunday on or after it, or the last day of its month."""
    if cycle == "weekly":
        while day.isoweekday() != 7:
            day += ONE_DAY
    if cycle == "monthly":
        while (day + ONE_DAY).month == day.month:
            day += ONE_DAY
    return day


def paid_out_date(sold: date, agreed: Agreed, holidays: Mapping[date, str]) -> date:
    """When the money of a bucket arrives."""
    if agreed.counted == "business-days":
        return _business_days_after(sold, agreed, holidays)
    if agreed.counted == "calendar-days":
        named = sold + agreed.count * ONE_DAY
    else:
        named = sold_date(sold, "monthly")
        for _ in range(agreed.count):
            named = sold_date(named + ONE_DAY, "monthly")
    if agreed.holiday == "ignore":
        return named
    if agreed.holiday == "before":
        earlier = named
        while is_closed(earlier, holidays):
            earlier -= ONE_DAY
        # Nothing is paid on the day of the sale or before it.
        if earlier > sold:
            return earlier
    while is_closed(named, holidays):
        named += ONE_DAY
    return named


def _business_days_after(sold: date, agreed: Agreed, holidays: Mapping[date, str]) -> date:
    day = sold
    if agreed.anchor == "roll":
        while is_closed(day, holidays):
            day += ONE_DAY
    left = agreed.count
    while left:
        day += ONE_DAY
        if not is_closed(day, holidays):
            left -= 1
    return day
