"""Holds: what is held is not paid, nothing else waits for it, and a release pays it on one new date."""

from datetime import date

import httpx
import pytest

from jeongsan.api.asgi import create_app
from jeongsan.app import open_gateway
from jeongsan.domain.instants import parse_instant
from jeongsan.operations import holds, set_clock
from jeongsan.operations.day_close import mark_next_day
from jeongsan.settings import RunMode
from support.books import balance
from support.corrections import correction
from support.holds import HOLDS, disputed, placed, refused, released
from support.invariants import check_invariants
from support.sandbox import LIVE_KEY, MID, Sandbox, open_sandbox, settings_for
from support.shops import another_shop

pytestmark = pytest.mark.anyio

# The fixture's shop: D+6 and 3.2 %. What is sold on 13 March (Thursday) is paid on the 21st (Friday).
SHOP_REASONS = ("CONTRACT_INCOMPLETE", "SETTLEMENT_LIMIT", "KYC", "ACCOUNT_FAILURE")
PAYOUT = "SELECT paid_out_date, due, carried_in, transferred, carried_out FROM payout ORDER BY payout_id"
ROWS = "SELECT paid_out_date, pay_out_amount, held FROM settlement ORDER BY transaction_id"
MOVED = "SELECT from_day, to_day, cause FROM redated_row ORDER BY from_day, transaction_id"


@pytest.mark.parametrize("reason", SHOP_REASONS)
async def test_a_held_shop_is_not_paid_and_other_shops_are(sandbox: Sandbox, reason: str) -> None:
    other = await another_shop(sandbox, "tother0001")
    await other.put("/jeongsan/v1/shops/tother0001", json={"businessDays": 6, "rate": 0})
    await sandbox.done(15_000)
    await sandbox.done(20_000, client=other)
    await placed(sandbox, reason)
    moved = await sandbox.move_to("2025-03-28T12:00:00+09:00")
    assert moved["ran"]["payout"] == 1
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 20_000, 0, 20_000, 0)]
    assert await balance(sandbox, "2200") == 14_472
    await check_invariants(sandbox.sql)


async def test_released_after_several_dates_everything_is_one_payout_on_the_next_business_day(
    sandbox: Sandbox,
) -> None:
    for day in (13, 14, 17):
        await sandbox.move_to(f"2025-03-{day}T14:00:00+09:00")
        await sandbox.done(10_000)
    hold = await placed(sandbox, "KYC", note="대표자 확인 서류 대기")
    await sandbox.move_to("2025-03-28T12:00:00+09:00")
    shown = await released(sandbox, hold)
    assert (shown["state"], shown["movedRows"], shown["paidOutDate"]) == ("released", 3, "2025-03-31")
    assert await sandbox.sql(MOVED) == [
        ("2025-03-21", "2025-03-31", "hold-released"),
        ("2025-03-24", "2025-03-31", "hold-released"),
        ("2025-03-25", "2025-03-31", "hold-released"),
    ]
    await check_invariants(sandbox.sql)
    await sandbox.move_to("2025-03-30T23:59:59+09:00")
    assert await sandbox.sql(PAYOUT) == []
    await sandbox.move_to("2025-03-31T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-31", 28_944, 0, 28_944, 0)]
    rows = await sandbox.settlements("2025-03-31", dateType="paidOutDate")
    assert [row["soldDate"] for row in rows] == ["2025-03-13", "2025-03-14", "2025-03-17"]
    await check_invariants(sandbox.sql)


