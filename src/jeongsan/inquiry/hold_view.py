"""Holds as plain JSON values and as a line for a terminal: what is held, why, by whom, since when."""

from typing import Any

from jeongsan.domain.channels import Actor
from jeongsan.domain.holds import HoldState
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.words import channel_word, hold_reason_word, say
from jeongsan.store.reads.holds import KnownHold
from jeongsan.wire.cancels import shown_address

_STATES = {
    HoldState.STANDING: ("보류 중", "standing"),
    HoldState.RELEASING: ("해제 중", "being released"),
    HoldState.RELEASED: ("해제됨", "released"),
}


def hold_view(known: KnownHold, shop: Shop, language: str) -> dict[str, Any]:
    """A hold; instants ISO 8601 in KST, `paymentKey` and `orderId` null for a hold of the shop."""
    hold = known.hold
    return {
        "holdId": str(hold.hold_id),
        "mId": shop.mid,
        "mode": shop.mode.value,
        "paymentKey": known.payment_key,
        "orderId": known.order_id,
        "reason": hold.reason.value,
        "reasonInWords": hold_reason_word(hold.reason, language),
        "note": hold.note,
        "state": hold.state.value,
        "placedAt": iso_kst(hold.placed_at),
        "placedBy": actor_view(hold.placed_by, language),
        "releasedAt": None if hold.released_at is None else iso_kst(hold.released_at),
        "releasedBy": None if hold.released_by is None else actor_view(hold.released_by, language),
    }


def actor_view(actor: Actor, language: str) -> dict[str, Any]:
    """Who acted and by which path."""
    return {
        "channel": actor.channel.value,
        "channelInWords": channel_word(actor.channel, language),
        "name": actor.name,
        "key": actor.key_hint,
        "address": shown_address(actor),
    }


def hold_line(view: dict[str, Any], language: str) -> str:
    """`12  tjeongsan live  보류 중  분쟁 (DISPUTE) · 주문 order-0001 · "note" · 김담당 2025-03-13 13:00`."""
    of = say(language, "상점 전체", "the whole shop")
    if view["paymentKey"] is not None:
        of = say(language, f"주문 {view['orderId']}", f"order {view['orderId']}")
    parts = [f"{view['reasonInWords']} ({view['reason']})", of]
    if view["note"] is not None:
        parts.append(f'"{view["note"]}"')
    parts.append(f"{view['placedBy']['name']} {_minute(view['placedAt'])}")
    if view["releasedBy"] is not None:
        word = say(language, "해제", "released by")
        parts.append(f"{word} {view['releasedBy']['name']} {_minute(view['releasedAt'] or '')}".rstrip())
    state = say(language, *_STATES[HoldState(view["state"])])
    return f"{view['holdId']}  {view['mId']} {view['mode']}  {state}  {' · '.join(parts)}"


def _minute(instant: str) -> str:
    return instant[:16].replace("T", " ")


def released_words(view: dict[str, Any], language: str) -> str:
    """What a release did: `view` is the hold's, with `movedRows` and `paidOutDate`."""
    if view["state"] == HoldState.RELEASING:
        return say(
            language,
            "마감 중인 날이 끝나면 이어서 해제됩니다",
            "a day is being closed: the release goes on once it is",
        )
    day, moved = view["paidOutDate"], view["movedRows"]
    if day is None:
        return say(
            language,
            "옮길 정산 건이 없습니다: 지급일은 그대로입니다",
            "no row had to move: paid-out dates stay",
        )
    return say(
        language,
        f"정산 건 {moved:,}건의 지급일이 {day}로 옮겨졌습니다",
        f"{moved:,} rows are paid out on {day}",
    )
