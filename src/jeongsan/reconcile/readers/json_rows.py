"""JSON as the gateway answers it, lines or one array, into scratch rows. Numbers stay as they are written."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec

from jeongsan.reconcile.readers.faults import ReadFault, Unreadable
from jeongsan.reconcile.readers.layout import Fit, Layout, plain_header
from jeongsan.reconcile.readers.layouts import the_one
from jeongsan.reconcile.readers.relation import Relation
from jeongsan.reconcile.readers.scratch_rows import ScratchRows

# Fields are looked for in so many rows.
_ROWS_LOOKED_AT = 1_000
# (place, fields by their dotted names, text); no fields where a row is no object.
_Row = tuple[int, dict[str, str] | None, str]
_raw = msgspec.json.Decoder(list[msgspec.Raw])
_row = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_plain = cache(plain_header)
_encode = msgspec.json.Encoder(decimal_format="number").encode


def is_json(start: bytes) -> bool:
    """Whether a text that begins so is one."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def read_json(
    path: Path, layouts: Sequence[Layout], file_id: int, scratch: Path
) -> tuple[Relation, Layout, Fit]:
    """The rows of a file in UTF-8: the line of each, or its place in the array. Raises Unreadable."""
    rows = _rows(path)
    first, seen = _start(rows)
    layout, _ = the_one(layouts, seen)
    # What the layout knows may come later: nested fields of a cancel, where the first rows have none.
    there = {*map(_plain, seen)}
    later = (header for headers in layout.columns.values() for header in headers if header not in there)
    headers = [*seen, *dict.fromkeys(later)]
    layout, where = the_one([layout], headers)
    names = [*map(_plain, headers)]
    with ScratchRows(scratch, headers) as taken:
        for place, row, text in chain(first, rows):
            if row is None:
                taken.take(place, (), ReadFault.NOT_JSON, text)
            else:
                cells = {_plain(name): value for name, value in row.items()}
                taken.take(place, [cells.get(name, "") for name in names])
    return taken.relation(file_id), layout, where


def layout_of_json(path: Path, layouts: Sequence[Layout]) -> Layout:
    """The layout that the names of its first rows fit. Raises Unreadable."""
    return the_one(layouts, _start(_rows(path))[1])[0]


def _start(rows: Iterator[_Row]) -> tuple[list[_Row], list[str]]:
    """The first rows, and every name in them."""
    first = list(islice(rows, _ROWS_LOOKED_AT))
    seen = list(dict.fromkeys(name for _, row, _ in first for name in row or ()))
    if not seen:
        raise Unreadable(ReadFault.NOT_JSON if first else ReadFault.EMPTY_FILE, first[0][2] if first else "")
    return first, seen


def _rows(path: Path) -> Iterator[_Row]:
    with path.open("rb") as file:
        start = file.read(1_000)
        file.seek(len(start) - len(start.removeprefix(b"\xef\xbb\xbf")))
        is_array = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["
        try:
            parts = _raw.decode(file.read()) if is_array else file
        except msgspec.MsgspecError as error:
            raise Unreadable(ReadFault.NOT_JSON, str(error)) from error
        for place, part in enumerate(parts, 1):
            line = bytes(part)
            if line.strip():
                yield place, *_fields(line)


def _fields(line: bytes) -> tuple[dict[str, str] | None, str]:
    try:
        return dict(_flat(_row.decode(line), "")), ""
    except msgspec.MsgspecError:
        return None, line.decode(errors="replace").strip()


def _flat(row: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{where}{name}.")
        else:
            yield f"{where}{name}", "" if value is None else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}" if abs(value.adjusted()) < 30 else str(value)
    return _encode(value).decode()
