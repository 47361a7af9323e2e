"""`jeongsan findings`: decided once, respected by every later run until the finding itself changes."""

import json
from pathlib import Path
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.one_cancel import ORDERS, TRANSACTIONS

pytestmark = pytest.mark.slow

BOOK = Path("april/exceptions.jsonl")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "transactions.csv").write_text(TRANSACTIONS, encoding="utf-8")
    return tmp_path


def _reconciled(exits: int) -> dict[str, Any]:
    """Of the run, its one finding."""
    arguments = ["reconcile", "orders.csv", "transactions.csv", "--today", "2025-04-01", "--into", "april"]
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == exits, (result.stdout, result.stderr)
    (found,) = json.loads(result.stdout)["outcomes"]
    return dict(found)


def _findings(*arguments: str, exits: int = 0) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["findings", *arguments, "--json"])
    assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
    printed: dict[str, Any] = json.loads(result.stderr if exits else result.stdout)
    return printed


def _decide(*arguments: str, exits: int = 0) -> dict[str, Any]:
    return _findings("decide", "april", *arguments, "--user", "김정산", exits=exits)


def test_what_is_accepted_is_clean_in_the_next_run_and_open_again_when_its_figures_change(
    folder: Path,
) -> None:
    name = _reconciled(exits=1)["id"]
    assert _decide(name, "--accept", "전화로 취소", "--assign", "박회계")["recorded"] == 2
    accepted = _reconciled(exits=0)
    assert (accepted["id"], accepted["handling"]["acceptedBy"]) == (name, "김정산")
    changed = TRANSACTIONS.replace(",5000\n", ",6000\n")
    (folder / "transactions.csv").write_text(changed, encoding="utf-8")
    found = _reconciled(exits=1)
    assert (found["id"] == name, found["open"], found["handling"]["state"]) == (False, True, "CHANGED")
    decided = _decide(found["id"], "--comment", "다시 확인")["findings"][0]["handling"]
    assert (decided["state"], decided["assignee"]) == ("ASSIGNED", "박회계")
    _reconciled(exits=1)


def test_an_acceptance_can_be_taken_back_and_an_adjustment_says_what_remains() -> None:
    name = _reconciled(exits=1)["id"]
    assert _decide(name, "--reopen", "잘못", exits=1)["code"] == "NOT_ACCEPTED"
    adjusted = _decide(name, "--adjust", "-5,000", "--reason", "수기 취소 반영")["findings"][0]["handling"]
    assert (adjusted["adjustment"], adjusted["remaining"]) == (-5000, 0)
    _reconciled(exits=1)
    _decide(name, "--accept", "반영함")
    _reconciled(exits=0)
    assert _decide(name, "--reopen", "다시 봄")["findings"][0]["open"] is True
    _reconciled(exits=1)


def _fill(**cells: str) -> None:
    """Saves a copy of the report with cells of its one finding by their headers, _ for spaces."""
    rows = python_calamine.load_workbook("april/report.xlsx").get_sheet_by_name("차이").to_python()
    filled = {rows[0].index(header.replace("_", " ")): value for header, value in cells.items()}
    with xlsxwriter.Workbook("filled.xlsx") as workbook:
        sheet = workbook.add_worksheet("차이")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                value = filled.get(column, cell) if number == 1 else cell
                sheet.write_string(number, column, str(value))


def test_a_filled_in_spreadsheet_counts_in_the_next_run_and_counts_once() -> None:
    _reconciled(exits=1)
    assert _findings("import", "april", "--user", "김정산")["recorded"] == 0
    _fill(처리_상태="승인", 승인_사유="전화로 취소", 승인자="최팀장")
    asked = ("import", "april", "filled.xlsx", "--user", "김정산")
    assert _findings(*asked)["recorded"] == 1
    assert _findings(*asked)["recorded"] == 0
    assert _reconciled(exits=0)["handling"]["acceptedBy"] == "최팀장"
    before = BOOK.read_bytes()
    _fill(승인_사유="")
    assert "승인 사유" in _findings(*asked, exits=1)["message"]
    assert BOOK.read_bytes() == before


def test_a_spreadsheet_takes_back_nothing_that_was_decided_after_it_was_written() -> None:
    name = _reconciled(exits=1)["id"]
    _decide(name, "--accept", "전화로 취소", "--adjust", "-5000", "--reason", "수기 취소")
    _fill(메모="영수증 있음")
    after = _findings("import", "april", "filled.xlsx", "--user", "박회계")
    assert after["recorded"] == 1
    handling = after["findings"][0]["handling"]
    assert (handling["state"], handling["adjustment"]) == ("ACCEPTED", -5000)
    assert (handling["acceptReason"], handling["comment"]) == ("전화로 취소", "영수증 있음")


def test_what_cannot_be_decided_is_refused_and_nothing_of_it_is_recorded() -> None:
    name = _reconciled(exits=1)["id"]
    unknown = _decide(name, "T-00000000000000000000", "--accept", "이유", exits=1)
    assert (unknown["code"], unknown["message"]) == ("UNKNOWN_FINDING", "T-00000000000000000000")
    for options, code in (
        ((), "INVALID_OPTION"),
        (("--accept", " "), "NO_REASON"),
        (("--adjust", "many", "--reason", "이유"), "INVALID_OPTION"),
        (("--adjust", "1000"), "INVALID_OPTION"),
        (("--adjust", "0.001", "--reason", "이유"), "NO_AMOUNT"),
        (("--accept", "이유", "--reopen", "이유"), "INVALID_OPTION"),
    ):
        assert _decide(name, *options, exits=1)["code"] == code
    assert not BOOK.exists()
    assert _findings("decide", ".", name, "--comment", "?", "--user", "나", exits=2)["code"] == "NO_REPORT"
    BOOK.write_text("{", encoding="utf-8")
    assert _decide(name, "--accept", "이유", exits=2)["code"] == "DAMAGED_DECISIONS"
    assert BOOK.read_text(encoding="utf-8") == "{"
