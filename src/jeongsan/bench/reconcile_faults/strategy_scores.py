"""The usual strategies and the reconciliation on one world, orders against transactions, by one measure."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jeongsan.bench.reconcile_faults.generate import WorldPlan, generate
from jeongsan.bench.reconcile_faults.strategies import STRATEGIES, Entry, Told
from jeongsan.reconcile.duck import open_workspace, run_script
from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.match.run import Circumstances, match

# (state, reasons, rows)
Statement = tuple[str, tuple[str, ...], tuple[tuple[str, int], ...]]
THE_RULES = "jeongsan"
# Two loops over twice as many rows take four times as long.
STRATEGY_ORDERS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class StrategyScore:
    """`hits` of `expected` labels were told with their state, reasons and rows, among `told` statements;
    `noticed` of `faulty` rows were in any statement, and `accused` rows without a fault were, too."""

    name: str
    orders: int
    expected: int
    told: int
    hits: int
    faulty: int
    noticed: int
    accused: int
    seconds: float

    @property
    def precision(self) -> float:
        """The share of statements that are right in everything."""
        return self.hits / self.told if self.told else 0.0

    @property
    def recall(self) -> float:
        """The share of labels that were told in everything."""
        return self.hits / self.expected if self.expected else 1.0


@dataclass(frozen=True, slots=True)
class _Truth:
    """What was made: how many payments, the labels' statements, and rows that say the same as another."""

    payments: int
    labels: list[Statement]
    copies: dict[tuple[str, int], int]

    def score(self, name: str, told: Iterable[Statement], seconds: float) -> StrategyScore:
        expected, found = Counter(map(self._same, self.labels)), Counter(map(self._same, told))
        faulty = {row for _, _, rows in expected for row in rows}
        named = {row for _, _, rows in found for row in rows}
        return StrategyScore(
            name=name,
            orders=self.payments,
            expected=expected.total(),
            told=found.total(),
            hits=(expected & found).total(),
            faulty=len(faulty),
            noticed=len(faulty & named),
            accused=len(named - faulty),
            seconds=seconds,
        )

    def _same(self, one: Statement) -> Statement:
        state, reasons, rows = one
        return state, reasons, tuple(sorted((side, self.copies.get((side, row), row)) for side, row in rows))


def compare_strategies(plan: WorldPlan, folder: Path, *, threads: int | None) -> list[StrategyScore]:
    """Every strategy on the orders and transactions of a generated world, the rules last; theirs is the time
    for all three comparisons. Raises NotInstalled."""
    connection = open_workspace(folder, threads=threads)
    try:
        world = generate(connection, plan)
        run_script(connection, __package__, "strategies.sql")
        copied = connection.table("labelled.copies").fetchall()
        copies = {(side, row): original for side, _, row, original in copied}
        truth = _Truth(plan.orders, _statements(connection, "expected_statements"), copies)
        orders = [Entry(*row) for row in connection.table("order_entries").fetchall()]
        transactions = [Entry(*row) for row in connection.table("transaction_entries").fetchall()]
        scores = []
        for name, strategy in STRATEGIES.items():
            begun = time.perf_counter()
            told = strategy(orders, transactions)
            spent = time.perf_counter() - begun
            scores.append(truth.score(name, [_statement(one) for one in told], spent))
        begun = time.perf_counter()
        match(connection, Circumstances(today=world.today, first=world.first, last=world.last))
        spent = time.perf_counter() - begun
        scores.append(truth.score(THE_RULES, _statements(connection, "found_statements"), spent))
        return scores
    finally:
        connection.close()


def _statements(connection: Any, view: str) -> list[Statement]:
    return [
        (state, tuple(reasons), tuple((side, place) for side, place in rows))
        for state, reasons, rows in connection.table(view).fetchall()
    ]


def _statement(one: Told) -> Statement:
    orders = [(Side.ORDERS.value, place) for place in one.orders]
    transactions = [(Side.TRANSACTIONS.value, place) for place in one.transactions]
    return one.state, (one.reason,), (*orders, *transactions)
