"""How a gateway speaks HTTP on a socket: one place, so that the tests of others meet the same server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

# Longer than the longest request, a move of the clock; a caller who never ends his request is not waited for.
_LAST_ANSWERS_S = 30
# As recorded on the real API's answers.
RECORDED_HEADERS = [
    ("server", "was"),
    ("access-control-allow-headers", "tosspayments-test-code, tosspayments-mid, idempotency-key"),
]


def http_config(app: ASGIApp) -> uvicorn.Config:
    """The server's settings for one application. Addresses come from the socket, not from a proxy's word."""
    return uvicorn.Config(
        app,
        http="httptools",
        access_log=False,
        log_level="warning",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        headers=RECORDED_HEADERS,
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
    )


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The address of an application on a free loopback port, for as long as the block lasts."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(http_config(app))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
