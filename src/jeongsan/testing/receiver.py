"""The shop's webhook receiver: one HTTP server per test run, one path per gateway, and what arrived there."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_STOP_POLL_S = 0.02
_GONE = 410


class WebhookMissing(AssertionError):
    """No such webhook arrived in time; the message tells what did."""


@dataclass(frozen=True)
class Received:
    """One POST as it arrived; header names in lower case."""

    body: bytes
    headers: dict[str, str]

    @cached_property
    def json(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    def matches(self, status: str | None, order_id: str | None) -> bool:
        """Whether it tells of a payment in this status and of this order; None: of any."""
        data = self.json.get("data", {})
        return status in (None, data.get("status")) and order_id in (None, data.get("orderId"))


@dataclass
class Receiver:
    """`received` in order of arrival. `answer`: the HTTP status to answer with, or a function that gives
    it; anything but 200 is a failure, and the gateway tries again by its clock."""

    url: str
    received: list[Received] = field(default_factory=list)
    answer: int | Callable[[Received], int] = 200
    _taken: set[int] = field(default_factory=set)
    _arrival: threading.Condition = field(default_factory=threading.Condition)

    def take(self, one: Received) -> int:
        """Keep what arrived and say how to answer it."""
        with self._arrival:
            self.received.append(one)
            self._arrival.notify_all()
        return self.answer(one) if callable(self.answer) else self.answer

    def wait(self, status: str | None, order_id: str | None, timeout_s: float) -> Received:
        """The first that matches and was not returned before. Raises WebhookMissing."""
        __tracebackhide__ = True

        def found() -> int | None:
            return next(
                (
                    number
                    for number, one in enumerate(self.received)
                    if number not in self._taken and one.matches(status, order_id)
                ),
                None,
            )

        with self._arrival:
            self._arrival.wait_for(lambda: found() is not None, timeout_s)
            number = found()
            if number is None:
                raise WebhookMissing(self._missing(status, order_id, timeout_s))
            self._taken.add(number)
            return self.received[number]

    def _missing(self, status: str | None, order_id: str | None, timeout_s: float) -> str:
        wanted = {"status": status, "orderId": order_id}
        asked = " and ".join(f"{name} {value}" for name, value in wanted.items() if value is not None)
        lines = [f"no webhook with {asked or 'anything'} within {timeout_s:g} s"]
        for number, one in enumerate(self.received):
            data = one.json.get("data", {})
            note = "  (returned by an earlier wait)" if number in self._taken else ""
            lines.append(
                f"  arrived: {one.json.get('eventType')} {data.get('status')} {data.get('orderId')}{note}"
            )
        return "\n".join(lines if self.received else [*lines, "  nothing arrived"])


class ReceiverHub:
    """The server behind all receivers of a test run."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._receivers: dict[str, Receiver] = {}
        self._numbers = itertools.count(1)

    @contextmanager
    def receiver(self) -> Iterator[Receiver]:
        """A receiver of its own; what comes for it after the block is answered with 410."""
        path = f"/webhooks/{next(self._numbers)}"
        receiver = self._receivers[path] = Receiver(self._base_url + path)
        try:
            yield receiver
        finally:
            del self._receivers[path]

    def take(self, path: str, one: Received) -> int:
        """Hand a POST to whose it is and say how to answer it."""
        receiver = self._receivers.get(path)
        return _GONE if receiver is None else receiver.take(one)


@contextmanager
def receiver_hub() -> Iterator[ReceiverHub]:
    """Listen on a free loopback port until the block ends."""
    hub: ReceiverHub

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            one = Received(body, {name.lower(): value for name, value in self.headers.items()})
            self.send_response(hub.take(self.path, one))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
            """Nothing: the test's output belongs to the test."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub = ReceiverHub(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(_STOP_POLL_S,), name="webhooks", daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
