"""Holidays in a file: CSV or TOML, read whole or refused whole with file, line and field."""

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from jeongsan.domain.calendar_changes import InvalidChange, check_change
from jeongsan.domain.errors import Code, Refusal

# As Korean spreadsheets save: UTF-8 with a mark, or the code page of Windows.
_ENCODINGS = ("utf-8-sig", "cp949")
DAY, NAME, BUSINESS_DAY = "day", "name", "business-day"
_COLUMNS = {
    "day": DAY,
    "date": DAY,
    "날짜": DAY,
    "일자": DAY,
    "name": NAME,
    "holiday": NAME,
    "이름": NAME,
    "명칭": NAME,
    "휴일명": NAME,
    "공휴일명": NAME,
    "business-day": BUSINESS_DAY,
    "business day": BUSINESS_DAY,
    "영업일": BUSINESS_DAY,
}
_YES = {"yes", "y", "true", "1", "o", "예"}
_NO = {"", "no", "n", "false", "0", "x", "아니오", "아니요"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TABLE = re.compile(r"\s*\[\[\s*day\s*\]\]")


def read_holidays(path: Path) -> dict[date, str | None]:
    """Day → name, None for a day that is worked. Raises Refusal for a file of which anything is wrong."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(
            Code.INVALID_REQUEST, field=str(path), detail=f"cannot be read: {error.strerror}"
        ) from error
    text = _text(path.name, data)
    reading = _Reading(path.name)
    lines = reading.toml(text) if path.suffix.lower() == ".toml" else reading.csv(text)
    changes: dict[date, str | None] = {}
    seen: dict[date, int] = {}
    for number, values in lines:
        day, name = reading.change(number, values)
        if day in seen:
            reading.refuse(number, DAY, f"{day} stands on line {seen[day]} already")
        seen[day] = number
        changes[day] = name
    if not changes:
        raise Refusal(Code.INVALID_REQUEST, field=path.name, detail="names no day")
    return changes


def plain_day(text: str) -> date:
    """`yyyy-MM-dd`, as nothing else is read. Raises ValueError."""
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _text(file: str, data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return unicodedata.normalize("NFC", text)
    raise Refusal(Code.INVALID_REQUEST, field=file, detail="is neither UTF-8 nor CP949 text")


class _Reading:
    """One file; what is refused names it with the line and the field."""

    def __init__(self, file: str) -> None:
        self._file = file

    def refuse(self, line: int, field: str, detail: str, code: Code = Code.INVALID_REQUEST) -> NoReturn:
        raise Refusal(code, field=f"{self._file} line {line}, {field}", detail=detail)

    def csv(self, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line, column → cell) of each line that is not blank."""
        reader = csv.reader(
            io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ",", strict=True
        )
        columns: list[str] | None = None
        try:
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if columns is None:
                    columns = self._header(reader.line_num, cells)
                elif len(cells) > len(columns):
                    self.refuse(reader.line_num, cells[len(columns)].strip() or "cell", "has no column")
                else:
                    yield reader.line_num, dict(zip(columns, map(str.strip, cells), strict=False))
        except csv.Error as error:
            self.refuse(reader.line_num, "line", str(error))

    def _header(self, line: int, cells: list[str]) -> list[str]:
        columns: list[str] = []
        for cell in cells:
            column = _COLUMNS.get(cell.strip().lower())
            if column is None:
                self.refuse(
                    line, cell.strip() or "header", f"is no column; {DAY}, {NAME} and {BUSINESS_DAY} are"
                )
            if column in columns:
                self.refuse(line, cell.strip(), "is there twice")
            columns.append(column)
        if DAY not in columns or not {NAME, BUSINESS_DAY}.intersection(columns):
            self.refuse(line, "header", f"names {DAY} and {NAME}, as its first line: {DAY},{NAME}")
        return columns

    def toml(self, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line, key → value) of each `[[day]]`."""
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Refusal(Code.INVALID_REQUEST, field=self._file, detail=str(error)) from error
        tables = found.pop(DAY, [])
        numbers = [number for number, line in enumerate(text.splitlines(), 1) if _TABLE.match(line)]
        if found or not isinstance(tables, list) or len(tables) != len(numbers):
            strange = ", ".join(found) or DAY
            raise Refusal(
                Code.INVALID_REQUEST, field=f"{self._file}, {strange}", detail="is not a [[day]] table"
            )
        for number, table in zip(numbers, tables, strict=True):
            for key in table:
                if key not in (DAY, NAME, BUSINESS_DAY):
                    self.refuse(number, key, f"is no key; {DAY}, {NAME} and {BUSINESS_DAY} are")
            yield number, {key: _as_text(value) for key, value in table.items()}

    def change(self, line: int, values: dict[str, str]) -> tuple[date, str | None]:
        """What a line says."""
        text = values.get(DAY, "")
        try:
            day = plain_day(text)
        except ValueError:
            self.refuse(line, DAY, f"{text!r} is no date as yyyy-MM-dd", Code.INVALID_DATE)
        worked, name = values.get(BUSINESS_DAY, "").lower(), values.get(NAME, "")
        if worked not in _YES | _NO:
            self.refuse(line, BUSINESS_DAY, f"{worked!r} is neither yes nor no")
        if worked in _YES and name:
            self.refuse(line, NAME, "a business day has none")
        change = None if worked in _YES else name
        try:
            check_change(day, change)
        except InvalidChange as error:
            self.refuse(line, error.field, error.detail)
        return day, change


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.strip() if isinstance(value, str) else str(value)
