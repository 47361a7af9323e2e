"""Decisions about findings of a written report, as events: all that were asked for, or none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from jeongsan.reconcile.report.columns import valid_handling
from jeongsan.reconcile.report.events import Act, Event
from jeongsan.reconcile.report.finding import Finding, HandlingState
from jeongsan.reconcile.report.finding_list import FindingList


class DecisionFault(StrEnum):
    """Why a finding cannot be decided about so."""

    UNKNOWN_FINDING = "UNKNOWN_FINDING"
    NOTHING_TO_ACCEPT = "NOTHING_TO_ACCEPT"
    NOT_ACCEPTED = "NOT_ACCEPTED"


class Undecidable(ValueError):
    """`findings` are the ids that `fault` is about."""

    def __init__(self, fault: DecisionFault, findings: Sequence[str]) -> None:
        super().__init__(f"{fault}: {', '.join(findings)}")
        self.fault, self.findings = fault, tuple(findings)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about findings, as an Event has it."""

    act: Act
    text: str = ""
    amount: Decimal | None = None


def decided(
    found: FindingList, ids: Iterable[str], decisions: Sequence[Decision], *, user: str, now: datetime
) -> tuple[Event, ...]:
    """The events of the same decisions about each finding. `now` has a zone. Raises Undecidable, and
    InvalidEvent for what no event can say."""
    wanted = list(dict.fromkeys(ids))
    known = {finding.id: finding for finding in found.with_ids(wanted)}
    _check(DecisionFault.UNKNOWN_FINDING, [one for one in wanted if one not in known])
    acts = {decision.act for decision in decisions}
    if Act.ACCEPT in acts:
        _check(DecisionFault.NOTHING_TO_ACCEPT, [one for one in wanted if not known[one].needs_decision])
    if Act.REOPEN in acts:
        _check(DecisionFault.NOT_ACCEPTED, [one for one in wanted if not _is_accepted(known[one])])
    return tuple(
        Event(one, known[one].subject, each.act, now, user, each.text, each.amount)
        for one in wanted
        for each in (*_carried(known[one], acts), *decisions)
    )


def _check(fault: DecisionFault, findings: Sequence[str]) -> None:
    if findings:
        raise Undecidable(fault, findings)


def _is_accepted(finding: Finding) -> bool:
    return finding.handling is not None and finding.handling.state is HandlingState.ACCEPTED


def _carried(finding: Finding, acts: set[Act]) -> Iterator[Decision]:
    """A changed finding begins a new history: who looks after it is said in it, too."""
    before = valid_handling(finding)
    if before.state is HandlingState.CHANGED and before.assignee and Act.ASSIGN not in acts:
        yield Decision(Act.ASSIGN, before.assignee)
