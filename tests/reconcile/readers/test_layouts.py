"""Which layout a file has: the chosen one, or the only one that its headers fit."""

from pathlib import Path

import pytest

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.layout import InvalidLayout
from jeongsan.reconcile.readers.layouts import layout_of, ready_layouts, recognised
from jeongsan.reconcile.readers.sources import FileSource
from support.merchant_files import read, write_csv


@pytest.mark.parametrize("name", ready_layouts())
def test_a_ready_layout_is_recognised_by_its_first_headers_and_by_no_other(name: str) -> None:
    layout = ready_layouts()[name]
    headers = [names[0] for names in layout.columns.values()]
    same_side = [one for one in ready_layouts().values() if one.side is layout.side]
    assert [one.name for one, _ in recognised(same_side, headers)] == [name]


def test_a_layout_is_chosen_by_name_by_path_or_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('side = "orders"\n[columns]\norder_id = "번호"\namount = "원"\n', encoding="utf-8")
    assert layout_of("orders") is ready_layouts()["orders"]
    own = layout_of(path)
    assert own.name == "own"
    assert layout_of(str(path)) == own
    assert layout_of(own) is own
    for unknown in ("ordres", tmp_path / "none.toml"):
        with pytest.raises(InvalidLayout):
            layout_of(unknown)
    file = write_csv(tmp_path / "a.csv", [["번호", "원"], ["o1", "5"]])
    assert len(read(Side.ORDERS, [FileSource(file, path)], tmp_path).rows) == 1


def test_a_file_no_layout_fits_is_told_what_it_has(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [["매출 목록", "", ""], ["번호", "원", "날"], ["o1", "5", "x"]])
    assert read(Side.ORDERS, [file], tmp_path).problems == [(None, "amount", "NO_COLUMN", "번호, 원, 날")]
    assert read(Side.TRANSACTIONS, [file], tmp_path).problems == [(None, None, "NO_LAYOUT", "번호, 원, 날")]
    half = write_csv(tmp_path / "b.csv", [["주문번호", "원", "날"], ["o1", "5", "x"]])
    chosen = read(Side.ORDERS, [FileSource(half, "orders")], tmp_path)
    assert chosen.problems == [(None, "amount", "NO_COLUMN", "주문번호, 원, 날")]


def test_a_file_that_two_layouts_fit_names_both(tmp_path: Path) -> None:
    """Of both, the header that tells them apart."""
    headers = [
        "transactionKey", "status", "amount", "transactionAt", "주문번호", "상태", "금액", "거래일시",
    ]  # fmt: skip
    file = write_csv(
        tmp_path / "a.csv", [headers, ["t", "DONE", "5", "2025-03-13", "o", "완료", "5", "2025-03-13"]]
    )
    assert read(Side.TRANSACTIONS, [file], tmp_path).problems == [
        (None, None, "SEVERAL_LAYOUTS", "api-transactions, toss-transactions")
    ]
    chosen = read(Side.TRANSACTIONS, [FileSource(file, "toss-transactions")], tmp_path)
    assert [row["order_id"] for row in chosen.rows] == ["o"]


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [["주문번호", "금액", "결제금액"], ["o1", "5", "6"]])
    assert read(Side.ORDERS, [file], tmp_path).problems == [
        (None, "amount", "SAME_COLUMN_TWICE", "금액, 결제금액")
    ]


def test_a_layout_of_another_side_or_a_broken_one_is_a_problem(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [["주문번호", "금액"], ["o1", "5"]])
    assert read(Side.ORDERS, [FileSource(file, "bank")], tmp_path).faults == ["OTHER_SIDE"]
    assert read(Side.ORDERS, [FileSource(file, "no such one")], tmp_path).faults == ["INVALID_LAYOUT"]


def test_an_own_layout_has_words_formats_and_signs_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        'side = "orders"\n[columns]\norder_id = "번호"\namount = "원"\nkind = "무엇"\nmethod = "어떻게"\n'
        'day = "날"\nshop = { join = ["지점", "코너"] }\n[constants]\ncurrency = "USD"\n'
        '[words.kind]\n"판매" = "APPROVAL"\n"반품" = "CANCEL"\n[words.method]\n"폰" = "MOBILE_PHONE"\n'
        '[format]\ncancels = "positive"\ntimes = ["%d/%m/%Y"]\nempty = ["-"]\n',
        encoding="utf-8",
    )
    table = [
        ["번호", "원", "무엇", "어떻게", "날", "지점", "코너"],
        ["o1", "5", "판매", "폰", "13/03/2025", "강남", "3"],
        ["o2", "5", "반품", "-", "-", "강남", "-"],
        ["o3", "5", "판매", "카드", "2025-03-13", "", ""],
    ]
    found = read(
        Side.ORDERS, [FileSource(write_csv(tmp_path / "a.csv", table), tmp_path / "own.toml")], tmp_path
    )
    assert [
        (row["kind"], row["amount"], row["method"], str(row["day"]), row["shop"]) for row in found.rows
    ] == [
        ("APPROVAL", 5, "MOBILE_PHONE", "2025-03-13", "강남 3"),
        ("CANCEL", -5, None, "None", "강남"),
    ]
    assert {row["currency"] for row in found.rows} == {"USD"}
    assert found.problems == [(4, "날", "NOT_A_TIME", "2025-03-13")]
