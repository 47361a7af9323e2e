"""The process in which the gateways of a test run live, seen from the test run.

A process of its own, so that nothing a test does to this one reaches the gateway: a patched clock or HTTP
client, warnings made errors, an event loop that a synchronous helper blocks. It ends when its standard input
closes, which also happens when the test run is killed.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from jeongsan.testing.refused import refusal

# Far longer than the longest command, the first opening of a gateway on a busy machine.
_ANSWER_S = 60.0
_END_S = 10
_LOG_CHARACTERS = 2_000


class HostDied(RuntimeError):
    """The process is gone; the message ends with what it logged last."""


class HostProcess:
    """One line of JSON for each command, one line back. Databases and log lie in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "gateway.log"
        self._lock = threading.Lock()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                # -P: a module of the project under test must not stand in for one of the gateway's.
                [sys.executable, "-P", "-m", "jeongsan.testing.host", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                # A Ctrl-C is the test run's to handle; its end is also the end of this.
                start_new_session=True,
            )

    def ask(self, do: str, **what: Any) -> Any:
        """Its answer. Raises GatewayRefused, or HostDied, also when no answer comes in time."""
        overdue = threading.Event()
        with self._lock:
            line = self._exchange(json.dumps({"do": do, "what": what}) + "\n", overdue)
        if not line.endswith("\n"):
            why = f"did not answer within {_ANSWER_S} s and was killed" if overdue.is_set() else "is gone"
            raise HostDied(f"the gateway's process {why}\n{self._logged()}")
        answer = json.loads(line)
        if "refused" in answer:
            raise refusal(answer["refused"], answer["status"])
        return answer["done"]

    def _exchange(self, command: str, overdue: threading.Event) -> str:
        """The line it answers with, less than one from a process that is gone. One that does not answer is
        killed, which ends the writing or reading here; `overdue` is set then."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None

        def give_up() -> None:
            overdue.set()
            self._process.kill()

        timer = threading.Timer(_ANSWER_S, give_up)
        timer.daemon = True
        timer.start()
        try:
            self._process.stdin.write(command)
            self._process.stdin.flush()
            return self._process.stdout.readline()
        except OSError:
            return ""
        finally:
            timer.cancel()

    def stop(self) -> None:
        """End it in an orderly way; after a while in any."""
        assert self._process.stdout is not None
        try:
            self._process.communicate(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def _logged(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-_LOG_CHARACTERS:]
