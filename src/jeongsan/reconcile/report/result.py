"""What a finished reconciliation holds, read for reports: totals, findings, deposits, problems.

The views of `sql/` do the work in DuckDB and give a fixed order; nothing here holds more rows than it is
asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
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


@dataclass(frozen=True, slots=True)
class StateLine:
    """Rows of one side in one state; amounts of one currency."""

    comparison: Comparison
    state: State
    currency: str
    side: Side
    row_count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A line of `totals`: `reason` is None for rows that agree in everything."""

    comparison: Comparison
    side: Side
    state: State
    reason: Reason | None
    shop: str
    currency: str
    row_count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Abnormal:
    """How many findings of a comparison need a decision, and how much money of both sides the other lacks."""

    comparison: Comparison
    currency: str
    open_count: int
    open_amount: Decimal
    accepted_count: int
    accepted_amount: Decimal


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a side; `file_count` is of files that have a problem as a whole."""

    side: Side
    row_count: int
    unreadable_count: int
    file_count: int


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """Why a row could not be read; a file as a whole where `row_number` is None."""

    side: Side
    name: str
    row_number: int | None
    field: str | None
    fault: str
    value: str


@dataclass(frozen=True, slots=True)
class Summary:
    """`listed_count`: findings that do not simply match. `gone`: subjects that something was decided about
    and that no finding is about any more."""

    states: tuple[StateLine, ...]
    abnormal: tuple[Abnormal, ...]
    read: tuple[Read, ...]
    listed_count: int
    gone: int

    @property
    def open_count(self) -> int:
        """Findings that nobody has accepted yet."""
        return sum(line.open_count for line in self.abnormal)

    @property
    def accepted_count(self) -> int:
        """Findings that may stay as they are."""
        return sum(line.accepted_count for line in self.abnormal)

    @property
    def is_unreadable(self) -> bool:
        """Whether a row or a file was not read."""
        return any(line.unreadable_count or line.file_count for line in self.read)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of a finding stood."""

    id: str
    comparison: Comparison
    outcome_number: int
    side: Side
    name: str
    row_number: int


@dataclass(frozen=True, slots=True)
class DepositGroup:
    """Payouts and the lines of the bank that answer them; `id` is "" where both agree in everything."""

    group_number: int
    id: str
    state: State
    reasons: tuple[Reason, ...]
    currency: str
    left_amount: Decimal | None
    right_amount: Decimal | None
    left_day: date | None
    right_day: date | None
    difference: Decimal | None


@dataclass(frozen=True, slots=True)
class BankLine:
    """A line of the bank."""

    group_number: int
    account: str
    currency: str
    day: date
    amount: Decimal
    memo: str


