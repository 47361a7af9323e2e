"""Cancelling a payment in full or in part, by whichever path."""

from dataclasses import dataclass, replace

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.methods import Situation
from jeongsan.domain.money import Money, zero
from jeongsan.domain.payment import Cancel, Payment
from jeongsan.domain.payment_states import Action, check, next_status


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What the caller asked for. `amount` None: everything that is left. `refundable`: the caller's
    idea of the balance, checked before anything moves."""

    reason: str
    amount: Money | None = None
    tax_free: Money | None = None
    tax_exemption: Money | None = None
    refundable: Money | None = None
    cancel_request_id: str | None = None


@dataclass(frozen=True, slots=True)
class CancelParts:
    """The amounts a cancel takes from the balance."""

    amount: Money
    tax_free: Money
    tax_exemption: Money


def check_cancel(payment: Payment, terms: CancelTerms, *, reserved: Money) -> CancelParts:
    """Whether this can be cancelled now, and how much it takes. Raises Refusal; changes nothing.

    `reserved` is what cancels still at the network have taken. More than the balance, or anything
    once the balance is 0, is NOT_CANCELABLE_AMOUNT (measured); an amount that only pending cancels
    stand in the way of is FORBIDDEN_CONSECUTIVE_REQUEST (assumed). Neither escrow nor a tax-exempt amount
    can be cancelled in part (documented).
    """
    check(payment.status, Action.CANCEL)
    if terms.refundable is not None and terms.refundable != payment.balance:
        raise Refusal(Code.NOT_MATCHES_REFUNDABLE_AMOUNT)
    amount = payment.balance if terms.amount is None else terms.amount
    if terms.amount is not None and amount.minor <= 0:
        raise Refusal(Code.INVALID_REQUEST, field="cancelAmount", detail="must be greater than 0")
    if amount.minor == 0 or payment.balance < amount:
        raise Refusal(Code.NOT_CANCELABLE_AMOUNT)
    if payment.balance < amount + reserved:
        raise Refusal(Code.FORBIDDEN_CONSECUTIVE_REQUEST)
    everything = amount == payment.balance
    parts = CancelParts(
        amount=amount,
        tax_free=_part(payment.tax_free, terms.tax_free, everything, field="taxFreeAmount"),
        tax_exemption=_part(
            payment.tax_exemption, terms.tax_exemption, everything, field="taxExemptionAmount"
        ),
    )
    _check_taxable_rest(payment, parts)
    indivisible = payment.tax_exemption.minor > 0 or Situation.ESCROW in payment.situations
    if indivisible and amount != payment.total:
        raise Refusal(Code.NOT_ALLOWED_PARTIAL_REFUND)
    return parts


def cancel(payment: Payment, parts: CancelParts, *, entry: Cancel) -> Payment:
    """The payment after the network took the money back. `entry` is the cancel as it is shown."""
    balance = payment.balance - parts.amount
    return replace(
        payment,
        status=next_status(
            payment.status,
            Action.CANCEL,
            whole_original=parts.amount == payment.total,
            balance_zero=balance.minor == 0,
        ),
        balance=balance,
        tax_free=payment.tax_free - parts.tax_free,
        tax_exemption=payment.tax_exemption - parts.tax_exemption,
        last_transaction_key=entry.transaction_key,
        cancels=(*payment.cancels, entry),
        version=payment.version + 1,
    )


def _part(left: Money, asked: Money | None, everything: bool, *, field: str) -> Money:
    """The tax-free (or exempt) part of a cancel: all that is left when all is cancelled."""
    if everything and (asked is None or asked.minor >= 0):
        return left
    part = zero(left.currency) if asked is None else asked
    if part.minor < 0 or left < part:
        raise Refusal(Code.INVALID_REQUEST, field=field, detail="is more than what is left")
    return part


def _check_taxable_rest(payment: Payment, parts: CancelParts) -> None:
    """Neither the cancelled part nor the rest may have more untaxed than it has in all."""
    untaxed = parts.tax_free + parts.tax_exemption
    rest = payment.balance - parts.amount
    untaxed_rest = payment.tax_free + payment.tax_exemption - untaxed
    if parts.amount < untaxed or rest < untaxed_rest:
        raise Refusal(Code.INVALID_REQUEST, field="taxFreeAmount", detail="does not fit the cancelled amount")
