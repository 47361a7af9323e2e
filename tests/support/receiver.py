"""A real HTTP receiver for webhooks, in a thread, that answers what a test tells it to."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One POST as it arrived."""

    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    @property
    def status(self) -> str:
        return str(self.json["data"]["status"])


@dataclass
class Receiver:
    """`answer(received)` gives the status to answer with, after `delay_s`."""

    url: str
    answer: Callable[[Received], int] = lambda received: 200
    delay_s: float = 0.0
    received: list[Received] = field(default_factory=list)

    def statuses(self) -> list[str]:
        """The payment statuses in order of arrival."""
        return [one.status for one in self.received]


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    """Listen on a free loopback port until the block ends."""
    receiver: Receiver

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            one = Received(self.rfile.read(length), {k.lower(): v for k, v in self.headers.items()})
            receiver.received.append(one)
            if receiver.delay_s:
                time.sleep(receiver.delay_s)
            self.send_response(receiver.answer(one))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/hook")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
