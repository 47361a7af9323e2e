"""Payouts: what is transferred, what is carried over, and a clearing account that ends at zero."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.ledger import Account
from jeongsan.domain.payout import PayoutSum, payout_moves, sum_up

AMOUNTS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("due", "carried_in", "transferred", "carried_out"),
    [
        (10_000, 0, 10_000, 0),
        (-3_000, 0, 0, -3_000),
        (10_000, -3_000, 7_000, 0),
        (2_000, -3_000, 0, -1_000),
        (3_000, -3_000, 0, 0),
        (-1, -3_000, 0, -3_001),
        (0, 0, 0, 0),
    ],
)
def test_a_debt_is_set_off_before_anything_is_transferred(
    due: int, carried_in: int, transferred: int, carried_out: int
) -> None:
    payout = sum_up(acquired=due, due=due, carried_in=carried_in)
    assert (payout.transferred, payout.carried_out) == (transferred, carried_out)


def test_only_debts_are_carried_over() -> None:
    with pytest.raises(ValueError, match="debts"):
        sum_up(acquired=0, due=0, carried_in=1)


@given(AMOUNTS, AMOUNTS, st.integers(-(10**12), 0))
def test_nothing_is_lost_between_due_transferred_and_carried(
    acquired: int, due: int, carried_in: int
) -> None:
    payout = sum_up(acquired=acquired, due=due, carried_in=carried_in)
    assert payout.transferred + payout.carried_out == due + carried_in
    assert payout.transferred >= 0 >= payout.carried_out
    assert payout.transferred == 0 or payout.carried_out == 0


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=10))
def test_over_many_days_clearing_is_empty_and_the_receivable_is_what_is_still_owed(
    days: list[tuple[int, int]],
) -> None:
    sums: Counter[Account] = Counter()
    carried = 0
    payouts: list[PayoutSum] = []
    for acquired, due in days:
        payouts.append(sum_up(acquired=acquired, due=due, carried_in=carried))
        carried = payouts[-1].carried_out
        for move in payout_moves(payouts[-1]):
            sums[move.debit] += move.amount
            sums[move.credit] -= move.amount
        assert sums[Account.PAYOUT_CLEARING] == 0
        assert sums[Account.MERCHANT_RECEIVABLE] == -carried
    assert sums[Account.MERCHANT_PAYABLE] == sum(due for _, due in days)
    assert sums[Account.ACQUIRER_RECEIVABLE] == -sum(acquired for acquired, _ in days)
    transferred = sum(payout.transferred for payout in payouts)
    assert sums[Account.BANK] == sum(acquired for acquired, _ in days) - transferred
