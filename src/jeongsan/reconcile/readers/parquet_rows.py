"""Parquet files, read where they are: their columns by dotted names, and typed ones as they are typed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from jeongsan.reconcile.readers.layout import Fit, Layout
from jeongsan.reconcile.readers.layouts import the_one
from jeongsan.reconcile.readers.relation import Relation
from jeongsan.reconcile.readers.statements import statement
from jeongsan.reconcile.sql_text import glob_escaped, identifier, listed, quoted

_MARK = b"PAR1"


def is_parquet(path: Path) -> bool:
    """Whether a file begins like one. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def have_same_columns(connection: Any, paths: Sequence[Path]) -> bool:
    """Whether files have the same columns of the same types: DuckDB would bring others to those of the
    first, and round them. Raises the error of DuckDB."""
    escaped = listed(map(glob_escaped, paths))
    ((kinds,),) = connection.execute(statement("parquet_kinds", paths=escaped)).fetchall()
    return int(kinds) == 1


def read_parquet(
    connection: Any, path: Path, layouts: Sequence[Layout], file_id: int
) -> tuple[Relation, Layout, Fit]:
    """The rows of one file. Raises Unreadable, and the error of DuckDB for a file that it cannot read."""
    source = f"read_parquet({quoted(glob_escaped(path))}, file_row_number = true)"
    columns = _columns(connection, source)
    rows = rows_in(connection, [path])[path.absolute()]
    relation = _relation(source, columns, str(file_id), rows)
    layout, where = the_one(layouts, relation.headers)
    return relation, layout, where


def files_as_one(connection: Any, paths: Sequence[Path], first_id: int) -> Relation:
    """The rows of many files with the same columns; their ids count from `first_id` in their order. The
    columns are those of the first. Raises the error of DuckDB."""
    escaped = listed(glob_escaped(path) for path in paths)
    columns = _columns(connection, f"read_parquet({quoted(glob_escaped(paths[0]))}, file_row_number = true)")
    names = listed(str(path.absolute()) for path in paths)
    file_id = f"({first_id - 1} + list_position({names}, filename))"
    source = f"read_parquet({escaped}, file_row_number = true, filename = true)"
    return _relation(source, columns, file_id, sum(rows_in(connection, paths).values()))


def rows_in(connection: Any, paths: Sequence[Path]) -> dict[Path, int]:
    """File → how many rows it says it has. Raises the error of DuckDB."""
    escaped = listed(map(glob_escaped, paths))
    return {
        Path(name): int(rows)
        for name, rows in connection.execute(statement("parquet_rows", paths=escaped)).fetchall()
    }


def _relation(source: str, columns: Sequence[tuple[str, str, str]], file_id: str, rows: int) -> Relation:
    selected = ", ".join(f"{expression} AS c{number}" for number, (_, _, expression) in enumerate(columns, 1))
    sql = statement("parquet", file_id=file_id, columns=selected, source=source)
    return Relation(sql, tuple(name for name, _, _ in columns), tuple(kind for _, kind, _ in columns), rows)


def _columns(connection: Any, source: str) -> list[tuple[str, str, str]]:
    """(dotted name, type, expression) of every column, and of every part of a nested one."""
    described = connection.sql(f"FROM {source}")
    found: list[tuple[str, str, str]] = []
    for name, kind in zip(described.columns, described.types, strict=True):
        if name not in ("file_row_number", "filename"):
            found.extend(_parts(name, kind, identifier(name)))
    return found


def _parts(name: str, kind: Any, expression: str) -> Iterator[tuple[str, str, str]]:
    if kind.id != "struct":
        yield name, str(kind), expression
        return
    for part, inner in kind.children:
        yield from _parts(f"{name}.{part}", inner, f"{expression}.{identifier(part)}")
