"""The words for rows and files that could not be read."""

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.result import UnreadRow
from jeongsan.reconcile.report.words import fault_words

_ROW = ("{}행", "row {}")
_FILE = ("파일 전체", "the whole file")


def place_words(row: UnreadRow, language: Language) -> str:
    """File and row."""
    if row.row_number is None:
        where = pick(_FILE, language)
    else:
        where = pick(_ROW, language).format(f"{row.row_number:,}")
    return f"{printable(row.name)} {where}"


def unread_words(row: UnreadRow, language: Language) -> str:
    """Where, which field, why, and what stands there."""
    field = f" {printable(row.field)}" if row.field else ""
    value = f" ({printable(row.value)})" if row.value else ""
    return f"{place_words(row, language)}{field}: {fault_words(row.fault, language)}{value}"
