"""Adjustments (정산 조정): money between the gateway and a shop that is no transaction's settlement row.

They are in payouts and in the books, and never in GET /v1/settlements (assumed: no published row is without
a payment). Sources: small merchants' grades are found late and the difference of the card fee is refunded
for the whole time; refunds of some methods cost a fee of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jeongsan.domain.contract import Contract
from jeongsan.domain.fees import FeeSplit, fee_lines, refund_fee, split_fee
from jeongsan.domain.ledger import Account, Move
from jeongsan.domain.money import Money
from jeongsan.domain.settlement import SettlementRow
from jeongsan.domain.terms import Conditions, Grade, Price, RefundFeeOn, Terms
from jeongsan.domain.transactions import Transaction

REASON_LENGTH_MAX = 200
AMOUNT_MAX = 10**13


class AdjustmentKind(StrEnum):
    """Why money moves: the fee difference of a grade (영세·중소), the fee of a refund, or by hand."""

    GRADE_REFUND = "grade-refund"
    REFUND_FEE = "refund-fee"
    CORRECTION = "correction"


class InvalidAdjustment(ValueError):
    """What was asked for cannot be. `field` names the input at fault, `detail` what is wrong with it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Amounts in minor units of `currency`. `amount`: to the merchant when positive, from it when negative.
    `fee_amount = supply_amount + vat` is by how much its fees change; a correction changes none.

    `due_date`: when it was to be paid; `paid_out_date`: the date whose payout has it, which is later where a
    hold or a holiday came between. `cause` is unique: whoever books the same again books nothing. `start`,
    `end`, `grade`: the period of approvals that a grade refund is about, both days included."""

    adjustment_id: int
    shop_id: int
    kind: AdjustmentKind
    currency: str
    fee_amount: int
    supply_amount: int
    vat: int
    amount: int
    due_date: date
    paid_out_date: date
    cause: str
    reason: str
    actor_name: str
    created_at: int
    transaction_id: int | None = None
    start: date | None = None
    end: date | None = None
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The approvals of these Korean days, both included, under a grade."""

    start: date
    end: date
    grade: Grade

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InvalidAdjustment("to", "lies before from")

    def overlaps(self, start: date, end: date) -> bool:
        """Whether any day is in both."""
        return self.start <= end and start <= self.end


@dataclass(frozen=True, slots=True)
class Owed:
    """By how much fees change, in one currency: negative when the merchant gets money back."""

    currency: str
    supply_amount: int
    vat: int

    @property
    def fee_amount(self) -> int:
        """Both parts."""
        return self.supply_amount + self.vat

    def less(self, booked: FeeSplit) -> "Owed":
        """What is still missing when so much was booked."""
        return Owed(self.currency, self.supply_amount - booked.supply_amount, self.vat - booked.vat)


def graded(terms: Terms, contract: Contract, grade: Grade) -> Conditions | None:
    """The frozen conditions with the rate of another grade, by the contract they came from. None: it had no
    rates by grade for them."""
    for agreement in contract.agreements:
        if (terms.method, terms.card_kind) in agreement.subjects and agreement.holds_on(terms.start):
            rate_ppm = dict(agreement.rates).get(grade)
            if rate_ppm is None:
                return None
            return replace(terms.conditions, base=Price(rate_ppm, terms.conditions.base.fixed))
    return None


def fee_difference(transaction: Transaction, charged: FeeSplit, conditions: Conditions) -> FeeSplit:
    """By how much a row's fee would be another under these conditions, part by part as rows are split. Summed
    over a payment whose whole amount went back, it is nothing."""
    fee = split_fee(sum(line.fee for line in fee_lines(transaction, conditions)))
    return FeeSplit(fee.supply_amount - charged.supply_amount, fee.vat - charged.vat)


def sum_differences(differences: Iterable[tuple[str, FeeSplit]]) -> dict[str, Owed]:
    """(currency, difference) of rows → what is owed in each currency."""
    found: dict[str, Owed] = {}
    for currency, difference in differences:
        so_far = found.get(currency, Owed(currency, 0, 0))
        found[currency] = Owed(
            currency, so_far.supply_amount + difference.supply_amount, so_far.vat + difference.vat
        )
    return found


def grade_refund_cause(shop_id: int, currency: str, period: Period, number: int) -> str:
    """`number`: how many were booked for the same shop, currency and days before."""
    days = f"{period.start.isoformat()}:{period.end.isoformat()}"
    return f"{AdjustmentKind.GRADE_REFUND}:{shop_id}:{currency}:{days}:{number}"


def refund_fee_of(
    transaction: Transaction,
    row: SettlementRow,
    conditions: Conditions,
    *,
    adjustment_id: int,
    now: int,
    actor_name: str,
) -> Adjustment | None:
    """The fee of a refund, where the contract charges it beside the row: paid with the row. None: no cancel,
    or nothing to charge beside it."""
    if conditions.refund_fee_on is not RefundFeeOn.ADJUSTMENT:
        return None
    fee = refund_fee(transaction, conditions)
    if not fee:
        return None
    parts = split_fee(fee)
    return Adjustment(
        adjustment_id=adjustment_id,
        shop_id=row.shop_id,
        kind=AdjustmentKind.REFUND_FEE,
        currency=row.currency,
        fee_amount=fee,
        supply_amount=parts.supply_amount,
        vat=parts.vat,
        amount=-fee,
        due_date=row.paid_out_date,
        paid_out_date=row.paid_out_date,
        cause=f"{AdjustmentKind.REFUND_FEE}:{row.transaction_id}",
        reason=transaction.reason or "",
        actor_name=actor_name,
        created_at=now,
        transaction_id=row.transaction_id,
    )


def check_correction(amount: int, reason: str) -> None:
    """Whether somebody may correct by hand like this. Raises InvalidAdjustment."""
    if amount == 0:
        raise InvalidAdjustment("amount", "must not be zero")
    if abs(amount) > AMOUNT_MAX:
        raise InvalidAdjustment("amount", f"must be between -{AMOUNT_MAX} and {AMOUNT_MAX}")
    check_words("reason", reason)


def check_same(known: Adjustment, amount: Money) -> None:
    """Whether a correction under a known reference asks for what was booked. Raises InvalidAdjustment."""
    if (known.amount, known.currency) != (amount.minor, amount.currency):
        booked = Money(known.amount, known.currency).number()
        raise InvalidAdjustment("reference", f"was used for {booked} {known.currency}")


def check_words(field: str, words: str) -> None:
    """Whether this can be read later as a reason or a name. Raises InvalidAdjustment."""
    if not words.strip() or len(words) > REASON_LENGTH_MAX:
        raise InvalidAdjustment(field, f"must have 1 to {REASON_LENGTH_MAX} characters")
    if not words.isprintable():
        raise InvalidAdjustment(field, "has a character that cannot be seen")


def adjustment_moves(adjustment: Adjustment) -> tuple[Move, ...]:
    """A change of fees is the day close the other way round: revenue and VAT become payable, or payable
    becomes both. A correction is all revenue: it has no VAT of its own (assumed)."""
    corrected = adjustment.amount + adjustment.fee_amount
    return (
        Move(Account.FEE_REVENUE, Account.MERCHANT_PAYABLE, corrected - adjustment.supply_amount),
        Move(Account.VAT_PAYABLE, Account.MERCHANT_PAYABLE, -adjustment.vat),
    )
