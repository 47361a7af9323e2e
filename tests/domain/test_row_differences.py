"""One won more or less anywhere in a settlement row is a difference with the name of its field."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.fees import FeeLine
from jeongsan.domain.row_differences import Difference, differences
from jeongsan.domain.settlement import SettlementRow, row
from support.examples import a_contract, a_transaction

DAY = date(2025, 3, 13)


def _row() -> SettlementRow:
    return row(a_transaction(0, 1_600, settle_day=DAY), a_contract(rate_ppm=36_000), korean_calendar({}))


def test_the_same_row_has_no_difference() -> None:
    assert differences(_row(), _row()) == ()


@pytest.mark.parametrize(
    ("field", "name", "expected"),
    [
        ("amount", "amount", 1_600),
        ("fee", "fee", 63),
        ("supply_amount", "supplyAmount", 57),
        ("vat", "vat", 6),
        ("interest_fee", "interestFee", 0),
        ("pay_out_amount", "payOutAmount", 1_537),
    ],
)
@pytest.mark.parametrize("won", [1, -1])
def test_one_won_is_named_with_what_is_stored_and_what_is_expected(
    field: str, name: str, expected: int, won: int
) -> None:
    changes: dict[str, Any] = {field: expected + won}
    found = differences(replace(_row(), **changes), _row())
    assert found == (Difference(name, expected + won, expected),)
    assert found[0].is_money


@pytest.mark.parametrize(
    ("field", "name"),
    [("settle_day", "settleDay"), ("sold_date", "soldDate"), ("paid_out_date", "paidOutDate")],
)
def test_one_day_is_named(field: str, name: str) -> None:
    day = getattr(_row(), field)
    changes: dict[str, Any] = {field: day + timedelta(days=1)}
    assert differences(replace(_row(), **changes), _row()) == (
        Difference(name, day + timedelta(days=1), day),
    )


def test_another_currency_or_other_terms_are_named() -> None:
    stored = replace(_row(), currency="USD", terms_id=2)
    assert differences(stored, _row()) == (
        Difference("termsId", 2, 1),
        Difference("currency", "USD", "KRW"),
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((FeeLine("BASE", 64),), (Difference("fees.BASE", 64, 63),)),
        ((FeeLine("BASE", 63), FeeLine("ETC", 1)), (Difference("fees.ETC", 1, None),)),
        ((), (Difference("fees.BASE", None, 63),)),
        ((FeeLine("BASE", 63), FeeLine("BASE", 63)), (Difference("fees", "BASE,BASE", "BASE"),)),
    ],
)
def test_a_fee_line_that_is_wrong_missing_or_too_many_is_named(
    lines: tuple[FeeLine, ...], found: tuple[Difference, ...]
) -> None:
    assert differences(replace(_row(), fees=lines), _row()) == found
