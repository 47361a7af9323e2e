"""The console in a real browser: a person presses 취소 and follows the money to its settlement row."""

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest

from support.process import GatewayProcess, gateway_process
from support.receiver import Receiver, open_receiver

pytestmark = pytest.mark.browser

CHROMIUM = "/usr/bin/chromium"
# No sandbox of its own: CI runs as root. The rest keeps the browser from telephoning home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Witness:
    """What went on behind the page: complaints of the browser, and every address it asked."""

    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        page.on("request", lambda request: self.addresses.append(request.url))

    def hosts(self) -> set[str]:
        return {urlsplit(address).netloc for address in self.addresses if not address.startswith("data:")}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayProcess]:
    with gateway_process(f"sqlite:///{tmp_path}/jeongsan.db", clock="2025-04-25T11:08:10+09:00") as process:
        yield process


@pytest.fixture
def receiver(gateway: GatewayProcess) -> Iterator[Receiver]:
    with open_receiver() as opened:
        gateway.live.post("/jeongsan/v1/webhooks", json={"url": opened.url}).raise_for_status()
        yield opened


@pytest.fixture
def browser() -> Iterator[Any]:
    # `make test` does without this package; `--all` fails here when it or the browser is missing.
    with importlib.import_module("playwright.sync_api").sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


def confirmed(gateway: GatewayProcess, order_id: str) -> dict[str, Any]:
    body = {"orderId": order_id, "orderName": "티셔츠", "amount": 150_000}
    paid = gateway.live.post("/jeongsan/v1/sandbox/payments", json=body).json()
    payment: dict[str, Any] = gateway.live.post("/v1/payments/confirm", json=paid).raise_for_status().json()
    return payment


def wait_until(page: Any, condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Return as soon as the condition holds, while the browser goes on working."""
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it never happened"
        page.wait_for_timeout(10)


def assert_accessible(page: Any) -> None:
    """What a screen reader needs first: a language, one heading, a name for everything one can use."""
    assert page.locator("html").get_attribute("lang") == "ko"
    assert page.title()
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    for control in page.locator("input:not([type=hidden]), select, textarea, button").all():
        named = control.evaluate("e => [...(e.labels ?? [])].map(l => l.innerText).join() || e.innerText")
        assert named.strip(), control.evaluate("e => e.outerHTML")
    for link in page.locator("a").all():
        assert link.inner_text().strip(), link.evaluate("e => e.outerHTML")
    ids = page.locator("[id]").evaluate_all("found => found.map(e => e.id)")
    assert len(ids) == len(set(ids))
    levels = page.locator("h1, h2, h3").evaluate_all("found => found.map(e => Number(e.tagName[1]))")
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_person_presses_cancel_and_follows_it_to_its_settlement_row(
    gateway: GatewayProcess, receiver: Receiver, browser: Any
) -> None:
    payment = confirmed(gateway, "ARIA_2025f1c2b05a")
    page = browser.new_page()
    witness = Witness()
    witness.watch(page)

    page.goto(f"{gateway.url}/console")
    assert_accessible(page)
    page.get_by_role("link", name="테스트모드").click()
    assert page.get_by_text("결제가 없습니다.").is_visible()
    page.get_by_role("link", name="라이브").click()
    page.get_by_role("link", name=payment["orderId"]).click()
    assert_accessible(page)

    page.get_by_label("취소 경로").select_option("상점관리자")
    page.get_by_label("담당자").fill("김담당")
    page.get_by_label("취소 사유").fill("고객 변심")
    page.get_by_role("button", name="취소", exact=True).click()
    assert page.get_by_role("status").inner_text().startswith("취소했습니다. 150,000원 · 상점관리자")
    assert page.locator("dl").first.get_by_text("CANCELED").is_visible()
    assert page.get_by_role("button", name="취소", exact=True).count() == 0
    assert_accessible(page)

    wait_until(page, lambda: receiver.statuses() == ["DONE", "CANCELED"])
    cancelled = receiver.received[-1].json["data"]
    assert cancelled == gateway.live.get(f"/v1/payments/{payment['paymentKey']}").json()
    assert cancelled["cancels"][0]["cancelReason"] == "고객 변심"

    gateway.live.post("/jeongsan/v1/clock", json={"advance": "P1D"}).raise_for_status()
    page.reload()
    row = page.locator(f"#settlement-{cancelled['lastTransactionKey']}")
    shown = row.locator("tbody td").all_inner_texts()
    query = {"startDate": "2025-04-25", "endDate": "2025-04-25"}
    answered = gateway.live.get("/v1/settlements", params=query).json()[1]
    assert answered["transactionKey"] == cancelled["lastTransactionKey"]
    assert shown[0] == f"{answered['amount']:,}원" == "-150,000원"
    assert shown[3] == f"{answered['payOutAmount']:,}원"
    assert shown[4:] == [answered["soldDate"], answered["paidOutDate"]]
    assert "조회 가능" in row.inner_text()
    assert_accessible(page)

    assert witness.complaints == []
    assert witness.hosts() == {urlsplit(gateway.url).netloc}


def test_another_site_can_neither_post_to_the_console_nor_frame_it(
    gateway: GatewayProcess, browser: Any
) -> None:
    """A page of another origin on the same machine: the nearest an attacker's page can come."""
    payment = confirmed(gateway, "order-0001")
    page = browser.new_page()
    page.goto(f"{gateway.url}/console/payments/{payment['paymentKey']}")
    token = page.locator("input[name=token]").get_attribute("value")
    elsewhere = gateway.url.replace("127.0.0.1", "localhost")
    page.goto(f"{elsewhere}/jeongsan/v1/health")
    target = f"{gateway.url}/console/payments/{payment['paymentKey']}"
    page.set_content(
        f"""<form method="post" action="{target}/cancel">
        <input name="token" value="{token}"><input name="submission" value="x">
        <input name="channel" value="merchant-admin"><input name="person" value="x">
        <input name="reason" value="x"><button>win</button></form><iframe src="{target}"></iframe>"""
    )
    page.wait_for_load_state()
    assert page.frames[1].url.startswith("chrome-error:")
    page.get_by_role("button", name="win").click()
    page.wait_for_url(f"{target}/cancel")
    assert page.get_by_role("alert").inner_text().startswith("FORBIDDEN_REQUEST")
    looked_up = gateway.live.get(f"/v1/payments/{payment['paymentKey']}").json()
    assert looked_up["status"] == "DONE"
