"""Settlement rows: published rows, negative cancel rows, and rows that need no sibling."""

import itertools
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.ids import ulid_instant
from jeongsan.domain.instants import DAY_MS, kst_day, kst_midnight, parse_instant
from jeongsan.domain.payout_dates import Anchor
from jeongsan.domain.settlement import (
    SettlementRow,
    UnsettledTransaction,
    arithmetic_problems,
    row,
    settle_day,
)
from jeongsan.domain.terms import Rounding, Terms, rate_from_percent
from support.examples import a_contract, a_transaction

KOREA = korean_calendar({})
_VECTORS = json.loads((Path(__file__).parent / "settlement_vectors.json").read_text())
ROWS = {vector["id"]: vector for vector in _VECTORS["settlement_rows"]}
WITH_AMOUNTS = [vector for vector in ROWS.values() if vector["amount"] is not None]
# S1 is dated by counting calendar days onto a holiday, S7 is invented: sums only.
BUSINESS_DAYS = {"S5": 6, "S6": 6, "S8": 5}


def _problems(vector: dict[str, Any]) -> list[str]:
    return arithmetic_problems(
        amount=vector["amount"],
        fees=tuple(line["fee"] for line in vector["fees"]),
        fee=vector["fee"],
        supply_amount=vector["supplyAmount"],
        vat=vector["vat"],
        pay_out_amount=vector["payOutAmount"],
    )


def _row(before: int, after: int, terms: Terms, day: str, **changes: Any) -> SettlementRow:
    transaction = a_transaction(before, after, settle_day=date.fromisoformat(day), **changes)
    return row(transaction, terms, KOREA)


def test_every_published_row_is_checked_by_its_sums_or_by_its_dates() -> None:
    assert {vector["id"] for vector in WITH_AMOUNTS} | set(BUSINESS_DAYS) == set(ROWS)


@pytest.mark.parametrize("vector", WITH_AMOUNTS, ids=lambda v: v["id"])
def test_every_published_row_with_amounts_is_sound(vector: dict[str, Any]) -> None:
    assert _problems(vector) == []


@pytest.mark.parametrize("field", ["amount", "fee", "supplyAmount", "vat", "payOutAmount"])
@pytest.mark.parametrize("vector", WITH_AMOUNTS, ids=lambda v: v["id"])
def test_one_won_anywhere_is_noticed(vector: dict[str, Any], field: str) -> None:
    assert _problems(vector | {field: vector[field] + 1}) != []


@pytest.mark.parametrize("name", sorted(BUSINESS_DAYS))
def test_every_published_live_row_is_paid_out_on_its_business_day(name: str) -> None:
    vector = ROWS[name]
    settled = _row(0, 1_600, a_contract(business_days=BUSINESS_DAYS[name]), vector["soldDate"])
    assert settled.sold_date.isoformat() == vector["soldDate"]
    assert settled.paid_out_date.isoformat() == vector["paidOutDate"]


def test_the_old_sample_is_dated_on_a_holiday_and_thus_no_business_day_rule() -> None:
    """S1: 2022-01-01 is two calendar days after its sold date."""
    assert KOREA.reason_closed(date.fromisoformat(ROWS["S1"]["paidOutDate"])) is not None


def test_the_live_card_row_of_63_won_is_reproduced_in_full() -> None:
    """S8: 1,600 at 3.6 % without VAT, five business days."""
    vector = ROWS["S8"]
    terms = a_contract(rate_ppm=rate_from_percent("3.6"), business_days=5)
    settled = _row(0, vector["amount"], terms, vector["soldDate"])
    assert [{"type": line.type, "fee": line.fee} for line in settled.fees] == vector["fees"]
    shown = {
        "amount": settled.amount,
        "interestFee": settled.interest_fee,
        "fee": settled.fee,
        "supplyAmount": settled.supply_amount,
        "vat": settled.vat,
        "payOutAmount": settled.pay_out_amount,
        "soldDate": settled.sold_date.isoformat(),
        "paidOutDate": settled.paid_out_date.isoformat(),
    }
    assert shown == {name: vector[name] for name in shown}


def test_the_same_day_cancel_of_the_reference_has_its_own_negative_row() -> None:
    """99,800 at 2.05 %: both rows on the same dates, and together they are worth nothing."""
    terms = a_contract(rate_ppm=rate_from_percent("2.05"), business_days=4)
    approved = _row(0, 99_800, terms, "2023-11-25")
    cancelled = _row(99_800, 0, terms, "2023-11-25")
    assert (cancelled.amount, cancelled.fee, cancelled.supply_amount, cancelled.vat) == (
        -99_800, -2_250, -2_045, -205,
    )  # fmt: skip
    assert cancelled.pay_out_amount == -97_550
    assert cancelled.paid_out_date == approved.paid_out_date == date(2023, 11, 30)
    assert approved.pay_out_amount + cancelled.pay_out_amount == 0


def test_a_cancel_is_sold_on_its_own_day_however_old_its_approval_is() -> None:
    """S5: approved 13 March, cancelled 25 April, paid out 8 May; the key tells the day of the cancel."""
    vector = ROWS["S5"]
    canceled_at = ulid_instant(vector["transactionKey"].removeprefix("txrd_a"))
    day = settle_day(canceled_at, date(2025, 4, 24))
    settled = _row(
        150_000,
        0,
        a_contract(),
        day.isoformat(),
        approved_at=parse_instant(vector["approvedAt"]),
        transacted_at=canceled_at,
    )
    assert settled.sold_date.isoformat() == vector["soldDate"]
    assert settled.paid_out_date.isoformat() == vector["paidOutDate"]
    assert settled.fee < 0


