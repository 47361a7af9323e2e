"""Webhook delivery rules: which changes are told, the retry schedule, when it is given up."""

from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.instants import MINUTE_MS
from jeongsan.domain.payment import Payment
from jeongsan.domain.payment_states import Status

PAYMENT_STATUS_CHANGED = "PAYMENT_STATUS_CHANGED"
EVENT_TYPES = (PAYMENT_STATUS_CHANGED,)
TIMEOUT_S = 10
ENDPOINTS_PER_SHOP_MAX = 10
SUCCESS_STATUS = 200
# Documented: up to seven repeats after the first attempt.
RETRY_DELAYS_MS = tuple(minutes * MINUTE_MS for minutes in (1, 4, 16, 64, 256, 1024, 4096))
ANNOUNCED = frozenset({Status.DONE, Status.CANCELED, Status.PARTIAL_CANCELED, Status.ABORTED, Status.EXPIRED})


class DeliveryState(StrEnum):
    """Pending until told, or given up."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PaymentChanged:
    """A payment reached a status that is announced. The body is frozen in the same commit."""

    payment: Payment
    occurred_at: int


def next_attempt_at(attempts_made: int, attempted_at: int) -> int | None:
    """When to try again after that many failed attempts; None when all are used up."""
    if attempts_made > len(RETRY_DELAYS_MS):
        return None
    return attempted_at + RETRY_DELAYS_MS[attempts_made - 1]
