"""A reconciliation as a spreadsheet: what a clerk reads, filters, and fills in.

Whatever a file says is written as text, never as a formula or a link. Rows are written as they are read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.client.moments import KST
from jeongsan.reconcile.cancel_words import Language, in_words, pick
from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.report.columns import Cell, cells, headers
from jeongsan.reconcile.report.deposit_sheet import DEPOSIT_COLUMNS, deposit_line, outline_level
from jeongsan.reconcile.report.drill_down import drill_down, row_count
from jeongsan.reconcile.report.finding import HandlingState
from jeongsan.reconcile.report.handling_words import HANDLING
from jeongsan.reconcile.report.result import Result
from jeongsan.reconcile.report.summary_sheet import summary_lines
from jeongsan.reconcile.report.unread_words import unread_words
from jeongsan.reconcile.report.words import fault_words, has_fraction, label, side_label

# Excel has 1,048,576 rows. Nobody works through a tenth of them, and a file of more takes minutes to write
# and to open; CSV and Parquet have all of them.
SHEET_ROWS_MAX = 100_000
_TEXT_MAX = 32_767
# A number of Excel has fifteen digits; a larger amount is written as text rather than rounded.
_EXACT_BELOW = Decimal(10) ** 13
# Korean, English.
SHEETS = {
    "summary": ("요약", "Summary"),
    "findings": ("차이", "Differences"),
    "deposits": ("입금", "Deposits"),
    "totals": ("합계", "Totals"),
    "unread": ("읽지못함", "Unreadable"),
}
FINDING_COLUMNS = (
    *("comparison_label", "state_label", "reason_labels", "kind_label", "order_id", "payment_key"),
    *("transaction_key", "method", "shop", "currency", "left_amount", "right_amount", "difference"),
    *("left_day", "right_day", "fields", "explanation", "to_do", "handling_label", "assignee", "comment"),
    *("accept_reason", "accepted_by", "adjustment", "adjust_reason", "remaining", "handled_before"),
    *("handled_at", "id"),
)
# What a clerk fills in, and what is read back.
FILLED_IN = frozenset(
    {
        *("handling_label", "assignee", "comment", "accept_reason"),
        *("accepted_by", "adjustment", "adjust_reason"),
    }
)
_WIDTHS = {
    **dict.fromkeys(("explanation", "to_do"), 60),
    **dict.fromkeys(("payment_key", "transaction_key", "fields", "handled_before"), 30),
    **dict.fromkeys(("order_id", "comment", "accept_reason", "adjust_reason", "reason_labels", "id"), 24),
    **dict.fromkeys(("handled_at", "state_label"), 18),
}
_WIDTH = 13
_TOTALS = (
    ("대사", "compared"),
    ("자료", "side"),
    ("상태", "state"),
    ("사유", "reason"),
    ("상점", "shop"),
    ("통화", "currency"),
    ("건수", "rows"),
    ("금액", "amount"),
)
_UNREAD = (
    ("자료", "side"),
    ("파일", "file"),
    ("행", "row"),
    ("항목", "field"),
    ("이유", "why"),
    ("값", "value"),
    ("설명", "explanation"),
)
_MORE = (
    "'{}' 시트: 외 {}행은 이 시트에 들어가지 않습니다. CSV·Parquet 파일을 보세요.",
    "Sheet {}: {} more rows do not fit; see the CSV and Parquet files.",
)
_HINT = (
    "노란 칸을 채워 저장한 뒤 다시 읽어 들이면 처리 기록으로 남습니다. "
    "승인에는 승인 사유와 승인자가 필요합니다.",
    "Fill in the yellow cells, save, and read the file in again: they become part of the history. "
    "An acceptance needs a reason and who accepts.",
)


@dataclass(frozen=True, slots=True)
class _Formats:
    title: Any
    header: Any
    filled_in_header: Any
    text: Any
    wrapped: Any
    filled_in: Any
    amount: Any
    fraction: Any
    filled_in_amount: Any
    filled_in_fraction: Any
    count: Any
    day: Any
    moment: Any
    note: Any


def write_workbook(result: Result, path: Path, language: Language, now: datetime) -> None:
    """`now` is shown on the first sheet. Raises NotInstalled, OSError."""
    xlsxwriter = needed("xlsxwriter")
    options = {"constant_memory": True, "tmpdir": str(path.absolute().parent)}
    workbook = xlsxwriter.Workbook(str(path), options)
    # Not the moment of writing: the caller says when this is.
    workbook.set_properties(
        {"title": pick(("대사 결과", "Reconciliation"), language), "created": _local(now)}
    )
    sheets = _Sheets(workbook, language)
    try:
        sheets.summary(result, now)
        sheets.findings(result)
        sheets.deposits(result)
        sheets.totals(result)
        sheets.unread(result)
        sheets.more()
    finally:
        try:
            workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(str(error)) from error


def _local(moment: datetime) -> datetime:
    return moment.astimezone(KST).replace(tzinfo=None, microsecond=0)


class _Sheets:
    """The sheets of a workbook, one after the other."""

    def __init__(self, workbook: Any, language: Language) -> None:
        self._workbook = workbook
        self._language = language
        self._formats = _formats(workbook)
        self._more: list[str] = []

    def summary(self, result: Result, now: datetime) -> None:
        sheet = self._added("summary")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 6, 18)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        formats = self._formats
        title = pick(("대사 결과", "Reconciliation"), self._language)
        sheet.write_string(0, 0, title, formats.title)
        sheet.write_string(1, 0, in_words(_local(now), self._language), formats.note)
        row = 3
        for kind, line in summary_lines(result.summary, self._language):
            style = formats.header if kind == "header" else formats.note if kind == "note" else None
            for column, cell in enumerate(line):
                self._cell(sheet, row, column, cell, style)
            row += 1
        sheet.write_string(row + 1, 0, pick(_HINT, self._language), formats.note)

    def findings(self, result: Result) -> None:
        sheet = self._added("findings")
        count = result.summary.listed_count
        rows = min(count, SHEET_ROWS_MAX)
        formats = self._formats
        for column, (name, header) in enumerate(
            zip(FINDING_COLUMNS, headers(FINDING_COLUMNS, self._language), strict=True)
        ):
            sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            style = formats.filled_in_header if name in FILLED_IN else formats.header
            sheet.write_string(0, column, header, style)
        # Rows, then columns up to the reason stay in view.
        sheet.freeze_panes(1, 3)
        self._filtered(sheet, rows, len(FINDING_COLUMNS))
        choices = [HANDLING[one] for one in HandlingState if one is not HandlingState.CHANGED]
        handled = FINDING_COLUMNS.index("handling_label")
        allowed = {
            "validate": "list",
            "source": [pick(one, self._language) for one in choices],
            # A changed finding shows what is no choice.
            "error_type": "warning",
        }
        sheet.data_validation(1, handled, max(rows, 1), handled, allowed)
        # Where not all of them fit, those that somebody has to decide about come first.
        for row, finding in enumerate(result.undecided(limit=rows, open_first=rows < count), 1):
            values = cells(finding, self._language)
            for column, name in enumerate(FINDING_COLUMNS):
                style = self._style(name, has_fraction(finding.currency))
                self._cell(sheet, row, column, values[name], style)
        self._left_out("findings", count - rows)

    def deposits(self, result: Result) -> None:
        sheet = self._added("deposits")
        # The first line of a group is what the others can be folded into.
        sheet.outline_settings(True, False, True, False)
        widths = [12, 12, 14, 20, 22, 24, 30, 12, 8, 14, 12, 14, 14, 12, 24]
        self._header(sheet, DEPOSIT_COLUMNS, widths)
        row = left_out = 0
        for step in drill_down(result, rows_max=SHEET_ROWS_MAX):
            if row == SHEET_ROWS_MAX:
                left_out += 1
                continue
            row += 1
            level = outline_level(step)
            sheet.set_row(row, None, None, {"level": level, "hidden": level == 2} if level else {})
            for column, cell in enumerate(deposit_line(step, self._language)):
                self._cell(sheet, row, column, cell, None)
        self._filtered(sheet, row, len(DEPOSIT_COLUMNS))
        self._left_out("deposits", left_out + max(row_count(result) - SHEET_ROWS_MAX, 0))

    def totals(self, result: Result) -> None:
        sheet = self._added("totals")
        self._header(sheet, _TOTALS, [14, 12, 16, 24, 20, 8, 12, 18])
        row = 0
        for row, line in enumerate(result.totals(), 1):
            reason = "" if line.reason is None else label(line.reason, self._language)
            side = side_label(line.comparison, line.side, self._language)
            names = [label(line.comparison, self._language), side, label(line.state, self._language)]
            told: list[Cell] = [*names, reason, line.shop, line.currency, line.row_count, line.amount]
            for column, cell in enumerate(told):
                self._cell(sheet, row, column, cell, None)
        self._filtered(sheet, row, len(_TOTALS))

    def unread(self, result: Result) -> None:
        sheet = self._added("unread")
        self._header(sheet, _UNREAD, [12, 30, 10, 18, 34, 30, 60])
        row = left_out = 0
        for line in result.unread():
            if row == SHEET_ROWS_MAX:
                left_out += 1
                continue
            row += 1
            why = fault_words(line.fault, self._language)
            side = label(line.side, self._language)
            words = unread_words(line, self._language)
            told: list[Cell] = [side, line.name, line.row_number, line.field, why, line.value, words]
            for column, cell in enumerate(told):
                self._cell(sheet, row, column, cell, None)
        self._filtered(sheet, row, len(_UNREAD))
        self._left_out("unread", left_out)

    def _added(self, name: str) -> Any:
        return self._workbook.add_worksheet(pick(SHEETS[name], self._language))

    def _header(self, sheet: Any, names: Iterable[tuple[str, str]], widths: Sequence[int]) -> None:
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, pick(name, self._language), self._formats.header)
        sheet.freeze_panes(1, 0)

    def _filtered(self, sheet: Any, rows: int, columns: int) -> None:
        sheet.autofilter(0, 0, rows, columns - 1)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)

    def _left_out(self, sheet: str, count: int) -> None:
        if count > 0:
            self._more.append(
                pick(_MORE, self._language).format(pick(SHEETS[sheet], self._language), f"{count:,}")
            )

    def more(self) -> None:
        """What does not fit is said on a sheet of its own, which is seen: there is one only then."""
        if self._more:
            sheet = self._workbook.add_worksheet(pick(("더 있음", "More"), self._language))
            for row, text in enumerate(self._more):
                sheet.write_string(row, 0, text, self._formats.note)

    def _style(self, name: str, with_fraction: bool) -> Any:
        formats = self._formats
        if name == "adjustment":
            return formats.filled_in_fraction if with_fraction else formats.filled_in_amount
        if name in FILLED_IN:
            return formats.filled_in
        return formats.wrapped if name in ("explanation", "to_do") else None

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
        formats = self._formats
        if cell is None or cell == "":
            if style is not None:
                sheet.write_blank(row, column, None, style)
        elif isinstance(cell, Decimal) and abs(cell) < _EXACT_BELOW:
            whole = cell == cell.to_integral_value()
            sheet.write_number(row, column, cell, style or (formats.amount if whole else formats.fraction))
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, style or formats.count)
        elif isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell, style or formats.moment)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, style or formats.day)
        else:
            sheet.write_string(row, column, printable(str(cell))[:_TEXT_MAX], style or formats.text)


def _formats(workbook: Any) -> _Formats:
    head = {"bold": True, "bottom": 1, "bg_color": "#E8EDF3", "text_wrap": True, "valign": "vcenter"}
    yellow = {"bg_color": "#FFF8DC", "valign": "top", "border": 1, "border_color": "#E0D9B8"}
    amount, fraction = "#,##0;[Red]-#,##0", "#,##0.00;[Red]-#,##0.00"
    return _Formats(
        title=workbook.add_format({"bold": True, "font_size": 16}),
        header=workbook.add_format(head),
        filled_in_header=workbook.add_format({**head, "bg_color": "#FFE9A8"}),
        # A text stays a text when it is edited: long numbers are not to become 1.23E+15.
        text=workbook.add_format({"num_format": "@", "valign": "top"}),
        wrapped=workbook.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
        filled_in=workbook.add_format({**yellow, "num_format": "@", "text_wrap": True}),
        amount=workbook.add_format({"num_format": amount, "valign": "top"}),
        fraction=workbook.add_format({"num_format": fraction, "valign": "top"}),
        filled_in_amount=workbook.add_format({**yellow, "num_format": amount}),
        filled_in_fraction=workbook.add_format({**yellow, "num_format": fraction}),
        count=workbook.add_format({"num_format": "#,##0", "valign": "top"}),
        day=workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
        moment=workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss", "valign": "top"}),
        note=workbook.add_format({"font_color": "#57606A"}),
    )
