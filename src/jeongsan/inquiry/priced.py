"""What one payment comes to under a contract, by the rules that settle it; nothing is read or stored."""

from dataclasses import dataclass
from datetime import date

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.cancel import CancelParts, CancelTerms, check_cancel
from jeongsan.domain.contract import Contract, check_day, terms_of, terms_on
from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.idle_settings import INSTALMENT_METHODS, SITUATION_METHODS
from jeongsan.domain.instants import kst_midnight
from jeongsan.domain.methods import CardKind, Method, Situation, Traits
from jeongsan.domain.money import Money, zero
from jeongsan.domain.payment import Payment
from jeongsan.domain.payment_states import Status
from jeongsan.domain.terms import Release, Terms
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.inquiry.fee_explanation import FeeFigures, figures_of

CURRENCY = "KRW"
# What a refusal calls each situation: the option that asks for it.
SITUATION_FIELDS = {
    Situation.ESCROW: "escrow",
    Situation.KEY_IN: "key-in",
    Situation.BILLING: "billing",
    Situation.OVERSEAS: "overseas",
    Situation.CARD_POINT: "card-point",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A payment that nobody made: approved on `day`, and cancelled that day where `cancel` is not 0."""

    amount: int
    day: date
    method: Method = Method.CARD
    card_kind: CardKind | None = None
    traits: Traits
    tax_free: int = 0
    cancel: int = 0


@dataclass(frozen=True, slots=True)
class Priced:
    """`awaits`: what it waits for before it settles; its days are those of a release on the same day."""

    sale: Sale
    terms: Terms
    awaits: Release
    approval: FeeFigures
    cancel: FeeFigures | None


def price(contract: Contract, sale: Sale, calendar: Calendar) -> Priced:
    """Raises InvalidTerms where the contract has nothing for the payment or the payment cannot be, and
    Refusal for a cancel that the gateway would refuse."""
    _check(sale)
    # A card issued abroad falls under the terms of such cards, whatever kind it is.
    abroad = Situation.OVERSEAS in sale.traits.situations
    kind = CardKind.OVERSEAS if abroad else sale.card_kind
    terms = terms_on(terms_of(contract), sale.day, sale.method, kind)
    if terms is None:
        raise InvalidTerms("method", Fault.NOT_COVERED, sale.method, sale.day.isoformat())
    approval = _transaction(sale, 0, sale.amount, sale.tax_free)
    cancel = None
    if sale.cancel:
        parts = _cancel_parts(sale)
        left = sale.amount - parts.amount.minor
        cancel = _transaction(sale, sale.amount, left, parts.tax_free.minor)
    return Priced(
        sale,
        terms,
        terms.conditions.awaits(sale.traits),
        figures_of(approval, terms, calendar),
        None if cancel is None else figures_of(cancel, terms, calendar),
    )


def _check(sale: Sale) -> None:
    check_day("at", sale.day)
    for situation in sale.traits.situations:
        methods = SITUATION_METHODS[situation]
        if sale.method not in methods:
            raise InvalidTerms(SITUATION_FIELDS[situation], Fault.ONLY_METHODS, ", ".join(methods))
    if sale.card_kind is not None and sale.method is not Method.CARD:
        raise InvalidTerms("card-kind", Fault.ONLY_METHODS, Method.CARD)
    months = sale.traits.installment_months
    if months and sale.method not in INSTALMENT_METHODS:
        raise InvalidTerms("installment-months", Fault.ONLY_METHODS, ", ".join(INSTALMENT_METHODS))
    if sale.traits.interest_payer is not None and months < 2:
        raise InvalidTerms("interest-payer", Fault.MONTHS_REQUIRED)
    if sale.tax_free > sale.amount:
        raise InvalidTerms("tax-free", Fault.NOT_WITHIN, 0, sale.amount)


def _cancel_parts(sale: Sale) -> CancelParts:
    """What a cancel takes, checked as the gateway does: no more than was paid, nothing of escrow in part, and
    what is untaxed must fit."""
    total, midnight = Money(sale.amount, CURRENCY), kst_midnight(sale.day)
    paid = Payment(
        payment_id=0,
        shop_id=0,
        mid="",
        payment_key="",
        order_id="",
        order_name="",
        status=Status.DONE,
        method=None,
        total=total,
        balance=total,
        tax_free=Money(sale.tax_free, CURRENCY),
        tax_exemption=zero(CURRENCY),
        requested_at=midnight,
        expires_at=None,
        situations=sale.traits.situations,
    )
    asked = CancelTerms(reason="", amount=Money(sale.cancel, CURRENCY))
    return check_cancel(paid, asked, reserved=zero(CURRENCY))


def _transaction(sale: Sale, before: int, after: int, tax_free: int) -> Transaction:
    """An approval when the balance grows, a cancel when it shrinks."""
    kind = Kind.APPROVAL if after > before else Kind.CANCEL
    midnight = kst_midnight(sale.day)
    cancelled = Status.PARTIAL_CANCELED if after else Status.CANCELED
    return Transaction(
        transaction_id=0,
        transaction_key="",
        payment_id=0,
        shop_id=0,
        kind=kind,
        status=Status.DONE if kind is Kind.APPROVAL else cancelled,
        currency=CURRENCY,
        amount=abs(after - before),
        tax_free=tax_free,
        tax_exemption=0,
        balance_before=before,
        balance_after=after,
        approved_at=midnight,
        transacted_at=midnight,
        terms_id=0,
        settle_day=sale.day,
        traits=sale.traits,
    )
