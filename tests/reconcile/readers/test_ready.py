"""The ready layouts of transactions and settlements, on the kinds of files they are for."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from jeongsan.reconcile.match.codes import Side
from support.merchant_files import read, write_csv, write_xlsx


def test_an_export_of_payments_of_the_merchant_admin(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"결제내역": [
        ["상점아이디(MID)", "주문번호", "결제상태", "결제수단", "결제금액", "결제일시"],
        ["mall", "o1", "결제완료", "카드", 15000, "2025-03-13 13:00:00"],
        ["mall", "o1", "부분 취소", "카드", 5000, "2025-03-14 13:00:00"],
        ["mall", "o2", "입금대기", "가상계좌", 7000, "2025-03-14 13:00:00"],
        ["mall", "o3", "어떤상태", "가상계좌", 7000, "2025-03-14 13:00:00"],
        ["합계", "", "", "", 34000, ""],
    ]})  # fmt: skip
    found = read(Side.TRANSACTIONS, [path], tmp_path)
    assert [(row["kind"], row["amount"], row["status"], row["shop"]) for row in found.rows] == [
        ("APPROVAL", Decimal(15000), "DONE", "mall"),
        ("CANCEL", Decimal(-5000), "PARTIAL_CANCELED", "mall"),
        ("NO_MONEY", Decimal(7000), "WAITING_FOR_DEPOSIT", "mall"),
    ]
    assert found.problems == [(5, "결제상태", "UNKNOWN_WORD", "어떤상태")]


def test_an_export_of_settlements_of_the_merchant_admin(tmp_path: Path) -> None:
    table = [
        ["주문번호", "결제수단", "결제금액", "수수료", "수수료부가세", "정산금액", "매출일", "지급일", "승인일시", "취소일시"],
        ["o1", "카드", "15,000", "507", "46", "14,493", "2025-03-13", "2025-03-17", "2025-03-13 13:00:00", "-"],
        ["o1", "카드", "-5,000", "-169", "-15", "-4,831", "2025-03-14", "2025-03-18", "2025-03-13 13:00:00", "2025-03-14 09:00"],
    ]  # fmt: skip
    found = read(Side.SETTLEMENTS, [write_csv(tmp_path / "a.csv", table, encoding="cp949")], tmp_path)
    first, second = found.rows
    assert (first["kind"], first["fee"], first["base_fee"], first["fee_vat"]) == (
        "APPROVAL", Decimal(507), Decimal(507), Decimal(46),
    )  # fmt: skip
    assert (second["kind"], second["occurred_at"], second["day"]) == (
        "CANCEL", datetime(2025, 3, 14, 9), date(2025, 3, 14),
    )  # fmt: skip
    assert second["approved_at"] == first["occurred_at"]
    assert second["pay_out_amount"] == Decimal(-4831)
    assert second["paid_out_date"] == date(2025, 3, 18)


def test_entries_of_fees_as_columns_or_as_json(tmp_path: Path) -> None:
    head = ["orderId", "amount", "soldDate", "fee"]
    columns = [*head, "fees.0.type", "fees.0.fee", "fees[1].type", "fees[1].fee"]
    as_columns = write_csv(tmp_path / "a.csv", [
        columns,
        ["o1", "1,600", "2025-03-13", "74", "BASE", "63", "ETC", "11"],
        ["o2", "1600", "2025-03-13", "74", "", "", "", ""],
        ["o3", "1600", "2025-03-13", "", "ETC", "11", "", ""],
        ["o4", "1600", "2025-03-13", "74", "BASE", "x", "", ""],
    ])  # fmt: skip
    entries = '[{"type": "BASE", "fee": 63}, {"type": "ETC", "fee": 11}]'
    as_json = write_csv(tmp_path / "b.csv", [
        [*head, "fees"],
        ["o1", "1,600", "2025-03-13", "74", entries],
        ["o2", "1600", "2025-03-13", "74", "null"],
        ["o3", "1600", "2025-03-13", "", '[{"type": "ETC", "fee": 11}]'],
        ["o4", "1600", "2025-03-13", "74", '[{"type": "BASE", "fee": "x"}]'],
        ["o5", "1600", "2025-03-13", "74", "{broken"],
    ])  # fmt: skip
    one, other = read(Side.SETTLEMENTS, [as_columns], tmp_path), read(Side.SETTLEMENTS, [as_json], tmp_path)
    assert [(row["fee"], row["base_fee"]) for row in one.rows] == [
        (Decimal(74), Decimal(63)),
        (Decimal(74), Decimal(74)),
        (Decimal(11), Decimal(0)),
    ]
    assert one.contents == other.contents
    assert one.problems == [(5, "fees", "NOT_AN_AMOUNT", "x")]
    assert other.problems == [(5, "fees", "NOT_AN_AMOUNT", "x"), (6, "fees", "NOT_JSON", "{broken")]


def test_a_row_with_anything_of_a_cancel_is_a_cancels(tmp_path: Path) -> None:
    """Its sign is not corrected: that it is wrong is for the comparison to find."""
    table = [
        ["orderId", "amount", "soldDate", "approvedAt", "cancel.canceledAt"],
        ["o1", "500", "2025-03-13", "2025-03-12T13:00:00+09:00", "2025-03-13T00:00:00Z"],
        ["o2", "-500", "2025-03-13", "2025-03-12T13:00:00+09:00", ""],
    ]
    found = read(Side.SETTLEMENTS, [write_csv(tmp_path / "a.csv", table)], tmp_path)
    assert [(row["kind"], row["amount"], row["occurred_at"], row["day"]) for row in found.rows] == [
        ("CANCEL", Decimal(500), datetime(2025, 3, 13, 9), date(2025, 3, 13)),
        ("CANCEL", Decimal(-500), None, None),
    ]
