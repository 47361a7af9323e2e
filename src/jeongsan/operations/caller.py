"""Who calls, and what they are answered with."""

import secrets
from dataclasses import dataclass

from jeongsan.domain.attempts import Attempt
from jeongsan.domain.channels import Actor
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment import Payment
from jeongsan.domain.release import Released


@dataclass(frozen=True, slots=True)
class Caller:
    """`identity`: idempotency identity, or None. `language`: "ko" or "en", for the answer."""

    shop_id: int
    actor: Actor
    identity: str | None
    trace_id: str
    language: str

    @classmethod
    def by_hand(cls, shop_id: int, actor: Actor, language: str) -> "Caller":
        """Somebody who sends no request: bound to no idempotency key, under a trace id of its own."""
        return cls(shop_id, actor, None, secrets.token_hex(16), language)


@dataclass(frozen=True, slots=True)
class Accepted:
    """It was done; this is the payment now."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class Refused:
    """It was decided against."""

    refusal: Refusal

    @classmethod
    def with_code(cls, code: Code) -> "Refused":
        """A refusal that needs no field."""
        return cls(Refusal(code))


@dataclass(frozen=True, slots=True)
class Asking:
    """The network must be asked first; the attempt is the claim on its answer."""

    attempt: Attempt
    order_id: str
    card_number: str


Outcome = Accepted | Released | Refused


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it leaves. `replay_of`: the trace id of the first answer, when this repeats it."""

    status: int
    body: bytes
    replay_of: str | None = None
