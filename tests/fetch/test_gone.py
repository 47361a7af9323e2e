"""Rows that were read before and are listed no more: nothing is lost, and it is told."""

import duckdb
import pytest

from jeongsan.fetch.slices import What
from support.fetching import Fetching, key_of, settlements_of, transactions_of
from support.recorded_gateway import RecordedGateway

pytestmark = pytest.mark.slow

DAY = "2025-04-25"
MAKE = {What.TRANSACTIONS: transactions_of, What.SETTLEMENTS: settlements_of}


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("left", [0, 2])
def test_a_list_that_has_lost_rows_is_a_problem_and_the_rows_are_kept(
    gateway: RecordedGateway, fetching: Fetching, what: What, left: int
) -> None:
    """As an outage does that answers with an empty list."""
    rows = MAKE[what](DAY, 5)
    setattr(gateway, what.value, rows)
    fetching.shop(whats=(what,))
    before = fetching.file(what, DAY).read_bytes()
    setattr(gateway, what.value, rows[:left])
    found = fetching.shop(whats=(what,), refresh=True, whole=False)
    (problem,) = found["problems"]
    assert (problem["code"], problem["day"], problem["rows"]) == ("GONE", DAY, 5 - left)
    assert problem["transactionKey"] == key_of(left)
    assert fetching.rows(what) == [key_of(number) for number in range(left)]
    assert fetching.record(what, DAY)["state"] == "open"
    kept = fetching.into / "default" / problem["keptIn"]
    assert kept.read_bytes() == before
    # Nobody who reads the folder by its pattern counts them.
    pattern = f"{fetching.into}/*/{what.value}/*.parquet"
    assert duckdb.sql(f"SELECT count(*) FROM '{pattern}'").fetchall() == [(left,)]
    # Told once: what is listed from now on is the list.
    assert fetching.shop(whats=(what,))["problems"] == []
    assert fetching.record(what, DAY)["state"] == "final"
    assert kept.exists()


def test_rows_that_come_back_are_the_bytes_they_were(gateway: RecordedGateway, fetching: Fetching) -> None:
    gateway.transactions = transactions_of(DAY, 5)
    fetching.shop()
    before = fetching.file(What.TRANSACTIONS, DAY).read_bytes()
    rows, gateway.transactions = gateway.transactions, []
    fetching.shop(refresh=True, whole=False)
    gateway.transactions = rows
    fetching.shop()
    assert fetching.file(What.TRANSACTIONS, DAY).read_bytes() == before


def test_a_row_that_has_moved_or_changed_is_not_gone(gateway: RecordedGateway, fetching: Fetching) -> None:
    gateway.settlements = settlements_of(DAY, 3)
    fetching.shop()
    gateway.settlements[0]["soldDate"] = "2025-04-26"
    gateway.settlements[1]["fee"] = -1
    found = fetching.shop(refresh=True)
    assert found["problems"] == []
    assert found["settlements"]["rows"] == 3
    assert list((fetching.into / "default").rglob("gone/**/*.parquet")) == []


def test_a_damaged_file_is_no_measure_of_what_is_gone(gateway: RecordedGateway, fetching: Fetching) -> None:
    gateway.settlements = settlements_of(DAY, 3)
    fetching.shop()
    fetching.file(What.SETTLEMENTS, DAY).write_bytes(b"PAR1")
    gateway.settlements.pop()
    found = fetching.shop()
    assert [one["code"] for one in found["notes"]] == ["DAMAGED", "FINAL_CHANGED"]
    assert found["settlements"]["rows"] == 2
