"""The whole story of a payment: who did what, what was told, when it settles, and what was read of it."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeongsan.domain.channels import Channel
from jeongsan.domain.shop import Mode
from jeongsan.operations.shop_keys import add_key
from support.calendars import announce
from support.help_thread import CANCELLED_IN_APRIL
from support.inquiries import entries, parameters, send, trace
from support.people import cancel_through
from support.receiver import open_receiver
from support.sandbox import MID, START, Sandbox

pytestmark = pytest.mark.anyio

SHOP = f"/jeongsan/v1/shops/{MID}"
REMEMBERED = ("soldDate", "paidOutDate", "amount", "fee", "vat", "payOutAmount")


def client_with(sandbox: Sandbox, key: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=sandbox.live._transport, base_url="http://gateway", auth=httpx.BasicAuth(key, "")
    )


def whats(found: dict[str, Any]) -> list[str]:
    return [entry["what"] for entry in found["timeline"]]


async def test_the_threads_order_is_told_from_its_sale_to_the_payout_of_its_cancel(sandbox: Sandbox) -> None:
    payment = await sandbox.done(150_000, order_id=CANCELLED_IN_APRIL)
    await sandbox.move_to("2025-04-25T11:08:10+09:00")
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, payment["paymentKey"], reason="연구 취소")
    await sandbox.move_to("2025-05-08T18:00:00+09:00")
    found = await trace(sandbox, CANCELLED_IN_APRIL)
    assert [(entry["at"][:16], entry["what"]) for entry in found["timeline"]] == [
        ("2025-03-13T13:00", "requested"),
        ("2025-03-13T13:00", "approved"),
        ("2025-03-14T00:00", "readable"),
        ("2025-03-21T00:00", "paid-out"),
        ("2025-04-25T11:08", "cancelled"),
        ("2025-04-26T00:00", "readable"),
        ("2025-05-08T00:00", "paid-out"),
    ]
    assert not any(entry.get("expected") for entry in found["timeline"])
    (cancelled,) = entries(found, "cancelled")
    assert cancelled["words"] == '취소 150,000원 · 상점관리자 · 김담당 · 203.0.113.7 · "연구 취소"'
    cancel = found["settlements"][1]
    assert (cancel["soldDate"], cancel["paidOutDate"]) == ("2025-04-25", "2025-05-08")
    assert cancel["paidOut"]
    assert cancel["stepsInWords"].startswith("4/26–27 주말 ✗  4/28 ①")
    assert "5/1 근로자의 날 ✗" in cancel["stepsInWords"]
    assert cancel["stepsInWords"].endswith("5/8 ⑥")
    assert cancel["answersInWords"] == "아직 조회한 적이 없습니다"


async def test_every_path_of_a_cancel_is_told_with_its_person_or_key_its_address_and_its_reason(
    sandbox: Sandbox,
) -> None:
    for name in ("admin-server", "web-server"):
        await add_key(
            sandbox.gateway.loop, MID, Mode.LIVE, name=name, secret_key=f"live_sk_{name}_000000{name[:4]}"
        )
    payment = await sandbox.done(50_000, order_id="order-A")
    key = payment["paymentKey"]
    for name in ("admin-server", "web-server"):
        by_key = client_with(sandbox, f"live_sk_{name}_000000{name[:4]}")
        await sandbox.cancel(key, client=by_key, cancelAmount=1_000, cancelReason=f"{name}에서")
    for number, channel in enumerate(
        (Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE, Channel.GATEWAY_FORCED), 1
    ):
        reply = await cancel_through(sandbox, channel, key, amount=1_000, reason=f"사유 {number}")
        assert reply.status == 200, reply.body
    shown = [
        (one["channel"], one["channelInWords"], one["actor"], one["key"], one["address"], one["reason"])
        for one in entries(await trace(sandbox, "order-A"), "cancelled")
    ]
    assert shown == [
        ("api", "API", "admin-server", "live_sk_…admi", "127.0.0.1", "admin-server에서"),
        ("api", "API", "web-server", "live_sk_…web-", "127.0.0.1", "web-server에서"),
        ("merchant-admin", "상점관리자", "김담당", None, "203.0.113.7", "사유 1"),
        ("developer-centre", "개발자센터", "김담당", None, "203.0.113.7", "사유 2"),
        ("gateway-forced", "직권취소", "김담당", None, None, "사유 3"),
    ]


async def test_every_attempt_to_tell_a_receiver_is_listed_and_when_the_next_one_comes(
    sandbox: Sandbox,
) -> None:
    answers = iter([500, 503])
    with open_receiver() as receiver:
        receiver.answer = lambda received: next(answers, 200)
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        await sandbox.done(order_id="order-A")
        before = await trace(sandbox, "order-A")
        assert [(one["status"], one["underway"]) for one in before["webhooks"]] == [("DONE", True)]
        await sandbox.advance("PT1M")
        failed = await trace(sandbox, "order-A")
        (webhook,) = failed["webhooks"]
        (delivery,) = webhook["deliveries"]
        assert (webhook["event"], webhook["status"]) == ("PAYMENT_STATUS_CHANGED", "DONE")
        assert (delivery["url"], delivery["state"]) == (receiver.url, "pending")
        assert [(one["number"], one["status"], one["error"]) for one in delivery["attempts"]] == [
            (1, 500, None),
            (2, 503, None),
        ]
        assert delivery["nextAttemptAt"] == "2025-03-13T13:05:00+09:00"
        assert [one["words"] for one in entries(failed, "webhook")] == [
            f"웹훅 DONE → {receiver.url} · 500",
            f"웹훅 DONE → {receiver.url} · 503 · 2번째 시도",
        ]
        await sandbox.advance("PT4M")
        (delivery,) = (await trace(sandbox, "order-A"))["webhooks"][0]["deliveries"]
        assert delivery["nextAttemptAt"] is None
        assert [one["status"] for one in delivery["attempts"]] == [500, 503, 200]
        assert (
            delivery["transmissionId"] == receiver.received[0].headers["tosspayments-webhook-transmission-id"]
        )


async def test_an_attempt_that_nobody_answered_says_what_went_wrong(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        gone = receiver.url
    await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": gone})
    await sandbox.done(order_id="order-A")
    await sandbox.move_to(START)
    (entry,) = entries(await trace(sandbox, "order-A"), "webhook")
    assert entry["httpStatus"] is None
    assert entry["error"]
    assert entry["words"].endswith(entry["error"])


async def test_a_webhook_that_nobody_listens_for_is_told_too(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to(START)
    (webhook,) = (await trace(sandbox, "order-A"))["webhooks"]
    assert (webhook["underway"], webhook["deliveries"]) == (False, [])


async def test_before_the_row_exists_its_forecast_is_told_and_the_first_day_it_can_be_read(
    sandbox: Sandbox,
) -> None:
    await sandbox.done(15_000, order_id="order-A")
    found = await trace(sandbox, "order-A")
    (row,) = found["settlements"]
    assert (row["state"], row["readableFrom"]) == ("forecast", "2025-03-14")
    assert row["answersInWords"] == "2025-03-14부터 조회됩니다"
    assert [(one["what"], one["expected"]) for one in found["timeline"] if "expected" in one] == [
        ("readable", True),
        ("paid-out", True),
    ]
    await sandbox.move_to("2025-03-13T23:59:59.999+09:00")
    assert await send(sandbox, row["queries"][0]) == []
    await sandbox.move_to(f"{row['readableFrom']}T00:00:00+09:00")
    for query in row["queries"]:
        (sent,) = await send(sandbox, query)
        assert {name: sent[name] for name in REMEMBERED} == {name: row[name] for name in REMEMBERED}
    (after,) = (await trace(sandbox, "order-A"))["settlements"]
    assert {name: after[name] for name in REMEMBERED} == {name: row[name] for name in REMEMBERED}
    assert (after["state"], after["queries"], after["steps"]) == ("readable", row["queries"], row["steps"])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_the_forecast_is_what_the_row_will_be_on_any_day_and_cycle(
    sandbox: Sandbox, data: st.DataObject
) -> None:
    day = date(2025, 1, 1) + timedelta(days=data.draw(st.integers(0, 364)))
    cycle = data.draw(st.sampled_from(["daily", "weekly", "monthly"]))
    business_days = data.draw(st.integers(1, 12))
    amount = data.draw(st.integers(100, 9_999_999))
    await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": f"{day}T13:00:00+09:00"})
    await sandbox.live.put(SHOP, json={"cycle": cycle, "businessDays": business_days})
    payment = await sandbox.done(amount, order_id="order-A")
    await sandbox.cancel(payment["paymentKey"], cancelAmount=data.draw(st.integers(1, amount)))
    forecast = (await trace(sandbox, "order-A"))["settlements"]
    assert {row["state"] for row in forecast} == {"forecast"}
    await sandbox.move_to(f"{forecast[0]['readableFrom']}T00:00:00+09:00")
    rows = await send(sandbox, forecast[0]["queries"][0])
    assert [{name: row[name] for name in REMEMBERED} for row in rows] == [
        {name: row[name] for name in REMEMBERED} for row in forecast
    ]
    assert rows == await send(sandbox, forecast[0]["queries"][1])


async def busy_day(sandbox: Sandbox, count: int) -> list[str]:
    """Order ids of one day, in the order of their rows."""
    return [(await sandbox.done(1_000 + number))["orderId"] for number in range(count)]


async def test_a_row_of_a_busy_day_is_named_with_the_page_and_the_place_it_was_returned_on(
    sandbox: Sandbox,
) -> None:
    orders = await busy_day(sandbox, 105)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    for date_type, day in (("soldDate", "2025-03-13"), ("paidOutDate", "2025-03-21")):
        await sandbox.advance("PT1M")
        for page in (1, 2, 11):
            rows = await sandbox.settlements(day, dateType=date_type, size=10, page=page)
            assert len(rows) == (5 if page == 11 else 10)
    traced = {index: await trace(sandbox, orders[index]) for index in (0, 9, 10, 19, 20, 104)}
    for index, found in traced.items():
        (row,) = found["settlements"]
        shown = [(parameters(one["query"])["dateType"], one["page"], one["row"]) for one in row["answers"]]
        page, place = index // 10 + 1, index % 10 + 1
        carried = page in (1, 2, 11)
        expected = [("soldDate", page, place), ("paidOutDate", page, place)] if carried else []
        assert shown == expected
        if carried:
            assert row["answersInWords"] == f"2025-03-14T09:02:00+09:00에 {page}쪽 {place}번째 건으로 전달됨"
            for one in row["answers"]:
                rows = await send(sandbox, one["query"])
                assert rows[one["row"] - 1]["orderId"] == orders[index]
        else:
            assert row["answersInWords"] == "아직 조회한 적이 없습니다"


async def test_the_query_of_a_row_names_the_very_page_it_is_on(sandbox: Sandbox) -> None:
    orders = await busy_day(sandbox, 101)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    for index, page in ((99, None), (100, "2")):
        (row,) = (await trace(sandbox, orders[index]))["settlements"]
        for query in row["queries"]:
            assert parameters(query).get("page") == page
            assert orders[index] in [one["orderId"] for one in await send(sandbox, query)]


async def test_a_range_of_days_is_counted_from_where_its_page_began(sandbox: Sandbox) -> None:
    first = await busy_day(sandbox, 3)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    second = await busy_day(sandbox, 3)
    await sandbox.move_to("2025-03-15T09:00:00+09:00")
    rows = await sandbox.settlements("2025-03-13", "2025-03-14", size=4)
    assert [row["orderId"] for row in rows] == [*first, second[0]]
    (row,) = (await trace(sandbox, second[0]))["settlements"]
    assert [(one["page"], one["row"]) for one in row["answers"]] == [(1, 4)]
    (row,) = (await trace(sandbox, second[1]))["settlements"]
    assert row["answers"] == []


async def test_an_answer_tells_where_the_row_stood_then_though_more_rows_joined_its_sold_date(
    sandbox: Sandbox,
) -> None:
    """A week's rows share a sold date and are published day by day."""
    await sandbox.live.put(SHOP, json={"cycle": "weekly"})
    thursday = await busy_day(sandbox, 3)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    assert len(await sandbox.settlements("2025-03-16")) == 3
    friday = await busy_day(sandbox, 2)
    await sandbox.move_to("2025-03-15T09:00:00+09:00")
    assert len(await sandbox.settlements("2025-03-16", page=2, size=4)) == 1
    for order, places in ((thursday[2], [(1, 3)]), (friday[0], []), (friday[1], [(2, 1)])):
        (row,) = (await trace(sandbox, order))["settlements"]
        assert [(one["page"], one["row"]) for one in row["answers"]] == places, order


