"""More shops than the one a sandbox starts with."""

import httpx

from jeongsan.domain.shop import Mode
from jeongsan.operations.shops import create_shops
from support.sandbox import Sandbox


async def another_shop(sandbox: Sandbox, mid: str, *, mode: Mode = Mode.LIVE) -> httpx.AsyncClient:
    """Create a shop and return a client with its key of that mode."""
    keys = {one: f"{one.value}_sk_of_{mid}_0000000000" for one in Mode}
    await create_shops(sandbox.gateway.loop, {mid: keys})
    return httpx.AsyncClient(
        transport=sandbox.live._transport, base_url="http://gateway", auth=httpx.BasicAuth(keys[mode], "")
    )
