"""A network attempt: the claim on an answer that a card network has not given yet.

It is stored before the network is called, under a request id that stays the same however often the
network is asked. Whoever finds it expired (by the machine's clock) owns it: the janitor.
"""

from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.channels import Actor
from jeongsan.domain.errors import Code


class AttemptKind(StrEnum):
    """What the network is asked for."""

    CONFIRM = "confirm"
    CANCEL = "cancel"


class AttemptState(StrEnum):
    """Open until the network's answer is settled."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`amount` is reserved from the balance while a cancel is open. `lease_until` is machine time.
    `identity`: the idempotency identity that waits for the final answer."""

    attempt_id: int
    request_id: str
    kind: AttemptKind
    state: AttemptState
    payment_id: int
    payment_key: str
    shop_id: int
    amount: int
    tax_free: int
    tax_exemption: int
    currency: str
    reason: str | None
    cancel_request_id: str | None
    actor: Actor
    identity: str | None
    trace_id: str
    language: str
    lease_until: int
    created_at: int


class Verdict(StrEnum):
    """The network's word."""

    APPROVED = "approved"
    DECLINED = "declined"
    REVERSED = "reversed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What the network said. `code` says why when it declined."""

    verdict: Verdict
    approve_no: str = ""
    code: Code | None = None
