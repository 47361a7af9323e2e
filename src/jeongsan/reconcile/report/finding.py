"""A finding as a report shows it: an outcome, its lasting id, and what a clerk decided about it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from jeongsan.reconcile.match.codes import Comparison, Reason, State


class HandlingState(StrEnum):
    """How far a finding is. CHANGED: something was decided about the same subject when it said something
    else, and that holds no longer."""

    OPEN = "OPEN"
    ASSIGNED = "ASSIGNED"
    ACCEPTED = "ACCEPTED"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True)
class Handling:
    """What the events about a finding come to. Texts are "" where nobody said anything; `adjustment` is
    the sum of all corrections, and never part of the data."""

    state: HandlingState = HandlingState.OPEN
    assignee: str = ""
    comment: str = ""
    accept_reason: str = ""
    accepted_by: str = ""
    at: datetime | None = None
    adjustment: Decimal | None = None
    adjust_reason: str = ""
    adjusted_by: str = ""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """What differs, as both sides write it."""

    name: str
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class NearestRow:
    """The row of the other side that comes nearest, and the one field in its way."""

    side: str | None
    order_id: str | None
    payment_key: str | None
    transaction_key: str | None
    amount: Decimal | None
    day: date | None
    field: str | None
    left: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """An outcome of `outcomes.sql`. `difference`: left less right, an absent side being nothing; None
    where the currencies differ. `handling` is None where there is nothing to decide and nobody said
    anything."""

    position: int
    id: str
    subject: str
    comparison: Comparison
    outcome_number: int
    state: State
    reasons: tuple[Reason, ...]
    rule: str
    shop: str
    currency: str
    kind: str | None
    order_id: str | None
    payment_key: str | None
    transaction_key: str | None
    method: str | None
    left_count: int
    right_count: int
    left_amount: Decimal | None
    right_amount: Decimal | None
    left_day: date | None
    right_day: date | None
    fields: tuple[FieldDifference, ...]
    nearest: NearestRow | None
    difference: Decimal | None
    needs_decision: bool
    is_open: bool
    handling: Handling | None

    @property
    def remaining(self) -> Decimal | None:
        """The difference with the corrections added that were made for it; None where there is none to
        correct."""
        handling = self.handling
        if self.difference is None or handling is None or handling.adjustment is None:
            return self.difference
        if handling.state is HandlingState.CHANGED:
            return self.difference
        return self.difference + handling.adjustment
