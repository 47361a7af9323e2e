"""The CSV files of a reconciliation, for spreadsheets, which take some texts for formulas.

UTF-8 with a mark, so that Excel shows Korean. `outcomes.csv` and `totals.csv` say nothing of files, times or
folders; what each file was read as is in `files.csv`, where rows stood in `origins.csv`, and what could not
be read in `problems.csv`.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_csv import neutral
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.columns import HEADERS, Cell, cells, headers
from jeongsan.reconcile.report.result import Result

# Korean, English.
_TOTALS = (
    ("대사", "comparison"),
    ("자료", "side"),
    ("상태", "state"),
    ("사유", "reason"),
    ("상점", "shop"),
    ("통화", "currency"),
    ("건수", "rows"),
    ("금액", "amount"),
)
_FILES = (
    ("자료", "side"),
    ("양식", "layout"),
    ("파일", "file"),
    ("행", "rows"),
    ("읽지 못한 행", "unreadable"),
    ("건너뛴 행", "skipped"),
)
_ORIGINS = (
    ("ID", "id"),
    ("대사", "comparison"),
    ("번호", "number"),
    ("자료", "side"),
    ("파일", "file"),
    ("행", "row"),
)
_PROBLEMS = (
    ("자료", "side"),
    ("파일", "file"),
    ("행", "row"),
    ("항목", "field"),
    ("이유", "fault"),
    ("값", "value"),
)


def write_outcomes_csv(result: Result, path: Path, language: Language) -> None:
    """A line per finding: codes, then words. Raises OSError."""
    lines = (cells(finding, language).values() for finding in result.findings())
    _write(path, headers(list(HEADERS), language), lines)


def write_totals_csv(result: Result, path: Path, language: Language) -> None:
    """A line per comparison, side, state, reason, shop and currency. Raises OSError."""
    _write(path, _headers(_TOTALS, language), map(astuple, result.totals()))


def write_files_csv(result: Result, path: Path, language: Language) -> None:
    """A line per file that was read. Raises OSError."""
    _write(path, _headers(_FILES, language), map(astuple, result.files()))


def write_origins_csv(result: Result, path: Path, language: Language) -> None:
    """A line per row that a finding is about. Raises OSError."""
    _write(path, _headers(_ORIGINS, language), map(astuple, result.origins()))


def write_problems_csv(result: Result, path: Path, language: Language) -> None:
    """A line per fault of a row or a file. Raises OSError."""
    _write(path, _headers(_PROBLEMS, language), map(astuple, result.unread()))


def _headers(words: Sequence[tuple[str, str]], language: Language) -> list[str]:
    return [pick(one, language) for one in words]


def _write(path: Path, first: Sequence[str], lines: Iterable[Iterable[Cell]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(first)
        writer.writerows(_texts(line) for line in lines)


def _texts(line: Iterable[Cell]) -> Iterator[str]:
    for cell in line:
        if type(cell) is str:  # most of them; a code is of its own type
            yield neutral(printable(cell))
        elif cell is None:
            yield ""
        elif isinstance(cell, Decimal):
            yield f"{cell:f}"
        elif isinstance(cell, datetime):
            yield cell.isoformat(" ")
        else:
            yield str(cell)
