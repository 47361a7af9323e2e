"""GET /jeongsan/v1/cancels: each cancel once, with who made it and by which path, paged by key."""

from typing import Any

import httpx
import pytest

from jeongsan.domain.channels import Channel
from jeongsan.domain.shop import Mode
from jeongsan.operations.shop_keys import add_key
from support.people import cancel_through
from support.sandbox import LIVE_KEY, MID, Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

PATH = "/jeongsan/v1/cancels"
ADMIN_KEY = "live_sk_admin_server_000000009f2a"


async def cancels(
    sandbox: Sandbox, client: httpx.AsyncClient | None = None, **query: Any
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await sandbox.get(PATH, client=client, **query)
    return found


def with_key(sandbox: Sandbox, secret_key: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=sandbox.live._transport, base_url="http://gateway", auth=httpx.BasicAuth(secret_key, "")
    )


async def cancelled(sandbox: Sandbox, amount: int = 15_000, **options: Any) -> dict[str, Any]:
    """A payment cancelled in full by the API, as the cancel answered it."""
    key = (await sandbox.done(amount, **options))["paymentKey"]
    answer = await sandbox.cancel(key, client=options.get("client"))
    payment: dict[str, Any] = answer.json()
    return payment


async def test_an_entry_has_the_cancel_as_the_payment_shows_it_and_who_made_it(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000, order_id="order-A")
    await sandbox.advance("P1D")
    after = (await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000, cancelReason="재고 없음")).json()
    assert await cancels(sandbox) == [
        {
            "transactionKey": after["lastTransactionKey"],
            "paymentKey": payment["paymentKey"],
            "orderId": "order-A",
            "canceledAt": after["cancels"][0]["canceledAt"],
            "cancelAmount": 5_000,
            "currency": "KRW",
            "cancelReason": "재고 없음",
            "status": "PARTIAL_CANCELED",
            "channel": "api",
            "actor": "default",
            "key": f"live_sk_…{LIVE_KEY[-4:]}",
            "address": "127.0.0.1",
            "approvedAt": payment["approvedAt"],
        }
    ]


async def test_two_keys_of_a_shop_are_told_apart_by_their_names(sandbox: Sandbox) -> None:
    """The merchant's own programs: which of them cancelled is known by the key that it uses."""
    await add_key(sandbox.gateway.loop, MID, Mode.LIVE, name="admin-server", secret_key=ADMIN_KEY)
    by_shop = await cancelled(sandbox)
    by_admin = await cancelled(sandbox, client=with_key(sandbox, ADMIN_KEY))
    expected = [
        (by_shop["lastTransactionKey"], "api", "default", f"live_sk_…{LIVE_KEY[-4:]}"),
        (by_admin["lastTransactionKey"], "api", "admin-server", "live_sk_…9f2a"),
    ]
    for client in (sandbox.live, with_key(sandbox, ADMIN_KEY)):
        found = await cancels(sandbox, client)
        assert [
            (one["transactionKey"], one["channel"], one["actor"], one["key"]) for one in found
        ] == expected


PATHS = [Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE, Channel.GATEWAY_FORCED]


async def test_a_channel_is_asked_for_by_its_word(sandbox: Sandbox) -> None:
    made = {Channel.API: (await cancelled(sandbox))["lastTransactionKey"]}
    for channel in PATHS:
        key = (await sandbox.done())["paymentKey"]
        assert (await cancel_through(sandbox, channel, key)).status == 200
        made[channel] = (await sandbox.live.get(f"/v1/payments/{key}")).json()["lastTransactionKey"]
    found = await cancels(sandbox)
    assert {one["channel"]: one["transactionKey"] for one in found} == made
    assert [one["channel"] for one in found] == list(made)
    for channel in Channel:
        wanted = [one for one in found if one["channel"] == channel]
        assert await cancels(sandbox, channel=channel.value) == wanted
    assert (found[1]["actor"], found[1]["key"], found[1]["address"]) == ("김담당", None, "203.0.113.7")
    assert (found[3]["actor"], found[3]["address"]) == ("김담당", None)


