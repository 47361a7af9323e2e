"""Who acted and by which path. Kept beside the Toss-shaped data, never inside it."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """The path an action took."""

    API = "api"
    MERCHANT_ADMIN = "merchant-admin"
    DEVELOPER_CENTRE = "developer-centre"
    NETWORK_CANCEL = "network-cancel"
    GATEWAY_FORCED = "gateway-forced"
    SANDBOX_BUYER = "sandbox-buyer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is a person or a named key; `key_hint` shows the end of the key that was used."""

    channel: Channel
    name: str
    key_hint: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """One line of the audit trail, written in the same commit as what it tells of."""

    audit_id: int
    shop_id: int
    payment_id: int
    transaction_key: str | None
    action: str
    actor: Actor
    reason: str | None
    acted_at: int
