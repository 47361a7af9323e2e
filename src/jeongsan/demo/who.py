"""Act 5: who cancelled, by which path, and what even a real key tells."""

from datetime import datetime
from typing import Any

from jeongsan.client.keys import transaction_moment
from jeongsan.demo import expected
from jeongsan.demo.checks import both
from jeongsan.demo.selling import Sold
from jeongsan.demo.stage import Scene, get
from jeongsan.domain.channels import Channel

_WORDS = {Channel.MERCHANT_ADMIN.value: "상점관리자 (merchant admin)", Channel.API.value: "API"}


async def who_cancelled(scene: Scene, sold: Sold) -> None:
    """Read it from the gateway's own trail, and the instant from the key that was posted in the thread."""
    checks = scene.checks
    checks.tell()
    checks.tell('5  Q. "토스에서 직접 취소한 건인지 알 수 있나요?"  Who cancelled, by which path?')
    listed = await get(scene.live, "/jeongsan/v1/cancels", **{"from": "2025-04-25", "to": "2025-04-25"})
    by_order = {one["orderId"]: one for one in listed}
    by_hand = (Channel.MERCHANT_ADMIN.value, expected.PERSON, expected.PERSON_ADDRESS)
    _who(scene, "A", by_order.get(expected.ORDER_A, {}), by_hand)
    by_api = (Channel.API.value, expected.PROGRAM, "127.0.0.1")
    _who(scene, "B", by_order.get(expected.ORDER_B, {}), by_api)
    moment = transaction_moment(expected.THREAD_TRANSACTION_KEY)
    made = "?" if moment is None else moment.isoformat(timespec="milliseconds")
    mark = checks.expect("the instant in the thread's key", made, expected.CANCELED_AT)
    ours = str(sold.told_a.get("lastTransactionKey"))[: expected.KEY_TIME_LENGTH]
    thread = expected.THREAD_TRANSACTION_KEY[: expected.KEY_TIME_LENGTH]
    same = checks.expect("our key of that instant begins like the thread's", ours, thread)
    real = f"{expected.THREAD_TRANSACTION_KEY} was made {made} (read from the key)"
    checks.tell(f"   Real data too: {real} {both(mark, same)}")
    waited = _waited(sold.told_a)
    mark = checks.expect("from approval to cancel", waited, expected.WAITED)
    checks.tell(f"   → 망취소 아님: 승인 후 {waited} (no network cancel: weeks later, not seconds) {mark}")


def _waited(payment: dict[str, Any]) -> str:
    """Days, hours and minutes from the approval to the cancel, as the webhook tells both."""
    approved = datetime.fromisoformat(payment["approvedAt"])
    waited = datetime.fromisoformat(payment["cancels"][0]["canceledAt"]) - approved
    hours, minutes = divmod(waited.seconds // 60, 60)
    return f"{waited.days}일 {hours:02d}:{minutes:02d}"


def _who(scene: Scene, letter: str, cancel: dict[str, Any], wanted: tuple[str, ...]) -> None:
    found = tuple(cancel.get(name) for name in ("channel", "actor", "address"))
    mark = scene.checks.expect(f"who cancelled {letter}", found, wanted)
    words = _WORDS.get(str(found[0]), str(found[0]))
    parts = (words, *found[1:], cancel.get("key"), f'"{cancel.get("cancelReason")}"')
    shown = " · ".join(str(part) for part in parts if part)
    scene.checks.tell(f"   {letter}  {shown} {mark}")
