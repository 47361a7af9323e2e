"""The made-up world: consistent where nothing is wrong, labelled where something is, the same for a seed."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bench.reconcile_faults.cases import World
from jeongsan.bench.reconcile_faults.contract_terms import SHOPS, Banks, due, eleventh, minor_unit, tariffs
from jeongsan.bench.reconcile_faults.generate import ORDERS_MIN, WorldPlan
from jeongsan.bench.reconcile_faults.harmless import HARMLESS
from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile import due_days, fee_rates

# Many runs of the whole rule book.
pytestmark = pytest.mark.slow

Made = tuple[Any, World]
DEPOSIT_KINDS = {
    "carried_over", "deposit_a_day_late", "deposit_after_holiday", "deposit_amount", "deposit_early",
    "deposit_lacks_row", "deposit_late", "deposit_merged", "deposit_merged_beside_missing", "deposit_missing",
    "deposit_regrouped", "deposit_split", "deposit_unknown", "deposits_gathered", "equal_payouts",
    "older_deposit", "other_deposit", "payout_not_due",
}  # fmt: skip
TABLES = ("orders", "transactions", "settlements", "bank")


def rows(connection: Any, question: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(question).fetchall()
    return found


def contents(connection: Any) -> list[list[tuple[Any, ...]]]:
    tables = (*TABLES, "labelled.labels", "labelled.members", "labelled.payouts", "labelled.copies")
    return [rows(connection, f"FROM {table} ORDER BY ALL") for table in tables]


def test_a_seed_makes_the_same_rows_and_labels_again(made: Callable[[WorldPlan], Made]) -> None:
    plan, again, other = WorldPlan(ORDERS_MIN, 7), WorldPlan(ORDERS_MIN, 7, days=78), WorldPlan(ORDERS_MIN, 8)
    assert contents(made(plan)[0]) == contents(made(again)[0])
    assert contents(made(plan)[0])[0] != contents(made(other)[0])[0]


def test_every_kind_of_fault_occurs(world: Made) -> None:
    connection, facts = world
    plan = WorldPlan(ORDERS_MIN, order_keys=facts.order_keys)
    kinds = {kind for (kind,) in rows(connection, "SELECT DISTINCT kind FROM labelled.labels")}
    faults = {one.name for one in plan.faults} - {one.name for one in HARMLESS}
    assert kinds >= faults | DEPOSIT_KINDS
    assert len(kinds) >= 70


def test_labels_name_rows_and_payouts_that_exist(world: Made) -> None:
    connection, _ = world
    named = Counter(side for (side,) in rows(connection, "SELECT side FROM labelled.members"))
    there = Counter()
    for table in TABLES:
        joined = f"SELECT side FROM labelled.members JOIN {table} USING (file_id, row_number)"
        there.update(side for (side,) in rows(connection, f"{joined} WHERE side = '{table.upper()}'"))
    assert named == there
    assert set(named) == {table.upper() for table in TABLES}
    lost = "FROM labelled.payouts ANTI JOIN settlements USING (shop, currency, paid_out_date)"
    assert rows(connection, lost) == []
    empty = (
        "FROM labelled.labels ANTI JOIN (SELECT label_number FROM labelled.members UNION ALL "
        "SELECT label_number FROM labelled.payouts) USING (label_number)"
    )
    assert rows(connection, empty) == []


def test_a_row_has_one_kind_of_fault_only(world: Made) -> None:
    connection, _ = world
    twice = rows(
        connection,
        "SELECT side, file_id, row_number FROM labelled.members JOIN labelled.labels USING (label_number) "
        "GROUP BY ALL HAVING count(DISTINCT kind) > 1 OR count(*) > count(DISTINCT comparison)",
    )
    assert twice == []


UNLABELLED = (
    "SELECT {columns} FROM {table} ANTI JOIN (FROM labelled.members JOIN labelled.labels "
    "USING (label_number) WHERE comparison = '{comparison}' AND side = upper('{table}')) "
    "USING (file_id, row_number)"
)


def test_orders_and_transactions_without_a_label_agree(world: Made) -> None:
    connection, _ = world
    # What a book may leave out (method, identifiers, time) is not asked.
    asked = {"columns": "shop, kind, currency, amount, day", "comparison": "TRANSACTION"}
    ours = Counter(rows(connection, UNLABELLED.format(table="orders", **asked)))
    theirs = Counter(rows(connection, UNLABELLED.format(table="transactions", **asked)))
    assert ours == theirs
    assert ours.total() > ORDERS_MIN


def test_transactions_and_settlements_without_a_label_agree(world: Made) -> None:
    connection, _ = world
    columns = "transaction_key, payment_key, order_id, kind, currency, amount, tax_free, vat, method, day"
    asked = {"columns": columns, "comparison": "SETTLEMENT"}
    listed = UNLABELLED.format(table="transactions", **asked) + " WHERE kind <> 'NO_MONEY'"
    transactions = Counter(rows(connection, listed))
    settled = Counter(rows(connection, UNLABELLED.format(table="settlements", **asked)))
    assert transactions == settled


def test_settlements_without_a_label_keep_to_the_contract(world: Made) -> None:
    connection, _ = world
    columns = (
        "shop, method, card_kind, kind, currency, amount, fee, base_fee, supply_amount, fee_vat, "
        "pay_out_amount, day, sold_date, paid_out_date"
    )
    agreed = {(one.shop, one.method, one.card_kind): one for one in tariffs()}
    shops, banks = {one.shop: one for one in SHOPS}, Banks()
    found = rows(connection, UNLABELLED.format(columns=columns, table="settlements", comparison="SETTLEMENT"))
    for (
        shop,
        method,
        card_kind,
        kind,
        currency,
        amount,
        fee,
        base,
        supply,
        vat,
        paid,
        day,
        sold,
        out,
    ) in found:
        step = minor_unit(currency)
        if kind == "APPROVAL":
            assert base == agreed[shop, method, card_kind].fee(int(amount / step)) * step
        assert supply + vat == fee
        assert vat == eleventh(fee, currency)
        assert paid == amount - fee
        assert (sold, out) == due(shops[shop], method, day, banks)


def test_parts_that_cancel_a_payment_give_back_its_whole_fee(world: Made) -> None:
    connection, _ = world
    left = rows(
        connection,
        "SELECT payment_key FROM settlements WHERE method = 'CARD' AND NOT EXISTS (FROM labelled.members "
        "AS named WHERE named.side = 'SETTLEMENTS' AND named.row_number = settlements.row_number) "
        "GROUP BY payment_key HAVING sum(amount) = 0 AND count(*) > 1 AND sum(base_fee) <> 0",
    )
    assert left == []


def test_payouts_without_a_label_arrive_on_their_day(world: Made) -> None:
    connection, facts = world
    missing = rows(
        connection,
        "SELECT shop, currency, paid_out_date AS day, sum(pay_out_amount)::DECIMAL(18, 2) AS amount "
        "FROM settlements ANTI JOIN labelled.payouts USING (shop, currency, paid_out_date) GROUP BY ALL "
        "EXCEPT ALL SELECT shop, bank.currency, day, bank.amount "
        "FROM bank, (SELECT DISTINCT shop FROM settlements)",
    )
    assert missing == []
    lines = rows(connection, "SELECT min(day), max(day) FROM bank WHERE file_id = 4")
    assert lines[0][1] == facts.last


@given(st.sampled_from(tariffs()), st.integers(1, 20_000_000))
def test_fees_are_those_of_the_published_rounding(tariff: Any, minor: int) -> None:
    """Compared with the arithmetic of the merchant's tools, which shares no line with this one."""
    theirs = fee_rates.Tariff(tariff.rate, tariff.fixed, fee_rates.Rounding.B)
    assert tariff.fee(minor) == theirs.fee(minor)


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sampled_from(["CARD", "TRANSFER"]))
def test_dates_are_counted_like_the_payout_tables_that_gateways_publish(day: date, method: str) -> None:
    days = SHOPS[0].card_days if method == "CARD" else 3
    rule = due_days.BusinessDays(days, due_days.Anchor.EXCLUSIVE)
    expected = due_days.due(rule, day, due_days.OpenDays(korean_holidays()))
    assert due(SHOPS[0], method, day, Banks()) == (day, expected)


def test_a_world_too_small_for_every_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        WorldPlan(ORDERS_MIN - 1)
    with pytest.raises(ValueError, match="order_keys"):
        WorldPlan(ORDERS_MIN, order_keys="name")


def test_more_orders_have_more_faults_of_each_kind() -> None:
    few, many = WorldPlan(ORDERS_MIN), WorldPlan(1_000_000)
    assert few.per_kind < many.per_kind
    assert few.last < many.last


@pytest.mark.slow
def test_a_hundred_thousand_orders_have_hundreds_of_faults(
    made: Callable[[WorldPlan], Made], tmp_path: Path
) -> None:
    connection, _ = made(WorldPlan(100_000))
    counted = rows(connection, "SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM labelled.labels)")
    assert counted[0][0] > 100_000
    assert counted[0][1] > 500
