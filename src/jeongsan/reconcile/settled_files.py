"""Histories of settlement rows in files: the bare JSON array that `GET /v1/settlements` answers, JSON lines,
and CSV with the same field names, dotted where they are nested.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from jeongsan.client.keys import printable
from jeongsan.client.moments import kst_day
from jeongsan.reconcile.book_values import book_moment, signed_amount
from jeongsan.reconcile.settled_rows import (
    NotARow,
    RowFault,
    RowProblem,
    SettledRow,
    row_of_json,
    row_of_values,
)
from jeongsan.reconcile.text_files import is_spreadsheet, text_of

_DELIMITERS = (",", "\t", ";")
_UTF8_MARK = b"\xef\xbb\xbf"
_VALUE_SHOWN_MAX = 60
_AMOUNTS = (
    "amount",
    "fee",
    "supplyAmount",
    "vat",
    "payOutAmount",
    "cancel.cancelAmount",
    "cancel.refundableAmount",
)
_MOMENTS = ("approvedAt", "cancel.canceledAt")
_DAYS = ("soldDate", "paidOutDate")
_TEXTS = (
    "mId", "paymentKey", "transactionKey", "currency", "method", "card.cardType", "card.acquireStatus",
)  # fmt: skip
_MONTHS = "card.installmentPlanMonths"
_FEES = "fees"
_COLUMNS = {name.lower(): name for name in (*_AMOUNTS, *_MOMENTS, *_DAYS, *_TEXTS, _MONTHS, _FEES)}
# fees.0.type, fees[0].fee
_FEE_COLUMN = re.compile(r"fees[.\[](\d{1,2})\]?\.(type|fee)", re.IGNORECASE)
# Without one of these a table is no history of settlement rows.
_NEEDED = ("amount", "soldDate")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowFile:
    """The rows that could be read, and what could not."""

    rows: tuple[SettledRow, ...]
    problems: tuple[RowProblem, ...]


def read_rows(path: Path) -> RowFile:
    """The rows of a file. Never raises: problems are values."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return RowFile((), (RowProblem(path.name, None, None, RowFault.NO_FILE, str(error.strerror)),))
    return rows_of(path.name, data)


def rows_of(file: str, data: bytes) -> RowFile:
    """The rows of a file's content, whose format is seen by how it begins."""
    if is_spreadsheet(data):
        return RowFile((), (RowProblem(file, None, None, RowFault.SPREADSHEET),))
    plain = _utf8(data)
    if plain is None:
        return RowFile((), (RowProblem(file, None, None, RowFault.ENCODING),))
    first = plain[:1_000].lstrip()[:1]
    reading = _Reading(file)
    if first == b"[":
        reading.array(plain)
    elif first == b"{":
        reading.lines(plain)
    else:
        reading.table(plain.decode())
    return RowFile(tuple(reading.rows), tuple(reading.problems))


def rows_of_answers(where: str, answers: Iterable[Mapping[str, Any]]) -> RowFile:
    """The rows that a gateway answered, already parsed."""
    reading = _Reading(where)
    for place, one in enumerate(answers, 1):
        reading.take(row_of_values, one, place)
    return RowFile(tuple(reading.rows), tuple(reading.problems))


def _utf8(data: bytes) -> bytes | None:
    """The same text in UTF-8 without a mark; a big file is not held twice for it."""
    plain = data.removeprefix(_UTF8_MARK)
    try:
        plain.decode()
    except UnicodeDecodeError:
        text = text_of(data)
        return None if text is None else text.encode()
    return plain


