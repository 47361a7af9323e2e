"""A contract: rates as people write them, and what no contract can say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Counted
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.methods import Situation
from jeongsan.domain.payout_dates import COUNT_MAX, Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.terms import (
    FIXED_MAX,
    Price,
    Surcharge,
    percent_from_rate,
    rate_from_percent,
)
from support.examples import a_contract


@pytest.mark.parametrize(
    ("text", "rate_ppm"),
    [
        ("3.6", 36_000),
        ("3.2", 32_000),
        ("2.05", 20_500),
        ("0", 0),
        ("100", 1_000_000),
        ("1E+1", 100_000),
        ("0.0001", 1),
        ("3.60000000000000000000000000000000000", 36_000),
    ],
)
def test_a_percentage_becomes_millionths(text: str, rate_ppm: int) -> None:
    assert rate_from_percent(text) == rate_ppm


@pytest.mark.parametrize(
    "text",
    [
        "",
        "three",
        "3_6",
        "٣",
        "NaN",
        "sNaN",
        "Infinity",
        "-0.1",
        "100.0001",
        "0.00001",
        "3.60000000000000000000000000000000001",
        "1E+999999999",
        "1E-999999999",
        "1E+400",
    ],
)
def test_what_is_no_rate_is_refused_by_name(text: str) -> None:
    with pytest.raises(InvalidTerms) as caught:
        rate_from_percent(text)
    assert caught.value.field == "rate"


@given(st.integers(0, 1_000_000))
def test_a_rate_survives_being_shown_and_read_again(rate_ppm: int) -> None:
    shown = percent_from_rate(rate_ppm)
    assert rate_from_percent(shown) == rate_ppm
    assert "E" not in shown


def test_a_rate_is_shown_without_trailing_zeros() -> None:
    assert [percent_from_rate(rate) for rate in (36_000, 20_500, 0, 1_000_000)] == ["3.6", "2.05", "0", "100"]


@pytest.mark.parametrize("business_days", [0, -1, COUNT_MAX + 1])
def test_a_payout_is_one_to_sixty_business_days_away(business_days: int) -> None:
    with pytest.raises(InvalidTerms) as caught:
        a_contract(business_days=business_days)
    assert caught.value.field == "payout.businessDays"


@pytest.mark.parametrize("rate_ppm", [-1, 1_000_001])
def test_a_rate_lies_between_nothing_and_everything(rate_ppm: int) -> None:
    with pytest.raises(InvalidTerms) as caught:
        a_contract(rate_ppm=rate_ppm)
    assert caught.value.field == "rate"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payout": PayoutRule(Counted.CALENDAR_DAYS, 0)}, "payout.calendarDays"),
        ({"payout": PayoutRule(Counted.MONTH_ENDS, COUNT_MAX + 1)}, "payout.monthEnds"),
        ({"payout": PayoutRule(Counted.MONTH_ENDS, 2, anchor=Anchor.ROLL)}, "payout.anchor"),
        ({"payout": PayoutRule(count=2, holiday=HolidayPolicy.IGNORE)}, "payout.holiday"),
        ({"refund_fee": -1}, "cancel.refundFee"),
        ({"base": Price(0, -1)}, "fixed"),
        ({"installment": ((1, 0),)}, "installments.1"),
        ({"installment": ((2, -1),)}, "installments.2"),
        ({"installment": ((2, 0), (2, 1))}, "installments.2"),
        ({"installment_discount": ((37, 0),)}, "installmentDiscounts.37"),
        ({"surcharges": (Surcharge(Situation.ESCROW, Price(-1)),)}, "surcharges.ESCROW.rate"),
        ({"surcharges": (Surcharge(Situation.ESCROW, Price()),) * 2}, "surcharges.ESCROW"),
        ({"point_saving": Price(-1)}, "pointSaving.rate"),
        ({"other": Price(0, FIXED_MAX + 1)}, "other.fixed"),
    ],
    ids=str,
)
def test_what_no_contract_says_is_refused_by_the_name_a_document_has_for_it(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidTerms) as caught:
        a_contract(**changes)
    assert caught.value.field == field
