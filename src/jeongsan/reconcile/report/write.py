"""All files of a report, each whole or not there, written into one folder."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.durable import PART, make_folder, put_in_place
from jeongsan.reconcile.report.csv_files import (
    write_files_csv,
    write_origins_csv,
    write_outcomes_csv,
    write_problems_csv,
    write_totals_csv,
)
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.json_file import write_json
from jeongsan.reconcile.report.page import write_page
from jeongsan.reconcile.report.parquet_files import write_outcomes_parquet, write_totals_parquet
from jeongsan.reconcile.report.result import Result
from jeongsan.reconcile.report.verdict import Exit, exit_code
from jeongsan.reconcile.report.workbook import write_workbook

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAGE, WORKBOOK, OUTCOMES = "report.html", "report.xlsx", "outcomes.parquet"


@dataclass(frozen=True, slots=True)
class Report:
    """What was written, and what it comes to. `result` can be asked further, for the terminal."""

    result: Result
    files: tuple[Path, ...]
    exit: Exit


def write_reports(
    connection: "DuckDBPyConnection",
    folder: Path,
    *,
    language: Language,
    exceptions: ExceptionBook,
    now: datetime,
) -> Report:
    """Write every file of a reconciliation; the connection has its tables (tables.sql, outcomes.sql).

    `now`, which has a zone, stands in the page and the spreadsheet only: the other files follow from the
    contents, byte for byte. A file that was there is replaced when the new one is whole. Raises NotInstalled,
    duckdb.Error, OSError; what was in the way of a file leaves that and the later ones as they were.
    """
    result = Result(connection, exceptions)
    make_folder(folder)
    # Each is given the path that it writes to.
    writers: dict[str, Callable[[Path], None]] = {
        "result.json": lambda path: write_json(result, path),
        "outcomes.csv": lambda path: write_outcomes_csv(result, path, language),
        "totals.csv": lambda path: write_totals_csv(result, path, language),
        "files.csv": lambda path: write_files_csv(result, path, language),
        "origins.csv": lambda path: write_origins_csv(result, path, language),
        "problems.csv": lambda path: write_problems_csv(result, path, language),
        OUTCOMES: lambda path: write_outcomes_parquet(result, path),
        "totals.parquet": lambda path: write_totals_parquet(result, path),
        WORKBOOK: lambda path: write_workbook(result, path, language, now),
        PAGE: lambda path: write_page(result, path, language, now),
    }
    written = tuple(_written(folder / name, write) for name, write in writers.items())
    return Report(result, written, exit_code(result.summary))


def _written(target: Path, write: Callable[[Path], None]) -> Path:
    part = target.with_name(f".{target.name}{PART}")
    try:
        write(part)
        put_in_place(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target