@dataclass(frozen=True, slots=True)
class Payout:
    """Settlement rows of a shop, a currency and a day of payment; `row_count` of them."""

    payout_number: int
    group_number: int
    shop: str
    currency: str
    paid_out_date: date
    amount: Decimal
    row_count: int


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A settlement row behind a payout."""

    payout_number: int
    group_number: int
    sold_date: date | None
    kind: str
    method: str | None
    order_id: str | None
    payment_key: str | None
    transaction_key: str | None
    amount: Decimal
    fee: Decimal | None
    pay_out_amount: Decimal | None
    shop: str
    currency: str
    paid_out_date: date


@dataclass(frozen=True, slots=True)
class DayMoney:
    """What was to be paid out on a day, and what arrived."""

    currency: str
    day: date
    expected: Decimal
    arrived: Decimal


T = TypeVar("T")


class OneListAtATime(Exception):
    """A list was read on after another was begun on the same connection."""


class Result:
    """A reconciliation whose tables (tables.sql, outcomes.sql) are filled, with what was decided about it.

    Makes temporary tables and views on the connection, and changes nothing else. Each list is read as it is
    wanted, and is at its end before the next one is begun; otherwise OneListAtATime is raised.
    """

    def __init__(self, connection: "DuckDBPyConnection", book: ExceptionBook) -> None:
        self._connection = connection
        self.book = book
        self._list_number = 0
        for name in ("findings.sql", "deposits.sql"):
            run_script(connection, __package__, f"sql/{name}")
        gone = self._take_over(book)
        self.summary = Summary(
            tuple(self._list(StateLine, "FROM report_states")),
            tuple(self._list(Abnormal, "FROM report_abnormal")),
            tuple(self._list(Read, "FROM report_unreadable")),
            connection.execute("FROM report_listed_count").fetchall()[0][0],
            gone,
        )

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
            self._connection.executemany(script(__package__, "sql/take_over.sql"), values)
        return len(left.keys() - set(about.values()))

    def _subjects(self, statement: str, wanted: Iterable[str]) -> dict[str, str]:
        """id → subject."""
        return dict(self._connection.execute(statement, [list(wanted)]).fetchall())

    @contextmanager
    def single_threaded(self) -> Iterator["DuckDBPyConnection"]:
        """The connection, with one thread at work: several write the same rows in other pieces."""
        ((threads,),) = self._connection.execute("FROM (VALUES (current_setting('threads')))").fetchall()
        self._list_number += 1
        self._connection.execute("SET threads = 1")
        try:
            yield self._connection
        finally:
            self._connection.execute(f"SET threads = {threads:d}")

    def findings(self, *, limit: int | None = None, open_only: bool = False) -> Iterator[Finding]:
        """In the order of the comparisons, the first `limit`."""
        chosen = "WHERE is_open " if open_only else ""
        return map(_finding, self._rows(f"FROM report_rows {chosen}ORDER BY position{_limited(limit)}"))

    def undecided(self, *, limit: int | None = None, open_first: bool = False) -> Iterator[Finding]:
        """Findings that do not simply match, the first `limit`."""
        order = "is_open DESC, position" if open_first else "position"
        statement = f"FROM report_rows WHERE state <> 'MATCHED' ORDER BY {order}{_limited(limit)}"
        return map(_finding, self._rows(statement))

    def with_ids(self, ids: Iterable[str]) -> Iterator[Finding]:
        """Those of these ids that there are."""
        statement = "FROM report_rows WHERE id IN (FROM unnest(?::VARCHAR[])) ORDER BY position"
        return map(_finding, self._rows(statement, [list(ids)]))

    def totals(self) -> Iterator[TotalLine]:
        """Every row of every side, also those that agree in everything."""
        return self._list(TotalLine, "FROM report_totals")

    def unread(self, *, limit: int | None = None) -> Iterator[UnreadRow]:
        """What could not be read, and why."""
        return self._list(UnreadRow, f"FROM report_problems{_limited(limit)}")

    def origins(self) -> Iterator[Origin]:
        """Where the rows of the findings stood."""
        return self._list(Origin, "FROM report_origins")

    def deposits(self) -> Iterator[DepositGroup]:
        """By day."""
        return self._list(DepositGroup, "FROM report_deposits ORDER BY group_number")

    def bank_lines(self) -> Iterator[BankLine]:
        """Of the deposits, in their order."""
        return self._list(BankLine, "FROM report_deposit_lines")

    def payouts(self) -> Iterator[Payout]:
        """Of the deposits, in their order."""
        return self._list(Payout, "FROM report_payouts ORDER BY payout_number")

    def payout_rows(self, *, limit: int | None = None) -> Iterator[PayoutRow]:
        """Of the payouts, in their order."""
        return self._list(PayoutRow, f"FROM report_payout_rows{_limited(limit)}")

    def money_per_day(self) -> Iterator[DayMoney]:
        """By currency and day; days without money are left out."""
        return self._list(DayMoney, "FROM report_daily")

    def _list(self, kind: type[T], statement: str) -> Iterator[T]:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        return (
            kind(**{name: _converted(name, row[name]) for name in names}) for row in self._rows(statement)
        )

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Mapping[str, Any]]:
        self._list_number += 1
        mine = self._list_number
        found = self._connection.execute(statement, list(values))
        names = [column[0] for column in found.description or ()]
        while True:
            if mine != self._list_number:
                raise OneListAtATime(statement)
            rows = found.fetchmany(_FETCHED)
            if not rows:
                return
            yield from (dict(zip(names, row, strict=True)) for row in rows)


def _limited(limit: int | None) -> str:
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
