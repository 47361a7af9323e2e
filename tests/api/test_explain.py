"""GET /jeongsan/v1/settlements/explain: the parameters of GET /v1/settlements, and its refusals."""

from typing import Any

import pytest

from support.sandbox import MID, Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

EXPLAIN = "/jeongsan/v1/settlements/explain"
RANGE = {"startDate": "2025-03-13", "endDate": "2025-03-13"}


async def explanations(sandbox: Sandbox, **query: str) -> list[dict[str, Any]]:
    answered = await sandbox.live.get(EXPLAIN, params=RANGE | query)
    assert answered.status_code == 200, answered.text
    found: list[dict[str, Any]] = answered.json()["explanations"]
    return found


async def test_a_live_key_is_told_of_both_modes_live_first_and_a_test_key_of_one(sandbox: Sandbox) -> None:
    await another_shop(sandbox, "tother0001")
    found = await explanations(sandbox)
    assert [(one["mode"], one["mId"]) for one in found] == [("LIVE", MID), ("TEST", MID)]
    assert list(found[0]) == [
        "mode",
        "mId",
        "query",
        "rows",
        "reason",
        "readable",
        "sentences",
        "order",
        "works",
    ]
    by_test = (await sandbox.test.get(EXPLAIN, params=RANGE)).json()["explanations"]
    assert [one["mode"] for one in by_test] == ["TEST"]


async def test_an_order_of_another_shop_is_an_unknown_one(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    await sandbox.done(order_id="order-A", client=other)
    found = await explanations(sandbox, orderId="order-A")
    assert "UNKNOWN_ORDER" in [sentence["code"] for sentence in found[0]["sentences"]]
    assert found[0]["order"] == []


async def test_a_query_the_list_would_refuse_is_refused_alike(sandbox: Sandbox) -> None:
    for change in (
        {"startDate": "soon"},
        {"endDate": "2025-03-12"},
        {"dateType": "payDate"},
        {"page": "0"},
        {"size": "5001"},
    ):
        asked = RANGE | change
        listed = await sandbox.live.get("/v1/settlements", params=asked)
        refused = await sandbox.live.get(EXPLAIN, params=asked)
        assert listed.status_code == 400
        assert (refused.status_code, refused.content) == (400, listed.content)
    assert_refused(await sandbox.anonymous.get(EXPLAIN, params=RANGE), 401, "UNAUTHORIZED_KEY")


@pytest.mark.parametrize("order", ["\x00", "%", "'; --", "주문", "", "x" * 5_000])
async def test_any_order_may_be_asked_about(sandbox: Sandbox, order: str) -> None:
    (found, _) = await explanations(sandbox, orderId=order)
    assert {"UNKNOWN_ORDER", "CUT_ORDER"} & {sentence["code"] for sentence in found["sentences"]}


async def test_asking_why_is_no_settlement_query_and_leaves_no_trace(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    assert (await explanations(sandbox, orderId="order-A"))[0]["order"][0]["returned"]
    traced = (await sandbox.live.get("/jeongsan/v1/orders/order-A/trace")).json()
    assert traced["traces"][0]["settlements"][0]["answers"] == []
