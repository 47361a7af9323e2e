"""The score: full for the labels themselves, lower for whatever is wrong, nothing right by accident."""

from collections.abc import Iterator
from typing import Any

import pytest

from jeongsan.bench.reconcile_faults.generate import ORDERS_MIN, WorldPlan, generate
from jeongsan.bench.reconcile_faults.score import Score, score, summed, whole_checks
from jeongsan.reconcile.duck import open_workspace

pytestmark = pytest.mark.slow

# What a perfect reconciliation would say.
PERFECT = """
INSERT INTO outcomes BY NAME
SELECT comparison, label_number AS outcome_number, state, reasons, '' AS rule, '' AS shop, '' AS currency,
    0 AS left_count, 0 AS right_count, [] AS fields
FROM labelled.labels;
INSERT INTO members
SELECT comparison, label_number, side, file_id, row_number
FROM labelled.members JOIN labelled.labels USING (label_number);
INSERT INTO payouts
SELECT label_number, shop, currency, paid_out_date, 0, 0 FROM labelled.payouts;
INSERT INTO totals
SELECT 'TRANSACTION', 'ORDERS', 'MATCHED', '', '', currency, count(*), sum(amount)
FROM orders GROUP BY ALL UNION ALL
SELECT 'TRANSACTION', 'TRANSACTIONS', 'MATCHED', '', '', currency, count(*), sum(amount)
FROM transactions GROUP BY ALL UNION ALL
SELECT 'SETTLEMENT', 'TRANSACTIONS', 'MATCHED', '', '', currency, count(*), sum(amount)
FROM transactions WHERE kind <> 'NO_MONEY' GROUP BY ALL UNION ALL
SELECT 'SETTLEMENT', 'SETTLEMENTS', 'MATCHED', '', '', currency, count(*), sum(amount)
FROM settlements GROUP BY ALL UNION ALL
SELECT 'DEPOSIT', 'SETTLEMENTS', 'MATCHED', '', '', currency, count(*), sum(pay_out_amount)
FROM settlements GROUP BY ALL UNION ALL
SELECT 'DEPOSIT', 'BANK', 'MATCHED', '', '', currency, count(*), sum(amount) FROM bank GROUP BY ALL;
"""


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    connection = open_workspace(tmp_path_factory.mktemp("world"), threads=1)
    generate(connection, WorldPlan(ORDERS_MIN))
    yield connection
    connection.close()


@pytest.fixture
def perfect(labelled: Any) -> Any:
    """A world of which everything was found."""
    for table in ("outcomes", "members", "payouts", "totals"):
        labelled.execute(f"DELETE FROM {table}")
    labelled.execute(PERFECT)
    return labelled


def scored(connection: Any) -> dict[str, Score]:
    return {one.name: one for one in score(connection)}


def one_of(connection: Any, kind: str) -> int:
    ((number,),) = connection.execute(
        "SELECT min(label_number) FROM labelled.labels WHERE kind = ?", [kind]
    ).fetchall()
    return int(number)


def test_the_labels_themselves_score_full(perfect: Any) -> None:
    scores = score(perfect)
    assert {(one.precision, one.recall) for one in scores} == {(1.0, 1.0)}
    assert not any(one.name.startswith("no fault") for one in scores)
    checks = whole_checks(perfect)
    assert len(checks) > 10
    assert all(one.holds for one in checks)


def test_another_reason_is_a_miss_and_an_alarm(perfect: Any) -> None:
    number = one_of(perfect, "method_in_order")
    perfect.execute("UPDATE outcomes SET reasons = ['AMOUNT'] WHERE outcome_number = ?", [number])
    found = scored(perfect)["method_in_order"]
    assert (found.expected, found.hits, found.alarms) == (3, 2, 1)
    assert found.precision == found.recall == 2 / 3


def test_another_state_is_a_miss_and_an_alarm(perfect: Any) -> None:
    number = one_of(perfect, "carried_over")
    perfect.execute("UPDATE outcomes SET state = 'DIFFERENT' WHERE outcome_number = ?", [number])
    found = scored(perfect)["carried_over"]
    assert found.hits == found.expected - 1
    assert found.alarms == 1


def test_what_was_not_found_lowers_recall_alone(perfect: Any) -> None:
    number = one_of(perfect, "not_settled")
    for table in ("outcomes", "members"):
        perfect.execute(f"DELETE FROM {table} WHERE outcome_number = ?", [number])
    found = scored(perfect)["not_settled"]
    assert found.precision == 1.0
    assert found.recall == 2 / 3


def test_the_right_finding_about_the_wrong_rows_is_none(perfect: Any) -> None:
    first = one_of(perfect, "cancel_in_parts")
    perfect.execute(
        "DELETE FROM members WHERE outcome_number = ? AND side = 'TRANSACTIONS' AND row_number = "
        "(SELECT min(row_number) FROM members WHERE outcome_number = ? AND side = 'TRANSACTIONS')",
        [first, first],
    )
    found = scored(perfect)["cancel_in_parts"]
    assert (found.hits, found.alarms) == (2, 1)


def test_a_payout_too_many_makes_a_finding_wrong(perfect: Any) -> None:
    number = one_of(perfect, "deposit_merged")
    perfect.execute("INSERT INTO payouts VALUES (?, 'saebyeok', 'KRW', DATE '2025-06-30', 1, 1)", [number])
    assert scored(perfect)["deposit_merged"].hits == 0


def test_either_of_two_rows_that_say_the_same_may_be_named(perfect: Any) -> None:
    perfect.execute(
        "UPDATE members SET row_number = original FROM labelled.copies AS copy "
        "WHERE members.side = copy.side AND members.row_number = copy.row_number"
    )
    assert {one.recall for one in score(perfect)} == {1.0}


def test_a_finding_about_a_row_without_fault_is_nobodys(perfect: Any) -> None:
    perfect.execute(
        "INSERT INTO outcomes BY NAME SELECT 'SETTLEMENT' AS comparison, 900000 AS outcome_number, "
        "'ONE_SIDED' AS state, ['NOT_SETTLED'] AS reasons, '' AS rule, '' AS shop, '' AS currency, "
        "1 AS left_count, 0 AS right_count, [] AS fields"
    )
    perfect.execute(
        "INSERT INTO members SELECT 'SETTLEMENT', 900000, 'TRANSACTIONS', 2, min(row_number) "
        "FROM transactions "
        "WHERE row_number NOT IN (SELECT row_number FROM labelled.members WHERE side = 'TRANSACTIONS')"
    )
    alarm = scored(perfect)["no fault: SETTLEMENT ONE_SIDED NOT_SETTLED"]
    assert (alarm.expected, alarm.alarms, alarm.precision) == (0, 1, 0.0)
    assert summed("all", score(perfect)).alarms == 1


def test_a_row_used_twice_breaks_a_check(perfect: Any) -> None:
    perfect.execute("INSERT INTO members SELECT * FROM members WHERE comparison = 'SETTLEMENT' LIMIT 1")
    score(perfect)
    assert [one.name for one in whole_checks(perfect) if not one.holds] == ["no row twice in SETTLEMENT"]


def test_a_row_lost_breaks_a_check(perfect: Any) -> None:
    perfect.execute("UPDATE totals SET row_count = row_count - 1 WHERE side = 'BANK' AND currency = 'KRW'")
    perfect.execute("UPDATE totals SET amount = amount + 0.01 WHERE side = 'ORDERS' AND currency = 'USD'")
    score(perfect)
    broken = [one.name for one in whole_checks(perfect) if not one.holds]
    assert broken == ["totals of DEPOSIT BANK KRW", "totals of TRANSACTION ORDERS USD"]
