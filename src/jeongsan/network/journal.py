"""What the simulated network did, by request id: in memory, or in a file that outlives the process
and is shared by several. Lines are appended and never changed; the last line of an id counts."""

import json
import os
from pathlib import Path

from jeongsan.domain.attempts import NetworkAnswer, Verdict
from jeongsan.domain.errors import Code
from jeongsan.network.port import NetworkRequest


class Journal:
    """`path` None keeps it in memory."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._read_to = 0
        self._answers: dict[str, NetworkAnswer] = {}

    def act(self, request: NetworkRequest, answer: NetworkAnswer) -> NetworkAnswer:
        """Remember the first answer of a request id and return it, also on repeats."""
        known = self.look_up(request.request_id)
        if known.verdict is not Verdict.UNKNOWN:
            return known
        self._append(request, answer)
        return answer

    def look_up(self, request_id: str) -> NetworkAnswer:
        """The answer under a request id; Verdict.UNKNOWN when there is none."""
        self._catch_up()
        return self._answers.get(request_id, NetworkAnswer(Verdict.UNKNOWN))

    def reverse(self, request: NetworkRequest) -> NetworkAnswer:
        """Reverse an approval; an id never seen is marked, so that it cannot be approved later."""
        known = self.look_up(request.request_id)
        if known.verdict in (Verdict.DECLINED, Verdict.REVERSED):
            return known
        answer = NetworkAnswer(Verdict.REVERSED)
        self._append(request, answer)
        return answer

    def _append(self, request: NetworkRequest, answer: NetworkAnswer) -> None:
        self._answers[request.request_id] = answer
        if self._path is None:
            return
        line = {
            "requestId": request.request_id,
            "kind": request.kind.value,
            "paymentKey": request.payment_key,
            "amount": request.amount,
            "verdict": answer.verdict.value,
            "approveNo": answer.approve_no,
            "code": answer.code,
        }
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, (json.dumps(line) + "\n").encode())
        finally:
            os.close(descriptor)

    def _catch_up(self) -> None:
        if self._path is None or not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._read_to)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._read_to += len(line)
                entry = json.loads(line)
                self._answers[entry["requestId"]] = NetworkAnswer(
                    Verdict(entry["verdict"]), entry["approveNo"], entry["code"] and Code(entry["code"])
                )
