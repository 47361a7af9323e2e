"""A merchant's files in every form they come in, and what the readers make of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.read import read_side
from jeongsan.reconcile.readers.sources import FileSource, Source

Table = Sequence[Sequence[str]]


def workspace() -> duckdb.DuckDBPyConnection:
    """Empty tables of a reconciliation."""
    connection = duckdb.connect(config={"threads": "1"})
    connection.execute("SET enable_progress_bar = false")
    connection.execute(files("jeongsan.reconcile.match").joinpath("tables.sql").read_text(encoding="utf-8"))
    return connection


@dataclass(frozen=True)
class Read:
    """What is in the tables after reading: rows and problems by the names of their columns; `files` as
    (row_count, unreadable_count, skipped_count)."""

    rows: list[dict[str, Any]]
    problems: list[tuple[int | None, str | None, str, str]]
    files: list[tuple[int, int, int]]

    @property
    def contents(self) -> list[list[str]]:
        """The rows without where they stood, in an order of their own."""
        return sorted(
            [repr(value) for name, value in row.items() if name not in ("file_id", "row_number")]
            for row in self.rows
        )

    @property
    def faults(self) -> list[str]:
        return [fault for _, _, fault, _ in self.problems]


def read(side: Side, sources: Sequence[Source | Path], scratch: Path, *, in_place: bool = False) -> Read:
    """Sources into an empty workspace. Every row of every file is in one of its counts."""
    connection = workspace()
    asked = [FileSource(one) if isinstance(one, Path) else one for one in sources]
    before = set(scratch.iterdir())
    read_side(connection, side, asked, scratch=scratch, in_place=in_place)
    assert set(scratch.iterdir()) == before
    found = told(connection, side)
    per_file = dict(connection.execute(f"SELECT file_id, count(*) FROM {side.lower()} GROUP BY 1").fetchall())
    for file_id, rows, unreadable, skipped in connection.execute(
        "SELECT file_id, row_count, unreadable_count, skipped_count FROM files"
    ).fetchall():
        assert rows == per_file.get(file_id, 0) + unreadable + skipped
    return found


def told(connection: duckdb.DuckDBPyConnection, side: Side) -> Read:
    """What a workspace holds of a side."""
    found = connection.execute(f"SELECT * FROM {side.lower()} ORDER BY file_id, row_number")
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    problems = connection.execute(
        "SELECT row_number, field, fault, value FROM problems ORDER BY file_id, row_number, field"
    ).fetchall()
    counts = connection.execute(
        "SELECT row_count, unreadable_count, skipped_count FROM files ORDER BY file_id"
    ).fetchall()
    return Read(rows, problems, counts)


def csv_text(table: Table, delimiter: str = ",", newline: str = "\n") -> str:
    """A table as programs write CSV."""
    out = io.StringIO(newline="")
    # Python quotes a line break only where it ends lines in this file.
    quoting = csv.QUOTE_ALL if newline == "\r" else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(table)
    return out.getvalue()


def write_csv(
    path: Path, table: Table, *, encoding: str = "utf-8", delimiter: str = ",", newline: str = "\n"
) -> Path:
    path.write_bytes(csv_text(table, delimiter, newline).encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], formats: str = "") -> Path:
    """Sheets of cells; texts stay texts, and `formats` is how dates are shown."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "default_date_format": formats}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    else:
                        sheet.write(number, column, cell)
    return path


def write_parquet(path: Path, table: Table) -> Path:
    """A table with every column as text."""
    connection = duckdb.connect()
    names = ", ".join('"' + header.replace('"', '""') + '" VARCHAR' for header in table[0])
    connection.execute(f"CREATE TABLE written ({names})")
    if len(table) > 1:
        connection.executemany(f"INSERT INTO written VALUES ({', '.join('?' * len(table[0]))})", table[1:])
    connection.execute(f"COPY written TO '{path}' (FORMAT parquet)")
    return path
