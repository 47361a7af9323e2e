"""Which rows are otherwise than terms say, with which reason, and which are left alone since no row can
tell."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jeongsan.reconcile.expect.expectation import ANY_SHOP, expect_given
from jeongsan.reconcile.expect.given_contract import read_contract
from support.settled import BANKS, Settled, approval, cancel, exceptions, expected, workspace

# Many runs of the whole rule book.
pytestmark = pytest.mark.slow

CARD = '[[terms]]\nmethod = "CARD"\nfrom = 2025-01-01\nrate = "3.2"\npayout = { businessDays = 4 }\n'
OTHER_FEES = CARD + 'installments = { 3 = "2" }\n'
ESCROW = CARD + 'surcharges = { ESCROW = { rate = "0.2" }, KEY_IN = { rate = "0.03" } }\n'
OVERSEAS = CARD + CARD.replace("3.2", "4.5") + 'card = ["OVERSEAS"]\ncycle = "weekly"\n'
TRANSFER = CARD + CARD.replace("CARD", "TRANSFER")
DEPOSITS = CARD + (
    '[[terms]]\nmethod = "VIRTUAL_ACCOUNT"\nfrom = 2025-01-01\nfixed = 300\npayout = { businessDays = 3 }\n'
    "cancel = { refundFee = 300 }\n"
)
# Monday; four business days later is Friday.
MONDAY = "2025-02-03 12:00:00"
DATES = {"sold_date": date(2025, 2, 3), "paid_out_date": date(2025, 2, 7)}

Found = dict[int, tuple[list[str], str | None, str | None]]


def found(document: str, *rows: Settled) -> Found:
    given = read_contract(document.encode())
    assert given.contract is not None, given.problems
    connection = workspace(*rows)
    expect_given(connection, {ANY_SHOP: given.contract}, BANKS)
    return exceptions(connection)


def test_a_row_as_agreed_is_no_exception() -> None:
    assert found(CARD, approval(1, MONDAY, 10_000, 352, **DATES)) == {}


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"base_fee": 353}, ["FEE_ROUNDING"]),
        ({"base_fee": 351}, ["FEE_ROUNDING"]),
        ({"base_fee": 363}, ["FEE_RATE"]),
        ({"sold_date": date(2025, 2, 4)}, ["SOLD_DATE"]),
        ({"paid_out_date": date(2025, 2, 6)}, ["PAID_OUT_DATE"]),
        ({"paid_out_date": date(2025, 2, 11)}, ["PAID_OUT_DATE"]),
        # Friday to Monday: nothing but a weekend in between.
        ({"paid_out_date": date(2025, 2, 10)}, ["HOLIDAY"]),
        ({"base_fee": 0, "sold_date": date(2025, 2, 2)}, ["FEE_RATE", "SOLD_DATE"]),
        # Late because it is sold late; no bank was closed.
        ({"sold_date": date(2025, 2, 4), "paid_out_date": date(2025, 2, 10)}, ["SOLD_DATE", "PAID_OUT_DATE"]),
    ],
)
def test_what_differs_has_its_reason(change: dict[str, object], reasons: list[str]) -> None:
    row = replace(approval(1, MONDAY, 10_000, 352, **DATES), **change)
    assert found(CARD, row) == {1: (reasons, None, None)}


def test_a_date_as_if_a_holiday_were_none_is_a_holiday() -> None:
    """Sold on the last Friday before Seollal 2025, whose Monday was made a holiday two weeks before."""
    row = approval(1, "2025-01-24 12:00:00", 10_000, 352)
    known = replace(row, sold_date=date(2025, 1, 24), paid_out_date=date(2025, 2, 5))
    assert found(CARD, known) == {}
    before = replace(known, paid_out_date=date(2025, 2, 4))
    assert found(CARD, before) == {1: (["HOLIDAY"], None, None)}


def test_what_a_row_does_not_say_is_not_compared() -> None:
    assert found(CARD, approval(1, MONDAY, 10_000, 352, base_fee=None)) == {}


def test_rows_without_terms_are_not_compared() -> None:
    rows = [
        approval(1, MONDAY, 10_000, 1, method="EASY_PAY"),
        approval(2, "2024-12-31 12:00:00", 10_000, 1),
        approval(3, MONDAY, 10_000, 1, method=None),
    ]
    assert found(CARD, *rows) == {}


PAID = approval(1, MONDAY, 10_030, 352)
PART = cancel(PAID, 1, -3_000, -106)


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        # 3.2 % of 10,030 is 320.96, of 7,030 it is 224.96: 352 and 246.
        ([PAID, PART], {}),
        ([PAID, replace(PART, base_fee=-105)], {1_001: (["FEE_ROUNDING"], None, None)}),
        ([PAID, replace(PART, base_fee=0)], {1_001: (["FEE_RATE"], None, None)}),
        ([PART], {1_001: ([], None, "BALANCE_UNKNOWN")}),
        # The approval's amount may be what is wrong.
        ([replace(PAID, amount=10_990), PART], {
            1: (["FEE_RATE"], None, None), 1_001: ([], None, "BALANCE_UNKNOWN"),
        }),
    ],
)  # fmt: skip
def test_a_partial_cancel_gives_back_the_fee_before_less_the_fee_after(
    rows: list[Settled], wanted: Found
) -> None:
    assert found(CARD, *rows) == wanted


def test_a_cancel_keeps_the_terms_of_its_approval() -> None:
    changed = CARD.replace("from", "until = 2025-02-03\nfrom") + CARD.replace("3.2", "2.9").replace(
        "01-01", "02-04"
    )
    sold, paid = date(2025, 2, 10), date(2025, 2, 14)
    whole = cancel(PAID, 7, -10_030, -352, sold_date=sold, paid_out_date=paid)
    assert found(changed, PAID, whole) == {}
    assert found(changed, PAID, replace(whole, base_fee=-319)) == {1_007: (["FEE_RATE"], None, None)}


@pytest.mark.parametrize(("fee", "reasons"), [(0, None), (-352, ["FEE_RATE"]), (1, ["FEE_ROUNDING"])])
def test_a_kept_fee_is_not_given_back(fee: int, reasons: list[str] | None) -> None:
    """Also where the approval is in no file."""
    wanted = {} if reasons is None else {1_001: (reasons, None, None)}
    assert found(TRANSFER, cancel(replace(PAID, method="TRANSFER"), 1, -10_030, fee)) == wanted


DEPOSIT = approval(1, MONDAY, 10_000, 330, method="VIRTUAL_ACCOUNT")


def test_a_refund_fee_may_stand_in_the_whole_fee() -> None:
    refund = cancel(DEPOSIT, 1, -10_000, 330)
    assert found(DEPOSITS, DEPOSIT, refund) == {1_001: ([], None, None)}
    itemised = replace(refund, base_fee=0)
    assert found(DEPOSITS, DEPOSIT, itemised) == {}
    assert found(DEPOSITS, DEPOSIT, replace(refund, base_fee=331, fee=331)) == {
        1_001: (["FEE_RATE"], None, None)
    }


def test_a_deposit_that_the_bank_takes_back_is_left_alone() -> None:
    reversed_ = cancel(DEPOSIT, 1, -10_000, -330)
    assert found(DEPOSITS, DEPOSIT, reversed_) == {1_001: ([], None, "REVERSED_DEPOSIT")}
    assert found(DEPOSITS, DEPOSIT, replace(reversed_, base_fee=-165)) == {1_001: (["FEE_RATE"], None, None)}


def test_a_whole_fee_may_have_instalments_in_it() -> None:
    """2 % more on 10,000 is 220 won; a file with lists of entries tells them apart."""
    row = approval(1, MONDAY, 10_000, 572, **DATES)
    assert found(OTHER_FEES, row) == {1: ([], None, "NOT_ITEMISED")}
    assert found(OTHER_FEES, replace(row, base_fee=300, fee=300)) == {1: (["FEE_RATE"], None, None)}
    itemised = approval(2, MONDAY, 10_000, 572, **DATES, base_fee=352)
    assert found(OTHER_FEES, row, itemised) == {1: (["FEE_RATE"], None, None)}
    assert found(CARD, row) == {1: (["FEE_RATE"], None, None)}


@pytest.mark.parametrize(
    ("fee", "sold", "paid", "wanted"),
    [
        (355, "2025-02-03", "2025-02-07", ([], "KEY_IN", None)),
        (374, "2025-02-03", "2025-02-07", ([], "ESCROW", None)),
        (374, "2025-02-12", "2025-02-18", ([], "ESCROW", None)),
        (377, "2025-02-12", "2025-02-18", ([], "ESCROW+KEY_IN", None)),
        # No escrow by its fee, so it did not wait either.
        (352, "2025-02-12", "2025-02-18", (["SOLD_DATE", "PAID_OUT_DATE"], None, None)),
        # Escrow, and paid out too late for its own sold date; and nothing is sold before it is paid.
        (374, "2025-02-12", "2025-02-19", (["PAID_OUT_DATE"], "ESCROW", None)),
        (374, "2025-02-02", "2025-02-07", (["SOLD_DATE"], "ESCROW", None)),
        # No set of surcharges makes this fee.
        (365, "2025-02-03", "2025-02-07", (["FEE_RATE"], None, None)),
    ],
)
def test_a_situation_that_no_row_shows_explains_a_row_only_if_it_explains_all_of_it(
    fee: int, sold: str, paid: str, wanted: tuple[list[str], str | None, str | None]
) -> None:
    dates = {"sold_date": date.fromisoformat(sold), "paid_out_date": date.fromisoformat(paid)}
    assert found(ESCROW, approval(1, MONDAY, 10_000, fee, **dates)) == {1: wanted}


def test_a_card_from_abroad_has_its_own_fee_and_week() -> None:
    abroad = {"sold_date": date(2025, 2, 9), "paid_out_date": date(2025, 2, 13)}
    assert found(OVERSEAS, approval(1, MONDAY, 10_000, 495, **abroad)) == {1: ([], "OVERSEAS", None)}
    mixed = approval(1, MONDAY, 10_000, 352, **abroad)
    assert found(OVERSEAS, mixed) == {1: (["SOLD_DATE", "PAID_OUT_DATE"], None, None)}


def test_what_waits_is_paid_out_by_its_sold_date_and_not_before_its_own_day() -> None:
    waits = CARD + 'release = "on-request"\n'
    row = approval(1, MONDAY, 10_000, 352)
    later = replace(row, sold_date=date(2025, 3, 4), paid_out_date=date(2025, 3, 10))
    assert found(waits, later) == {}
    assert found(waits, replace(later, paid_out_date=date(2025, 3, 12))) == {
        1: (["PAID_OUT_DATE"], None, None)
    }
    earlier = replace(row, sold_date=date(2025, 2, 2), paid_out_date=date(2025, 2, 7))
    assert found(waits, earlier) == {1: (["SOLD_DATE"], None, None)}
    apart = waits + 'soldOn = "transaction"\n'
    hidden = replace(row, sold_date=date(2025, 2, 3), paid_out_date=date(2025, 3, 12))
    assert found(apart, hidden) == {1: ([], None, "RELEASE_UNKNOWN")}


def test_fees_of_dollars_are_compared_in_cents_and_fixed_fees_only_in_won() -> None:
    row = approval(1, MONDAY, Decimal("19.99"), Decimal("0.69"), currency="USD", **DATES)
    assert found(CARD, row) == {}
    assert found(CARD, replace(row, base_fee=Decimal("0.70"))) == {1: (["FEE_ROUNDING"], None, None)}
    assert found(DEPOSITS, replace(row, method="VIRTUAL_ACCOUNT")) == {}


def test_the_view_says_what_is_expected_of_every_row_with_terms() -> None:
    wrong = approval(2, MONDAY, 10_000, 1_000, sold_date=date(2025, 2, 3))
    whole = cancel(PAID, 7, -10_030, -352)
    given = read_contract(CARD.encode())
    assert given.contract is not None
    connection = workspace(PAID, whole, wrong, approval(3, MONDAY, 100, 3, method="EASY_PAY"))
    expect_given(connection, {ANY_SHOP: given.contract}, BANKS)
    monday = (date(2025, 2, 3), date(2025, 2, 7))
    assert expected(connection) == {
        1: (Decimal(352), *monday),
        2: (Decimal(352), *monday),
        1_007: (Decimal(-352), date(2025, 2, 10), date(2025, 2, 14)),
    }
