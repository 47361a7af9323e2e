"""Idempotency: identity, lifetime and which answers are bound. The body is not part of the identity."""

import hashlib
from dataclasses import dataclass

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import DAY_MS

KEY_LENGTH_MAX = 300
LIFETIME_MS = 15 * DAY_MS
# 128 bits: short, because every confirm writes it into an index in no order.
_DIGEST_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Record:
    """The first answer under an identity, found by the id that owns the identity's claim. `body` is
    replayed byte for byte."""

    record_id: int
    status: int
    trace_id: str
    body: bytes
    recorded_at: int


def identity(*, key: str, key_hash: str, method: str, path: str) -> str:
    """One string for key + API key + method + URL. Raises Refusal when the key is not 1 to 300 characters."""
    if not 1 <= len(key) <= KEY_LENGTH_MAX:
        raise Refusal(Code.INVALID_IDEMPOTENCY_KEY)
    parts = "\x1f".join((key_hash, method, path, key))
    return "idempotency:" + hashlib.sha256(parts.encode()).hexdigest()[:_DIGEST_LENGTH]


def is_bound(status: int) -> bool:
    """Whether an answer stays with its key: success and 4xx, but not 401, 409, 429 or 5xx.

    The malformed-header 403 is refused before any key is looked at.
    """
    return status < 500 and status not in (401, 409, 429)


def is_live(record: Record, now: int) -> bool:
    """Fifteen days of the business clock from first use."""
    return now < record.recorded_at + LIFETIME_MS
