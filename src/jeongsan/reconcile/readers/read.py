"""The entry: sources of a side into its table, and what could not be read into `files` and `problems`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.cells import rows_sql
from jeongsan.reconcile.readers.database import read_database
from jeongsan.reconcile.readers.delimited import delimited
from jeongsan.reconcile.readers.faults import VALUE_SHOWN_MAX, ReadFault, Unreadable
from jeongsan.reconcile.readers.file_start import opening, start_of
from jeongsan.reconcile.readers.json_rows import is_json, read_json
from jeongsan.reconcile.readers.layout import Fit, Layout
from jeongsan.reconcile.readers.layouts import candidates
from jeongsan.reconcile.readers.parquet_rows import (
    files_as_one,
    have_same_columns,
    is_parquet,
    read_parquet,
    rows_in,
)
from jeongsan.reconcile.readers.relation import Relation
from jeongsan.reconcile.readers.sources import FileSource, Source, SqlSource
from jeongsan.reconcile.readers.statements import statement, text_of
from jeongsan.reconcile.readers.text_facts import utf8_of
from jeongsan.reconcile.readers.workbook import read_workbook
from jeongsan.reconcile.sql_text import quoted
from jeongsan.reconcile.text_files import is_spreadsheet


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of one file: rows in the table, unreadable ones, and those that a rule of the layout skips; by which
    layout, None where it has none."""

    read: int = 0
    unreadable: int = 0
    skipped: int = 0
    layout: str | None = None


def read_side(
    connection: Any, side: Side, sources: Sequence[Source], *, scratch: Path, in_place: bool = False
) -> None:
    """Fill the side's table from sources, each of which becomes a row of `files`; what could not be read
    becomes rows of `problems`. The content of a source never raises. `scratch` is a folder for what has to
    be written again: where no file can be made in it OSError may be raised; a disk that becomes full while
    one is written is told as a problem of the source. Statements of ours expect the tables of tables.sql.

    `in_place`: where every source is a Parquet file without a row that needs looking at, and the table is
    empty, it is replaced by a view over the files, which have to stay as they are; else rows are copied as
    ever.
    """
    connection.execute(text_of("macros.sql"))
    reading = _Reading(connection, side, scratch)
    with _every_expression_once(connection):
        if len(sources) > (0 if in_place else 1) and reading.take_together(sources, in_place=in_place):
            return
        for source in sources:
            reading.take(source)


@contextmanager
def _every_expression_once(connection: Any) -> Iterator[None]:
    """A filter that is pushed below the expressions it is about has them worked out a second time."""
    ((before,),) = connection.execute(statement("optimizers")).fetchall()
    disabled = ",".join({*filter(None, before.split(",")), "filter_pushdown"})
    connection.execute(statement("disable", optimizers=quoted(disabled)))
    try:
        yield
    finally:
        connection.execute(statement("disable", optimizers=quoted(before)))


