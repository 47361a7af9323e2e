"""Excel workbooks, .xlsx and .xls, into scratch rows. Needs python-calamine, an extra of the installation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from jeongsan.reconcile.extras import NotInstalled, needed
from jeongsan.reconcile.readers.delimited import HEAD_ROWS_MAX, head_of
from jeongsan.reconcile.readers.faults import ReadFault, Unreadable
from jeongsan.reconcile.readers.layout import Fit, Layout
from jeongsan.reconcile.readers.layouts import no_fit, widest
from jeongsan.reconcile.readers.relation import Relation
from jeongsan.reconcile.readers.scratch_rows import ScratchRows


def read_workbook(
    path: Path, layouts: Sequence[Layout], sheet: str | None, file_id: int, scratch: Path
) -> tuple[Relation, Layout, Fit]:
    """The rows of the one sheet that a layout fits, by the numbers Excel gives them. Raises Unreadable."""
    with _opened(path) as book:
        name, number, layout, where = _head(book, layouts, sheet)
        table = book.get_sheet_by_name(name).iter_rows()
        headers = [cell_text(cell) for cell in list(islice(table, number + 1))[number]]
        with ScratchRows(scratch, headers) as rows:
            for place, row in enumerate(table, number + 2):
                cells = [cell_text(cell) for cell in row]
                if any(cell.strip() for cell in cells):
                    rows.take(place, cells)
    return rows.relation(file_id), layout, where


def layout_of_workbook(path: Path, layouts: Sequence[Layout]) -> Layout:
    """The layout that its one sheet fits. Raises Unreadable."""
    with _opened(path) as book:
        return _head(book, layouts, None)[2]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        calamine = needed("python_calamine")
    except NotInstalled as error:
        raise Unreadable(ReadFault.NO_EXTRA, str(error)) from error
    try:
        with calamine.load_workbook(str(path)) as book:
            yield book
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError) as error:
        raise Unreadable(ReadFault.BROKEN_FILE, str(error)) from error


def _head(book: Any, layouts: Sequence[Layout], sheet: str | None) -> tuple[str, int, Layout, Fit]:
    """(sheet, number of the row that is its head, layout, where its fields are)."""
    wanted = sheet or next((one.sheet for one in layouts if len(layouts) == 1), None)
    if wanted is not None and wanted not in book.sheet_names:
        raise Unreadable(ReadFault.NO_SHEET, ", ".join(book.sheet_names), wanted)
    found: list[tuple[str, int, Layout, Fit]] = []
    fallback: Sequence[str] = []
    for name in book.sheet_names if wanted is None else [wanted]:
        first = [
            [cell_text(cell) for cell in row]
            for row in islice(book.get_sheet_by_name(name).iter_rows(), HEAD_ROWS_MAX)
        ]
        head = head_of(first, layouts)
        if head is not None:
            found.append((name, *head))
        fallback = widest([fallback, *first])
    if len(found) > 1:
        raise Unreadable(ReadFault.SEVERAL_SHEETS, ", ".join(name for name, *_ in found))
    if not found and not any(fallback):
        raise Unreadable(ReadFault.EMPTY_FILE)
    if not found:
        raise no_fit(layouts, fallback)
    return found[0]


def cell_text(cell: Any) -> str:
    """What stands in a cell, as a text file would have it. A number is what its shortest exact writing says:
    15000, 0.1, 0.30000000000000004, 1.23E+16. A moment at midnight is its day: Excel does not tell them
    apart."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e16 else repr(cell).upper()
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
