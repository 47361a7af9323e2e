"""Laws of settlement under any contract: what comes back, what is kept, and that order means nothing."""

import itertools
from dataclasses import replace
from datetime import date
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.fees import fee_lines, refund_fee
from jeongsan.domain.methods import Traits
from jeongsan.domain.settlement import row
from jeongsan.domain.terms import Conditions, FeeOnCancel, LineType, Price, RefundFeeOn, Surcharge
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.store.rows import settlement_row
from support.conditions import CONDITIONS, TRAITS
from support.examples import a_transaction, terms_with

KOREA = korean_calendar({})
DAY = date(2025, 4, 25)
TOTALS = st.integers(1, 10**12)
CUTS = st.lists(st.integers(1, 10**12), max_size=8)


def _moved(before: int, after: int, traits: Traits, kind: Kind | None = None) -> Transaction:
    kind = kind or (Kind.APPROVAL if after > before else Kind.CANCEL)
    return a_transaction(before, after, settle_day=DAY, kind=kind, traits=traits)


def _cancels(total: int, cuts: list[int], traits: Traits) -> list[Transaction]:
    """The whole amount cancelled in some parts."""
    balances = [total, *sorted({cut for cut in cuts if cut < total}, reverse=True), 0]
    return [_moved(before, after, traits) for before, after in itertools.pairwise(balances)]


def _by_line(transactions: list[Transaction], conditions: Conditions) -> dict[str, int]:
    sums: dict[str, int] = {}
    for transaction in transactions:
        for line in fee_lines(transaction, conditions):
            sums[line.type] = sums.get(line.type, 0) + line.fee
    return sums


@given(CONDITIONS, TRAITS, TOTALS, CUTS)
def test_what_is_returned_over_any_split_is_line_by_line_what_was_charged(
    conditions: Conditions, traits: Traits, total: int, cuts: list[int]
) -> None:
    returned = replace(conditions, fee_on_cancel=FeeOnCancel.RETURNED, refund_fee=0)
    charged = _by_line([_moved(0, total, traits)], returned)
    back = _by_line(_cancels(total, cuts, traits), returned)
    assert back == {line: -fee for line, fee in charged.items()}


@given(CONDITIONS, TRAITS, TOTALS, CUTS)
def test_where_fees_are_kept_a_cancel_gives_nothing_back_and_each_costs_its_refund_fee(
    conditions: Conditions, traits: Traits, total: int, cuts: list[int]
) -> None:
    kept = replace(conditions, fee_on_cancel=FeeOnCancel.KEPT)
    cancels = _cancels(total, cuts, traits)
    sums = _by_line(cancels, kept)
    on_row = kept.refund_fee_on is RefundFeeOn.ROW
    each = {refund_fee(cancel, kept) for cancel in cancels}
    assert len(each) == 1
    assert (each == {0}) == (kept.refund_fee == 0)
    assert sum(sums.values()) == (each.pop() * len(cancels) if on_row else 0)
    assert all(fee == 0 for line, fee in sums.items() if line != LineType.ETC)


@given(CONDITIONS, TRAITS, TOTALS, CUTS)
def test_a_refund_fee_comes_on_top_of_what_is_returned_once_for_each_cancel(
    conditions: Conditions, traits: Traits, total: int, cuts: list[int]
) -> None:
    on_row = replace(conditions, refund_fee_on=RefundFeeOn.ROW)
    cancels = _cancels(total, cuts, traits)
    with_fee = sum(_by_line(cancels, on_row).values())
    without = sum(_by_line(cancels, replace(on_row, refund_fee=0)).values())
    assert with_fee - without == refund_fee(cancels[0], on_row) * len(cancels)
    assert sum(_by_line(cancels, replace(on_row, refund_fee_on=RefundFeeOn.ADJUSTMENT)).values()) == without


@given(CONDITIONS, TRAITS, TOTALS, CUTS, st.integers(1, 10**9))
def test_a_fixed_fee_comes_back_only_with_the_last_won(
    conditions: Conditions, traits: Traits, total: int, cuts: list[int], fixed: int
) -> None:
    only_fixed = replace(
        conditions,
        base=Price(0, fixed),
        surcharges=tuple(
            Surcharge(one.situation, Price(0, one.price.fixed), one.line) for one in conditions.surcharges
        ),
        installment=(),
        installment_discount=(),
        point_saving=None,
        other=None,
        fee_on_cancel=FeeOnCancel.RETURNED,
        refund_fee=0,
    )
    charged = sum(_by_line([_moved(0, total, traits)], only_fixed).values())
    *parts, last = _cancels(total, cuts, traits)
    assert sum(_by_line(parts, only_fixed).values()) == 0
    assert sum(_by_line([last], only_fixed).values()) == -charged
    assert charged >= fixed


@given(CONDITIONS, TRAITS, TOTALS)
def test_a_reversed_deposit_is_minus_its_approval_whatever_a_cancel_would_keep(
    conditions: Conditions, traits: Traits, total: int
) -> None:
    terms = terms_with(conditions)
    there = row(_moved(0, total, traits), terms, KOREA)
    back = row(_moved(total, 0, traits, Kind.DEPOSIT_REVERSAL), terms, KOREA)
    assert [(line.type, -line.fee) for line in there.fees] == [(line.type, line.fee) for line in back.fees]
    for field in ("amount", "fee", "supply_amount", "vat", "pay_out_amount"):
        assert getattr(back, field) == -getattr(there, field)
    assert (back.sold_date, back.paid_out_date) == (there.sold_date, there.paid_out_date)


@given(
    st.lists(st.tuples(CONDITIONS, TRAITS, TOTALS), min_size=1, max_size=6), st.integers(1, 4), st.randoms()
)
def test_neither_order_nor_chunks_change_a_byte_of_any_row(
    sales: list[tuple[Conditions, Traits, int]], size: int, random: Random
) -> None:
    made = [
        (replace(_moved(0, total, traits), transaction_id=number), terms_with(conditions))
        for number, (conditions, traits, total) in enumerate(sales)
    ]
    at_once = {one.transaction_id: _bytes(row(one, terms, KOREA)) for one, terms in made}
    random.shuffle(made)
    chunks = [made[start : start + size] for start in range(0, len(made), size)]
    in_chunks = {
        one.transaction_id: _bytes(row(one, terms, korean_calendar({})))
        for chunk in chunks
        for one, terms in chunk
    }
    assert in_chunks == at_once


def _bytes(settled: object) -> bytes:
    return repr(settlement_row(settled, sold_seq=0, paid_seq=0, held=False)).encode()  # type: ignore[arg-type]
