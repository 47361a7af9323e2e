"""The few settings of a shop that most people change, and what they mean for its contract."""

from dataclasses import dataclass, replace
from datetime import date

from jeongsan.domain.business_days import Cycle
from jeongsan.domain.contract import Contract
from jeongsan.domain.methods import Method
from jeongsan.domain.payout_dates import Anchor, PayoutRule
from jeongsan.domain.terms import Conditions, Price, Rounding


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """What to change; None leaves it as it is. All but the last are for the terms of cards."""

    rate_ppm: int | None = None
    rounding: Rounding | None = None
    cycle: Cycle | None = None
    business_days: int | None = None
    anchor: Anchor | None = None
    settle_test_payments: bool | None = None


def apply_settings(contract: Contract, settings: ShopSettings, today: date) -> Contract:
    """The contract with another agreement in force today for cards of any kind. A rate ends rates by grade;
    business days end another way of counting. Raises InvalidTerms."""
    return replace(
        contract,
        agreements=tuple(
            replace(
                agreement,
                rates=agreement.rates if settings.rate_ppm is None else (),
                conditions=_changed(agreement.conditions, settings),
            )
            if agreement.method is Method.CARD and not agreement.card_kinds and agreement.holds_on(today)
            else agreement
            for agreement in contract.agreements
        ),
    )


def _changed(conditions: Conditions, settings: ShopSettings) -> Conditions:
    rule = conditions.payout
    if settings.business_days is not None:
        rule = PayoutRule(count=settings.business_days, anchor=rule.anchor)
    base = conditions.base
    if settings.rate_ppm is not None:
        base = Price(settings.rate_ppm, base.fixed)
    return replace(
        conditions,
        base=base,
        rounding=settings.rounding or conditions.rounding,
        cycle=settings.cycle or conditions.cycle,
        payout=replace(rule, anchor=settings.anchor or rule.anchor),
    )
