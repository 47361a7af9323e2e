"""What a clerk filled into the sheet of differences, as events: all of it, or none.

A cell counts when it says something else than the report did when it was written, and than what was decided
since: a sheet that is saved and read again changes nothing, and takes nothing back. What cannot be taken is
told with its row, and then nothing is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.report.columns import HEADERS, valid_handling
from jeongsan.reconcile.report.events import Act, Event, EventFault, InvalidEvent
from jeongsan.reconcile.report.finding import Finding, Handling, HandlingState
from jeongsan.reconcile.report.finding_list import FindingList
from jeongsan.reconcile.report.handling_words import HANDLING, handling_label
from jeongsan.reconcile.report.workbook import FILLED_IN, SHEETS

# Sheets of people: what lies behind is not read.
PROBLEMS_MAX = 100
_READ = ("id", *sorted(FILLED_IN))
_STATES = {word: state for state, words in HANDLING.items() for word in words}
_CENT = Decimal("0.01")
_AMOUNT_MAX = Decimal(10) ** 13


class FillFault(StrEnum):
    """Why a sheet, a row or a cell is not taken."""

    NOT_A_SPREADSHEET = "NOT_A_SPREADSHEET"
    NO_SHEET = "NO_SHEET"
    NO_COLUMN = "NO_COLUMN"
    SAME_COLUMN_TWICE = "SAME_COLUMN_TWICE"
    NO_ID = "NO_ID"
    UNKNOWN_ID = "UNKNOWN_ID"
    SAME_ID_TWICE = "SAME_ID_TWICE"
    UNKNOWN_STATE = "UNKNOWN_STATE"
    NOTHING_TO_ACCEPT = "NOTHING_TO_ACCEPT"
    NO_REASON = "NO_REASON"
    NO_USER = "NO_USER"
    REASON_WITHOUT_ACCEPT = "REASON_WITHOUT_ACCEPT"
    NOT_AN_AMOUNT = "NOT_AN_AMOUNT"
    NO_ADJUST_REASON = "NO_ADJUST_REASON"
    REASON_WITHOUT_AMOUNT = "REASON_WITHOUT_AMOUNT"
    TOO_LONG = "TOO_LONG"


_FAULTS = {
    FillFault.NOT_A_SPREADSHEET: ("엑셀 파일로 읽을 수 없습니다", "it cannot be read as a spreadsheet"),
    FillFault.NO_SHEET: ("'차이' 시트가 없습니다", "the sheet of differences is missing"),
    FillFault.NO_COLUMN: ("열이 없습니다", "the column is missing"),
    FillFault.SAME_COLUMN_TWICE: ("같은 열이 둘 이상입니다", "the column is there more than once"),
    FillFault.NO_ID: (
        "ID가 비어 있어 어느 건인지 알 수 없습니다",
        "without an id nobody knows what it is about",
    ),
    FillFault.UNKNOWN_ID: (
        "지금 결과에 없는 건입니다. 새 보고서에 다시 적어 주세요",
        "the result does not have it now: fill it into the new report",
    ),
    FillFault.SAME_ID_TWICE: ("같은 ID가 두 번 있습니다", "the id is there twice"),
    FillFault.UNKNOWN_STATE: ("모르는 처리 상태입니다", "the word is none of the choices"),
    FillFault.NOTHING_TO_ACCEPT: ("승인할 차이가 아닙니다", "there is no difference to accept"),
    FillFault.NO_REASON: ("승인하려면 사유가 있어야 합니다", "an acceptance needs a reason"),
    FillFault.NO_USER: ("승인하려면 승인자가 있어야 합니다", "an acceptance needs somebody who accepts"),
    FillFault.REASON_WITHOUT_ACCEPT: (
        "승인 내용을 적었으나 처리 상태가 승인이 아닙니다",
        "it says why or by whom it is accepted, but not that it is",
    ),
    FillFault.NOT_AN_AMOUNT: ("금액이 아닙니다", "it is no amount"),
    FillFault.NO_ADJUST_REASON: ("조정하려면 사유가 있어야 합니다", "an adjustment needs a reason"),
    FillFault.REASON_WITHOUT_AMOUNT: (
        "조정 사유를 적었으나 금액이 그대로입니다",
        "a reason, but no other amount",
    ),
    FillFault.TOO_LONG: ("너무 깁니다", "it is too long"),
}


@dataclass(frozen=True, slots=True)
class FillProblem:
    """`row` counts from 1 as the spreadsheet does; None where the sheet as a whole is meant. `column` is a
    name of `columns.HEADERS`, `value` what stands there."""

    fault: FillFault
    row: int | None = None
    column: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class FilledIn:
    """Either events or problems; neither where nothing was changed."""

    events: tuple[Event, ...] = ()
    problems: tuple[FillProblem, ...] = ()


def fill_problem_words(problem: FillProblem, language: Language) -> str:
    """Row, column, why, and what stands there."""
    parts = []
    if problem.row is not None:
        parts.append(pick(("{}행", "row {}"), language).format(problem.row))
    if problem.column is not None:
        parts.append(pick(HEADERS[problem.column], language))
    where = " ".join(parts)
    value = f" ({printable(problem.value)})" if problem.value else ""
    return f"{where + ': ' if where else ''}{pick(_FAULTS[problem.fault], language)}{value}"


def import_excel(
    path: Path,
    result: FindingList,
    *,
    user: str,
    now: datetime,
    written: Mapping[str, Handling] | None = None,
) -> FilledIn:
    """Read what was filled in. `user` imports it: notes, assignments and adjustments are theirs, an
    acceptance is of whom the sheet names. `now` has a zone. `written`: what had been decided when the
    sheet was written, by the id of a finding; None: what is decided now. Raises NotInstalled; OSError where
    the file cannot be opened."""
    try:
        rows = [*_rows(path)]
    except _Refused as refused:
        return FilledIn(problems=(refused.problem,))
    ids = [row.cells["id"] for row in rows if row.cells["id"]]
    known = {finding.id: finding for finding in result.with_ids(ids)}
    recorded = result.book.handlings()
    events: list[Event] = []
    problems: list[FillProblem] = []
    seen: set[str] = set()
    for row in rows:
        try:
            finding = _finding_of(row, known, recorded, seen)
            if finding is not None:
                if written is not None:
                    row = _brought_up_to_date(row, finding, written.get(finding.id, Handling()))
                events += _Reading(row, finding, user, now).events()
        except _Refused as refused:
            problems.append(refused.problem)
    if problems:
        return FilledIn(problems=tuple(problems[:PROBLEMS_MAX]))
    return FilledIn(tuple(events))


class _Refused(Exception):
    def __init__(
        self, fault: FillFault, row: int | None = None, column: str | None = None, value: str = ""
    ) -> None:
        super().__init__(fault.value)
        self.problem = FillProblem(fault, row, column, value[:80])


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]

    def refused(self, fault: FillFault, column: str) -> _Refused:
        return _Refused(fault, self.number, column, self.cells[column])

    @property
    def is_blank(self) -> bool:
        return not any(self.cells.values())


def _rows(path: Path) -> Iterator[_Row]:
    sheet = _sheet(path)
    places: dict[str, int] | None = None
    for number, line in enumerate(sheet, 1):
        if places is None:
            places = _places(line)
            continue
        cells = {name: _text(line[place]) if place < len(line) else "" for name, place in places.items()}
        row = _Row(number, cells)
        if not row.is_blank:
            yield row
    if places is None:
        raise _Refused(FillFault.NO_COLUMN, 1, "id")


def _sheet(path: Path) -> Iterator[Sequence[Any]]:
    calamine = needed("python_calamine")
    with path.open("rb"):  # what cannot be opened is no question of its contents
        try:
            workbook = calamine.load_workbook(str(path))
            name = next((name for name in workbook.sheet_names if name in SHEETS["findings"]), None)
            lines = (
                None if name is None else workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            )
        except calamine.CalamineError as error:
            raise _Refused(FillFault.NOT_A_SPREADSHEET) from error
    if lines is None:
        raise _Refused(FillFault.NO_SHEET)
    return iter(lines)


def _places(line: Sequence[Any]) -> dict[str, int]:
    found = [_text(cell) for cell in line]
    places = {}
    for name in _READ:
        there = [place for place, header in enumerate(found) if header in HEADERS[name]]
        if not there:
            raise _Refused(FillFault.NO_COLUMN, 1, name)
        if len(there) > 1:
            raise _Refused(FillFault.SAME_COLUMN_TWICE, 1, name)
        places[name] = there[0]
    return places


def _text(cell: Any) -> str:
    """As a person sees it: a number that is whole has no fraction."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _finding_of(
    row: _Row, known: Mapping[str, Finding], recorded: Mapping[str, Handling], seen: set[str]
) -> Finding | None:
    """What a row is about; None where it says nothing new of something that is no more."""
    name = row.cells["id"]
    if not name:
        raise row.refused(FillFault.NO_ID, "id")
    if name in seen:
        raise row.refused(FillFault.SAME_ID_TWICE, "id")
    seen.add(name)
    if name in known:
        return known[name]
    before = recorded.get(name, Handling())
    said = {column: row.cells[column] for column in ("assignee", "comment", "accept_reason", "accepted_by")}
    same = all(row.cells[column] == _shown(getattr(before, column)) for column in said)
    if not same or (row.cells["adjustment"] and before.adjustment is None):
        raise row.refused(FillFault.UNKNOWN_ID, "id")
    return None


