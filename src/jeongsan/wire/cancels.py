"""How a cancel is shown beside the Toss-shaped data: who made it, notices of forced ones, warnings."""

from typing import Any

from jeongsan.domain.channels import Actor, CancelWarning, Channel
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.views import CancelView
from jeongsan.wire.errors import EN, KO
from jeongsan.wire.words import money_words

# Korean, English.
_WARNINGS = {
    CancelWarning.NO_WEBHOOK: (
        "등록된 웹훅이 없습니다. 이 취소는 결제 조회와 정산에서만 알 수 있습니다.",
        "No webhook is registered: only a look-up and the settlements tell of this cancel.",
    ),
    CancelWarning.LIVE_IN_DEVELOPER_CENTRE: (
        "라이브 결제입니다. 실제 개발자센터에는 테스트 결제만 있습니다.",
        "This is a live payment; the real developer centre holds test payments only.",
    ),
}


def cancel_view(view: CancelView) -> dict[str, Any]:
    """One entry of the list of cancels. `key` is the end of the key that was used, null for a person."""
    return {
        "transactionKey": view.transaction_key,
        "paymentKey": view.payment_key,
        "orderId": view.order_id,
        "canceledAt": iso_kst(view.canceled_at),
        "cancelAmount": view.amount.number(),
        "currency": view.amount.currency,
        "cancelReason": view.reason,
        "status": view.status,
        "channel": view.actor.channel.value,
        "actor": view.actor.name,
        "key": view.actor.key_hint,
        "address": shown_address(view.actor),
        "approvedAt": iso_kst(view.approved_at),
    }


def shown_address(actor: Actor) -> str | None:
    """Where somebody acted from. The network address of the gateway's own staff is not the shop's to know."""
    return None if actor.channel is Channel.GATEWAY_FORCED else actor.address


def notice_view(view: CancelView) -> dict[str, Any]:
    """What the shop is told of a forced cancel; `ko` and `en` say it in a sentence."""
    number, currency = view.amount.number(), view.amount.currency
    korean, english = money_words(number, currency, KO), money_words(number, currency, EN)
    return {
        "at": iso_kst(view.canceled_at),
        "kind": "FORCED_CANCEL",
        "orderId": view.order_id,
        "paymentKey": view.payment_key,
        "transactionKey": view.transaction_key,
        "amount": view.amount.number(),
        "currency": view.amount.currency,
        "reason": view.reason,
        "actor": view.actor.name,
        "ko": f"결제대행사가 주문 {view.order_id} 결제를 직권취소했습니다: {korean}, 사유 {view.reason}",
        "en": f"The gateway cancelled order {view.order_id} without your request: {english}, "
        f"reason {view.reason}",
    }


def warning_view(warning: CancelWarning) -> dict[str, str]:
    """A warning as {code, ko, en}."""
    korean, english = _WARNINGS[warning]
    return {"code": warning.value, "ko": korean, "en": english}
