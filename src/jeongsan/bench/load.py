"""The load of `bench confirm`: one process, N keep-alive connections, each with one request under way.

Runs as `python -m jeongsan.bench.load`: a JSON plan on standard input, a JSON result on standard
output. Speaks HTTP by hand, because a client library would cost more than the server it measures.
"""

import asyncio
import base64
import json
import sys
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, cast

import uvloop


@dataclass(slots=True)
class _Order:
    """Requests still to send, and what came back."""

    requests: list[bytes]
    latencies_s: list[float]
    failed: int = 0


class _Connection(asyncio.Protocol):
    """One buyer after the other: send, wait for the whole answer, send the next."""

    def __init__(self, order: _Order, done: "asyncio.Future[None]") -> None:
        self._order = order
        self._done = done
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(error or ConnectionError("closed by the server"))

    def _next(self) -> None:
        if not self._order.requests:
            self._done.set_result(None)
            self._transport.close()
            return
        self._sent_at = perf_counter()
        self._transport.write(self._order.requests.pop())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        start = head.lower().index(b"content-length: ") + 16
        length = int(head[start:].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self._order.latencies_s.append(perf_counter() - self._sent_at)
        self._order.failed += not head.startswith(b"HTTP/1.1 200")
        self._buffer = b""
        self._next()


def confirm_request(host: str, key: str, payment: dict[str, Any]) -> bytes:
    """A confirm as an integrator sends it: Basic auth, idempotency key, JSON."""
    body = json.dumps(payment).encode()
    authorization = base64.b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST /v1/payments/confirm HTTP/1.1\r\nHost: {host}\r\nAuthorization: Basic {authorization}\r\n"
        f"Content-Type: application/json\r\nIdempotency-Key: {payment['orderId']}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _run(plan: dict[str, Any]) -> dict[str, Any]:
    host, port = plan["host"], plan["port"]
    requests = [confirm_request(host, item["key"], item["payment"]) for item in plan["items"]]
    order = _Order(requests, [])
    loop = asyncio.get_running_loop()
    finished = []
    started = perf_counter()
    for _ in range(plan["clients"]):
        done: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(partial(_Connection, order, done), host, port)
        finished.append(done)
    await asyncio.gather(*finished)
    seconds = perf_counter() - started
    return {"seconds": seconds, "latencies_s": order.latencies_s, "failed": order.failed}


if __name__ == "__main__":
    print(json.dumps(uvloop.run(_run(json.load(sys.stdin)))))  # noqa: T201 - the result is the output
