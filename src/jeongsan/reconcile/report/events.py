"""What a clerk decides about findings: a history of events that is only ever added to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from jeongsan.reconcile.report.finding import Handling, HandlingState

TEXT_MAX = 2_000
_CENT = Decimal("0.01")
_AMOUNT_MAX = Decimal(10) ** 16


class Act(StrEnum):
    """ASSIGN: to whom, "" takes it back. COMMENT: a note. ACCEPT: it may stay as it is, and why. REOPEN:
    it may not. ADJUST: an amount that corrects the difference, and why; no data are changed by it."""

    ASSIGN = "ASSIGN"
    COMMENT = "COMMENT"
    ACCEPT = "ACCEPT"
    REOPEN = "REOPEN"
    ADJUST = "ADJUST"


class EventFault(StrEnum):
    """Why an event is none."""

    NO_FINDING = "NO_FINDING"
    NO_USER = "NO_USER"
    NO_REASON = "NO_REASON"
    NO_AMOUNT = "NO_AMOUNT"
    AMOUNT_WITHOUT_ADJUST = "AMOUNT_WITHOUT_ADJUST"
    TIME_WITHOUT_ZONE = "TIME_WITHOUT_ZONE"
    TOO_LONG = "TOO_LONG"


class InvalidEvent(ValueError):
    """`fault` says what is wrong with an event."""

    def __init__(self, fault: EventFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Event:
    """`finding` and `subject` are those of a Finding; `at` is told by the caller and has a zone. `text` is
    the assignee, the note or the reason; ACCEPT and ADJUST need one. Raises InvalidEvent."""

    finding: str
    subject: str
    act: Act
    at: datetime
    user: str
    text: str = ""
    amount: Decimal | None = None

    def __post_init__(self) -> None:
        fault = self._fault()
        if fault is not None:
            raise InvalidEvent(fault)

    def _fault(self) -> EventFault | None:
        if not self.finding or not self.subject:
            return EventFault.NO_FINDING
        if not self.user.strip():
            return EventFault.NO_USER
        if self.at.tzinfo is None:
            return EventFault.TIME_WITHOUT_ZONE
        if self.act in (Act.ACCEPT, Act.ADJUST) and not self.text.strip():
            return EventFault.NO_REASON
        if max(len(self.text), len(self.user)) > TEXT_MAX:
            return EventFault.TOO_LONG
        return self._amount_fault()

    def _amount_fault(self) -> EventFault | None:
        if self.act is not Act.ADJUST:
            return None if self.amount is None else EventFault.AMOUNT_WITHOUT_ADJUST
        if self.amount is None or not self.amount.is_finite() or abs(self.amount) >= _AMOUNT_MAX:
            return EventFault.NO_AMOUNT
        return None if self.amount == self.amount.quantize(_CENT) else EventFault.NO_AMOUNT


@dataclass(frozen=True, slots=True)
class ExceptionBook:
    """All events, in the order in which they were recorded."""

    events: tuple[Event, ...] = ()

    def with_events(self, events: Iterable[Event]) -> "ExceptionBook":
        """The book and what was recorded after it."""
        return ExceptionBook((*self.events, *events))

    def history(self, finding: str) -> tuple[Event, ...]:
        """The events about one finding."""
        return tuple(event for event in self.events if event.finding == finding)

    def handlings(self) -> Mapping[str, Handling]:
        """What the events of each finding come to, by its id."""
        found: dict[str, Handling] = {}
        for event in self.events:
            found[event.finding] = _after(found.get(event.finding, Handling()), event)
        return found

    def subjects(self) -> Mapping[str, str]:
        """What each finding is about, by its id."""
        return {event.finding: event.subject for event in self.events}


def _after(before: Handling, event: Event) -> Handling:
    now = replace(before, at=event.at)
    match event.act:
        case Act.ASSIGN:
            now = replace(now, assignee=event.text)
        case Act.COMMENT:
            now = replace(now, comment=event.text)
        case Act.ACCEPT:
            return replace(
                now, state=HandlingState.ACCEPTED, accept_reason=event.text, accepted_by=event.user
            )
        case Act.REOPEN:
            now = replace(now, state=HandlingState.OPEN, accept_reason="", accepted_by="")
        case Act.ADJUST:
            assert event.amount is not None  # an Event without it cannot be made
            total = (before.adjustment or Decimal(0)) + event.amount
            now = replace(now, adjustment=total, adjust_reason=event.text, adjusted_by=event.user)
    if now.state is HandlingState.ACCEPTED:
        return now
    return replace(now, state=HandlingState.ASSIGNED if now.assignee else HandlingState.OPEN)
