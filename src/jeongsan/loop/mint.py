"""Row ids and entropy for decisions.

Row ids come in blocks from `id_sequence`, taken inside a batch: unique over processes, increasing,
one row lock per block. A seeded mint restarts its random stream at each block, so the same history
on a new database mints the same keys, and a restart never repeats them.
"""

import os
import random
from collections.abc import Callable

from jeongsan.domain import ids
from jeongsan.store.batch import ID_BLOCK_SIZE

_POOL_BYTES = 16_384


class _SystemEntropy:
    """The operating system's randomness, fetched by the pool: a call each cost a twentieth of a confirm."""

    def __init__(self) -> None:
        self._pool = b""
        self._at = 0

    def bits(self, count: int) -> int:
        """`count` fresh random bits, in whole bytes."""
        size = count // 8
        if self._at + size > len(self._pool):
            self._pool, self._at = os.urandom(_POOL_BYTES), 0
        self._at += size
        return int.from_bytes(self._pool[self._at - size : self._at])


class Mint:
    """Belongs to one process's loop; not thread-safe."""

    def __init__(self, seed: int | None) -> None:
        self._seed = seed
        self._bits: Callable[[int], int] = _SystemEntropy().bits
        self._next = 0
        self._end = 0

    def has(self, count: int) -> bool:
        """Whether that many ids are left in the block."""
        return self._end - self._next >= count

    def refill(self, start: int) -> None:
        """Use the block [start, start + ID_BLOCK_SIZE)."""
        self._next, self._end = start, start + ID_BLOCK_SIZE
        if self._seed is not None:
            self._bits = random.Random(f"{self._seed}/{start}").getrandbits  # noqa: S311 - seeded on purpose

    def forget_block(self) -> None:
        """The batch that took the block was rolled back: it may belong to somebody else now."""
        self._next = self._end = 0

    def row_id(self) -> int:
        """The next row id. The loop made sure there is one."""
        if self._next >= self._end:
            raise RuntimeError("the batch needs more ids than were reserved")
        self._next += 1
        return self._next - 1

    def transaction_key(self, now: int) -> str:
        """A new transaction key of this moment."""
        return ids.transaction_key(now, self._bits(ids.ULID_ENTROPY_BITS))

    def payment_secret(self) -> str:
        """A new payment secret."""
        return ids.payment_secret(self._bits(ids.SECRET_ENTROPY_BITS))

    def request_id(self) -> str:
        """A new id under which the network is asked."""
        return f"{self._bits(128):032x}"
