"""Bytes of a file as text, in the encodings that Korean merchants' programs write, and text as records."""

import csv
import io
from collections.abc import Callable, Iterator

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# .xlsx and .xlsb (ZIP files), and .xls.
_SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_spreadsheet(data: bytes) -> bool:
    """Whether what begins so is a spreadsheet's own format."""
    return data.startswith(_SPREADSHEET_MARKS)


def text_of(data: bytes) -> str | None:
    """UTF-8 with or without mark, UTF-16 with one, or CP949; None for anything else."""
    encodings = ("utf-16",) if data.startswith(UTF16_MARKS) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def csv_records(
    text: str, delimiter: str, broken: Callable[[int, str], object]
) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells without spaces around them) of every record of a CSV text that is not
    blank. Where a quotation goes wrong, nothing after it can be told apart: `broken` is told the line and
    what is wrong, and there it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    first = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first, [cell.strip() for cell in cells]
            first = reader.line_num + 1
    except csv.Error as error:
        broken(first, str(error))
