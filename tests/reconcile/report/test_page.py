"""The page of a reconciliation: complete by itself, and harmless whatever stands in the files."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import duckdb
import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report import page
from jeongsan.reconcile.report.events import Act, ExceptionBook
from jeongsan.reconcile.report.page import html_page
from jeongsan.reconcile.report.page_words import PAGE_WORDS
from jeongsan.reconcile.report.result import Result
from support.reported import NOW, Tables, april, event, filled, found, settle

pytestmark = pytest.mark.slow

KO, EN = Language
EVIL = "<img src=x onerror=alert(1)>\"'&</script>\x1b"


class Elements(HTMLParser):
    """Every element with its attributes, and the text between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["script"], ["style"]):
            self.text += f"{data} "

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.found if name in (attrs.get("class") or "").split()]


def shown(
    connection: duckdb.DuckDBPyConnection, language: Language = KO, book: ExceptionBook | None = None
) -> str:
    return html_page(Result(connection, book or ExceptionBook()), language, NOW)


@pytest.fixture(scope="module")
def text(connection: duckdb.DuckDBPyConnection) -> str:
    return shown(connection)


def evil() -> Tables:
    """Somebody who writes into every field that text from outside can reach."""
    tables = april()
    for rows in tables.rows.values():
        for row in rows:
            for name in (
                "order_id",
                "payment_key",
                "method",
                "shop",
                "memo",
                "account",
                "name",
                "value",
                "field",
            ):
                if name in row:
                    row[name] = EVIL
    tables.rows["outcomes"][0]["fields"] = [{"field": EVIL, "left": EVIL, "right": EVIL}]
    return tables


def test_it_needs_nothing_else(text: str) -> None:
    assert not re.search(r"(src|href)=|@import|url\(", text)
    assert "default-src 'none'" in text


def test_every_finding_is_listed_open_ones_first(text: str) -> None:
    rows = Elements(text).with_class("finding")
    assert len(rows) == 10
    assert [row["data-open"] for row in rows] == ["true"] * 8 + ["false"] * 2
    assert {row["data-comparison"] for row in rows} == {"TRANSACTION", "SETTLEMENT", "DEPOSIT"}


@pytest.mark.parametrize("language", Language)
def test_words_from_outside_make_no_element(language: Language) -> None:
    with filled(evil()) as connection:
        finding = found(connection)[0]
        book = ExceptionBook((event(finding, Act.ACCEPT, EVIL), event(finding, Act.ASSIGN, EVIL)))
        page_of_evil = Elements(shown(connection, language, book))
    tags = [tag for tag, _ in page_of_evil.found]
    assert "img" not in tags
    assert tags.count("script") == 1
    assert not any(name.startswith("on") for _, attrs in page_of_evil.found for name in attrs)
    assert "<img src=x onerror=alert(1)>" in page_of_evil.text
    assert "\x1b" not in page_of_evil.text


def test_a_deposit_leads_to_its_payments(text: str) -> None:
    read = Elements(text).text
    assert len(Elements(text).with_class("deposit")) == 18
    assert "order-0500" in read
    assert "tjeon000000000000501key" in read
    assert "임대료" not in read


def test_money_of_each_day_is_drawn(text: str) -> None:
    elements = Elements(text)
    assert len(elements.with_class("expected")) == len(elements.with_class("arrived")) == 20
    assert "4/24 · 지급 예정 251,680원 · 통장 입금 0원" in elements.text


def test_both_languages_have_all_words(connection: duckdb.DuckDBPyConnection) -> None:
    english = Elements(shown(connection, EN)).text
    assert "Cancelled outside of our system" in english
    assert "Find out in the merchant admin" in english
    for korean, other in PAGE_WORDS.values():
        assert re.search("[가-힣]", korean)
        assert not re.search("[가-힣]", other)


def test_what_was_decided_is_shown(connection: duckdb.DuckDBPyConnection) -> None:
    amount = found(connection)[1]
    book = ExceptionBook(
        (event(amount, Act.ACCEPT, "할인"), event(amount, Act.ADJUST, "배송비", Decimal(-3_000)))
    )
    read = Elements(shown(connection, KO, book)).text
    assert "김정산 승인: 할인 · 조정 -3,000원(김정산: 배송비), 남는 차이 0원" in read


def test_above_its_limits_the_page_points_to_the_files(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FINDINGS_MAX", "PAYOUT_ROWS_MAX", "DEPOSITS_MAX", "UNREAD_MAX"):
        monkeypatch.setattr(page, name, 1)
    elements = Elements(shown(connection))
    assert len(elements.with_class("finding")) == len(elements.with_class("deposit")) == 1
    assert "9건은 이 페이지에 없습니다" in elements.text
    assert "report.xlsx" in elements.text
    assert "정산 건 50건은 이 페이지에 없습니다" in elements.text
    assert "17개의 입금은 이 페이지에 없습니다" in elements.text
    # Of the deposits the one that does not match is kept.
    assert "늦은 입금" in elements.text


def test_nothing_found_is_still_a_page() -> None:
    with filled(Tables()) as connection:
        read = Elements(shown(connection)).text
    assert "모두 맞습니다." in read
    assert "확인할 건이 없습니다." in read


def test_the_share_that_matches_is_never_rounded_up_to_all() -> None:
    tables = Tables()
    tables.total("TRANSACTION", "ORDERS", "MATCHED", "", 99_999, Decimal(1))
    tables.total("TRANSACTION", "ORDERS", "ONE_SIDED", "NOT_AT_GATEWAY", 1, Decimal(1))
    with filled(tables) as connection:
        assert "99.99%" in shown(connection)


def test_a_payout_that_goes_below_nothing_is_drawn_below() -> None:
    tables = Tables()
    settle(tables, 1, NOW.date(), [-10_000])
    below = tables.outcome(
        "DEPOSIT", "NOT_YET_DUE", "CARRIED_OVER", kind="PAYOUT", left_amount=Decimal(-10_000)
    )
    tables.payout(below, NOW.date(), 1, -10_000)
    settle(tables, 2, NOW.date().replace(day=3), [10_000])
    above = tables.outcome("DEPOSIT", "NOT_YET_DUE", "TOO_YOUNG", kind="PAYOUT", left_amount=Decimal(9_680))
    tables.payout(above, NOW.date().replace(day=3), 1, 9_680)
    with filled(tables) as connection:
        assert "-10,000" in Elements(shown(connection)).text