async def test_a_shop_sees_its_own_cancels_in_its_own_mode_only(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother")
    in_live = await cancelled(sandbox)
    in_test = await cancelled(sandbox, client=sandbox.test)
    elsewhere = await cancelled(sandbox, client=other)
    for client, payment in ((sandbox.live, in_live), (sandbox.test, in_test), (other, elsewhere)):
        found = await cancels(sandbox, client)
        assert [one["transactionKey"] for one in found] == [payment["lastTransactionKey"]]


async def test_approvals_and_refused_cancels_are_no_entries(sandbox: Sandbox) -> None:
    payment = await sandbox.done(15_000, cardNumber="99990011****123*")
    assert_refused(await sandbox.cancel(payment["paymentKey"]), 400, "REFUND_REJECTED")
    assert await cancels(sandbox) == []


async def test_the_days_are_korean_and_both_included(sandbox: Sandbox) -> None:
    await sandbox.move_to("2025-03-13T23:59:59+09:00")
    late = await cancelled(sandbox)
    await sandbox.move_to("2025-03-14T00:00:00+09:00")
    early = await cancelled(sandbox)
    for first, last, expected in (
        ("2025-03-13", "2025-03-13", [late]),
        ("2025-03-14", "2025-03-14", [early]),
        ("2025-03-13", "2025-03-14", [late, early]),
        ("2025-03-01", "2025-03-12", []),
        ("2025-03-15", "2025-03-31", []),
    ):
        found = await cancels(sandbox, **{"from": first, "to": last})
        assert [one["transactionKey"] for one in found] == [one["lastTransactionKey"] for one in expected]


async def test_without_days_the_last_31_of_the_business_clock_are_listed(sandbox: Sandbox) -> None:
    made = (await cancelled(sandbox))["lastTransactionKey"]
    await sandbox.move_to("2025-04-12T23:59:59+09:00")
    assert [one["transactionKey"] for one in await cancels(sandbox)] == [made]
    await sandbox.move_to("2025-04-13T00:00:00+09:00")
    assert await cancels(sandbox) == []
    assert [one["transactionKey"] for one in await cancels(sandbox, **{"from": "2025-03-13"})] == [made]


@pytest.mark.parametrize("limit", [1, 2, 3, 10, 11, 12, 5_000])
async def test_every_page_size_gives_each_cancel_once_in_order(sandbox: Sandbox, limit: int) -> None:
    """11 cancels of one channel and others between them, many of one instant."""
    made = []
    key = (await sandbox.done(15_000))["paymentKey"]
    for number in range(11):
        made.append((await sandbox.cancel(key, cancelAmount=100)).json()["lastTransactionKey"])
        if number % 3 == 0:
            await cancel_through(sandbox, Channel.MERCHANT_ADMIN, key, amount=1)
        if number % 4 == 3:
            await sandbox.advance("PT1S")
    pages = [await cancels(sandbox, limit=limit, channel="api")]
    while pages[-1]:
        last = pages[-1][-1]["transactionKey"]
        pages.append(await cancels(sandbox, limit=limit, channel="api", startingAfter=last))
    assert [one["transactionKey"] for page in pages for one in page] == made
    assert all(len(page) == limit for page in pages[:-2])


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"channel": "console"}, "INVALID_REQUEST", "channel"),
        ({"from": "yesterday"}, "INVALID_DATE", "from"),
        ({"to": "2025-02-30"}, "INVALID_DATE", "to"),
        ({"from": "2025-03-14", "to": "2025-03-13"}, "INVALID_DATE", "to"),
        ({"from": "2024-01-01", "to": "2025-01-01"}, "INVALID_REQUEST", "from"),
        ({"limit": "5001"}, "EXCEED_MAX_QUERY_LIMIT", "limit"),
        ({"limit": "many"}, "INVALID_REQUEST", "limit"),
        ({"startingAfter": "txrd_a00000000000000000000000000"}, "INVALID_TRANSACTION_KEY", None),
        ({"startingAfter": "\x00"}, "INVALID_TRANSACTION_KEY", None),
    ],
    ids=str,
)
async def test_a_query_that_cannot_be_meant_is_refused_by_its_field(
    sandbox: Sandbox, query: dict[str, str], code: str, field: str | None
) -> None:
    answer = await sandbox.live.get(PATH, params=query)
    assert_refused(answer, 400, code)
    assert field is None or f"({field}: " in answer.json()["message"]


async def test_nobody_pages_from_another_shops_cancel(sandbox: Sandbox) -> None:
    elsewhere = (await cancelled(sandbox, client=sandbox.test))["lastTransactionKey"]
    answer = await sandbox.live.get(PATH, params={"startingAfter": elsewhere})
    assert_refused(answer, 400, "INVALID_TRANSACTION_KEY")
