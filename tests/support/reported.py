"""A reconciliation that is over, its tables filled by hand: what reports are made of."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import chain, groupby
from typing import Any

import duckdb

from jeongsan.client.moments import moment_of
from jeongsan.reconcile.report.events import Act, Event, ExceptionBook
from jeongsan.reconcile.report.finding import Finding
from jeongsan.reconcile.report.result import Result

Row = dict[str, Any]
DAY = date(2025, 4, 25)
NOW = moment_of("2025-05-02T10:00:00")
TABLES = ("files", "problems", "orders", "transactions", "settlements", "bank")
OUTCOME_TABLES = ("outcomes", "members", "payouts", "totals")
FILES = (
    {"file_id": 1, "side": "ORDERS", "name": "주문_4월.xlsx", "row_count": 1204, "unreadable_count": 2},
    {
        "file_id": 2,
        "side": "TRANSACTIONS",
        "name": "transactions.csv",
        "row_count": 1203,
        "unreadable_count": 0,
    },
    {
        "file_id": 3,
        "side": "SETTLEMENTS",
        "name": "settlements.csv",
        "row_count": 1201,
        "unreadable_count": 0,
    },
    {"file_id": 4, "side": "BANK", "name": "통장.csv", "row_count": 24, "unreadable_count": 0},
)


@dataclass
class Tables:
    """Rows by table; a row names the columns that it has a value for."""

    rows: dict[str, list[Row]] = field(
        default_factory=lambda: {name: [] for name in (*TABLES, *OUTCOME_TABLES)}
    )

    def add(self, table: str, **row: Any) -> None:
        self.rows[table].append(row)

    def outcome(self, comparison: str, state: str, *reasons: str, **row: Any) -> Row:
        """An outcome, numbered in the order of being made; one row a side unless it says otherwise."""
        number = 1 + sum(one["comparison"] == comparison for one in self.rows["outcomes"])
        left, right = row.get("left_amount"), row.get("right_amount")
        made = {
            "comparison": comparison,
            "outcome_number": number,
            "state": state,
            "reasons": list(reasons),
            "rule": "by hand",
            "shop": "tosspayments",
            "currency": "KRW",
            "left_count": int(left is not None),
            "right_count": int(right is not None),
            "fields": [],
            **row,
        }
        self.rows["outcomes"].append(made)
        return made

    def member(self, outcome: Row, side: str, file_id: int, row_number: int) -> None:
        self.add(
            "members",
            comparison=outcome["comparison"],
            outcome_number=outcome["outcome_number"],
            side=side,
            file_id=file_id,
            row_number=row_number,
        )

    def payout(
        self, outcome: Row, day: date, row_count: int, amount: int, shop: str = "tosspayments"
    ) -> None:
        """The settlement rows of a shop and day that an outcome is about."""
        self.add(
            "payouts",
            outcome_number=outcome["outcome_number"],
            shop=shop,
            currency="KRW",
            paid_out_date=day,
            row_count=row_count,
            amount=Decimal(amount),
        )

    def total(self, comparison: str, side: str, state: str, reason: str, *figures: Any) -> None:
        """Figures: rows, amount; a currency where it is not KRW."""
        row_count, amount, *currency = figures
        self.add(
            "totals",
            comparison=comparison,
            side=side,
            state=state,
            reason=reason,
            shop="tosspayments",
            currency=currency[0] if currency else "KRW",
            row_count=row_count,
            amount=amount,
        )

    def fill(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Rows of the same columns go in together: a statement each would take a hundred times as long."""
        for table, rows in self.rows.items():
            for names, alike in groupby(rows, key=lambda row: tuple(row)):
                values = [tuple(row.values()) for row in alike]
                columns = ", ".join(f'"{name}"' for name in names)
                places = ", ".join(f"({', '.join('?' for _ in names)})" for _ in values)
                statement = f"INSERT INTO {table} ({columns}) VALUES {places}"
                connection.execute(statement, [*chain.from_iterable(values)])


