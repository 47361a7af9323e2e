"""Published price lists of Korean payment companies as contracts, ready to apply.

Rates are as published, without VAT. Where a list is silent (days, cycles, what a cancel returns), every
list gets the same defaults; they are assumed, and marked so in docs/contracts.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract import Agreement, Contract
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.terms import Conditions, FeeOnCancel, Grade, Price, Surcharge

# Long before any payment here: a list is in force whatever day a sandbox begins on.
FIRST_DAY = date(2000, 1, 1)
DEFAULT = "tosspayments"
# Assumed: D+4 as new-style shops show; other methods as other companies publish them.
CARD_PAYOUT = PayoutRule(count=4)
TRANSFER_PAYOUT = PayoutRule(count=3)
MOBILE_PAYOUT = PayoutRule(Counted.MONTH_ENDS, 2)
GIFT_PAYOUT = PayoutRule(count=7)
# Assumed: the Thursday after the next week, as a company for foreign cards pays.
OVERSEAS_PAYOUT = PayoutRule(Counted.CALENDAR_DAYS, 11)


@dataclass(frozen=True, slots=True)
class PriceList:
    """Rates in ppm. `card`: general, small, medium 1 to 3; `billing` is the whole rate; `escrow`: (ppm on
    cards and transfers, fixed on virtual accounts); None: the company publishes none."""

    company: str
    card: tuple[int, int, int, int, int]
    billing: int
    overseas: int
    mobile_phone: int | None
    gift_certificate: int | None
    transfer: int = 18_000
    virtual_account: int = 300
    refund_fee: int = 300
    escrow: tuple[int, int] | None = None
    source: str = "published rates, as an aggregator's help centre compares them"


PRICE_LISTS: Mapping[str, PriceList] = {
    "tosspayments": PriceList(
        "토스페이먼츠",
        (32_000, 16_500, 22_500, 24_000, 26_500),
        32_300,
        45_000,
        45_000,
        95_000,
        escrow=(2_000, 200),
        source="published rates, as an aggregator's help centre compares them; escrow: a shop builder's",
    ),
    "inicis": PriceList(
        "KG이니시스", (32_000, 19_000, 25_000, 26_500, 29_000), 32_000, 40_000, 35_000, 110_000
    ),
    "kcp": PriceList("NHN KCP", (32_000, 17_200, 23_200, 24_700, 27_200), 32_000, 45_000, 30_000, 95_000),
    "nice": PriceList("나이스페이먼츠", (32_000, 17_000, 23_000, 24_500, 27_000), 32_000, 38_000, None, None),
    "ksnet": PriceList("KSNET", (32_000, 17_000, 23_000, 24_500, 27_000), 32_000, 42_000, 45_000, None),
}


def published_contract(name: str) -> Contract:
    """The contract of a shop that took a published list as it stands. Raises InvalidTerms."""
    found = PRICE_LISTS.get(name)
    if found is None:
        raise InvalidTerms("priceList", Fault.NOT_A_CHOICE, ", ".join(PRICE_LISTS))
    agreements = [_card(found), _easy_pay(found), _overseas(found), _transfer(found), _virtual_account(found)]
    if found.mobile_phone is not None:
        mobile = Conditions(base=Price(found.mobile_phone), cycle=Cycle.MONTHLY, payout=MOBILE_PAYOUT)
        agreements.append(_agreement(Method.MOBILE_PHONE, mobile))
    if found.gift_certificate is not None:
        gift = Conditions(base=Price(found.gift_certificate), cycle=Cycle.WEEKLY, payout=GIFT_PAYOUT)
        agreements.append(_agreement(Method.GIFT_CERTIFICATE, gift))
    return Contract(agreements=tuple(agreements), source=f"{found.company}: {found.source}")


def _agreement(
    method: Method,
    conditions: Conditions,
    *,
    rates: tuple[tuple[Grade, int], ...] = (),
    kinds: tuple[CardKind, ...] = (),
) -> Agreement:
    return Agreement(method=method, card_kinds=kinds, start=FIRST_DAY, rates=rates, conditions=conditions)


def _card(found: PriceList) -> Agreement:
    general = found.card[0]
    surcharges = []
    if found.billing > general:
        extra = Price(found.billing - general)
        surcharges += [Surcharge(Situation.KEY_IN, extra), Surcharge(Situation.BILLING, extra)]
    if found.escrow is not None:
        surcharges.append(Surcharge(Situation.ESCROW, Price(found.escrow[0])))
    conditions = Conditions(base=Price(general), surcharges=tuple(surcharges), payout=CARD_PAYOUT)
    return _agreement(Method.CARD, conditions, rates=tuple(zip(Grade, found.card, strict=True)))


def _easy_pay(found: PriceList) -> Agreement:
    """Wallet money and points are priced as a general merchant's card."""
    return _agreement(Method.EASY_PAY, Conditions(base=Price(found.card[0]), payout=CARD_PAYOUT))


def _overseas(found: PriceList) -> Agreement:
    conditions = Conditions(base=Price(found.overseas), cycle=Cycle.WEEKLY, payout=OVERSEAS_PAYOUT)
    return _agreement(Method.CARD, conditions, kinds=(CardKind.OVERSEAS,))


def _transfer(found: PriceList) -> Agreement:
    extra = () if found.escrow is None else (Surcharge(Situation.ESCROW, Price(found.escrow[0])),)
    conditions = Conditions(
        base=Price(found.transfer),
        surcharges=extra,
        fee_on_cancel=FeeOnCancel.KEPT,
        payout=TRANSFER_PAYOUT,
    )
    return _agreement(Method.TRANSFER, conditions)


def _virtual_account(found: PriceList) -> Agreement:
    extra = () if found.escrow is None else (Surcharge(Situation.ESCROW, Price(0, found.escrow[1])),)
    conditions = Conditions(
        base=Price(0, found.virtual_account),
        surcharges=extra,
        fee_on_cancel=FeeOnCancel.KEPT,
        refund_fee=found.refund_fee,
        payout=TRANSFER_PAYOUT,
    )
    return _agreement(Method.VIRTUAL_ACCOUNT, conditions)
