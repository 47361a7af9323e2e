"""Finish a network attempt with the network's answer, whoever learned it: the flow or the janitor."""

from dataclasses import dataclass, replace

from jeongsan.domain.attempts import Attempt, AttemptKind, NetworkAnswer
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment_states import Status
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations import cancel, confirm
from jeongsan.operations.caller import Accepted, Outcome, Refused, Reply
from jeongsan.operations.idempotency import answered, reply_to


@dataclass(frozen=True, slots=True)
class SettleAttempt:
    """Safe to repeat: an attempt that is no longer open was settled by somebody else."""

    attempt: Attempt
    order_id: str
    answer: NetworkAnswer

    @property
    def keys(self) -> Keys:
        attempt = self.attempt
        claims: tuple[tuple[str, str], ...] = ()
        records: tuple[str, ...] = ()
        if attempt.kind is AttemptKind.CONFIRM:
            claims = ((confirm.order_claim(attempt.shop_id, self.order_id), attempt.payment_key),)
        if attempt.identity is not None:
            claims = (*claims, (attempt.identity, attempt.trace_id))
            records = (attempt.identity,)
        return Keys(payments=(attempt.payment_key,), claims=claims, records=records)

    def decide(self, world: World, stamp: Stamp) -> Decision[Reply]:
        attempt = self.attempt
        payment = world.payment(attempt.payment_key)
        assert payment is not None
        open_ids = {other.attempt_id for other in world.open_attempts(payment.payment_id)}
        if attempt.attempt_id not in open_ids:
            return self._already(world, stamp)
        verb = confirm if attempt.kind is AttemptKind.CONFIRM else cancel
        return answered(
            verb.settled(payment, attempt, self.answer, stamp),
            identity=attempt.identity,
            trace_id=attempt.trace_id,
            language=attempt.language,
            stamp=stamp,
        )

    def _already(self, world: World, stamp: Stamp) -> Decision[Reply]:
        attempt = self.attempt
        record = None if attempt.identity is None else world.record(attempt.identity)
        if record is not None:
            return Decision(answer=Reply(record.status, record.body, replay_of=record.trace_id))
        payment = world.payment(attempt.payment_key)
        assert payment is not None
        outcome: Outcome = Accepted(payment)
        if payment.status is Status.ABORTED and payment.failure is not None:
            outcome = Refused(Refusal(payment.failure.code))
        return Decision(answer=reply_to(outcome, language=attempt.language, stamp=stamp))


@dataclass(frozen=True, slots=True)
class LeaseAttempt:
    """Take an expired attempt over, so that only one janitor asks the network about it."""

    attempt: Attempt
    lease_ms: int

    @property
    def keys(self) -> Keys:
        return Keys(payments=(self.attempt.payment_key,))

    def decide(self, world: World, stamp: Stamp) -> Decision[bool]:
        for attempt in world.open_attempts(self.attempt.payment_id):
            if attempt.attempt_id == self.attempt.attempt_id and attempt.lease_until <= stamp.machine_now:
                leased = replace(attempt, lease_until=stamp.machine_now + self.lease_ms)
                return Decision(answer=True, attempts=(leased,))
        return Decision(answer=False)


def unknown(attempt: Attempt) -> Refusal:
    """What the caller hears while nobody knows: a 5xx, which is never bound to the key."""
    confirming = attempt.kind is AttemptKind.CONFIRM
    return Refusal(Code.UNKNOWN_PAYMENT_ERROR if confirming else Code.FAILED_INTERNAL_SYSTEM_PROCESSING)