def test_another_companys_wrong_deposit_is_caught() -> None:
    """F3: 10,000 - 349 - 34 is 9,617, but 9,626 was printed."""
    example = next(e for e in _VECTORS["other_fee_examples"] if e["id"] == "F3")
    fee = example["fee_ex_vat"] + example["fee_vat"]
    problems = arithmetic_problems(
        amount=example["gross"],
        fees=(fee,),
        fee=fee,
        supply_amount=example["fee_ex_vat"],
        vat=example["fee_vat"],
        pay_out_amount=example["deposit"],
    )
    assert example["consistent"] is False
    assert "amount 10000 - fee 383 is not payOutAmount 9626" in problems


def test_another_companys_sound_deposit_raises_no_alarm() -> None:
    """F1: 1,000,000 less 30,700 and 3,070 is 966,230."""
    example = next(e for e in _VECTORS["other_fee_examples"] if e["id"] == "F1")
    assert example["consistent"] is True
    problems = arithmetic_problems(
        amount=example["gross"],
        fees=(example["fee_total"],),
        fee=example["fee_total"],
        supply_amount=example["fee_ex_vat"],
        vat=example["fee_vat"],
        pay_out_amount=example["deposit"],
    )
    assert problems == []


def test_fee_lines_that_do_not_sum_are_told() -> None:
    problems = arithmetic_problems(
        amount=1_600, fees=(60, 2), fee=63, supply_amount=57, vat=6, pay_out_amount=1_537
    )
    assert problems == ["the fee lines [60, 2] do not sum to fee 63"]


@pytest.mark.parametrize(
    ("moment", "closed_through", "day"),
    [
        ("2025-09-17T20:02:51+09:00", "2025-09-16", "2025-09-17"),
        ("2025-02-09T06:58:32+09:00", "2025-02-08", "2025-02-09"),
        ("2025-02-09T00:00:00+09:00", "2025-02-08", "2025-02-09"),
        ("2025-02-09T23:59:59.999+09:00", "2025-02-08", "2025-02-09"),
        ("2025-02-09T15:00:00Z", "2025-02-08", "2025-02-10"),
        ("2025-02-09T10:00:00+09:00", "2025-02-09", "2025-02-10"),
        ("2025-12-31T10:00:00+09:00", "2025-12-31", "2026-01-01"),
    ],
)
def test_a_transaction_settles_on_its_korean_day_but_never_on_a_closed_one(
    moment: str, closed_through: str, day: str
) -> None:
    found = settle_day(parse_instant(moment), date.fromisoformat(closed_through))
    assert found == date.fromisoformat(day)


def test_a_waiting_transaction_has_no_row() -> None:
    with pytest.raises(UnsettledTransaction):
        row(a_transaction(0, 1_000, settle_day=None), a_contract(), KOREA)


def test_a_weekly_sale_is_sold_on_its_sunday_and_counted_from_there() -> None:
    settled = _row(0, 1_600, a_contract(cycle=Cycle.WEEKLY, business_days=4), "2025-02-05")
    assert (settled.settle_day, settled.sold_date) == (date(2025, 2, 5), date(2025, 2, 9))
    assert settled.paid_out_date == date(2025, 2, 13)


CONTRACTS = st.builds(
    a_contract,
    rate_ppm=st.integers(0, 200_000),
    rounding=st.sampled_from(Rounding),
    cycle=st.sampled_from(Cycle),
    business_days=st.integers(1, 10),
    anchor=st.sampled_from(Anchor),
)


@given(
    terms=CONTRACTS,
    total=st.integers(1, 10**10),
    cuts=st.sets(st.integers(1, 10**10), max_size=6),
    first=st.dates(date(2023, 1, 1), date(2026, 12, 31)),
)
def test_a_payment_cancelled_in_any_parts_settles_to_nothing(
    terms: Terms, total: int, cuts: set[int], first: date
) -> None:
    balances = [0, total, *sorted((cut for cut in cuts if cut < total), reverse=True), 0]
    moves = list(itertools.pairwise(balances))
    rows = [_row(before, after, terms, first.isoformat()) for before, after in moves]
    assert sum(settled.amount for settled in rows) == 0
    assert sum(settled.fee for settled in rows) == 0
    assert sum(settled.pay_out_amount for settled in rows) == 0
    for settled in rows:
        assert _problems_of(settled) == []
        assert KOREA.reason_closed(settled.paid_out_date) is None
        assert settled.settle_day <= settled.sold_date < settled.paid_out_date


def _problems_of(settled: SettlementRow) -> list[str]:
    return arithmetic_problems(
        amount=settled.amount,
        fees=tuple(line.fee for line in settled.fees),
        fee=settled.fee,
        supply_amount=settled.supply_amount,
        vat=settled.vat,
        pay_out_amount=settled.pay_out_amount,
    )


@given(st.integers(0, 4 * 10**12), st.integers(-3, 3))
def test_the_settle_day_is_always_open_and_never_before_the_sale(at: int, closed_offset: int) -> None:
    closed_through = kst_day(at + closed_offset * DAY_MS)
    day = settle_day(at, closed_through)
    assert day > closed_through
    assert kst_midnight(day) + DAY_MS > at
    assert day == max(kst_day(at), kst_day(kst_midnight(closed_through) + DAY_MS))


def test_a_row_depends_on_its_transaction_alone() -> None:
    transaction = a_transaction(100_000, 40_000, settle_day=date(2025, 4, 25))
    alone = row(transaction, a_contract(), KOREA)
    again = row(replace(transaction), a_contract(), korean_calendar({}))
    assert alone == again
    assert alone.transaction_id == transaction.transaction_id