async def test_rows_whose_date_lies_ahead_keep_it(sandbox: Sandbox) -> None:
    await sandbox.done(10_000)
    hold = await placed(sandbox, "ACCOUNT_FAILURE")
    await sandbox.move_to("2025-03-20T23:00:00+09:00")
    shown = await released(sandbox, hold)
    assert (shown["movedRows"], shown["paidOutDate"]) == (0, None)
    assert await sandbox.sql(MOVED) == []
    await sandbox.move_to("2025-03-21T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 9_648, 0, 9_648, 0)]


async def test_money_moves_when_the_last_hold_is_released(sandbox: Sandbox) -> None:
    payment = await sandbox.done(10_000)
    first, second = [await placed(sandbox, reason) for reason in ("KYC", "SETTLEMENT_LIMIT")]
    third, fourth = await disputed(sandbox, payment), await disputed(sandbox, payment)
    await sandbox.move_to("2025-03-24T12:00:00+09:00")
    for hold in (third, first):
        assert (await released(sandbox, hold))["paidOutDate"] is None
        await check_invariants(sandbox.sql)
    # The dispute's last hold frees the row from its old date, the shop's last hold from the next one.
    assert (await released(sandbox, fourth))["paidOutDate"] == "2025-03-25"
    await sandbox.move_to("2025-03-26T12:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == []
    await check_invariants(sandbox.sql)
    assert (await released(sandbox, second))["paidOutDate"] == "2025-03-27"
    await sandbox.move_to("2025-03-27T12:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-27", 9_648, 0, 9_648, 0)]
    await check_invariants(sandbox.sql)


async def test_a_disputed_row_waits_and_the_rest_of_its_payout_goes_on(sandbox: Sandbox) -> None:
    payment = await sandbox.done(10_000)
    await sandbox.done(20_000)
    await sandbox.move_to("2025-03-20T12:00:00+09:00")
    hold = await disputed(sandbox, payment, note="구매자 이의 제기")
    await sandbox.move_to("2025-03-24T12:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-21", 19_296, 0, 19_296, 0)]
    assert await sandbox.sql(ROWS) == [("2025-03-21", 9_648, 1), ("2025-03-21", 19_296, 0)]
    assert await balance(sandbox, "2200") == 9_648
    await check_invariants(sandbox.sql)
    shown = await released(sandbox, hold)
    assert (shown["movedRows"], shown["paidOutDate"]) == (1, "2025-03-25")
    assert await sandbox.sql(ROWS) == [("2025-03-25", 9_648, 0), ("2025-03-21", 19_296, 0)]
    await check_invariants(sandbox.sql)
    await sandbox.move_to("2025-03-25T12:00:00+09:00")
    assert (await sandbox.sql(PAYOUT))[1:] == [("2025-03-25", 9_648, 0, 9_648, 0)]
    assert await balance(sandbox, "2200") == 0
    await check_invariants(sandbox.sql)


async def test_a_dispute_covers_an_approval_not_yet_closed_and_a_cancel_made_later(sandbox: Sandbox) -> None:
    payment = await sandbox.done(10_000)
    hold = await disputed(sandbox, payment)
    await sandbox.move_to("2025-03-17T12:00:00+09:00")
    await sandbox.cancel(payment["paymentKey"], cancelAmount=4_000)
    moved = await sandbox.move_to("2025-04-10T12:00:00+09:00")
    assert "payout" not in moved["ran"]
    assert await sandbox.sql(ROWS) == [("2025-03-21", 9_648, 1), ("2025-03-25", -3_859, 1)]
    await check_invariants(sandbox.sql)
    shown = await released(sandbox, hold)
    assert (shown["movedRows"], shown["paidOutDate"]) == (2, "2025-04-11")
    await sandbox.move_to("2025-04-11T12:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-04-11", 5_789, 0, 5_789, 0)]
    await check_invariants(sandbox.sql)


async def test_a_date_on_which_every_row_is_held_is_passed_over_and_later_ones_are_paid(
    sandbox: Sandbox,
) -> None:
    await disputed(sandbox, await sandbox.done(10_000))
    await sandbox.move_to("2025-03-14T12:00:00+09:00")
    await sandbox.done(20_000)
    moved = await sandbox.move_to("2025-03-24T12:00:00+09:00")
    assert (moved["done"], moved["ran"]["payout"]) == (True, 1)
    assert await sandbox.sql(PAYOUT) == [("2025-03-24", 19_296, 0, 19_296, 0)]


