"""From an attempt to the request the network gets, and when an open attempt is given up."""

from dataclasses import dataclass

from jeongsan.domain.attempts import Attempt
from jeongsan.domain.payment import Payment
from jeongsan.network.port import NetworkRequest


@dataclass(frozen=True, slots=True)
class NetworkLimits:
    """`answer_s`: how long an answer is waited for. `give_up_s`: after how many machine seconds the
    janitor takes an attempt over; an unknown confirm is reversed then (망취소)."""

    answer_s: float = 4.0
    give_up_s: float = 5.0

    def lease_until(self, machine_now: int) -> int:
        """When an attempt made now expires."""
        return machine_now + int(self.give_up_s * 1000)


def request_for(attempt: Attempt, card_number: str) -> NetworkRequest:
    """The same request every time the attempt is asked about."""
    return NetworkRequest(
        request_id=attempt.request_id,
        kind=attempt.kind,
        payment_key=attempt.payment_key,
        amount=attempt.amount,
        currency=attempt.currency,
        card_number=card_number,
    )


def card_number(payment: Payment) -> str:
    """The masked number the network is given."""
    return payment.card.number if payment.card is not None else ""
