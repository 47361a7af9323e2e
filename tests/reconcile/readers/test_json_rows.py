"""JSON lines and arrays with the names of the API."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from jeongsan.reconcile.match.codes import Side
from support.merchant_files import csv_text, read

ROW: dict[str, Any] = {
    "mId": "m", "transactionKey": "t1", "paymentKey": "p1", "orderId": "o1", "method": "카드", "status": "DONE",
    "transactionAt": "2025-03-13T13:00:00+09:00", "currency": "KRW", "amount": 15000,
}  # fmt: skip
ROWS = [
    ROW,
    ROW | {"transactionKey": "t2", "status": "PARTIAL_CANCELED", "amount": 5000},
    ROW | {"transactionKey": "t3", "status": "EXPIRED", "method": "가상계좌", "somethingNew": {"a": [1]}},
]


def test_lines_an_array_and_csv_say_the_same(tmp_path: Path) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (tmp_path / "a.jsonl").write_text(lines, encoding="utf-8-sig")
    (tmp_path / "b.json").write_text(json.dumps(ROWS, indent=1), encoding="utf-8")
    table = [list(ROW), *([str(row[name]) for name in ROW] for row in ROWS)]
    (tmp_path / "c.csv").write_text(csv_text(table), encoding="utf-8")
    found = [read(Side.TRANSACTIONS, [tmp_path / name], tmp_path) for name in ("a.jsonl", "b.json", "c.csv")]
    assert [(row["kind"], row["amount"], row["status"]) for row in found[0].rows] == [
        ("APPROVAL", Decimal(15000), "DONE"),
        ("CANCEL", Decimal(-5000), "PARTIAL_CANCELED"),
        ("NO_MONEY", Decimal(15000), "EXPIRED"),
    ]
    assert found[0].contents == found[1].contents == found[2].contents
    assert [row["row_number"] for row in found[0].rows] == [1, 2, 3]
    assert not any(one.problems for one in found)


def test_a_line_that_is_no_object_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n\n{{broken\n[1]\n{json.dumps(ROW)}\n", encoding="utf-8")
    found = read(Side.TRANSACTIONS, [path], tmp_path)
    assert [row["row_number"] for row in found.rows] == [1, 5]
    assert found.problems == [(3, None, "NOT_JSON", "{broken"), (4, None, "NOT_JSON", "[1]")]
    path.write_text("[{", encoding="utf-8")
    assert read(Side.TRANSACTIONS, [path], tmp_path).faults == ["NOT_JSON"]


def test_numbers_are_taken_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    amounts = ["1234567890123456.78", "0.1", "5", "1.005", "1e3", '"5"', "null"]
    plain = {name: value for name, value in ROW.items() if name != "amount"}
    path.write_text(
        "".join(json.dumps(plain)[:-1] + f', "amount": {one}}}\n' for one in amounts), encoding="utf-8"
    )
    found = read(Side.TRANSACTIONS, [path], tmp_path)
    assert [row["amount"] for row in found.rows] == [
        Decimal("1234567890123456.78"), Decimal("0.1"), Decimal(5), Decimal(1000), Decimal(5),
    ]  # fmt: skip
    assert found.faults == ["TOO_FINE", "NO_VALUE"]
