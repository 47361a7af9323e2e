"""Cancel a payment, in full or in part, by whichever channel: the same operation for all of them."""

from dataclasses import dataclass, replace
from decimal import Decimal

from jeongsan.domain import cancel as cancels
from jeongsan.domain.attempts import Attempt, AttemptKind, AttemptState, NetworkAnswer, Verdict
from jeongsan.domain.cancel import CancelParts, CancelTerms
from jeongsan.domain.channels import check_may_cancel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.ledger import cancel_moves
from jeongsan.domain.money import InvalidAmount, Money, from_number
from jeongsan.domain.payment import Cancel, Payment, traits_of
from jeongsan.domain.settlement import settle_day
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.domain.webhooks import PaymentChanged
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.network.port import InlineNetwork
from jeongsan.operations.books import audit, post
from jeongsan.operations.caller import Accepted, Asking, Caller, Outcome, Refused
from jeongsan.operations.confirm import new_attempt
from jeongsan.operations.network_requests import NetworkLimits, card_number, request_for

Number = int | Decimal


@dataclass(frozen=True, slots=True)
class CancelCommand:
    """Amounts in whole units of the payment's currency, as they were sent; None: not sent. `emergency`:
    the reason is the emergency without which the gateway itself may not cancel (직권취소)."""

    payment_key: str
    reason: str
    amount: Number | None = None
    tax_free: Number | None = None
    tax_exemption: Number | None = None
    refundable: Number | None = None
    currency: str | None = None
    cancel_request_id: str | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Reserve the amount for a cancel; with an inline network also settle it, in the same batch."""

    command: CancelCommand
    caller: Caller
    limits: NetworkLimits
    inline: InlineNetwork | None

    @property
    def keys(self) -> Keys:
        return Keys(payments=(self.command.payment_key,))

    def decide(self, world: World, stamp: Stamp) -> Decision[Outcome | Asking]:
        command = self.command
        payment = world.payment(command.payment_key)
        try:
            channel = self.caller.actor.channel
            check_may_cancel(channel, emergency=command.emergency, reason=command.reason)
            if payment is None or payment.shop_id != self.caller.shop_id:
                raise Refusal(Code.NOT_FOUND_PAYMENT)
            terms = _terms(command, payment.total.currency)
            reserved = sum(attempt.amount for attempt in world.open_attempts(payment.payment_id))
            parts = cancels.check_cancel(payment, terms, reserved=Money(reserved, payment.total.currency))
        except Refusal as refusal:
            return Decision(answer=Refused(refusal))
        attempt = self._attempt(payment, parts, stamp)
        if self.inline is None:
            return Decision(
                answer=Asking(attempt, payment.order_id, card_number(payment)), attempts=(attempt,)
            )
        answer = self.inline.answer(request_for(attempt, card_number(payment)))
        return settled(payment, attempt, answer, stamp)

    def _attempt(self, payment: Payment, parts: CancelParts, stamp: Stamp) -> Attempt:
        attempt = new_attempt(
            AttemptKind.CANCEL, payment, self.caller, stamp, limits=self.limits, amount=parts.amount.minor
        )
        return replace(
            attempt,
            tax_free=parts.tax_free.minor,
            tax_exemption=parts.tax_exemption.minor,
            reason=self.command.reason,
            cancel_request_id=self.command.cancel_request_id,
        )


def _terms(command: CancelCommand, currency: str) -> CancelTerms:
    if command.currency is not None and command.currency != currency:
        raise Refusal(Code.INVALID_REQUEST, field="currency", detail=f"the payment is in {currency}")

    def money(field: str, number: Number | None) -> Money | None:
        try:
            return None if number is None else from_number(number, currency)
        except InvalidAmount as error:
            raise Refusal(Code.INVALID_REQUEST, field=field, detail=str(error)) from error

    return CancelTerms(
        reason=command.reason,
        amount=money("cancelAmount", command.amount),
        tax_free=money("taxFreeAmount", command.tax_free),
        tax_exemption=money("taxExemptionAmount", command.tax_exemption),
        refundable=money("refundableAmount", command.refundable),
        cancel_request_id=command.cancel_request_id,
    )


def settled(payment: Payment, attempt: Attempt, answer: NetworkAnswer, stamp: Stamp) -> Decision[Outcome]:
    """What a network's answer to a cancel means for the payment and the books."""
    if answer.verdict is not Verdict.APPROVED:
        return Decision(
            answer=Refused.with_code(answer.code or Code.REFUND_REJECTED),
            attempts=(replace(attempt, state=AttemptState.DECLINED),),
        )
    cancelled, entry = _cancelled(payment, attempt, stamp)
    transaction = _transaction(payment, cancelled, entry, stamp)
    return Decision(
        answer=Accepted(cancelled),
        payments=(cancelled,),
        transactions=(transaction,),
        postings=post(
            cancel_moves(transaction.amount, waits=payment.waits),
            shop_id=transaction.shop_id,
            currency=transaction.currency,
            cause="cancel",
            stamp=stamp,
            settle_day=transaction.settle_day,
            transaction_id=transaction.transaction_id,
        ),
        attempts=(replace(attempt, state=AttemptState.APPROVED),),
        audits=(audit("cancel", cancelled, attempt.actor, stamp=stamp, reason=attempt.reason),),
        events=(PaymentChanged(cancelled, stamp.now),),
    )


def _cancelled(payment: Payment, attempt: Attempt, stamp: Stamp) -> tuple[Payment, Cancel]:
    currency = payment.total.currency
    parts = CancelParts(
        amount=Money(attempt.amount, currency),
        tax_free=Money(attempt.tax_free, currency),
        tax_exemption=Money(attempt.tax_exemption, currency),
    )
    entry = Cancel(
        transaction_key=stamp.mint.transaction_key(stamp.now),
        reason=attempt.reason or "",
        canceled_at=stamp.now,
        amount=parts.amount,
        tax_free=parts.tax_free,
        tax_exemption=parts.tax_exemption,
        refundable=payment.balance - parts.amount,
        cancel_request_id=attempt.cancel_request_id,
    )
    return cancels.cancel(payment, parts, entry=entry), entry


def _transaction(before: Payment, after: Payment, entry: Cancel, stamp: Stamp) -> Transaction:
    assert after.approved_at is not None
    assert after.terms_id is not None
    return Transaction(
        transaction_id=stamp.mint.row_id(),
        transaction_key=entry.transaction_key,
        payment_id=after.payment_id,
        shop_id=after.shop_id,
        kind=Kind.CANCEL,
        status=after.status,
        currency=after.total.currency,
        amount=entry.amount.minor,
        tax_free=entry.tax_free.minor,
        tax_exemption=entry.tax_exemption.minor,
        balance_before=before.balance.minor,
        balance_after=after.balance.minor,
        approved_at=after.approved_at,
        transacted_at=stamp.now,
        terms_id=after.terms_id,
        # A cancel follows its approval: what was never settled is never taken back either, and what waits
        # waits together.
        settle_day=settle_day(stamp.now, stamp.closed_through) if after.settles_now else None,
        reason=entry.reason,
        cancel_request_id=entry.cancel_request_id,
        traits=traits_of(after),
    )