async def test_an_answer_from_before_the_row_was_published_did_not_carry_it(sandbox: Sandbox) -> None:
    await sandbox.live.put(SHOP, json={"cycle": "monthly"})
    await busy_day(sandbox, 1)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    (late,) = await busy_day(sandbox, 1)
    await sandbox.settlements("2025-03-31")
    await sandbox.settlements("2025-03-31", page=2, size=1)
    await sandbox.move_to("2025-03-15T00:00:00+09:00")
    (row,) = (await trace(sandbox, late))["settlements"]
    assert row["answers"] == []


async def test_a_row_that_later_joined_before_another_moves_nothing_in_what_was_answered(
    sandbox: Sandbox,
) -> None:
    """By paid-out date a later sale of fewer business days stands before an earlier one of more."""
    orders = {}
    for name, business_days in (("soon", 1), ("later", 6)):
        await sandbox.live.put(SHOP, json={"businessDays": business_days})
        orders[name] = (await sandbox.done())["orderId"]
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    rows = await sandbox.settlements("2025-03-14", "2025-03-21", dateType="paidOutDate")
    assert [row["paidOutDate"] for row in rows] == ["2025-03-14", "2025-03-21"]
    await sandbox.live.put(SHOP, json={"businessDays": 1})
    orders["between"] = (await sandbox.done())["orderId"]
    await sandbox.move_to("2025-03-15T00:00:00+09:00")
    places = {}
    for name, order in orders.items():
        (row,) = (await trace(sandbox, order))["settlements"]
        places[name] = (row["paidOutDate"], [one["row"] for one in row["answers"]])
    assert places == {
        "soon": ("2025-03-14", [1]),
        "later": ("2025-03-21", [2]),
        "between": ("2025-03-17", []),
    }


