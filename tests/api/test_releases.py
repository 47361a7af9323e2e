"""Manual settlement, escrow and phone bills: what waits settles once it is released, together and once."""

import asyncio
from typing import Any

import httpx
import pytest

from jeongsan.api.asgi import create_app
from jeongsan.app import open_gateway
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.terms import Release, SoldOn
from jeongsan.settings import RunMode
from support.agreements import agree_to_wait
from support.books import balance
from support.invariants import check_invariants
from support.receiver import open_receiver
from support.sandbox import LIVE_KEY, MID, START, Sandbox, open_sandbox, settings_for
from support.shops import another_shop
from support.unchanged import assert_refused, nothing_changes

pytestmark = pytest.mark.anyio

WAITING = [
    (Release.ON_REQUEST, "request"),
    (Release.ON_CONFIRMATION, "confirmation"),
    (Release.ON_COLLECTION, "collection"),
]
ALL = ("2025-03-01", "2026-12-31")


async def close(sandbox: Sandbox, day: str) -> None:
    """The first moment at which the rows of the day before can be read."""
    await sandbox.move_to(f"{day}T00:00:00+09:00")


async def rows(sandbox: Sandbox) -> list[tuple[Any, ...]]:
    found = await sandbox.settlements(*ALL)
    return [(row["soldDate"], row["paidOutDate"], row["amount"], row["fee"]) for row in found]


@pytest.mark.parametrize(("awaits", "cause"), WAITING)
async def test_nothing_settles_until_it_is_released_and_everything_once_it_is(
    sandbox: Sandbox, awaits: Release, cause: str
) -> None:
    await agree_to_wait(sandbox, awaits)
    payment = await sandbox.done(15_000)
    await close(sandbox, "2025-03-20")
    assert await rows(sandbox) == []
    assert (await balance(sandbox, "2150"), await balance(sandbox, "2100")) == (15_000, 0)
    answer = await sandbox.release(payment["paymentKey"], cause)
    assert answer.status_code == 200, answer.text
    assert (await balance(sandbox, "2150"), await balance(sandbox, "2100")) == (0, 15_000)
    await close(sandbox, "2025-03-21")
    assert await rows(sandbox) == [("2025-03-20", "2025-03-28", 15_000, 528)]
    await close(sandbox, "2025-03-28")
    assert await sandbox.sql("SELECT transferred FROM payout") == [(14_472,)]
    await check_invariants(sandbox.sql)


async def test_a_request_is_answered_as_documented_and_any_other_cause_with_the_day(
    sandbox: Sandbox,
) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST)
    by_request = await sandbox.release((await sandbox.done())["paymentKey"], "request")
    assert by_request.content == b'{"result":true}'
    escrow = await sandbox.done(30_000, useEscrow=True, order_id="escrow-1")
    confirmed = await sandbox.release(escrow["paymentKey"], "confirmation")
    assert confirmed.json() == {
        "paymentKey": escrow["paymentKey"],
        "orderId": "escrow-1",
        "cause": "confirmation",
        "currency": "KRW",
        "amount": 30_000,
        "settleDay": "2025-03-13",
    }


async def test_cancels_before_the_release_wait_with_the_approval_and_settle_with_it(
    sandbox: Sandbox,
) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST)
    key = (await sandbox.done(15_000))["paymentKey"]
    await sandbox.cancel(key, cancelAmount=1_000)
    await sandbox.advance("P1D")
    await sandbox.cancel(key, cancelAmount=4_000)
    assert (await balance(sandbox, "2150"), await balance(sandbox, "2100")) == (10_000, 0)
    await close(sandbox, "2025-04-01")
    assert await rows(sandbox) == []
    assert (await sandbox.release(key, "request")).status_code == 200
    assert await sandbox.sql("SELECT DISTINCT settle_day FROM payment_transaction") == [("2025-04-01",)]
    await sandbox.cancel(key, cancelAmount=2_500)
    await sandbox.advance("P1D")
    await sandbox.cancel(key)
    await close(sandbox, "2025-04-03")
    assert await rows(sandbox) == [
        ("2025-04-01", "2025-04-09", 15_000, 528),
        ("2025-04-01", "2025-04-09", -1_000, -35),
        ("2025-04-01", "2025-04-09", -4_000, -141),
        ("2025-04-01", "2025-04-09", -2_500, -88),
        ("2025-04-02", "2025-04-10", -7_500, -264),
    ]
    await check_invariants(sandbox.sql)


