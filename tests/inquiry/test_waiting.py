"""A payment that waits for its release: the trace and the explanation say what it waits for, and what a
release would make of it."""

from typing import Any

import pytest

from jeongsan.domain.terms import Release, SoldOn
from jeongsan.inquiry.trace_text import trace_lines
from support.agreements import agree_to_wait
from support.inquiries import answer, entries, trace
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def explained(sandbox: Sandbox, day: str, order: str) -> dict[str, Any]:
    query = {"startDate": day, "endDate": day, "dateType": "soldDate", "orderId": order}
    found = await sandbox.get("/jeongsan/v1/settlements/explain", **query)
    (live,) = [one for one in found["explanations"] if one["mode"] == "LIVE"]
    return dict(live)


async def empty_reason(sandbox: Sandbox, start: str, **query: str) -> str:
    found = await sandbox.live.get("/v1/settlements", params={"startDate": start, "endDate": start} | query)
    assert found.json() == []
    return str(found.headers["jeongsan-empty-reason"])


@pytest.mark.parametrize(
    ("awaits", "waits_for", "korean", "english"),
    [
        (Release.ON_REQUEST, "request", "수동 정산 요청", "the merchant's request to settle"),
        (Release.ON_CONFIRMATION, "confirmation", "구매확정", "the purchase confirmation"),
        (Release.ON_COLLECTION, "collection", "휴대폰 요금 수납", "the collection of the phone bill"),
    ],
)
async def test_the_trace_says_what_is_awaited_and_what_a_release_would_make_of_it(
    sandbox: Sandbox, awaits: Release, waits_for: str, korean: str, english: str
) -> None:
    await agree_to_wait(sandbox, awaits)
    key = (await sandbox.done(15_000, order_id="order-A"))["paymentKey"]
    await sandbox.cancel(key, cancelAmount=5_000)
    await sandbox.move_to("2025-04-25T09:00:00+09:00")
    found = await trace(sandbox, "order-A")
    for row in found["settlements"]:
        assert (row["state"], row["waitsFor"]) == ("waiting", waits_for)
        assert row["words"] == (f"정산 대기: {korean}을 기다림. 지금 풀리면 2025-04-25 매출, 2025-05-08 지급")
        assert row["wouldBe"] == {"soldDate": "2025-04-25", "paidOutDate": "2025-05-08"}
        assert row["queries"] == []
    assert [entry["what"] for entry in found["timeline"]] == ["requested", "approved", "cancelled"]
    in_english = await trace(sandbox, "order-A", lang="en")
    assert in_english["settlements"][0]["words"] == (
        f"waits for {english}; if it were released now: sold 2025-04-25, paid out 2025-05-08"
    )


async def test_after_the_release_it_is_told_and_the_rows_are_as_they_were_promised(
    sandbox: Sandbox,
) -> None:
    key = (await sandbox.done(15_000, useEscrow=True, order_id="order-A"))["paymentKey"]
    await sandbox.move_to("2025-04-25T09:00:00+09:00")
    (promised,) = (await trace(sandbox, "order-A"))["settlements"]
    await sandbox.release(key, "confirmation")
    await sandbox.cancel(key)
    await sandbox.move_to("2025-05-09T09:00:00+09:00")
    found = await trace(sandbox, "order-A")
    assert [entry["what"] for entry in found["timeline"]] == [
        "requested", "approved", "released", "cancelled", "readable", "readable", "paid-out", "paid-out",
    ]  # fmt: skip
    (released,) = entries(found, "released")
    assert released["words"] == ("정산 대기 해제 · API · default · live_sk_…0000 · 127.0.0.1 · 구매확정")
    assert (released["reason"], released["transactionKey"]) == ("confirmation", None)
    for row in found["settlements"]:
        assert row["state"] == "readable"
        assert {name: row[name] for name in promised["wouldBe"]} == promised["wouldBe"]


async def test_a_waiting_payment_is_none_with_a_sentence_and_no_test_key(sandbox: Sandbox) -> None:
    await sandbox.done(15_000, useEscrow=True, order_id="order-A")
    await sandbox.move_to("2025-03-20T09:00:00+09:00")
    assert await empty_reason(sandbox, "2025-03-13") == "NONE"
    assert await empty_reason(sandbox, "2025-03-20") == "NONE"
    found = await explained(sandbox, "2025-03-13", "order-A")
    assert found["reason"] == "NONE"
    assert [sentence["code"] for sentence in found["sentences"]] == ["NONE", "ROW_WAITING"]
    assert found["sentences"][1] == {
        "code": "ROW_WAITING",
        "ko": "승인 건은 구매확정을 기다립니다. 지금 풀리면 soldDate 2025-03-20, "
        "paidOutDate 2025-03-28이고 2025-03-21부터 조회됩니다",
        "en": "the approval row waits for the purchase confirmation; if it were released now: "
        "soldDate 2025-03-20, paidOutDate 2025-03-28, readable from 2025-03-21",
    }
    assert found["works"] == []
    (row,) = found["order"]
    assert (row["state"], row["returned"], row["readableFrom"]) == ("waiting", False, "2025-03-21")


async def test_what_was_cancelled_in_full_while_it_waited_never_settles_and_says_why(
    sandbox: Sandbox,
) -> None:
    key = (await sandbox.done(15_000, useEscrow=True, order_id="order-A"))["paymentKey"]
    await sandbox.cancel(key)
    await sandbox.move_to("2025-03-20T09:00:00+09:00")
    found = await trace(sandbox, "order-A")
    for row in found["settlements"]:
        assert (row["state"], row["reason"]) == ("never", "CANCELED_WAITING")
        assert row["words"] == "구매확정 전에 전액 취소되어 매입되지 않았습니다"
    sentences = (await explained(sandbox, "2025-03-13", "order-A"))["sentences"]
    assert [one["code"] for one in sentences] == ["NONE", "ROW_NEVER", "ROW_NEVER"]
    assert sentences[2]["en"] == (
        "the payment was cancelled in full before the purchase confirmation: nothing was acquired, so that "
        "its cancel makes no row"
    )


async def test_a_released_row_that_is_not_readable_yet_is_not_closed_under_its_sold_date(
    sandbox: Sandbox,
) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST, sold_on=SoldOn.TRANSACTION)
    key = (await sandbox.done(15_000))["paymentKey"]
    await sandbox.move_to("2025-03-20T09:00:00+09:00")
    await sandbox.release(key, "request")
    assert await empty_reason(sandbox, "2025-03-13") == "NOT_CLOSED; readable=2025-03-21"
    assert await empty_reason(sandbox, "2025-03-20") == "NONE"
    paid = await empty_reason(sandbox, "2025-03-28", dateType="paidOutDate")
    assert paid == "NOT_CLOSED; readable=2025-03-21"


async def test_a_terminal_reads_the_same(sandbox: Sandbox) -> None:
    await sandbox.done(15_000, useEscrow=True, order_id="order-A")
    lines = list(trace_lines(await answer(sandbox, "order-A"), "ko"))
    assert any("정산 대기: 구매확정을 기다림" in line for line in lines)
