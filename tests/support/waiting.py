"""Waiting for what another task or process does, and failing when it never comes."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from time import monotonic


async def until(condition: Callable[[], bool | Awaitable[bool]], *, seconds: float = 10.0) -> None:
    """Return as soon as the condition holds. Raises AssertionError when it does not in time."""
    deadline = monotonic() + seconds
    while True:
        found = condition()
        if await found if inspect.isawaitable(found) else found:
            return
        assert monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.01)