async def test_only_the_latest_answers_are_shown_and_each_names_its_key(sandbox: Sandbox) -> None:
    await add_key(sandbox.gateway.loop, MID, Mode.LIVE, name="ledger", secret_key="live_sk_ledger_0000001")
    (order,) = await busy_day(sandbox, 1)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    for _ in range(11):
        await sandbox.settlements("2025-03-13")
    await sandbox.advance("PT1M")
    await sandbox.settlements(
        "2025-03-01", "2025-03-31", client=client_with(sandbox, "live_sk_ledger_0000001")
    )
    (row,) = (await trace(sandbox, order))["settlements"]
    assert len(row["answers"]) == 10
    last = row["answers"][-1]
    assert (last["key"], last["at"]) == ("ledger", "2025-03-14T09:01:00+09:00")
    assert {one["key"] for one in row["answers"][:-1]} == {"default"}


async def test_a_read_is_traced_by_the_trace_id_of_its_answer(sandbox: Sandbox) -> None:
    (order,) = await busy_day(sandbox, 1)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    answered = await sandbox.live.get("/v1/settlements?startDate=2025-03-13&endDate=2025-03-13")
    found = await trace(sandbox, order)
    (returned,) = entries(found, "returned")
    assert returned["traceId"] == answered.headers["x-tosspayments-trace-id"]
    assert returned["words"] == "승인 정산 건 전달: 키 default, soldDate 조회 1쪽 1번째"


