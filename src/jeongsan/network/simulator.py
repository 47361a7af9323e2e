"""The simulated card network, in two forms: inline, and remote with faults.

Some card numbers ask for an outcome, so that an integrator can rehearse it (docs/sandbox.md). The
remote form keeps a journal of what it did under each request id, as a real network does.
"""

import asyncio
import hashlib
import random
from dataclasses import dataclass

from jeongsan.domain.attempts import AttemptKind, NetworkAnswer, Verdict
from jeongsan.domain.errors import Code
from jeongsan.domain.ids import approval_number
from jeongsan.network.journal import Journal
from jeongsan.network.port import NetworkRequest, NetworkUnknown

_DECLINED_CONFIRMS = {
    "99990001": Code.REJECT_CARD_PAYMENT,
    "99990002": Code.REJECT_CARD_COMPANY,
    "99990003": Code.INVALID_STOPPED_CARD,
}
_DECLINED_CANCELS = {"99990011": Code.REFUND_REJECTED}
_LOST_BEFORE = "99990004"
_LOST_AFTER = "99990005"


def decide(request: NetworkRequest) -> NetworkAnswer:
    """The network's decision: a function of the request, so that a repeat gets the same answer."""
    declined = _DECLINED_CONFIRMS if request.kind is AttemptKind.CONFIRM else _DECLINED_CANCELS
    code = declined.get(request.card_number[:8])
    if code is not None:
        return NetworkAnswer(Verdict.DECLINED, code=code)
    entropy = int.from_bytes(hashlib.sha256(request.payment_key.encode()).digest()[:8])
    return NetworkAnswer(Verdict.APPROVED, approve_no=approval_number(entropy))


class InlineSimulator:
    """See `InlineNetwork`."""

    def answer(self, request: NetworkRequest) -> NetworkAnswer:
        return decide(request)


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares (0 to 1) of requests whose answer is lost before or after the network acted."""

    lost_before: float = 0.0
    lost_after: float = 0.0
    latency_s: float = 0.0


class RemoteSimulator:
    """See `Network`."""

    def __init__(self, journal: Journal, faults: Faults, seed: int | None = None) -> None:
        self._journal = journal
        self._faults = faults
        self._random = random.Random(seed)  # noqa: S311 - a simulation

    async def ask(self, request: NetworkRequest) -> NetworkAnswer:
        await asyncio.sleep(self._faults.latency_s)
        draw = self._random.random()
        card = request.card_number[:8] if request.kind is AttemptKind.CONFIRM else ""
        if card == _LOST_BEFORE or draw < self._faults.lost_before:
            raise NetworkUnknown("lost before the network acted")
        answer = self._journal.act(request, decide(request))
        if card == _LOST_AFTER or draw < self._faults.lost_before + self._faults.lost_after:
            raise NetworkUnknown("lost after the network acted")
        return answer

    async def inquire(self, request: NetworkRequest) -> NetworkAnswer:
        await asyncio.sleep(self._faults.latency_s)
        return self._journal.look_up(request.request_id)

    async def reverse(self, request: NetworkRequest) -> NetworkAnswer:
        await asyncio.sleep(self._faults.latency_s)
        return self._journal.reverse(request)
