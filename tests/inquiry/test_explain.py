"""Why a settlement query finds what it finds, and a query that works, which really does."""

from typing import Any

import httpx
import pytest

from jeongsan.domain.channels import Channel
from jeongsan.inquiry.empty_reason import EmptyReason
from support.inquiries import parameters, send
from support.people import cancel_through
from support.sandbox import MID, Sandbox

pytestmark = pytest.mark.anyio

SHOP = f"/jeongsan/v1/shops/{MID}"
ORDER = "ARIA_2025f1c2b05aebcf45538e07b9027dbdb077"


async def explained(
    sandbox: Sandbox,
    start: str,
    end: str | None = None,
    *,
    client: httpx.AsyncClient | None = None,
    **query: Any,
) -> list[dict[str, Any]]:
    asked = {"startDate": start, "endDate": end or start} | query
    answered = await (client or sandbox.live).get("/jeongsan/v1/settlements/explain", params=asked)
    assert answered.status_code == 200, answered.text
    found: list[dict[str, Any]] = answered.json()["explanations"]
    return found


async def live(sandbox: Sandbox, start: str, end: str | None = None, **query: Any) -> dict[str, Any]:
    """The explanation for the live shop."""
    return next(one for one in await explained(sandbox, start, end, **query) if one["mode"] == "LIVE")


def codes(explanation: dict[str, Any]) -> list[str]:
    return [sentence["code"] for sentence in explanation["sentences"]]


def said(explanation: dict[str, Any], code: str, language: str = "en") -> list[str]:
    return [one[language] for one in explanation["sentences"] if one["code"] == code]


async def cancelled_in_november(sandbox: Sandbox, client: httpx.AsyncClient) -> None:
    """The thread's case: cancelled in the developer centre on 21 November at a shop of D+6."""
    await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": "2025-11-20T15:00:00+09:00"})
    payment = await sandbox.done(order_id=ORDER, client=client)
    await sandbox.move_to("2025-11-21T10:00:00+09:00")
    await cancel_through(sandbox, Channel.DEVELOPER_CENTRE, payment["paymentKey"])


async def test_the_threads_query_of_27_and_28_november_is_explained_and_put_right(sandbox: Sandbox) -> None:
    await cancelled_in_november(sandbox, sandbox.live)
    await sandbox.move_to("2025-11-28T10:00:00+09:00")
    found = await live(sandbox, "2025-11-27", "2025-11-28", orderId=ORDER)
    assert (found["mode"], found["mId"], found["rows"], found["reason"]) == ("LIVE", MID, 0, "DATE_TYPE")
    assert codes(found)[0] == "DEFAULT_DATE_TYPE"
    assert "기본값은 soldDate" in said(found, "DEFAULT_DATE_TYPE", "ko")[0]
    (cancel,) = [row for row in found["order"] if row["kind"] == "cancel"]
    assert (cancel["soldDate"], cancel["paidOutDate"], cancel["readableFrom"]) == (
        "2025-11-21",
        "2025-12-01",
        "2025-11-22",
    )
    assert {"date": "2025-11-28", "businessDay": 5} in cancel["counted"]
    assert "2025-11-28 is D+5; this shop is D+6, paid out on 2025-12-01" in said(found, "COUNTED")
    assert "2025-11-28: D+5입니다. 이 상점은 D+6 → 지급일 2025-12-01" in said(found, "COUNTED", "ko")
    assert (
        "the cancel row is readable the day after, from 2025-11-22; only the money waits until 2025-12-01"
        in said(found, "READABLE_FROM")
    )
    assert "취소 건은 다음 날인 2025-11-22부터 조회됩니다. 2025-12-01까지 기다리는 것은 돈뿐입니다" in said(
        found, "READABLE_FROM", "ko"
    )
    days = [(parameters(one)["startDate"], parameters(one)["dateType"]) for one in found["works"]]
    assert ("2025-11-21", "soldDate") in days
    assert ("2025-12-01", "paidOutDate") in days
    for query in found["works"]:
        assert ORDER in [row["orderId"] for row in await send(sandbox, query)]


