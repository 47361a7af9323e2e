"""Release a payment whose transactions wait: manual settlement (수동 정산), escrow, phone bills."""

from dataclasses import dataclass, replace

from jeongsan.domain.channels import Audit
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.ledger import release_moves
from jeongsan.domain.payment import Payment
from jeongsan.domain.release import Cause, Released, check_release, release, settling
from jeongsan.domain.settlement import settle_day
from jeongsan.domain.terms import Conditions
from jeongsan.domain.transactions import Kind
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations.books import audit, post
from jeongsan.operations.caller import Caller, Refused

ACTION = "release"


@dataclass(frozen=True, slots=True)
class ReleasePayment:
    """What waited until now settles from now on: together, on one day, by the terms of its approval.

    `conditions`: those frozen on the payment's approval, looked up before; None when there was none yet.
    """

    payment_key: str
    cause: Cause
    conditions: Conditions | None
    caller: Caller

    @property
    def keys(self) -> Keys:
        return Keys(payments=(self.payment_key,), waiting=(self.payment_key,))

    def decide(self, world: World, stamp: Stamp) -> Decision[Released | Refused]:
        payment = world.payment(self.payment_key)
        try:
            if payment is None or payment.shop_id != self.caller.shop_id:
                raise Refusal(Code.NOT_FOUND_PAYMENT)
            check_release(payment, self.conditions, self.cause)
        except Refusal as refusal:
            return Decision(answer=Refused(refusal))
        day = settle_day(stamp.now, stamp.closed_through)
        released = release(payment)
        waiting = world.waiting(payment.payment_id)
        approval = next(one for one in waiting if one.kind is Kind.APPROVAL)
        return Decision(
            answer=Released(released, self.cause, day),
            payments=(released,),
            released=tuple(settling(one, day) for one in waiting),
            postings=post(
                release_moves(sum(one.balance_after - one.balance_before for one in waiting)),
                shop_id=payment.shop_id,
                currency=payment.total.currency,
                cause=ACTION,
                stamp=stamp,
                settle_day=day,
                transaction_id=approval.transaction_id,
            ),
            audits=(self._audit(released, stamp),),
        )

    def _audit(self, released: Payment, stamp: Stamp) -> Audit:
        """Without a transaction key: a release makes no transaction, and each of those has one line."""
        line = audit(ACTION, released, self.caller.actor, stamp=stamp, reason=self.cause.value)
        return replace(line, transaction_key=None)
