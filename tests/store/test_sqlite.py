"""SQLite's log is copied into the database beside the writing, and does not grow without end."""

import sqlite3
from pathlib import Path

import pytest

from jeongsan.store import sqlite, tables
from jeongsan.store.open import open_store

pytestmark = pytest.mark.anyio

ROWS_PER_COMMIT = 400


async def test_the_log_is_copied_while_writing_goes_on_and_is_begun_anew(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """Twenty checkpoints' worth of rows leave a log of a few, and every row in the database."""
    path = tmp_path / "jeongsan.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = await open_store(f"sqlite:///{path}")
    commits = 20 * sqlite._ROWS_PER_CHECKPOINT // ROWS_PER_COMMIT
    log_bytes = []
    try:
        for commit in range(commits):
            session = await store.begin()
            first = commit * ROWS_PER_COMMIT
            rows = [(first + row, 200, "t" * 32, b"x" * 300, 1) for row in range(ROWS_PER_COMMIT)]
            await session.insert(tables.IDEMPOTENCY_RECORD, rows)
            await session.commit()
            log_bytes.append(path.with_name("jeongsan.db-wal").stat().st_size)
        in_database = path.stat().st_size
    finally:
        await store.close()
    written = commits * ROWS_PER_COMMIT * 300
    assert in_database > written // 2, "nothing was copied before the end"
    assert max(log_bytes) < written // 3, "the log was never begun anew"
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT count(*) FROM idempotency_record").fetchone()
    connection.close()
    assert found == (commits * ROWS_PER_COMMIT,)


async def test_a_commit_is_in_the_log_before_it_is_answered(tmp_path: Path, sqlite_template: Path) -> None:
    """Another connection, which knows only the files, sees the row at once."""
    path = tmp_path / "jeongsan.db"
    path.write_bytes(sqlite_template.read_bytes())
    store = await open_store(f"sqlite:///{path}")
    try:
        session = await store.begin()
        await session.insert(tables.CLAIM, [("order:1", "a")])
        await session.commit()
        other = sqlite3.connect(path)
        found = other.execute("SELECT owner FROM claim").fetchall()
        other.close()
        assert found == [("a",)]
    finally:
        await store.close()
