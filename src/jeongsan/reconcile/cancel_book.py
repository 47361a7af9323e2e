"""The merchant's own list of cancels, read from a CSV file.

Whatever cannot be read is a problem with its file, line and field; a line with a problem is neither
dropped nor taken for zero. The caller decides what to do when there are problems.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from jeongsan.client.keys import printable
from jeongsan.reconcile.book_values import SerialNumber, book_amount, book_moment
from jeongsan.reconcile.text_files import is_spreadsheet, text_of

_VALUE_SHOWN_MAX = 40
_COLUMNS_SHOWN_MAX = 400


class BookField(StrEnum):
    """What a column can hold, named as on the wire."""

    TRANSACTION_KEY = "transactionKey"
    CANCEL_REQUEST_ID = "cancelRequestId"
    PAYMENT_KEY = "paymentKey"
    ORDER_ID = "orderId"
    CANCELED_AT = "canceledAt"
    CANCEL_AMOUNT = "cancelAmount"
    CURRENCY = "currency"


# Headers, compared without spaces, underscores, hyphens, capitals and a unit in brackets.
_HEADERS = {
    BookField.TRANSACTION_KEY: ("transactionkey", "거래키", "취소거래키", "canceltransactionkey"),
    BookField.CANCEL_REQUEST_ID: ("cancelrequestid", "취소요청id", "취소요청번호"),
    BookField.PAYMENT_KEY: ("paymentkey", "결제키"),
    BookField.ORDER_ID: ("orderid", "orderno", "ordernumber", "주문번호", "주문id", "주문아이디"),
    BookField.CANCELED_AT: (
        "canceledat",
        "cancelledat",
        "취소일시",
        "취소시각",
        "취소일",
        "취소일자",
        "취소날짜",
    ),
    BookField.CANCEL_AMOUNT: ("cancelamount", "amount", "취소금액", "환불금액", "금액"),
    BookField.CURRENCY: ("currency", "통화"),
}
_COLUMNS = {header: field for field, headers in _HEADERS.items() for header in headers}
# A cancel can be found by each of these; by the last two only together with its amount.
_KEYS = (BookField.TRANSACTION_KEY, BookField.CANCEL_REQUEST_ID, BookField.PAYMENT_KEY, BookField.ORDER_ID)
# Units that change no value; thousands of won or another zone's time would.
_UNIT = re.compile(r"[(\[（](?:원|₩|krw|kst)[)\]）]$")
# What stands in the key's place, or before it, on a line that sums up others.
_TOTALS = {"합계", "총계", "소계", "총합계"}
_DELIMITERS = (",", "\t", ";")


class Fault(StrEnum):
    """What is wrong with a file or a line of it."""

    NO_FILE = "NO_FILE"
    SPREADSHEET = "SPREADSHEET"
    ENCODING = "ENCODING"
    NOT_CSV = "NOT_CSV"
    NO_KEY_COLUMN = "NO_KEY_COLUMN"
    SAME_COLUMN_TWICE = "SAME_COLUMN_TWICE"
    FIELD_COUNT = "FIELD_COUNT"
    NO_KEY = "NO_KEY"
    NO_AMOUNT = "NO_AMOUNT"
    NOT_AN_AMOUNT = "NOT_AN_AMOUNT"
    NOT_A_TIME = "NOT_A_TIME"
    SERIAL_NUMBER = "SERIAL_NUMBER"
    UNKNOWN_COLUMNS = "UNKNOWN_COLUMNS"
    TOTAL_LINE = "TOTAL_LINE"


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, and where. `line` counts from 1 with the header; None: the file itself.
    `value` is the beginning of what stands there."""

    file: str
    line: int | None
    field: str | None
    fault: Fault
    value: str = ""


@dataclass(frozen=True, slots=True)
class BookLine:
    """One cancel as the merchant wrote it down. `cancel_amount` is positive, whatever sign stood there;
    `day_only`: the time of day is not known, and `canceled_at` is that day's midnight in Seoul."""

    line: int
    transaction_key: str | None = None
    request_id: str | None = None
    payment_key: str | None = None
    order_id: str | None = None
    canceled_at: datetime | None = None
    day_only: bool = False
    cancel_amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """The lines that could be read, in their order, and what could not. `remarks`: what was left out
    because it is no cancel: columns that are not known, and totals."""

    file: str
    lines: tuple[BookLine, ...]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...] = ()


def read_book(path: Path) -> Book:
    """Read a list of cancels: UTF-8 (with or without mark), UTF-16 or CP949; comma, tab or semicolon;
    Korean or English headers, of which at least one names a key. Never raises: problems are values."""
    file = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        return Book(file, (), (Problem(file, None, None, Fault.NO_FILE, str(error.strerror)),))
    if is_spreadsheet(data):
        return Book(file, (), (Problem(file, None, None, Fault.SPREADSHEET),))
    text = text_of(data)
    if text is None:
        return Book(file, (), (Problem(file, None, None, Fault.ENCODING),))
    return _Reading(file).read(text)


