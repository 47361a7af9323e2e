"""What passes between the store and the loop's working set: rows found, and rows to write."""

from dataclasses import dataclass, field

from jeongsan.domain.attempts import Attempt
from jeongsan.domain.channels import Audit
from jeongsan.domain.idempotency import Record
from jeongsan.domain.ledger import Posting
from jeongsan.domain.payment import Payment
from jeongsan.domain.transactions import Transaction


@dataclass(slots=True)
class Loaded:
    """What the store found: payments by key, open attempts by payment, claims by name, records by id.
    `fresh_claims` were free and are now inserted under the owner in `claims`. `waiting`: transactions
    without a settle day, of the payments that were named as waiting."""

    payments: dict[str, Payment]
    attempts: dict[int, tuple[Attempt, ...]]
    claims: dict[str, str]
    fresh_claims: set[str]
    records: dict[int, Record]
    waiting: tuple[Transaction, ...] = ()


@dataclass(slots=True)
class EventRow:
    """An event with its frozen body."""

    event_id: int
    shop_id: int
    payment_id: int
    sequence: int
    body: bytes
    has_endpoints: bool


@dataclass(slots=True)
class Changes:
    """Everything a batch writes, in order of decision."""

    new_payments: list[Payment] = field(default_factory=list)
    changed_payments: list[Payment] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    released: list[Transaction] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    new_attempts: list[Attempt] = field(default_factory=list)
    changed_attempts: list[Attempt] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    dropped_claims: list[str] = field(default_factory=list)
    changed_claims: list[tuple[str, str]] = field(default_factory=list)
