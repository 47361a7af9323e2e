"""From a deposit down to every payment: nothing twice, nothing lost, sums that agree."""

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from jeongsan.reconcile.match.codes import State
from jeongsan.reconcile.report.drill_down import drill_down, row_count
from jeongsan.reconcile.report.events import ExceptionBook
from jeongsan.reconcile.report.result import BankLine, DepositGroup, Payout, PayoutRow, Result
from support.reported import Tables, agrees, deposit, filled, settle


@pytest.fixture
def result(connection: duckdb.DuckDBPyConnection) -> Result:
    return Result(connection, ExceptionBook())


def test_rows_of_a_payout_come_to_what_it_pays(result: Result) -> None:
    rows: dict[int, Decimal] = {}
    payouts: dict[int, Decimal] = {}
    for step in drill_down(result, rows_max=1_000):
        if isinstance(step, Payout):
            payouts[step.payout_number] = step.amount
        elif isinstance(step, PayoutRow):
            assert step.pay_out_amount is not None
            rows[step.payout_number] = rows.get(step.payout_number, Decimal(0)) + step.pay_out_amount
    assert rows == payouts
    assert row_count(result) == 51


def test_deposits_that_agree_lead_to_their_payouts_too(result: Result) -> None:
    """They are no outcomes, being plain."""
    steps = [*drill_down(result, rows_max=1_000)]
    assert [type(step) for step in steps[:6]] == [DepositGroup, BankLine, Payout, *[PayoutRow] * 3]
    first = steps[0]
    assert isinstance(first, DepositGroup)
    assert (first.id, first.state, first.left_amount) == ("", State.MATCHED, first.right_amount)


def test_a_late_deposit_leads_to_the_day_it_was_due(result: Result) -> None:
    steps = [*drill_down(result, rows_max=1_000)]
    late = next(
        step for step in steps if isinstance(step, DepositGroup) and step.right_day == date(2025, 4, 28)
    )
    of_it = [step for step in steps if step.group_number == late.group_number]
    assert [step.paid_out_date for step in of_it if isinstance(step, Payout)] == [date(2025, 4, 24)]
    assert [step.order_id for step in of_it if isinstance(step, PayoutRow)] == ["order-0500", "order-0501"]


def test_money_of_others_is_left_out(result: Result) -> None:
    assert "임대료" not in {
        step.memo for step in drill_down(result, rows_max=1_000) if isinstance(step, BankLine)
    }


def test_above_the_limit_the_last_rows_are_left_out(result: Result) -> None:
    steps = [*drill_down(result, rows_max=4)]
    assert sum(isinstance(step, PayoutRow) for step in steps) == 4
    assert sum(isinstance(step, Payout) for step in steps) == 18


def test_equal_payouts_of_a_day_take_a_line_each() -> None:
    tables = Tables()
    day = date(2025, 4, 1)
    settle(tables, 1, day, [1_000])
    settle(tables, 2, day, [1_000])
    tables.rows["settlements"][1]["shop"] = "other"
    deposit(tables, 1, day, 968)
    deposit(tables, 2, day, 968)
    agrees(tables, day, 1, 968, 1)
    agrees(tables, day, 1, 968, 2, shop="other")
    with filled(tables) as connection:
        steps = [*drill_down(Result(connection, ExceptionBook()), rows_max=10)]
    assert [type(step) for step in steps] == [DepositGroup, BankLine, Payout, PayoutRow] * 2


def test_money_per_day_has_what_was_due_and_what_came(result: Result) -> None:
    days = {one.day: (one.expected, one.arrived) for one in result.money_per_day()}
    assert days[date(2025, 4, 24)] == (Decimal(251_680), Decimal(0))
    assert days[date(2025, 4, 28)] == (Decimal(0), Decimal(251_680))
    assert days[date(2025, 4, 29)] == (Decimal(464_640), Decimal(0))