class _Reading:
    """One file being read; collects its problems."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []
        self._remarks: list[Problem] = []

    def read(self, text: str) -> Book:
        records = list(self._records(text))
        columns = self._columns(records[0][1] if records else [])
        found: list[BookLine] = []
        if not self._problems:
            read = [self._line(number, cells, columns) for number, cells in records[1:]]
            found = [line for line in read if line is not None]
        return Book(self._file, tuple(found), tuple(self._problems), tuple(self._remarks))

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
            self._problem(first, None, Fault.NOT_CSV, str(error))

    def _columns(self, header: list[str]) -> list[BookField | None]:
        columns = [column_of(cell) for cell in header]
        for field in BookField:
            if columns.count(field) > 1:
                self._problem(1, field, Fault.SAME_COLUMN_TWICE)
        if not any(key in columns for key in _KEYS):
            self._problem(1, None, Fault.NO_KEY_COLUMN, " ".join(header))
        self._unknown(header, columns)
        return columns

    def _unknown(self, header: list[str], columns: list[BookField | None]) -> None:
        unknown = [
            f"{number} {cell}"
            for number, (cell, field) in enumerate(zip(header, columns, strict=True), 1)
            if cell and field is None
        ]
        if unknown:
            shown = printable(", ".join(unknown))[:_COLUMNS_SHOWN_MAX]
            self._remarks.append(Problem(self._file, 1, None, Fault.UNKNOWN_COLUMNS, shown))

    def _line(self, number: int, cells: list[str], columns: list[BookField | None]) -> BookLine | None:
        if len(cells) != len(columns):
            self._problem(number, None, Fault.FIELD_COUNT, f"{len(cells)} / {len(columns)}")
            return None
        before = len(self._problems)
        values = {field: cell for field, cell in zip(columns, cells, strict=True) if field and cell}
        if _is_total(cells, values):
            shown = printable(" ".join(cell for cell in cells if cell))[:_VALUE_SHOWN_MAX]
            self._remarks.append(Problem(self._file, number, None, Fault.TOTAL_LINE, shown))
            return None
        canceled_at, day_only = self._moment(number, values.get(BookField.CANCELED_AT))
        line = BookLine(
            line=number,
            transaction_key=values.get(BookField.TRANSACTION_KEY),
            request_id=values.get(BookField.CANCEL_REQUEST_ID),
            payment_key=values.get(BookField.PAYMENT_KEY),
            order_id=values.get(BookField.ORDER_ID),
            canceled_at=canceled_at,
            day_only=day_only,
            cancel_amount=self._amount(number, values.get(BookField.CANCEL_AMOUNT)),
            currency=values.get(BookField.CURRENCY),
        )
        if not any(key in values for key in _KEYS):
            self._problem(number, None, Fault.NO_KEY)
        elif BookField.CANCEL_AMOUNT not in values and not (line.transaction_key or line.request_id):
            self._problem(number, BookField.CANCEL_AMOUNT, Fault.NO_AMOUNT)
        return line if len(self._problems) == before else None

    def _moment(self, number: int, text: str | None) -> tuple[datetime | None, bool]:
        if text is None:
            return None, False
        try:
            return book_moment(text)
        except ValueError as error:
            fault = Fault.SERIAL_NUMBER if isinstance(error, SerialNumber) else Fault.NOT_A_TIME
            self._problem(number, BookField.CANCELED_AT, fault, text)
            return None, False

    def _amount(self, number: int, text: str | None) -> Decimal | None:
        if text is None:
            return None
        try:
            return book_amount(text)
        except ValueError:
            self._problem(number, BookField.CANCEL_AMOUNT, Fault.NOT_AN_AMOUNT, text)
            return None

    def _problem(self, line: int, field: BookField | None, fault: Fault, value: str = "") -> None:
        shown = printable(value)[:_VALUE_SHOWN_MAX]
        self._problems.append(Problem(self._file, line, field and field.value, fault, shown))


def _is_total(cells: list[str], values: dict[BookField, str]) -> bool:
    """A line that says it is a total, and has no key unless that word stands in its place."""
    keys = [values[key] for key in _KEYS if key in values]
    return any(map(_says_total, cells)) and all(map(_says_total, keys))


def _says_total(cell: str) -> bool:
    return re.sub(r"[\s:]", "", cell) in _TOTALS


def _delimiter(text: str) -> str:
    """The one that makes most known headers of the first line."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda one: sum(column_of(cell) is not None for cell in header.split(one)))


def column_of(header: str) -> BookField | None:
    """What a column with this header holds; None for one that is not known, which is ignored."""
    plain = re.sub(r"[\s_\-\"']", "", header).lower()
    return _COLUMNS.get(_UNIT.sub("", plain))
