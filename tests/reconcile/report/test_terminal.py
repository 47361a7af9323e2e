"""A reconciliation in the terminal: nothing cut off, amounts below each other, text from outside harmless."""

import unicodedata
from decimal import Decimal

import duckdb
import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.events import Act, ExceptionBook
from jeongsan.reconcile.report.result import Result
from jeongsan.reconcile.report.terminal import terminal_text
from support.reported import Tables, event, filled, found

KO, EN = Language


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


@pytest.fixture(scope="module")
def text(connection: duckdb.DuckDBPyConnection) -> str:
    return terminal_text(Result(connection, ExceptionBook()), KO)


def table(text: str, title: str) -> list[str]:
    lines = text.splitlines()
    start = lines.index(title) + 1
    return lines[start : lines.index("", start)]


def test_amounts_stand_below_each_other_in_korean(text: str) -> None:
    """The last column ends where its header ends, counted as a terminal counts."""
    header, rule, *rows = table(text, "거래 대사")
    assert {columns(header), columns(rule)} == {columns(rows[0])}
    assert rows[0].split() == ["일치", "KRW", "1,197", "51,000,000", "1,197", "51,000,000"]


def test_each_currency_has_a_line_of_its_own(text: str) -> None:
    lines = table(text, "거래 대사")
    assert [line.split()[:4] for line in lines if line.strip().startswith("내용 다름")] == [
        ["내용", "다름", "KRW", "1"],
        ["내용", "다름", "USD", "1"],
    ]
    assert lines[-2:] == [
        "  확인할 차이 3건, 이상 금액 164,250원",
        "  확인할 차이 1건, 이상 금액 12.50 USD",
    ]


def test_settlements_of_the_deposit_comparison_are_payouts(text: str) -> None:
    assert table(text, "입금 대사")[0].split()[2:4] == ["지급", "건수"]


def test_the_first_findings_are_told_in_sentences(connection: duckdb.DuckDBPyConnection) -> None:
    text = terminal_text(Result(connection, ExceptionBook()), EN, shown=2)
    assert "Cancelled outside of our system: on 2025-04-25" in text
    assert "The amounts differ: 43,000 KRW ↔ 40,000 KRW, by 3,000 KRW." in text
    assert "no settlement row" not in text
    assert "     6 more" in text.splitlines()


def test_rows_that_were_not_read_are_told(text: str) -> None:
    assert "     주문_4월.xlsx 17행 결제금액: 금액이 아닙니다 (일만원)" in text.splitlines()


def test_in_a_narrow_terminal_every_amount_is_whole(connection: duckdb.DuckDBPyConnection) -> None:
    text = terminal_text(Result(connection, ExceptionBook()), KO, width=50)
    assert "    우리 주문 금액: 51,000,000" in text.splitlines()


def test_what_was_decided_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    amount = found(connection)[1]
    book = ExceptionBook(
        (event(amount, Act.ASSIGN, "박대사"), event(amount, Act.ADJUST, "배송비", Decimal(-3_000)))
    )
    text = terminal_text(Result(connection, book), KO)
    assert "     담당 박대사 · 조정 -3,000원(김정산: 배송비), 남는 차이 0원" in text.splitlines()


def test_where_there_are_no_transactions_orders_take_their_place() -> None:
    tables = Tables()
    tables.total("SETTLEMENT", "ORDERS", "MATCHED", "", 3, Decimal(30))
    tables.total("SETTLEMENT", "SETTLEMENTS", "MATCHED", "", 3, Decimal(30))
    with filled(tables) as connection:
        text = terminal_text(Result(connection, ExceptionBook()), KO)
    assert table(text, "정산 대사")[-1].split() == ["일치", "KRW", "3", "30", "3", "30"]


def test_nothing_from_outside_steers_the_terminal() -> None:
    tables = Tables()
    tables.outcome(
        "TRANSACTION", "ONE_SIDED", "NOT_AT_GATEWAY", order_id="a\x1b[2J\n\u202e", left_amount=Decimal(1)
    )
    tables.total("TRANSACTION", "ORDERS", "ONE_SIDED", "NOT_AT_GATEWAY", 1, Decimal(1), "K\x1b[2J")
    with filled(tables) as connection:
        text = terminal_text(Result(connection, ExceptionBook()), KO)
    assert all(character.isprintable() or character == "\n" for character in text)
