"""PostgreSQL: the operator's store, for several processes. One writer connection, a pool of readers.

The gate is an advisory lock held by the transaction. When the connection dies inside COMMIT, the
server is asked what became of the transaction before anybody is answered.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from jeongsan.store.dialect import postgres_insert, postgres_update, to_postgres, update_positions
from jeongsan.store.session import CommitUncertain, Row, StoreUnavailable
from jeongsan.store.sqlite import replace_clause
from jeongsan.store.tables import Table

GATE_LOCK = 0x6A656F6E67
_READERS_MAX = 4
_COMMAND_TIMEOUT_S = 60
_OUTCOME_TRIES = 20
_OUTCOME_PAUSE_S = 0.25
_LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)


class PostgresSession:
    """See `Session`."""

    def __init__(self, store: "PostgresStore", connection: asyncpg.Connection) -> None:
        self._store = store
        self._connection = connection
        self._transaction_id: str | None = None

    async def gate(self, *, exclusive: bool) -> None:
        kind = "" if exclusive else "_shared"
        self._transaction_id = await self._connection.fetchval(
            f"SELECT pg_current_xact_id()::text FROM pg_advisory_xact_lock{kind}({GATE_LOCK})"
        )

    async def fetch(self, sql: str, *arguments: Any) -> Sequence[Row]:
        rows: Sequence[Row] = await self._connection.fetch(to_postgres(sql), *arguments)
        return rows

    async def execute(self, sql: str, *arguments: Any) -> None:
        await self._connection.execute(to_postgres(sql), *arguments)

    async def insert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            await self._connection.execute(postgres_insert(table), *_columns(rows))

    async def insert_new(self, table: Table, rows: Sequence[Row]) -> set[Any]:
        if not rows:
            return set()
        sql = postgres_insert(table, f"ON CONFLICT DO NOTHING RETURNING {table.key[0]}")
        return {row[0] for row in await self._connection.fetch(sql, *_columns(rows))}

    async def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            await self._connection.execute(postgres_insert(table, replace_clause(table)), *_columns(rows))

    async def update(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            positions = update_positions(table)
            columns = _columns([[row[position] for position in positions] for row in rows])
            await self._connection.execute(postgres_update(table), *columns)

    async def commit(self) -> None:
        try:
            await self._connection.execute("COMMIT")
        except (*_LOST, asyncpg.PostgresError) as error:
            # Whatever this connection still holds must not leak into the next transaction.
            self._connection.terminate()
            if not await self._store.was_committed(self._transaction_id):
                raise StoreUnavailable("the connection was lost; nothing was committed") from error

    async def rollback(self) -> None:
        if not self._connection.is_closed():
            await self._connection.execute("ROLLBACK")


def _columns(rows: Sequence[Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


class PostgresStore:
    """See `Store`. Make one with `open_postgres`."""

    def __init__(self, dsn: str, pool: asyncpg.Pool) -> None:
        self._dsn = dsn
        self._pool = pool
        self._writer: asyncpg.Connection | None = None

    async def begin(self) -> PostgresSession:
        try:
            if self._writer is None or self._writer.is_closed():
                self._writer = await asyncpg.connect(self._dsn, command_timeout=_COMMAND_TIMEOUT_S)
            await self._writer.execute("BEGIN")
        except (*_LOST, asyncpg.PostgresError) as error:
            raise StoreUnavailable(str(error)) from error
        return PostgresSession(self, self._writer)

    async def read(self, sql: str, *arguments: Any) -> Sequence[Row]:
        try:
            rows: Sequence[Row] = await self._pool.fetch(to_postgres(sql), *arguments)
        except _LOST as error:
            raise StoreUnavailable(str(error)) from error
        return rows

    async def was_committed(self, transaction_id: str | None) -> bool:
        """Ask the server whether a transaction was committed. Raises CommitUncertain when it cannot say."""
        for _ in range(_OUTCOME_TRIES):
            try:
                connection = await asyncpg.connect(self._dsn)
                try:
                    status = await connection.fetchval(
                        "SELECT pg_xact_status($1::text::xid8)", transaction_id
                    )
                finally:
                    await connection.close()
            except (*_LOST, asyncpg.PostgresError):
                status = None
            if status in ("committed", "aborted"):
                return bool(status == "committed")
            await asyncio.sleep(_OUTCOME_PAUSE_S)
        raise CommitUncertain(f"transaction {transaction_id}")

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.close()
        await self._pool.close()


async def open_postgres(dsn: str) -> PostgresStore:
    """Connect. Raises StoreUnavailable when the server cannot be reached."""
    try:
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=_READERS_MAX, command_timeout=_COMMAND_TIMEOUT_S
        )
    except (*_LOST, asyncpg.PostgresError) as error:
        raise StoreUnavailable(str(error)) from error
    return PostgresStore(dsn, pool)
