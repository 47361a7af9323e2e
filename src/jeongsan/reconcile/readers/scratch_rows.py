"""Rows on their way into DuckDB: a CSV file of our own, with the place of every row and what is wrong with
it."""

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from jeongsan.reconcile.readers.faults import VALUE_SHOWN_MAX, ReadFault
from jeongsan.reconcile.readers.relation import Relation, columns, texts
from jeongsan.reconcile.readers.statements import statement
from jeongsan.reconcile.sql_text import glob_escaped, quoted

# A cell of nothing but this says nothing; what is empty is told apart from it only by DuckDB.
_NULL = "\x01"
# DuckDB reads lines of two million bytes; a character has at most four.
_CHARACTERS_MAX = 450_000


class ScratchRows:
    """A file being written, as a context. Cells are filled up, or cut, to the number of headers."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self._path, self._headers = path, tuple(headers)
        self._rows = 0
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_ALL, lineterminator="\n")

    def __enter__(self) -> "ScratchRows":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def take(
        self, row_number: int, cells: Sequence[str], fault: ReadFault | None = None, shown: str = ""
    ) -> None:
        """A row; with a fault it is unreadable, whatever its cells say, and `shown` is how it begins."""
        width = len(self._headers)
        if sum(map(len, cells)) > _CHARACTERS_MAX:
            cells, fault, shown = [], ReadFault.TOO_LONG, cells[0]
        filled = [*cells[:width], *[""] * (width - len(cells))]
        self._writer.writerow([row_number, fault or "", shown[:VALUE_SHOWN_MAX], *filled])
        self._rows += 1

    def relation(self, file_id: int) -> Relation:
        """The rows, once the context is left."""
        width = len(self._headers)
        names = ["row_number", "broken", "shown", *columns(width).split(", ")]
        source = csv_source(self._path, names, delimiter=",", skip=0)
        return Relation(
            statement("scratch", file_id=file_id, columns=columns(width), source=source),
            self._headers,
            texts(width),
            self._rows,
        )


def csv_source(path: Path, names: Sequence[str], *, delimiter: str, skip: int) -> str:
    """A call that reads a regular CSV file, every column as text, and refuses any other."""
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({quoted(glob_escaped(path))}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', nullstr = {quoted(_NULL)}, "
        f"strict_mode = true, columns = {{{types}}})"
    )
