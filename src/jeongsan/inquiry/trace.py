"""The whole story of one payment: who did what by which path, what was told to whom, when it settles and
why on that day, and which answers of the settlement API carried its rows already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jeongsan.domain.business_days import Step
from jeongsan.domain.channels import Audit
from jeongsan.domain.holds import Hold
from jeongsan.domain.instants import kst_day, kst_midnight
from jeongsan.domain.payment import Payment
from jeongsan.domain.settlement import payout_of, settle_day
from jeongsan.domain.settlement import row as settlement_row
from jeongsan.domain.shop import Shop
from jeongsan.domain.terms import Release, Terms
from jeongsan.domain.transactions import Transaction
from jeongsan.inquiry.records import Records
from jeongsan.inquiry.words import day_after
from jeongsan.store.reads import trace as reads
from jeongsan.store.reads.holds import around_payment
from jeongsan.store.reads.payments import by_key
from jeongsan.store.reads.trace import Answer, Attempt, Delivery, Move, StoredRow, Told, Traded

# Of an answer list only the latest matter to whoever asks; more would only bury them.
ANSWERS_SHOWN_MAX = 10


class RowState(StrEnum):
    """Whether GET /v1/settlements returns the row: now, from some day on, only after a release, or never."""

    READABLE = "readable"
    FORECAST = "forecast"
    WAITING = "waiting"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """A transaction on its way to the merchant's account. Dates and amounts are those of its row, or what
    they will be; of what waits, what they would be if it were released now; of what never settles, what
    they would be. `settle_day` likewise. `awaits`: what its payment waits for, also when it waits in vain
    because it was cancelled in full. `sold_seq` and `paid_seq` only exist with the row. `moves`: when and
    why the paid-out date changed. `redated`: the calendar in force would lead to another payout day than
    the row has, and nobody moved it there. Answers by paid-out date are known since `answers_since` (None:
    all of them). `holds`: what keeps its money back now."""

    transaction: Transaction
    terms: Terms
    state: RowState
    settle_day: date
    sold_date: date
    paid_out_date: date
    amount: int
    fee: int
    vat: int
    pay_out_amount: int
    steps: tuple[Step, ...]
    sold_seq: int | None = None
    paid_seq: int | None = None
    redated: bool = False
    moves: tuple[Move, ...] = ()
    answers_since: int | None = None
    paid_at: int | None = None
    answers: tuple[Answer, ...] = ()
    holds: tuple[Hold, ...] = ()
    awaits: Release | None = None

    @property
    def readable_from(self) -> date | None:
        """The first day on which the row can be read."""
        day = self.transaction.settle_day
        return None if day is None else day_after(day)

    @property
    def expected(self) -> bool:
        """Whether there is a row, or will be without anybody's doing."""
        return self.state in (RowState.READABLE, RowState.FORECAST)


@dataclass(frozen=True, slots=True)
class Requested:
    """The buyer began to pay."""

    at: int
    payment: Payment


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody did something to the payment. `amount` in minor units where money moved."""

    at: int
    audit: Audit
    amount: int | None


@dataclass(frozen=True, slots=True)
class Waits:
    """The card network was asked and has not answered yet."""

    at: int
    kind: str
    channel: str


@dataclass(frozen=True, slots=True)
class Posted:
    """One attempt to tell a receiver."""

    at: int
    told: Told
    delivery: Delivery
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Returned:
    """An answer of the settlement API carried a row of this payment."""

    at: int
    settling: Settling
    answer: Answer


@dataclass(frozen=True, slots=True)
class Readable:
    """The row can be read from here on. `expected`: that is still to come."""

    at: int
    settling: Settling
    expected: bool


@dataclass(frozen=True, slots=True)
class Redated:
    """The row's paid-out date changed."""

    at: int
    settling: Settling
    move: Move


@dataclass(frozen=True, slots=True)
class PaidOut:
    """The money is in the merchant's account. `expected`: that is still to come."""

    at: int
    settling: Settling
    expected: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """Money was held, of the payment or of its whole shop."""

    at: int
    hold: Hold


@dataclass(frozen=True, slots=True)
class Freed:
    """A hold was released."""

    at: int
    hold: Hold


