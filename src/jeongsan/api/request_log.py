"""What was asked and what was answered, kept beside the commits of payments.

Rows wait in bounded buffers and are written in a transaction of their own: nobody's payment waits for them,
and a crash may lose the last of them.
"""

import asyncio
from collections import deque
from typing import Any

from jeongsan.api.gateway import Gateway
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk.request_log import insert_answers, insert_lines
from jeongsan.store.session import Session

_WAITING_MAX = 10_000
_ROWS_PER_COMMIT = 1_000


class RequestLog:
    """Requests, and what settlement queries were answered with, oldest first. A full buffer drops, and
    counts what it drops."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._lines: deque[tuple[Any, ...]] = deque()
        self._answers: deque[tuple[Any, ...]] = deque()
        self._writing = asyncio.Lock()

    def add(self, line: tuple[Any, ...]) -> None:
        """A line in REQUEST_LOG column order."""
        self._append(self._lines, line)

    def add_answer(self, answer: tuple[Any, ...]) -> None:
        """An answer in SETTLEMENT_ANSWER column order."""
        self._append(self._answers, answer)

    def _append(self, rows: deque[tuple[Any, ...]], row: tuple[Any, ...]) -> None:
        if len(rows) >= _WAITING_MAX:
            self._gateway.metrics.log_dropped()
        else:
            rows.append(row)

    async def write(self) -> None:
        """Return when everything that waits by now is written, also what another call is writing just now.
        What comes in meanwhile waits for the next call: under traffic there is always something."""
        async with self._writing:
            waiting = max(len(self._lines), len(self._answers))
            for _ in range(-(-waiting // _ROWS_PER_COMMIT)):
                await self._write_some()

    async def write_answers(self) -> None:
        """Return when every answer so far is written; without one there is nothing to wait for but a write
        under way."""
        async with self._writing:
            pass
        if self._answers:
            await self.write()

    async def _write_some(self) -> None:
        lines, answers = _taken(self._lines), _taken(self._answers)

        async def work(session: Session, stamp: Stamp) -> None:
            await insert_lines(session, lines)
            await insert_answers(session, answers)

        await self._gateway.loop.alone("RequestLog.write", work)


def _taken(rows: deque[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [rows.popleft() for _ in range(min(_ROWS_PER_COMMIT, len(rows)))]
