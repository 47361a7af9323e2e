"""A gateway as a real process: started, talked to over HTTP, killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import psutil

from support.sandbox import LIVE_KEY, START, TEST_KEY


def wait_ended(process: psutil.Process, *, seconds: float = 10.0) -> None:
    """Until a process that is nobody's child any more has ended."""
    deadline = time.monotonic() + seconds
    while not _ended(process):
        assert time.monotonic() < deadline, f"still there: {process}"
        time.sleep(0.01)


def _ended(process: psutil.Process) -> bool:
    try:
        # Whoever inherits an orphan may let it lie.
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@dataclass
class GatewayProcess:
    """`live` is a client with the live key."""

    url: str
    process: "subprocess.Popen[str]"
    live: httpx.Client

    def kill(self) -> None:
        """kill -9."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def wait_dead(self) -> None:
        """Wait until the process has died by itself."""
        self.process.wait(timeout=20)


@contextmanager
def gateway_process(
    database_url: str,
    *options: str,
    crash_at: str | None = None,
    seed: int | None = None,
    clock: str | None = START,
) -> Iterator[GatewayProcess]:
    """`jeongsan serve` on a free port; on a new database its clock starts frozen at `clock`. None for
    a database that has its clock already."""
    environment = os.environ | {
        "JEONGSAN_TEST_SECRET_KEY": TEST_KEY,
        "JEONGSAN_LIVE_SECRET_KEY": LIVE_KEY,
    }
    if crash_at is not None:
        environment["JEONGSAN_CRASH_AT"] = crash_at
    arguments = [
        sys.executable,
        "-m",
        "jeongsan",
        "serve",
        "--port",
        "0",
        "--json",
        "--database",
        database_url,
    ]
    if clock is not None:
        arguments += ["--clock", clock, "--clock-mode", "frozen"]
    arguments += options
    if seed is not None:
        arguments += ["--seed", str(seed)]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            process.wait(timeout=10)
            raise RuntimeError(f"the gateway did not start: exit {process.returncode}")
        url = json.loads(line)["url"]
        with httpx.Client(base_url=url, auth=(LIVE_KEY, ""), timeout=30) as client:
            yield GatewayProcess(url, process, client)
    finally:
        # Whatever went wrong, also before the first line, no process is left behind.
        process.kill()
        process.wait(timeout=10)
        process.stdout.close()
