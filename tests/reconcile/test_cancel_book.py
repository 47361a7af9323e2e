"""The merchant's own list of cancels: what is read, and what is said of what cannot be."""

from decimal import Decimal
from pathlib import Path

import pytest

from jeongsan.client.moments import moment_of
from jeongsan.reconcile.cancel_book import BookLine, Fault, read_book

ENGLISH = "transactionKey,paymentKey,orderId,canceledAt,cancelAmount\n"
KOREAN = "거래키,결제키,주문번호,취소일시,취소금액\n"
LINE = 'txrd_a01,kbsi_1,order-0001,2025-04-25 11:08:10,"15,000"\n'
READ = BookLine(
    line=2,
    transaction_key="txrd_a01",
    payment_key="kbsi_1",
    order_id="order-0001",
    canceled_at=moment_of("2025-04-25T11:08:10+09:00"),
    cancel_amount=Decimal(15_000),
)


def book(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "cancels.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def faults(path: Path) -> list[tuple[int | None, str | None, Fault]]:
    return [(one.line, one.field, one.fault) for one in read_book(path).problems]


@pytest.mark.parametrize("header", [ENGLISH, KOREAN, "Transaction_Key,payment key,ORDER-ID,취소시각,금액\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_and_english_headers_are_read_in_every_usual_encoding(
    tmp_path: Path, header: str, encoding: str
) -> None:
    read = read_book(book(tmp_path, (header + LINE).encode(encoding)))
    assert (read.lines, read.problems) == ((READ,), ())


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_comma_tab_and_semicolon_are_told_apart(tmp_path: Path, delimiter: str, end: str) -> None:
    text = delimiter.join(["결제키", "취소금액", '"메모, 비고"']) + end
    text += delimiter.join(["kbsi_1", '"15,000"', '"a, b; c"']) + end
    (line,) = read_book(book(tmp_path, text)).lines
    assert (line.payment_key, line.cancel_amount) == ("kbsi_1", 15_000)


def test_blank_lines_are_no_lines_and_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    text = 'orderId,cancelAmount,memo\n\norder-0001,1,"two\nlines"\n,,\norder-0002,2,\n'
    assert [line.line for line in read_book(book(tmp_path, text)).lines] == [3, 6]


def test_a_book_without_cancels_is_a_book(tmp_path: Path) -> None:
    read = read_book(book(tmp_path, ENGLISH))
    assert (read.lines, read.problems) == ((), ())


def test_every_problem_is_told_with_its_line_and_field(tmp_path: Path) -> None:
    """And no line with one is read as something else."""
    text = ENGLISH + LINE
    text += "txrd_a02,,,not a day,15000\n"
    text += "txrd_a03,,,,free\n"
    text += ",kbsi_4,,2025-04-25,\n"
    text += ",,,2025-04-25,15000\n"
    text += "txrd_a06,kbsi_6\n"
    text += "txrd_a07,,,tomorrow,0\n"
    read = read_book(book(tmp_path, text))
    assert faults(book(tmp_path, text)) == [
        (3, "canceledAt", Fault.NOT_A_TIME),
        (4, "cancelAmount", Fault.NOT_AN_AMOUNT),
        (5, "cancelAmount", Fault.NO_AMOUNT),
        (6, None, Fault.NO_KEY),
        (7, None, Fault.FIELD_COUNT),
        (8, "canceledAt", Fault.NOT_A_TIME),
        (8, "cancelAmount", Fault.NOT_AN_AMOUNT),
    ]
    assert read.lines == (READ,)
    assert read.problems[0].value == "not a day"
    assert {one.file for one in read.problems} == {"cancels.csv"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NO_KEY_COLUMN),
        ("이름,금액\n홍길동,1\n", Fault.NO_KEY_COLUMN),
        ("orderId,주문번호\na,b\n", Fault.SAME_COLUMN_TWICE),
        (b"orderId,cancelAmount\n\xff\xff\xff,1\n", Fault.ENCODING),
        ('orderId,cancelAmount\n"order-1"x,1\norder-2,2\n', Fault.NOT_CSV),
        ('orderId,cancelAmount\n"order-1,1\n', Fault.NOT_CSV),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else "",
)
def test_a_file_that_cannot_be_read_whole_says_why(
    tmp_path: Path, content: str | bytes, fault: Fault
) -> None:
    assert [found for _, _, found in faults(book(tmp_path, content))] == [fault]


def test_a_file_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert faults(tmp_path / "nothing.csv") == [(None, None, Fault.NO_FILE)]
    assert faults(tmp_path) == [(None, None, Fault.NO_FILE)]


@pytest.mark.parametrize("header", ["취소금액(원)", "취소 금액 [원]", "금액 (KRW)", "금액（원）"])
def test_a_unit_in_the_heading_is_understood(tmp_path: Path, header: str) -> None:
    read = read_book(book(tmp_path, f"주문번호,취소일시(KST),{header}\norder-1,2025-04-25,5000\n"))
    assert [line.cancel_amount for line in read.lines] == [5_000]
    assert (read.problems, read.remarks) == ((), ())


@pytest.mark.parametrize("header", ["취소금액(천원)", "취소금액(USD)", "환불 합"])
def test_columns_that_are_not_understood_are_named_once(tmp_path: Path, header: str) -> None:
    read = read_book(book(tmp_path, f"주문번호,메모,{header}\norder-1,a,5\norder-2,b,6\n"))
    assert [one.fault for one in read.problems] == [Fault.NO_AMOUNT, Fault.NO_AMOUNT]
    (remark,) = read.remarks
    assert (remark.line, remark.fault, remark.value) == (1, Fault.UNKNOWN_COLUMNS, f"2 메모, 3 {header}")


@pytest.mark.parametrize("total", ["합계,,20000", "총 계,,20000", ",소계:,20000", "총합계,,합"])
def test_a_total_is_no_cancel_and_is_told(tmp_path: Path, total: str) -> None:
    read = read_book(book(tmp_path, f"주문번호,메모,금액\norder-1,a,5000\n{total}\n"))
    assert ([line.order_id for line in read.lines], read.problems) == (["order-1"], ())
    remark = read.remarks[-1]
    assert (remark.line, remark.fault) == (3, Fault.TOTAL_LINE)


def test_a_line_with_a_key_is_a_cancel_even_where_it_speaks_of_a_total(tmp_path: Path) -> None:
    read = read_book(book(tmp_path, "주문번호,메모,금액\norder-1,합계,5000\n"))
    assert [line.order_id for line in read.lines] == ["order-1"]


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_spreadsheet_is_to_be_saved_as_csv(tmp_path: Path, start: bytes) -> None:
    assert faults(book(tmp_path, start)) == [(None, None, Fault.SPREADSHEET)]


def test_a_serial_number_for_a_date_is_named_as_one(tmp_path: Path) -> None:
    path = book(tmp_path, "주문번호,취소일,금액\norder-1,45772,5000\n")
    assert faults(path) == [(2, "canceledAt", Fault.SERIAL_NUMBER)]