async def test_a_debt_is_carried_into_the_payout_of_what_a_release_moved(
    sandbox: Sandbox,
) -> None:
    payment = await sandbox.done(15_000)
    await sandbox.move_to("2025-03-24T13:00:00+09:00")
    hold = await disputed(sandbox, await sandbox.done(1_000))
    await sandbox.cancel(payment["paymentKey"])
    await sandbox.move_to("2025-04-02T13:00:00+09:00")
    assert (await sandbox.sql(PAYOUT))[1:] == [("2025-04-01", -14_472, 0, 0, -14_472)]
    await released(sandbox, hold)
    await sandbox.move_to("2025-04-04T13:00:00+09:00")
    assert (await sandbox.sql(PAYOUT))[2:] == [("2025-04-03", 965, -14_472, 0, -13_507)]
    assert await balance(sandbox, "1300") == -13_507
    await check_invariants(sandbox.sql)


async def test_a_hold_of_what_was_paid_is_refused_and_a_later_cancel_can_be_held_again(
    sandbox: Sandbox,
) -> None:
    payment = await sandbox.done(10_000)
    body = {"reason": "DISPUTE", "paymentKey": payment["paymentKey"]}
    await sandbox.move_to("2025-03-21T12:00:00+09:00")
    assert refused(await sandbox.live.post(HOLDS, json=body)) == (
        400,
        "INVALID_REQUEST paymentKey: was paid out already; nothing of it is left to hold",
    )
    assert await sandbox.sql("SELECT count(*) FROM hold") == [(0,)]
    await sandbox.cancel(payment["paymentKey"], cancelAmount=1_000)
    await disputed(sandbox, payment)
    await sandbox.move_to("2025-04-21T12:00:00+09:00")
    assert await sandbox.sql(ROWS) == [("2025-03-21", 9_648, 0), ("2025-03-31", -965, 1)]
    await check_invariants(sandbox.sql)


