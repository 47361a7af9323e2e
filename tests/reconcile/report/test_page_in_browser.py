"""The page in a real browser: its filters work, nothing is cut off, no script but its own runs."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.write import PAGE, write_reports
from support.reported import NOW, april, filled

pytestmark = pytest.mark.browser

EVIL = "<img src=x onerror=document.title='gone'>"
# The right edge of whatever holds text must lie in the window; the test is about what a reader can see.
_FARTHEST = """() => Math.max(...[...document.querySelectorAll(
  "h1, h2, .verdict, .figures, .finding td, .said, #filters, .deposit summary, .limit")]
  .map(one => one.getBoundingClientRect().right))"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page, on the disk as a clerk opens it."""
    tables = april()
    tables.rows["outcomes"][0] |= {"order_id": EVIL, "payment_key": "9" * 200}
    folder = tmp_path_factory.mktemp("report")
    with filled(tables) as connection:
        write_reports(connection, folder, language=Language.KO, exceptions=ExceptionBook(), now=NOW)
    return folder / PAGE


@pytest.fixture
def browser() -> Iterator[Any]:
    with importlib.import_module("playwright.sync_api").sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield opened
        opened.close()


def opened(browser: Any, file: Path, *, width: int = 1_280) -> tuple[Any, list[str]]:
    """The page, and what the browser asked for or complained about beside it."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda request: seen.append(request.url))
    page.goto(file.as_uri())
    return page, seen


def visible(page: Any) -> int:
    return int(page.locator("tbody.finding:visible").count())


def test_filters_narrow_the_table(browser: Any, file: Path) -> None:
    page, seen = opened(browser, file)
    assert visible(page) == 10
    page.check("input[name=open]")
    assert visible(page) == 8
    page.select_option("select[name=comparison]", "DEPOSIT")
    assert visible(page) == 2
    page.fill("input[name=text]", "미입금 464,640")
    assert (visible(page), page.inner_text("#shown")) == (1, "1")
    page.fill("input[name=text]", "")
    page.select_option("select[name=reason]", "DEPOSIT_LATE")
    assert "2025-04-28에 들어왔습니다" in page.inner_text("tbody.finding:visible")
    assert seen == [file.as_uri()]


def test_a_state_of_a_card_narrows_the_table_to_it(browser: Any, file: Path) -> None:
    page, _ = opened(browser, file)
    page.click("[data-comparison=TRANSACTION] tr[data-show='TRANSACTION DIFFERENT'] >> nth=0")
    assert visible(page) == 2


def test_a_bank_line_opens_down_to_its_payments(browser: Any, file: Path) -> None:
    page, _ = opened(browser, file)
    deposit = page.locator("details.deposit", has_text="늦은 입금")
    assert not page.get_by_text("order-0501").is_visible()
    deposit.locator("summary").first.click()
    assert "토스페이먼츠" in deposit.inner_text()
    deposit.locator("details > summary").first.click()
    assert page.get_by_text("order-0501").is_visible()


def test_no_other_script_runs(browser: Any, file: Path) -> None:
    """Neither what a file brought, which is text, nor what somebody else put into the page."""
    page, _ = opened(browser, file)
    assert EVIL in page.inner_text("tbody.finding >> nth=0")
    assert page.title().startswith("대사 결과")
    changed = file.with_name("changed.html")
    changed.write_text(
        file.read_text(encoding="utf-8").replace("</body>", "<script>document.title='gone'</script></body>")
    )
    page, seen = opened(browser, changed)
    assert page.title().startswith("대사 결과")
    assert any("Content Security Policy" in one for one in seen)


@pytest.mark.parametrize("width", [360, 800, 1_280])
def test_nothing_is_cut_off(browser: Any, file: Path, width: int) -> None:
    page, _ = opened(browser, file, width=width)
    assert page.evaluate(_FARTHEST) <= width


def test_without_a_script_everything_is_there(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert visible(page) == 10
    assert not page.locator("#filters").is_visible()
