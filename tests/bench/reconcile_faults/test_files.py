"""The made-up merchant's files: the forms that its systems write, and nothing lost on the way."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jeongsan.bench.reconcile_faults.files import write_files
from jeongsan.bench.reconcile_faults.generate import ORDERS_MIN, WorldPlan, generate
from jeongsan.fetch.columns import COLUMNS
from jeongsan.fetch.slices import What
from jeongsan.reconcile.duck import open_workspace
from jeongsan.reconcile.settled_files import read_rows

Written = tuple[Any, Path]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A world for files, and the folder they are in."""
    folder = tmp_path_factory.mktemp("files")
    connection = open_workspace(tmp_path_factory.mktemp("world"), threads=1)
    generate(connection, WorldPlan(ORDERS_MIN, for_files=True))
    write_files(connection, folder)
    return connection, folder


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def amounts(connection: Any, question: str) -> dict[int, Decimal]:
    return dict(connection.execute(question).fetchall())


def test_the_lines_of_orders_are_the_rows_in_their_places(written: Written) -> None:
    connection, folder = written
    read = lines(folder / "orders.csv")
    assert list(read[0]) == [
        "order_id", "payment_key", "transaction_key", "kind", "method", "currency", "amount", "tax_free",
        "vat", "occurred_at",
    ]  # fmt: skip
    there = amounts(connection, "SELECT row_number, amount FROM orders")
    # Line 1 is the header.
    assert {number: Decimal(row["amount"]) for number, row in enumerate(read, 2)} == there


def test_a_bank_writes_in_korean_with_money_in_two_columns(written: Written) -> None:
    connection, folder = written
    read = lines(folder / "bank.csv")
    assert list(read[0]) == ["거래일시", "적요", "보낸분", "출금액", "입금액"]
    there = amounts(connection, "SELECT row_number, amount FROM bank WHERE file_id = 4")
    signed = {
        number: Decimal(row["입금액"].replace(",", "") or "-" + row["출금액"].replace(",", ""))
        for number, row in enumerate(read, 2)
    }
    assert signed == there
    assert any(amount < 0 for amount in there.values())


@pytest.mark.parametrize("what", What)
def test_parquet_has_the_shape_of_a_fetched_folder(written: Written, what: What) -> None:
    connection, folder = written
    path = folder / f"{what.value}.parquet"
    shown = connection.execute(f"DESCRIBE FROM read_parquet('{path}')").fetchall()
    found = {name: kind.replace('"', "") for name, kind, *_ in shown}
    assert found == {one.name: one.full_type.replace('"', "") for one in COLUMNS[what]}
    counted = connection.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchall()
    assert counted == connection.execute(f"SELECT count(*) FROM {what.value}").fetchall()


def test_flat_settlements_are_read_as_a_history_without_a_problem(written: Written) -> None:
    connection, folder = written
    history = read_rows(folder / "settlements.csv")
    assert history.problems == ()
    there = connection.execute(
        "SELECT transaction_key, amount, fee, base_fee, fee_vat, pay_out_amount, day, card_kind "
        "FROM settlements WHERE currency = 'KRW'"
    ).fetchall()
    read = [
        (row.transaction_key, row.amount, row.fee, row.base, row.vat, row.pays_out, row.happened_at.date(),
         row.card_kind)
        for row in history.rows
        if row.currency == "KRW" and row.happened_at is not None
    ]  # fmt: skip
    assert Counter(read) == Counter(there)


def test_transactions_are_listed_positive_as_the_gateway_does(written: Written) -> None:
    connection, folder = written
    read = lines(folder / "transactions.csv")
    there = connection.execute("SELECT row_number, abs(amount) FROM transactions").fetchall()
    assert {number: Decimal(row["amount"]) for number, row in enumerate(read, 2)} == dict(there)
    assert {row["status"] for row in read} >= {"DONE", "CANCELED", "PARTIAL_CANCELED", "ABORTED"}


def test_labels_stand_beside_the_files_and_name_only_what_files_can_show(written: Written) -> None:
    _, folder = written
    labels = lines(folder / "labels.csv")
    kinds = {row["kind"] for row in labels}
    assert "amount_in_order" in kinds
    assert not kinds & {"tax_free_in_order", "vat_in_order", "sign_in_order", "tax_free_in_settlement"}
    numbers = {row["label_number"] for row in labels}
    named = [*lines(folder / "label_members.csv"), *lines(folder / "label_payouts.csv")]
    assert {row["label_number"] for row in named} == numbers
