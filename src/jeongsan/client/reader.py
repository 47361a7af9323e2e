"""One GET after another to one address: authentication, time-outs, retries, and answers as JSON.

Nothing but GETs can be sent from here; `client.writer` is for the rest. Every wait and every loop has a limit
with a name. Threads may share a reader: where one is told to wait, all wait.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn, Self

import httpx

from jeongsan import __version__
from jeongsan.client.address import checked_address
from jeongsan.client.errors import Answered, InvalidAddress, Unauthorized, Unreachable, UnreadableAnswer
from jeongsan.client.keys import printable

CONNECT_S = 10.0
# Documented for transactions and settlements: they may take up to a minute.
READ_S = 60.0
ANSWER_S = 180.0
ANSWER_BYTES_MAX = 64 * 1024 * 1024
# 1 + 2 + 4 + 8 + 16 + 32 seconds: limits are counted per minute, so this outlasts one.
BUSY_RETRIES = 6
# A gateway that is not there should be said to be so soon.
CONNECTION_RETRIES = 2
# A fault of the other side's own may pass; one that stays should be said soon.
FAULT_RETRIES = 2
FIRST_DELAY_S = 1.0
DELAY_S_MAX = 60.0
_BUSY = {429, 502, 503, 504}
_FAULT = 500
# A look-up too soon after the last; a request whose first sending is still under way.
_ASKED_TOO_SOON = {"FORBIDDEN_CONSECUTIVE_REQUEST", "IDEMPOTENT_REQUEST_PROCESSING"}
_MESSAGE_MAX = 300


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often a reader waits."""

    connect_s: float = CONNECT_S
    read_s: float = READ_S
    answer_s: float = ANSWER_S
    answer_bytes: int = ANSWER_BYTES_MAX
    busy_retries: int = BUSY_RETRIES
    connection_retries: int = CONNECTION_RETRIES
    fault_retries: int = FAULT_RETRIES
    first_delay_s: float = FIRST_DELAY_S


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its JSON value, numbers exact, and its headers in lower case."""

    value: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Tally:
    """What was sent: `requests` with all that were repeated; `busy` of their answers asked to wait or told of
    a fault, `silent` got none."""

    requests: int = 0
    busy: int = 0
    silent: int = 0


class Reader:
    """Reads one address with one secret key. Use as a context manager. Raises InvalidAddress."""

    def __init__(
        self,
        address: str,
        secret_key: str,
        *,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = checked_address(address)
        basic = base64.b64encode(f"{secret_key}:".encode()).decode()
        self._secrets = (secret_key, basic.rstrip("=")) if secret_key else ()
        self._limits = limits or Limits()
        self._sleep = sleep
        self._turn = threading.Lock()
        self.tally = Tally()
        try:
            self._http = httpx.Client(
                base_url=self.address,
                auth=httpx.BasicAuth(secret_key, ""),
                timeout=httpx.Timeout(self._limits.read_s, connect=self._limits.connect_s),
                headers={"accept": "application/json", "user-agent": f"jeongsan/{__version__}"},
                # Another host must not get the key, whatever this one says.
                follow_redirects=False,
                # A proxy of the environment would see what plain http sends to this machine.
                trust_env=self.address.startswith("https:"),
            )
        except httpx.InvalidURL as error:
            raise InvalidAddress(f"the address cannot be read: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        """One answer. Raises Unreachable, Unauthorized, Answered, UnreadableAnswer."""
        return self._answered(path, lambda: self._http.stream("GET", path, params=query or {}))

    def _answered(self, path: str, send: Callable[[], AbstractContextManager[httpx.Response]]) -> Answer:
        busy = silent = 0
        while True:
            try:
                response, body = self._once(path, send)
            except httpx.TransportError as error:
                silent += 1
                self._count(silent=1)
                if silent > self._limits.connection_retries:
                    reason = f"{type(error).__name__} {error}"
                    raise Unreachable(self._clean(f"{self.address} does not answer: {reason}")) from error
                self._sleep(self._delay(silent))
                continue
            except httpx.HTTPError as error:
                raise UnreadableAnswer(f"{path}: {self._clean(str(error))}") from error
            if response.status_code == 200:
                return Answer(_parsed(path, body), {k.lower(): v for k, v in response.headers.items()})
            code, message = _error_of(body)
            retries = self._retries(response.status_code, code)
            if retries:
                busy += 1
                self._count(busy=1)
                if busy <= retries:
                    self._wait(max(self._delay(busy), _asked_to_wait(response)))
                    continue
            self._refused(path, response.status_code, code, message)

    def _retries(self, status: int, code: str) -> int:
        if status in _BUSY or code in _ASKED_TOO_SOON:
            return self._limits.busy_retries
        return self._limits.fault_retries if status >= _FAULT else 0

    def _once(
        self, path: str, send: Callable[[], AbstractContextManager[httpx.Response]]
    ) -> tuple[httpx.Response, bytes]:
        """The read time-out is per piece, so a dripping answer is held to a limit of its own."""
        with self._turn:
            self.tally.requests += 1
        deadline = time.monotonic() + self._limits.answer_s
        pieces, size = [], 0
        with send() as response:
            for piece in response.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                if size > self._limits.answer_bytes:
                    raise UnreadableAnswer(f"{path}: more than {self._limits.answer_bytes} bytes")
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout(f"not whole after {self._limits.answer_s} s")
        return response, b"".join(pieces)

    def _count(self, *, busy: int = 0, silent: int = 0) -> None:
        with self._turn:
            self.tally.busy += busy
            self.tally.silent += silent

    def _wait(self, seconds: float) -> None:
        """Limits are counted per key, so no other thread of this reader sends meanwhile."""
        with self._turn:
            self._sleep(seconds)

    def _delay(self, failures: int) -> float:
        return min(self._limits.first_delay_s * 2.0 ** (failures - 1), DELAY_S_MAX)

    def _refused(self, path: str, status: int, code: str, message: str) -> NoReturn:
        kind = Unauthorized if status in (401, 403) else Answered
        raise kind(path, status, self._clean(code), self._clean(message))

    def _clean(self, text: str) -> str:
        """What somebody else wrote, fit to be shown: on one line, short, and without the key."""
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return printable(text)[:_MESSAGE_MAX]


def _asked_to_wait(response: httpx.Response) -> float:
    text: str = response.headers.get("retry-after", "")
    return min(float(text), DELAY_S_MAX) if text.isascii() and text.isdigit() else 0.0


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _parsed(path: str, body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise UnreadableAnswer(f"{path}: the answer is no JSON ({error})") from error


def _error_of(body: bytes) -> tuple[str, str]:
    """`code` and `message` of an error body; for anything else its beginning."""
    try:
        value = json.loads(body)
        return str(value["code"]), str(value["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", body[:_MESSAGE_MAX].decode(errors="replace")
