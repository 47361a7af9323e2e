"""Act 1: three live sales; one is cancelled by hand in the merchant admin, its twin by API."""

from dataclasses import dataclass
from typing import Any

from jeongsan.demo import expected
from jeongsan.demo.checks import both
from jeongsan.demo.stage import Scene, post
from jeongsan.domain.channels import Channel
from jeongsan.domain.shop import Mode


@dataclass(frozen=True, slots=True)
class Sold:
    """What the acts look back on: order A as its webhook told the cancel, order B as the API answered its."""

    told_a: dict[str, Any]
    answered_b: dict[str, Any]

    @property
    def key_a(self) -> str:
        """The payment key of A."""
        return str(self.told_a.get("paymentKey"))

    @property
    def key_b(self) -> str:
        """The payment key of B."""
        return str(self.answered_b["paymentKey"])


async def sell_and_cancel(scene: Scene) -> Sold:
    """Approve A and B, cancel A by hand and B by API, sell C on the same day."""
    tell = scene.checks.tell
    tell()
    tell("1  결제와 취소 · pay and cancel                                clock 2025-03-13 → 2025-04-25")
    a = await scene.approve(
        scene.live,
        expected.ORDER_A,
        expected.AMOUNT,
        expected.APPROVED_AT,
        requested_at=expected.REQUESTED_AT,
    )
    await _told(scene, "A", "승인", expected.APPROVED_AT, a)
    b = await scene.approve(scene.program, expected.ORDER_B, expected.AMOUNT, expected.B_APPROVED_AT)
    await _told(scene, "B", "승인", expected.B_APPROVED_AT, b)
    await scene.move(expected.CANCELED_AT)
    await scene.cancel_by_hand(Channel.MERCHANT_ADMIN, Mode.LIVE, a["paymentKey"])
    by = f"취소: 상점관리자 (merchant admin, {expected.PERSON})"
    told_a = await _told(scene, "A", by, expected.CANCELED_AT)
    await scene.move(expected.B_CANCELED_AT)
    path = f"/v1/payments/{b['paymentKey']}/cancel"
    answered_b = await post(scene.program, path, {"cancelReason": expected.REASON})
    by = f"취소: API ({expected.PROGRAM} {scene.program_hint})"
    await _told(scene, "B", by, expected.B_CANCELED_AT, answered_b)
    c = await scene.approve(scene.live, expected.ORDER_C, expected.SAME_DAY_AMOUNT, expected.C_APPROVED_AT)
    await _told(scene, "C", "승인", expected.C_APPROVED_AT, c)
    return Sold(told_a, answered_b)


async def _told(scene: Scene, letter: str, what: str, at: str, answer: Any = None) -> dict[str, Any]:
    """The next webhook: of the right status and amount, and what the API answered where it did."""
    told = await scene.hear()
    status = "DONE" if what == "승인" else "CANCELED"
    amount = expected.SAME_DAY_AMOUNT if letter == "C" else expected.AMOUNT
    found = (told.get("status"), told.get("totalAmount"))
    mark = scene.checks.expect(f"webhook of {letter} {status}", found, (status, amount))
    if answer is not None:
        same = scene.checks.expect(f"webhook of {letter} {status} is the API's answer", told, answer)
        mark = both(mark, same)
    order = f"{_short(told.get('orderId', '?')):<22}"
    scene.checks.tell(
        f"   {at[5:10]} {at[11:19]}  {letter} {order} {amount:>7,}원 {what}   webhook {status} {mark}"
    )
    return told


def _short(order_id: str) -> str:
    return order_id if len(order_id) <= 24 else f"{order_id[:13]}…{order_id[-6:]}"
