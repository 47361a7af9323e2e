"""The files for programs follow from the contents: not from the order of rows, files, threads or the hour."""

import json
import random
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.report.events import Act, ExceptionBook
from jeongsan.reconcile.report.write import write_reports
from support.reported import NOW, Tables, april, event, filled, found

pytestmark = pytest.mark.slow

FOLLOWING = ("result.json", "outcomes.csv", "totals.csv", "outcomes.parquet", "totals.parquet")


def shuffled(tables: Tables, dice: random.Random) -> Tables:
    """The same contents in another order, read from other files, totals in smaller pieces."""
    ids = {one["file_id"]: 100 + turn for turn, one in enumerate(dice.sample(tables.rows["files"], 4))}
    for rows in tables.rows.values():
        dice.shuffle(rows)
        for row in rows:
            if "file_id" in row:
                row["file_id"] = ids[row["file_id"]]
    for row in tables.rows["files"]:
        row["name"] = f"{dice.random()}.csv"
    pieces = [row for row in tables.rows["totals"] if row["row_count"] > 1]
    for row in dice.sample(pieces, 3):
        row["row_count"] -= 1
        tables.rows["totals"].append({**row, "row_count": 1, "amount": 0})
    return tables


def written(folder: Path, connection: duckdb.DuckDBPyConnection, *, hours: int = 0) -> dict[str, bytes]:
    book = ExceptionBook((event(found(connection)[1], Act.ACCEPT, "할인"),))
    now = NOW + timedelta(hours=hours)
    write_reports(connection, folder, language=Language.KO, exceptions=book, now=now)
    return {name: (folder / name).read_bytes() for name in FOLLOWING}


@pytest.fixture(scope="module")
def before(
    connection: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    return written(tmp_path_factory.mktemp("before"), connection)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), threads=st.integers(1, 4), hours=st.integers(0, 100))
def test_the_same_contents_are_the_same_bytes(
    before: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory, seed: int, threads: int, hours: int
) -> None:
    with filled(shuffled(april(), random.Random(seed)), threads=threads) as connection:
        again = written(tmp_path_factory.mktemp("again"), connection, hours=hours)
    assert again == before


def test_another_order_is_the_same_bytes(before: dict[str, bytes], tmp_path: Path) -> None:
    with filled(shuffled(april(), random.Random(1)), threads=2) as connection:
        assert written(tmp_path, connection, hours=1) == before


def test_no_name_of_a_file_and_no_hour_is_in_them(before: dict[str, bytes], tmp_path: Path) -> None:
    for content in before.values():
        assert "주문_4월".encode() not in content
        assert b"transactions.csv" not in content
        assert str(tmp_path.parent).encode() not in content


def test_the_settings_of_the_connection_are_left_as_they_were(tmp_path: Path) -> None:
    with filled(april(), threads=3) as connection:
        written(tmp_path, connection)
        assert connection.execute("SELECT current_setting('threads')").fetchone() == (3,)


def test_the_parquet_file_has_exact_amounts_and_lists(before: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(before["outcomes.parquet"])
    relation = duckdb.sql(f"FROM '{tmp_path}/a.parquet'")
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    assert (types["left_amount"], types["reasons"], types["left_day"]) == (
        "DECIMAL(38,2)",
        "VARCHAR[]",
        "DATE",
    )
    assert types["fields"].startswith("STRUCT(")
    assert not {"position", "subject", "rule", "needs_decision"} & set(types)


def test_the_json_object_is_read_by_programs(before: dict[str, bytes]) -> None:
    said = json.loads(before["result.json"])
    assert (said["version"], said["exit"], said["openCount"], said["acceptedCount"]) == (1, 2, 7, 1)
    assert len(said["outcomes"]) == 10
    second = said["outcomes"][1]
    assert second["left"] == {"rows": 1, "amount": 43000.0, "day": "2025-04-25"}
    assert second["handling"]["acceptReason"] == "할인"
    assert said["outcomes"][2]["handling"] is None
