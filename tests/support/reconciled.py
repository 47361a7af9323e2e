"""Small books to reconcile: rows by what matters about them, and what became of them."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from jeongsan.reconcile.duck import open_workspace
from jeongsan.reconcile.match.run import Circumstances, match

NOON = datetime.fromisoformat("2025-03-13 12:00:00")
TODAY = date(2025, 4, 10)
PAID_OUT = date(2025, 3, 19)
SIDES = ("ORDERS", "TRANSACTIONS", "SETTLEMENTS", "BANK")
_TABLES = {side: side.lower() for side in SIDES}


class Found(NamedTuple):
    """An outcome as tests look at it. `fields`: name → (left, right)."""

    state: str
    reasons: tuple[str, ...]
    order_id: str | None
    counts: tuple[int, int]
    amounts: tuple[Decimal | None, Decimal | None]
    fields: dict[str, tuple[str, str]]
    nearest: dict[str, Any] | None
    rule: str

    @property
    def reason(self) -> str:
        """The main one; "" where there is none."""
        return self.reasons[0] if self.reasons else ""


class Books:
    """Rows of the four sides in a workspace. What is not said is as for a card payment of 10,000 won."""

    def __init__(self, connection: Any, *, files: int = 1) -> None:
        self.connection = connection
        self._numbers = itertools.count(1)
        self._files = files
        self.rows: list[tuple[str, dict[str, Any]]] = []

    def order(self, order_id: str | None, amount: int = 10_000, **more: Any) -> None:
        """A line of the merchant's own list; without a transaction key unless it is said."""
        self._entry("ORDERS", order_id, amount, {"transaction_key": None} | more)

    def transaction(self, order_id: str | None, amount: int = 10_000, **more: Any) -> None:
        """A transaction as the gateway lists it."""
        self._entry("TRANSACTIONS", order_id, amount, more)

    def settlement(self, order_id: str | None, amount: int = 10_000, **more: Any) -> None:
        """A settlement row, without a fee unless it is said."""
        told = {
            "fee": 0,
            "pay_out_amount": amount - more.get("fee", 0),
            "paid_out_date": date(2025, 3, 19),
        } | more
        self._entry("SETTLEMENTS", order_id, amount, told)

    def both(self, order_id: str, amount: int = 10_000, **more: Any) -> None:
        """An order and its transaction, which agree."""
        self.order(order_id, amount, **more)
        self.transaction(order_id, amount, **more)

    def line(self, amount: int, day: date, memo: str = "(주)토스페이먼츠", **more: Any) -> None:
        """A bank line."""
        row = {"account": "", "currency": "KRW", "amount": amount, "day": day, "memo": memo} | more
        self.rows.append(("BANK", row))

    def payout(self, amount: int, day: date, shop: str = "", **more: Any) -> None:
        """Money that a gateway says it pays out, of one settlement row."""
        number = next(self._numbers)
        self.settlement(f"payout-{number}", amount, shop=shop, paid_out_date=day, **more)

    def _entry(self, side: str, order_id: str | None, amount: int, more: dict[str, Any]) -> None:
        kind = more.get("kind", "CANCEL" if amount < 0 else "APPROVAL")
        row = {
            "shop": "",
            "kind": kind,
            "order_id": order_id,
            "payment_key": None if order_id is None else f"pay-{order_id}",
            "transaction_key": None if order_id is None else f"txn-{order_id}-{kind.lower()}",
            "method": "CARD",
            "currency": "KRW",
            "amount": amount,
            "occurred_at": NOON,
        } | more
        row.setdefault("day", None if row["occurred_at"] is None else row["occurred_at"].date())
        self.rows.append((side, row))

    def matched(self, today: date = TODAY, also_given: tuple[str, ...] = (), **circumstances: Any) -> "Books":
        """After the rules have run over every side that has rows or is given without any."""
        given = {side for side, _ in self.rows} | set(also_given)
        for number, side in enumerate(SIDES):
            if side not in given:
                continue
            for part in range(self._files):
                file = [number * self._files + part + 1, side, f"{side}-{part}", 0, 0, 0, None]
                self.connection.execute("INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", file)
        for number, (side, row) in enumerate(self.rows):
            file_id = SIDES.index(side) * self._files + number % self._files + 1
            values = {"file_id": file_id, "row_number": number + 1} | row
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join("?" * len(values))
            statement = f"INSERT INTO {_TABLES[side]} ({names}) VALUES ({marks})"
            self.connection.execute(statement, list(values.values()))
        match(self.connection, Circumstances(today, **circumstances))
        return self

    def outcomes(self, comparison: str = "TRANSACTION") -> list[Found]:
        """In their order."""
        rows = self.connection.execute(
            "SELECT state, reasons, order_id, left_count, right_count, left_amount, right_amount, fields, "
            "nearest, rule FROM outcomes WHERE comparison = ? ORDER BY outcome_number",
            [comparison],
        ).fetchall()
        return [
            Found(
                row[0],
                tuple(row[1]),
                row[2],
                (row[3], row[4]),
                (row[5], row[6]),
                {one["field"]: (one["left"], one["right"]) for one in row[7]},
                row[8],
                row[9],
            )
            for row in rows
        ]

    def only(self, comparison: str = "TRANSACTION") -> Found:
        """The one outcome there is."""
        (found,) = self.outcomes(comparison)
        return found

    def dump(self) -> list[Any]:
        """Everything that is a result, in order."""
        return [
            self.connection.execute("FROM outcomes ORDER BY comparison, outcome_number").fetchall(),
            self.connection.execute("FROM payouts ORDER BY ALL").fetchall(),
            self.connection.execute("FROM totals ORDER BY ALL").fetchall(),
        ]


@contextmanager
def books(*, threads: int = 1, files: int = 1) -> Iterator[Books]:
    """Empty books in a workspace of their own."""
    connection = open_workspace(None, threads=threads)
    try:
        yield Books(connection, files=files)
    finally:
        connection.close()
