"""The page about reports lists every file, sheet, code and exit there is, and invents none."""

import re

import pytest

from docs.pages import page
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.match.codes import Reason, State
from jeongsan.reconcile.report.event_file import FILE_NAME
from jeongsan.reconcile.report.finding import HandlingState
from jeongsan.reconcile.report.handling_words import HANDLING
from jeongsan.reconcile.report.page import DEPOSITS_MAX, FINDINGS_MAX, PAYOUT_ROWS_MAX, UNREAD_MAX
from jeongsan.reconcile.report.verdict import Exit
from jeongsan.reconcile.report.words import label
from jeongsan.reconcile.report.workbook import SHEET_ROWS_MAX, SHEETS
from jeongsan.reconcile.report.write import PAGE as REPORT_PAGE
from jeongsan.reconcile.report.write import WORKBOOK

PAGE = page("docs/reconcile-report.md")


@pytest.mark.parametrize(("heading", "codes"), [("state", State), ("reason of a finding", Reason)])
def test_every_code_is_listed_with_its_labels(heading: str, codes: type[State] | type[Reason]) -> None:
    shown = {row[0].strip("`"): (row[1], row[2]) for row in PAGE.rows(heading)}
    assert shown == {code.value: (label(code, Language.KO), label(code, Language.EN)) for code in codes}


def test_every_handling_is_listed() -> None:
    shown = {row[0].strip("`"): row[1] for row in PAGE.rows("handling")}
    assert shown == {state.value: HANDLING[state][0] for state in HandlingState}


def test_every_file_and_sheet_is_listed() -> None:
    files = {name for row in PAGE.rows("file") for name in re.findall(r"[a-z]+\.[a-z]+", row[0])}
    assert files == {
        *("result.json", "outcomes.csv", "totals.csv", "files.csv", "origins.csv", "problems.csv"),
        *("outcomes.parquet", "totals.parquet", WORKBOOK, REPORT_PAGE, FILE_NAME),
    }
    assert [row[0] for row in PAGE.rows("sheet")] == [" · ".join(names) for names in SHEETS.values()]


def test_exits_and_limits_are_those_of_the_program() -> None:
    assert [int(row[0]) for row in PAGE.rows("exit of a report")] == [*Exit]
    for limit in (FINDINGS_MAX, DEPOSITS_MAX, PAYOUT_ROWS_MAX, UNREAD_MAX, SHEET_ROWS_MAX):
        assert f"{limit:,}" in PAGE.prose
