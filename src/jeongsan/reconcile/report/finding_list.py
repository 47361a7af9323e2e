"""Findings, with what was decided about each, read from DuckDB as they are wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jeongsan.client.moments import KST
from jeongsan.reconcile.duck import run_script
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.finding import (
    FieldDifference,
    Finding,
    Handling,
    HandlingState,
    NearestRow,
)
from jeongsan.reconcile.sql_text import script

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 2_000
T = TypeVar("T")


class OneListAtATime(Exception):
    """A list was read on after another was begun on the same connection."""


class FindingList:
    """The findings of the table `report_findings`. Each list is read as it is wanted, and is at its end
    before the next one is begun; otherwise OneListAtATime is raised. `gone`: subjects that something was
    decided about and that no finding is about any more."""

    def __init__(self, connection: "DuckDBPyConnection", book: ExceptionBook) -> None:
        self.connection = connection
        self.book = book
        self.list_number = 0
        run_script(connection, __package__, "sql/handled.sql")
        self.gone = self._take_over(book)

    def _take_over(self, book: ExceptionBook) -> int:
        """Put what was decided beside the findings; give the number of those that are no more."""
        handlings, subjects = book.handlings(), book.subjects()
        there = self._subjects("FROM report_subjects WHERE id IN (FROM unnest(?::VARCHAR[]))", handlings)
        left = {subjects[finding]: handlings[finding] for finding in handlings if finding not in there}
        about = self._subjects("FROM report_subjects WHERE subject IN (FROM unnest(?::VARCHAR[]))", left)
        lines = {finding: handlings[finding] for finding in there}
        for finding in about.keys() - there.keys():
            lines[finding] = replace(left[about[finding]], state=HandlingState.CHANGED)
        if lines:
            values = [_handling_values(finding, handling) for finding, handling in sorted(lines.items())]
            self.connection.executemany(script(__package__, "sql/take_over.sql"), values)
        return len(left.keys() - set(about.values()))

    def _subjects(self, statement: str, wanted: Iterable[str]) -> dict[str, str]:
        """id → subject."""
        return dict(self.connection.execute(statement, [list(wanted)]).fetchall())

    def findings(self, *, limit: int | None = None, open_only: bool = False) -> Iterator[Finding]:
        """In the order of the comparisons, the first `limit`."""
        chosen = "WHERE is_open " if open_only else ""
        return map(_finding, self._rows(f"FROM report_rows {chosen}ORDER BY position{limited(limit)}"))

    def undecided(self, *, limit: int | None = None, open_first: bool = False) -> Iterator[Finding]:
        """Findings that do not simply match, the first `limit`."""
        order = "is_open DESC, position" if open_first else "position"
        statement = f"FROM report_rows WHERE state <> 'MATCHED' ORDER BY {order}{limited(limit)}"
        return map(_finding, self._rows(statement))

    def handled(self) -> Iterator[Finding]:
        """Those about which somebody said something."""
        return map(_finding, self._rows("FROM report_rows WHERE handled_at IS NOT NULL ORDER BY position"))

    def with_ids(self, ids: Iterable[str]) -> Iterator[Finding]:
        """Those of these ids that there are."""
        statement = "FROM report_rows WHERE id IN (FROM unnest(?::VARCHAR[])) ORDER BY position"
        return map(_finding, self._rows(statement, [list(ids)]))

    def listed(self, kind: type[T], statement: str) -> Iterator[T]:
        """The rows of a statement as objects whose fields are named like its columns."""
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        return (
            kind(**{name: _converted(name, row[name]) for name in names}) for row in self._rows(statement)
        )

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Mapping[str, Any]]:
        self.list_number += 1
        mine = self.list_number
        found = self.connection.execute(statement, list(values))
        names = [column[0] for column in found.description or ()]
        while True:
            if mine != self.list_number:
                raise OneListAtATime(statement)
            rows = found.fetchmany(_FETCHED)
            if not rows:
                return
            yield from (dict(zip(names, row, strict=True)) for row in rows)


def recorded_findings(connection: "DuckDBPyConnection", outcomes: Path, book: ExceptionBook) -> FindingList:
    """The findings of a report that was written, from its `outcomes.parquet`. Raises duckdb.Error."""
    run_script(connection, __package__, "sql/identity.sql")
    connection.execute(script(__package__, "sql/recorded.sql"), {"file": str(outcomes.absolute())})
    return FindingList(connection, book)


def written_handlings(connection: "DuckDBPyConnection", outcomes: Path) -> Mapping[str, Handling]:
    """What had been decided when a report was written, by the id of a finding; findings about which nobody
    had said anything are left out. Raises duckdb.Error."""
    found = recorded_findings(connection, outcomes, ExceptionBook())
    connection.execute(script(__package__, "sql/as_written.sql"), {"file": str(outcomes.absolute())})
    return {one.id: one.handling for one in found.handled() if one.handling is not None}


def limited(limit: int | None) -> str:
    """The end of a statement that gives so many rows."""
    return "" if limit is None else f" LIMIT {limit:d}"


def _handling_values(finding: str, handling: Handling) -> tuple[Any, ...]:
    at = None if handling.at is None else handling.at.astimezone(KST).replace(tzinfo=None)
    return (
        finding,
        handling.state.value,
        handling.assignee,
        handling.comment,
        handling.accept_reason,
        handling.accepted_by,
        at,
        handling.adjustment,
        handling.adjust_reason,
        handling.adjusted_by,
    )


_CONVERTED: Mapping[str, Callable[[Any], Any]] = {
    "comparison": Comparison,
    "side": Side,
    "state": State,
    "reason": lambda code: Reason(code) if code else None,
    "reasons": lambda codes: tuple(map(Reason, codes)),
}


def _converted(name: str, value: Any) -> Any:
    convert = _CONVERTED.get(name)
    return value if convert is None else convert(value)


_FINDING = [field.name for field in fields(Finding)]


def _finding(row: Mapping[str, Any]) -> Finding:
    named = {name: _converted(name, row[name]) for name in _FINDING}
    named["fields"] = tuple(FieldDifference(one["field"], one["left"], one["right"]) for one in row["fields"])
    named["nearest"] = None if row["nearest"] is None else NearestRow(**row["nearest"])
    named["handling"] = None if row["handling"] is None else _handling(row)
    return Finding(**named)


def _handling(row: Mapping[str, Any]) -> Handling:
    at = row["handled_at"]
    return Handling(
        HandlingState(row["handling"]),
        row["assignee"],
        row["comment"],
        row["accept_reason"],
        row["accepted_by"],
        None if at is None else at.replace(tzinfo=KST),
        row["adjustment"],
        row["adjust_reason"],
        row["adjusted_by"],
    )