class _Reading:
    """One side being read."""

    def __init__(self, connection: Any, side: Side, scratch: Path) -> None:
        self._connection, self._side, self._scratch = connection, side, scratch
        self._table = side.lower()
        self._engine_error: type[Exception] = needed("duckdb").Error
        self._numbers = count(self._one("next"))

    def take(self, source: Source) -> None:
        """The rows of one source, or the problem that keeps all of them away."""
        file_id = next(self._numbers)
        counts = _Counts()
        try:
            counts = self._rows(source, file_id)
        except Unreadable as error:
            self._undo(file_id)
            self._problem(file_id, error)
        except self._engine_error as error:
            self._undo(file_id)
            self._problem(file_id, Unreadable(ReadFault.BROKEN_FILE, str(error)))
        self._file(file_id, source.name, counts)

    def _rows(self, source: Source, file_id: int) -> _Counts:
        layouts = candidates(self._side, source.layout)
        if isinstance(source, SqlSource):
            with self._scratch_file(file_id) as rows:
                return self._load(file_id, *read_database(source, layouts, file_id, rows))
        with opening(source.path):
            if is_parquet(source.path):
                return self._load(file_id, *read_parquet(self._connection, source.path, layouts, file_id))
            with self._scratch_file(file_id) as rows:
                if is_spreadsheet(start_of(source.path)):
                    read = read_workbook(source.path, layouts, source.sheet, file_id, rows)
                    return self._load(file_id, *read)
                return self._text(source.path, layouts, file_id, rows)

    def _text(self, path: Path, layouts: Sequence[Layout], file_id: int, rows: Path) -> _Counts:
        with self._scratch_file(file_id, "utf8") as rewritten:
            text = utf8_of(path, rewritten)
            if is_json(start_of(text)):
                return self._load(file_id, *read_json(text, layouts, file_id, rows))
            found = delimited(text, layouts)
            layout, where = found.head.layout, found.head.fit
            plain = found.plain(file_id)
            if plain is not None:
                counts = self._try(file_id, plain, layout, where)
                if counts is not None:
                    return counts
            return self._load(file_id, found.careful(file_id, rows), layout, where)

    def _try(self, file_id: int, relation: Relation, layout: Layout, where: Fit) -> _Counts | None:
        """The rows of a text that looks regular; None, and nothing is kept, when it is not: DuckDB refuses
        it, or lines and records are not one to one, so that nobody could find a row by its number."""
        try:
            counts, whole = self._insert(file_id, relation, layout, where)
        except self._engine_error:
            whole = False
        if whole:
            return counts
        self._undo(file_id)
        return None

    def _load(self, file_id: int, relation: Relation, layout: Layout, where: Fit) -> _Counts:
        counts, whole = self._insert(file_id, relation, layout, where)
        if not whole:
            raise Unreadable(ReadFault.BROKEN_FILE, f"{relation.rows} rows are said to be there, others are")
        return counts

    def _insert(self, file_id: int, relation: Relation, layout: Layout, where: Fit) -> tuple[_Counts, bool]:
        """The counts, and whether every row is in one of them."""
        rows = rows_sql(self._side, relation, layout, where)
        read = self._one("insert", table=self._table, rows=rows)
        if read == relation.rows:
            return _Counts(read, layout=layout.name), True
        self._run("look", rows=rows)
        unreadable, skipped, blank = self._run("count").fetchone()
        self._run("problems", file_id=file_id, shown=VALUE_SHOWN_MAX)
        counts = _Counts(read, unreadable, skipped, layout.name)
        return counts, read + unreadable + skipped + blank == relation.rows

    def take_together(self, sources: Sequence[Source], *, in_place: bool) -> bool:
        """Many Parquet files by one statement, or as a view; False, and nothing is changed, where a file or a
        row has to be looked at, which is done one by one."""
        paths = [one.path.absolute() for one in sources if isinstance(one, FileSource)]
        if len(paths) != len(sources) or len({*paths}) != len(paths):
            return False
        try:
            if not all(map(is_parquet, paths)):
                return False
            layouts = [candidates(self._side, one.layout) for one in sources]
            if any(one != layouts[0] for one in layouts) or not have_same_columns(self._connection, paths):
                return False
            first = self._one("next")
            _, layout, where = read_parquet(self._connection, paths[0], layouts[0], first)
            relation = files_as_one(self._connection, paths, first)
            there = rows_in(self._connection, paths)
            rows = rows_sql(self._side, relation, layout, where)
            taken = self._show(rows, relation) if in_place else self._copy(rows, relation, first)
        except (Unreadable, OSError, self._engine_error):
            # Told by reading them one by one.
            return False
        if taken:
            for source, path in zip(sources, paths, strict=True):
                self._file(next(self._numbers), source.name, _Counts(there[path], layout=layout.name))
        return taken

    def _show(self, rows: str, relation: Relation) -> bool:
        if self._one("is_filled", table=self._table):
            return False
        if self._one("view_check", rows=rows) or self._one("view_count", rows=rows) != relation.rows:
            return False
        self._run("drop_table", table=self._table)
        self._run("view", table=self._table, rows=rows)
        return True

    def _copy(self, rows: str, relation: Relation, first: int) -> bool:
        if self._one("insert", table=self._table, rows=rows) == relation.rows:
            return True
        self._run("undo_from", table=self._table, file_id=first)
        return False

    def _undo(self, file_id: int) -> None:
        self._run("undo", table=self._table, file_id=file_id)
        self._run("undo", table="problems", file_id=file_id)

    def _problem(self, file_id: int, error: Unreadable) -> None:
        shown = printable(" ".join(error.value.split()))
        self._connection.execute(statement("problem"), [file_id, None, error.field, error.fault.value, shown])

    def _file(self, file_id: int, name: str, counts: _Counts) -> None:
        rows = counts.read + counts.unreadable + counts.skipped
        values = [file_id, self._side.value, name, rows, counts.unreadable, counts.skipped, counts.layout]
        self._connection.execute(statement("file"), values)

    def _run(self, name: str, **parts: object) -> Any:
        return self._connection.execute(statement(name, **parts))

    def _one(self, name: str, **parts: object) -> int:
        return int(self._run(name, **parts).fetchone()[0])

    @contextmanager
    def _scratch_file(self, file_id: int, kind: str = "csv") -> Iterator[Path]:
        path = self._scratch / f"{self._table}-{file_id}.{kind}"
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)
