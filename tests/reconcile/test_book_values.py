"""Amounts and times as merchants and their spreadsheets write them."""

from decimal import Decimal

import pytest

from jeongsan.reconcile.book_values import SerialNumber, book_amount, book_moment


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15000", "15000"),
        ("15,000", "15000"),
        ("-15,000", "15000"),
        ("1,234,567원", "1234567"),
        ("15000 원", "15000"),
        ("₩15,000", "15000"),
        ("￦15,000", "15000"),
        ("KRW 15,000", "15000"),
        ("15000.00", "15000"),
        ("544.68", "544.68"),
    ],
)
def test_an_amount_is_positive_however_it_is_written(text: str, amount: str) -> None:
    assert book_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "0", "0.00", "-", "15 000", "1,50,00", "15,00", "1e4", "NaN", "(15000)", "만오천", "１５", "0x10"],
)
def test_what_is_no_amount_never_becomes_zero(text: str) -> None:
    with pytest.raises(ValueError):
        book_amount(text)


@pytest.mark.parametrize(
    ("text", "moment", "day_only"),
    [
        ("2025-04-25T11:08:10+09:00", "2025-04-25T11:08:10+09:00", False),
        ("2025-04-25T02:08:10Z", "2025-04-25T11:08:10+09:00", False),
        ("2025-04-25 11:08:10", "2025-04-25T11:08:10+09:00", False),
        ("2025-04-25 11:08:10.000", "2025-04-25T11:08:10+09:00", False),
        ("2025.04.25 11:08", "2025-04-25T11:08:00+09:00", False),
        ("2025. 4. 25. 오전 11:08:10", "2025-04-25T11:08:10+09:00", False),
        ("2025-04-25 오후 1:08", "2025-04-25T13:08:00+09:00", False),
        ("2025/4/25 12:08:10", "2025-04-25T12:08:10+09:00", False),
        ("2025-04-25 오전 12:08", "2025-04-25T00:08:00+09:00", False),
        ("20250425110810", "2025-04-25T11:08:10+09:00", False),
        ("2025-04-25", "2025-04-25T00:00:00+09:00", True),
        ("2025. 4. 25", "2025-04-25T00:00:00+09:00", True),
        ("20250425", "2025-04-25T00:00:00+09:00", True),
        ("2025년 4월 25일", "2025-04-25T00:00:00+09:00", True),
        ("2025년 4월 25일 금요일", "2025-04-25T00:00:00+09:00", True),
        ("2025년 04월 25일 11:08:10", "2025-04-25T11:08:10+09:00", False),
        ("2025년 4월 25일 오후 1시 8분", "2025-04-25T13:08:00+09:00", False),
        ("25.4.25", "2025-04-25T00:00:00+09:00", True),
        ("25. 4. 25. 11:08", "2025-04-25T11:08:00+09:00", False),
        ("2025.4.25", "2025-04-25T00:00:00+09:00", True),
        ("2025/4/25", "2025-04-25T00:00:00+09:00", True),
    ],
)
def test_a_time_is_korean_unless_it_says_otherwise(text: str, moment: str, day_only: bool) -> None:
    read, only = book_moment(text)
    assert (read.isoformat(), only) == (moment, day_only)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2025-02-30",
        "2025-04-25 25:00",
        "25/04/2025",
        "04/05/25",
        "25-4-25",
        "2025년 13월 1일",
        "125년 4월 25일",
        "2025-04-25 오후 13:00",
        "1999-01-01",
        "45772",
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        book_moment(text)


@pytest.mark.parametrize("text", ["45772", "45772.46400463"])
def test_a_serial_number_of_a_spreadsheet_is_told_from_other_nonsense(text: str) -> None:
    with pytest.raises(SerialNumber):
        book_moment(text)
