"""The payment list: which payments it shows, in which order, in which words."""

import httpx
import pytest

from jeongsan.console.payment_list import PAGE_SIZE
from jeongsan.domain.channels import Channel
from jeongsan.domain.shop import Mode
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.operations.shops import create_shops
from support.console import Element, read
from support.operations import creation, together
from support.people import cancel_through
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def listed(console: httpx.AsyncClient, **query: str) -> Element:
    answer = await console.get("/console", params=query)
    assert answer.status_code == 200, answer.text
    return read(answer)


def order_ids(page: Element) -> list[str]:
    return [row.one("a").text for row in page.all("th", scope="row")]


async def test_a_payment_is_a_row_with_its_status_amounts_times_and_who_cancelled_it(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    done = await sandbox.done(150_000, order_id="order-done")
    partly = await sandbox.done(15_000, order_id="order-partly")
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, partly["paymentKey"], amount=1_000)
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, partly["paymentKey"], amount=1_000)
    await sandbox.cancel(partly["paymentKey"], cancelAmount=3_000)
    waiting = await sandbox.pay(order_id="order-waiting")
    page = await listed(console)
    head, *rows = page.rows()
    assert head[3:] == ["결제금액", "취소 가능 금액", "요청일시", "승인일시", "취소 경로"]
    at = "2025-03-13 13:00:00"
    keys = [f"{payment['orderId']} {payment['paymentKey']}" for payment in (waiting, partly, done)]
    assert rows == [
        [keys[0], "티셔츠", "승인 대기", "15,000원", "15,000원", at, "–", "–"],
        [keys[1], "티셔츠", "부분 취소", "15,000원", "10,000원", at, at, "상점관리자, API"],
        [keys[2], "티셔츠", "결제 완료", "150,000원", "150,000원", at, at, "–"],
    ]


