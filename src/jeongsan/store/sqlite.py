"""SQLite: the embedded store. Statements of the writer run on the event loop's thread, where they
cost microseconds; only what waits for the disk (commit) or a lock (begin) moves to a thread, because
a writer thread would fight the HTTP side for the interpreter lock at every row."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from jeongsan.store.dialect import (
    sqlite_insert,
    sqlite_insert_new,
    sqlite_update,
    to_sqlite,
    update_positions,
)
from jeongsan.store.session import Row, StoreBroken, StoreUnavailable
from jeongsan.store.tables import Table

_json = msgspec.json.Encoder()
_BEGIN_WAIT_S = 20.0
_BEGIN_PAUSE_S = 0.005
_READ_WAIT_S = 10.0
_READER_THREADS = 2
# A checkpoint copies the log into the database file. Inline it stops everybody for some 40 ms, so a
# thread does it every so many rows; the inline one is left for when that did not happen.
_ROWS_PER_CHECKPOINT = 8_000
_WAL_PAGES_BEFORE_INLINE_CHECKPOINT = 64_000
_CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"


def connect(path: str, *, wait_s: float) -> sqlite3.Connection:
    """A connection in autocommit mode with the durability this product promises."""
    connection = sqlite3.connect(
        path, timeout=wait_s, isolation_level=None, check_same_thread=False, uri=path.startswith("file:")
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES_BEFORE_INLINE_CHECKPOINT}")
    connection.execute("PRAGMA cache_size = -65536")
    return connection


def _bind(arguments: Sequence[Any]) -> list[Any]:
    return [
        _json.encode(value).decode() if isinstance(value, (list, tuple)) else value for value in arguments
    ]


class _Checkpointer:
    """Copies the log in a thread while writing goes on, then the little that came meanwhile between two
    commits: only a log that was copied whole is begun anew instead of growing."""

    def __init__(self, path: str, writer: sqlite3.Connection) -> None:
        self._writer = writer
        self._copier = connect(path, wait_s=0)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="sqlite-checkpoint")
        self._copying: Future[object] | None = None
        self._rows_before = writer.total_changes

    def after_commit(self) -> None:
        """Called after each commit, by the thread that made it."""
        if self._copying is not None:
            if self._copying.done():
                self._copying = None
                self._rows_before = self._writer.total_changes
                self._writer.execute(_CHECKPOINT)
        elif self._writer.total_changes - self._rows_before >= _ROWS_PER_CHECKPOINT:
            self._copying = self._pool.submit(self._copier.execute, _CHECKPOINT)

    def close(self) -> None:
        """Wait for the copying to end."""
        self._pool.shutdown(wait=True)
        self._copier.close()


class SqliteSession:
    """See `Session`."""

    def __init__(self, connection: sqlite3.Connection, checkpointer: _Checkpointer) -> None:
        self._connection = connection
        self._checkpointer = checkpointer

    async def gate(self, *, exclusive: bool) -> None:
        """BEGIN IMMEDIATE already made this the only writer."""

    async def fetch(self, sql: str, *arguments: Any) -> Sequence[Row]:
        return self._connection.execute(to_sqlite(sql), _bind(arguments)).fetchall()

    async def execute(self, sql: str, *arguments: Any) -> None:
        self._connection.execute(to_sqlite(sql), _bind(arguments))

    async def insert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            self._connection.executemany(sqlite_insert(table), rows)

    async def insert_new(self, table: Table, rows: Sequence[Row]) -> set[Any]:
        if not rows:
            return set()
        return {
            row[0]
            for row in self._connection.execute(sqlite_insert_new(table), (_json.encode(rows).decode(),))
        }

    async def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            self._connection.executemany(sqlite_insert(table, replace_clause(table)), rows)

    async def update(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            positions = update_positions(table)
            self._connection.executemany(
                sqlite_update(table), [[row[position] for position in positions] for row in rows]
            )

    async def commit(self) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._commit)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_IOERR:
                raise StoreBroken(str(error)) from error
            await self.rollback()
            raise StoreUnavailable(str(error)) from error
        except sqlite3.DatabaseError as error:
            # The file itself is damaged.
            raise StoreBroken(str(error)) from error

    def _commit(self) -> None:
        self._connection.execute("COMMIT")
        self._checkpointer.after_commit()

    async def rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def replace_clause(table: Table) -> str:
    """ON CONFLICT … DO UPDATE for the mutable columns; the same text on both databases."""
    assignments = ", ".join(f"{name} = excluded.{name}" for name in table.mutable)
    return f"ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET {assignments}"


class SqliteStore:
    """See `Store`. One writer connection, reader connections per thread."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._writer = connect(path, wait_s=0)
        self._checkpointer = _Checkpointer(path, self._writer)
        self._readers = ThreadPoolExecutor(_READER_THREADS, thread_name_prefix="sqlite-read")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def begin(self) -> SqliteSession:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            await asyncio.to_thread(self._begin_waiting)
        return SqliteSession(self._writer, self._checkpointer)

    def _begin_waiting(self) -> None:
        deadline = time.monotonic() + _BEGIN_WAIT_S
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if time.monotonic() >= deadline:
                    raise StoreUnavailable(str(error)) from error
                time.sleep(_BEGIN_PAUSE_S)

    async def read(self, sql: str, *arguments: Any) -> Sequence[Row]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, to_sqlite(sql), _bind(arguments))

    def _read(self, sql: str, arguments: list[Any]) -> list[Row]:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path, wait_s=_READ_WAIT_S)
            self._opened.append(connection)
        return connection.execute(sql, arguments).fetchall()

    async def close(self) -> None:
        self._readers.shutdown(wait=True)
        self._checkpointer.close()
        for connection in (*self._opened, self._writer):
            connection.close()
