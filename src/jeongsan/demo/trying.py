"""Act 6: why a test payment's settlement query stays empty, and what the sandbox's switch changes."""

from typing import Any

from jeongsan.demo import expected
from jeongsan.demo.checks import Checks, both
from jeongsan.demo.stage import Scene, get, open_stage
from jeongsan.domain.channels import Channel
from jeongsan.domain.shop import Mode

_AT = f"{expected.TEST_DAY}T10:00:00+09:00"


async def try_test_mode(scene: Scene, folder: str) -> None:
    """Cancel a test payment on the thread's day, ask its query a week later, then replay with the switch."""
    checks, (start, end) = scene.checks, expected.ASKED
    checks.tell()
    checks.tell('6  Q. "테스트 건은 왜 안 나오나요? 27일~28일로 조회하면?"  clock → 2025-11-21, test key')
    told = await _pay_and_cancel(scene)
    found = (told.get("orderId"), told.get("status"))
    mark = checks.expect("webhook of the test cancel", found, (expected.ORDER_D, "CANCELED"))
    checks.tell(
        f"   11-21  D {expected.ORDER_D} 취소: 개발자센터 (developer centre)   webhook CANCELED {mark}"
    )
    await scene.move(f"{expected.TOLD_DAY}T10:00:00+09:00")
    rows, reason = await scene.settlements(scene.test, start, end)
    mark = checks.expect("the thread's query with a test key", (rows, reason), ([], "TEST_KEY"))
    checks.tell(f"   11-28  ?startDate={start}&endDate={end} → []  ({reason}) {mark}   jeongsan explain:")
    await _explain(scene)
    await _replay(checks, f"sqlite:///{folder}/replay.db")


async def _pay_and_cancel(scene: Scene) -> dict[str, Any]:
    """The webhook of a test payment that somebody cancelled in the developer centre."""
    paid = await scene.approve(scene.test, expected.ORDER_D, expected.AMOUNT, _AT)
    await scene.hear()
    await scene.cancel_by_hand(Channel.DEVELOPER_CENTRE, Mode.TEST, paid["paymentKey"])
    return await scene.hear()


async def _explain(scene: Scene) -> None:
    checks, (start, end) = scene.checks, expected.ASKED
    query = {"startDate": start, "endDate": end, "orderId": expected.ORDER_D}
    answer = await get(scene.test, "/jeongsan/v1/settlements/explain", **query)
    (explained,) = answer["explanations"]
    codes = {one["code"] for one in explained["sentences"]}
    checks.expect("explained", codes >= {"DEFAULT_DATE_TYPE", "TEST_KEY", "COUNTED", "READABLE_FROM"}, True)
    cancel = explained["order"][-1]
    counted = {one["date"]: one["businessDay"] for one in cancel["counted"]}
    mark = checks.expect("what 11-28 is", counted.get(expected.TOLD_DAY), expected.BUSINESS_DAYS - 1)
    paid = checks.expect("paid out, if it settled", cancel["paidOutDate"], expected.TEST_PAID_OUT_DATE)
    for code in ("TEST_KEY", "DEFAULT_DATE_TYPE"):
        sentence = next(one for one in explained["sentences"] if one["code"] == code)
        checks.tell(f"          {code}  {sentence['ko']}")
    day, payout = expected.TOLD_DAY, expected.TEST_PAID_OUT_DATE
    checks.tell(
        f"          COUNTED  {day} is D+{counted.get(day)}; this shop is D+6 → {payout} {both(mark, paid)}"
    )


async def _replay(checks: Checks, database: str) -> None:
    """The same day once more, in a world whose test payments settle."""
    async with open_stage(database, Checks(), at=_AT, settle_test_payments=True) as scene:
        await _pay_and_cancel(scene)
        await scene.move("2025-11-22T00:00:00+09:00")
        rows, _ = await scene.settlements(scene.test, expected.TEST_DAY)
    found = [(row["amount"], row["soldDate"], row["paidOutDate"]) for row in rows]
    dates = (expected.TEST_DAY, expected.TEST_PAID_OUT_DATE)
    mark = checks.expect(
        "rows with the switch on", found, [(expected.AMOUNT, *dates), (-expected.AMOUNT, *dates)]
    )
    checks.tell("   switch on, replayed: jeongsan shop set kbsi_demo --settle-test-payments")
    shown = f"{len(found)} rows (승인, 취소): 하루 뒤 조회 가능"
    paid = ", ".join(sorted({paid for _, _, paid in found}))
    checks.tell(f"   11-22  ?startDate={dates[0]}&endDate={dates[0]} → {shown}, paid out {paid} {mark}")
