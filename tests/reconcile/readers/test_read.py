"""A side's files into its table: the same contents whatever the format, and nothing lost."""

import random
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.read import read_side
from jeongsan.reconcile.readers.sources import FileSource, SqlSource, sources_in
from support.merchant_files import Table, read, told, workspace, write_csv, write_parquet, write_xlsx

HEADERS = [
    "order_id", "결제키", "거래키", "구분", "결제수단", "통화", "금액(원)", "비과세금액", "부가세", "일시",
]  # fmt: skip
ROW = ["o1", "p1", "t1", "결제", "카드", "KRW", "15,000", "0", "1,364", "2025-03-13 13:00:00"]
CANCEL = ["o1", "p1", "t2", "취소", "카드", "KRW", "-5,000", "", "", "2025-03-14"]

# Everything Korean software writes, and what breaks readers of CSV; no letter that CP949 does not have.
IDS = st.text(alphabet='abcXYZ019-_가힣",;\t| \n', max_size=12).map(lambda text: " ".join(text.split(" ")))
AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2).flatmap(
    lambda amount: st.sampled_from(
        [f"{amount:f}", f"{amount:,f}", f"₩{amount:,f}" if amount >= 0 else f"{amount:f}"]
    )
)
TIMES = st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)).flatmap(
    lambda moment: st.sampled_from([
        moment.strftime("%Y-%m-%d %H:%M:%S"), moment.strftime("%Y-%m-%dT%H:%M:%S+09:00"), moment.strftime("%Y.%m.%d"),
        moment.strftime("%Y%m%d%H%M%S"),
    ])
)  # fmt: skip
WORDS = st.sampled_from(["결제", "취소", "APPROVAL", "cancel", "환불"])
METHODS = st.sampled_from(["카드", "CARD", "가상계좌", "포인트", ""])
MAYBE = st.one_of(st.just(""), AMOUNTS)
ROWS = st.lists(
    st.tuples(IDS, IDS, IDS, WORDS, METHODS, st.sampled_from(["KRW", "usd", ""]), AMOUNTS, MAYBE, MAYBE, TIMES).map(list),
    max_size=6,
)  # fmt: skip
WRITERS: dict[str, Callable[[Path, Table], Path]] = {
    "utf-8": lambda folder, table: write_csv(folder / "a.csv", table),
    "utf-8 with mark": lambda folder, table: write_csv(folder / "b.csv", table, encoding="utf-8-sig"),
    "crlf": lambda folder, table: write_csv(folder / "c.csv", table, newline="\r\n"),
    "utf-16": lambda folder, table: write_csv(folder / "d.csv", table, encoding="utf-16"),
    "cp949": lambda folder, table: write_csv(folder / "e.csv", without_signs(table), encoding="cp949"),
    "tab": lambda folder, table: write_csv(folder / "f.tsv", table, delimiter="\t"),
    "semicolon": lambda folder, table: write_csv(folder / "g.csv", table, delimiter=";"),
    "cr": lambda folder, table: write_csv(folder / "h.csv", table, newline="\r"),
    "excel": lambda folder, table: write_xlsx(folder / "i.xlsx", {"목록": table}),
    "parquet": lambda folder, table: write_parquet(folder / "j.parquet", table),
}


def without_signs(table: Table) -> Table:
    """CP949 has ￦ and no ₩."""
    return [[cell.replace("₩", "￦") for cell in row] for row in table]


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, others=st.sets(st.sampled_from(sorted(WRITERS)), min_size=2, max_size=4))
def test_a_table_reads_the_same_from_every_format(
    tmp_path: Path, rows: list[list[str]], others: set[str]
) -> None:
    table = [HEADERS, *rows]
    told_by = {name: read(Side.ORDERS, [WRITERS[name](tmp_path, table)], tmp_path) for name in others}
    first, *rest = told_by.values()
    assert not first.problems
    assert len(first.rows) == len(rows)
    for other in rest:
        assert other.contents == first.contents
        assert other.files == first.files


