"""The janitor: owns every network attempt whose answer did not come in time.

It inquires under the same request id. A confirm that nobody can vouch for is reversed (망취소) until
the network acknowledges, then the payment is ABORTED; a cancel is asked again, never reversed. The
final answer goes into the idempotency record, so that a caller's 409 becomes a replay.
"""

import asyncio

import structlog

from jeongsan.clock import MachineClock
from jeongsan.domain.attempts import Attempt, AttemptKind, NetworkAnswer, Verdict
from jeongsan.domain.payment import Card
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.network.port import InlineNetwork, Network, NetworkRequest, NetworkUnknown
from jeongsan.operations.network_requests import NetworkLimits, request_for
from jeongsan.operations.settle_attempt import LeaseAttempt, SettleAttempt
from jeongsan.store.reads.due import expired_attempts
from jeongsan.store.rows import card_from
from jeongsan.store.session import Store

_ATTEMPTS_PER_ROUND = 100
log = structlog.get_logger()


class Janitor:
    """One per process; `sweep` is called by the worker and between the steps of a clock move."""

    def __init__(
        self,
        loop: CommitLoop,
        store: Store,
        network: Network | InlineNetwork,
        limits: NetworkLimits,
        machine: MachineClock,
    ) -> None:
        self._loop = loop
        self._store = store
        self._network = network
        self._limits = limits
        self._machine = machine

    async def sweep(self) -> int:
        """Try to finish every attempt whose lease is over; returns how many were finished."""
        found = await expired_attempts(self._store, self._machine.now_ms(), _ATTEMPTS_PER_ROUND)
        finished = await asyncio.gather(
            *(self._try(attempt, order_id, card_from(card)) for attempt, order_id, card in found)
        )
        return sum(finished)

    async def _try(self, attempt: Attempt, order_id: str, card: Card | None) -> bool:
        """One attempt that cannot be finished must not keep the worker from everything else."""
        try:
            return await self._finish(attempt, order_id, card)
        except Exception:
            log.exception("attempt not finished", request_id=attempt.request_id)
            return False

    async def _finish(self, attempt: Attempt, order_id: str, card: Card | None) -> bool:
        lease_ms = int(self._limits.give_up_s * 1000)
        leased = await self._loop.submit(LeaseAttempt(attempt, lease_ms))
        if leased is None:
            return False
        request = request_for(leased, "" if card is None else card.number)
        try:
            async with asyncio.timeout(self._limits.answer_s):
                answer = await self._resolve(request)
        except (NetworkUnknown, TimeoutError) as error:
            log.warning("attempt stays unknown", request_id=attempt.request_id, error=repr(error))
            return False
        self._loop.observer.step("Janitor.answered")
        await self._loop.submit(SettleAttempt(leased, order_id, answer))
        return True

    async def _resolve(self, request: NetworkRequest) -> NetworkAnswer:
        if isinstance(self._network, InlineNetwork):
            # Left over from a time when the network was remote; an inline one has no memory of it.
            confirming = request.kind is AttemptKind.CONFIRM
            return NetworkAnswer(Verdict.REVERSED) if confirming else self._network.answer(request)
        known = await self._network.inquire(request)
        if request.kind is AttemptKind.CONFIRM:
            return known if known.verdict is Verdict.DECLINED else await self._network.reverse(request)
        return await self._network.ask(request) if known.verdict is Verdict.UNKNOWN else known
