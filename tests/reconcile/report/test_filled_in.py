"""The spreadsheet comes back filled in: all that is new becomes events, or none of it and faults are told."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import python_calamine
import xlsxwriter

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.events import Act, Event, ExceptionBook
from jeongsan.reconcile.report.filled_in import (
    FilledIn,
    FillFault,
    FillProblem,
    fill_problem_words,
    import_excel,
)
from jeongsan.reconcile.report.result import Result
from jeongsan.reconcile.report.workbook import write_workbook
from support.reported import NOW, april, event, filled, found

pytestmark = pytest.mark.slow

KO, EN = Language
EMPTY = ExceptionBook()


class Clerk:
    """Somebody with the report open in a spreadsheet program."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, language: Language = KO) -> None:
        self.connection, self.path, self.language = connection, path, language
        self.book = EMPTY
        self.open()

    def open(self) -> None:
        """The report as it is now."""
        write_workbook(Result(self.connection, self.book), self.path, self.language, NOW)
        opened = python_calamine.load_workbook(str(self.path))
        self.name = opened.sheet_names[1]
        self.rows: list[list[Any]] = opened.get_sheet_by_name(self.name).to_python()

    def fill(self, row: int, **cells: Any) -> None:
        """Cells of a row, counted as the program counts, by their headers."""
        for header, value in cells.items():
            self.rows[row - 1][self.rows[0].index(header.replace("_", " "))] = value

    def save(self) -> FilledIn:
        """Save the sheet and have it read in."""
        with xlsxwriter.Workbook(str(self.path)) as workbook:
            days = workbook.add_format({"num_format": "yyyy-mm-dd"})
            sheet = workbook.add_worksheet(self.name)
            for number, line in enumerate(self.rows):
                for column, cell in enumerate(line):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif isinstance(cell, float):
                        sheet.write_number(number, column, cell)
                    else:
                        sheet.write_datetime(number, column, cell, days)
        return self.read()

    def read(self) -> FilledIn:
        return import_excel(self.path, Result(self.connection, self.book), user="김정산", now=NOW)