async def test_an_empty_answer_carried_nothing_and_is_not_remembered(sandbox: Sandbox) -> None:
    await busy_day(sandbox, 1)
    await sandbox.settlements("2025-03-13")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    await sandbox.settlements("2025-03-13", page=2)
    await trace(sandbox, "order-000001")
    assert await sandbox.sql("SELECT count(*) FROM settlement_answer") == [(0,)]


async def test_parts_of_a_cancel_are_rows_of_their_own_that_sum_to_the_whole(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000, order_id="order-A")
    for amount in (5_000, 1, 9_999):
        await sandbox.cancel(payment["paymentKey"], cancelAmount=amount)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    found = await trace(sandbox, "order-A")
    assert [row["amount"] for row in found["settlements"]] == [15_000, -5_000, -1, -9_999]
    assert sum(row["fee"] for row in found["settlements"]) == 0
    assert [one["amount"] for one in entries(found, "cancelled")] == [5_000, 1, 9_999]
    assert found["balanceAmount"] == 0


async def test_a_test_payment_never_settles_and_its_dates_are_told_as_would_be(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A", client=sandbox.test)
    await cancel_through(sandbox, Channel.DEVELOPER_CENTRE, payment["paymentKey"])
    await sandbox.move_to("2025-04-01T00:00:00+09:00")
    found = await trace(sandbox, "order-A", client=sandbox.test)
    assert found["mode"] == "TEST"
    for row in found["settlements"]:
        assert (row["state"], row["reason"]) == ("never", "TEST_KEY")
        assert row["wouldBe"] == {"soldDate": "2025-03-13", "paidOutDate": "2025-03-21"}
        assert row["queries"] == []
    assert not {"readable", "paid-out", "returned"} & set(whats(found))


async def test_a_test_payment_settles_like_any_where_the_shop_says_so(sandbox: Sandbox) -> None:
    await sandbox.done(order_id="order-A", client=sandbox.test)
    await sandbox.test.put(SHOP, json={"settleTestPayments": True})
    await sandbox.done(order_id="order-B", client=sandbox.test)
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    states = [
        (await trace(sandbox, order, client=sandbox.test))["settlements"][0]["state"]
        for order in ("order-A", "order-B")
    ]
    assert states == ["never", "readable"]
    (row,) = (await trace(sandbox, "order-B", client=sandbox.test))["settlements"]
    assert [one["orderId"] for one in await send(sandbox, row["queries"][0], client=sandbox.test)] == [
        "order-B"
    ]


async def test_a_declined_an_expired_and_an_open_payment_settle_nothing_and_say_what_happened(
    sandbox: Sandbox,
) -> None:
    declined = await sandbox.pay(order_id="declined-1", cardNumber="99990001****000*")
    assert (await sandbox.confirm(declined)).status_code == 403
    found = await trace(sandbox, "declined-1")
    assert (found["status"], whats(found), found["settlements"]) == ("ABORTED", ["requested", "aborted"], [])
    assert entries(found, "aborted")[0]["reason"] == "REJECT_CARD_PAYMENT"
    await sandbox.pay(order_id="open-000001")
    assert whats(await trace(sandbox, "open-000001")) == ["requested"]
    await sandbox.advance("PT1H")
    found = await trace(sandbox, "open-000001")
    assert (found["status"], whats(found)) == ("EXPIRED", ["requested", "expired"])
    (expired,) = entries(found, "expired")
    assert (expired["channel"], expired["channelInWords"]) == ("system", "시스템")


async def test_a_holiday_added_later_is_told_and_leaves_the_row_where_dates_are_kept(
    sandbox: Sandbox,
) -> None:
    await sandbox.done(order_id="order-A")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")
    (before,) = (await trace(sandbox, "order-A"))["settlements"]
    assert not before["redated"]
    await announce(sandbox, {date(2025, 3, 20): "임시공휴일"}, keep_dates=True)
    (after,) = (await trace(sandbox, "order-A"))["settlements"]
    assert (after["redated"], after["paidOutDate"]) == (True, before["paidOutDate"])
    assert "3/20 임시공휴일 ✗" in after["stepsInWords"]
    await sandbox.done(order_id="order-B")
    (row,) = (await trace(sandbox, "order-B"))["settlements"]
    assert not row["redated"]


async def test_the_answers_are_forgotten_with_everything_else(sandbox: Sandbox) -> None:
    """Also the one that was not written down yet when the sandbox was reset."""
    for _ in range(2):
        await sandbox.done(order_id="order-A")
        await sandbox.move_to("2025-03-14T09:00:00+09:00")
        (row,) = (await trace(sandbox, "order-A"))["settlements"]
        assert row["answersInWords"] == "아직 조회한 적이 없습니다"
        assert len(await sandbox.settlements("2025-03-13")) == 1
        assert (await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": START})).status_code == 200


async def test_moments_are_korean_and_in_order(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-A")
    await sandbox.advance("P3D")
    await sandbox.cancel(payment["paymentKey"])
    found = await trace(sandbox, "order-A")
    moments = [datetime.fromisoformat(entry["at"]) for entry in found["timeline"]]
    assert moments == sorted(moments)
    assert all(entry["at"].endswith("+09:00") for entry in found["timeline"])
