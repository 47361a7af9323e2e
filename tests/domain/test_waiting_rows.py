"""Rows of what waited, and of deposits: which bucket they fall into, and that their sums are exact."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.instants import kst_midnight
from jeongsan.domain.methods import Method
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.release import settling
from jeongsan.domain.settlement import SettlementRow, row, settle_day, sold_date_of
from jeongsan.domain.terms import Conditions, FeeOnCancel, Price, SoldOn, Terms
from jeongsan.domain.transactions import Kind, Transaction
from support.examples import a_contract, a_transaction, terms_with

KOREA = korean_calendar({})
DEPOSITED = date(2025, 6, 26)


def a_deposit(amount: int, day: date = DEPOSITED, **changes: object) -> Transaction:
    return a_transaction(0, amount, settle_day=day, transacted_at=kst_midnight(day), **changes)


def a_reversal(deposit: Transaction, day: date) -> Transaction:
    """The bank took a deposit back: no cancel was ever asked for."""
    return replace(
        deposit,
        transaction_id=deposit.transaction_id + 1,
        transaction_key="txrd_a2",
        kind=Kind.DEPOSIT_REVERSAL,
        balance_before=deposit.balance_after,
        balance_after=0,
        transacted_at=kst_midnight(day),
        settle_day=day,
    )


def virtual_accounts() -> Terms:
    """As published: 300 won each, kept on a cancel, and 300 won for a refund."""
    found = next(
        one for one in published_contract("tosspayments").agreements if one.method is Method.VIRTUAL_ACCOUNT
    )
    assert found.conditions.fee_on_cancel is FeeOnCancel.KEPT
    return terms_with(found.conditions, Method.VIRTUAL_ACCOUNT)


def sums(*rows: SettlementRow) -> tuple[int, ...]:
    names = ("amount", "fee", "supply_amount", "vat", "pay_out_amount")
    return tuple(sum(getattr(one, name) for one in rows) for name in names)


@pytest.mark.parametrize("terms", [virtual_accounts(), a_contract()], ids=["fixed, kept", "rate, returned"])
def test_a_reversed_deposit_is_minus_its_approval_even_where_a_cancel_keeps_the_fee(terms: Terms) -> None:
    deposit = a_deposit(15_000)
    approved, reversed_ = (row(one, terms, KOREA) for one in (deposit, a_reversal(deposit, DEPOSITED)))
    assert approved.fee > 0
    assert reversed_ == replace(
        approved,
        transaction_id=reversed_.transaction_id,
        amount=-approved.amount,
        fees=tuple(replace(line, fee=-line.fee) for line in approved.fees),
        fee=-approved.fee,
        supply_amount=-approved.supply_amount,
        vat=-approved.vat,
        pay_out_amount=-approved.pay_out_amount,
    )
    assert sums(approved, reversed_) == (0, 0, 0, 0, 0)


def test_a_reversal_of_a_later_day_is_dated_by_that_day() -> None:
    deposit = a_deposit(15_000)
    later = row(a_reversal(deposit, date(2025, 6, 30)), virtual_accounts(), KOREA)
    assert (later.sold_date, later.paid_out_date) == (date(2025, 6, 30), date(2025, 7, 3))


def test_a_cancel_of_the_same_deposit_keeps_the_fee_and_costs_a_refund() -> None:
    """What sets a reversal apart: a cancel is the merchant's doing."""
    terms = virtual_accounts()
    deposit = a_deposit(15_000)
    cancel = replace(a_reversal(deposit, DEPOSITED), kind=Kind.CANCEL)
    assert sums(row(deposit, terms, KOREA), row(cancel, terms, KOREA))[:2] == (0, 330 + 330)


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.sampled_from([virtual_accounts(), a_contract(), a_contract(rate_ppm=0)]),
    st.integers(0, 40),
)
def test_a_second_deposit_is_another_approval_and_takes_nothing_from_the_first(
    first: int, second: int, terms: Terms, days: int
) -> None:
    """Both rows stand; reversing the second leaves exactly the first."""
    day = DEPOSITED + timedelta(days)
    deposits = a_deposit(first), a_deposit(second, day, transaction_id=7)
    one, two = (row(deposit, terms, KOREA) for deposit in deposits)
    back = row(a_reversal(deposits[1], day), terms, KOREA)
    assert (one.amount, two.amount) == (first, second)
    assert sums(one, two) == tuple(a + b for a, b in zip(sums(one), sums(two), strict=True))
    assert sums(one, two, back) == sums(one)
    assert one.transaction_id != two.transaction_id


