"""Settlement rows in a DuckDB with the tables of a reconciliation, for tests of what is expected of them."""

from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.duck import open_workspace
from jeongsan.reconcile.due_days import OpenDays

BANKS = OpenDays(korean_holidays())


@dataclass(kw_only=True)
class Settled:
    """A row as the table `settlements` has it; without dates of its own it says none."""

    file_id: int = 1
    row_number: int
    shop: str = "tjeongsan"
    kind: str = "APPROVAL"
    order_id: str | None = None
    payment_key: str | None = "p-1"
    transaction_key: str | None = None
    method: str | None = "CARD"
    currency: str = "KRW"
    amount: Decimal | int
    tax_free: Decimal | int | None = None
    vat: Decimal | int | None = None
    occurred_at: datetime | None = None
    day: date | None = None
    approved_at: datetime | None = None
    fee: Decimal | int | None = None
    base_fee: Decimal | int | None = None
    supply_amount: Decimal | int | None = None
    fee_vat: Decimal | int | None = None
    interest_fee: Decimal | int | None = None
    pay_out_amount: Decimal | int | None = None
    sold_date: date | None = None
    paid_out_date: date | None = None
    card_kind: str | None = None


def workspace(*rows: Settled) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with the tables and words of the rule book, and these rows."""
    connection: duckdb.DuckDBPyConnection = open_workspace(None, threads=1)
    put(connection, "settlements", rows)
    return connection


def put(connection: duckdb.DuckDBPyConnection, table: str, rows: Any) -> None:
    """Rows of `settlements`, `transactions` or `orders`, which have the first columns in common."""
    values = [astuple(row) for row in rows]
    if table == "transactions":
        values = [(*row[:14], "DONE") for row in values]
    elif table == "orders":
        values = [row[:14] for row in values]
    if not values:
        return
    marks = f"({', '.join('?' * len(values[0]))})"
    # In one statement: DuckDB takes each of many as a query of its own.
    for start in range(0, len(values), 200):
        some = values[start : start + 200]
        text = f"INSERT INTO {table} VALUES {', '.join([marks] * len(some))}"
        connection.execute(text, [value for row in some for value in row])


def approval(number: int, moment: str, amount: Decimal | int, fee: Decimal | int, **more: Any) -> Settled:
    """An approval's row of the payment `p-{number}`."""
    values: dict[str, Any] = {
        "row_number": number,
        "payment_key": f"p-{number}",
        "transaction_key": f"t-{number}",
        "amount": amount,
        "fee": fee,
        "base_fee": fee,
        "occurred_at": datetime.fromisoformat(moment),
        "day": datetime.fromisoformat(moment).date(),
        "approved_at": datetime.fromisoformat(moment),
    }
    return Settled(**(values | more))


def cancel(of: Settled, days: int, amount: Decimal | int, fee: Decimal | int, **more: Any) -> Settled:
    """A cancel's row, so many days after the approval; amount and fee are signed."""
    assert of.occurred_at is not None
    moment = of.occurred_at + timedelta(days=days, seconds=1)
    values: dict[str, Any] = {
        "row_number": of.row_number * 1_000 + days,
        "kind": "CANCEL",
        "transaction_key": f"{of.transaction_key}-c{days}",
        "amount": amount,
        "fee": fee,
        "base_fee": fee,
        "occurred_at": moment,
        "day": moment.date(),
    }
    same = {
        name: getattr(of, name)
        for name in ("file_id", "shop", "payment_key", "method", "currency", "approved_at", "card_kind")
    }
    return Settled(**(same | values | more))


def exceptions(connection: duckdb.DuckDBPyConnection) -> dict[int, tuple[list[str], str | None, str | None]]:
    """Row number → (reasons, situation, remark) of each row that is not simply as expected."""
    found = connection.execute(
        "SELECT row_number, reasons, situation, remark FROM terms_exceptions ORDER BY row_number"
    ).fetchall()
    return {number: (reasons, situation, remark) for number, reasons, situation, remark in found}


def expected(
    connection: duckdb.DuckDBPyConnection,
) -> dict[int, tuple[Decimal | None, date | None, date | None]]:
    """Row number → (base fee, sold date, paid-out date) that are expected."""
    found = connection.execute(
        "SELECT row_number, expected_base_fee, sold_date, paid_out_date FROM expected ORDER BY row_number"
    ).fetchall()
    return {number: tuple(rest) for number, *rest in found}
