"""What a finished reconciliation holds, read for reports: totals, findings, deposits, problems.

The views of `sql/` do the work in DuckDB and give a fixed order; nothing here holds more rows than it is
asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from jeongsan.reconcile.duck import run_script
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.finding_list import FindingList, limited

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


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
class ReadFile:
    """A file, or a question to a database; `layout` is None where nothing of it could be read."""

    side: Side
    layout: str | None
    name: str
    row_count: int
    unreadable_count: int
    skipped_count: int


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


class Result(FindingList):
    """A reconciliation whose tables (tables.sql, outcomes.sql) are filled, with what was decided about it.

    Makes temporary tables and views on the connection, and changes nothing else. Each list is read as it is
    wanted, and is at its end before the next one is begun; otherwise OneListAtATime is raised.
    """

    def __init__(self, connection: "DuckDBPyConnection", book: ExceptionBook) -> None:
        for name in ("identity.sql", "findings.sql"):
            run_script(connection, __package__, f"sql/{name}")
        super().__init__(connection, book)
        for name in ("overviews.sql", "deposits.sql"):
            run_script(connection, __package__, f"sql/{name}")
        self.summary = Summary(
            tuple(self.listed(StateLine, "FROM report_states")),
            tuple(self.listed(Abnormal, "FROM report_abnormal")),
            tuple(self.listed(Read, "FROM report_unreadable")),
            connection.execute("FROM report_listed_count").fetchall()[0][0],
            self.gone,
        )

    @contextmanager
    def single_threaded(self) -> Iterator["DuckDBPyConnection"]:
        """The connection, with one thread at work: several write the same rows in other pieces."""
        ((threads,),) = self.connection.execute("FROM (VALUES (current_setting('threads')))").fetchall()
        self.list_number += 1
        self.connection.execute("SET threads = 1")
        try:
            yield self.connection
        finally:
            self.connection.execute(f"SET threads = {threads:d}")

    def totals(self) -> Iterator[TotalLine]:
        """Every row of every side, also those that agree in everything."""
        return self.listed(TotalLine, "FROM report_totals")

    def unread(self, *, limit: int | None = None) -> Iterator[UnreadRow]:
        """What could not be read, and why."""
        return self.listed(UnreadRow, f"FROM report_problems{limited(limit)}")

    def files(self) -> Iterator[ReadFile]:
        """Which file was read as which list, by side and layout."""
        return self.listed(ReadFile, "FROM report_files")

    def origins(self) -> Iterator[Origin]:
        """Where the rows of the findings stood."""
        return self.listed(Origin, "FROM report_origins")

    def deposits(self) -> Iterator[DepositGroup]:
        """By day."""
        return self.listed(DepositGroup, "FROM report_deposits ORDER BY group_number")

    def bank_lines(self) -> Iterator[BankLine]:
        """Of the deposits, in their order."""
        return self.listed(BankLine, "FROM report_deposit_lines")

    def payouts(self) -> Iterator[Payout]:
        """Of the deposits, in their order."""
        return self.listed(Payout, "FROM report_payouts ORDER BY payout_number")

    def payout_rows(self, *, limit: int | None = None) -> Iterator[PayoutRow]:
        """Of the payouts, in their order."""
        return self.listed(PayoutRow, f"FROM report_payout_rows{limited(limit)}")

    def money_per_day(self) -> Iterator[DayMoney]:
        """By currency and day; days without money are left out."""
        return self.listed(DayMoney, "FROM report_daily")
