"""The port to a card network. An adapter is asked under a request id; asking twice changes nothing.

`authorize` and `cancel` may raise NetworkUnknown: the network may or may not have acted.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from jeongsan.domain.attempts import AttemptKind, NetworkAnswer


class NetworkUnknown(Exception):
    """No answer came: whether the network acted is not known."""


@dataclass(frozen=True, slots=True)
class NetworkRequest:
    """What the network is asked for. `amount` in minor units of `currency`."""

    request_id: str
    kind: AttemptKind
    payment_key: str
    amount: int
    currency: str
    card_number: str


class Network(Protocol):
    """A network behind a wire."""

    async def ask(self, request: NetworkRequest) -> NetworkAnswer:
        """Authorize or cancel. Raises NetworkUnknown."""

    async def inquire(self, request: NetworkRequest) -> NetworkAnswer:
        """What became of the request id; Verdict.UNKNOWN when the network never saw it.
        Raises NetworkUnknown when it cannot be reached."""

    async def reverse(self, request: NetworkRequest) -> NetworkAnswer:
        """Undo an authorization (망취소), or keep one that arrives late from taking effect.
        Verdict.REVERSED acknowledges. Raises NetworkUnknown."""


@runtime_checkable
class InlineNetwork(Protocol):
    """A network without a wire: it answers at once and never loses an answer, so that asking and
    settling fit into one batch."""

    def answer(self, request: NetworkRequest) -> NetworkAnswer:
        """Authorize or cancel."""
