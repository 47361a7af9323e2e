"""Parquet: the files of `jeongsan fetch` as rows or in place, and those of others."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from jeongsan.client.fields import Fields
from jeongsan.client.rows import settlement_row, transaction
from jeongsan.fetch.parquet import Parquet
from jeongsan.fetch.slices import Slice, What
from jeongsan.fetch.spool import Spool
from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.read import read_side
from jeongsan.reconcile.readers.sources import FileSource, sources_in
from support.fetching import settlements_of, transactions_of
from support.merchant_files import read, told, workspace

pytestmark = pytest.mark.slow

SIDES = {What.TRANSACTIONS: Side.TRANSACTIONS, What.SETTLEMENTS: Side.SETTLEMENTS}
CANCEL: dict[str, Any] = {
    "transactionKey": "txrd_b",
    "cancelAmount": 400,
    "canceledAt": "2025-04-26T09:00:00+09:00",
    "taxFreeAmount": 100,
    "cancelStatus": "DONE",
}


def fetched(folder: Path, what: What, day: str, rows: list[dict[str, Any]]) -> Path:
    """A day as `jeongsan fetch` writes it."""
    reading = transaction if what is What.TRANSACTIONS else settlement_row
    target = folder / "rows" / "default" / what.value / f"{day}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    spool = Spool(Slice(what, date.fromisoformat(day)), lambda _: None)
    lines = target.parent / "lines"
    lines.write_bytes(b"".join(spool.written(reading(Fields(row, "row")) for row in rows)))
    parquet = Parquet(folder)
    parquet.write(what, lines, target)
    parquet.close()
    lines.unlink()
    return folder / "rows"


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Two days of both lists."""
    for number, day in enumerate(("2025-04-25", "2025-04-26")):
        sold = settlements_of(day, 3, first=number * 10)
        sold[2] |= {"amount": -400, "fee": -20, "payOutAmount": -380, "cancel": CANCEL, "fees": []}
        sold[0] |= {"card": {"cardType": "신용"}}
        sold[1] |= {
            "fees": [{"type": "BASE", "fee": 30}, {"type": "BASE", "fee": 3}, {"type": "ETC", "fee": 9}]
        }
        fetched(tmp_path, What.SETTLEMENTS, day, sold)
        listed = transactions_of(day, 3, first=number * 10)
        for row, status in zip(listed, ("DONE", "PARTIAL_CANCELED", "EXPIRED"), strict=True):
            row["status"] = status
        fetched(tmp_path, What.TRANSACTIONS, day, listed)
    return tmp_path / "rows"


def test_transactions_have_the_kind_of_their_status(rows: Path, tmp_path: Path) -> None:
    found = read(Side.TRANSACTIONS, sources_in(rows, Side.TRANSACTIONS), tmp_path)
    assert [(row["kind"], row["amount"], row["status"]) for row in found.rows[:3]] == [
        ("APPROVAL", Decimal(1000), "DONE"),
        ("CANCEL", Decimal(-1001), "PARTIAL_CANCELED"),
        ("NO_MONEY", Decimal(1002), "EXPIRED"),
    ]
    assert found.rows[0]["occurred_at"] == datetime.fromisoformat("2025-04-25 12:00:00")
    assert [row["row_number"] for row in found.rows] == [1, 2, 3] * 2
    assert found.files == [(3, 0, 0)] * 2


def test_a_settlement_of_a_cancel_has_the_time_of_the_cancel(rows: Path, tmp_path: Path) -> None:
    found = read(Side.SETTLEMENTS, sources_in(rows, Side.SETTLEMENTS), tmp_path)
    first, second, third = found.rows[:3]
    assert (first["kind"], first["occurred_at"]) == ("APPROVAL", first["approved_at"])
    assert (third["kind"], third["amount"], third["tax_free"]) == ("CANCEL", Decimal(-400), Decimal(-100))
    assert third["occurred_at"] == datetime.fromisoformat("2025-04-26 09:00:00")
    assert third["approved_at"] == first["approved_at"]
    assert (second["base_fee"], third["base_fee"]) == (Decimal(33), Decimal(-20))
    assert second["vat"] is None
    assert second["fee_vat"] is not None
    assert (first["sold_date"], first["method"], first["card_kind"]) == (date(2025, 4, 25), "CARD", "CREDIT")


@pytest.mark.parametrize("what", What)
def test_in_place_they_are_what_they_are_as_a_copy(rows: Path, tmp_path: Path, what: What) -> None:
    side = SIDES[what]
    copied = read(side, sources_in(rows, side), tmp_path)
    connection = workspace()
    read_side(connection, side, sources_in(rows, side), scratch=tmp_path, in_place=True)
    kind = connection.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_name = ?", [side.lower()]
    )
    assert kind.fetchall() == [("VIEW",)]
    assert told(connection, side) == copied


