"""Terms learned from a part of the rows and held against all of them; and what is told of both ways."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jeongsan.reconcile.expect import sample
from jeongsan.reconcile.expect.coverage import Compared, Coverage, Remark
from jeongsan.reconcile.expect.expectation import ANY_SHOP, Expectation, expect_given, expect_learned
from jeongsan.reconcile.expect.given_contract import read_contract
from jeongsan.reconcile.fee_rates import Rounding
from support.histories import CONTRACTS, Contract, history
from support.settled import BANKS, Settled, exceptions, expected, workspace

# Many runs of the whole rule book.
pytestmark = pytest.mark.slow

_METHODS = {"카드": "CARD", "계좌이체": "TRANSFER", "가상계좌": "VIRTUAL_ACCOUNT"}


def settled(rows: Iterable[dict[str, Any]], *, shop: str = "tjeongsan", first: int = 1) -> list[Settled]:
    """Rows of a history as a reader puts them into the table."""
    return [_row(number, row, shop) for number, row in enumerate(rows, first)]


def _row(number: int, row: dict[str, Any], shop: str) -> Settled:
    own = datetime.fromisoformat(row["cancel"]["canceledAt"] if row["cancel"] else row["approvedAt"])
    card = row["card"]
    return Settled(
        row_number=number,
        shop=shop,
        kind="CANCEL" if row["cancel"] else "APPROVAL",
        payment_key=row["paymentKey"],
        transaction_key=row["transactionKey"],
        method=_METHODS[row["method"]],
        amount=row["amount"],
        # Two cancels of a history may be of one moment, which have no order.
        occurred_at=own.replace(tzinfo=None) + timedelta(seconds=number),
        day=own.date(),
        approved_at=datetime.fromisoformat(row["approvedAt"]).replace(tzinfo=None),
        fee=row["fee"],
        base_fee=next(one["fee"] for one in row["fees"] if one["type"] == "BASE"),
        sold_date=date.fromisoformat(row["soldDate"]),
        paid_out_date=date.fromisoformat(row["paidOutDate"]),
        card_kind={"신용": "CREDIT", "체크": "CHECK"}[card["cardType"]] if card else None,
    )


def learned(rows: Sequence[Settled]) -> tuple[Expectation, dict[int, Any]]:
    connection = workspace(*rows)
    return expect_learned(connection, BANKS), exceptions(connection)


TRANSFERS = Contract(method="계좌이체", card=None, rate="1.8", cancel="kept", payout=("business", 3, "roll"))


def has_date(contract: Contract, row: Settled) -> bool:
    """Whether the contract says when a row is paid out: not where a holiday leads back to the sold date."""
    assert row.sold_date is not None
    assert row.paid_out_date is not None
    is_month_end = (row.paid_out_date + timedelta(days=1)).day == 1
    return row.paid_out_date > row.sold_date or (contract.payout[0] == "monthEnd" and is_month_end)


@pytest.mark.slow
@given(CONTRACTS, st.integers(0, 10**6))
@example(Contract(rate="0.01", rounding="B", payout=("calendar", 1, "before"), cancel="returned"), 0)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_history_agrees_with_what_is_learned_from_it(contract: Contract, seed: int) -> None:
    """Rounding, cycle, payout rule and cancels are whatever they are."""
    rows = settled(history(contract, seed=seed))
    told, wrong = learned(rows)
    assert {number: what for number, what in wrong.items() if what[0]} == {}
    (method,) = told.coverage
    assert method.approvals == Compared(120, 120)
    assert method.sold == Compared(len(rows), len(rows))
    dated = sum(has_date(contract, row) for row in rows)
    assert method.paid == Compared(dated, dated)
    assert method.cancels.rows >= method.cancels.agree == method.cancels.rows
    assert told.rejected == ()


@pytest.mark.parametrize("rounding", Rounding)
def test_a_wrong_row_is_found_by_what_the_others_say(rounding: Rounding) -> None:
    rows = settled(history(Contract(rounding=rounding.value), sales=300))
    approvals = [one for one in rows if one.kind == "APPROVAL"]
    approvals[100].base_fee = approvals[100].fee = int(approvals[100].fee or 0) + 40
    approvals[200].paid_out_date = date(2025, 12, 24)
    told, wrong = learned(rows)
    assert wrong == {
        approvals[100].row_number: (["FEE_RATE"], None, None),
        approvals[200].row_number: (["PAID_OUT_DATE"], None, None),
    }
    assert told.coverage[0].approvals == Compared(299, 300)


def test_methods_and_shops_have_terms_of_their_own() -> None:
    cards, transfers = settled(history(Contract())), settled(history(TRANSFERS, seed=2), first=1_000)
    other = settled(history(Contract(rate="2.4"), seed=3), shop="tother", first=2_000)
    told, wrong = learned([*cards, *transfers, *other])
    assert {number: what for number, what in wrong.items() if what[0]} == {}
    assert [(one.shop, one.method) for one in told.coverage] == [
        ("tjeongsan", "CARD"), ("tjeongsan", "TRANSFER"), ("tother", "CARD"),
    ]  # fmt: skip


def test_what_fewer_than_99_of_100_rows_agree_with_is_not_expected() -> None:
    rows = settled(history(Contract(), sales=300))
    for one in [one for one in rows if one.kind == "APPROVAL"][::40]:
        one.base_fee = one.fee = int(one.fee or 0) + 40
    told, wrong = learned(rows)
    (rejected,) = told.rejected
    assert rejected.approvals == Compared(292, 300)
    assert wrong == {}
    assert told.coverage[0].approvals == told.coverage[0].cancels == Compared(0, 0)
    assert told.coverage[0].paid == Compared(len(rows), len(rows))


def test_cancels_are_not_expected_where_nothing_was_learned_of_them() -> None:
    cancels_of_one = [
        one for one in settled(history(Contract())) if one.kind == "APPROVAL" or one.row_number < 4
    ]
    for one in cancels_of_one:
        one.base_fee = int(one.base_fee or 0) // 2 if one.kind == "CANCEL" else one.base_fee
        one.fee = one.base_fee
    told, _ = learned(cancels_of_one)
    assert told.coverage[0].cancels.rows == 0
    assert told.coverage[0].approvals == Compared(120, 120)


@pytest.mark.slow
def test_a_part_of_the_rows_is_whole_payments_of_every_day_and_the_same_in_any_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sample, "SAMPLE_MAX", 120)
    monkeypatch.setattr(sample, "PER_DAY_MIN", 1)
    rows = settled(history(Contract(), sales=2_000))
    shuffled = [
        replace(one, row_number=place, file_id=place % 3)
        for place, one in enumerate(random.Random(5).sample(rows, len(rows)))
    ]
    drawn = []
    for some in (rows, shuffled):
        connection = workspace(*some)
        from_rows = sample.sampled_history(connection).rows
        drawn.append({one.transaction_key for one in from_rows})
        days = {one.approved_at.date() for one in from_rows if one.approved_at is not None}
        payments = {one.payment_key for one in from_rows}
        assert drawn[-1] == {one.transaction_key for one in some if one.payment_key in payments}
        assert len(payments) == len(days) == 100
    assert drawn[0] == drawn[1]


@pytest.mark.slow
def test_what_is_expected_does_not_depend_on_order_or_files() -> None:
    rows = settled(history(Contract(rate="2.75")))
    moved = [replace(one, file_id=one.row_number % 3) for one in random.Random(1).sample(rows, len(rows))]
    found = []
    for some in (rows, moved):
        connection = workspace(*some)
        expect_learned(connection, BANKS)
        found.append(expected(connection))
    assert found[0] == found[1]
    assert len(found[0]) == len(rows)


def test_banks_that_were_shut_on_a_day_of_no_list_are_told_once_and_explain_their_rows() -> None:
    shut = date(2025, 2, 11)
    contract = Contract(payout=("business", 3, "exclusive"), closed=frozenset({shut}))
    rows = settled(history(contract, sales=300))
    document = '[[terms]]\nmethod = "CARD"\nfrom = 2025-01-01\nrate = "3.2"\npayout = { businessDays = 3 }\n'
    given_ = read_contract(document.encode())
    assert given_.contract is not None
    connection = workspace(*rows)
    told = expect_given(connection, {ANY_SHOP: given_.contract}, BANKS)
    assert told.shut_days == (shut,)
    assert {tuple(reasons) for reasons, *_ in exceptions(connection).values()} == {("HOLIDAY",)}
    assert told.coverage[0].paid == Compared(len(rows), len(rows))


def test_a_contract_of_its_own_goes_before_that_of_any_shop() -> None:
    document = '[[terms]]\nmethod = "CARD"\nfrom = 2025-01-01\nrate = "3.2"\npayout = { businessDays = 6 }\n'
    dear, cheap = (read_contract(one.encode()).contract for one in (document, document.replace("3.2", "2.4")))
    assert dear is not None
    assert cheap is not None
    rows = [
        *settled(history(Contract())),
        *settled(history(Contract(rate="2.4"), seed=2), shop="tcheap", first=1_000),
    ]
    connection = workspace(*rows)
    told = expect_given(connection, {ANY_SHOP: dear, "tcheap": cheap}, BANKS)
    assert exceptions(connection) == {}
    connection = workspace(*rows)
    expect_given(connection, {"tcheap": cheap}, BANKS)
    assert {number >= 1_000 for number in expected(connection)} == {True}
    assert [one.approvals for one in told.coverage] == [Compared(120, 120), Compared(120, 120)]


def test_what_is_not_compared_is_counted_with_its_reason() -> None:
    rows = [one for one in settled(history(Contract(rate="3.4"), sales=10)) if one.row_number != 1]
    document = (
        '[[terms]]\nmethod = "CARD"\nfrom = 2025-01-01\nrate = "3.2"\npayout = { businessDays = 6 }\n'
        'surcharges = { ESCROW = { rate = "0.2" } }\n'
    )
    given_ = read_contract(document.encode())
    assert given_.contract is not None
    (told,) = expect_given(workspace(*rows), {ANY_SHOP: given_.contract}, BANKS).coverage
    assert told == Coverage(
        shop="tjeongsan",
        method="CARD",
        currency="KRW",
        rows=12,
        approvals=Compared(9, 9),
        cancels=Compared(1, 1),
        sold=Compared(12, 12),
        paid=Compared(12, 12),
        remarks=((Remark.BALANCE_UNKNOWN, 2),),
        situations=(("ESCROW", 10),),
    )


@pytest.mark.parametrize("nonsense", [date(1, 1, 1), date(9999, 12, 31)])
def test_days_that_nobody_means_have_no_calendar_and_stop_nothing(nonsense: date) -> None:
    rows = settled(history(Contract()))
    moment = datetime.combine(nonsense, time())
    for number, change in enumerate(("day", "approved_at", "sold_date", "paid_out_date")):
        setattr(rows[number], change, moment if change == "approved_at" else nonsense)
    told, wrong = learned(rows)
    assert {number for number, (reasons, *_) in wrong.items() if reasons} == {3, 4}
    assert told.coverage[0].sold.rows == len(rows) - 2


def test_a_change_of_terms_is_learned_on_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """From two payments a day of twenty: no row around the change is called wrong."""
    monkeypatch.setattr(sample, "SAMPLE_MAX", 120)
    before = settled(history(Contract(), sales=600, days=30))
    after = settled(
        history(Contract(rate="2.4"), sales=600, days=30, seed=2, start=date(2025, 2, 1)), first=1_000
    )
    told, wrong = learned([*before, *after])
    assert told.sampled < 200
    assert wrong == {}
    assert told.coverage[0].approvals == Compared(1_200, 1_200)
