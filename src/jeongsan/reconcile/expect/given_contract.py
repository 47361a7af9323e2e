"""A contract document as the merchant's own tools read it."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import InvalidOperation
from typing import Any

from jeongsan.reconcile.expect.contract_entry import Entry, entry_of, required_day
from jeongsan.reconcile.expect.contract_words import GRADE_WORDS
from jeongsan.reconcile.expect.document_table import DocumentTable, TermsFault, TermsProblem, number


@dataclass(frozen=True, slots=True)
class Contract:
    """`grades`: (first day, grade) in order of days; before the first the shop is general."""

    grades: tuple[tuple[date, str], ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class GivenContract:
    """None with at least one problem: half a contract would expect wrong figures."""

    contract: Contract | None
    problems: tuple[TermsProblem, ...]


def read_contract(text: bytes) -> GivenContract:
    """The contract of a document in UTF-8: JSON where it begins with a brace, else TOML."""
    try:
        document = _parsed(text)
    # ValueError: not UTF-8, not JSON, not TOML; the other two: nested or numbered beyond reason.
    except (ValueError, RecursionError, InvalidOperation) as error:
        return GivenContract(None, (TermsProblem("", TermsFault.NOT_A_DOCUMENT, str(error)[:120]),))
    table = DocumentTable(document, "").only("source", "grades", "terms")
    grades = sorted(filter(None, (_grade(one) for one in table.tables("grades"))))
    entries = [entry_of(one) for one in table.tables("terms")]
    if not entries:
        table.note("terms", TermsFault.MISSING)
    _note_overlaps(entries, table)
    if table.problems:
        return GivenContract(None, tuple(table.problems))
    return GivenContract(Contract(tuple(grades), tuple(filter(None, entries))), ())


def _parsed(text: bytes) -> Mapping[str, Any]:
    decoded = text.decode("utf-8-sig")
    if decoded.lstrip()[:1] == "{":
        found: Mapping[str, Any] = json.loads(decoded, parse_float=number)
        return found
    return tomllib.loads(decoded, parse_float=number)


def _grade(table: DocumentTable) -> tuple[date, str] | None:
    table.only("from", "grade")
    day, grade = required_day(table), table.word("grade", GRADE_WORDS)
    return None if day is None or grade is None else (day, grade.value)


def _note_overlaps(entries: Iterable[Entry | None], table: DocumentTable) -> None:
    """Two entries of one method, kind and day say two things."""
    seen: list[Entry] = []
    for place, one in enumerate(entries):
        if one is None:
            continue
        for other in seen:
            if one.method is other.method and _share_kind(one, other) and _share_day(one, other):
                table.note(f"terms[{place}].from", TermsFault.OVERLAP, one.first)
        seen.append(one)


def _share_kind(one: Entry, other: Entry) -> bool:
    return bool(one.kinds & other.kinds) or (not one.kinds and not other.kinds)


def _share_day(one: Entry, other: Entry) -> bool:
    start, end = max(one.first, other.first), min(one.last or date.max, other.last or date.max)
    return start <= end