@pytest.mark.parametrize("parts", [(None,), (5_000, None)])
async def test_what_is_cancelled_in_full_before_its_release_was_never_acquired(
    sandbox: Sandbox, parts: tuple[int | None, ...]
) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST)
    key = (await sandbox.done(15_000))["paymentKey"]
    for part in parts:
        body = {} if part is None else {"cancelAmount": part}
        assert (await sandbox.cancel(key, **body)).status_code == 200
    async with nothing_changes(sandbox, key):
        assert_refused(await sandbox.release(key, "request"), 400, "ALREADY_CANCELED_PAYMENT")
    await close(sandbox, "2025-05-01")
    assert await rows(sandbox) == []
    for account in ("1100", "2100", "2150"):
        assert await balance(sandbox, account) == 0
    await check_invariants(sandbox.sql)


async def test_a_cancel_on_the_day_of_the_release_has_its_own_row_of_that_day(sandbox: Sandbox) -> None:
    key = (await sandbox.done(15_000, useEscrow=True))["paymentKey"]
    await sandbox.advance("P3D")
    assert (await sandbox.release(key, "confirmation")).status_code == 200
    assert (await sandbox.cancel(key)).json()["status"] == "CANCELED"
    await close(sandbox, "2025-03-17")
    found = await rows(sandbox)
    assert [row[:3] for row in found] == [
        ("2025-03-16", "2025-03-24", 15_000),
        ("2025-03-16", "2025-03-24", -15_000),
    ]
    assert sum(row[3] for row in found) == 0
    await check_invariants(sandbox.sql)


async def test_a_release_tells_no_receiver_and_changes_nothing_of_the_payment(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        payment = await sandbox.done(useEscrow=True)
        key = payment["paymentKey"]
        assert (await sandbox.release(key, "confirmation")).status_code == 200
        await sandbox.advance("PT1H")
        assert receiver.statuses() == ["DONE"]
    assert await sandbox.get(f"/v1/payments/{key}") == payment
    assert payment["card"]["acquireStatus"] == "READY"
    assert await sandbox.sql(
        "SELECT channel, actor_name, address, reason, transaction_key FROM audit WHERE action = 'release'"
    ) == [("api", "default", "127.0.0.1", "confirmation", None)]


async def test_a_second_release_is_refused(sandbox: Sandbox) -> None:
    key = (await sandbox.done(useEscrow=True))["paymentKey"]
    await sandbox.release(key, "confirmation")
    async with nothing_changes(sandbox, key):
        assert_refused(await sandbox.release(key, "confirmation"), 400, "ALREADY_PROCESSED_PAYMENT")


async def test_of_releases_at_once_one_wins(sandbox: Sandbox) -> None:
    key = (await sandbox.done(useEscrow=True))["paymentKey"]
    answers = await asyncio.gather(*(sandbox.release(key, "confirmation") for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200, *[400] * 7]
    assert await balance(sandbox, "2150") == 0
    await check_invariants(sandbox.sql)


async def test_a_release_and_a_cancel_at_once_leave_the_books_whole(sandbox: Sandbox) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST)
    for _ in range(3):
        key = (await sandbox.done(15_000))["paymentKey"]
        answers = await asyncio.gather(
            sandbox.cancel(key, cancelAmount=4_000),
            sandbox.release(key, "request"),
            sandbox.cancel(key, cancelAmount=5_000),
        )
        assert [answer.status_code for answer in answers] == [200, 200, 200]
    await close(sandbox, "2025-03-14")
    assert len(await rows(sandbox)) == 9
    await check_invariants(sandbox.sql)


async def test_the_cause_must_be_what_the_payment_waits_for(sandbox: Sandbox) -> None:
    for awaits, fitting in WAITING:
        await agree_to_wait(sandbox, awaits)
        key = (await sandbox.done())["paymentKey"]
        for _, cause in WAITING:
            if cause != fitting:
                async with nothing_changes(sandbox, key):
                    answer = await sandbox.release(key, cause)
                    assert_refused(answer, 403, "FORBIDDEN_REQUEST")
                    assert f"(cause: is {cause}, but the payment waits for {fitting})" in answer.text


async def test_what_does_not_wait_is_refused(sandbox: Sandbox) -> None:
    at_once = (await sandbox.done())["paymentKey"]
    async with nothing_changes(sandbox, at_once):
        assert_refused(await sandbox.release(at_once, "request"), 403, "FORBIDDEN_REQUEST")
    unconfirmed = (await sandbox.pay(useEscrow=True))["paymentKey"]
    open_window = (await sandbox.pay(useEscrow=True, authenticated=False))["paymentKey"]
    for key in (unconfirmed, open_window):
        async with nothing_changes(sandbox, key):
            assert_refused(await sandbox.release(key, "confirmation"), 403, "FORBIDDEN_REQUEST")


async def test_a_test_payment_waits_only_where_test_payments_settle(sandbox: Sandbox) -> None:
    key = (await sandbox.done(client=sandbox.test, useEscrow=True))["paymentKey"]
    refused = await sandbox.release(key, "confirmation", client=sandbox.test)
    assert_refused(refused, 403, "FORBIDDEN_REQUEST")
    assert (await balance(sandbox, "2150"), await balance(sandbox, "2100")) == (0, 15_000)
    await sandbox.test.put(f"/jeongsan/v1/shops/{MID}", json={"settleTestPayments": True})
    key = (await sandbox.done(client=sandbox.test, useEscrow=True))["paymentKey"]
    assert (await sandbox.release(key, "confirmation", client=sandbox.test)).status_code == 200
    await check_invariants(sandbox.sql)


async def test_nobody_releases_what_is_not_his(sandbox: Sandbox) -> None:
    key = (await sandbox.done(useEscrow=True))["paymentKey"]
    stranger = await another_shop(sandbox, "stranger")
    async with nothing_changes(sandbox, key):
        for client in (sandbox.test, stranger):
            for cause in ("request", "confirmation"):
                answer = await sandbox.release(key, cause, client=client)
                assert_refused(answer, 404, "NOT_FOUND_PAYMENT")
        assert_refused(await sandbox.release("no-such-key", "confirmation"), 404, "NOT_FOUND_PAYMENT")
        assert (await sandbox.release(key, "request", client=sandbox.anonymous)).status_code == 401


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/settlements", {}, "paymentKey"),
        ("/v1/settlements", {"paymentKey": ["k"]}, "paymentKey"),
        ("/v1/settlements", {"paymentKey": "k\x00"}, "paymentKey"),
        ("/jeongsan/v1/releases", {"cause": "confirmation"}, "paymentKey"),
        ("/jeongsan/v1/releases", {"paymentKey": "k"}, "cause"),
        ("/jeongsan/v1/releases", {"paymentKey": "k", "cause": "request"}, "cause"),
        ("/jeongsan/v1/releases", {"paymentKey": "k", "cause": "Confirmation"}, "cause"),
        ("/jeongsan/v1/releases", {"paymentKey": "k", "cause": 1}, "cause"),
    ],
)
async def test_a_bad_body_names_its_field(
    sandbox: Sandbox, path: str, body: dict[str, Any], field: str
) -> None:
    answer = await sandbox.live.post(path, json=body)
    assert_refused(answer, 400, "INVALID_REQUEST")
    assert f"({field}: " in answer.json()["message"]