@contextmanager
def filled(tables: Tables, *, threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a database in memory that holds them."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute("SET enable_progress_bar = false")
    try:
        for name in ("tables.sql", "outcomes.sql"):
            connection.execute(files("jeongsan.reconcile.match").joinpath(name).read_text(encoding="utf-8"))
        tables.fill(connection)
        yield connection
    finally:
        connection.close()


def differs(name: str, left: str | None, right: str | None) -> Row:
    """A field of an outcome."""
    return {"field": name, "left": left, "right": right}


def nearest(**known: Any) -> Row:
    """The nearest row of an outcome."""
    names = ("side", "order_id", "payment_key", "transaction_key", "amount", "day", "field", "left", "right")
    return {name: known.get(name) for name in names}


def april() -> Tables:
    """A month of a small shop: some of every comparison, in the way a clerk meets it."""
    tables = Tables()
    for one in FILES:
        tables.add("files", **one)
    tables.add("problems", file_id=1, row_number=17, field="결제금액", fault="NOT_AN_AMOUNT", value="일만원")
    tables.add(
        "problems", file_id=1, row_number=18, field="결제일시", fault="NOT_A_TIME", value="=HYPERLINK(1)"
    )
    _transactions(tables)
    _further_transactions(tables)
    _transaction_totals(tables)
    _settlements(tables)
    _deposits(tables)
    return tables


def _transactions(tables: Tables) -> None:
    canceled = tables.outcome(
        "TRANSACTION",
        "ONE_SIDED",
        "CANCELED_OUTSIDE",
        kind="CANCEL",
        order_id="order-0417",
        payment_key="tjeon20250313133503enNLQ",
        transaction_key="txrd_a01",
        method="CARD",
        right_amount=Decimal(-150_000),
        right_day=DAY,
        nearest=nearest(
            side="ORDERS",
            order_id="order-0417",
            amount=Decimal(150_000),
            day=date(2025, 3, 13),
            field="kind",
            left="APPROVAL",
            right="CANCEL",
        ),
    )
    tables.member(canceled, "TRANSACTIONS", 2, 88)
    amount = tables.outcome(
        "TRANSACTION",
        "DIFFERENT",
        "AMOUNT",
        "DAY",
        kind="APPROVAL",
        order_id="order-0502",
        payment_key="tjeon20250425110810aaaaa",
        method="CARD",
        left_amount=Decimal(43_000),
        right_amount=Decimal(40_000),
        left_day=DAY,
        right_day=DAY + timedelta(days=1),
        fields=[differs("amount", "43000.00", "40000.00"), differs("day", "2025-04-25", "2025-04-26")],
    )
    tables.member(amount, "ORDERS", 1, 5)
    tables.member(amount, "TRANSACTIONS", 2, 6)


def _further_transactions(tables: Tables) -> None:
    tables.outcome(
        "TRANSACTION",
        "NOT_YET_DUE",
        "TOO_YOUNG",
        kind="APPROVAL",
        order_id="order-1204",
        left_amount=Decimal(9_900),
        left_day=date(2025, 5, 1),
    )
    tables.outcome(
        "TRANSACTION",
        "AMBIGUOUS",
        "SEVERAL_CANDIDATES",
        kind="APPROVAL",
        order_id="order-0610",
        left_amount=Decimal(20_000),
        right_amount=Decimal(30_000),
        left_count=2,
        right_count=3,
        left_day=DAY,
        right_day=DAY,
    )
    tables.outcome(
        "TRANSACTION",
        "DIFFERENT",
        "CURRENCY",
        kind="APPROVAL",
        order_id="order-0777",
        left_amount=Decimal("12.50"),
        right_amount=Decimal(12_50),
        left_day=DAY,
        right_day=DAY,
        currency="USD",
        fields=[differs("currency", "USD", "KRW")],
    )


def _transaction_totals(tables: Tables) -> None:
    for side, count, total in (("ORDERS", 1197, 51_000_000), ("TRANSACTIONS", 1197, 51_000_000)):
        tables.total("TRANSACTION", side, "MATCHED", "", count, Decimal(total))
        tables.total(
            "TRANSACTION", side, "DIFFERENT", "AMOUNT", 1, Decimal(43_000 if side == "ORDERS" else 40_000)
        )
    tables.total("TRANSACTION", "TRANSACTIONS", "ONE_SIDED", "CANCELED_OUTSIDE", 1, Decimal(-150_000))
    tables.total("TRANSACTION", "ORDERS", "NOT_YET_DUE", "TOO_YOUNG", 1, Decimal(9_900))
    tables.total("TRANSACTION", "ORDERS", "AMBIGUOUS", "SEVERAL_CANDIDATES", 2, Decimal(20_000))
    tables.total("TRANSACTION", "TRANSACTIONS", "AMBIGUOUS", "SEVERAL_CANDIDATES", 3, Decimal(30_000))
    tables.total("TRANSACTION", "ORDERS", "DIFFERENT", "CURRENCY", 1, Decimal("12.50"), "USD")
    tables.total("TRANSACTION", "TRANSACTIONS", "DIFFERENT", "CURRENCY", 1, Decimal(1_250))


def _settlements(tables: Tables) -> None:
    fee = tables.outcome(
        "SETTLEMENT",
        "DIFFERENT",
        "FEE_RATE",
        kind="APPROVAL",
        order_id="order-0331",
        payment_key="tjeon20250410101010bbbbb",
        method="CARD",
        left_amount=Decimal(100_000),
        right_amount=Decimal(100_000),
        left_day=DAY,
        right_day=DAY,
        fields=[differs("base_fee", "3200.00", "3500.00")],
    )
    tables.member(fee, "SETTLEMENTS", 3, 12)
    tables.outcome(
        "SETTLEMENT",
        "ONE_SIDED",
        "NOT_SETTLED",
        kind="APPROVAL",
        order_id="=1+1",
        shop="tosspayments",
        payment_key="<script>alert(1)</script>",
        left_amount=Decimal(77_000),
        left_day=DAY,
    )
    for side in ("TRANSACTIONS", "SETTLEMENTS"):
        tables.total("SETTLEMENT", side, "MATCHED", "", 1199, Decimal(50_900_000))
        tables.total("SETTLEMENT", side, "DIFFERENT", "FEE_RATE", 1, Decimal(100_000))
    tables.total("SETTLEMENT", "TRANSACTIONS", "ONE_SIDED", "NOT_SETTLED", 1, Decimal(77_000))


def settle(tables: Tables, number: int, day: date, amounts: Iterable[int], **row: Any) -> int:
    """Settlement rows of a payout, from a row number on; gives what is paid out."""
    total = 0
    for amount in amounts:
        fee = amount * 32 // 1000
        tables.add(
            "settlements",
            file_id=3,
            row_number=number,
            shop="tosspayments",
            kind="APPROVAL",
            order_id=f"order-{number:04}",
            payment_key=f"tjeon{number:015}key",
            currency="KRW",
            transaction_key=f"tx{number:06}",
            method="CARD",
            amount=Decimal(amount),
            fee=Decimal(fee),
            pay_out_amount=Decimal(amount - fee),
            sold_date=day - timedelta(days=6),
            paid_out_date=day,
            **row,
        )
        total += amount - fee
        number += 1
    return total


def deposit(tables: Tables, number: int, day: date, amount: int, memo: str = "토스페이먼츠") -> None:
    """A line of the bank."""
    tables.add(
        "bank",
        file_id=4,
        row_number=number,
        account="110-222-333333",
        currency="KRW",
        memo=memo,
        amount=Decimal(amount),
        occurred_at=datetime.combine(day, time(11, 3)),
        day=day,
    )


def agrees(
    tables: Tables, day: date, row_count: int, amount: int, line: int, shop: str = "tosspayments"
) -> None:
    """A payout that arrived as it should, in a line of the bank."""
    outcome = tables.outcome(
        "DEPOSIT",
        "MATCHED",
        kind="PAYOUT",
        shop=shop,
        left_amount=Decimal(amount),
        right_amount=Decimal(amount),
        left_day=day,
        right_day=day,
    )
    tables.payout(outcome, day, row_count, amount, shop)
    tables.member(outcome, "BANK", 4, line)


def _deposits(tables: Tables) -> None:
    exact = 0
    for turn in range(16):
        day = date(2025, 4, 1) + timedelta(days=turn + 2 * (turn // 5))
        paid = settle(tables, 100 + 10 * turn, day, [50_000 + 1_000 * turn, 120_000, 33_000 + 700 * turn])
        deposit(tables, 2 + turn, day, paid)
        agrees(tables, day, 3, paid, 2 + turn)
        exact += paid
    late = settle(tables, 500, date(2025, 4, 24), [250_000, 10_000])
    deposit(tables, 30, date(2025, 4, 28), late)
    one = tables.outcome(
        "DEPOSIT",
        "DIFFERENT",
        "DEPOSIT_LATE",
        kind="PAYOUT",
        left_amount=Decimal(late),
        right_amount=Decimal(late),
        left_day=date(2025, 4, 24),
        right_day=date(2025, 4, 28),
        fields=[differs("day", "2025-04-24", "2025-04-28")],
    )
    missing = settle(tables, 510, date(2025, 4, 29), [480_000])
    two = tables.outcome(
        "DEPOSIT",
        "ONE_SIDED",
        "DEPOSIT_MISSING",
        kind="PAYOUT",
        left_amount=Decimal(missing),
        left_day=date(2025, 4, 29),
    )
    deposit(tables, 31, date(2025, 4, 29), -55_000, memo="임대료")
    other = tables.outcome(
        "DEPOSIT",
        "SET_ASIDE",
        "OTHER_DEPOSIT",
        kind="DEPOSIT",
        shop="",
        right_amount=Decimal(-55_000),
        right_day=date(2025, 4, 29),
    )
    tables.payout(one, date(2025, 4, 24), 2, late)
    tables.member(one, "BANK", 4, 30)
    tables.payout(two, date(2025, 4, 29), 1, missing)
    tables.member(other, "BANK", 4, 31)
    for side in ("SETTLEMENTS", "BANK"):
        tables.total("DEPOSIT", side, "MATCHED", "", 16, Decimal(exact))
        tables.total("DEPOSIT", side, "DIFFERENT", "DEPOSIT_LATE", 1, Decimal(late))
    tables.total("DEPOSIT", "SETTLEMENTS", "ONE_SIDED", "DEPOSIT_MISSING", 1, Decimal(missing))
    tables.total("DEPOSIT", "BANK", "SET_ASIDE", "OTHER_DEPOSIT", 1, Decimal(-55_000))


def event(finding: Finding, act: Act, text: str = "", amount: Decimal | None = None) -> Event:
    """What 김정산 records about a finding."""
    return Event(finding.id, finding.subject, act, NOW, "김정산", text, amount)


def found(connection: duckdb.DuckDBPyConnection, book: ExceptionBook | None = None) -> list[Finding]:
    """All findings, with what was decided about them."""
    return [*Result(connection, book or ExceptionBook()).findings()]
