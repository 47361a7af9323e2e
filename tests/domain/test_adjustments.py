"""Adjustments: what a grade would have cost, the books of each kind, and what cannot be asked for."""

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    InvalidAdjustment,
    Owed,
    Period,
    adjustment_moves,
    check_correction,
    fee_difference,
    grade_refund_cause,
    graded,
    refund_fee_of,
    sum_differences,
)
from jeongsan.domain.contract import terms_of
from jeongsan.domain.fees import FeeSplit, split_fee
from jeongsan.domain.ledger import Account, Move, day_close_moves
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.price_lists import published_contract
from jeongsan.domain.settlement import row
from jeongsan.domain.terms import Conditions, Grade, RefundFeeOn, Terms
from support.conditions import CONDITIONS, TRAITS
from support.examples import a_contract, a_transaction, terms_with

KOREA = korean_calendar({})
DAY = date(2025, 3, 13)
CONTRACT = published_contract("tosspayments")
AMOUNTS = st.integers(-(10**9), 10**9)


def _adjustment(
    kind: AdjustmentKind, *, supply: int = 0, vat: int = 0, amount: int | None = None
) -> Adjustment:
    return Adjustment(
        adjustment_id=1,
        shop_id=1,
        kind=kind,
        currency="KRW",
        fee_amount=supply + vat,
        supply_amount=supply,
        vat=vat,
        amount=-(supply + vat) if amount is None else amount,
        due_date=DAY,
        paid_out_date=DAY,
        cause="x",
        reason="x",
        actor_name="x",
        created_at=0,
    )


def _card_terms(kind: CardKind | None = None) -> Terms:
    return next(one for one in terms_of(CONTRACT) if (one.method, one.card_kind) == (Method.CARD, kind))


@pytest.mark.parametrize(
    ("grade", "rate_ppm"), [(Grade.SMALL, 16_500), (Grade.MEDIUM3, 26_500), (Grade.GENERAL, 32_000)]
)
def test_frozen_terms_take_the_rate_of_a_grade_from_their_own_contract(grade: Grade, rate_ppm: int) -> None:
    terms = _card_terms()
    found = graded(terms, CONTRACT, grade)
    assert found is not None
    assert found.base.rate_ppm == rate_ppm
    assert replace(found, base=terms.conditions.base) == terms.conditions


def test_terms_without_rates_by_grade_have_none_to_take() -> None:
    assert graded(_card_terms(CardKind.OVERSEAS), CONTRACT, Grade.SMALL) is None


def test_an_approval_of_a_hundred_thousand_gives_back_what_small_shops_do_not_pay() -> None:
    """3.2 % is 3,520 with VAT, 1.65 % is 1,815."""
    small = graded(_card_terms(), CONTRACT, Grade.SMALL)
    assert small is not None
    transaction = a_transaction(0, 100_000, settle_day=DAY)
    assert fee_difference(transaction, split_fee(3_520), small) == FeeSplit(-1_550, -155)


@given(
    TRAITS,
    CONDITIONS,
    st.integers(1, 10**10),
    st.lists(st.integers(1, 10**10), max_size=5),
    st.integers(0, 1_000_000),
)
def test_over_a_payment_that_went_back_whole_no_grade_owes_anything(
    traits: Any, conditions: Conditions, total: int, cuts: list[int], rate_ppm: int
) -> None:
    """Whatever was charged for refunds is charged under every grade."""
    charged = replace(conditions, fee_on_cancel=a_contract().conditions.fee_on_cancel)
    other = replace(charged, base=replace(charged.base, rate_ppm=rate_ppm))
    balances = [0, total, *sorted({cut for cut in cuts if cut < total}, reverse=True), 0]
    found = []
    for before, after in itertools.pairwise(balances):
        transaction = a_transaction(before, after, settle_day=DAY, traits=traits)
        stored = row(transaction, terms_with(charged), KOREA)
        found.append(("KRW", fee_difference(transaction, FeeSplit(stored.supply_amount, stored.vat), other)))
    assert sum_differences(found)["KRW"].fee_amount == 0


def test_differences_of_two_currencies_are_never_added() -> None:
    found = sum_differences(
        [("KRW", FeeSplit(-10, -1)), ("USD", FeeSplit(-20, -2)), ("KRW", FeeSplit(-1, 0))]
    )
    assert found == {"KRW": Owed("KRW", -11, -1), "USD": Owed("USD", -20, -2)}
    assert found["KRW"].less(FeeSplit(-10, -1)) == Owed("KRW", -1, 0)


