"""What a store can do: open write sessions one at a time, and read outside of them.

`Session` is an open transaction. Only `loop` begins and commits one.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from jeongsan.store.tables import Table

Row = Sequence[Any]


class StoreUnavailable(Exception):
    """The database cannot be reached or answered with an error; nothing was committed."""


class CommitUncertain(Exception):
    """The connection was lost while committing and the outcome could not be learned."""


class StoreBroken(Exception):
    """The disk refused a commit: what is on it can no longer be trusted from this process."""


class Session(Protocol):
    """One write transaction, from `Store.begin` to `commit` or `rollback`."""

    async def gate(self, *, exclusive: bool) -> None:
        """Enter the gate: shared for facts, exclusive to move the clock or a day-close marker."""

    async def fetch(self, sql: str, *arguments: Any) -> Sequence[Row]:
        """Run a statement and return its rows."""

    async def execute(self, sql: str, *arguments: Any) -> None:
        """Run a statement for its effect."""

    async def insert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert full rows; a duplicate key is an error."""

    async def insert_new(self, table: Table, rows: Sequence[Row]) -> set[Any]:
        """Insert the rows whose key is free, in the given order; return the keys that were."""

    async def upsert(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert, or replace the mutable columns of the row with the same key."""

    async def update(self, table: Table, rows: Sequence[Row]) -> None:
        """Write the mutable columns of full rows, found by key."""

    async def commit(self) -> None:
        """Make it durable. Raises CommitUncertain, StoreBroken or StoreUnavailable."""

    async def rollback(self) -> None:
        """Forget everything since begin."""


class Store(Protocol):
    """A database: one writer per process, any number of readers."""

    async def begin(self) -> Session:
        """Open the process's single write transaction. Raises StoreUnavailable."""

    async def read(self, sql: str, *arguments: Any) -> Sequence[Row]:
        """Run one SELECT outside of the writer; sees committed data only."""

    async def close(self) -> None:
        """Release connections and threads."""
