"""GET /jeongsan/v1/notices: the shop learns what the gateway did to its payments without being asked."""

from typing import Any

import httpx
import pytest

from jeongsan.domain.channels import Channel
from support.people import cancel_through
from support.receiver import open_receiver
from support.sandbox import Sandbox
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

PATH = "/jeongsan/v1/notices"
OUTAGE = "중복 승인 장애"


async def notices(
    sandbox: Sandbox, client: httpx.AsyncClient | None = None, **query: Any
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await sandbox.get(PATH, client=client, **query)
    return found


async def force(sandbox: Sandbox, payment_key: str, amount: int | None = None) -> None:
    reply = await cancel_through(sandbox, Channel.GATEWAY_FORCED, payment_key, amount=amount, reason=OUTAGE)
    assert reply.status == 200, reply.body


async def test_a_forced_cancel_is_told_by_webhook_and_by_notice(sandbox: Sandbox) -> None:
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        payment = await sandbox.done(15_000, order_id="order-A")
        await sandbox.advance("P40D")
        await force(sandbox, payment["paymentKey"])
        await sandbox.advance("PT1S")
        assert receiver.statuses() == ["DONE", "CANCELED"]
        told = receiver.received[1].json["data"]
        assert "gateway-forced" not in receiver.received[1].body.decode()
    await sandbox.advance("P40D")
    assert await notices(sandbox) == [
        {
            "at": told["cancels"][0]["canceledAt"],
            "kind": "FORCED_CANCEL",
            "orderId": "order-A",
            "paymentKey": payment["paymentKey"],
            "transactionKey": told["lastTransactionKey"],
            "amount": 15_000,
            "currency": "KRW",
            "reason": OUTAGE,
            "actor": "김담당",
            "ko": f"결제대행사가 주문 order-A 결제를 직권취소했습니다: 15,000원, 사유 {OUTAGE}",
            "en": f"The gateway cancelled order order-A without your request: 15,000 KRW, reason {OUTAGE}",
        }
    ]


async def test_cancels_at_the_merchants_request_are_no_news(sandbox: Sandbox) -> None:
    await sandbox.cancel((await sandbox.done())["paymentKey"])
    for channel in (Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE):
        await cancel_through(sandbox, channel, (await sandbox.done())["paymentKey"])
    await cancel_through(sandbox, Channel.NETWORK_CANCEL, (await sandbox.done())["paymentKey"])
    assert await notices(sandbox) == []


async def test_a_shop_hears_of_its_own_payments_in_its_own_mode_only(sandbox: Sandbox) -> None:
    in_test = (await sandbox.done(client=sandbox.test))["paymentKey"]
    await force(sandbox, in_test)
    assert await notices(sandbox) == []
    assert [one["paymentKey"] for one in await notices(sandbox, sandbox.test)] == [in_test]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
async def test_the_newest_comes_first_and_every_page_goes_on_where_the_last_one_ended(
    sandbox: Sandbox, limit: int
) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    for number in range(7):
        await force(sandbox, key, amount=1_000 + number)
        await sandbox.cancel(key, cancelAmount=1)
        if number % 3 == 2:
            await sandbox.advance("PT1S")
    pages = [await notices(sandbox, limit=limit)]
    while pages[-1]:
        pages.append(await notices(sandbox, limit=limit, startingAfter=pages[-1][-1]["transactionKey"]))
    assert [one["amount"] for page in pages for one in page] == list(range(1_006, 999, -1))


async def test_only_a_notice_of_the_shop_can_be_paged_from(sandbox: Sandbox) -> None:
    own = (await sandbox.cancel((await sandbox.done())["paymentKey"])).json()["lastTransactionKey"]
    elsewhere = (await sandbox.done(client=sandbox.test))["paymentKey"]
    await force(sandbox, elsewhere)
    foreign = (await notices(sandbox, sandbox.test))[0]["transactionKey"]
    for key in (own, foreign, "txrd_a00000000000000000000000000", "\x00"):
        answer = await sandbox.live.get(PATH, params={"startingAfter": key})
        assert_refused(answer, 400, "INVALID_TRANSACTION_KEY")
    assert_refused(await sandbox.live.get(PATH, params={"limit": 0}), 400, "INVALID_REQUEST")
