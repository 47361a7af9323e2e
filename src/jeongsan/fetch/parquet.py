"""Parquet files by DuckDB, an extra of the installation: the same rows become the same bytes.

One thread, a fixed order, fixed sizes and compression; so bytes depend on the rows and on DuckDB's version.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from jeongsan.fetch.columns import COLUMNS, SORTED_BY, SUMMED
from jeongsan.fetch.slices import What
from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.sql_text import glob_escaped, identifier, quoted

# What does not fit is sorted and compared on the disk.
_MEMORY = "256MB"
# A group is held until it is written.
_ROWS_PER_GROUP = 20_480
# What a line has beside its columns: its number, and a digest of them.
SEQUENCE, DIGEST = "_sequence", "_digest"


class NotWritten(Exception):
    """DuckDB could not write or read a file: the disk is full, a file is damaged."""


class Stopped(Exception):
    """The run ends, and so does what was being done."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`sums`: currency → column → sum; no currency is "". `unpaid`: settlement rows that have no day of
    payment that is over; `mids`: the shop ids."""

    rows: int
    sums: dict[str, dict[str, Decimal]]
    unpaid: int
    mids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeats:
    """Lines of one transaction key. `again`: how many came again as they were; `changed`: keys, the first of
    them, that came with different contents; `left_out`: how many lines are not in the file for it."""

    again: int
    changed: tuple[str, ...]
    left_out: int


class Parquet:
    """A DuckDB in memory, for one thread. `scratch` is a folder for what does not fit."""

    def __init__(self, scratch: Path) -> None:
        self._duckdb = needed("duckdb")
        self._stopped = False
        self._at_work = threading.Lock()
        settings = {
            "threads": "1",
            "memory_limit": _MEMORY,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": "false",
        }
        self._connection = self._duckdb.connect(":memory:", config=settings)
        # Standard output is the command's.
        self._run("SET enable_progress_bar = false")

    def close(self) -> None:
        """Give back memory and files."""
        with self._at_work:
            self._connection.close()

    def stop(self) -> bool:
        """From another thread: break off the statement at work; then, and for every other, Stopped is raised.
        Whether one is at work still."""
        self._stopped = True
        if not self.is_at_work:
            return False
        # What is at work may be the closing: nobody can break that off, nor has to.
        with suppress(self._duckdb.ConnectionException):
            self._connection.interrupt()
        return True

    @property
    def is_at_work(self) -> bool:
        """Whether a thread has a statement at work."""
        return self._at_work.locked()

    def write(self, what: What, lines: Path, target: Path, *, changed_max: int = 100) -> Repeats:
        """Rows of a file of JSON lines, each with its SEQUENCE and DIGEST; of those of one transaction key
        the last. Raises NotWritten."""
        # In two steps: what reads JSON and what sorts would want the memory at the same time.
        rows = lines.with_suffix(".rows")
        types = {SEQUENCE: "BIGINT", DIGEST: "VARCHAR"} | {one.name: one.full_type for one in COLUMNS[what]}
        if lines.stat().st_size == 0:
            self._sorted(what, _lines(lines, types), target)
            return Repeats(0, (), 0)
        try:
            self._copy(f"FROM {_lines(lines, types)}", rows)
            repeats = self._repeats(rows, changed_max)
            kept = f"ANTI JOIN repeats ON row.transactionKey = repeats.key AND row.{SEQUENCE} < repeats.last"
            self._sorted(what, f"{_files([rows])} AS row {kept if repeats.left_out else ''}", target)
        finally:
            rows.unlink(missing_ok=True)
        return repeats

    def _repeats(self, rows: Path, changed_max: int) -> Repeats:
        self._run(
            f"CREATE OR REPLACE TEMP TABLE repeats AS SELECT transactionKey AS key, count(*) AS times, "
            f"count(DISTINCT {DIGEST}) AS contents, max({SEQUENCE}) AS last FROM {_files([rows])} "
            f"GROUP BY transactionKey HAVING count(*) > 1"
        )
        ((again, left_out, changed),) = self._run(
            f"SELECT coalesce(sum(times - contents), 0)::BIGINT, coalesce(sum(times - 1), 0)::BIGINT, "
            f"(SELECT list(key) FROM "
            f"(SELECT key FROM repeats WHERE contents > 1 ORDER BY 1 LIMIT {changed_max})) FROM repeats"
        )
        return Repeats(again, tuple(changed or ()), left_out)

    def write_without(self, what: What, source: Path, keys: Iterable[str], target: Path) -> None:
        """A Parquet file again, without the rows of these transaction keys. Raises NotWritten."""
        kept = f"WHERE transactionKey NOT IN ({', '.join(map(quoted, keys))})"
        self._sorted(what, f"{_files([source])} {kept}", target)

    def _sorted(self, what: What, rows: str, target: Path) -> None:
        names = ", ".join(identifier(one.name) for one in COLUMNS[what])
        order = ", ".join(map(identifier, SORTED_BY[what]))
        self._copy(f"SELECT {names} FROM {rows} ORDER BY {order}", target)

    def _copy(self, query: str, target: Path) -> None:
        self._run(
            f"COPY ({query}) TO {quoted(str(target.absolute()))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROWS_PER_GROUP})"
        )

    def figures(self, what: What, path: Path, today: date) -> Figures:
        """What a written file really holds. Raises NotWritten."""
        sums = ", ".join(f"sum({identifier(name)})" for name in SUMMED[what])
        open_until = f"coalesce(paidOutDate >= DATE {quoted(str(today))}, true)"
        unpaid = open_until if what is What.SETTLEMENTS else "false"
        found = self._run(
            f"SELECT coalesce(currency, ''), count(*), count(*) FILTER ({unpaid}), list(DISTINCT mId), "
            f"{sums} FROM {_files([path])} GROUP BY 1"
        )
        return Figures(
            sum(row[1] for row in found),
            {row[0]: dict(zip(SUMMED[what], map(_or_zero, row[4:]), strict=True)) for row in found},
            sum(row[2] for row in found),
            tuple(sorted({mid for row in found for mid in row[3] or () if mid is not None})),
        )

    def gone(self, before: Path, now: Sequence[Path]) -> tuple[int, str]:
        """How many transaction keys of a file are in none of others, and the first. Raises NotWritten."""
        ((count, first),) = self._run(
            f"SELECT count(*), coalesce(min(transactionKey), '') FROM {_files([before])} AS old "
            f"ANTI JOIN {_files(now)} AS new USING (transactionKey)"
        )
        return int(count), str(first)

    def repeated(self, paths: Sequence[Path]) -> Iterator[tuple[str, list[Path]]]:
        """(transaction key, files) of keys that are in more than one file. Raises NotWritten."""
        if len(paths) < 2:
            return
        found = self._run(
            f"SELECT transactionKey, list(filename ORDER BY filename) "
            f"FROM {_files(paths, ', filename=true')} "
            f"GROUP BY 1 HAVING count(*) > 1 ORDER BY 1"
        )
        yield from ((row[0], [Path(name) for name in row[1]]) for row in found)

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        with self._at_work:
            if self._stopped:
                raise Stopped
            try:
                rows: list[tuple[Any, ...]] = self._connection.execute(statement).fetchall()
            except self._duckdb.Error as error:
                if self._stopped:
                    raise Stopped from error
                raise NotWritten(" ".join(str(error).split())) from error
        return rows


def _or_zero(value: Decimal | None) -> Decimal:
    return Decimal(0) if value is None else value


def _lines(path: Path, types: Mapping[str, str]) -> str:
    columns = ", ".join(f"{identifier(name)}: {quoted(full_type)}" for name, full_type in types.items())
    return f"read_json({_pattern(path)}, format='newline_delimited', columns={{{columns}}})"


def _files(paths: Sequence[Path], options: str = "") -> str:
    return f"read_parquet([{', '.join(map(_pattern, paths))}]{options})"


def _pattern(path: Path) -> str:
    return quoted(glob_escaped(path))
