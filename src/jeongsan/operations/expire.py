"""Expire a payment whose buyer or merchant did not come back in time."""

from dataclasses import dataclass

from jeongsan.domain import payment as payments
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.webhooks import PaymentChanged
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations.books import audit

_CLOCK = Actor(Channel.SYSTEM, "expiry")


@dataclass(frozen=True, slots=True)
class Expire:
    """Answers whether it expired; a payment confirmed meanwhile is left alone."""

    payment_key: str

    @property
    def keys(self) -> Keys:
        return Keys(payments=(self.payment_key,))

    def decide(self, world: World, stamp: Stamp) -> Decision[bool]:
        payment = world.payment(self.payment_key)
        if payment is None or payment.expires_at is None or stamp.now < payment.expires_at:
            return Decision(answer=False)
        expired = payments.expire(payment)
        return Decision(
            answer=True,
            payments=(expired,),
            audits=(audit("expire", expired, _CLOCK, stamp=stamp),),
            events=(PaymentChanged(expired, stamp.now),),
        )
