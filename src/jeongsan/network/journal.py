"""What the simulated network did, by request id: in memory, or in a file that outlives the process
and is shared by several. Lines are appended and never changed: the first of an id counts, and a
reversal after an approval."""

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
        # Another process may have been faster: what counts is what the journal says now.
        return self.look_up(request.request_id)

    def look_up(self, request_id: str) -> NetworkAnswer:
        """The answer under a request id; Verdict.UNKNOWN when there is none."""
        self._catch_up()
        return self._answers.get(request_id, NetworkAnswer(Verdict.UNKNOWN))

    def reverse(self, request: NetworkRequest) -> NetworkAnswer:
        """Reverse an approval; an id never seen is marked, so that it cannot be approved later."""
        known = self.look_up(request.request_id)
        if known.verdict in (Verdict.DECLINED, Verdict.REVERSED):
            return known
        self._append(request, NetworkAnswer(Verdict.REVERSED))
        return self.look_up(request.request_id)

    def _fold(self, request_id: str, answer: NetworkAnswer) -> None:
        """The first answer of an id stays, except that an approval may be reversed."""
        known = self._answers.get(request_id)
        reversal = answer.verdict is Verdict.REVERSED
        if known is None or (reversal and known.verdict is Verdict.APPROVED):
            self._answers[request_id] = answer

    def _append(self, request: NetworkRequest, answer: NetworkAnswer) -> None:
        if self._path is None:
            self._fold(request.request_id, answer)
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
                code = entry["code"] and Code(entry["code"])
                answer = NetworkAnswer(Verdict(entry["verdict"]), entry["approveNo"], code)
                self._fold(entry["requestId"], answer)
