"""What was told and answered about a payment, byte for byte as it was stored in the commit."""

from dataclasses import dataclass

from jeongsan.domain.webhooks import PAYMENT_STATUS_CHANGED
from jeongsan.store.session import Store

_UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class ToldBody:
    """A webhook's envelope. `heard`: some receiver was registered when it happened."""

    body: bytes
    heard: bool


async def told_bodies(store: Store, payment_id: int) -> list[ToldBody]:
    """The payment's PAYMENT_STATUS_CHANGED envelopes in order."""
    rows = await store.read(
        "SELECT body, state FROM event WHERE payment_id = $1 AND event_type = $2 ORDER BY sequence",
        payment_id,
        PAYMENT_STATUS_CHANGED,
    )
    return [ToldBody(bytes(row[0]), row[1] != _UNHEARD) for row in rows]


async def kept_answers(store: Store, payment_id: int) -> list[bytes]:
    """The answers to the payment's cancels that are kept under an idempotency key, oldest first.

    They are found by way of the network attempt, which remembers the idempotency identity. Where the key
    was used again after its fifteen days, only the newer answer is found."""
    owners = await store.read(
        "SELECT c.owner FROM network_attempt a JOIN claim c ON c.name = a.identity "
        "WHERE a.payment_id = $1 AND a.kind = 'cancel'",
        payment_id,
    )
    rows = await store.read(
        "SELECT body FROM idempotency_record WHERE record_id = ANY_INT($1) AND status = 200 "
        "ORDER BY record_id",
        [int(row[0]) for row in owners],
    )
    return [bytes(row[0]) for row in rows]
