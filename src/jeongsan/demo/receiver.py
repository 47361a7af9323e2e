"""A real HTTP receiver for the story's webhooks, on a free loopback port."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

_HEAD_BYTES_MAX = 65_536
_WAIT_S = 5.0
_POLL_S = 0.01


@dataclass
class Receiver:
    """`bodies` in order of arrival, parsed."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)

    async def wait_for(self, count: int) -> None:
        """Until that many have arrived, or the story has waited long enough to call it missing."""
        for _ in range(int(_WAIT_S / _POLL_S)):
            if len(self.bodies) >= count:
                return
            await asyncio.sleep(_POLL_S)


@asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    """Listen until the block ends; every POST is answered with 200."""
    receiver = Receiver()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            receiver.bodies.append(json.loads(await reader.readexactly(length)))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=_HEAD_BYTES_MAX)
    port = server.sockets[0].getsockname()[1]
    receiver.url = f"http://127.0.0.1:{port}/webhook"
    async with server:
        yield receiver
