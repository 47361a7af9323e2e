"""A browser on the gateway's own machine."""

from collections.abc import AsyncIterator

import httpx
import pytest

from support.console import visitor
from support.sandbox import Sandbox


@pytest.fixture
async def console(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(sandbox.gateway) as client:
        yield client
