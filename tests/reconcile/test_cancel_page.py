"""The page of a check in a real browser, in a narrow window."""

import importlib
from decimal import Decimal

import pytest

from jeongsan.client.moments import moment_of
from jeongsan.reconcile.cancel_report import html_page
from jeongsan.reconcile.cancel_view import Head
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.cancels import check_cancels
from support.cancels import circumstances, found, line

pytestmark = pytest.mark.browser

# The right edge of whatever holds text must lie in the window; the test is about what a reader can see.
_FARTHEST = """() => Math.max(...[...document.querySelectorAll(SELECTOR)]
  .map(one => one.getBoundingClientRect().right))"""


@pytest.mark.parametrize(
    ("width", "selector"), [(500, "p, code, .row td"), (700, ".said div, .said p, .said code")]
)
def test_in_a_narrow_window_nothing_is_cut_off(width: int, selector: str) -> None:
    """At 500 px the columns stand below each other; wider, at least every sentence is whole."""
    lost = line(order_id="order-" + "9" * 60, cancel_amount=Decimal(12_000))
    checked = check_cancels([found()], [lost], circumstances())
    head = Head("https://api.tosspayments.com", moment_of("2025-06-01T10:00:00"), "cancels.csv")
    with importlib.import_module("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_content(html_page(checked, head, Language.KO))
        assert page.evaluate(_FARTHEST.replace("SELECTOR", f"'{selector}'")) <= width
        browser.close()