@pytest.mark.slow
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS.filter(bool),
    where=st.randoms(use_true_random=False),
    broken=st.sampled_from([(3, "??"), (6, "x"), (6, "0.001"), (6, ""), (7, "1e5"), (8, "1,00"), (9, "2025-02-30"), (5, "1")]),
    name=st.sampled_from(sorted(WRITERS)),
)  # fmt: skip
def test_a_broken_cell_is_one_unreadable_row_and_spoils_no_other(
    tmp_path: Path, rows: list[list[str]], where: random.Random, broken: tuple[int, str], name: str
) -> None:
    number = where.randrange(len(rows))
    column, cell = broken
    damaged = [list(row) for row in rows]
    damaged[number][column] = cell
    whole = read(Side.ORDERS, [WRITERS[name](tmp_path, [HEADERS, *rows])], tmp_path)
    found = read(Side.ORDERS, [WRITERS[name](tmp_path, [HEADERS, *damaged])], tmp_path)
    assert found.files == [(len(rows), 1, 0)]
    assert [problem[1] for problem in found.problems] == [HEADERS[column]]
    kept = [row["row_number"] for row in found.rows]
    assert kept == [row["row_number"] for row in whole.rows if row["row_number"] in kept]
    assert {problem[0] for problem in found.problems}.isdisjoint(kept)
    assert len(kept) == len(rows) - 1


def test_an_order_and_its_cancel(tmp_path: Path) -> None:
    found = read(Side.ORDERS, [write_csv(tmp_path / "orders.csv", [HEADERS, ROW, CANCEL])], tmp_path)
    assert not found.problems
    first, second = found.rows
    assert first == {
        "file_id": 1, "row_number": 2, "shop": "", "kind": "APPROVAL", "order_id": "o1", "payment_key": "p1",
        "transaction_key": "t1", "method": "CARD", "currency": "KRW", "amount": Decimal(15000),
        "tax_free": Decimal(0), "vat": Decimal(1364), "occurred_at": datetime(2025, 3, 13, 13),
        "day": date(2025, 3, 13),
    }  # fmt: skip
    assert (second["kind"], second["amount"]) == ("CANCEL", Decimal(-5000))
    assert (second["occurred_at"], second["day"]) == (None, date(2025, 3, 14))
    assert second["tax_free"] is None


def test_without_a_kind_the_sign_says_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [["주문번호", "금액"], ["o1", "5"], ["o1", "-5"], ["o2", "0"]])
    assert [row["kind"] for row in read(Side.ORDERS, [path], tmp_path).rows] == [
        "APPROVAL",
        "CANCEL",
        "APPROVAL",
    ]


def test_damaged_and_shortened_ids_stay_as_they_stand(tmp_path: Path) -> None:
    ids = ["주문\ufffd1", "1.23E+15", "0012", "??", "  o 1\u3000"]
    path = write_csv(tmp_path / "orders.csv", [["주문번호", "금액"], *([one, "5"] for one in ids)])
    assert [row["order_id"] for row in read(Side.ORDERS, [path], tmp_path).rows] == [*ids[:4], "o 1"]


def test_a_row_may_have_several_problems_and_is_counted_once(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [HEADERS, ROW[:6] + ["x", "y", "", "z"], ROW])
    found = read(Side.ORDERS, [path], tmp_path)
    assert found.files == [(2, 1, 0)]
    assert found.problems == [
        (2, "금액(원)", "NOT_AN_AMOUNT", "x"),
        (2, "비과세금액", "NOT_AN_AMOUNT", "y"),
        (2, "일시", "NOT_A_TIME", "z"),
    ]


def test_only_the_beginning_of_what_stands_there_is_kept(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "orders.csv", [["주문번호", "금액"], ["o1", "x" * 1000]])
    assert read(Side.ORDERS, [path], tmp_path).problems == [(2, "금액", "NOT_AN_AMOUNT", "x" * 60)]


def test_totals_are_skipped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("주문번호,금액\no1,5\n합계,5\n 총계 ,\n합계\n", encoding="utf-8")
    found = read(Side.ORDERS, [path], tmp_path)
    assert (len(found.rows), found.files, found.problems) == (1, [(4, 0, 3)], [])


