"""Which receivers hear of what: registered before it happened, not removed since, and of this shop."""

from typing import Any

import pytest

from jeongsan.domain.webhooks import ENDPOINTS_PER_SHOP_MAX
from support.receiver import open_receiver
from support.sandbox import START, Sandbox
from support.shops import another_shop
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio

WEBHOOKS = "/jeongsan/v1/webhooks"


async def test_a_receiver_hears_nothing_of_what_happened_before_it_was_registered(sandbox: Sandbox) -> None:
    with open_receiver() as early, open_receiver() as late:
        await sandbox.live.post(WEBHOOKS, json={"url": early.url})
        payment = await sandbox.done()
        await sandbox.live.post(WEBHOOKS, json={"url": late.url})
        await sandbox.cancel(payment["paymentKey"])
        await sandbox.move_to(START)
        assert early.statuses() == ["DONE", "CANCELED"]
        assert late.statuses() == ["CANCELED"]


async def test_a_removed_receiver_hears_nothing_more_not_even_a_retry(sandbox: Sandbox) -> None:
    with open_receiver() as removed, open_receiver() as stays:
        removed.answer = lambda received: 500
        first = (await sandbox.live.post(WEBHOOKS, json={"url": removed.url})).json()
        await sandbox.live.post(WEBHOOKS, json={"url": stays.url})
        payment = await sandbox.done()
        await sandbox.move_to(START)
        assert len(removed.received) == 1
        answer = await sandbox.live.delete(f"{WEBHOOKS}/{first['id']}")
        assert (answer.status_code, answer.content) == (200, b"")
        await sandbox.cancel(payment["paymentKey"])
        await sandbox.advance("P10D")
        assert len(removed.received) == 1
        assert stays.statuses() == ["DONE", "CANCELED"]
    assert_refused(await sandbox.live.delete(f"{WEBHOOKS}/{first['id']}"), 404, "NOT_FOUND")


async def test_a_receiver_belongs_to_the_key_that_registered_it(sandbox: Sandbox) -> None:
    other = await another_shop(sandbox, "tother0001")
    with open_receiver() as receiver:
        made = (await sandbox.live.post(WEBHOOKS, json={"url": receiver.url})).json()
        for client in (sandbox.test, other):
            await sandbox.done(client=client)
            assert (await client.get(WEBHOOKS)).json() == []
            assert_refused(await client.delete(f"{WEBHOOKS}/{made['id']}"), 404, "NOT_FOUND")
        await sandbox.move_to(START)
        assert receiver.received == []
    assert (await sandbox.live.get(WEBHOOKS)).json() == [made]


async def test_a_registered_receiver_is_shown_as_it_was_registered(sandbox: Sandbox) -> None:
    made = (await sandbox.live.post(WEBHOOKS, json={"url": "https://shop.example/hook"})).json()
    assert made == {
        "id": made["id"],
        "url": "https://shop.example/hook",
        "events": ["PAYMENT_STATUS_CHANGED"],
        "createdAt": START,
    }
    assert made["id"].isdecimal()


@pytest.mark.parametrize(
    "body",
    [
        {"url": None},
        {"url": ""},
        {"url": "shop.example/hook"},
        {"url": "/hook"},
        {"url": "ftp://shop.example/hook"},
        {"url": "file:///etc/passwd"},
        {"url": "http://"},
        {"url": "http:///hook"},
        {"url": "http://["},
        {"url": "http://shop.example:99999/"},
        {"url": "http://shop.example:port/"},
        {"url": "http://user:secret@shop.example/"},
        {"url": "http://shop.example/\x00"},
        {"url": "http://shop.example/" + "x" * 2_000},
        {"url": ["http://shop.example/"]},
        {"url": "http://shop.example/", "events": "PAYMENT_STATUS_CHANGED"},
        {"url": "http://shop.example/", "events": ["PAYMENT_STATUS_CHANGED", "NO_SUCH_EVENT"]},
        {"url": "http://shop.example/", "events": [1]},
    ],
    ids=lambda body: str(body)[:60],
)
async def test_what_cannot_be_told_is_not_registered(sandbox: Sandbox, body: dict[str, Any]) -> None:
    assert_refused(await sandbox.live.post(WEBHOOKS, json=body), 400, "INVALID_REQUEST")
    assert (await sandbox.live.get(WEBHOOKS)).json() == []


async def test_a_shop_has_a_bounded_number_of_receivers(sandbox: Sandbox) -> None:
    for number in range(ENDPOINTS_PER_SHOP_MAX):
        answer = await sandbox.live.post(WEBHOOKS, json={"url": f"http://shop.example/{number}"})
        assert answer.status_code == 200
    answer = await sandbox.live.post(WEBHOOKS, json={"url": "http://shop.example/more"})
    assert_refused(answer, 400, "INVALID_REQUEST")
    listed = (await sandbox.live.get(WEBHOOKS)).json()
    assert [one["url"][-1] for one in listed] == list("0123456789")
    await sandbox.live.delete(f"{WEBHOOKS}/{listed[0]['id']}")
    answer = await sandbox.live.post(WEBHOOKS, json={"url": "http://shop.example/more"})
    assert answer.status_code == 200
