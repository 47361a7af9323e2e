"""Confirm a payment: claim, ask the network, settle."""

from dataclasses import dataclass, replace
from decimal import Decimal

from jeongsan.domain import payment as payments
from jeongsan.domain.attempts import Attempt, AttemptKind, AttemptState, NetworkAnswer, Verdict
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.ledger import approval_moves
from jeongsan.domain.money import InvalidAmount, from_number
from jeongsan.domain.payment import Payment
from jeongsan.domain.settlement import settle_day
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.domain.webhooks import PaymentChanged
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.network.port import InlineNetwork
from jeongsan.operations.books import audit, post
from jeongsan.operations.caller import Accepted, Asking, Caller, Outcome, Refused
from jeongsan.operations.network_requests import NetworkLimits, card_number, request_for


@dataclass(frozen=True, slots=True)
class ConfirmCommand:
    """`amount` in whole units of the payment's currency, as the merchant sent it."""

    payment_key: str
    order_id: str
    amount: int | Decimal


def order_claim(shop_id: int, order_id: str) -> str:
    """The unique name that only one approval of an order can hold."""
    return f"order:{shop_id}:{order_id}"


@dataclass(frozen=True, slots=True)
class Confirm:
    """Claim a payment for its confirm; with an inline network also settle it, in the same batch."""

    command: ConfirmCommand
    caller: Caller
    limits: NetworkLimits
    inline: InlineNetwork | None

    @property
    def keys(self) -> Keys:
        claim = order_claim(self.caller.shop_id, self.command.order_id)
        return Keys(payments=(self.command.payment_key,), claims=((claim, self.command.payment_key),))

    def decide(self, world: World, stamp: Stamp) -> Decision[Outcome | Asking]:
        try:
            payment = self._checked(world, stamp)
        except Refusal as refusal:
            return Decision(answer=Refused(refusal))
        attempt = self._attempt(payment, stamp)
        claims: dict[str, str | None] = {order_claim(payment.shop_id, payment.order_id): payment.payment_key}
        if self.inline is not None:
            answer = self.inline.answer(request_for(attempt, card_number(payment)))
            return settled(payment, attempt, answer, stamp)
        return Decision(
            answer=Asking(attempt, payment.order_id, card_number(payment)),
            payments=(payments.hold(payment),),
            attempts=(attempt,),
            claims=claims,
        )

    def _checked(self, world: World, stamp: Stamp) -> Payment:
        command = self.command
        payment = world.payment(command.payment_key)
        if payment is None:
            raise Refusal(Code.NOT_FOUND_PAYMENT)
        if payment.shop_id != self.caller.shop_id:
            raise Refusal(Code.INVALID_API_KEY)
        if world.open_attempts(payment.payment_id):
            raise Refusal(Code.ALREADY_PROCESSED_PAYMENT)
        try:
            amount = from_number(command.amount, payment.total.currency)
        except InvalidAmount as error:
            raise Refusal(Code.INVALID_REQUEST, field="amount", detail=str(error)) from error
        payments.check_confirm(payment, order_id=command.order_id, amount=amount, now=stamp.now)
        if world.owner(order_claim(payment.shop_id, payment.order_id)) is not None:
            raise Refusal(Code.ALREADY_PROCESSED_PAYMENT)
        return payment

    def _attempt(self, payment: Payment, stamp: Stamp) -> Attempt:
        return new_attempt(
            AttemptKind.CONFIRM, payment, self.caller, stamp, limits=self.limits, amount=payment.total.minor
        )


def new_attempt(
    kind: AttemptKind,
    payment: Payment,
    caller: Caller,
    stamp: Stamp,
    *,
    limits: NetworkLimits,
    amount: int,
) -> Attempt:
    """An open attempt for the whole story of one request to the network."""
    return Attempt(
        attempt_id=stamp.mint.row_id(),
        request_id=stamp.mint.request_id(),
        kind=kind,
        state=AttemptState.OPEN,
        payment_id=payment.payment_id,
        payment_key=payment.payment_key,
        shop_id=payment.shop_id,
        amount=amount,
        tax_free=0,
        tax_exemption=0,
        currency=payment.total.currency,
        reason=None,
        cancel_request_id=None,
        actor=caller.actor,
        identity=caller.identity,
        trace_id=caller.trace_id,
        language=caller.language,
        lease_until=limits.lease_until(stamp.machine_now),
        created_at=stamp.now,
    )


def settled(payment: Payment, attempt: Attempt, answer: NetworkAnswer, stamp: Stamp) -> Decision[Outcome]:
    """What a network's answer to a confirm means for the payment and the books."""
    if answer.verdict is Verdict.APPROVED:
        return _approved(payment, attempt, answer, stamp)
    reversed_ = answer.verdict is Verdict.REVERSED
    code = Code.PROVIDER_ERROR if reversed_ or answer.code is None else answer.code
    aborted = payments.abort(payment, code)
    state = AttemptState.REVERSED if reversed_ else AttemptState.DECLINED
    return Decision(
        answer=Refused.with_code(code),
        payments=(aborted,),
        attempts=(replace(attempt, state=state),),
        audits=(audit("abort", aborted, attempt.actor, stamp=stamp, reason=code.value),),
        events=(PaymentChanged(aborted, stamp.now),),
        claims={order_claim(payment.shop_id, payment.order_id): None},
    )


def _approved(payment: Payment, attempt: Attempt, answer: NetworkAnswer, stamp: Stamp) -> Decision[Outcome]:
    shop = stamp.config.shops[payment.shop_id]
    terms = shop.terms_on(kst_day(stamp.now), *payments.subject_of(payment))
    assert terms is not None  # every contract has terms for every day and any card
    approved = payments.approve(
        payment,
        now=stamp.now,
        transaction_key=stamp.mint.transaction_key(stamp.now),
        secret=stamp.mint.payment_secret(),
        approve_no=answer.approve_no,
        terms=terms,
        settles=shop.settles,
    )
    transaction = _transaction(approved, terms_id=terms.terms_id, stamp=stamp)
    return Decision(
        answer=Accepted(approved),
        payments=(approved,),
        transactions=(transaction,),
        postings=post(
            approval_moves(transaction.amount, waits=approved.waits),
            shop_id=shop.shop_id,
            currency=transaction.currency,
            cause="approval",
            stamp=stamp,
            settle_day=transaction.settle_day,
            transaction_id=transaction.transaction_id,
        ),
        attempts=(replace(attempt, state=AttemptState.APPROVED),),
        audits=(audit("confirm", approved, attempt.actor, stamp=stamp),),
        events=(PaymentChanged(approved, stamp.now),),
        claims={order_claim(payment.shop_id, payment.order_id): payment.payment_key},
    )


def _transaction(approved: Payment, *, terms_id: int, stamp: Stamp) -> Transaction:
    return Transaction(
        transaction_id=stamp.mint.row_id(),
        transaction_key=approved.last_transaction_key or "",
        payment_id=approved.payment_id,
        shop_id=approved.shop_id,
        kind=Kind.APPROVAL,
        status=approved.status,
        currency=approved.total.currency,
        amount=approved.total.minor,
        tax_free=approved.tax_free.minor,
        tax_exemption=approved.tax_exemption.minor,
        balance_before=0,
        balance_after=approved.total.minor,
        approved_at=stamp.now,
        transacted_at=stamp.now,
        terms_id=terms_id,
        settle_day=settle_day(stamp.now, stamp.closed_through) if approved.settles_now else None,
        traits=payments.traits_of(approved),
    )
