"""CSV files that Excel opens in Korean, and in which no text of anybody becomes a formula."""

import csv
from pathlib import Path

import duckdb
import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.columns import HEADERS
from jeongsan.reconcile.report.csv_files import (
    write_origins_csv,
    write_outcomes_csv,
    write_problems_csv,
    write_totals_csv,
)
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.result import Result


@pytest.fixture
def result(connection: duckdb.DuckDBPyConnection) -> Result:
    return Result(connection, ExceptionBook())


def rows(path: Path) -> list[dict[str, str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def test_a_line_per_finding_has_codes_and_words(result: Result, tmp_path: Path) -> None:
    write_outcomes_csv(result, tmp_path / "a.csv", Language.KO)
    lines = rows(tmp_path / "a.csv")
    assert [*lines[0]] == [korean for korean, _ in HEADERS.values()]
    assert (lines[1]["사유코드"], lines[1]["사유"]) == ("AMOUNT, DAY", "금액 다름, 날짜 다름")
    assert (lines[1]["왼쪽 금액"], lines[1]["차이"]) == ("43000.00", "3000.00")
    assert lines[1]["다른 항목"] == "금액: 43,000원 ↔ 40,000원; 날짜: 2025-04-25 ↔ 2025-04-26"
    assert lines[6]["주문번호"] == "'=1+1"
    assert lines[0]["오른쪽 금액"] == "-150000.00"


def test_totals_have_every_row(result: Result, tmp_path: Path) -> None:
    write_totals_csv(result, tmp_path / "a.csv", Language.EN)
    lines = rows(tmp_path / "a.csv")
    orders = [line for line in lines if (line["comparison"], line["side"]) == ("TRANSACTION", "ORDERS")]
    assert sum(int(line["rows"]) for line in orders) == 1_202


def test_where_rows_stood_is_in_a_file_of_its_own(result: Result, tmp_path: Path) -> None:
    write_origins_csv(result, tmp_path / "a.csv", Language.EN)
    lines = rows(tmp_path / "a.csv")
    assert {"file": "주문_4월.xlsx", "row": "5", "side": "ORDERS"}.items() <= lines[1].items()


def test_what_could_not_be_read_is_told_without_a_formula(result: Result, tmp_path: Path) -> None:
    write_problems_csv(result, tmp_path / "a.csv", Language.KO)
    assert [line["값"] for line in rows(tmp_path / "a.csv")] == ["일만원", "'=HYPERLINK(1)"]
