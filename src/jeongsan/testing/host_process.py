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
        """Its answer. Raises GatewayRefused, or HostDied."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            try:
                self._process.stdin.write(json.dumps({"do": do, "what": what}) + "\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
            except OSError:
                line = ""
        if not line:
            raise HostDied(f"the gateway's process is gone\n{self._logged()}")
        answer = json.loads(line)
        if "refused" in answer:
            raise refusal(answer["refused"], answer["status"])
        return answer["done"]

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