@pytest.mark.parametrize(
    ("cycle", "released", "sold"),
    [
        (Cycle.WEEKLY, "2024-12-29", "2024-12-29"),
        (Cycle.WEEKLY, "2024-12-30", "2025-01-05"),
        (Cycle.WEEKLY, "2024-12-31", "2025-01-05"),
        (Cycle.WEEKLY, "2025-01-05", "2025-01-05"),
        (Cycle.WEEKLY, "2024-02-26", "2024-03-03"),
        (Cycle.WEEKLY, "2024-02-29", "2024-03-03"),
        (Cycle.WEEKLY, "2025-02-28", "2025-03-02"),
        (Cycle.MONTHLY, "2024-12-31", "2024-12-31"),
        (Cycle.MONTHLY, "2025-01-01", "2025-01-31"),
        (Cycle.MONTHLY, "2024-02-28", "2024-02-29"),
        (Cycle.MONTHLY, "2024-02-29", "2024-02-29"),
        (Cycle.MONTHLY, "2025-02-28", "2025-02-28"),
        (Cycle.MONTHLY, "2024-03-01", "2024-03-31"),
    ],
)
def test_a_released_row_falls_into_the_week_or_month_of_its_release(
    cycle: Cycle, released: str, sold: str
) -> None:
    waiting = a_transaction(0, 1_600, settle_day=None, transacted_at=kst_midnight(date(2023, 11, 1)))
    day = settle_day(kst_midnight(date.fromisoformat(released)), date(2023, 11, 1))
    settled = row(settling(waiting, day), a_contract(cycle=cycle), KOREA)
    assert (settled.settle_day.isoformat(), settled.sold_date.isoformat()) == (released, sold)
    assert settled.paid_out_date > settled.sold_date


@pytest.mark.parametrize("cycle", Cycle)
def test_sold_on_the_transaction_a_row_is_dated_back_but_never_paid_early(cycle: Cycle) -> None:
    waiting = a_transaction(0, 1_600, settle_day=None, transacted_at=kst_midnight(date(2024, 2, 29)))
    by_transaction = a_contract(cycle=cycle, sold_on=SoldOn.TRANSACTION)
    by_release = a_contract(cycle=cycle)
    settled = settling(waiting, date(2024, 12, 31))
    back, forth = row(settled, by_transaction, KOREA), row(settled, by_release, KOREA)
    assert back.sold_date == row(replace(settled, settle_day=date(2024, 2, 29)), by_release, KOREA).sold_date
    assert back.sold_date < date(2024, 4, 1)
    assert back.paid_out_date == forth.paid_out_date > date(2024, 12, 31)
    assert (back.amount, back.fees, back.pay_out_amount) == (forth.amount, forth.fees, forth.pay_out_amount)


DAYS = st.dates(date(2023, 1, 1), date(2026, 6, 30))


@given(
    traded=DAYS,
    waited=st.integers(0, 400),
    cycle=st.sampled_from(Cycle),
    sold_on=st.sampled_from(SoldOn),
    total=st.integers(1, 10**9),
    cuts=st.sets(st.integers(1, 10**9), max_size=4),
)
def test_whatever_waited_with_its_cancels_settles_on_one_day_and_to_the_fee_of_what_is_left(
    traded: date, waited: int, cycle: Cycle, sold_on: SoldOn, total: int, cuts: set[int]
) -> None:
    terms = a_contract(cycle=cycle, sold_on=sold_on)
    release_day = traded + timedelta(waited)
    balances = [0, total, *sorted((cut for cut in cuts if cut < total), reverse=True)]
    waiting = [
        a_transaction(before, after, settle_day=None, transacted_at=kst_midnight(traded) + n)
        for n, (before, after) in enumerate(itertools.pairwise(balances))
    ]
    rows = [row(settling(one, release_day), terms, KOREA) for one in waiting]
    alone = row(a_transaction(0, balances[-1], settle_day=release_day), terms, KOREA)
    assert sums(*rows)[:2] == sums(alone)[:2]
    assert sums(*rows)[4] == alone.pay_out_amount
    assert len({(one.sold_date, one.paid_out_date) for one in rows}) == 1
    for one in rows:
        assert one.paid_out_date > release_day
        assert one.sold_date == sold_date_of(release_day, traded, terms.conditions)


def test_without_a_wait_both_ways_of_dating_agree() -> None:
    for cycle in Cycle:
        conditions = [
            Conditions(base=Price(0), payout=a_contract().conditions.payout, cycle=cycle, sold_on=sold_on)
            for sold_on in SoldOn
        ]
        assert len({sold_date_of(DEPOSITED, DEPOSITED, one) for one in conditions}) == 1