@given(AMOUNTS, AMOUNTS)
def test_a_change_of_fees_is_the_day_close_the_other_way_round(supply: int, vat: int) -> None:
    """Charging a row's fee at the close and giving it back leaves every account as if it had been free."""
    settled = replace(
        row(a_transaction(0, 1_600, settle_day=DAY), a_contract(), KOREA),
        fee=supply + vat,
        supply_amount=supply,
        vat=vat,
        pay_out_amount=1_600 - supply - vat,
    )
    balances: dict[Account, int] = {}
    back = _adjustment(AdjustmentKind.GRADE_REFUND, supply=-supply, vat=-vat)
    for move in (*day_close_moves([settled]), *adjustment_moves(back)):
        balances[move.debit] = balances.get(move.debit, 0) - move.amount
        balances[move.credit] = balances.get(move.credit, 0) + move.amount
    assert balances[Account.MERCHANT_PAYABLE] == 1_600
    assert balances[Account.FEE_REVENUE] == balances[Account.VAT_PAYABLE] == 0


@pytest.mark.parametrize("amount", [3_000, -3_000])
def test_a_correction_is_revenue_without_vat(amount: int) -> None:
    moves = [
        one.oriented() for one in adjustment_moves(_adjustment(AdjustmentKind.CORRECTION, amount=amount))
    ]
    there = Move(Account.FEE_REVENUE, Account.MERCHANT_PAYABLE, 3_000)
    back = Move(Account.MERCHANT_PAYABLE, Account.FEE_REVENUE, 3_000)
    assert moves == [there if amount > 0 else back, None]


@pytest.mark.parametrize(
    ("before", "after", "conditions", "amount"),
    [
        (10_000, 0, {"refund_fee": 300, "refund_fee_on": RefundFeeOn.ADJUSTMENT}, -330),
        (10_000, 4_000, {"refund_fee": 300, "refund_fee_on": RefundFeeOn.ADJUSTMENT}, -330),
        (10_000, 0, {"refund_fee": 300, "refund_fee_on": RefundFeeOn.ROW}, None),
        (10_000, 0, {"refund_fee": 0, "refund_fee_on": RefundFeeOn.ADJUSTMENT}, None),
        (0, 10_000, {"refund_fee": 300, "refund_fee_on": RefundFeeOn.ADJUSTMENT}, None),
    ],
)
def test_a_refund_is_charged_apart_only_for_a_cancel_and_only_where_agreed(
    before: int, after: int, conditions: dict[str, Any], amount: int | None
) -> None:
    terms = a_contract(**conditions)
    transaction = a_transaction(before, after, settle_day=DAY, reason="고객 변심")
    settled = row(transaction, terms, KOREA)
    made = refund_fee_of(
        transaction, settled, terms.conditions, adjustment_id=5, now=7, actor_name="day close"
    )
    if amount is None:
        assert made is None
        return
    assert made is not None
    assert (made.amount, made.fee_amount, made.supply_amount, made.vat) == (amount, 330, 300, 30)
    assert (made.due_date, made.transaction_id, made.reason) == (settled.paid_out_date, 1, "고객 변심")
    assert made.cause == "refund-fee:1"


def test_a_cause_tells_shop_currency_days_and_number() -> None:
    period = Period(date(2025, 1, 1), date(2025, 8, 13), Grade.SMALL)
    assert grade_refund_cause(3, "KRW", period, 0) == "grade-refund:3:KRW:2025-01-01:2025-08-13:0"


@pytest.mark.parametrize(
    ("start", "end", "shared"),
    [
        ("2025-01-01", "2025-01-31", True),
        ("2025-01-31", "2025-02-28", True),
        ("2024-12-01", "2025-01-01", True),
        ("2025-02-01", "2025-02-28", False),
        ("2024-12-01", "2024-12-31", False),
    ],
)
def test_periods_share_days_up_to_the_last_one(start: str, end: str, shared: bool) -> None:
    january = Period(date(2025, 1, 1), date(2025, 1, 31), Grade.SMALL)
    assert january.overlaps(date.fromisoformat(start), date.fromisoformat(end)) is shared


@pytest.mark.parametrize(
    ("amount", "reason", "field"),
    [
        (0, "왜", "amount"),
        (10**13 + 1, "왜", "amount"),
        (1, " ", "reason"),
        (1, "", "reason"),
        (1, "x" * 201, "reason"),
        (1, "\x1b[2J", "reason"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_by_the_name_of_its_field(
    amount: int, reason: str, field: str
) -> None:
    with pytest.raises(InvalidAdjustment) as refused:
        check_correction(amount, reason)
    assert refused.value.field == field


def test_a_period_does_not_end_before_it_begins() -> None:
    with pytest.raises(InvalidAdjustment, match="to: lies before from"):
        Period(date(2025, 1, 2), date(2025, 1, 1), Grade.SMALL)
