"""One GET after another, over real HTTP: who is told what, how often it is tried, what is too much."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest

from jeongsan.client.errors import (
    Answered,
    ClientError,
    InvalidAddress,
    Unauthorized,
    Unreachable,
    UnreadableAnswer,
)
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import BUSY_RETRIES, CONNECTION_RETRIES, FAULT_RETRIES, READ_S, Limits, Reader
from support.recorded_gateway import KEY, RecordedGateway, error

BUSY = error(429, "TOO_MANY_REQUESTS")


def test_the_key_is_the_user_name_with_no_password(gateway: RecordedGateway) -> None:
    gateway.replies = [(200, b"[]")]
    gateway.reader().get("/v1/transactions")
    assert gateway.keys == [f"{KEY}:"]


def test_numbers_stay_exact(gateway: RecordedGateway) -> None:
    gateway.replies = [(200, b"[1.10, 0.30000000000000004, 9007199254740993]")]
    assert gateway.reader().get("/").value == [
        Decimal("1.10"), Decimal("0.30000000000000004"), 9_007_199_254_740_993,
    ]  # fmt: skip


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_gateway_is_asked_again_after_ever_longer_waits(gateway: RecordedGateway, status: int) -> None:
    gateway.replies = [error(status, "TOO_MANY_REQUESTS")] * 3 + [(200, b"[]")]
    assert gateway.reader().get("/").value == []
    assert gateway.waits == [1.0, 2.0, 4.0]


def test_the_waits_outlast_a_minute_because_limits_are_counted_per_minute(gateway: RecordedGateway) -> None:
    gateway.replies = [BUSY] * (BUSY_RETRIES + 1) + [(200, b"[]")]
    with pytest.raises(Answered) as refused:
        gateway.reader().get("/")
    assert (refused.value.status, refused.value.answer_code) == (429, "TOO_MANY_REQUESTS")
    assert len(gateway.requests) == BUSY_RETRIES + 1
    assert sum(gateway.waits) > 60


def test_a_look_up_that_came_too_soon_is_repeated(gateway: RecordedGateway) -> None:
    gateway.replies = [error(403, "FORBIDDEN_CONSECUTIVE_REQUEST"), (200, b"{}")]
    assert gateway.reader().get("/").value == {}


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (400, "INVALID_REQUEST", Answered),
        (401, "UNAUTHORIZED_KEY", Unauthorized),
        (403, "INCORRECT_BASIC_AUTH_FORMAT", Unauthorized),
        (404, "NOT_FOUND", Answered),
        (409, "DUPLICATED_REQUEST", Answered),
    ],
)
def test_any_other_error_is_reported_at_once(
    gateway: RecordedGateway, status: int, code: str, raised: type[Answered]
) -> None:
    gateway.replies = [error(status, code, "안 됩니다.")]
    with pytest.raises(raised) as refused:
        gateway.reader().get("/v1/settlements")
    assert str(refused.value) == f"/v1/settlements answered {status} {code}: 안 됩니다."
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("status", [500, 501, 520])
def test_a_fault_of_the_gateway_may_pass_and_one_that_stays_is_said_soon(
    gateway: RecordedGateway, status: int
) -> None:
    fault = error(status, "FAILED_INTERNAL_SYSTEM_PROCESSING", "안 됩니다.")
    gateway.replies = [fault] * FAULT_RETRIES + [(200, b"[]")]
    assert gateway.reader().get("/").value == []
    assert gateway.waits == [1.0, 2.0]
    gateway.replies = [fault] * (FAULT_RETRIES + 1) + [(200, b"[]")]
    with pytest.raises(Answered) as refused:
        gateway.reader().get("/v1/settlements")
    assert str(refused.value) == (
        f"/v1/settlements answered {status} FAILED_INTERNAL_SYSTEM_PROCESSING: 안 됩니다."
    )
    assert sum(gateway.waits) == 2 * (1.0 + 2.0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_with_the_key(status: int) -> None:
    asked: list[bytes] = []
    with raw_server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]", asked=asked) as elsewhere:
        answer = f"HTTP/1.1 {status} -\r\nlocation: {elsewhere}/\r\ncontent-length: 0\r\n\r\n"
        with raw_server(answer.encode()) as url:
            assert f"answered {status}" in tried(url, Answered)
    assert asked == []


def test_an_address_may_have_a_path(gateway: RecordedGateway) -> None:
    """As behind a proxy: what is asked for comes after it, whatever slashes there are."""
    for address in (f"{gateway.url}/toss/live", f"{gateway.url}/toss/live/"):
        gateway.replies = [(200, b"[]")]
        with Reader(address, KEY) as reader:
            reader.get("/v1/settlements", {"page": "1"})
    assert [(path, query) for _, path, query in gateway.requests] == [
        ("/toss/live/v1/settlements", {"page": "1"})
    ] * 2


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'[{"a": 1}', b"[NaN]", b'{"a": Infinity}', b"\xff", b"[" * 100_000, b"9" * 5_000],
    ids=lambda body: body[:12],
)
def test_an_answer_that_is_no_json_is_an_error_and_not_an_empty_list(
    gateway: RecordedGateway, body: bytes
) -> None:
    gateway.replies = [(200, body)]
    with pytest.raises(UnreadableAnswer):
        gateway.reader().get("/v1/transactions")


def test_an_error_that_is_no_json_shows_its_beginning(gateway: RecordedGateway) -> None:
    gateway.replies = [(400, b"<h1>Bad\x1b[31m" + b"x" * 5_000)]
    with pytest.raises(Answered) as refused:
        gateway.reader().get("/")
    assert "<h1>Bad" in str(refused.value)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_key_that_the_gateway_repeats_is_not_shown(gateway: RecordedGateway) -> None:
    """Neither as it is nor as the header carries it."""
    gateway.replies = [
        error(401, KEY, f"{KEY} is unknown, Basic bGl2ZV9za19vZl90aGVfcmVjb3JkZWRfZ2F0ZXdheV8xOg==")
    ]
    with pytest.raises(Unauthorized) as refused:
        gateway.reader().get("/")
    assert KEY not in str(refused.value)
    assert "bGl2ZV9za19vZl90" not in str(refused.value)


def test_a_slow_answer_is_waited_for_only_so_long(gateway: RecordedGateway) -> None:
    gateway.delay_s = 0.5
    with pytest.raises(Unreachable):
        gateway.reader(read_s=0.05).get("/")
    assert len(gateway.waits) == CONNECTION_RETRIES


@pytest.mark.slow
@pytest.mark.parametrize(("late_s", "whole"), [(READ_S - 3, True), (READ_S + 3, False)])
def test_an_answer_may_take_a_minute_and_no_longer(
    gateway: RecordedGateway, late_s: float, whole: bool
) -> None:
    """The documented time of both lists, with the limits that nobody changed."""
    gateway.delay_s = late_s
    reader = gateway.reader(connection_retries=0)
    started = time.monotonic()
    if whole:
        assert list(GatewayClient(reader).transactions(date(2025, 4, 25))) == []
    else:
        with pytest.raises(Unreachable):
            reader.get("/v1/transactions")
    assert abs(time.monotonic() - started - min(late_s, READ_S)) < 2
    assert gateway.waits == []


def test_an_answer_that_comes_in_time_is_waited_for(gateway: RecordedGateway) -> None:
    gateway.delay_s = 0.1
    gateway.replies = [(200, b"[]")]
    assert gateway.reader().get("/").value == []
    assert gateway.waits == []


def test_an_answer_too_large_to_hold_is_refused(gateway: RecordedGateway) -> None:
    gateway.replies = [(200, b"[" + b" " * 100_000 + b"]")]
    with pytest.raises(UnreadableAnswer, match="more than 1000 bytes"):
        gateway.reader(answer_bytes=1_000).get("/")


def tried(
    url: str, error: type[ClientError], *, limits: Limits | None = None, waits: list[float] | None = None
) -> str:
    """Read an address that cannot be read; what is said of it."""
    sleep = [].append if waits is None else waits.append
    with Reader(url, KEY, limits=limits, sleep=sleep) as reader, pytest.raises(error) as raised:
        reader.get("/")
    return str(raised.value)


def test_nobody_there_is_said_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    waits: list[float] = []
    told = tried(f"http://127.0.0.1:{port}", Unreachable, waits=waits)
    assert sum(waits) <= 5
    assert KEY not in told


@contextmanager
def raw_server(
    answer: bytes, *, hold: threading.Event | None = None, asked: list[bytes] | None = None
) -> Iterator[str]:
    """Answers every connection with these bytes, and then, with `hold`, with nothing until it is set. What it
    was asked goes into `asked`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed: the test is over
            with connection:
                request = connection.recv(65_536)
                if asked is not None:
                    asked.append(request)
                connection.sendall(answer)
                if hold is not None:
                    for _ in range(200):
                        if hold.wait(0.02):
                            break
                        try:
                            connection.sendall(b" ")
                        except OSError:
                            break  # the other side has had enough

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        if hold is not None:
            hold.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n",
    ],
    ids=["nothing", "no HTTP", "too short", "no last chunk"],
)
def test_a_connection_that_breaks_is_tried_again_and_then_reported(answer: bytes) -> None:
    waits: list[float] = []
    with raw_server(answer) as url:
        tried(url, Unreachable, waits=waits)
    assert len(waits) == CONNECTION_RETRIES