async def test_bad_requests_are_refused_with_the_field_at_fault(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    payment, open_one = await sandbox.done(10_000), await sandbox.pay(10_000)
    tested = await sandbox.done(10_000, client=sandbox.test)
    key = payment["paymentKey"]
    reasons = "CONTRACT_INCOMPLETE, SETTLEMENT_LIMIT, KYC, ACCOUNT_FAILURE, DISPUTE"

    async def said(client: object, **body: object) -> tuple[int, str]:
        return refused(await client.post(HOLDS, json=body))  # type: ignore[attr-defined]

    live = sandbox.live
    assert await said(live) == (400, "INVALID_REQUEST reason: is required")
    assert await said(live, reason="WHIM") == (400, f"INVALID_REQUEST reason: is one of {reasons}")
    assert await said(live, reason="KYC", note="가" * 201) == (
        400,
        "INVALID_REQUEST note: must have 1 to 200 characters",
    )
    assert await said(live, reason="DISPUTE") == (
        400,
        "INVALID_REQUEST paymentKey: is required: DISPUTE holds one payment",
    )
    assert await said(live, reason="KYC", paymentKey=key) == (
        400,
        "INVALID_REQUEST paymentKey: is only for DISPUTE: KYC holds the whole shop",
    )
    not_ours = (404, "NOT_FOUND_PAYMENT paymentKey: no payment of this shop has it")
    assert await said(live, reason="DISPUTE", paymentKey="unknown") == not_ours
    assert await said(other, reason="DISPUTE", paymentKey=key) == not_ours
    assert await said(live, reason="DISPUTE", paymentKey=open_one["paymentKey"]) == (
        400,
        "INVALID_REQUEST paymentKey: was not approved",
    )
    assert await said(sandbox.test, reason="DISPUTE", paymentKey=tested["paymentKey"]) == (
        400,
        "INVALID_REQUEST paymentKey: never settles: a test payment of a shop whose test payments do not",
    )
    assert await sandbox.get(HOLDS) == {"holds": []}


async def test_a_hold_is_released_once_and_only_by_its_own_shop(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    hold = await placed(sandbox, "KYC")
    unknown = (404, "NOT_FOUND holdId: there is no such hold")
    assert refused(await other.delete(f"{HOLDS}/{hold['holdId']}")) == unknown
    assert refused(await sandbox.live.delete(f"{HOLDS}/999999999")) == unknown
    assert refused(await sandbox.live.delete(f"{HOLDS}/latest")) == unknown
    await released(sandbox, hold)
    assert refused(await sandbox.live.delete(f"{HOLDS}/{hold['holdId']}")) == (
        400,
        "INVALID_REQUEST holdId: was released already",
    )


async def test_the_list_tells_what_is_held_why_since_when_and_by_whom(sandbox: Sandbox) -> None:
    payment = await sandbox.done(10_000, order_id="order-A")
    over = await placed(sandbox, "KYC")
    await disputed(sandbox, payment, note="이의 제기")
    await released(sandbox, over)
    (standing,) = (await sandbox.get(HOLDS))["holds"]
    by = {
        "channel": "api",
        "channelInWords": "API",
        "name": "default",
        "key": "live_sk_…0000",
        "address": "127.0.0.1",
    }
    assert standing == {
        "holdId": standing["holdId"],
        "mId": MID,
        "mode": "live",
        "paymentKey": payment["paymentKey"],
        "orderId": "order-A",
        "reason": "DISPUTE",
        "reasonInWords": "분쟁",
        "note": "이의 제기",
        "state": "standing",
        "placedAt": "2025-03-13T13:00:00+09:00",
        "placedBy": by,
        "releasedAt": None,
        "releasedBy": None,
    }
    everything = (await sandbox.get(HOLDS, all="true"))["holds"]
    assert [(one["reason"], one["state"]) for one in everything] == [
        ("DISPUTE", "standing"),
        ("KYC", "released"),
    ]
    assert (everything[1]["releasedAt"], everything[1]["releasedBy"]) == ("2025-03-13T13:00:00+09:00", by)
    assert (await sandbox.get(HOLDS, client=sandbox.test)) == {"holds": []}


async def test_a_reset_forgets_holds(sandbox: Sandbox) -> None:
    await placed(sandbox, "KYC")
    await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={})
    assert await sandbox.get(HOLDS, all="true") == {"holds": []}


async def test_a_release_while_a_day_is_being_closed_is_finished_once_it_is_closed(sandbox: Sandbox) -> None:
    """Rows of that day may still be missing, so none is moved; no payout is made meanwhile."""
    await sandbox.done(10_000)
    hold = await placed(sandbox, "KYC")
    await sandbox.move_to("2025-03-24T12:00:00+09:00")
    await sandbox.done(20_000)
    loop = sandbox.gateway.loop
    await set_clock.step_to(loop, parse_instant("2025-03-25T00:30:00+09:00"))
    assert await mark_next_day(loop, date(2025, 3, 25)) == date(2025, 3, 24)
    shown = await released(sandbox, hold)
    assert (shown["state"], shown["movedRows"], shown["releasedAt"]) == ("releasing", 0, None)
    await check_invariants(sandbox.sql)
    # Asked for again it is still the same release, by whoever began it.
    assert (await released(sandbox, hold))["state"] == "releasing"
    moved = await sandbox.move_to("2025-03-25T01:00:00+09:00")
    assert moved["ran"] == {"day_close": 1, "hold_release": 1}
    assert await sandbox.sql("SELECT state FROM hold") == [("released",)]
    assert await sandbox.sql(ROWS) == [("2025-03-26", 9_648, 0), ("2025-04-01", 19_296, 0)]
    await check_invariants(sandbox.sql)


async def test_a_hold_placed_during_a_release_keeps_everything_back_until_it_is_released_itself(
    sandbox: Sandbox,
) -> None:
    await sandbox.done(10_000)
    first = await placed(sandbox, "KYC")
    await sandbox.move_to("2025-03-24T12:00:00+09:00")
    loop = sandbox.gateway.loop
    await set_clock.step_to(loop, parse_instant("2025-03-25T00:30:00+09:00"))
    await mark_next_day(loop, date(2025, 3, 25))
    await released(sandbox, first)
    second = await placed(sandbox, "SETTLEMENT_LIMIT")
    await sandbox.move_to("2025-03-27T12:00:00+09:00")
    assert await sandbox.sql("SELECT reason, state FROM hold ORDER BY hold_id") == [
        ("KYC", "released"),
        ("SETTLEMENT_LIMIT", "standing"),
    ]
    assert await sandbox.sql(PAYOUT) == []
    await check_invariants(sandbox.sql)
    await released(sandbox, second)
    await sandbox.move_to("2025-03-28T12:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-28", 9_648, 0, 9_648, 0)]
    await check_invariants(sandbox.sql)


