"""Settings of a contract that can never apply where they stand: one table of what each of them needs.

Sources: the payment object of the reference (a card may stand beside an easy pay) and published escrow
surcharges. What is stored is not held to it: a contract that was accepted once stays readable.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jeongsan.domain.contract import Agreement
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.terms import Conditions, RefundFeeOn, Release, Rounding, SoldOn, Vat

# A wallet may pay with a card: in instalments, with its points.
INSTALMENT_METHODS = (Method.CARD, Method.EASY_PAY)
SITUATION_METHODS = {
    # Assumed: no escrow is offered for phone bills, gift certificates and wallets abroad.
    Situation.ESCROW: (Method.CARD, Method.EASY_PAY, Method.TRANSFER, Method.VIRTUAL_ACCOUNT),
    Situation.KEY_IN: (Method.CARD,),
    # Assumed: whoever transfers to an account or spends a certificate is there in person.
    Situation.BILLING: (
        Method.CARD,
        Method.EASY_PAY,
        Method.TRANSFER,
        Method.MOBILE_PHONE,
        Method.FOREIGN_EASY_PAY,
    ),
    Situation.OVERSEAS: (Method.CARD,),
    Situation.CARD_POINT: INSTALMENT_METHODS,
}


@dataclass(frozen=True, slots=True)
class Need:
    """`setting`, where `is_stated` finds it to say more than the default, does something only where
    `can_apply`; `fault` says what for."""

    setting: str
    is_stated: Callable[[Conditions], bool]
    can_apply: Callable[[Agreement], bool]
    fault: Fault
    argument: str = ""


def _of_methods(setting: str, is_stated: Callable[[Conditions], bool], methods: tuple[Method, ...]) -> Need:
    return Need(
        setting, is_stated, lambda entry: entry.method in methods, Fault.ONLY_METHODS, ", ".join(methods)
    )


def _charges(situation: Situation) -> Callable[[Conditions], bool]:
    return lambda agreed: any(one.situation is situation for one in agreed.surcharges)


NEEDS = (
    *(_of_methods(f"surcharges.{one}", _charges(one), methods) for one, methods in SITUATION_METHODS.items()),
    Need(
        f"surcharges.{Situation.OVERSEAS}",
        _charges(Situation.OVERSEAS),
        lambda entry: not entry.card_kinds or CardKind.OVERSEAS in entry.card_kinds,
        Fault.ONLY_KIND,
        CardKind.OVERSEAS,
    ),
    _of_methods("installments", lambda agreed: bool(agreed.installment), INSTALMENT_METHODS),
    _of_methods("installmentDiscounts", lambda agreed: bool(agreed.installment_discount), INSTALMENT_METHODS),
    _of_methods("pointSaving", lambda agreed: agreed.point_saving is not None, INSTALMENT_METHODS),
    Need(
        "rounding",
        lambda agreed: agreed.rounding is not Rounding.B,
        lambda entry: entry.conditions.vat is Vat.EXCLUDED,
        Fault.ONLY_VAT,
        Vat.EXCLUDED,
    ),
    Need(
        "cancel.refundFeeOn",
        lambda agreed: agreed.refund_fee_on is not RefundFeeOn.ROW,
        lambda entry: entry.conditions.refund_fee > 0,
        Fault.ONLY_REFUND_FEE,
    ),
    Need(
        "soldOn",
        lambda agreed: agreed.sold_on is not SoldOn.RELEASE,
        # Escrow waits whatever else is agreed.
        lambda entry: (
            entry.conditions.release is not Release.AT_ONCE
            or entry.method in SITUATION_METHODS[Situation.ESCROW]
        ),
        Fault.ONLY_WAITING,
        Release.AT_ONCE,
    ),
)


def idle_settings(place: str, agreement: Agreement) -> Iterator[InvalidTerms]:
    """What is stated in vain, each once; `place` stands before its field."""
    told: set[str] = set()
    for need in NEEDS:
        if need.is_stated(agreement.conditions) and not need.can_apply(agreement):
            if need.setting not in told:
                yield InvalidTerms(f"{place}{need.setting}", need.fault, need.argument)
            told.add(need.setting)
