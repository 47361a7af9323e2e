"""Runs of the fetch against a gateway, and what stands in the folder after them."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from jeongsan.client.moments import KST
from jeongsan.fetch.report import outcome_view
from jeongsan.fetch.run import fetch
from jeongsan.fetch.shop_run import Machine, Plan, Shop
from jeongsan.fetch.slices import What
from jeongsan.reconcile.period import Period
from support.recorded_gateway import KEY, Row, settlement_row, transaction_row

LATER = datetime(2025, 6, 1, 12, tzinfo=KST)
DAYS = (date(2025, 4, 24), date(2025, 4, 26))


def key_of(number: int) -> str:
    """A transaction key."""
    return f"txrd_a{number:026d}"


def transactions_of(day: str, count: int, *, first: int = 0) -> list[Row]:
    """A row a second from noon, by time and key."""
    noon = datetime.fromisoformat(f"{day}T12:00:00+09:00")
    return [
        transaction_row(
            transactionKey=key_of(first + number),
            paymentKey=f"payment-{first + number}",
            transactionAt=(noon + timedelta(seconds=number // 3)).isoformat(),
            amount=1_000 + number,
        )
        for number in range(count)
    ]


def settlements_of(day: str, count: int, *, first: int = 0, **changes: Any) -> list[Row]:
    """Approvals of a sold date."""
    rows = (
        settlement_row(
            transactionKey=key_of(first + number), soldDate=day, amount=1_000 + number, cancel=None
        )
        for number in range(count)
    )
    return [row | changes for row in rows]


@dataclass
class Fetching:
    """`fetch` into one folder, as often as it is called."""

    address: str
    into: Path
    key: str = KEY
    now: datetime = LATER
    waits: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __call__(
        self,
        *,
        days: tuple[date, date] = DAYS,
        whats: Iterable[What] = tuple(What),
        shops: tuple[Shop, ...] | None = None,
        **options: Any,
    ) -> Any:
        """What `--json` would print of the run."""
        plan = Plan(self.address, Period(*days), tuple(whats), self.into, **options)
        machine = Machine(lambda: self.now, self.waits.append)
        outcomes = fetch(plan, shops or (Shop("default", self.key),), machine, self.told.append)
        return json.loads(json.dumps(outcome_view(plan, outcomes)))

    def shop(self, *, whole: bool = True, **options: Any) -> Any:
        """The same of the one shop that was asked for."""
        (found,) = self(**options)["shops"]
        assert found["whole"] is whole, found["problems"]
        return found

    def manifest(self, shop: str = "default") -> Any:
        """Its JSON."""
        return json.loads((self.into / shop / "manifest.json").read_bytes())

    def record(self, what: What, day: str, shop: str = "default") -> Any:
        """A slice in the manifest."""
        return self.manifest(shop)["slices"][what.value][day]

    def states(self, what: What) -> dict[str, str]:
        """Day → state."""
        return {day: record["state"] for day, record in self.manifest()["slices"][what.value].items()}

    def file(self, what: What, day: str, shop: str = "default") -> Path:
        """A slice's rows."""
        return self.into / shop / what.value / f"{day}.parquet"

    def contents(self) -> dict[str, bytes]:
        """Every Parquet file by its path."""
        return {str(p.relative_to(self.into)): p.read_bytes() for p in sorted(self.into.rglob("*.parquet"))}

    def rows(self, what: What, columns: str = "transactionKey", shop: str = "default") -> list[Any]:
        """Columns of all rows, as DuckDB reads them; a single one bare."""
        files = str(self.into / shop / what.value / "*.parquet")
        found = duckdb.sql(
            f"SELECT {columns} FROM read_parquet('{files}') ORDER BY transactionKey"
        ).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]


def once(act: Callable[[], None]) -> Callable[[str], None]:
    """For `RecordedGateway.between`: act after the first list, and never again."""
    left = [act]

    def between(_: str) -> None:
        if left:
            left.pop()()

    return between
