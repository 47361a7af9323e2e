"""The renderer a batch gets: a payment is encoded once, however often it leaves."""

from jeongsan.domain.errors import Refusal
from jeongsan.domain.instants import local_kst
from jeongsan.domain.payment import Payment
from jeongsan.domain.release import Released
from jeongsan.domain.webhooks import PAYMENT_STATUS_CHANGED, PaymentChanged
from jeongsan.wire.errors import KO, error_body, status_of
from jeongsan.wire.payment import payment_bytes
from jeongsan.wire.releases import released_bytes


class Renderer:
    """Lives as long as one batch; the payments it has seen stay alive with it."""

    def __init__(self) -> None:
        self._rendered: dict[tuple[int, str], tuple[Payment, bytes]] = {}

    def payment(self, payment: Payment, language: str) -> bytes:
        """The Toss-shaped payment."""
        known = self._rendered.get((id(payment), language))
        if known is not None:
            return known[1]
        body = payment_bytes(payment, language)
        self._rendered[(id(payment), language)] = (payment, body)
        return body

    def event(self, event: PaymentChanged) -> bytes:
        """The PAYMENT_STATUS_CHANGED envelope: createdAt, eventType, data, always in Korean."""
        head = (
            f'{{"createdAt":"{local_kst(event.occurred_at)}","eventType":"{PAYMENT_STATUS_CHANGED}","data":'
        )
        return head.encode() + self.payment(event.payment, KO) + b"}"

    def released(self, released: Released) -> bytes:
        """What whoever released a payment is answered with."""
        return released_bytes(released)

    def refusal(self, refusal: Refusal, language: str) -> tuple[int, bytes]:
        """The HTTP status and the error body."""
        return status_of(refusal.code), error_body(refusal, language)
