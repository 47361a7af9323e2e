"""Parquet files by DuckDB, an extra of the installation: the same rows become the same bytes.

One thread, a fixed order, fixed sizes and compression; so bytes depend on the rows and on DuckDB's version.
"""

import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from jeongsan.fetch.columns import COLUMNS, SORTED_BY, SUMMED
from jeongsan.fetch.slices import What

EXTRA = "reconcile"
# What does not fit is sorted on the disk.
_MEMORY = "512MB"
_ROWS_PER_GROUP = 122_880
SEQUENCE = "_sequence"


class NoDuckdb(Exception):
    """The extra is not installed."""


class NotWritten(Exception):
    """DuckDB could not write or read a file: the disk is full, a file is damaged."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`sums`: currency → column → sum; no currency is ""."""

    rows: int
    sums: dict[str, dict[str, Decimal]]


def check_installed() -> None:
    """Raises NoDuckdb."""
    _duckdb()


def _duckdb() -> Any:
    try:
        return importlib.import_module("duckdb")
    except ModuleNotFoundError as error:
        raise NoDuckdb(f"pip install 'jeongsan[{EXTRA}]'") from error


class Parquet:
    """A DuckDB in memory, for one thread. `scratch` is a folder for what does not fit."""

    def __init__(self, scratch: Path) -> None:
        self._duckdb = _duckdb()
        settings = {
            "threads": "1",
            "memory_limit": _MEMORY,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": "false",
        }
        self._connection = self._duckdb.connect(":memory:", config=settings)

    def close(self) -> None:
        """Give back memory and files."""
        self._connection.close()

    def write(self, what: What, lines: Path, target: Path, *, without: Sequence[int] = ()) -> None:
        """Rows of a file of JSON lines, each with its SEQUENCE, but for those whose number is in `without`.
        Raises NotWritten."""
        columns = [f"{_quoted(SEQUENCE)}: 'BIGINT'"]
        columns += [f"{_quoted(one.name)}: {_text(one.full_type)}" for one in COLUMNS[what]]
        source = (
            f"read_json({_text(str(lines))}, format='newline_delimited', columns={{{', '.join(columns)}}})"
        )
        kept = f"{SEQUENCE} NOT IN ({', '.join(map(str, without))})" if without else "true"
        self._copy(what, source, kept, target)

    def write_without(self, what: What, source: Path, keys: Iterable[str], target: Path) -> None:
        """A Parquet file again, without the rows of these transaction keys. Raises NotWritten."""
        kept = f"transactionKey NOT IN ({', '.join(map(_text, keys))})"
        self._copy(what, f"read_parquet({_text(str(source))})", kept, target)

    def _copy(self, what: What, source: str, kept: str, target: Path) -> None:
        names = ", ".join(_quoted(one.name) for one in COLUMNS[what])
        order = ", ".join(map(_quoted, SORTED_BY[what]))
        self._run(
            f"COPY (SELECT {names} FROM {source} WHERE {kept} ORDER BY {order}) TO {_text(str(target))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_PER_GROUP})"
        )

    def figures(self, what: What, path: Path) -> Figures:
        """What a written file really holds. Raises NotWritten."""
        sums = ", ".join(f"sum({_quoted(name)})" for name in SUMMED[what])
        found = self._run(
            f"SELECT coalesce(currency, ''), count(*), {sums} "
            f"FROM read_parquet({_text(str(path))}) GROUP BY 1"
        )
        return Figures(
            sum(row[1] for row in found),
            {row[0]: dict(zip(SUMMED[what], map(_or_zero, row[2:]), strict=True)) for row in found},
        )

    def repeated(self, paths: Sequence[Path]) -> Iterator[tuple[str, list[Path]]]:
        """(transaction key, files) of keys that are in more than one file. Raises NotWritten."""
        if len(paths) < 2:
            return
        names = ", ".join(_text(str(path)) for path in paths)
        found = self._run(
            f"SELECT transactionKey, list(filename ORDER BY filename) "
            f"FROM read_parquet([{names}], filename=true) "
            f"GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
        )
        yield from ((row[0], [Path(name) for name in row[1]]) for row in found)

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        try:
            rows: list[tuple[Any, ...]] = self._connection.execute(statement).fetchall()
        except self._duckdb.Error as error:
            raise NotWritten(" ".join(str(error).split())) from error
        return rows


def _or_zero(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else value


def _quoted(name: str) -> str:
    return f'"{name}"'


def _text(value: str) -> str:
    escaped = value.replace("'", "''")
    return f"'{escaped}'"
