"""Finish a network attempt with the network's answer, whoever learned it: the flow or the janitor."""

from dataclasses import dataclass, replace

from jeongsan.domain.attempts import Attempt, AttemptKind, NetworkAnswer, Verdict
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment_states import Status
from jeongsan.loop.operation import Decision, Keys, Stamp, World
from jeongsan.operations import cancel, confirm
from jeongsan.operations.caller import Accepted, Outcome, Refused, Reply
from jeongsan.operations.idempotency import answered, reply_to


@dataclass(frozen=True, slots=True)
class SettleAttempt:
    """Safe to repeat: an attempt that is no longer open was settled by somebody else.

    The lease is the right to settle a confirm: whoever took it over may be reversing at this very
    moment, so that an approval which arrives with the old lease counts for nothing."""

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
            records = (attempt.identity,)
        return Keys(payments=(attempt.payment_key,), claims=claims, records=records)

    def decide(self, world: World, stamp: Stamp) -> Decision[Reply]:
        attempt = self.attempt
        payment = world.payment(attempt.payment_key)
        assert payment is not None
        leases = {one.attempt_id: one.lease_until for one in world.open_attempts(payment.payment_id)}
        if attempt.attempt_id not in leases:
            return self._already(world, stamp)
        if attempt.kind is AttemptKind.CONFIRM and leases[attempt.attempt_id] != attempt.lease_until:
            return Decision(
                answer=reply_to(Refused(unknown(attempt)), language=attempt.language, stamp=stamp)
            )
        verb = confirm if attempt.kind is AttemptKind.CONFIRM else cancel
        return answered(
            verb.settled(payment, attempt, self.answer, stamp),
            claim=self._claim(world),
            trace_id=attempt.trace_id,
            language=attempt.language,
            stamp=stamp,
        )

    def _claim(self, world: World) -> tuple[str, str] | None:
        """The idempotency identity that waits for the answer, and the record id it will have."""
        identity = self.attempt.identity
        if identity is None:
            return None
        return identity, world.owner(identity) or world.offered(identity)

    def _already(self, world: World, stamp: Stamp) -> Decision[Reply]:
        attempt = self.attempt
        claim = self._claim(world)
        record = None if claim is None else world.record(int(claim[1]))
        if record is not None:
            return Decision(answer=Reply(record.status, record.body, replay_of=record.trace_id))
        payment = world.payment(attempt.payment_key)
        assert payment is not None
        outcome: Outcome = Accepted(payment)
        if payment.status is Status.ABORTED and payment.failure is not None:
            outcome = Refused(Refusal(payment.failure.code))
        elif attempt.kind is AttemptKind.CANCEL and self.answer.verdict is not Verdict.APPROVED:
            # The network answers a request id always the same: it was declined to the other one too.
            outcome = Refused.with_code(self.answer.code or Code.REFUND_REJECTED)
        return Decision(answer=reply_to(outcome, language=attempt.language, stamp=stamp))


@dataclass(frozen=True, slots=True)
class LeaseAttempt:
    """Take an expired attempt over, so that only one janitor asks the network about it. Answers the
    attempt under its new lease, or None when it is not to be had."""

    attempt: Attempt
    lease_ms: int

    @property
    def keys(self) -> Keys:
        return Keys(payments=(self.attempt.payment_key,))

    def decide(self, world: World, stamp: Stamp) -> Decision[Attempt | None]:
        for attempt in world.open_attempts(self.attempt.payment_id):
            if attempt.attempt_id == self.attempt.attempt_id and attempt.lease_until <= stamp.machine_now:
                leased = replace(attempt, lease_until=stamp.machine_now + self.lease_ms)
                return Decision(answer=leased, attempts=(leased,))
        return Decision(answer=None)


def unknown(attempt: Attempt) -> Refusal:
    """What the caller hears while nobody knows: a 5xx, which is never bound to the key."""
    confirming = attempt.kind is AttemptKind.CONFIRM
    return Refusal(Code.UNKNOWN_PAYMENT_ERROR if confirming else Code.FAILED_INTERNAL_SYSTEM_PROCESSING)
