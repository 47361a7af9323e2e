"""Pressing 취소: the same cancel as by any other path, once, or a refusal with what was typed."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from jeongsan.domain.channels import Channel
from jeongsan.network.simulator import Faults
from jeongsan.operations.network_requests import NetworkLimits
from support.console import Element, read, visitor
from support.receiver import open_receiver
from support.sandbox import Sandbox, open_sandbox
from support.unchanged import assert_refused

pytestmark = pytest.mark.anyio


class Form:
    """A payment's page in a browser, and its cancel form."""

    def __init__(self, console: httpx.AsyncClient, payment_key: str, page: Element) -> None:
        self.console = console
        self.payment_key = payment_key
        self.page = page
        self.fields = page.form()

    @classmethod
    async def of(cls, console: httpx.AsyncClient, payment_key: str, **query: str) -> "Form":
        answer = await console.get(f"/console/payments/{payment_key}", params=query)
        return cls(console, payment_key, read(answer))

    async def press(self, **typed: str) -> httpx.Response:
        action = self.page.one("form", method="post").attributes["action"]
        return await self.console.post(action, data=self.fields | {"reason": "고객 변심"} | typed)


async def cancels(sandbox: Sandbox) -> list[tuple[Any, ...]]:
    return await sandbox.sql(
        "SELECT a.channel, a.actor_name, a.key_hint, a.address, a.reason, t.amount FROM audit a "
        "JOIN payment_transaction t ON t.transaction_key = a.transaction_key "
        "WHERE a.action = 'cancel' ORDER BY a.audit_id"
    )


@pytest.mark.parametrize("channel", ["merchant-admin", "developer-centre"])
async def test_the_button_cancels_all_that_is_left_and_leads_back_to_the_payment(
    sandbox: Sandbox, console: httpx.AsyncClient, channel: str
) -> None:
    key = (await sandbox.done())["paymentKey"]
    form = await Form.of(console, key)
    answer = await form.press(channel=channel, person="김담당", reason="재고 없음")
    assert answer.status_code == 303
    payment = (await sandbox.live.get(f"/v1/payments/{key}")).json()
    made = payment["lastTransactionKey"]
    assert answer.headers["location"] == f"/console/payments/{key}?cancelled={made}"
    assert (payment["status"], payment["balanceAmount"]) == ("CANCELED", 0)
    assert payment["cancels"][0]["cancelReason"] == "재고 없음"
    assert await cancels(sandbox) == [(channel, "김담당", None, "127.0.0.1", "재고 없음", 15_000)]
    page = read(await console.get(answer.headers["location"]))
    assert page.one("div", role="status").text.startswith("취소했습니다. 15,000원 · ")
    assert made in page.one("div", role="status").text
    assert page.all("form") == []