def _brought_up_to_date(row: _Row, finding: Finding, written: Handling) -> _Row:
    """The row as it would be in a sheet of this moment: what the clerk left alone says what holds now."""
    before, today = valid_handling(replace(finding, handling=written)), valid_handling(finding)
    cells = dict(row.cells)
    for column in ("assignee", "comment", "accept_reason", "accepted_by", "adjust_reason"):
        if cells[column] == _shown(getattr(before, column)):
            cells[column] = _shown(getattr(today, column))
    was_accepted = before.state is HandlingState.ACCEPTED
    word = cells["handling_label"]
    if (not word or word in _STATES) and (_STATES.get(word) is HandlingState.ACCEPTED) is was_accepted:
        cells["handling_label"] = handling_label(today, Language.KO)
    if (_amount(row) or Decimal(0)) == (before.adjustment or Decimal(0)):
        cells["adjustment"] = "" if today.adjustment is None else f"{today.adjustment:f}"
    return _Row(row.number, cells)


def _shown(text: str) -> str:
    """A text as the sheet has it and gives it back."""
    return printable(text).strip()


class _Reading:
    """What one row says that its finding does not say yet."""

    def __init__(self, row: _Row, finding: Finding, user: str, now: datetime) -> None:
        self._row, self._finding, self._user, self._now = row, finding, user, now
        self._before = valid_handling(finding)

    def events(self) -> list[Event]:
        found = [*self._notes(), *self._decision(), *self._adjustment()]
        if not found or self._before.state is not HandlingState.CHANGED:
            return found
        # A changed finding begins a new history: who looks after it is said in it, too.
        acts = {event.act for event in found}
        if Act.ASSIGN not in acts and self._before.assignee:
            found.insert(0, self._event(Act.ASSIGN, "assignee", self._before.assignee))
        return found

    def _notes(self) -> Iterator[Event]:
        for act, column in ((Act.ASSIGN, "assignee"), (Act.COMMENT, "comment")):
            if self._is_new(column):
                yield self._event(act, column, self._row.cells[column])

    def _decision(self) -> Iterator[Event]:
        cells, before = self._row.cells, self._before
        word = cells["handling_label"]
        state = _STATES.get(word)
        if word and state is None:
            raise self._row.refused(FillFault.UNKNOWN_STATE, "handling_label")
        changed = [column for column in ("accept_reason", "accepted_by") if self._is_new(column)]
        was_accepted = before.state is HandlingState.ACCEPTED
        if state is HandlingState.ACCEPTED:
            if not was_accepted or changed:
                yield self._acceptance()
        elif was_accepted:
            yield self._event(
                Act.REOPEN, "handling_label", cells["comment"] if self._is_new("comment") else ""
            )
        elif any(cells[column] for column in changed):
            raise self._row.refused(FillFault.REASON_WITHOUT_ACCEPT, changed[0])

    def _acceptance(self) -> Event:
        cells = self._row.cells
        if not self._finding.needs_decision:
            raise self._row.refused(FillFault.NOTHING_TO_ACCEPT, "handling_label")
        for column, fault in (("accept_reason", FillFault.NO_REASON), ("accepted_by", FillFault.NO_USER)):
            if not cells[column]:
                raise self._row.refused(fault, column)
        return self._event(Act.ACCEPT, "accept_reason", cells["accept_reason"], user=cells["accepted_by"])

    def _adjustment(self) -> Iterator[Event]:
        """The cell has the sum of all corrections: what is added to the history is the step to it."""
        cells, before = self._row.cells, self._before
        wanted = _amount(self._row)
        step = (wanted or Decimal(0)) - (before.adjustment or Decimal(0))
        if step:
            if not cells["adjust_reason"]:
                raise self._row.refused(FillFault.NO_ADJUST_REASON, "adjust_reason")
            yield self._event(Act.ADJUST, "adjust_reason", cells["adjust_reason"], amount=step)
        elif self._is_new("adjust_reason"):
            raise self._row.refused(FillFault.REASON_WITHOUT_AMOUNT, "adjust_reason")

    def _is_new(self, column: str) -> bool:
        return self._row.cells[column] != _shown(getattr(self._before, column))

    def _event(
        self, act: Act, column: str, text: str, *, user: str | None = None, amount: Decimal | None = None
    ) -> Event:
        finding = self._finding
        try:
            return Event(finding.id, finding.subject, act, self._now, user or self._user, text, amount)
        except InvalidEvent as error:
            if error.fault is EventFault.TOO_LONG:
                raise self._row.refused(FillFault.TOO_LONG, column) from error
            raise


def _amount(row: _Row) -> Decimal | None:
    text = row.cells["adjustment"].replace(",", "").removesuffix("원")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise row.refused(FillFault.NOT_AN_AMOUNT, "adjustment") from error
    if not amount.is_finite() or abs(amount) >= _AMOUNT_MAX or amount != amount.quantize(_CENT):
        raise row.refused(FillFault.NOT_AN_AMOUNT, "adjustment")
    return amount
