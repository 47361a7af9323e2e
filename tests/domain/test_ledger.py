"""The books: postings that cannot be unbalanced, and moves that bring every won somewhere."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.ledger import Account, Move, Posting, approval_moves, cancel_moves, day_close_moves
from jeongsan.domain.settlement import row
from support.examples import a_contract, a_transaction

KOREA = korean_calendar({})


def balances(moves: tuple[Move, ...]) -> Counter[Account]:
    """Debits less credits per account."""
    sums: Counter[Account] = Counter()
    for move in moves:
        sums[move.debit] += move.amount
        sums[move.credit] -= move.amount
    return sums


def _posting(amount: int, debit: Account, credit: Account) -> Posting:
    return Posting(1, 1, debit, credit, amount, "KRW", "approval", 1, None, 0)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_posting_moves_an_amount_above_zero(amount: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        _posting(amount, Account.BANK, Account.ACQUIRER_RECEIVABLE)


def test_a_posting_has_two_different_accounts() -> None:
    with pytest.raises(ValueError, match="two different accounts"):
        _posting(1, Account.BANK, Account.BANK)


@given(st.integers(-(10**15), 10**15))
def test_a_move_is_oriented_so_that_it_can_be_posted(amount: int) -> None:
    move = Move(Account.BANK, Account.ACQUIRER_RECEIVABLE, amount)
    oriented = move.oriented()
    if amount == 0:
        assert oriented is None
        return
    assert oriented is not None
    posting = _posting(oriented.amount, oriented.debit, oriented.credit)
    assert posting.amount == abs(amount)
    assert balances((oriented,)) == balances((move,))


def test_a_cancel_is_the_reverse_of_its_approval() -> None:
    sums = balances((*approval_moves(15_000, waits=False), *cancel_moves(15_000, waits=False)))
    assert set(sums.values()) == {0}
    assert balances(approval_moves(15_000, waits=False)) == {
        Account.ACQUIRER_RECEIVABLE: 15_000,
        Account.MERCHANT_UNSETTLED: -15_000,
    }


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.sets(st.integers(1, 10**9), max_size=4)), max_size=8),
    st.integers(0, 100_000),
)
def test_closing_a_day_empties_the_unsettled_account_to_the_last_won(
    payments: list[tuple[int, set[int]]], rate_ppm: int
) -> None:
    """Approvals and cancels went to 2100 during the day; the rows take exactly that out again."""
    terms = a_contract(rate_ppm=rate_ppm)
    moves: list[Move] = []
    rows = []
    for total, cuts in payments:
        moves.extend(approval_moves(total, waits=False))
        for before, after in pairwise(
            [0, total, *sorted((cut for cut in cuts if cut < total), reverse=True)]
        ):
            if after < before:
                moves.extend(cancel_moves(before - after, waits=False))
            rows.append(row(a_transaction(before, after, settle_day=date(2025, 4, 25)), terms, KOREA))
    sums = balances((*moves, *day_close_moves(rows)))
    assert sums[Account.MERCHANT_UNSETTLED] == 0
    assert -sums[Account.MERCHANT_PAYABLE] == sum(settled.pay_out_amount for settled in rows)
    assert -(sums[Account.FEE_REVENUE] + sums[Account.VAT_PAYABLE]) == sum(settled.fee for settled in rows)
    assert sums.total() == 0
