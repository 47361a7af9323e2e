"""Act 2: is what reaches me after a cancel in the merchant admin the data my own cancel returns?"""

import hashlib
import json
from typing import Any

from jeongsan.demo import expected
from jeongsan.demo.checks import Checks, both
from jeongsan.demo.selling import Sold
from jeongsan.demo.stage import Scene, get, open_stage, post
from jeongsan.domain.channels import Channel
from jeongsan.domain.shop import Mode
from jeongsan.inquiry.parity import CancelParity, Column, Part, compare

_WORDS = (Channel.MERCHANT_ADMIN.value, "상점관리자", expected.PERSON, expected.PERSON_ADDRESS)


async def same_data(scene: Scene, sold: Sold, folder: str) -> None:
    """Compare the bodies of A and B field by field, then two worlds of one seed byte by byte."""
    checks = scene.checks
    looked_up = await get(scene.live, f"/v1/payments/{sold.key_a}")
    parity = compare(
        Column(part=Part.WEBHOOK, order_id=expected.ORDER_A, body=sold.told_a),
        [
            Column(part=Part.ANSWER, order_id=expected.ORDER_B, body=sold.answered_b, other=True),
            Column(part=Part.LOOK_UP, order_id=expected.ORDER_A, body=looked_up),
        ],
        _WORDS,
    )
    checks.tell()
    checks.tell(
        '2  Q. "저희 사이트에서 취소 요청 시 받는 리턴 데이터와 동일한가요?"  Same data as my own cancel?'
    )
    checks.tell(
        "                             own cancel's answer (B)   webhook (A, by hand)   GET payment (A)"
    )
    _keys(checks, parity)
    reasons = sorted({one.difference.path for c in parity.comparisons for one in c.found})
    mark = checks.expect("every differing value has its reason", parity.unexplained, 0)
    checks.tell(f"   values that differ        {len(reasons)}: ids, times, receipt, approval number   {mark}")
    mark = checks.expect("path or person in the bodies", parity.told, ())
    checks.tell(f"   path or person in body    none in all three   {mark}")
    await _two_worlds(checks, folder)


def _keys(checks: Checks, parity: CancelParity) -> None:
    columns = {one.column.part: one for one in (parity.reference, *parity.comparisons)}
    shown = [columns[part] for part in (Part.ANSWER, Part.WEBHOOK, Part.LOOK_UP)]
    for name, keys, count in (
        ("top-level keys, in order", [one.keys for one in shown], expected.PAYMENT_KEYS),
        ("cancels[0], in order", [one.entry_keys for one in shown], expected.CANCEL_KEYS),
    ):
        mark = checks.expect(name, [len(one) for one in keys], [count] * 3)
        same = checks.expect(f"{name}: the same", len(set(keys)), 1)
        found = "".join(f"{len(one):<25}" for one in keys)
        checks.tell(f"   {name:<25} {found.rstrip()} {both(mark, same)}")


async def _two_worlds(checks: Checks, folder: str) -> None:
    """The same seed, the same day, the same order: only the path of the cancel is swapped."""
    digests = {}
    for channel in (Channel.API, Channel.MERCHANT_ADMIN):
        bodies = await _world(f"sqlite:///{folder}/{channel.value}.db", channel)
        digests[channel] = hashlib.sha256(bodies).hexdigest()
    by_api, by_hand = digests.values()
    mark = checks.expect("same seed, path swapped: webhooks and settlement rows", by_hand, by_api)
    digests_shown = f"API sha256 {by_api[:12]}…, merchant admin {by_hand[:12]}…"
    checks.tell(f"   same seed, path swapped   {digests_shown}: same bytes {mark}")


async def _world(database: str, channel: Channel) -> bytes:
    """Everything a merchant receives of one payment, cancelled through a channel."""
    async with open_stage(database, Checks(), at=expected.REQUESTED_AT, seed=1) as scene:
        paid = await scene.approve(scene.live, expected.ORDER_A, expected.AMOUNT, expected.APPROVED_AT)
        await scene.move(expected.CANCELED_AT)
        if channel is Channel.API:
            await post(
                scene.live, f"/v1/payments/{paid['paymentKey']}/cancel", {"cancelReason": expected.REASON}
            )
        else:
            await scene.cancel_by_hand(channel, Mode.LIVE, paid["paymentKey"])
        await scene.receiver.wait_for(2)
        await scene.move("2025-04-26T00:00:00+09:00")
        rows, _ = await scene.settlements(scene.live, expected.APPROVAL_SOLD_DATE, expected.CANCEL_SOLD_DATE)
        received: list[Any] = [*scene.receiver.bodies, rows]
        return json.dumps(received, ensure_ascii=False).encode()
