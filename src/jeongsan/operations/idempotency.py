"""Idempotency in one place: replay, conflict while in flight, and binding the final answer."""

from dataclasses import dataclass, replace

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.idempotency import Record, is_bound, is_live
from jeongsan.domain.release import Released
from jeongsan.loop.operation import Decision, Keys, Operation, Stamp, World
from jeongsan.operations.caller import Accepted, Asking, Caller, Outcome, Refused, Reply


def reply_to(outcome: Outcome, *, language: str, stamp: Stamp) -> Reply:
    """The outcome as status and bytes."""
    if isinstance(outcome, Accepted):
        return Reply(200, stamp.render.payment(outcome.payment, language))
    if isinstance(outcome, Released):
        return Reply(200, stamp.render.released(outcome))
    status, body = stamp.render.refusal(outcome.refusal, language)
    return Reply(status, body)


def answered(
    decision: Decision[Outcome],
    *,
    claim: tuple[str, str] | None,
    trace_id: str,
    language: str,
    stamp: Stamp,
) -> Decision[Reply]:
    """The decision with its reply, bound to the claim (identity, record id) if the rule says so."""
    reply = reply_to(decision.answer, language=language, stamp=stamp)
    if claim is None:
        return decision.answering(reply)
    identity, record_id = claim
    if not is_bound(reply.status):
        return decision.answering(reply, claims={identity: None})
    record = Record(int(record_id), reply.status, trace_id, reply.body, stamp.now)
    return decision.answering(reply, claims={identity: record_id}, records=(record,))


@dataclass(frozen=True, slots=True)
class Idempotent:
    """An operation under the caller's idempotency identity; without one it only renders the reply."""

    inner: Operation[Outcome | Asking]
    caller: Caller

    @property
    def keys(self) -> Keys:
        keys = self.inner.keys
        identity = self.caller.identity
        return keys if identity is None else replace(keys, records=(*keys.records, identity))

    def decide(self, world: World, stamp: Stamp) -> Decision[Reply | Asking]:
        identity = self.caller.identity
        if identity is None:
            return self._decide(world, stamp, None)
        owner = world.owner(identity)
        if owner is None:
            return self._decide(world, stamp, (identity, world.offered(identity)))
        record = world.record(int(owner))
        if record is None:
            busy = Refused(Refusal(Code.IDEMPOTENT_REQUEST_PROCESSING))
            return Decision(answer=reply_to(busy, language=self.caller.language, stamp=stamp))
        if is_live(record, stamp.now):
            return Decision(answer=Reply(record.status, record.body, replay_of=record.trace_id))
        return self._decide(world, stamp, (identity, str(stamp.mint.row_id())))

    def _decide(self, world: World, stamp: Stamp, claim: tuple[str, str] | None) -> Decision[Reply | Asking]:
        decision = self.inner.decide(world, stamp)
        answer = decision.answer
        if isinstance(answer, Asking):
            return decision.answering(answer, claims={} if claim is None else {claim[0]: claim[1]})
        return answered(
            decision.answering(answer),
            claim=claim,
            trace_id=self.caller.trace_id,
            language=self.caller.language,
            stamp=stamp,
        )


@dataclass(frozen=True, slots=True)
class Refuse:
    """A request refused before it could become a command: bound to its key like any other 4xx."""

    refusal: Refusal

    @property
    def keys(self) -> Keys:
        return Keys()

    def decide(self, world: World, stamp: Stamp) -> Decision[Outcome | Asking]:
        return Decision(answer=Refused(self.refusal))
