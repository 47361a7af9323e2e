"""`jeongsan serve --ephemeral --json` for tests in any language: one line when it is ready, and nothing is
left at the end, whoever brings it about."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from support.process import wait_ended

_SERVE = [sys.executable, "-m", "jeongsan", "serve", "--ephemeral", "--json", "--port", "0"]
_PARENT = """
import subprocess, sys, time

serving = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
time.sleep(60)
"""


@dataclass
class Ephemeral:
    """What the one line said, and who said it."""

    url: str
    key: str
    folder: Path
    process: "subprocess.Popen[str]"

    def answers(self) -> bool:
        return httpx.get(f"{self.url}/jeongsan/v1/clock", auth=(self.key, "")).status_code == 200

    def pay(self) -> None:
        order = {"orderId": "order-0001", "orderName": "티셔츠", "amount": 15_000}
        answer = httpx.post(f"{self.url}/jeongsan/v1/sandbox/payments", json=order, auth=(self.key, ""))
        assert answer.status_code == 200, answer.text


@pytest.fixture
def ephemeral(request: pytest.FixtureRequest) -> Iterator[Ephemeral]:
    """`request.param`: the command."""
    process = subprocess.Popen(request.param, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout, ExitStack() as stack:
        stack.callback(process.wait, timeout=10)
        stack.callback(process.kill)
        line = json.loads(process.stdout.readline())
        assert {"url", "mId", "secretKeys"} <= set(line)
        folder = Path(line["database"].removeprefix("sqlite:///")).parent
        assert folder.exists()
        yield Ephemeral(line["url"], line["secretKeys"]["live"], folder, process)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
@pytest.mark.parametrize("ephemeral", [_SERVE], indirect=True, ids=["serve"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_ends_it_in_order_and_its_database_with_it(
    ephemeral: Ephemeral, number: signal.Signals
) -> None:
    """Not with its standard input, which somebody who starts it in the background closes at once."""
    assert ephemeral.process.stdin is not None
    ephemeral.process.stdin.close()
    ephemeral.pay()
    assert ephemeral.process.poll() is None
    ephemeral.process.send_signal(number)
    assert ephemeral.process.wait(timeout=10) == 0
    assert not ephemeral.folder.exists()


@pytest.mark.slow
@pytest.mark.parametrize("ephemeral", [_SERVE], indirect=True, ids=["serve"])
def test_a_second_signal_does_not_wait_for_a_caller_who_never_ends(ephemeral: Ephemeral) -> None:
    address = httpx.URL(ephemeral.url)
    assert address.port is not None
    with socket.create_connection((address.host, address.port)) as stuck:
        stuck.sendall(b"POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{")
        assert ephemeral.answers()  # so the stuck request has arrived too
        ephemeral.process.terminate()
        deadline = time.monotonic() + 10
        while _listens(address.host, address.port):
            assert time.monotonic() < deadline, "it still takes new callers"
            time.sleep(0.01)
        assert ephemeral.process.poll() is None
        ephemeral.process.terminate()
        assert ephemeral.process.wait(timeout=10) == -signal.SIGTERM


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port)).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("ephemeral", [[*_SERVE, "--until-stdin-closes"]], indirect=True, ids=["with option"])
def test_it_ends_with_the_other_end_of_its_standard_input(ephemeral: Ephemeral) -> None:
    assert ephemeral.answers()
    assert ephemeral.process.stdin is not None
    ephemeral.process.stdin.close()
    assert ephemeral.process.wait(timeout=10) == 0
    assert not ephemeral.folder.exists()


@pytest.mark.crash
@pytest.mark.parametrize(
    "ephemeral",
    [[sys.executable, "-c", _PARENT, *_SERVE, "--until-stdin-closes"]],
    indirect=True,
    ids=["child of a test run"],
)
def test_a_killed_test_run_takes_it_along(ephemeral: Ephemeral) -> None:
    [serving] = psutil.Process(ephemeral.process.pid).children()
    os.kill(ephemeral.process.pid, signal.SIGKILL)
    wait_ended(serving)
    assert not ephemeral.folder.exists()