async def test_the_same_query_with_the_threads_test_key_says_that_test_keys_settle_nothing(
    sandbox: Sandbox,
) -> None:
    await cancelled_in_november(sandbox, sandbox.test)
    (found,) = await explained(sandbox, "2025-11-27", "2025-11-28", orderId=ORDER, client=sandbox.test)
    assert (found["mode"], found["reason"], found["works"]) == ("TEST", "TEST_KEY", [])
    assert codes(found)[:3] == ["DEFAULT_DATE_TYPE", "TEST_KEY", "SWITCH"]
    assert (
        "a test cancel makes no row; live it would have soldDate 2025-11-21, paidOutDate 2025-12-01"
        in said(found, "ROW_NEVER")
    )
    assert (
        "live it would be readable the day after, from 2025-11-22; only the money would wait until 2025-12-01"
        in said(found, "READABLE_FROM")
    )


async def test_a_live_key_finds_the_order_in_whichever_mode_it_is(sandbox: Sandbox) -> None:
    await cancelled_in_november(sandbox, sandbox.test)
    (found,) = await explained(sandbox, "2025-11-27", "2025-11-28", orderId=ORDER)
    assert found["mode"] == "TEST"


async def test_every_sentence_is_said_in_both_languages(sandbox: Sandbox) -> None:
    await cancelled_in_november(sandbox, sandbox.live)
    (found,) = await explained(sandbox, "2025-11-27", "2025-11-28", orderId=ORDER)
    assert found["sentences"]
    for sentence in found["sentences"]:
        assert list(sentence) == ["code", "ko", "en"]
        assert any("가" <= character <= "힣" for character in sentence["ko"])
        assert not any("가" <= character <= "힣" for character in sentence["en"])


async def test_every_reason_of_the_header_is_explained_alike_and_its_query_works(sandbox: Sandbox) -> None:
    await sandbox.test.put(SHOP, json={"settleTestPayments": True})
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    await sandbox.done(order_id="order-B", client=sandbox.test)
    await sandbox.move_to("2025-03-15T13:00:00+09:00")
    await sandbox.done(order_id="order-C")
    asked = {
        EmptyReason.PAGE_BEYOND: ("2025-03-13", {"page": 2}),
        EmptyReason.NOT_CLOSED: ("2025-03-15", {}),
        EmptyReason.DATE_TYPE: ("2025-03-21", {}),
        EmptyReason.OTHER_KEY: ("2025-03-14", {}),
        EmptyReason.NONE: ("2025-03-12", {}),
    }
    works = {}
    for reason, (day, query) in asked.items():
        parameters = {"startDate": day, "endDate": day} | query
        header = (await sandbox.live.get("/v1/settlements", params=parameters)).headers[
            "jeongsan-empty-reason"
        ]
        found = await live(sandbox, day, **query)
        assert found["reason"] == header.partition(";")[0] == reason
        assert reason in codes(found)
        (works[reason],) = found["works"]
        if reason is EmptyReason.NOT_CLOSED:
            assert header == f"NOT_CLOSED; readable={found['readable']}"
    await sandbox.move_to("2025-03-16T00:00:00+09:00")
    for reason, query in works.items():
        client = sandbox.test if reason is EmptyReason.OTHER_KEY else sandbox.live
        assert await send(sandbox, query, client=client), reason


async def test_of_an_empty_range_the_nearest_days_with_rows_are_named_on_both_sides(sandbox: Sandbox) -> None:
    for day in ("2025-03-13", "2025-03-18", "2025-03-25"):
        await sandbox.move_to(f"{day}T14:00:00+09:00")
        await sandbox.done()
    await sandbox.move_to("2025-03-27T00:00:00+09:00")
    found = await live(sandbox, "2025-03-14", "2025-03-17")
    assert [parameters(query)["startDate"] for query in found["works"]] == ["2025-03-13", "2025-03-18"]
    by_payout = await live(sandbox, "2025-03-22", "2025-03-24", dateType="paidOutDate")
    assert [parameters(query)["startDate"] for query in by_payout["works"]] == ["2025-03-21", "2025-03-26"]
    assert codes(by_payout) == ["NONE"]
    for query in found["works"] + by_payout["works"]:
        assert await send(sandbox, query)


