"""A sandbox for the length of one piece of work, for tests of commands, which run loops of their own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from support.sandbox import Sandbox, open_sandbox

T = TypeVar("T")


def inside(database_url: str, work: Callable[[Sandbox], Coroutine[Any, Any, T]]) -> T:
    """Do something in a sandbox on this database, and close it again."""

    async def opened() -> T:
        async with open_sandbox(database_url) as sandbox:
            return await work(sandbox)

    return asyncio.run(opened())
