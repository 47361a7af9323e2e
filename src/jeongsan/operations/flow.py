"""Run a verb that needs the network: in one batch when the network is inline, in two otherwise."""

import asyncio

from jeongsan.domain.errors import Refusal
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Operation
from jeongsan.network.port import InlineNetwork, Network, NetworkUnknown
from jeongsan.operations.caller import Asking, Caller, Outcome, Reply
from jeongsan.operations.cancel import CancelCommand, CancelPayment
from jeongsan.operations.confirm import Confirm, ConfirmCommand
from jeongsan.operations.idempotency import Idempotent, Refuse
from jeongsan.operations.network_requests import NetworkLimits, request_for
from jeongsan.operations.release import ReleasePayment
from jeongsan.operations.settle_attempt import SettleAttempt, unknown


class PaymentFlow:
    """The verbs of a payment for everyone who calls them: API, console, command line."""

    def __init__(self, loop: CommitLoop, network: Network | InlineNetwork, limits: NetworkLimits) -> None:
        self._loop = loop
        self._network = network
        self._limits = limits
        self._inline = network if isinstance(network, InlineNetwork) else None

    async def confirm(self, command: ConfirmCommand, caller: Caller) -> Reply:
        """Confirm. Raises Refusal with a 5xx code while the network's answer is unknown."""
        return await self._run(Confirm(command, caller, self._limits, self._inline), caller)

    async def cancel(self, command: CancelCommand, caller: Caller) -> Reply:
        """Cancel. Raises Refusal with a 5xx code while the network's answer is unknown."""
        return await self._run(CancelPayment(command, caller, self._limits, self._inline), caller)

    async def release(self, operation: ReleasePayment) -> Reply:
        """Release what waits. No network is asked."""
        return await self._run(operation, operation.caller)

    async def refuse(self, refusal: Refusal, caller: Caller) -> Reply:
        """Answer a request that is no command, under its idempotency key."""
        return await self._run(Refuse(refusal), caller)

    async def _run(self, operation: Operation[Outcome | Asking], caller: Caller) -> Reply:
        verb = type(operation).__name__
        answer = await self._loop.submit(Idempotent(operation, caller), name=verb)
        if isinstance(answer, Reply):
            return answer
        return await self._ask(answer, verb)

    async def _ask(self, asking: Asking, verb: str) -> Reply:
        attempt = asking.attempt
        assert not isinstance(self._network, InlineNetwork)
        request = request_for(attempt, asking.card_number)
        self._loop.observer.step(f"{verb}.asked")
        try:
            async with asyncio.timeout(self._limits.answer_s):
                answer = await self._network.ask(request)
        except (NetworkUnknown, TimeoutError) as error:
            # The attempt stays open; the janitor owns it once its lease is over.
            raise unknown(attempt) from error
        self._loop.observer.step(f"{verb}.answered")
        return await self._loop.submit(SettleAttempt(attempt, asking.order_id, answer))