async def test_more_rows_than_fit_into_one_commit_go_to_one_date(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "ROWS_PER_COMMIT", 2)
    for day in (13, 14):
        await sandbox.move_to(f"2025-03-{day}T14:00:00+09:00")
        payment = await sandbox.done(10_000)
        await sandbox.cancel(payment["paymentKey"], cancelAmount=1_000)
        await sandbox.cancel(payment["paymentKey"], cancelAmount=1_000)
    disputes, shop = await disputed(sandbox, payment), await placed(sandbox, "KYC")
    await sandbox.move_to("2025-03-26T12:00:00+09:00")
    assert (await released(sandbox, disputes))["movedRows"] == 3
    shown = await released(sandbox, shop)
    assert (shown["movedRows"], shown["paidOutDate"]) == (3, "2025-03-27")
    await check_invariants(sandbox.sql)
    await sandbox.move_to("2025-03-27T00:00:00+09:00")
    assert await sandbox.sql(PAYOUT) == [("2025-03-27", 15_436, 0, 15_436, 0)]
    rows = await sandbox.settlements("2025-03-27", dateType="paidOutDate")
    assert len({row["transactionKey"] for row in rows}) == len(rows) == 6


async def test_a_production_gateway_lists_holds_and_leaves_placing_them_to_its_people(
    database_url: str,
) -> None:
    async with open_sandbox(database_url) as sandbox:
        hold = await placed(sandbox, "KYC")
    async with open_gateway(settings_for(database_url, mode=RunMode.PRODUCTION)) as gateway:
        transport = httpx.ASGITransport(app=create_app(gateway))
        auth = httpx.BasicAuth(LIVE_KEY, "")
        live = httpx.AsyncClient(transport=transport, base_url="http://gateway", auth=auth)
        assert [one["holdId"] for one in (await live.get(HOLDS)).json()["holds"]] == [hold["holdId"]]
        answers = [
            await live.post(HOLDS, json={"reason": "KYC"}),
            await live.delete(f"{HOLDS}/{hold['holdId']}"),
        ]
    only_sandbox = (403, "FORBIDDEN_REQUEST mode: only in sandbox mode")
    assert [refused(one) for one in answers] == [only_sandbox] * 2


async def test_a_release_that_moves_nothing_but_adjustments_says_where_to(sandbox: Sandbox) -> None:
    await correction(sandbox, 5_000)
    hold = await placed(sandbox, "KYC")
    await sandbox.move_to("2025-03-25T10:00:00+09:00")
    shown = await released(sandbox, hold)
    assert (shown["movedRows"], shown["paidOutDate"]) == (0, "2025-03-26")