async def test_a_part_is_cancelled_and_the_rest_can_still_be(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    await (await Form.of(console, key)).press(amount="5,000")
    form = await Form.of(console, key)
    assert "비워 두면 남은 금액 전부 (10,000원)" in form.page.text
    await form.press(amount=" 4000 ")
    await (await Form.of(console, key)).press(amount="")
    assert [row[-1] for row in await cancels(sandbox)] == [5_000, 4_000, 6_000]


async def test_webhook_and_settlement_row_are_those_of_a_cancel_by_the_api(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        by_hand, by_api = await sandbox.done(), await sandbox.done()
        await (await Form.of(console, by_hand["paymentKey"])).press()
        answered = (await sandbox.cancel(by_api["paymentKey"])).json()
        await sandbox.advance("P1D")
    # Webhooks of two payments have no order between them.
    told = {
        one.json["data"]["paymentKey"]: one.json["data"] for one in receiver.received if one.status != "DONE"
    }
    assert len(told) == 2
    one, other = told[by_hand["paymentKey"]], told[by_api["paymentKey"]]
    assert list(one) == list(other) == list(answered)
    assert list(one["cancels"][0]) == list(other["cancels"][0])
    rows = [row for row in await sandbox.settlements("2025-03-13") if row["amount"] < 0]
    assert [row["paymentKey"] for row in rows] == [by_hand["paymentKey"], by_api["paymentKey"]]
    assert [row["payOutAmount"] for row in rows] == [rows[0]["payOutAmount"]] * 2


async def test_a_form_sent_twice_cancels_once(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    form = await Form.of(console, key)
    answers = await asyncio.gather(*(form.press(amount="5000") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert [row[-1] for row in await cancels(sandbox)] == [5_000]


async def test_a_form_that_was_changed_or_shown_anew_is_another_cancel(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    """Somebody goes back in his browser, or cancels the same part once more on purpose."""
    key = (await sandbox.done(15_000))["paymentKey"]
    form = await Form.of(console, key)
    await form.press(amount="5000")
    await form.press(amount="4000")
    await (await Form.of(console, key)).press(amount="4000")
    assert [row[-1] for row in await cancels(sandbox)] == [5_000, 4_000, 4_000]


@pytest.mark.parametrize(
    ("typed", "status", "code", "words"),
    [
        ({"amount": "15001"}, 403, "NOT_CANCELABLE_AMOUNT", "취소할 수 있는 금액을 넘었습니다."),
        ({"amount": "0"}, 400, "INVALID_REQUEST", "cancelAmount"),
        ({"amount": "-1"}, 400, "INVALID_REQUEST", "cancelAmount"),
        ({"amount": "1,5000"}, 400, "INVALID_REQUEST", "cancelAmount"),
        ({"amount": "많이"}, 400, "INVALID_REQUEST", "cancelAmount"),
        ({"amount": "1e400"}, 400, "INVALID_REQUEST", "cancelAmount"),
        ({"amount": "0.5"}, 400, "INVALID_REQUEST", "cancelAmount"),
        ({"reason": ""}, 400, "INVALID_REQUEST", "cancelReason"),
        ({"reason": "  "}, 400, "INVALID_REQUEST", "cancelReason"),
        ({"reason": "가" * 201}, 400, "INVALID_REQUEST", "cancelReason"),
        ({"reason": "a\x00b"}, 400, "INVALID_REQUEST", "cancelReason"),
        ({"person": ""}, 400, "INVALID_REQUEST", "person"),
        ({"person": "가" * 101}, 400, "INVALID_REQUEST", "person"),
        ({"person": "a\x00b"}, 400, "INVALID_REQUEST", "person"),
    ],
)
async def test_a_refusal_is_shown_with_its_code_and_what_was_typed_is_kept(
    sandbox: Sandbox,
    console: httpx.AsyncClient,
    typed: dict[str, str],
    status: int,
    code: str,
    words: str,
) -> None:
    key = (await sandbox.done(15_000))["paymentKey"]
    form = await Form.of(console, key)
    filled = {
        "channel": "developer-centre",
        "person": "김담당",
        "reason": '"따옴표" & <b>',
        "amount": "1",
    } | typed
    answer = await form.press(**filled)
    assert answer.status_code == status
    page = read(answer)
    alert = page.one("div", role="alert").text
    assert alert.startswith(f"취소하지 못했습니다. {code} ")
    assert words in alert
    kept = page.form()
    assert {name: kept[name] for name in filled} == {name: value.strip() for name, value in filled.items()}
    assert kept["submission"] != form.fields["submission"]
    assert await cancels(sandbox) == []


async def test_a_cancelled_payment_is_refused_in_the_language_of_the_page(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    key = (await sandbox.done())["paymentKey"]
    form = await Form.of(console, key, lang="en")
    await sandbox.cancel(key)
    answer = await form.press()
    alert = read(answer).one("div", role="alert").text
    assert alert.startswith("Not cancelled. ALREADY_CANCELED_PAYMENT ")
    assert read(answer).one("html").attributes["lang"] == "en"


async def test_in_english_the_way_back_stays_english(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    key = (await sandbox.done())["paymentKey"]
    answer = await (await Form.of(console, key, lang="en")).press()
    assert answer.headers["location"].endswith("&lang=en")


@pytest.mark.parametrize(
    "channel", [*sorted({*Channel} - {"merchant-admin", "developer-centre"}), "", "buyer"]
)
async def test_no_other_path_can_be_claimed_by_a_forged_form(
    sandbox: Sandbox, console: httpx.AsyncClient, channel: str
) -> None:
    key = (await sandbox.done())["paymentKey"]
    form = await Form.of(console, key)
    action = form.page.one("form", method="post").attributes["action"]
    answer = await console.post(
        action, data=form.fields | {"reason": "x", "channel": channel, "emergency": "true"}
    )
    assert answer.status_code == 400
    assert "INVALID_REQUEST" in answer.text
    assert await cancels(sandbox) == []


async def test_only_two_paths_are_offered(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    form = await Form.of(console, (await sandbox.done())["paymentKey"])
    offered = [(o.attributes["value"], o.text) for o in form.page.one("select").all("option")]
    assert offered == [("merchant-admin", "상점관리자"), ("developer-centre", "개발자센터")]


async def test_what_to_know_is_said_before_and_after(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    no_webhook, live = "등록된 웹훅이 없습니다", "실제 개발자센터에는 테스트 결제만"
    form = await Form.of(console, (await sandbox.done())["paymentKey"])
    before = " ".join(one.text for one in form.page.all("p", class_="warning"))
    assert no_webhook in before
    assert live in before
    after = read(await console.get((await form.press()).headers["location"])).one("div", role="status").text
    assert no_webhook in after
    assert live not in after
    with open_receiver() as receiver:
        for client in (sandbox.live, sandbox.test):
            await client.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        await sandbox.gateway.loop.refresh()
        form = await Form.of(console, (await sandbox.done())["paymentKey"])
        made = await form.press(channel="developer-centre")
        after = read(await console.get(made.headers["location"])).one("div", role="status").text
        assert no_webhook not in after
        assert live in after
        form = await Form.of(console, (await sandbox.done(client=sandbox.test))["paymentKey"])
        assert form.page.all("p", class_="warning") == []


async def test_no_link_can_make_the_page_claim_a_cancel(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    payment = await sandbox.done()
    for claimed in (payment["lastTransactionKey"], "txrd_a01jsnb7kckzdbyzg7jjy0har1r", ""):
        form = await Form.of(console, payment["paymentKey"], cancelled=claimed)
        assert form.page.all("div", role="status") == []


async def test_after_a_lost_answer_the_same_form_learns_what_became_of_its_cancel(
    database_url: str, tmp_path: Path
) -> None:
    """Another form would be another cancel, and could take the money back twice."""
    remote = partial(
        open_sandbox,
        database_url,
        network="remote",
        network_journal=tmp_path / "network.jsonl",
    )
    # The network that loses its answers is not waited for; the one that gives them has its usual time.
    losing = partial(
        remote,
        network_faults=Faults(lost_after=1.0),
        network_limits=NetworkLimits(answer_s=0.1, give_up_s=0.2),
    )
    async with remote() as sandbox:
        key = (await sandbox.done(15_000))["paymentKey"]
    async with losing() as failing, visitor(failing.gateway) as console:
        form = await Form.of(console, key)
        for status, code in (
            (500, "FAILED_INTERNAL_SYSTEM_PROCESSING"),
            (409, "IDEMPOTENT_REQUEST_PROCESSING"),
        ):
            answer = await form.press(amount="5000")
            assert answer.status_code == status
            assert code in read(answer).one("div", role="alert").text
            assert read(answer).form()["submission"] == form.fields["submission"]
    async with remote() as sandbox, visitor(sandbox.gateway) as form.console:
        form.console.cookies.update(console.cookies)
        await asyncio.sleep(0.21)
        assert await sandbox.gateway.due.sweep() == 1
        assert (await form.press(amount="5000")).status_code == 303
        assert [row[-1] for row in await cancels(sandbox)] == [5_000]


async def test_what_is_no_form_is_refused(sandbox: Sandbox, console: httpx.AsyncClient) -> None:
    key = (await sandbox.done())["paymentKey"]
    for body in (b"\xff", b"reason=%FF", b"&".join(b"a=1" for _ in range(21)), b"reason=" + b"x" * 65_536):
        answer = await console.post(f"/console/payments/{key}/cancel", content=body)
        assert answer.status_code == 400, body[:20]
        assert "INVALID_REQUEST" in read(answer).text
    assert_refused(await console.get(f"/console/payments/{key}/cancel"), 404, "NOT_FOUND_HTTP_METHOD")


async def test_a_payment_that_does_not_exist_cannot_be_cancelled(
    sandbox: Sandbox, console: httpx.AsyncClient
) -> None:
    form = await Form.of(console, (await sandbox.done())["paymentKey"])
    answer = await console.post("/console/payments/nothing/cancel", data=form.fields | {"reason": "x"})
    assert answer.status_code == 404
    assert "NOT_FOUND_PAYMENT" in read(answer).text
