"""Who acted and by which path, and who may cancel. Kept beside the Toss-shaped data, never inside it."""

from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode, Shop


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


class CancelRight(StrEnum):
    """What it takes to cancel through a channel."""

    FREE = "free"
    EMERGENCY = "emergency"
    NEVER = "never"


# Source: the gateway's staff in public: it cancels only at the merchant's request, except in an emergency,
# and never because a buyer asked. A network cancel (망취소) is the janitor's and never comes as a command.
CANCEL_RIGHTS = {
    Channel.API: CancelRight.FREE,
    Channel.MERCHANT_ADMIN: CancelRight.FREE,
    Channel.DEVELOPER_CENTRE: CancelRight.FREE,
    Channel.GATEWAY_FORCED: CancelRight.EMERGENCY,
    Channel.NETWORK_CANCEL: CancelRight.NEVER,
    Channel.SANDBOX_BUYER: CancelRight.NEVER,
    Channel.SYSTEM: CancelRight.NEVER,
}


def check_may_cancel(channel: Channel, *, emergency: bool, reason: str) -> None:
    """Whether a cancel may be asked for through this channel. `emergency`: `reason` tells of one.

    Raises Refusal FORBIDDEN_REQUEST, or INVALID_REQUEST for an emergency where none is needed.
    """
    right = CANCEL_RIGHTS[channel]
    if right is CancelRight.NEVER:
        raise Refusal(Code.FORBIDDEN_REQUEST, field="channel", detail=f"nobody cancels as {channel}")
    if right is CancelRight.EMERGENCY and not (emergency and reason.strip()):
        detail = "the gateway cancels without the merchant only in an emergency, which must be told"
        raise Refusal(Code.FORBIDDEN_REQUEST, field="emergency", detail=detail)
    if right is CancelRight.FREE and emergency:
        detail = f"is only for {Channel.GATEWAY_FORCED}"
        raise Refusal(Code.INVALID_REQUEST, field="emergency", detail=detail)


class CancelWarning(StrEnum):
    """What somebody who cancels by hand should know. It hinders nothing."""

    NO_WEBHOOK = "NO_WEBHOOK"
    LIVE_IN_DEVELOPER_CENTRE = "LIVE_IN_DEVELOPER_CENTRE"


def cancel_warnings(channel: Channel, shop: Shop) -> tuple[CancelWarning, ...]:
    """What is worth a warning when a payment of this shop is cancelled through this channel.

    The API's caller gets an answer; every other cancel reaches the merchant's programs by webhook
    only. The developer centre (개발자센터) of the real gateway holds test payments only.
    """
    found = []
    if channel is not Channel.API and not shop.has_endpoints:
        found.append(CancelWarning.NO_WEBHOOK)
    if channel is Channel.DEVELOPER_CENTRE and shop.mode is Mode.LIVE:
        found.append(CancelWarning.LIVE_IN_DEVELOPER_CENTRE)
    return tuple(found)
