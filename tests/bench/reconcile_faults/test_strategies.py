"""The usual strategies: each finds what it is made for, and is measured by the same rows as the rules."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jeongsan.bench.reconcile_faults.generate import ORDERS_MIN, WorldPlan
from jeongsan.bench.reconcile_faults.strategies import (
    STRATEGIES,
    Entry,
    Strategy,
    nested_loops,
    row_by_row,
    similarity,
)
from jeongsan.bench.reconcile_faults.strategy_scores import THE_RULES, compare_strategies

DAY = date(2025, 3, 13)


def entry(place: int, order_id: str, amount: int = 10_000, day: date = DAY, kind: str = "APPROVAL") -> Entry:
    return Entry(place, kind, order_id, f"pay-{order_id}", None, "CARD", "KRW", Decimal(amount), day)


@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES.keys())
def test_every_strategy_tells_what_one_side_alone_has(strategy: Strategy) -> None:
    orders = [entry(2, "order-one"), entry(3, "only-ours", 7_000)]
    transactions = [
        entry(2, "order-one"),
        entry(3, "theirs-alone", 8_000),
        entry(4, "order-one", -500, kind="CANCEL"),
        entry(5, "never-paid", 900, kind="NO_MONEY"),
    ]
    told = {(one.reason.value, *one.orders, *one.transactions) for one in strategy(orders, transactions)}
    assert told == {("NOT_AT_GATEWAY", 3), ("PAID_UNKNOWN_HERE", 3), ("CANCELED_OUTSIDE", 4), ("NO_MONEY", 5)}


@pytest.mark.parametrize("strategy", [row_by_row, similarity])
@pytest.mark.parametrize(
    ("theirs", "reason"),
    [(entry(9, "order-one", 9_000), "AMOUNT"), (entry(9, "order-one", day=date(2025, 3, 14)), "DAY")],
)
def test_a_strategy_that_looks_further_names_what_differs(
    strategy: Strategy, theirs: Entry, reason: str
) -> None:
    (told,) = strategy([entry(2, "order-one")], [theirs])
    assert (told.state.value, told.reason.value, told.orders, told.transactions) == (
        "DIFFERENT",
        reason,
        (2,),
        (9,),
    )


def test_two_loops_take_a_transaction_once() -> None:
    told = nested_loops([entry(2, "order-one"), entry(3, "order-one")], [entry(2, "order-one")])
    assert [(one.reason.value, one.orders) for one in told] == [("NOT_AT_GATEWAY", (3,))]


def test_a_score_of_similarity_takes_a_cut_identifier() -> None:
    short = entry(2, "order-one-2025-000")
    (told,) = similarity([short], [entry(5, "order-one-2025-0001")])
    assert (told.state.value, told.orders, told.transactions) == ("DIFFERENT", (2,), (5,))


@pytest.mark.slow
@pytest.mark.parametrize("order_keys", ["payment", "order"])
def test_the_rules_find_more_than_any_strategy_and_accuse_nobody(tmp_path: Path, order_keys: str) -> None:
    plan = WorldPlan(ORDERS_MIN, order_keys=order_keys)
    *usual, rules = compare_strategies(plan, tmp_path, threads=1)
    assert [one.name for one in usual] == list(STRATEGIES)
    assert rules.name == THE_RULES
    for one in usual:
        assert 0 < one.recall < rules.recall
        assert one.precision < rules.precision
        assert one.noticed < rules.noticed
    assert rules.accused == 0
