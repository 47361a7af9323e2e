"""Delimited text: where its head is, and in which line a person finds a row."""

from pathlib import Path

import pytest

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.records import records
from jeongsan.reconcile.readers.text_facts import TextFacts, facts_of, utf8_of
from support.merchant_files import read

pytestmark = pytest.mark.slow


def numbers(tmp_path: Path, text: str) -> tuple[list[int], list[tuple[int | None, str]]]:
    """Line of each row, and (line, fault) of each problem."""
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode())
    found = read(Side.ORDERS, [path], tmp_path)
    return [row["row_number"] for row in found.rows], [(line, fault) for line, _, fault, _ in found.problems]


@pytest.mark.parametrize(
    ("text", "rows", "problems"),
    [
        ("주문번호,금액\na,1\nb,2\n", [2, 3], []),
        ("주문번호,금액\r\na,1\r\nb,2", [2, 3], []),
        ("\ufeff주문번호,금액\na,1\n\n\n", [2], []),
        ("매출 목록\n\n기간: 2025-03-01, 2025-03-31, 전체\n주문번호,금액\na,1\n", [5], []),
        ("주문번호,금액\na,1\n\nb,2\n", [2, 4], []),
        ('주문번호,금액\n"a\nb",1\nc,2\n', [2, 4], []),
        ('주문번호,"금액\n(원)"\na,1\n', [3], []),
        ("주문번호,금액\na,1\n,\nb,2\n", [2, 4], []),
        ("주문번호,금액\na,1,\nb,2\n", [2, 3], []),
        ("주문번호,금액\na,1,x\nb,2\n", [3], [(2, "FIELD_COUNT")]),
        ("주문번호,금액\na\nb,2\n", [3], [(2, "FIELD_COUNT")]),
        ('주문번호,금액\na,"1"x\nb,2\n', [3], [(2, "NOT_CSV")]),
        ('주문번호,금액\n"a,1\nb,2\nc,3\n', [3, 4], [(2, "NOT_CSV")]),
        ("주문번호,금액\ra,1\rb,2\r", [2, 3], []),
        ("주문번호,금액\r\na,1\nb,2\r\n", [2, 3], []),
        ("주문번호,금액\n" + "a,1\n" * 5 + "b,x\n", [2, 3, 4, 5, 6], [(7, "NOT_AN_AMOUNT")]),
        ("주문번호\t금액\na,b\t1\n", [2], []),
        ("주문번호;금액\na;1,000\n", [2], []),
        ("주문번호,금액\n", [], []),
        ("주문번호,금액", [], []),
    ],
)
def test_a_row_is_named_by_the_line_where_it_begins(
    tmp_path: Path, text: str, rows: list[int], problems: list[tuple[int, str]]
) -> None:
    assert numbers(tmp_path, text) == (rows, problems)


def test_a_very_long_cell_is_one_broken_row(tmp_path: Path) -> None:
    rows, problems = numbers(tmp_path, f"주문번호,금액\na,1\n{'x' * 3_000_000},2\nb,3\n")
    assert (rows, problems) == ([2, 4], [(3, "TOO_LONG")])


def test_a_quotation_that_is_never_closed_breaks_one_line(tmp_path: Path) -> None:
    """And not everything after it."""
    rows, problems = numbers(tmp_path, '주문번호,금액\n"a,1\n' + "b,2\n" * 500)
    assert (len(rows), problems) == (500, [(2, "NOT_CSV")])


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        (b"", TextFacts(0, True)),
        (b"a", TextFacts(1, True)),
        (b"a\n", TextFacts(1, True)),
        (b"a\nb\n\n\r\n", TextFacts(2, False)),
        (b"a\r\nb\r\n\r\n", TextFacts(2, True)),
        (b"\n\n", TextFacts(0, True)),
        (b"\n\na", TextFacts(3, True)),
        (b"a\rb", TextFacts(1, False)),
        (b"a\r\nb\n", TextFacts(2, False)),
    ],
)
def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path, data: bytes, facts: TextFacts) -> None:
    path = tmp_path / "text"
    path.write_bytes(data)
    assert facts_of(path) == facts


def test_lines_are_counted_over_the_edges_of_pieces(tmp_path: Path) -> None:
    path = tmp_path / "text"
    line = b"x" * 997 + b"\r\n"
    path.write_bytes(line * 3000 + b"\r\n" * 600_000)
    assert facts_of(path) == TextFacts(3000, True)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("주문,a".encode(), None),
        ("\ufeff주문".encode(), None),
        ("주문".encode("cp949"), "주문"),
        ("뷁".encode("cp949"), "뷁"),
        ("주문".encode("utf-16"), "주문"),
        (b"\xfe\xff" + "주문".encode("utf-16-be"), "주문"),
        # One character is damaged; the rest is what it was.
        ("가나다라마바사아자차카타파하".encode() + b"\xea\xb0", "가나다라마바사아자차카타파하\ufffd"),
        ("가나다라".encode("cp949") + b"\xb0", "가나다라\ufffd"),
    ],
)
def test_a_text_is_written_again_in_utf8_where_it_is_not(
    tmp_path: Path, data: bytes, text: str | None
) -> None:
    path, scratch = tmp_path / "text", tmp_path / "scratch"
    path.write_bytes(data)
    found = utf8_of(path, scratch)
    assert found == (path if text is None else scratch)
    assert text is None or found.read_text(encoding="utf-8") == text


def test_records_know_their_lines() -> None:
    lines = ["a,b\n", '"x\n', 'y",2\n', "\n", '"open,3\n', "c,d"]
    assert [(one.first, one.last, one.cells) for one in records(lines, ",")] == [
        (1, 1, ["a", "b"]),
        (2, 3, ["x\ny", "2"]),
        (5, 5, None),
        (6, 6, ["c", "d"]),
    ]
