"""A payment's trace tells of holds: who placed and released them and why, and what they keep back now."""

import pytest

from jeongsan.inquiry.trace_text import trace_lines
from support.holds import disputed, placed, released
from support.inquiries import answer, entries, trace
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio

WHO = "default · live_sk_…0000 · 127.0.0.1"


async def test_a_dispute_is_told_from_its_placing_to_the_payout_after_its_release(sandbox: Sandbox) -> None:
    payment = await sandbox.done(10_000, order_id="order-A")
    await sandbox.move_to("2025-03-20T10:00:00+09:00")
    hold = await disputed(sandbox, payment, note="구매자 이의 제기")
    await sandbox.done(20_000)
    await sandbox.move_to("2025-03-24T10:00:00+09:00")
    found = await trace(sandbox, "order-A")
    (row,) = found["settlements"]
    assert (row["paidOutDate"], row["paidOut"], row["holds"]) == ("2025-03-21", False, ["DISPUTE"])
    assert row["heldInWords"] == "지급보류 중: 분쟁. 지급일 뒤에 풀리면 다음 영업일에 지급"
    (due,) = entries(found, "paid-out")
    assert (due["expected"], due["words"]) == (True, "승인 지급 예정이지만 보류 중 9,648원")
    (held,) = entries(found, "held")
    assert held == {
        "at": "2025-03-20T10:00:00+09:00",
        "what": "held",
        "words": f'지급보류: 분쟁 · {WHO} · "구매자 이의 제기"',
        "holdId": hold["holdId"],
        "reason": "DISPUTE",
        "ofShop": False,
        "note": "구매자 이의 제기",
        "by": hold["placedBy"],
    }
    await released(sandbox, hold)
    await sandbox.move_to("2025-03-25T10:00:00+09:00")
    found = await trace(sandbox, "order-A")
    (row,) = found["settlements"]
    assert (row["paidOutDate"], row["paidOut"], row["holds"]) == ("2025-03-25", True, [])
    assert row["heldInWords"] is None
    (free,) = entries(found, "released")
    assert (free["at"], free["words"]) == (
        "2025-03-24T10:00:00+09:00",
        f'지급보류 해제: 분쟁 · {WHO} · "구매자 이의 제기"',
    )
    (paid,) = entries(found, "paid-out")
    assert (paid["at"], paid["expected"]) == ("2025-03-25T00:00:00+09:00", False)


async def test_a_hold_of_the_shop_is_told_by_the_payments_whose_money_it_kept_back(sandbox: Sandbox) -> None:
    await sandbox.done(10_000, order_id="order-A")
    await sandbox.move_to("2025-03-21T10:00:00+09:00")
    await sandbox.done(10_000, order_id="order-B")
    await placed(sandbox, "KYC")
    assert entries(await trace(sandbox, "order-A"), "held") == []
    found = await trace(sandbox, "order-B", lang="en")
    (held,) = entries(found, "held")
    assert (held["words"], held["ofShop"]) == (f"held: KYC pending (the whole shop) · {WHO}", True)
    assert found["settlements"][0]["heldInWords"] == (
        "held: KYC pending (the whole shop); released after its date it is paid on the next business day"
    )


async def test_of_what_never_settles_nothing_is_held(sandbox: Sandbox) -> None:
    await sandbox.done(10_000, order_id="order-T", client=sandbox.test)
    await placed(sandbox, "KYC", client=sandbox.test)
    found = await trace(sandbox, "order-T", client=sandbox.test)
    assert entries(found, "held") == []
    assert "holds" not in found["settlements"][0]


async def test_a_terminal_shows_why_a_row_is_held(sandbox: Sandbox) -> None:
    await disputed(sandbox, await sandbox.done(10_000, order_id="order-A"))
    lines = list(trace_lines(await answer(sandbox, "order-A"), "ko"))
    assert "      지급보류 중: 분쟁. 지급일 뒤에 풀리면 다음 영업일에 지급" in lines