async def test_a_list_that_is_not_empty_is_explained_as_found(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.done(order_id="order-B")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    found = await live(sandbox, "2025-03-13", dateType="soldDate", orderId="order-A", size=1)
    assert (found["rows"], found["reason"], codes(found)) == (2, None, ["FOUND", "ROW_RETURNED"])
    assert [row["returned"] for row in found["order"]] == [True]
    found = await live(sandbox, "2025-03-13", dateType="soldDate", orderId="order-B", size=1)
    assert [row["returned"] for row in found["order"]] == [False]


async def test_before_the_close_the_row_is_named_and_from_when_its_query_works(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    found = await live(sandbox, "2025-03-13", "2025-03-20", orderId="order-A")
    assert (found["reason"], found["readable"]) == ("NOT_CLOSED", "2025-03-14")
    assert codes(found) == ["DEFAULT_DATE_TYPE", "NOT_CLOSED", "ROW_DATES", "READABLE_FROM"]
    assert said(found, "ROW_DATES") == [
        "approval row: soldDate 2025-03-13, paidOutDate 2025-03-21 (inside the range)"
    ]
    assert await send(sandbox, found["works"][0]) == []
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    assert len(await send(sandbox, found["works"][0])) == 1


async def test_a_day_on_which_banks_are_closed_is_called_so(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    found = await live(sandbox, "2025-03-15", "2025-03-17", orderId="order-A", dateType="paidOutDate")
    assert said(found, "COUNTED") == [
        "2025-03-15 is no business day; this shop is D+6, paid out on 2025-03-21",
        "2025-03-17 is D+2; this shop is D+6, paid out on 2025-03-21",
    ]
    found = await live(sandbox, "2025-03-14", orderId="order-A", dateType="paidOutDate")
    assert said(found, "COUNTED") == ["2025-03-14 is D+1; this shop is D+6, paid out on 2025-03-21"]
    found = await live(sandbox, "2025-03-24", orderId="order-A", dateType="paidOutDate")
    assert said(found, "COUNTED") == ["2025-03-24 is D+7; this shop is D+6, paid out on 2025-03-21"]
    for far in ("2025-03-12", "2025-03-31", "2026-03-31"):
        found = await live(sandbox, far, orderId="order-A", dateType="paidOutDate")
        assert said(found, "COUNTED") == []


async def test_an_order_that_leads_nowhere_is_said_to_and_the_query_is_explained_all_the_same(
    sandbox: Sandbox,
) -> None:
    await sandbox.done(order_id="order-A1")
    await sandbox.done(order_id="order-A2")
    for order, code in (("nobody-1", "UNKNOWN_ORDER"), ("order-A", "AMBIGUOUS_ORDER"), ("ARI", "CUT_ORDER")):
        found = await explained(sandbox, "2025-03-13", orderId=order)
        assert [one["mode"] for one in found] == ["LIVE", "TEST"]
        assert {one["reason"] for one in found} == {"NOT_CLOSED", "TEST_KEY"}
        assert all(code in codes(one) for one in found)
    ambiguous = await live(sandbox, "2025-03-13", orderId="order-A")
    assert said(ambiguous, "AMBIGUOUS_ORDER") == ["more than one order begins like this: order-A1, order-A2"]


async def test_the_beginning_of_an_order_is_enough(sandbox: Sandbox) -> None:
    await cancelled_in_november(sandbox, sandbox.live)
    whole = await explained(sandbox, "2025-11-27", "2025-11-28", orderId=ORDER)
    assert await explained(sandbox, "2025-11-27", "2025-11-28", orderId=ORDER[:-3]) == whole


async def test_an_order_that_was_never_approved_makes_no_row_and_is_said_to(sandbox: Sandbox) -> None:
    declined = await sandbox.pay(order_id="order-A", cardNumber="99990001****000*")
    await sandbox.confirm(declined)
    found = await live(sandbox, "2025-03-13", orderId="order-A")
    assert said(found, "NOT_APPROVED") == [
        "the payment of this order was not approved (ABORTED): it makes no row"
    ]
    assert found["order"] == []