async def test_an_idempotency_key_replays_the_answer_and_binds_a_refusal(sandbox: Sandbox) -> None:
    headers = {"Idempotency-Key": "release-1"}
    key = (await sandbox.done(useEscrow=True))["paymentKey"]
    first = await sandbox.release(key, "confirmation", headers=headers)
    again = await sandbox.release(key, "confirmation", headers=headers)
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["x-tosspayments-trace-id"].endswith("," + first.headers["x-tosspayments-trace-id"])
    bound = {"Idempotency-Key": "release-2"}
    refused = await sandbox.release("no-such-key", "request", headers=bound)
    assert_refused(refused, 404, "NOT_FOUND_PAYMENT")
    replayed = await sandbox.release(key, "request", headers=bound)
    assert (replayed.status_code, replayed.content) == (404, refused.content)
    await check_invariants(sandbox.sql)


async def test_in_production_the_merchant_asks_for_his_own_money_but_confirms_no_purchase(
    database_url: str,
) -> None:
    async with open_sandbox(database_url, clock_mode=ClockMode.SYSTEM, clock_at=None) as sandbox:
        await agree_to_wait(sandbox, Release.ON_REQUEST)
        asked = (await sandbox.done())["paymentKey"]
        escrow = (await sandbox.done(useEscrow=True))["paymentKey"]
    settings = settings_for(database_url, mode=RunMode.PRODUCTION, clock_mode=None, clock_at=None)
    async with open_gateway(settings) as gateway:
        transport = httpx.ASGITransport(app=create_app(gateway))
        auth = httpx.BasicAuth(LIVE_KEY, "")
        client = httpx.AsyncClient(transport=transport, base_url="http://gateway", auth=auth)
        answer = await client.post("/v1/settlements", json={"paymentKey": asked})
        assert (answer.status_code, answer.json()) == (200, {"result": True})
        body = {"paymentKey": escrow, "cause": "confirmation"}
        assert_refused(await client.post("/jeongsan/v1/releases", json=body), 403, "FORBIDDEN_REQUEST")
        waiting = await gateway.store.read("SELECT waits FROM payment ORDER BY payment_id")
    assert [tuple(row) for row in waiting] == [(0,), (1,)]