async def test_live_and_test_mode_are_two_lists_and_one_switch(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    await sandbox.done(order_id="order-live")
    await sandbox.done(order_id="order-test", client=sandbox.test)
    live = await listed(console)
    assert order_ids(live) == ["order-live"]
    assert [a.text for a in live.all("a", **{"aria-current": "page"})] == ["라이브"]
    assert "mode-live" in live.one("body").attributes["class"]
    (switch,) = [a for a in live.all("a") if a.text == "테스트모드"]
    test = read(await console.get(switch.attributes["href"]))
    assert order_ids(test) == ["order-test"]
    assert [a.text for a in test.all("a", **{"aria-current": "page"})] == ["테스트모드"]
    assert "mode-test" in test.one("body").attributes["class"]


async def test_pages_go_on_where_the_last_one_ended_whatever_comes_meanwhile(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    names = [f"order-{number:04d}" for number in range(2 * PAGE_SIZE)]
    await together(sandbox, *(creation(sandbox, name) for name in names))
    first = await listed(console)
    await together(sandbox, creation(sandbox, "order-meanwhile"))
    second = read(await console.get(first.one("a", rel="next").attributes["href"]))
    assert order_ids(first) + order_ids(second) == names[::-1]
    assert second.all("a", rel="next") == []
    (newest,) = [a for a in second.all("a") if a.text == "처음"]
    assert order_ids(read(await console.get(newest.attributes["href"])))[0] == "order-meanwhile"


async def test_a_search_finds_order_ids_and_payment_keys_whole_or_by_how_they_begin(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    first = await sandbox.done(order_id="ARIA_2025f1c2b05a")
    second = await sandbox.done(order_id="ARIA_2025f1c2ffff")
    await sandbox.done(order_id="OTHER_1")
    await sandbox.done(order_id="ARIA_2025f1c2test", client=sandbox.test)
    for searched, found in {
        "ARIA_2025f1c2b05a": [first],
        " ARIA_2025f1c2 ": [second, first],
        first["paymentKey"]: [first],
        "ARIA%": [],
        "aria_2025": [],
        "2025f1c2": [],
        "<script>": [],
        "\x00": [],
    }.items():
        page = await listed(console, q=searched)
        assert order_ids(page) == [payment["orderId"] for payment in found], searched
        assert page.one("input", type="search").attributes["value"] == searched.strip()
    assert len(order_ids(await listed(console, q=first["paymentKey"][:19]))) == 3


@pytest.mark.parametrize("searched", ["wanted-", "tjeon2025"])
async def test_a_search_is_kept_from_page_to_page(
    sandbox: Sandbox, console: httpx.AsyncClient, searched: str
) -> None:
    """By order id and by payment key; what is not found lies before and after what is."""
    names = [f"wanted-{number:04d}" for number in range(PAGE_SIZE + 1)]
    others = [] if searched == "tjeon2025" else ["other-0000", "other-0001"]
    await together(sandbox, *(creation(sandbox, name) for name in [*others[:1], *names, *others[1:]]))
    first = await listed(console, q=searched)
    second = read(await console.get(first.one("a", rel="next").attributes["href"]))
    assert order_ids(first) + order_ids(second) == names[::-1]


async def test_what_a_buyer_named_his_order_is_text_and_never_markup(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    name = "<script>alert(1)</script>\"'&"
    paid = await sandbox.live.post(
        "/jeongsan/v1/sandbox/payments", json={"orderId": "order-1", "orderName": name, "amount": 15_000}
    )
    for path in ("/console", f"/console/payments/{paid.json()['paymentKey']}"):
        answer = await console.get(path)
        assert "<script" not in answer.text
        assert name in read(answer).text


async def test_a_page_can_be_had_in_english_and_stays_so(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done(order_id="order-1"))["paymentKey"]
    korean = await listed(console)
    assert korean.one("html").attributes["lang"] == "ko"
    (switch,) = [a for a in korean.all("a") if a.text == "English"]
    page = read(await console.get(switch.attributes["href"]))
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("h1").text == "Payments"
    assert page.rows()[1][2:4] == ["done", "15,000 KRW"]
    (row,) = page.all("th", scope="row")
    detail = read(await console.get(row.one("a").attributes["href"]))
    assert detail.one("html").attributes["lang"] == "en"
    assert key in detail.text
    (back,) = [a for a in detail.all("a") if a.text == "한국어"]
    assert read(await console.get(back.attributes["href"])).one("html").attributes["lang"] == "ko"


async def test_the_other_language_shows_the_same_list_and_carries_nothing_on_that_the_page_does_not_know(
    console: httpx.AsyncClient,
) -> None:
    page = await listed(console, mode="test", q="order-1", path="x", words="y", self="z", other="w")
    (switch,) = [a for a in page.all("a") if a.text == "English"]
    assert switch.attributes["href"] == "/console?mode=test&q=order-1&lang=en"


async def test_a_shop_is_chosen_where_there_are_several_the_oldest_first(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    assert (await listed(console)).all("select") == []
    assert "상점아이디 tjeongsan" in (await listed(console)).text
    keys = {Mode.TEST: "test_sk_other_000000000000000000", Mode.LIVE: "live_sk_other_000000000000000000"}
    await create_shops(sandbox.gateway.loop, {"another": keys}, ShopSettings())
    await sandbox.gateway.loop.refresh()
    await sandbox.done(order_id="order-first")
    page = await listed(console)
    assert [option.text for option in page.one("select").all("option")] == ["tjeongsan", "another"]
    assert order_ids(page) == ["order-first"]
    assert order_ids(await listed(console, mid="another")) == []


async def test_the_gateways_own_cancels_stand_above_the_list_of_their_shop(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done(order_id="order-forced"))["paymentKey"]
    assert (await listed(console)).all("aside") == []
    await cancel_through(sandbox, Channel.GATEWAY_FORCED, key, reason="이중 승인 장애")
    notice = (await listed(console)).one("aside")
    assert "직권취소" in notice.text
    assert "order-forced 15,000원 · 이중 승인 장애" in notice.text
    assert notice.one("a").attributes["href"] == f"/console/payments/{key}"
    assert (await listed(console, mode="test")).all("aside") == []


async def test_the_business_clock_stands_on_the_page(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    header = (await listed(console)).one("header")
    assert "업무 시계 2025-03-13 13:00:00 KST (멈춤)" in header.text
    assert "모의 결제 · no real money" in header.text
    await sandbox.advance("P1D")
    assert "2025-03-14 13:00:00" in (await listed(console)).one("header").text


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("mid=nobody", 404, "NOT_FOUND_MERCHANT"),
        ("mode=both", 400, "INVALID_REQUEST"),
        ("before=1e3", 400, "INVALID_REQUEST"),
        ("before=9223372036854775808", 400, "INVALID_REQUEST"),
        ("before=-1", 400, "INVALID_REQUEST"),
    ],
)
async def test_an_address_nobody_was_given_is_refused_on_a_page(
    console: httpx.AsyncClient, query: str, status: int, code: str
) -> None:
    answer = await console.get(f"/console?{query}")
    assert answer.status_code == status
    assert code in read(answer).text
