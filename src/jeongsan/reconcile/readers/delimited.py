"""Delimited text: which line is its head, and how its rows get into DuckDB.

A regular file is read by DuckDB itself, where it is; one that DuckDB refuses, or in which lines and records
are not one to one, is read record by record into scratch rows, so that every row keeps its line and its
fault.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from jeongsan.reconcile.readers.faults import ReadFault, Unreadable
from jeongsan.reconcile.readers.layout import Fit, Layout
from jeongsan.reconcile.readers.layouts import no_fit, recognised, the_one, widest
from jeongsan.reconcile.readers.records import DELIMITERS, Record, records
from jeongsan.reconcile.readers.relation import Relation, columns, texts
from jeongsan.reconcile.readers.scratch_rows import ScratchRows, csv_source
from jeongsan.reconcile.readers.statements import statement
from jeongsan.reconcile.readers.text_facts import facts_of

# Titles and notes above the header.
HEAD_ROWS_MAX = 40
_HEAD_CHARACTERS_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Head:
    """`line`: the last one of the header, from 1."""

    headers: tuple[str, ...]
    line: int
    layout: Layout
    fit: Fit


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text in UTF-8 whose head is known."""

    path: Path
    delimiter: str
    head: Head

    def plain(self, file_id: int) -> Relation | None:
        """Read by DuckDB itself; None when it cannot be regular. It still may turn out not to be."""
        facts = facts_of(self.path)
        if not facts.is_plain:
            return None
        width = len(self.head.headers)
        names = columns(width).split(", ")
        source = csv_source(self.path, names, delimiter=self.delimiter, skip=self.head.line)
        sql = statement("text", file_id=file_id, columns=columns(width), source=source, skip=self.head.line)
        return Relation(sql, self.head.headers, texts(width), max(facts.lines - self.head.line, 0))

    def careful(self, file_id: int, scratch: Path) -> Relation:
        """Record by record. Blank ones are none; cells that are empty beyond the last column are no fault."""
        width = len(self.head.headers)
        with ScratchRows(scratch, self.head.headers) as rows:
            for record in _records(self.path, self.delimiter):
                if record.first <= self.head.line:
                    continue
                cells = record.cells
                if cells is None:
                    rows.take(record.first, (), ReadFault.NOT_CSV, record.text)
                elif any(cell.strip() for cell in cells):
                    regular = len(cells) == width or (len(cells) > width and not any(cells[width:]))
                    fault = None if regular else ReadFault.FIELD_COUNT
                    rows.take(record.first, cells, fault, "" if regular else f"{len(cells)} / {width}")
        return rows.relation(file_id)


def delimited(path: Path, layouts: Sequence[Layout]) -> Delimited:
    """A text in UTF-8 with the delimiter and header that one layout fits. Raises Unreadable."""
    fallback: tuple[str, ...] = ()
    for delimiter in DELIMITERS:
        # What can be no text at all may be one line of everything.
        first = [
            record
            for record in islice(_records(path, delimiter, _HEAD_CHARACTERS_MAX), HEAD_ROWS_MAX)
            if record.cells is not None
        ]
        tables = [tuple(record.cells or ()) for record in first]
        head = head_of(tables, layouts)
        if head is not None:
            number, layout, where = head
            return Delimited(path, delimiter, Head(tables[number], first[number].last, layout, where))
        fallback = tuple(widest([fallback, *tables]))
    if not fallback:
        raise Unreadable(ReadFault.EMPTY_FILE)
    raise no_fit(layouts, fallback)


def head_of(rows: Sequence[Sequence[str]], layouts: Sequence[Layout]) -> tuple[int, Layout, Fit] | None:
    """(number of the first row that is the head of a layout, the layout, where its fields are); None when no
    row is. Raises Unreadable when it is that of several."""
    for number, cells in enumerate(rows):
        if recognised(layouts, cells):
            return (number, *the_one(layouts, cells))
    return None


def _records(path: Path, delimiter: str, characters_max: int = -1) -> Iterator[Record]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = iter(lambda: file.readline(characters_max), "")
        yield from records(lines, delimiter)