async def test_a_release_after_midnight_never_lands_on_a_closed_day(sandbox: Sandbox) -> None:
    key = (await sandbox.done(useEscrow=True))["paymentKey"]
    await close(sandbox, "2025-03-14")
    await sandbox.release(key, "confirmation")
    assert await sandbox.sql("SELECT settle_day FROM payment_transaction") == [("2025-03-14",)]


async def test_a_contract_that_changed_meanwhile_does_not_change_what_waits(sandbox: Sandbox) -> None:
    await agree_to_wait(sandbox, Release.ON_COLLECTION)
    key = (await sandbox.done(15_000))["paymentKey"]
    await agree_to_wait(sandbox, Release.AT_ONCE, rate_ppm=10_000)
    assert_refused(await sandbox.release(key, "request"), 403, "FORBIDDEN_REQUEST")
    assert (await sandbox.release(key, "collection")).status_code == 200
    await close(sandbox, "2025-03-14")
    assert await rows(sandbox) == [("2025-03-13", "2025-03-21", 15_000, 528)]


@pytest.mark.parametrize(
    ("cycle", "released", "sold", "paid"),
    [
        (Cycle.WEEKLY, "2025-12-29T09:00:00+09:00", "2026-01-04", "2026-01-12"),
        (Cycle.WEEKLY, "2026-01-01T00:00:00+09:00", "2026-01-04", "2026-01-12"),
        (Cycle.MONTHLY, "2025-12-31T23:59:59+09:00", "2025-12-31", "2026-01-09"),
        (Cycle.MONTHLY, "2026-01-01T00:00:00+09:00", "2026-01-31", "2026-02-09"),
    ],
)
async def test_a_released_row_is_gathered_with_the_week_or_month_of_its_release(
    sandbox: Sandbox, cycle: Cycle, released: str, sold: str, paid: str
) -> None:
    await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": "2025-12-22T09:00:00+09:00"})
    await agree_to_wait(sandbox, Release.ON_REQUEST, cycle=cycle)
    key = (await sandbox.done(15_000))["paymentKey"]
    await sandbox.move_to(released)
    assert (await sandbox.release(key, "request")).status_code == 200
    await sandbox.advance("P1D")
    assert [row[:2] for row in await rows(sandbox)] == [(sold, paid)]


async def test_sold_on_the_day_of_the_transaction_a_row_joins_a_past_day_with_the_next_number(
    sandbox: Sandbox,
) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST, sold_on=SoldOn.TRANSACTION)
    late = (await sandbox.done(20_000))["paymentKey"]
    early = (await sandbox.done(10_000))["paymentKey"]
    await sandbox.release(early, "request")
    await close(sandbox, "2025-03-14")
    assert [row["amount"] for row in await sandbox.settlements("2025-03-13")] == [10_000]
    await sandbox.move_to("2025-04-01T13:00:00+09:00")
    await sandbox.release(late, "request")
    unread = await sandbox.live.get(
        "/v1/settlements", params={"startDate": "2025-03-13", "endDate": "2025-03-13", "page": 2, "size": 1}
    )
    assert unread.headers["jeongsan-empty-reason"] == "PAGE_BEYOND"
    await close(sandbox, "2025-04-02")
    found = await sandbox.settlements("2025-03-13")
    assert [(row["amount"], row["soldDate"], row["paidOutDate"]) for row in found] == [
        (10_000, "2025-03-13", "2025-03-21"),
        (20_000, "2025-03-13", "2025-04-09"),
    ]
    (second,) = await sandbox.settlements("2025-03-13", page=2, size=1)
    assert second["paymentKey"] == late
    assert await sandbox.settlements("2025-04-01") == []
    assert await sandbox.sql("SELECT sold_seq FROM settlement ORDER BY sold_seq") == [(1,), (2,)]
    await check_invariants(sandbox.sql)


async def test_sold_on_the_day_of_the_release_is_the_rule_unless_told_otherwise(sandbox: Sandbox) -> None:
    await agree_to_wait(sandbox, Release.ON_REQUEST, sold_on=SoldOn.RELEASE)
    key = (await sandbox.done(20_000))["paymentKey"]
    await sandbox.move_to("2025-04-01T13:00:00+09:00")
    await sandbox.release(key, "request")
    await close(sandbox, "2025-04-02")
    assert await sandbox.settlements("2025-03-13") == []
    assert [row["approvedAt"] for row in await sandbox.settlements("2025-04-01")] == [START]
