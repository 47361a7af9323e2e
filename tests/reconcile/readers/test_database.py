"""One SELECT of a merchant's database, and nothing but a SELECT."""

import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest

from jeongsan.reconcile.match.codes import Side
from jeongsan.reconcile.readers.sources import SqlSource
from support.merchant_files import read

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path: Path) -> str:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE sales (id TEXT, paid INTEGER, at TEXT, back INTEGER)")
        connection.executemany(
            "INSERT INTO sales VALUES (?, ?, ?, ?)",
            [
                ("o1", 15000, "2025-03-13 00:00:00", 0),
                ("o1", 5000, "2025-03-14 10:00:00", 1),
                (None, None, None, 0),
            ],
        )
    connection.close()
    return f"sqlite:///{tmp_path / 'shop.db'}"


QUESTION = """
-- what was paid; and what came back
SELECT id AS order_id, CASE WHEN back THEN -paid ELSE paid END AS amount, at AS occurred_at,
       'a;b %s :c' AS note
FROM sales;
"""


def test_rows_are_numbered_as_they_come(shop: str, tmp_path: Path) -> None:
    found = read(Side.ORDERS, [SqlSource(shop, QUESTION)], tmp_path)
    assert [(row["row_number"], row["order_id"], row["amount"], row["kind"]) for row in found.rows] == [
        (1, "o1", Decimal(15000), "APPROVAL"),
        (2, "o1", Decimal(-5000), "CANCEL"),
    ]
    # Midnight is a time where a database says so.
    assert found.rows[0]["occurred_at"] is not None


def test_a_row_without_an_amount_is_a_problem(shop: str, tmp_path: Path) -> None:
    statement = "SELECT coalesce(id, 'o2') AS order_id, paid AS amount FROM sales"
    found = read(Side.ORDERS, [SqlSource(shop, statement)], tmp_path)
    assert found.problems == [(3, "amount", "NO_VALUE", "")]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM sales",
        "SELECT 1; DELETE FROM sales",
        "WITH a AS (DELETE FROM sales RETURNING id) SELECT * FROM a",
        "",
        "PRAGMA table_info(sales)",
        "SELECT * INTO other FROM sales",
        "/* SELECT */ DROP TABLE sales",
    ],
)
def test_nothing_else_is_asked(shop: str, tmp_path: Path, statement: str) -> None:
    assert read(Side.ORDERS, [SqlSource(shop, statement)], tmp_path).faults == ["NOT_A_SELECT"]
    assert len(read(Side.ORDERS, [SqlSource(shop, QUESTION)], tmp_path).rows) == 2


@pytest.mark.parametrize(
    ("url", "statement"),
    [
        ("sqlite:///{}/shop.db", "SELECT nothing FROM nowhere"),
        ("nonsense", "SELECT 1"),
        ("nonsense://me:secret@host/db", "SELECT 1"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/db", "SELECT 1"),
    ],
)
def test_a_database_that_does_not_answer_is_a_problem_without_a_password(
    shop: str, tmp_path: Path, url: str, statement: str
) -> None:
    found = read(Side.ORDERS, [SqlSource(url.format(tmp_path), statement)], tmp_path)
    assert found.faults == ["NO_ANSWER"]
    assert "secret" not in found.problems[0][3]
