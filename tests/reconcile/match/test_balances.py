"""What is left of a payment before and after a cancel: only where it is certain."""

from dataclasses import replace

import pytest

from jeongsan.reconcile.expect.statements import run_rules
from support.settled import Settled, approval, cancel, put, workspace

pytestmark = pytest.mark.slow

PAID = approval(1, "2025-02-03 12:00:00", 10_000, 352)
FIRST = cancel(PAID, 1, -3_000, -106)
SECOND = cancel(PAID, 2, -4_000, -141)
REST = cancel(PAID, 3, -3_000, -105)


def balances(
    *rows: Settled, listed: tuple[Settled, ...] = (), ordered: tuple[Settled, ...] = ()
) -> dict[int, tuple[int, int]]:
    """Row number → (before, after)."""
    connection = workspace(*rows)
    put(connection, "transactions", listed)
    put(connection, "orders", ordered)
    run_rules(connection, "balances")
    found = connection.execute(
        "SELECT row_number, before_amount, after_amount FROM cancel_balances"
    ).fetchall()
    return {number: (int(before), int(after)) for number, before, after in found}


def test_a_whole_cancel_leaves_nothing() -> None:
    assert balances(PAID, cancel(PAID, 1, -10_000, -352)) == {1_001: (10_000, 0)}


def test_parts_follow_each_other_in_order_of_time_not_of_rows() -> None:
    wanted = {1_001: (10_000, 7_000), 1_002: (7_000, 3_000), 1_003: (3_000, 0)}
    assert balances(REST, SECOND, PAID, FIRST) == wanted
    assert balances(PAID, FIRST, SECOND, REST) == wanted


def test_a_copy_of_a_row_is_no_other_cancel() -> None:
    copy = replace(FIRST, file_id=2, row_number=77)
    assert balances(PAID, FIRST, SECOND, copy) == {
        1_001: (10_000, 7_000),
        1_002: (7_000, 3_000),
        77: (10_000, 7_000),
    }


def test_what_is_not_settled_but_listed_counts() -> None:
    """The approval was settled in an older file, a cancel has no row."""
    assert balances(SECOND, listed=(PAID, FIRST, SECOND)) == {1_002: (7_000, 3_000)}


def test_an_approval_in_no_list_is_taken_from_the_order() -> None:
    assert balances(FIRST, ordered=(PAID,)) == {1_001: (10_000, 7_000)}


def test_without_the_approval_nothing_is_known() -> None:
    assert balances(FIRST) == {}
    assert balances(FIRST, ordered=(PAID, replace(PAID, row_number=2))) == {}


def test_two_deposits_of_one_payment_leave_open_which_is_taken_back() -> None:
    again = replace(PAID, row_number=2, transaction_key="t-other")
    assert balances(PAID, again, FIRST) == {}


def test_cancels_of_one_moment_have_no_order() -> None:
    together = replace(SECOND, occurred_at=FIRST.occurred_at)
    assert balances(PAID, FIRST, together) == {}


def test_sides_that_disagree_about_an_amount_are_not_believed() -> None:
    assert balances(replace(PAID, amount=9_000), FIRST, SECOND, listed=(PAID, FIRST, SECOND)) == {}


def test_a_key_that_is_damaged_on_one_side_is_not_counted_twice() -> None:
    damaged = replace(FIRST, transaction_key="t-1-c")
    assert balances(PAID, damaged, SECOND, listed=(PAID, FIRST, SECOND)) == {}


def test_more_than_was_paid_cannot_be_cancelled() -> None:
    assert balances(PAID, FIRST, cancel(PAID, 2, -8_000, -282)) == {1_001: (10_000, 7_000)}


def test_rows_without_keys_of_their_own_count_by_themselves() -> None:
    rows = [replace(one, transaction_key=None) for one in (PAID, FIRST, SECOND)]
    assert balances(*rows, listed=(PAID, FIRST, SECOND)) == {1_001: (10_000, 7_000), 1_002: (7_000, 3_000)}
