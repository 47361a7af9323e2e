"""The spreadsheet: every sheet, cells of the right kind, and no formula of anybody's making."""

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import python_calamine

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report import workbook
from jeongsan.reconcile.report.events import Act, ExceptionBook
from jeongsan.reconcile.report.result import Result
from jeongsan.reconcile.report.workbook import SHEETS, write_workbook
from support.reported import NOW, Tables, event, filled, found

KO, EN = Language


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Rows by sheet."""
    opened = python_calamine.load_workbook(str(path))
    return {name: opened.get_sheet_by_name(name).to_python() for name in opened.sheet_names}


def by_header(rows: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def path(connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("workbook") / "report.xlsx"
    fee = found(connection)[5]
    book = ExceptionBook((event(fee, Act.ACCEPT, "=다음 달"), event(fee, Act.ADJUST, "정정", Decimal(300))))
    write_workbook(Result(connection, book), made, KO, NOW)
    return made


def test_the_sheets_have_korean_names(path: Path) -> None:
    assert [*sheets(path)] == ["요약", "차이", "입금", "합계", "읽지못함"]


def test_every_finding_that_does_not_simply_match_is_a_row(path: Path) -> None:
    rows = by_header(sheets(path)["차이"])
    assert len(rows) == 10
    second = rows[1]
    assert (second["대사"], second["상태"], second["사유"]) == (
        "거래 대사",
        "내용 다름",
        "금액 다름, 날짜 다름",
    )
    assert (second["왼쪽 금액"], second["오른쪽 금액"], second["차이"]) == (43_000.0, 40_000.0, 3_000.0)
    assert second["왼쪽 날짜"] == date(2025, 4, 25)
    assert second["처리 상태"] == "미처리"
    assert rows[0]["왼쪽 금액"] == ""


def test_what_was_decided_stands_in_its_columns(path: Path) -> None:
    row = by_header(sheets(path)["차이"])[5]
    assert (row["처리 상태"], row["승인 사유"], row["승인자"]) == ("승인", "=다음 달", "김정산")
    assert (row["조정 금액"], row["조정 사유"], row["남는 차이"]) == (300.0, "정정", 300.0)


def test_no_text_is_a_formula_or_a_link(path: Path) -> None:
    row = by_header(sheets(path)["차이"])[6]
    assert (row["주문번호"], row["결제키"]) == ("=1+1", "<script>alert(1)</script>")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                assert not re.search(rb"<f>|<hyperlink|<f ", archive.read(name))


def test_a_deposit_leads_to_its_payments(path: Path) -> None:
    rows = by_header(sheets(path)["입금"])
    steps = [row["단계"] for row in rows]
    assert steps[:6] == ["입금 묶음", "통장", "지급", "승인", "승인", "승인"]
    assert sum(row["지급 예정"] for row in rows[3:6]) == rows[2]["지급 예정"] == rows[0]["입금"]
    assert [row["사유"] for row in rows if row["ID"]] == ["늦은 입금", "미입금"]


def test_totals_and_unread_rows_have_sheets_of_their_own(path: Path) -> None:
    made = sheets(path)
    assert sum(row["건수"] for row in by_header(made["합계"]) if row["자료"] == "우리 주문") == 1_202
    assert [row["값"] for row in by_header(made["읽지못함"])] == ["일만원", "=HYPERLINK(1)"]
    assert made["요약"][0][0] == "대사 결과"
    assert made["요약"][1][0] == "2025-05-02 10:00:00"


def test_the_header_stays_and_filters(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        differences = archive.read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in differences
    assert '<autoFilter ref="A1:AC11"' in differences
    assert "미처리,담당 지정,승인" in differences


def test_english_sheets(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    write_workbook(Result(connection, ExceptionBook()), tmp_path / "a.xlsx", EN, NOW)
    assert [*sheets(tmp_path / "a.xlsx")] == [english for _, english in SHEETS.values()]


def test_what_is_too_large_for_a_number_of_excel_is_text(tmp_path: Path) -> None:
    tables = Tables()
    tables.outcome(
        "TRANSACTION", "ONE_SIDED", "NOT_AT_GATEWAY", order_id="가" * 40_000, left_amount=Decimal(10**15 + 1)
    )
    with filled(tables) as connection:
        write_workbook(Result(connection, ExceptionBook()), tmp_path / "a.xlsx", KO, NOW)
    (row,) = by_header(sheets(tmp_path / "a.xlsx")["차이"])
    assert row["왼쪽 금액"] == "1000000000000001.00"
    assert len(row["주문번호"]) == 32_767


def test_rows_beyond_a_sheet_are_counted_and_pointed_to(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS_MAX", 4)
    write_workbook(Result(connection, ExceptionBook()), tmp_path / "a.xlsx", KO, NOW)
    made = sheets(tmp_path / "a.xlsx")
    assert (len(made["차이"]), len(made["입금"]), len(made["읽지못함"])) == (5, 5, 3)
    assert [row["처리 상태"] for row in by_header(made["차이"])] == ["미처리"] * 4
    assert "외 6행은 이 시트에 들어가지 않습니다" in str(made["더 있음"])
    assert "입금" in str(made["더 있음"])


def test_nothing_found_is_still_a_workbook(tmp_path: Path) -> None:
    with filled(Tables()) as connection:
        write_workbook(Result(connection, ExceptionBook()), tmp_path / "a.xlsx", KO, NOW)
    assert [len(rows) for rows in sheets(tmp_path / "a.xlsx").values()][1:] == [1, 1, 1, 1]


def test_a_folder_that_is_not_there_is_an_os_error(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match=r"a\.xlsx"):
        write_workbook(Result(connection, ExceptionBook()), tmp_path / "no" / "a.xlsx", KO, NOW)