def test_a_file_that_cannot_be_read_is_a_problem_and_the_others_are_read(tmp_path: Path) -> None:
    good = write_csv(tmp_path / "orders.csv", [HEADERS, ROW])
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "picture.csv").write_bytes(bytes(range(256)) * 50)
    (tmp_path / "cut.xlsx").write_bytes(b"PK\x03\x04 and nothing else")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1 and nothing else")
    (tmp_path / "folder.csv").mkdir()
    names = ["none.csv", "empty.csv", "picture.csv", "cut.xlsx", "cut.parquet", "folder.csv"]
    found = read(Side.ORDERS, [*(tmp_path / name for name in names), good], tmp_path)
    assert found.faults == ["NO_FILE", "EMPTY_FILE", "NO_COLUMN", "BROKEN_FILE", "BROKEN_FILE", "NO_FILE"]
    assert found.files == [*[(0, 0, 0)] * 6, (1, 0, 0)]
    assert len(found.rows) == 1


def test_the_order_of_files_and_rows_is_no_part_of_the_contents(tmp_path: Path) -> None:
    rows = [[f"o{number}", *ROW[1:]] for number in range(20)]
    first = write_csv(tmp_path / "1.csv", [HEADERS, *rows[:10]])
    second = write_csv(tmp_path / "2.csv", [HEADERS, *rows[10:]])
    turned = write_csv(tmp_path / "3.csv", [HEADERS, *reversed(rows)])
    one = read(Side.ORDERS, [first, second], tmp_path)
    assert one.contents == read(Side.ORDERS, [second, first], tmp_path).contents
    assert one.contents == read(Side.ORDERS, [turned], tmp_path).contents


def test_names_of_files_are_names_and_no_patterns(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "it's [1]*?.csv", [HEADERS, ROW])
    write_csv(tmp_path / "it's 1xx.csv", [HEADERS, ROW, ROW])
    assert read(Side.ORDERS, [path], tmp_path).files == [(1, 0, 0)]


def test_texts_of_a_file_are_no_statements(tmp_path: Path) -> None:
    headers = ["주문번호", "금액", "'); DROP TABLE orders; --", '"x"', "$amount"]
    path = write_csv(tmp_path / "orders.csv", [headers, ["'; DROP TABLE files; --", "x", "", "", ""]])
    assert read(Side.ORDERS, [path], tmp_path).problems == [(2, "금액", "NOT_AN_AMOUNT", "x")]


def test_settings_of_the_connection_stay(tmp_path: Path) -> None:
    connection = workspace()
    connection.execute("SET disabled_optimizers = 'join_order'")
    from_sources(connection, tmp_path)
    assert connection.execute("SELECT current_setting('disabled_optimizers')").fetchall() == [("join_order",)]


def from_sources(connection: object, tmp_path: Path) -> None:
    sources = sources_in(write_csv(tmp_path / "orders.csv", [HEADERS, ROW]), Side.ORDERS)
    read_side(connection, Side.ORDERS, sources, scratch=tmp_path)


def test_several_calls_add_up(tmp_path: Path) -> None:
    connection = workspace()
    from_sources(connection, tmp_path)
    from_sources(connection, tmp_path)
    found = told(connection, Side.ORDERS)
    assert [row["file_id"] for row in found.rows] == [1, 2]
    assert found.files == [(1, 0, 0), (1, 0, 0)]


def test_a_folder_is_the_files_in_it(tmp_path: Path) -> None:
    for name in ("b.csv", "a.XLSX", "notes.pdf"):
        (tmp_path / name).write_bytes(b"")
    assert [one.path.name for one in sources_in(tmp_path, Side.BANK)] == ["a.XLSX", "b.csv"]


def test_a_database_stands_under_the_name_it_is_given() -> None:
    assert SqlSource("postgresql://me:secret@host/shop", "SELECT 1").name == "SQL"
    assert FileSource(Path("a/b.csv")).name == "a/b.csv"
