"""Acts 3 and 4: does the settlement API return the cancel, and why is it paid out on that day?"""

from typing import Any

from jeongsan.demo import expected
from jeongsan.demo.checks import both
from jeongsan.demo.selling import Sold
from jeongsan.demo.stage import Scene, get
from jeongsan.inquiry.parity import Column, Part, compare

_FIGURES = ("approvedAt", "soldDate", "paidOutDate", "amount", "fee", "payOutAmount")


async def settle(scene: Scene, sold: Sold) -> None:
    """Ask on the day itself, a day later, and look at every row."""
    checks, day = scene.checks, expected.CANCEL_SOLD_DATE
    checks.tell()
    checks.tell(
        '3  Q. "해당 취소 건의 정산 데이터가 제대로 전달되는지"  Does the settlement API return the cancel?'
    )
    rows, reason = await scene.settlements(scene.live, day)
    mark = checks.expect("on the day itself", (rows, reason), ([], "NOT_CLOSED; readable=2025-04-26"))
    checks.tell(f"   04-25  GET /v1/settlements?startDate={day}&endDate={day} → []  ({reason}) {mark}")
    await scene.move("2025-04-26T00:00:00+09:00")
    rows, _ = await scene.settlements(scene.live, day)
    mark = checks.expect("rows a day later", len(rows), 3)
    checks.tell(
        f"   04-26  same query → {len(rows)} rows {mark}                                        clock +1 day"
    )
    checks.tell("   order  거래  approvedAt        soldDate    paidOutDate    amount      fee    payOut")
    by_order = {row["orderId"]: row for row in rows}
    refund = (-expected.AMOUNT, -expected.FEE)
    _row(scene, "A", by_order.get(expected.ORDER_A), expected.APPROVED_AT, refund)
    _row(scene, "B", by_order.get(expected.ORDER_B), expected.B_APPROVED_AT, refund)
    sale = (expected.SAME_DAY_AMOUNT, expected.SAME_DAY_FEE)
    _row(scene, "C", by_order.get(expected.ORDER_C), expected.C_APPROVED_AT, sale)
    await _both_rows_of_a(scene, sold, by_order.get(expected.ORDER_A, {}))


def _row(
    scene: Scene, letter: str, row: dict[str, Any] | None, approved_at: str, money: tuple[int, int]
) -> None:
    amount, fee = money
    wanted = (
        approved_at, expected.CANCEL_SOLD_DATE, expected.CANCEL_PAID_OUT_DATE, amount, fee, amount - fee
    )  # fmt: skip
    found = tuple((row or {}).get(name) for name in _FIGURES)
    mark = scene.checks.expect(f"row of {letter}", found, wanted)
    approved, sold_date, paid_out_date, *amounts = found
    word = "취소" if (row or {}).get("cancel") else "승인"
    figures = "".join(f"{number or 0:>10,}" for number in amounts)
    scene.checks.tell(
        f"   {letter}      {word}  {str(approved)[:16]}  {sold_date}  {paid_out_date}{figures} {mark}"
    )


async def _both_rows_of_a(scene: Scene, sold: Sold, cancel_row: dict[str, Any]) -> None:
    checks = scene.checks
    thread = (expected.APPROVED_AT, expected.CANCEL_SOLD_DATE, expected.CANCEL_PAID_OUT_DATE)
    found = tuple(cancel_row.get(name) for name in _FIGURES[:3])
    mark = checks.expect("the thread's own row", found, thread)
    checks.tell(
        f"   도움 글의 실제 건 (the thread's own row): sold {found[1]}, paid {found[2]}, reproduced {mark}"
    )
    rows, _ = await scene.settlements(scene.live, expected.APPROVAL_SOLD_DATE)
    approval = next((row for row in rows if row["orderId"] == expected.ORDER_A), {})
    dates = (approval.get("soldDate"), approval.get("paidOutDate"))
    checks.expect("승인 row of A", dates, (expected.APPROVAL_SOLD_DATE, expected.APPROVAL_PAID_OUT_DATE))
    net = approval.get("payOutAmount", 0) + cancel_row.get("payOutAmount", 0)
    mark = checks.expect("두 번 정산, 합계", net, 0)
    checks.tell(f"   A 승인: sold {dates[0]}, paid {dates[1]}. 두 번 정산 (settled twice), net {net} {mark}")
    row = Column(part=Part.SETTLEMENT_ROW, order_id=expected.ORDER_A, body=cancel_row.get("cancel"))
    parity = compare(Column(part=Part.WEBHOOK, order_id=expected.ORDER_A, body=sold.told_a), [row])
    keys = len(parity.comparisons[0].entry_keys)
    mark = checks.expect("cancel of the row", (keys, parity.unexplained), (expected.SETTLED_CANCEL_KEYS, 0))
    checks.tell(
        f"   row.cancel: {keys} of the webhook's {expected.CANCEL_KEYS} keys, every shared value equal {mark}"
    )


async def why_that_day(scene: Scene) -> None:
    """The calendar steps of A's cancel, what is paid out on that day, and the thread's other row."""
    checks = scene.checks
    checks.tell()
    checks.tell(f'4  Q. "정산일이 왜 5월 8일?"  Why 8 May?   jeongsan trace {expected.ORDER_A[:13]}…')
    trace = await get(scene.live, f"/jeongsan/v1/orders/{expected.ORDER_A}/trace")
    row = trace["traces"][0]["settlements"][-1]
    checks.tell(f"   {row['stepsInWords']}")
    named = [step["date"] for step in row["steps"] if step.get("closed") not in (None, "주말")]
    mark = checks.expect("holidays on the way", tuple(named), expected.CLOSED_DAYS_COUNTED)
    asked = row["answers"][-1] if row["answers"] else {}
    place = checks.expect("which answer carried the row", (asked.get("page"), asked.get("row")), (1, 1))
    checks.tell(f"   {row['queries'][0]} · {row['answersInWords']} {both(place, mark)}")
    await scene.move(f"{expected.CANCEL_PAID_OUT_DATE}T00:00:00+09:00")
    rows, _ = await scene.settlements(scene.live, expected.CANCEL_PAID_OUT_DATE, date_type="paidOutDate")
    total = sum(one["payOutAmount"] for one in rows)
    mark = checks.expect("5/8 합계", total, expected.PAID_OUT_TOGETHER)
    sales = sum(one["amount"] for one in rows if one["amount"] > 0)
    refunds = -sum(one["amount"] for one in rows if one["amount"] < 0)
    fees = sum(one["fee"] for one in rows)
    checks.tell(
        f"   5/8 합계 sum of that day's rows: {sales:,} − {refunds:,} − {fees:,} fee = {total:,}원 {mark}"
    )
    await _other_row(scene)


async def _other_row(scene: Scene) -> None:
    await scene.approve(scene.live, expected.ORDER_E, expected.AMOUNT, expected.E_APPROVED_AT)
    await scene.hear()
    await scene.move("2025-09-18T00:00:00+09:00")
    rows, _ = await scene.settlements(scene.live, expected.E_SOLD_DATE)
    found = [(row["approvedAt"], row["soldDate"], row["paidOutDate"]) for row in rows]
    wanted = [(expected.E_APPROVED_AT, expected.E_SOLD_DATE, expected.E_PAID_OUT_DATE)]
    mark = scene.checks.expect("the thread's other row", found, wanted)
    shown = " · ".join(f"approved {at[5:19]}, sold {sold}, paid {paid}" for at, sold, paid in found)
    scene.checks.tell(f"   도움 글의 다른 건 {expected.ORDER_E[:13]}…: {shown}, reproduced {mark}")
