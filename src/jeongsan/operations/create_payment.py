"""Create a payment: the buyer opens the window, and normally finishes it with a card."""

from dataclasses import dataclass

from jeongsan.domain import ids, payment
from jeongsan.domain.methods import Situation
from jeongsan.domain.money import Money, zero
from jeongsan.domain.payment import Card, Payment
from jeongsan.domain.payment_states import Status
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations.caller import Caller


@dataclass(frozen=True, slots=True)
class CreatePayment:
    """`card` None: the buyer has not finished the window, the payment stays READY."""

    caller: Caller
    order_id: str
    order_name: str
    amount: Money
    tax_free: Money
    card: Card | None
    situations: tuple[Situation, ...] = ()

    @property
    def keys(self) -> Keys:
        return Keys()

    def decide(self, world: World, stamp: Stamp) -> Decision[Payment]:
        shop = stamp.config.shops[self.caller.shop_id]
        payment_id = stamp.mint.row_id()
        opened = Payment(
            payment_id=payment_id,
            shop_id=shop.shop_id,
            mid=shop.mid,
            # Row ids never repeat, so the permuted suffix cannot within one second of one prefix.
            payment_key=ids.payment_key(shop.mid, stamp.now, ids.permuted_suffix(payment_id)),
            order_id=self.order_id,
            order_name=self.order_name,
            status=Status.READY,
            method=None,
            total=self.amount,
            balance=self.amount,
            tax_free=self.tax_free,
            tax_exemption=zero(self.amount.currency),
            requested_at=stamp.now,
            expires_at=stamp.now + payment.READY_EXPIRY_MS,
            situations=self.situations,
            version=1,
        )
        made = opened if self.card is None else payment.authenticate(opened, now=stamp.now, card=self.card)
        return Decision(answer=made, payments=(made,))