Entry = Requested | Acted | Waits | Posted | Returned | Readable | Redated | PaidOut | Placed | Freed
# At the same instant: what was done, what was told, what could be read, what was read, what was paid.
_ORDER: tuple[type, ...] = (
    *(Requested, Acted, Waits, Posted, Readable, Placed, Freed, Redated),
    *(Returned, PaidOut),
)


@dataclass(frozen=True, slots=True)
class Trace:
    """A payment of a shop, its timeline, its webhooks, and how each of its transactions settles."""

    shop: Shop
    payment: Payment
    timeline: tuple[Entry, ...]
    webhooks: tuple[Told, ...]
    settlings: tuple[Settling, ...]


async def trace_payment(records: Records, shop: Shop, payment_key: str) -> Trace | None:
    """The trace of a payment of this shop."""
    payment = await by_key(records.store, shop.shop_id, payment_key)
    if payment is None:
        return None
    traded = await reads.traded(records.store, payment.payment_id)
    holds = await _holds(records, shop, payment)
    settlings = tuple([_with_holds(await _settling(records, payment, one), holds) for one in traded])
    webhooks = tuple(await reads.told(records.store, payment.payment_id))
    amounts = {one.transaction.transaction_key: one.transaction.amount for one in traded}
    # Ids of several processes are no order within a millisecond; balances are.
    places = {one.transaction.transaction_key: place for place, one in enumerate(traded)}
    audits = await reads.audits(records.store, payment.payment_id)
    audits = _in_order(audits, places)
    waiting = await reads.waiting_since(records.store, payment.payment_id)
    entries: list[Entry] = [
        Requested(payment.requested_at, payment),
        *(Acted(audit.acted_at, audit, _moved(audit, amounts)) for audit in audits),
        *(Waits(at, kind, channel) for kind, at, channel in waiting),
        *(
            Posted(attempt.attempted_at, one, delivery, attempt)
            for one in webhooks
            for delivery in one.deliveries
            for attempt in delivery.attempts
        ),
        *_money_entries(records, settlings),
        *_hold_entries(holds, settlings),
    ]
    entries.sort(key=lambda entry: (entry.at, _ORDER.index(type(entry))))
    return Trace(shop, payment, tuple(entries), webhooks, settlings)


def _in_order(audits: Sequence[Audit], places: Mapping[str, int]) -> list[Audit]:
    """By time, then by transaction; what made no transaction stays behind the line before it."""
    placed: list[tuple[int, int, Audit]] = []
    place = 0
    for audit in audits:
        place = places.get(audit.transaction_key or "", place)
        placed.append((audit.acted_at, place, audit))
    placed.sort(key=lambda one: one[:2])
    return [audit for _, _, audit in placed]


def _moved(audit: Audit, amounts: dict[str, int]) -> int | None:
    if audit.action not in ("confirm", "cancel") or audit.transaction_key is None:
        return None
    return amounts.get(audit.transaction_key)


async def _holds(records: Records, shop: Shop, payment: Payment) -> list[Hold]:
    """What ever kept its money back; nothing does before it is approved."""
    if payment.approved_at is None or not payment.settles:
        return []
    return await around_payment(records.store, shop.shop_id, payment.payment_id, payment.approved_at)


def _with_holds(settling: Settling, holds: Sequence[Hold]) -> Settling:
    if settling.state is RowState.NEVER or settling.paid_at is not None:
        return settling
    return replace(settling, holds=tuple(hold for hold in holds if hold.in_force))


def _hold_entries(holds: Sequence[Hold], settlings: Sequence[Settling]) -> Iterator[Entry]:
    """A hold of the shop is of no interest once all of the payment is paid."""
    paid = [one.paid_at for one in settlings]
    last = max((at for at in paid if at is not None), default=0)
    for hold in holds:
        if hold.payment_id is None and None not in paid and hold.placed_at > last:
            continue
        yield Placed(hold.placed_at, hold)
        if hold.released_at is not None:
            yield Freed(hold.released_at, hold)


