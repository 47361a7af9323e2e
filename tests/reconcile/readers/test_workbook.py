"""Excel workbooks: rows by Excel's numbers, numbers only where they are exact."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.sources import FileSource
from jeongsan.reconcile.readers.workbook import cell_text
from support.merchant_files import read, write_xlsx

pytestmark = pytest.mark.slow

HEAD = ["거래일시", "적요", "기재내용", "출금액", "입금액", "잔액"]
OLD = Path(__file__).parents[2] / "support" / "bank.xls"


def test_a_bank_list_with_titles_and_a_total(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "bank.xlsx",
        {
            "입출금": [
                ["거래내역조회"],
                ["계좌번호", "123-456"],
                [],
                HEAD,
                [
                    datetime.fromisoformat("2025-03-17 09:00:01"),
                    "타행이체",
                    "토스페이먼츠",
                    0,
                    966230,
                    1000000,
                ],
                ["2025.03.18 10:00:00", "출금", "", 5000.5, "", ""],
                [date(2025, 3, 19), "", "", "", "1,000원", ""],
                [],
                ["합계", "", "", 5000.5, 967230, ""],
            ]
        },
        "yyyy-mm-dd hh:mm:ss",
    )
    found = read(Side.BANK, [path], tmp_path)
    assert not found.problems
    assert found.files == [(4, 0, 1)]
    assert [
        (row["row_number"], row["amount"], row["occurred_at"], row["day"], row["memo"]) for row in found.rows
    ] == [
        (
            5,
            Decimal(966230),
            datetime.fromisoformat("2025-03-17 09:00:01"),
            date(2025, 3, 17),
            "타행이체 토스페이먼츠",
        ),
        (6, Decimal("-5000.5"), datetime.fromisoformat("2025-03-18 10:00:00"), date(2025, 3, 18), "출금"),
        (7, Decimal(1000), None, date(2025, 3, 19), ""),
    ]


def test_the_old_format_of_excel(tmp_path: Path) -> None:
    """bank.xls was written by xlwt 1.3."""
    found = read(Side.BANK, [OLD], tmp_path)
    assert [(row["row_number"], row["amount"], row["occurred_at"], row["memo"]) for row in found.rows] == [
        (3, Decimal(966230), datetime.fromisoformat("2025-03-17 09:00:01"), "타행이체 토스페이먼츠"),
        (4, Decimal("-5000.5"), datetime.fromisoformat("2025-03-18 10:00:00"), "출금"),
    ]
    assert found.problems == [(5, "거래일시", "SERIAL_NUMBER", "45735")]


def test_a_line_of_a_bank_moves_money_one_way(tmp_path: Path) -> None:
    day = "2025-03-17"
    path = write_xlsx(
        tmp_path / "bank.xlsx",
        {
            "1": [
                HEAD,
                [day, "", "", 5, 7, ""],
                [day, "", "", "", "", ""],
                ["", "", "", 5, "", ""],
                [day, "", "", -5, 0, ""],
            ]
        },
    )
    found = read(Side.BANK, [path], tmp_path)
    assert found.problems == [
        (2, "입금액, 출금액", "CONTRADICTION", "7 / 5"),
        (3, "입금액, 출금액", "NO_VALUE", ""),
        (4, "거래일시", "NO_VALUE", ""),
    ]
    assert [row["amount"] for row in found.rows] == [Decimal(5)]


def test_a_day_and_a_time_in_two_columns_are_a_moment(tmp_path: Path) -> None:
    head = ["거래일자", "거래시간", "출금액", "입금액"]
    path = write_xlsx(
        tmp_path / "bank.xlsx",
        {
            "1": [
                head,
                ["2025.03.17", "09:00:01", "", "5"],
                ["20250317", "090001", "", "5"],
                [date(2025, 3, 17), time(9, 0, 1), "", 5],
                ["2025-03-17", "", "", "5"],
                ["2025-03-17", "x", "", "5"],
            ]
        },
        "yyyy-mm-dd",
    )
    found = read(Side.BANK, [path], tmp_path)
    assert [row["occurred_at"] for row in found.rows] == [
        datetime.fromisoformat("2025-03-17 09:00:01")
    ] * 3 + [None]
    assert {row["day"] for row in found.rows} == {date(2025, 3, 17)}
    assert found.faults == ["NOT_A_TIME"]


def test_the_sheet_that_fits_is_read_and_two_are_refused(tmp_path: Path) -> None:
    rows = [["주문번호", "금액"], ["o1", 5]]
    one = write_xlsx(tmp_path / "one.xlsx", {"표지": [["매출"]], "자료": rows})
    two = write_xlsx(tmp_path / "two.xlsx", {"1월": rows, "2월": rows})
    assert len(read(Side.ORDERS, [one], tmp_path).rows) == 1
    assert read(Side.ORDERS, [two], tmp_path).problems == [(None, None, "SEVERAL_SHEETS", "1월, 2월")]
    assert len(read(Side.ORDERS, [FileSource(two, sheet="2월")], tmp_path).rows) == 1
    missing = read(Side.ORDERS, [FileSource(two, sheet="3월")], tmp_path)
    assert missing.problems == [(None, "3월", "NO_SHEET", "1월, 2월")]


def test_a_number_counts_only_when_it_is_exact(tmp_path: Path) -> None:
    rows = [["주문번호", "금액"], [1.23e15, 15000], ["0012", 0.1], [1.23e16, 5], ["x", 0.1234], ["y", 1e17]]
    found = read(Side.ORDERS, [write_xlsx(tmp_path / "a.xlsx", {"1": rows})], tmp_path)
    assert [(row["order_id"], row["amount"]) for row in found.rows] == [
        ("1230000000000000", Decimal(15000)),
        ("0012", Decimal("0.1")),
        ("1.23E+16", Decimal(5)),
    ]
    assert found.problems == [(5, "금액", "TOO_FINE", "0.1234"), (6, "금액", "NOT_AN_AMOUNT", "1E+17")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a", "a"),
        ("", ""),
        (15000, "15000"),
        (15000.0, "15000"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1.23e15, "1230000000000000"),
        (1.23e16, "1.23E+16"),
        (True, "TRUE"),
        (date(2025, 3, 13), "2025-03-13"),
        (datetime.fromisoformat("2025-03-13 01:02:03"), "2025-03-13 01:02:03"),
        (datetime.fromisoformat("2025-03-13 00:00:00"), "2025-03-13"),
        (time(1, 2, 3), "01:02:03"),
        (-0.0, "-0"),
    ],
)
def test_a_cell_as_text(cell: object, text: str) -> None:
    assert cell_text(cell) == text
