"""What goes through the loop: an operation names what it reads and claims, then decides.

`decide` is pure: it sees a working set and a stamp, and returns a Decision that is applied only when
it returned. An exception from it is a fault: its caller gets it, its neighbours notice nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Protocol, TypeVar

from jeongsan.domain.attempts import Attempt
from jeongsan.domain.channels import Audit
from jeongsan.domain.config import Config
from jeongsan.domain.errors import Refusal
from jeongsan.domain.idempotency import Record
from jeongsan.domain.ledger import Posting
from jeongsan.domain.payment import Payment
from jeongsan.domain.release import Released
from jeongsan.domain.transactions import Transaction
from jeongsan.domain.webhooks import PaymentChanged
from jeongsan.loop.mint import Mint

A = TypeVar("A", covariant=True)
B = TypeVar("B")


class Renderer(Protocol):
    """Turns domain values into bytes; a new one per batch, so that a payment is encoded once."""

    def payment(self, payment: Payment, language: str) -> bytes:
        """The Toss-shaped payment."""

    def event(self, event: PaymentChanged) -> bytes:
        """The webhook body."""

    def released(self, released: Released) -> bytes:
        """What whoever released a payment is answered with."""

    def refusal(self, refusal: Refusal, language: str) -> tuple[int, bytes]:
        """The HTTP status and the error body."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is the same for a whole batch: the one `now`, settings, ids. `machine_now` is for leases."""

    now: int
    machine_now: int
    closed_through: date
    config: Config
    mint: Mint
    render: Renderer


@dataclass(frozen=True, slots=True)
class Keys:
    """`payments`: payment keys to load and lock; `waiting`: those of them whose waiting transactions are
    loaded too. `claims`: unique name → the owner who asks for it. `records`: idempotency identities to
    claim under a record id of the loop's, and to look up."""

    payments: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    claims: tuple[tuple[str, str], ...] = ()
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Generic[A]):
    """The answer, and everything that must be stored before it leaves.

    `released`: waiting transactions with the settle day they have now. `claims`: name → owner to hold from
    now on, or None to let go of it.
    """

    answer: A
    payments: tuple[Payment, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    released: tuple[Transaction, ...] = ()
    postings: tuple[Posting, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    audits: tuple[Audit, ...] = ()
    events: tuple[PaymentChanged, ...] = ()
    records: tuple[Record, ...] = ()
    claims: dict[str, str | None] = field(default_factory=dict)

    def answering(
        self, answer: B, *, claims: dict[str, str | None] | None = None, records: tuple[Record, ...] = ()
    ) -> "Decision[B]":
        """The same changes with another answer, and what idempotency adds to them."""
        return Decision(
            answer=answer,
            payments=self.payments,
            transactions=self.transactions,
            released=self.released,
            postings=self.postings,
            attempts=self.attempts,
            audits=self.audits,
            events=self.events,
            records=(*self.records, *records),
            claims=self.claims | (claims or {}),
        )


class World(Protocol):
    """What a decision may look at: the loaded rows with the effects of earlier operations."""

    def payment(self, payment_key: str) -> Payment | None:
        """A payment that the operation's keys named, or None when there is none."""

    def waiting(self, payment_id: int) -> tuple[Transaction, ...]:
        """Transactions without a settle day, of a payment that the operation's keys named as waiting."""

    def open_attempts(self, payment_id: int) -> tuple[Attempt, ...]:
        """Attempts of a loaded payment that the network has not answered."""

    def owner(self, claim: str) -> str | None:
        """Who holds a claim; None when it is free to take."""

    def offered(self, claim: str) -> str:
        """Under whose name a claim stands in the database: the one who asked, if it was free."""

    def record(self, record_id: int) -> Record | None:
        """The stored answer with this id."""


class Operation(Protocol[A]):
    """One thing to decide."""

    @property
    def keys(self) -> Keys:
        """What must be loaded before deciding."""

    def decide(self, world: World, stamp: Stamp) -> Decision[A]:
        """Decide. Pure; raises only by mistake."""
