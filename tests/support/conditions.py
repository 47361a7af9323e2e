"""Contracts of every shape, for laws: as Hypothesis strategies, drawn by a seeded generator, and written
out on paper for the reference."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.methods import InterestPayer, Situation, Traits
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.terms import (
    MONTHS_MAX,
    Conditions,
    FeeOnCancel,
    LineType,
    Price,
    RefundFeeOn,
    Rounding,
    Surcharge,
    Vat,
)
from support import contracts
from support import settlement_reference as paper

PRICES = contracts.prices
CONDITIONS = st.builds(
    Conditions,
    base=PRICES,
    vat=st.sampled_from(Vat),
    rounding=st.sampled_from(Rounding),
    surcharges=contracts.surcharges,
    installment=contracts.months,
    installment_discount=contracts.months,
    point_saving=st.none() | PRICES,
    other=st.none() | PRICES,
    fee_on_cancel=st.sampled_from(FeeOnCancel),
    refund_fee=st.just(0) | contracts.fixed,
    refund_fee_on=st.sampled_from(RefundFeeOn),
    cycle=st.sampled_from(Cycle),
    payout=contracts.payout_rules,
)
TRAITS = st.builds(
    Traits,
    st.lists(st.sampled_from(Situation), unique=True, max_size=5).map(tuple),
    st.just(0) | st.integers(2, MONTHS_MAX),
    st.none() | st.sampled_from(InterestPayer),
)
HOLIDAYS = st.dictionaries(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.just("쉬는 날"), max_size=40)
_MONTHS_DRAWN = (2, 3, 6, 12, 24)


def draw_price(random: Random) -> Price:
    """Rates as contracts have them, and now and then any; half of them without a fixed part."""
    rate_ppm = random.choice((0, 16_500, 18_000, 20_500, 32_000, 36_000, random.randint(0, 1_000_000)))
    return Price(rate_ppm, random.choice((0, 0, 10, 300, random.randint(0, 10**6))))


def draw_conditions(random: Random) -> Conditions:
    """A contract with each condition in about half of them."""

    def table() -> tuple[tuple[int, int], ...]:
        months = random.sample(_MONTHS_DRAWN, random.randint(0, 3))
        return tuple((month, random.randint(0, 100_000)) for month in months)

    def perhaps() -> Price | None:
        return draw_price(random) if random.random() < 0.4 else None

    situations = random.sample(list(Situation), random.randint(0, 3))
    lines = list(LineType)
    return Conditions(
        base=draw_price(random),
        vat=random.choice(list(Vat)),
        rounding=random.choice(list(Rounding)),
        surcharges=tuple(
            Surcharge(one, draw_price(random), random.choice([LineType.BASE, *lines])) for one in situations
        ),
        installment=table(),
        installment_discount=table(),
        point_saving=perhaps(),
        other=perhaps(),
        fee_on_cancel=random.choice(list(FeeOnCancel)),
        refund_fee=random.choice((0, 300, random.randint(0, 10**6))),
        refund_fee_on=random.choice(list(RefundFeeOn)),
        cycle=random.choice(list(Cycle)),
        payout=draw_payout(random),
    )


def draw_payout(random: Random) -> PayoutRule:
    """An anchor belongs to business days, what a holiday does to dates."""
    counted, count = random.choice(list(Counted)), random.randint(1, 7)
    if counted is Counted.BUSINESS_DAYS:
        return PayoutRule(counted, count, anchor=random.choice(list(Anchor)))
    return PayoutRule(counted, count, holiday=random.choice(list(HolidayPolicy)))


def draw_traits(random: Random) -> Traits:
    """What a payment was paid with."""
    payer = random.choice((None, *InterestPayer))
    months = random.choice(_MONTHS_DRAWN) if payer is not None else 0
    return Traits(tuple(random.sample(list(Situation), random.randint(0, 3))), months, payer)


def draw_holidays(random: Random, first: date, days: int) -> Mapping[date, str]:
    """A fifteenth of the days, in runs as long as Chuseok."""
    found: dict[date, str] = {}
    for _ in range(days // 40):
        start = first + timedelta(days=random.randrange(days))
        found |= {start + timedelta(days=number): "쉬는 날" for number in range(random.randint(1, 5))}
    return found


def on_paper(conditions: Conditions) -> paper.Agreed:
    """The contract as the reference reads it: percentages and words."""

    def price(one: Price) -> paper.Price:
        return paper.Price(_share(one.rate_ppm), one.fixed)

    return paper.Agreed(
        base=price(conditions.base),
        vat_included=conditions.vat == "included",
        rounding=conditions.rounding.value,
        surcharges=tuple(
            (one.situation.value, one.line.value, price(one.price)) for one in conditions.surcharges
        ),
        merchant_instalments={months: _share(rate) for months, rate in conditions.installment},
        company_instalments={months: _share(rate) for months, rate in conditions.installment_discount},
        points=None if conditions.point_saving is None else price(conditions.point_saving),
        other=None if conditions.other is None else price(conditions.other),
        kept_on_cancel=conditions.fee_on_cancel == "kept",
        refund_fee=conditions.refund_fee,
        refund_fee_on_row=conditions.refund_fee_on == "row",
        cycle=conditions.cycle.value,
        counted=conditions.payout.counted.value,
        count=conditions.payout.count,
        anchor=conditions.payout.anchor.value,
        holiday=conditions.payout.holiday.value,
    )


def _share(rate_ppm: int) -> Decimal:
    return Decimal(rate_ppm).scaleb(-6)


def paid_with(traits: Traits) -> paper.Payment:
    """The payment as the reference reads it."""
    payer = None if traits.interest_payer is None else traits.interest_payer.value
    return paper.Payment(tuple(one.value for one in traits.situations), traits.installment_months, payer)