def test_an_answer_that_drips_is_cut_off() -> None:
    """Each piece comes in time, the whole does not."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n["
    limits = Limits(answer_s=0.1, connection_retries=0)
    with raw_server(head, hold=threading.Event()) as url:
        assert "not whole" in tried(url, Unreachable, limits=limits)


def test_the_wait_that_the_gateway_asks_for_is_kept_within_a_limit() -> None:
    body = b"HTTP/1.1 429 Too Many\r\nretry-after: %b\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    for asked, waited in ((b"7", 7.0), (b"100000", 60.0), (b"tomorrow", 1.0)):
        waits: list[float] = []
        with raw_server(body % asked) as url:
            tried(url, Answered, limits=Limits(busy_retries=1), waits=waits)
        assert waits == [waited]


def test_plain_http_to_another_machine_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(InvalidAddress):
        Reader("http://192.0.2.1", KEY)


def test_a_proxy_of_the_environment_does_not_see_plain_http(
    gateway: RecordedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    gateway.replies = [(200, b"[]")]
    assert gateway.reader().get("/").value == []


def test_while_one_thread_is_told_to_wait_no_other_sends(gateway: RecordedGateway) -> None:
    """Limits are counted per key, and threads share a reader and its key."""
    asleep, wake = threading.Event(), threading.Event()

    def sleep(_: float) -> None:
        asleep.set()
        assert wake.wait(5)

    gateway.replies = [BUSY, (200, b"[1]"), (200, b"[2]")]
    with Reader(gateway.url, KEY, sleep=sleep) as reader, ThreadPoolExecutor(2) as threads:
        told = threads.submit(reader.get, "/told")
        assert asleep.wait(5)
        other = threads.submit(reader.get, "/other")
        time.sleep(0.1)
        assert [path for _, path, _ in gateway.requests] == ["/told"]
        wake.set()
        assert sorted([told.result(5).value, other.result(5).value]) == [[1], [2]]
        assert (reader.tally.requests, reader.tally.busy, reader.tally.silent) == (3, 1, 0)