@pytest.mark.parametrize("what", What)
def test_a_view_has_the_columns_of_the_table(rows: Path, tmp_path: Path, what: What) -> None:
    side = SIDES[what]
    connection = workspace()
    described = f"SELECT column_name, column_type FROM (DESCRIBE {side.lower()})"
    expected = connection.execute(described).fetchall()
    read_side(connection, side, sources_in(rows, side), scratch=tmp_path, in_place=True)
    assert connection.execute(described).fetchall() == expected


def test_what_cannot_be_seen_in_place_is_copied(rows: Path, tmp_path: Path) -> None:
    """A row without an amount has to become a problem."""
    broken = transactions_of("2025-04-27", 2, first=100)
    broken[1]["amount"] = None
    fetched(tmp_path, What.TRANSACTIONS, "2025-04-27", broken)
    connection = workspace()
    sources = sources_in(rows, Side.TRANSACTIONS)
    read_side(connection, Side.TRANSACTIONS, sources, scratch=tmp_path, in_place=True)
    found = told(connection, Side.TRANSACTIONS)
    assert found.files == [(3, 0, 0), (3, 0, 0), (2, 1, 0)]
    assert found.problems == [(2, "amount", "NO_VALUE", "")]
    assert len(found.rows) == 7


def test_a_fetched_file_is_the_same_as_csv_of_its_columns(rows: Path, tmp_path: Path) -> None:
    path = tmp_path / "settlements.csv"
    columns = (
        "* EXCLUDE (card, cancel, fees, virtualAccount, transfer, mobilePhone, giftCertificate, easyPay, "
        "absent), "
        'card.cardType AS "card.cardType", cancel.canceledAt AS "cancel.canceledAt", '
        'cancel.cancelAmount AS "cancel.cancelAmount", cancel.transactionKey AS "cancel.transactionKey", '
        'cancel.taxFreeAmount AS "cancel.taxFreeAmount", to_json(fees) AS fees'
    )
    duckdb.execute(f"COPY (SELECT {columns} FROM '{rows}/*/settlements/*.parquet') TO '{path}' (HEADER)")
    copied = read(Side.SETTLEMENTS, sources_in(rows, Side.SETTLEMENTS), tmp_path)
    assert read(Side.SETTLEMENTS, [path], tmp_path).contents == copied.contents


def test_types_of_others_are_brought_to_ours_and_never_rounded(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    duckdb.execute(
        "COPY (SELECT * FROM (VALUES "
        "(1.23e15::DOUBLE, 0.1::DOUBLE, 5::DECIMAL(20,4), TIMESTAMPTZ '2025-03-13 15:00:00+00', "
        "DATE '2025-03-13'), (2, 0.1::DOUBLE + 0.2::DOUBLE, 5, NULL, DATE '2025-03-13'), "
        "(3, 1, 5.0001, NULL, NULL), (4, 'inf', 5, NULL, NULL)"
        f") rows(order_id, amount, vat, occurred_at, day)) TO '{path}' (FORMAT parquet)"
    )
    found = read(Side.ORDERS, [path], tmp_path)
    (row,) = found.rows
    assert (row["order_id"], row["amount"], row["vat"]) == ("1230000000000000", Decimal("0.1"), Decimal(5))
    assert (row["occurred_at"], row["day"]) == (
        datetime.fromisoformat("2025-03-14 00:00:00"),
        date(2025, 3, 14),
    )
    assert found.problems == [
        (2, "amount", "TOO_FINE", "0.30000000000000004"),
        (3, "vat", "TOO_FINE", "5.0001"),
        (4, "amount", "NOT_AN_AMOUNT", "inf"),
    ]


def test_files_of_different_types_are_not_brought_to_those_of_the_first(tmp_path: Path) -> None:
    for name, amount in (("1", "5::DECIMAL(18,2)"), ("2", "5.005::DOUBLE")):
        path = tmp_path / f"{name}.parquet"
        duckdb.execute(f"COPY (SELECT 'o' AS order_id, {amount} AS amount) TO '{path}' (FORMAT parquet)")
    sources = [FileSource(tmp_path / "1.parquet"), FileSource(tmp_path / "2.parquet")]
    found = read(Side.ORDERS, sources, tmp_path)
    assert (len(found.rows), found.faults) == (1, ["TOO_FINE"])
    assert read(Side.ORDERS, sources, tmp_path, in_place=True) == found
