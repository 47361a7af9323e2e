"""A row whose paid-out date changed: when, on whose word, and which answers may still be told of it."""

from datetime import date

import pytest

from support.calendars import announce
from support.inquiries import entries, parameters, send, trace
from support.sandbox import MID, Sandbox

pytestmark = pytest.mark.anyio

SHOP = f"/jeongsan/v1/shops/{MID}"


async def test_a_row_that_moved_tells_whence_whither_and_on_whose_word(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-17T09:00:00+09:00")
    await announce(
        sandbox, {date(2025, 3, 20): "임시공휴일", date(2025, 5, 2): "다른 날"}, source="관보 제1호"
    )
    found = await trace(sandbox, "order-A")
    (row,) = found["settlements"]
    assert (row["paidOutDate"], row["redated"]) == ("2025-03-24", False)
    (move,) = row["moves"]
    assert move == {
        "at": "2025-03-17T09:00:00+09:00",
        "from": "2025-03-21",
        "to": "2025-03-24",
        "cause": "calendar",
        "version": 1,
        "source": "관보 제1호",
        "words": "지급일 변경 3/21 → 3/24: 임시공휴일, 출처 관보 제1호",
    }
    (entry,) = entries(found, "redated")
    assert (entry["at"], entry["words"]) == (move["at"], f"승인 {move['words']}")
    assert [one["what"] for one in found["timeline"]][-2:] == ["redated", "paid-out"]
    assert found["timeline"][-1]["at"][:10] == "2025-03-24"


async def test_a_day_that_is_worked_after_all_moves_a_row_back_and_says_so(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await announce(sandbox, {date(2025, 3, 20): "임시공휴일"})
    await announce(sandbox, {date(2025, 3, 15): None}, source="사내 공지")
    (row,) = (await trace(sandbox, "order-A"))["settlements"]
    assert [move["words"] for move in row["moves"]] == [
        "지급일 변경 3/21 → 3/24: 임시공휴일, 출처 관보",
        "지급일 변경 3/24 → 3/21: 3/15 영업일, 출처 사내 공지",
    ]
    assert row["paidOutDate"] == "2025-03-21"


async def test_answers_by_paid_out_date_from_before_a_move_are_not_claimed_to_have_carried_the_row(
    sandbox: Sandbox,
) -> None:
    """The first of two rows leaves 21 March: the one that stays gets another number, and the 24th a row."""
    orders = {}
    for order, business_days in (("first", 6), ("stays", 5), ("third", 6)):
        await sandbox.live.put(SHOP, json={"businessDays": business_days})
        if order == "stays":
            await sandbox.move_to("2025-03-14T12:00:00+09:00")
        orders[order] = (await sandbox.done())["orderId"]
    await sandbox.move_to("2025-03-15T09:00:00+09:00")
    rows = await sandbox.settlements("2025-03-20", "2025-03-25", dateType="paidOutDate")
    assert [(row["orderId"], row["paidOutDate"]) for row in rows] == [
        (orders["first"], "2025-03-21"),
        (orders["stays"], "2025-03-21"),
        (orders["third"], "2025-03-24"),
    ]
    await sandbox.settlements("2025-03-13")
    await sandbox.advance("PT1H")
    await announce(sandbox, {date(2025, 3, 14): "임시공휴일"})
    carried = {name: await _asked(sandbox, order) for name, order in orders.items()}
    assert carried == {"first": ["soldDate"], "stays": [], "third": []}
    await sandbox.advance("PT1H")
    rows = await sandbox.settlements("2025-03-20", "2025-03-25", dateType="paidOutDate")
    assert [row["orderId"] for row in rows] == [orders["stays"], orders["third"], orders["first"]]
    for name, place in (("stays", 1), ("third", 2), ("first", 3)):
        (row,) = (await trace(sandbox, orders[name]))["settlements"]
        last = row["answers"][-1]
        assert (parameters(last["query"])["dateType"], last["row"]) == ("paidOutDate", place)
        assert "이후만 알 수 있습니다" in row["answersInWords"]


async def _asked(sandbox: Sandbox, order: str) -> list[str]:
    (row,) = (await trace(sandbox, order))["settlements"]
    return [parameters(one["query"])["dateType"] for one in row["answers"]]


async def test_what_is_expected_of_an_order_is_explained_by_its_new_date(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await announce(sandbox, {date(2025, 3, 20): "임시공휴일"})
    query = {"startDate": "2025-03-21", "endDate": "2025-03-21", "dateType": "paidOutDate"}
    answer = await sandbox.get("/jeongsan/v1/settlements/explain", **query, orderId="order-A")
    (found,) = answer["explanations"]
    assert (found["rows"], found["reason"]) == (0, "NONE")
    (dates,) = [one["ko"] for one in found["sentences"] if one["code"] == "ROW_DATES"]
    assert dates.startswith("승인 건: soldDate 2025-03-13, paidOutDate 2025-03-24")
    for works in found["works"]:
        assert [row["orderId"] for row in await send(sandbox, works)] == ["order-A"]