class _Reading:
    """One file being read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.rows: list[SettledRow] = []
        self.problems: list[RowProblem] = []

    def take(self, read: Callable[[T, str, int], SettledRow], value: T, place: int) -> None:
        """The row, or its problem."""
        try:
            self.rows.append(read(value, self._file, place))
        except NotARow as error:
            self.problems.append(error.at(self._file, place))

    def array(self, data: bytes) -> None:
        """A bare array; a row that is wrong does not spoil its neighbours."""
        try:
            raws = msgspec.json.decode(data, type=list[msgspec.Raw])
        except msgspec.MsgspecError as error:
            self._problem(None, RowFault.NOT_JSON, str(error))
            return
        for place, raw in enumerate(raws, 1):
            self.take(row_of_json, raw, place)

    def lines(self, data: bytes) -> None:
        """An object a line."""
        for place, line in enumerate(io.BytesIO(data), 1):
            if line.strip():
                self.take(row_of_json, line, place)

    def table(self, text: str) -> None:
        """A CSV file with a header."""
        records = self._records(text)
        header = next(records, (1, []))[1]
        columns = [_column(cell) for cell in header]
        named = [one for one in columns if one is not None]
        if not any(one in named for one in _NEEDED):
            self._problem(1, RowFault.NO_COLUMNS, " ".join(header))
            return
        twice = next((one for one in named if named.count(one) > 1), None)
        if twice is not None:
            self.problems.append(RowProblem(self._file, 1, twice, RowFault.SAME_COLUMN_TWICE))
            return
        for place, cells in records:
            if len(cells) != len(columns):
                self._problem(place, RowFault.FIELD_COUNT, f"{len(cells)} / {len(columns)}")
                continue
            filled = {name: cell for name, cell in zip(columns, cells, strict=True) if name and cell}
            self.take(_row_of_cells, filled, place)

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """(number of its first line, cells) of every record that is not blank."""
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        first = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield first, [cell.strip() for cell in cells]
                first = reader.line_num + 1
        except csv.Error as error:
            # Where a quotation goes wrong, nothing after it can be told apart.
            self._problem(first, RowFault.NOT_CSV, str(error))

    def _problem(self, place: int | None, fault: RowFault, value: str) -> None:
        shown = printable(value)[:_VALUE_SHOWN_MAX]
        self.problems.append(RowProblem(self._file, place, None, fault, shown))


def _delimiter(text: str) -> str:
    """The one that makes most known columns of the first line."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda one: sum(_column(cell) is not None for cell in header.split(one)))


def _column(header: str) -> str | None:
    """The field a column holds; None for one that is not read."""
    plain = re.sub(r"[\s\"']", "", header)
    found = _FEE_COLUMN.fullmatch(plain)
    if found is not None:
        return f"fees.{int(found[1])}.{found[2].lower()}"
    return _COLUMNS.get(plain.lower())


def _row_of_cells(cells: dict[str, str], file: str, place: int) -> SettledRow:
    return row_of_values(_nested(cells), file, place)


def _nested(cells: dict[str, str]) -> dict[str, Any]:
    """Cells that say something as the values of a row. Raises NotARow."""
    values: dict[str, Any] = {}
    fees: dict[str, dict[str, Any]] = {}
    for name, cell in cells.items():
        if cell.lower() == "null":
            continue
        value = _value(name, cell, values)
        head, _, rest = name.partition(".")
        if head == _FEES and rest:
            number, _, part = rest.partition(".")
            fees.setdefault(number, {})[part] = value
        elif rest:
            values.setdefault(head, {})[rest] = value
        else:
            values[name] = value
    if fees:
        values[_FEES] = list(fees.values())
    return values


def _value(name: str, cell: str, values: dict[str, Any]) -> Any:
    try:
        if name in _AMOUNTS or name.endswith(".fee"):
            return signed_amount(cell)
        if name in _MOMENTS:
            moment, day_only = book_moment(cell)
            values["dayOnly"] = values.get("dayOnly", False) or day_only
            return moment
        if name in _DAYS:
            return kst_day(book_moment(cell)[0])
        if name == _MONTHS:
            return int(cell)
        return msgspec.json.decode(cell) if name == _FEES else cell
    except (ValueError, msgspec.MsgspecError) as error:
        amount = name in _AMOUNTS or name.endswith(".fee")
        fault = RowFault.NOT_AN_AMOUNT if amount else RowFault.WRONG_VALUE
        raise NotARow(name, RowFault.NOT_A_TIME if name in (*_MOMENTS, *_DAYS) else fault, cell) from error
