"""One SELECT in a merchant's database, in a stream, into scratch rows. Nothing is ever written there."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy

from jeongsan.reconcile.readers.faults import ReadFault, Unreadable
from jeongsan.reconcile.readers.layout import Fit, Layout
from jeongsan.reconcile.readers.layouts import the_one
from jeongsan.reconcile.readers.relation import Relation
from jeongsan.reconcile.readers.scratch_rows import ScratchRows
from jeongsan.reconcile.readers.sources import SqlSource
from jeongsan.reconcile.readers.workbook import cell_text

_ROWS_AT_A_TIME = 5_000
_READS = re.compile(r"\s*(?:SELECT|WITH|VALUES|TABLE)\b[^;]*;?\s*", re.IGNORECASE)
# Literals and comments may say anything.
_LITERAL = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
# A WITH can write in some databases.
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE|MERGE|INTO|TRUNCATE|DROP|ALTER|CREATE)\b", re.IGNORECASE)
# What a driver says may repeat the address, and the address may have a password.
_PASSWORD = re.compile(r"(?<=:)[^:@/\s]+(?=@)")


def read_database(
    source: SqlSource, layouts: Sequence[Layout], file_id: int, scratch: Path
) -> tuple[Relation, Layout, Fit]:
    """The rows of its statement, numbered from 1 in the order in which they came. Raises Unreadable."""
    plain = _LITERAL.sub(lambda found: "''" if found[0][0] in "'\"" else " ", source.statement)
    if not _READS.fullmatch(plain) or _WRITES.search(plain):
        raise Unreadable(ReadFault.NOT_A_SELECT, " ".join(source.statement.split()))
    try:
        engine = sqlalchemy.create_engine(source.url)
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, ValueError) as error:
        raise Unreadable(ReadFault.NO_ANSWER, _without_password(error)) from error
    try:
        with engine.connect() as connection:
            options = {"stream_results": True, "max_row_buffer": _ROWS_AT_A_TIME, "no_parameters": True}
            found = connection.execution_options(**options).exec_driver_sql(
                source.statement.rstrip().rstrip(";")
            )
            headers = list(found.keys())
            layout, where = the_one(layouts, headers)
            with ScratchRows(scratch, headers) as rows:
                for number, row in enumerate(_rows(found), 1):
                    rows.take(number, [_text(value) for value in row])
    except (sqlalchemy.exc.SQLAlchemyError, ImportError, OSError) as error:
        raise Unreadable(ReadFault.NO_ANSWER, _without_password(error)) from error
    finally:
        engine.dispose()
    return rows.relation(file_id), layout, where


def _rows(found: "sqlalchemy.CursorResult[Any]") -> Iterator[Sequence[Any]]:
    for rows in found.partitions(_ROWS_AT_A_TIME):
        yield from rows


def _text(value: Any) -> str:
    """A value as a text file would have it; NULL is nothing."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        # Midnight is a time here, not a day.
        return value.isoformat(" ")
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode(errors="replace")
    return cell_text(value)


def _without_password(error: Exception) -> str:
    return _PASSWORD.sub("***", str(error).splitlines()[0] if str(error) else type(error).__name__)
