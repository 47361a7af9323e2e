"""What a shop has agreed for a method: fees, cycle and payout rule. Frozen on each approval by `terms_id`.

What the recordings leave open is a field with a default that is marked "assumed" here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.methods import CardKind, Method, Situation, Traits
from jeongsan.domain.payout_dates import COUNT_MAX, Anchor, HolidayPolicy, PayoutRule

RATE_PPM_MAX = 1_000_000
FIXED_MAX = 10**9
MONTHS_MAX = 36
# What a contract calls the three ways of counting to a payout.
COUNT_NAMES = {
    Counted.BUSINESS_DAYS: "businessDays",
    Counted.CALENDAR_DAYS: "calendarDays",
    Counted.MONTH_ENDS: "monthEnds",
}
_RATE_STEP = Decimal("0.0001")


class Rounding(StrEnum):
    """How a fee follows from a rate without VAT (assumed: B).

    A: floor(amount * rate * 1.1). B: supply = floor(amount * rate), plus VAT of it, half up.
    """

    A = "A"
    B = "B"


class Vat(StrEnum):
    """Whether rates and fixed fees are quoted without VAT (as published) or with it."""

    EXCLUDED = "excluded"
    INCLUDED = "included"


class Grade(StrEnum):
    """Size of a merchant by yearly sales, which sets its card rates: 일반, 영세, 중소1 to 3."""

    GENERAL = "general"
    SMALL = "small"
    MEDIUM1 = "medium1"
    MEDIUM2 = "medium2"
    MEDIUM3 = "medium3"


class LineType(StrEnum):
    """Types of `fees[]`, in the order in which a row lists them."""

    BASE = "BASE"
    INSTALLMENT_DISCOUNT = "INSTALLMENT_DISCOUNT"
    INSTALLMENT = "INSTALLMENT"
    POINT_SAVING = "POINT_SAVING"
    ETC = "ETC"


class FeeOnCancel(StrEnum):
    """Whether a cancel gives the fee back: a card's is, a transfer's and a virtual account's is not."""

    RETURNED = "returned"
    KEPT = "kept"


class RefundFeeOn(StrEnum):
    """Where the fee of a refund is charged (assumed: ROW, as an ETC line of the cancel's own row)."""

    ROW = "row"
    ADJUSTMENT = "adjustment"


class Release(StrEnum):
    """When a transaction may settle: at once, when the merchant asks (수동 정산), when the purchase is
    confirmed (구매확정), when the carrier collected the phone bill (수납)."""

    AT_ONCE = "at-once"
    ON_REQUEST = "on-request"
    ON_CONFIRMATION = "on-confirmation"
    ON_COLLECTION = "on-collection"


class SoldOn(StrEnum):
    """Which day a transaction that waited is sold on (assumed: RELEASE, the day it was set free)."""

    RELEASE = "release"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class Price:
    """`rate_ppm` millionths of the amount and `fixed` minor units for each transaction."""

    rate_ppm: int = 0
    fixed: int = 0

    def check(self, field: str) -> None:
        """Whether a contract may state this price. Raises InvalidTerms; `field` stands before its name."""
        _check_rate(f"{field}rate", self.rate_ppm)
        check_fixed(f"{field}fixed", self.fixed)

    def __add__(self, other: "Price") -> "Price":
        return Price(self.rate_ppm + other.rate_ppm, self.fixed + other.fixed)


def _check_rate(field: str, rate_ppm: int) -> None:
    if not 0 <= rate_ppm <= RATE_PPM_MAX:
        raise InvalidTerms(field, Fault.NOT_WITHIN_PERCENT)


def check_fixed(field: str, minor: int) -> None:
    """Whether a contract may state this fixed fee. Raises InvalidTerms."""
    if not 0 <= minor <= FIXED_MAX:
        raise InvalidTerms(field, Fault.NOT_WITHIN, 0, FIXED_MAX)


def check_instalment(field: str, months: int, rate_ppm: int) -> None:
    """Whether a contract may state this rate of interest-free instalments. Raises InvalidTerms."""
    if not 2 <= months <= MONTHS_MAX:
        raise InvalidTerms(field, Fault.MONTHS_NOT_WITHIN, MONTHS_MAX)
    _check_rate(field, rate_ppm)


def check_payout(rule: PayoutRule) -> None:
    """Whether a contract may state this rule: a count that can be, and no setting that its way of counting
    does not look at. Raises InvalidTerms."""
    if not 1 <= rule.count <= COUNT_MAX:
        raise InvalidTerms(f"payout.{COUNT_NAMES[rule.counted]}", Fault.NOT_WITHIN, 1, COUNT_MAX)
    business_days = rule.counted is Counted.BUSINESS_DAYS
    if rule.anchor is not Anchor.EXCLUSIVE and not business_days:
        raise InvalidTerms("payout.anchor", Fault.ONLY_BUSINESS_DAYS)
    if rule.holiday is not HolidayPolicy.AFTER and business_days:
        raise InvalidTerms("payout.holiday", Fault.ONLY_DATES)


