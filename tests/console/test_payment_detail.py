"""The page of a payment: its trace as a person reads it."""

import httpx
import pytest

from jeongsan.domain.channels import Channel
from support.console import Element, read
from support.holds import disputed
from support.people import cancel_through
from support.receiver import open_receiver
from support.sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def shown(console: httpx.AsyncClient, payment_key: str, **query: str) -> Element:
    answer = await console.get(f"/console/payments/{payment_key}", params=query)
    assert answer.status_code == 200, answer.text
    return read(answer)


async def test_a_cancel_by_a_person_is_followed_to_its_settlement_row(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    """The dates are the recorded ones of a cancel in April 2025: seven days are closed in between."""
    key = (await sandbox.done(150_000, order_id="order-1"))["paymentKey"]
    await sandbox.move_to("2025-04-25T11:08:10+09:00")
    await cancel_through(sandbox, Channel.MERCHANT_ADMIN, key, reason="고객 변심")
    before = await shown(console, key)
    approval, cancel = before.all("article")
    assert "조회 가능" in approval.one("h3").text
    assert "예정" in cancel.one("h3").text
    await sandbox.advance("P1D")
    page = await shown(console, key)
    (row,) = [a for a in page.all("article") if "cancel" in a.attributes["class"]]
    assert "조회 가능" in row.one("h3").text
    assert row.rows()[1] == ["-150,000원", "-5,280원", "-480원", "-144,720원", "2025-04-25", "2025-05-08"]
    assert "5/1 근로자의 날 ✗" in row.text
    assert "5/8 ⑥" in row.text
    assert "GET /v1/settlements?startDate=2025-04-25&endDate=2025-04-25&dateType=soldDate" in row.text
    assert "아직 조회한 적이 없습니다" in row.text
    timeline = page.all("table")[0]
    instants = [cells[0] for cells in timeline.rows()[1:]]
    assert instants == sorted(instants)
    assert (instants[0], instants[-1]) == ("2025-03-13 13:00:00", "2025-05-08 00:00:00")
    assert '상점관리자 · 김담당 · 203.0.113.7 · "고객 변심"' in timeline.text


async def test_a_row_that_is_held_says_why_and_until_when(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    payment = await sandbox.done()
    assert "지급보류" not in (await shown(console, payment["paymentKey"])).one("article").text
    await disputed(sandbox, payment)
    page = await shown(console, payment["paymentKey"])
    assert "지급보류 중: 분쟁. 지급일 뒤에 풀리면 다음 영업일에 지급" in page.one("article").text
    assert "지급보류: 분쟁 · default" in page.all("table")[0].text


async def test_a_test_payment_says_that_it_never_settles(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done(client=sandbox.test))["paymentKey"]
    page = await shown(console, key)
    assert "mode-test" in page.one("body").attributes["class"]
    assert "정산 없음" in page.one("article").text
    assert "테스트 키는 정산을 만들지 않습니다" in page.one("article").text
    (back,) = [a for a in page.all("a") if "결제내역으로" in a.text]
    assert "mode=test" in back.attributes["href"]


async def test_webhooks_are_shown_with_every_attempt(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    with open_receiver() as receiver:
        receiver.answer = lambda received: 500
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        key = (await sandbox.done())["paymentKey"]
        await sandbox.advance("PT1M")
    webhooks = (await shown(console, key)).all("table")[-1]
    row = webhooks.rows()[1]
    assert row[1:4] == ["DONE", receiver.url, "대기"]
    assert row[4].startswith("1. 2025-03-13 13:0")
    assert " 500 (" in row[4]
    assert row[5] != "–"


async def test_before_anybody_looked_who_listens_a_webhook_is_on_its_way(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        key = (await sandbox.done())["paymentKey"]
        for language, words in (("ko", "발송 중"), ("en", "on its way")):
            table = (await shown(console, key, lang=language)).all("table")[-1]
            assert table.rows()[1][1:] == ["DONE", words]


async def test_without_a_receiver_the_page_says_that_nobody_listens(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done())["paymentKey"]
    await sandbox.advance("PT1M")
    assert "받는 곳 없음" in (await shown(console, key)).all("table")[-1].text


async def test_before_its_approval_a_payment_has_nothing_to_settle_and_nothing_to_cancel(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.pay())["paymentKey"]
    page = await shown(console, key)
    assert "승인된 거래가 없습니다" in page.text
    assert "취소할 수 있는 금액이 없습니다" in page.text
    assert page.all("form") == []


@pytest.mark.parametrize("payment_key", ["no-such-payment", "%00", "%ED%A0%80", "a b", "x" * 201, "<script>"])
async def test_a_payment_that_does_not_exist_is_a_page_that_says_so(
    console: httpx.AsyncClient, payment_key: str
) -> None:
    answer = await console.get(f"/console/payments/{payment_key}")
    assert answer.status_code == 404
    assert "NOT_FOUND_PAYMENT 없는 결제입니다." in read(answer).text
