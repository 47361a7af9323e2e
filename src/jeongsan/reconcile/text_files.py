"""Bytes of a file as text, in the encodings that Korean merchants' programs write."""

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# .xlsx (a ZIP file) and .xls.
_SPREADSHEET_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def is_spreadsheet(data: bytes) -> bool:
    """Whether it is a spreadsheet's own format, which has to be saved as CSV first."""
    return data.startswith(_SPREADSHEET_MARKS)


def text_of(data: bytes) -> str | None:
    """UTF-8 with or without mark, UTF-16 with one, or CP949; None for anything else."""
    encodings = ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp949")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