def _check_once(field: str, names: Sequence[object]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InvalidTerms(f"{field}.{name}", Fault.NAMED_TWICE)


@dataclass(frozen=True, slots=True)
class Surcharge:
    """What a situation costs on top. `line`: where the row shows it (assumed: within BASE)."""

    situation: Situation
    price: Price
    line: LineType = LineType.BASE


def usual_fee_on_cancel(method: Method | None) -> FeeOnCancel:
    """What holds where a contract does not say: cards give the fee back (recorded rows), banks do not
    (published); of the other methods, and of None, which is not known, it is assumed."""
    kept = method in (Method.TRANSFER, Method.VIRTUAL_ACCOUNT)
    return FeeOnCancel.KEPT if kept else FeeOnCancel.RETURNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What was agreed. `installment` and `installment_discount`: (months, rate in ppm) of interest-free
    instalments that the merchant bears, or the card company; `point_saving`: for card points;
    `other`: an ETC line on every approval. `refund_fee`: minor units for each cancel."""

    base: Price
    vat: Vat = Vat.EXCLUDED
    rounding: Rounding = Rounding.B
    surcharges: tuple[Surcharge, ...] = ()
    installment: tuple[tuple[int, int], ...] = ()
    installment_discount: tuple[tuple[int, int], ...] = ()
    point_saving: Price | None = None
    other: Price | None = None
    fee_on_cancel: FeeOnCancel = FeeOnCancel.RETURNED
    refund_fee: int = 0
    refund_fee_on: RefundFeeOn = RefundFeeOn.ROW
    cycle: Cycle = Cycle.DAILY
    payout: PayoutRule
    release: Release = Release.AT_ONCE
    sold_on: SoldOn = SoldOn.RELEASE

    def __post_init__(self) -> None:
        check_payout(self.payout)
        check_fixed("cancel.refundFee", self.refund_fee)
        self.base.check("")
        for surcharge in self.surcharges:
            surcharge.price.check(f"surcharges.{surcharge.situation}.")
        _check_once("surcharges", [surcharge.situation for surcharge in self.surcharges])
        for field, price in (("pointSaving.", self.point_saving), ("other.", self.other)):
            if price is not None:
                price.check(field)
        tables = {"installments": self.installment, "installmentDiscounts": self.installment_discount}
        for field, rates in tables.items():
            for months, rate_ppm in rates:
                check_instalment(f"{field}.{months}", months, rate_ppm)
            _check_once(field, [months for months, _ in rates])

    def awaits(self, traits: Traits) -> Release:
        """What a payment with these traits waits for. Escrow waits for the buyer's confirmation, whatever
        else was agreed."""
        return Release.ON_CONFIRMATION if Situation.ESCROW in traits.situations else self.release

    def waits(self, traits: Traits) -> bool:
        """Whether a transaction settles only after somebody released it. Escrow always does."""
        return self.awaits(traits) is not Release.AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One version of what a shop agreed for a method, or for some kind of card (None: any kind).

    In force on approvals from `start` to `end`, both Korean days and included; `end` None: until
    further notice. `grade`: the grade that the rate is for, where the contract has rates by grade.
    """

    terms_id: int
    shop_id: int
    method: Method
    card_kind: CardKind | None = None
    start: date
    end: date | None = None
    grade: Grade | None = None
    conditions: Conditions

    def holds_on(self, day: date) -> bool:
        """Whether they are in force on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


def rate_from_percent(text: str, *, field: str = "rate") -> int:
    """Millionths from a percentage with at most four decimals: "3.6" → 36000. Raises InvalidTerms."""
    try:
        percent = Decimal(text)
    except InvalidOperation as error:
        raise InvalidTerms(field, Fault.NOT_A_PERCENTAGE) from error
    # Python also reads 3_6 and digits of other scripts; a rate written so is a slip.
    if "_" in text or not text.isascii():
        raise InvalidTerms(field, Fault.NOT_A_PERCENTAGE)
    # Comparing is exact at any exponent; multiplying would round, or overflow at 1e999999999.
    if not percent.is_finite() or not 0 <= percent <= 100:
        raise InvalidTerms(field, Fault.NOT_WITHIN_PERCENT)
    rounded = percent.quantize(_RATE_STEP)
    if percent != rounded:
        raise InvalidTerms(field, Fault.TOO_FINE)
    return int(rounded / _RATE_STEP)


def percent_from_rate(rate_ppm: int) -> str:
    """The percentage as text without trailing zeros: 36000 → "3.6"."""
    return f"{Decimal(rate_ppm) / 10_000:f}"
