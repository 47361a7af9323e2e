"""A gateway of the test's own process behind a real socket, as `jeongsan serve` puts it there."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from jeongsan.api.asgi import create_app
from jeongsan.api.listener import http_config
from jeongsan.app import Gateway


@asynccontextmanager
async def listening(gateway: Gateway) -> AsyncIterator[str]:
    """The address of the gateway while it is served."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(http_config(create_app(gateway)))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