@pytest.fixture
def clerk(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Clerk:
    return Clerk(connection, tmp_path / "report.xlsx")


def acts(filled_in: FilledIn) -> list[tuple[Act, str, str]]:
    assert not filled_in.problems
    return [(one.act, one.user, one.text) for one in filled_in.events]


def faults(filled_in: FilledIn) -> list[tuple[FillFault, int | None, str | None]]:
    assert not filled_in.events
    return [(one.fault, one.row, one.column) for one in filled_in.problems]


def test_a_sheet_that_nobody_filled_in_changes_nothing(clerk: Clerk) -> None:
    assert clerk.read() == clerk.save() == FilledIn()


def test_what_is_filled_in_becomes_events_and_comes_back_in_the_next_report(clerk: Clerk) -> None:
    clerk.fill(3, 처리_상태="승인", 담당자="박대사", 메모="전화함", 승인_사유="할인", 승인자="최팀장")
    clerk.fill(5, 조정_금액=-10_000.0, 조정_사유="이중 결제 환불")
    taken = clerk.save()
    assert acts(taken) == [
        (Act.ASSIGN, "김정산", "박대사"),
        (Act.COMMENT, "김정산", "전화함"),
        (Act.ACCEPT, "최팀장", "할인"),
        (Act.ADJUST, "김정산", "이중 결제 환불"),
    ]
    assert taken.events[-1].amount == Decimal(-10_000)
    clerk.book = clerk.book.with_events(taken.events)
    clerk.open()
    assert {"승인", "박대사", "전화함", "할인", "최팀장"} <= {*clerk.rows[2]}
    assert {-10_000.0, -20_000.0, "이중 결제 환불"} <= {*clerk.rows[4]}
    assert clerk.save() == FilledIn()


def test_an_english_report_comes_back_too(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    clerk = Clerk(connection, tmp_path / "a.xlsx", EN)
    clerk.fill(3, handled="accepted", accepted_because="discount", accepted_by="최팀장")
    assert acts(clerk.save()) == [(Act.ACCEPT, "최팀장", "discount")]


def test_rows_may_be_sorted_and_left_out(clerk: Clerk) -> None:
    clerk.fill(3, 메모="전화함")
    clerk.rows[1:] = [*reversed(clerk.rows[1:4])]
    assert acts(clerk.save()) == [(Act.COMMENT, "김정산", "전화함")]


def test_another_state_opens_an_accepted_finding_again(clerk: Clerk) -> None:
    clerk.book = ExceptionBook((event(found(clerk.connection)[1], Act.ACCEPT, "할인"),))
    clerk.open()
    clerk.fill(3, 처리_상태="미처리")
    assert acts(clerk.save()) == [(Act.REOPEN, "김정산", "")]


def test_another_sum_is_recorded_as_the_step_to_it(clerk: Clerk) -> None:
    clerk.book = ExceptionBook((event(found(clerk.connection)[1], Act.ADJUST, "배송비", Decimal(-3_000)),))
    clerk.open()
    clerk.fill(3, 조정_금액="-2,500.50원", 조정_사유="배송비 일부")
    assert [one.amount for one in clerk.save().events] == [Decimal("499.50")]


def test_a_changed_finding_keeps_its_assignee_and_nothing_else(clerk: Clerk) -> None:
    second = found(clerk.connection)[1]
    old = [
        replace(event(second, Act.ASSIGN, "박대사"), finding="T-old"),
        replace(event(second, Act.ADJUST, "배송비", Decimal(-1)), finding="T-old"),
        replace(event(second, Act.ACCEPT, "할인"), finding="T-old"),
    ]
    clerk.book = ExceptionBook(tuple(old))
    clerk.open()
    assert "재확인" in clerk.rows[2]
    assert clerk.save() == FilledIn()
    clerk.fill(3, 메모="다시 확인")
    assert acts(clerk.save()) == [(Act.ASSIGN, "김정산", "박대사"), (Act.COMMENT, "김정산", "다시 확인")]


def test_a_report_of_before_says_nothing_new_of_what_is_no_more(clerk: Clerk) -> None:
    """Its rows are skipped as long as nothing is filled into them; then they have to be filled in anew."""
    tables = april()
    del tables.rows["outcomes"][1]
    clerk.fill(2, 메모="전화함")
    with filled(tables) as later:
        clerk.connection = later
        assert acts(clerk.save()) == [(Act.COMMENT, "김정산", "전화함")]
        clerk.fill(3, 메모="이것도")
        assert faults(clerk.save()) == [(FillFault.UNKNOWN_ID, 3, "id")]


@pytest.mark.parametrize(
    ("cells", "fault", "column"),
    [
        ({"처리_상태": "승인", "승인자": "최팀장"}, FillFault.NO_REASON, "accept_reason"),
        ({"처리_상태": "승인", "승인_사유": "할인"}, FillFault.NO_USER, "accepted_by"),
        ({"처리_상태": "끝"}, FillFault.UNKNOWN_STATE, "handling_label"),
        ({"승인_사유": "할인"}, FillFault.REASON_WITHOUT_ACCEPT, "accept_reason"),
        ({"조정_금액": "삼천", "조정_사유": "배송비"}, FillFault.NOT_AN_AMOUNT, "adjustment"),
        ({"조정_금액": 0.001, "조정_사유": "배송비"}, FillFault.NOT_AN_AMOUNT, "adjustment"),
        ({"조정_금액": "NaN", "조정_사유": "배송비"}, FillFault.NOT_AN_AMOUNT, "adjustment"),
        ({"조정_금액": 1e300, "조정_사유": "배송비"}, FillFault.NOT_AN_AMOUNT, "adjustment"),
        ({"조정_금액": 3_000.0}, FillFault.NO_ADJUST_REASON, "adjust_reason"),
        ({"조정_사유": "배송비"}, FillFault.REASON_WITHOUT_AMOUNT, "adjust_reason"),
        ({"메모": "가" * 2_001}, FillFault.TOO_LONG, "comment"),
        ({"ID": ""}, FillFault.NO_ID, "id"),
        ({"ID": "T-cf14e70db73b2927b9d6", "메모": "끌어 채운 ID"}, FillFault.UNKNOWN_ID, "id"),
    ],
    ids=str,
)
def test_a_fault_in_one_row_takes_nothing_of_the_others(
    clerk: Clerk, cells: dict[str, Any], fault: FillFault, column: str
) -> None:
    clerk.fill(2, 메모="전화함")
    clerk.fill(3, **cells)
    assert faults(clerk.save()) == [(fault, 3, column)]


def test_what_is_no_difference_cannot_be_accepted(clerk: Clerk) -> None:
    clerk.fill(4, 처리_상태="승인", 승인_사유="아직 아님", 승인자="최팀장")
    assert faults(clerk.save()) == [(FillFault.NOTHING_TO_ACCEPT, 4, "handling_label")]


def test_every_fault_is_told_at_once(clerk: Clerk) -> None:
    clerk.fill(2, 처리_상태="끝")
    clerk.fill(3, 조정_금액="삼천")
    clerk.fill(4, ID=clerk.rows[1][-1])
    assert [row for _, row, _ in faults(clerk.save())] == [2, 3, 4]


def test_a_missing_or_doubled_column_is_named(clerk: Clerk) -> None:
    clerk.fill(1, 메모="비고")
    assert faults(clerk.save()) == [(FillFault.NO_COLUMN, 1, "comment")]
    clerk.fill(1, 비고="메모")
    clerk.fill(1, 설명="메모")
    assert faults(clerk.save()) == [(FillFault.SAME_COLUMN_TWICE, 1, "comment")]


def test_what_is_no_report_is_said_to_be_none(clerk: Clerk, tmp_path: Path) -> None:
    clerk.name = "다른 시트"
    assert faults(clerk.save()) == [(FillFault.NO_SHEET, None, None)]
    clerk.path.write_bytes(b"PK\x03\x04 no spreadsheet")
    assert faults(clerk.read()) == [(FillFault.NOT_A_SPREADSHEET, None, None)]
    clerk.path.write_text("ID,메모\n", encoding="utf-8")
    assert faults(clerk.read()) == [(FillFault.NOT_A_SPREADSHEET, None, None)]
    clerk.path.unlink()
    with pytest.raises(FileNotFoundError):
        clerk.read()


@pytest.mark.parametrize("fault", FillFault)
def test_every_fault_has_words(fault: FillFault) -> None:
    problem = FillProblem(fault, 3, "comment", "a\nb")
    assert fill_problem_words(problem, KO).startswith("3행 메모: ")
    assert fill_problem_words(problem, EN).startswith("row 3 note: ")
    assert fill_problem_words(problem, EN).endswith("(a\ufffdb)")


def test_an_event_is_about_the_finding_of_its_row(clerk: Clerk) -> None:
    clerk.fill(2, 메모="전화함")
    first = found(clerk.connection)[0]
    assert clerk.save().events == (
        Event(first.id, first.subject, Act.COMMENT, NOW, "김정산", "전화함", None),
    )