async def _settling(records: Records, payment: Payment, traded: Traded) -> Settling:
    transaction, stored = traded.transaction, traded.row
    if transaction.settle_day is None:
        return _waiting(records, payment, traded) if payment.waits else _if_it_settled(records, traded)
    if stored is None or transaction.settle_day > records.clock.readable_through:
        return _forecast(records, traded)
    expected, steps = payout_of(transaction.settle_day, traded.terms.conditions, records.calendar())
    moves = [] if stored.redated_at is None else await reads.moves(records.store, transaction.transaction_id)
    return Settling(
        transaction=transaction,
        terms=traded.terms,
        state=RowState.READABLE,
        settle_day=transaction.settle_day,
        sold_date=stored.sold_date,
        paid_out_date=stored.paid_out_date,
        amount=stored.amount,
        fee=stored.fee,
        vat=stored.vat,
        pay_out_amount=stored.pay_out_amount,
        sold_seq=stored.sold_seq,
        paid_seq=stored.paid_seq,
        steps=steps,
        redated=expected != stored.paid_out_date and not await _decided(records, moves),
        moves=tuple(moves),
        answers_since=stored.redated_at,
        paid_at=stored.paid_at,
        answers=await _answers(records, transaction, stored),
    )


def _waiting(records: Records, payment: Payment, traded: Traded) -> Settling:
    """The row of what waits as a release would make it now; of what was cancelled in full before, nothing
    was acquired."""
    settling = _supposed(records, traded, settle_day(records.now, records.clock.closed_through))
    state = RowState.WAITING if payment.balance.minor else RowState.NEVER
    awaits = traded.terms.conditions.awaits(traded.transaction.traits)
    return replace(settling, state=state, awaits=awaits)


async def _decided(records: Records, moves: Sequence[Move]) -> bool:
    """Whether the row is where it is by a move that knew the calendar in force, or for another reason."""
    if not moves:
        return False
    version = moves[-1].version
    return version is None or version == await reads.calendar_version(records.store)


def _if_it_settled(records: Records, traded: Traded) -> Settling:
    """A test payment's row as it would be."""
    settling = _supposed(records, traded, kst_day(traded.transaction.transacted_at))
    return replace(settling, state=RowState.NEVER)


def _supposed(records: Records, traded: Traded, day: date) -> Settling:
    """The row as it would be if it settled on this day; the transaction stays what it is."""
    supposed = replace(traded, transaction=replace(traded.transaction, settle_day=day))
    return replace(_forecast(records, supposed), transaction=traded.transaction)


def _forecast(records: Records, traded: Traded) -> Settling:
    row = settlement_row(traded.transaction, traded.terms, records.calendar())
    _, steps = payout_of(row.settle_day, traded.terms.conditions, records.calendar())
    return Settling(
        transaction=traded.transaction,
        terms=traded.terms,
        state=RowState.FORECAST,
        settle_day=row.settle_day,
        sold_date=row.sold_date,
        paid_out_date=row.paid_out_date,
        amount=row.amount,
        fee=row.fee,
        vat=row.vat,
        pay_out_amount=row.pay_out_amount,
        steps=steps,
    )


async def _answers(records: Records, transaction: Transaction, row: StoredRow) -> tuple[Answer, ...]:
    found: list[Answer] = []
    for date_type in ("sold", "paid"):
        found += await reads.answers_with(
            records.store, transaction, row, date_type=date_type, limit=ANSWERS_SHOWN_MAX
        )
    found.sort(key=lambda answer: (answer.answered_at, answer.trace_id))
    return tuple(found[-ANSWERS_SHOWN_MAX:])


def _money_entries(records: Records, settlings: Sequence[Settling]) -> list[Entry]:
    entries: list[Entry] = []
    for one in settlings:
        entries += [Returned(answer.answered_at, one, answer) for answer in one.answers]
        entries += [Redated(move.redated_at, one, move) for move in one.moves]
        if one.readable_from is not None:
            entries.append(Readable(kst_midnight(one.readable_from), one, one.state is not RowState.READABLE))
        if one.expected:
            due = kst_midnight(one.paid_out_date)
            entries.append(PaidOut(one.paid_at or due, one, one.paid_at is None))
    return entries
