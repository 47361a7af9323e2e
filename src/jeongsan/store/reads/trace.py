"""Everything that is known of one payment beside the payment itself: who acted, what was told to whom, what
was settled and paid out, and which answers carried its rows."""

import json
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.channels import Audit
from jeongsan.domain.terms import Terms
from jeongsan.domain.transactions import Transaction
from jeongsan.store.rows import audit_from, terms_from, transaction_from
from jeongsan.store.session import Row, Store
from jeongsan.store.tables import AUDIT, TERMS, TRANSACTION

_TRANSACTIONS = (
    f"SELECT {', '.join(f't.{name}' for name in TRANSACTION.names)}, "
    f"{', '.join(f'c.{name}' for name in TERMS.names)}, "
    "s.sold_date, s.paid_out_date, s.sold_seq, s.paid_seq, s.amount, s.fee, s.vat, s.pay_out_amount, "
    "s.held, o.paid_at, n.redated_at FROM payment_transaction t JOIN terms c ON c.terms_id = t.terms_id "
    "LEFT JOIN settlement s ON s.transaction_id = t.transaction_id "
    "LEFT JOIN payout o ON o.shop_id = s.shop_id AND o.currency = s.currency "
    "AND o.paid_out_date = s.paid_out_date AND s.held = 0 "
    "LEFT JOIN redated_day n ON n.shop_id = s.shop_id AND n.day = s.paid_out_date "
    "WHERE t.payment_id = $1 ORDER BY t.transacted_at, t.balance_after DESC, t.transaction_id"
)
_WEBHOOKS = (
    "SELECT e.event_id, e.event_type, e.body, e.created_at, d.endpoint_id, w.url, d.transmission_id, "
    "d.state, d.due_at, a.number, a.attempted_at, a.status, a.error, a.duration_ms, "
    "e.state FROM event e LEFT JOIN webhook_delivery d ON d.event_id = e.event_id "
    "LEFT JOIN webhook_endpoint w ON w.endpoint_id = d.endpoint_id "
    "LEFT JOIN webhook_attempt a ON a.event_id = d.event_id AND a.endpoint_id = d.endpoint_id "
    "WHERE e.payment_id = $1 ORDER BY e.sequence, d.endpoint_id, a.number"
)
_MOVES = (
    "SELECT r.from_day, r.to_day, r.cause, r.redated_at, j.version, coalesce(v.source, j.source), c.day, "
    "c.holiday_name FROM redated_row r JOIN settlement s ON s.transaction_id = r.transaction_id "
    "LEFT JOIN redating j ON j.redating_id = r.redating_id "
    "LEFT JOIN calendar_version v ON v.version = j.version AND j.scope = 'version' "
    "LEFT JOIN calendar_change c ON c.version = v.version AND c.day > s.settle_day "
    "AND (c.day <= r.from_day OR c.day <= r.to_day) "
    "WHERE r.transaction_id = $1 ORDER BY r.redated_at, r.redating_id, c.day"
)
# Whoever polls asks again and again; what somebody was told a thousand answers ago is of no use any more.
ANSWERS_LOOKED_AT_MAX = 1_000
# Kind of date → (date column, sequence column) of a settlement row.
_DATES = {"sold": ("sold_date", "sold_seq"), "paid": ("paid_out_date", "paid_seq")}

_SINCE_MOVED = (
    "AND NOT EXISTS (SELECT 1 FROM redated_day n WHERE n.shop_id = $1 AND n.day BETWEEN first_day AND $3 "
    "AND n.redated_at >= answered_at) "
)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A settlement row as it was made. Amounts in minor units, negative on a cancel; sequence numbers
    count from 1 within shop and date. `held`: a hold of its payment keeps it out of the payout of its date;
    `paid_at`: when its payout was made; `redated_at`: when rows last came to its paid-out date from another,
    or left it."""

    sold_date: date
    paid_out_date: date
    sold_seq: int
    paid_seq: int
    amount: int
    fee: int
    vat: int
    pay_out_amount: int
    held: bool
    paid_at: int | None
    redated_at: int | None


@dataclass(frozen=True, slots=True)
class Move:
    """A row left a paid-out date for another. `cause`: calendar, or whatever else moves rows. With a version
    of the calendar: its source, and the days of it that lie on the way, None for one that is worked."""

    from_day: date
    to_day: date
    cause: str
    redated_at: int
    version: int | None
    source: str | None
    days: tuple[tuple[date, str | None], ...]


@dataclass(frozen=True, slots=True)
class Traded:
    """A transaction, the terms frozen on it, and its row once it has one."""

    transaction: Transaction
    terms: Terms
    row: StoredRow | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST of a webhook. `status` None: no answer, see `error`."""

    number: int
    attempted_at: int
    status: int | None
    error: str | None
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook on its way to one receiver. `due_at` counts while it is pending."""

    url: str
    transmission_id: str
    state: str
    due_at: int
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A webhook: the payment's status it tells, and its deliveries; none where nobody listens. `underway`:
    it was not yet looked at who listens."""

    event_type: str
    status: str
    created_at: int
    underway: bool
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of GET /v1/settlements that carried a row: when, to which key, on which page and where."""

    trace_id: str
    key_name: str
    date_type: str
    start: date
    end: date
    page: int
    size: int
    answered_at: int
    place: int


async def traded(store: Store, payment_id: int) -> list[Traded]:
    """The payment's transactions in order."""
    terms_at = len(TRANSACTION.names)
    row_at = terms_at + len(TERMS.names)
    return [
        Traded(transaction_from(row[:terms_at]), terms_from(row[terms_at:row_at]), _stored(row[row_at:]))
        for row in map(tuple, await store.read(_TRANSACTIONS, payment_id))
    ]


def _stored(row: Row) -> StoredRow | None:
    if row[0] is None:
        return None
    facts = list(row)
    facts[:2] = map(date.fromisoformat, facts[:2])
    facts[-3] = bool(facts[-3])
    return StoredRow(*facts)


async def moves(store: Store, transaction_id: int) -> list[Move]:
    """Each time the row's paid-out date changed, oldest first."""
    found: dict[Row, list[tuple[date, str | None]]] = {}
    for row in map(tuple, await store.read(_MOVES, transaction_id)):
        days = found.setdefault(row[:6], [])
        if row[6] is not None:
            days.append((date.fromisoformat(row[6]), row[7]))
    return [
        Move(
            from_day=date.fromisoformat(row[0]),
            to_day=date.fromisoformat(row[1]),
            cause=row[2],
            redated_at=row[3],
            version=row[4],
            source=row[5],
            days=tuple(days),
        )
        for row, days in found.items()
    ]


async def calendar_version(store: Store) -> int:
    """The version of the calendar in force; 0 for the built-in base."""
    rows = await store.read("SELECT coalesce(max(version), 0) FROM calendar_version")
    return int(rows[0][0])


async def audits(store: Store, payment_id: int) -> list[Audit]:
    """Who did what to the payment, oldest first."""
    rows = await store.read(
        f"SELECT {', '.join(AUDIT.names)} FROM audit WHERE payment_id = $1 ORDER BY acted_at, audit_id",
        payment_id,
    )
    return [audit_from(row) for row in rows]


async def waiting_since(store: Store, payment_id: int) -> list[tuple[str, int, str]]:
    """(kind, since when, channel) of each question to the network that is still open."""
    rows = await store.read(
        "SELECT kind, created_at, channel FROM network_attempt WHERE payment_id = $1 AND state = 'open' "
        "ORDER BY attempt_id",
        payment_id,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def told(store: Store, payment_id: int) -> list[Told]:
    """The payment's webhooks in order, with every attempt."""
    events: dict[int, tuple[Row, dict[int, tuple[Row, list[Attempt]]]]] = {}
    for row in map(tuple, await store.read(_WEBHOOKS, payment_id)):
        deliveries = events.setdefault(row[0], (row, {}))[1]
        if row[4] is None:
            continue
        attempts = deliveries.setdefault(row[4], (row, []))[1]
        if row[9] is not None:
            attempts.append(Attempt(*row[9:14]))
    return [
        Told(
            event[1],
            str(json.loads(bytes(event[2]))["data"]["status"]),
            event[3],
            event[14] == "pending",
            tuple(Delivery(row[5], row[6], row[7], row[8], tuple(made)) for row, made in deliveries.values()),
        )
        for event, deliveries in events.values()
    ]


async def answers_with(
    store: Store, transaction: Transaction, row: StoredRow, *, date_type: str, limit: int
) -> list[Answer]:
    """The latest `limit` answers that carried this row under this kind of date, oldest first. Only the latest
    ANSWERS_LOOKED_AT_MAX answers about the row's date are looked at.

    Rows are numbered densely per shop and date, in the order in which they were published. So the place of
    a row on a page that began on its date is a difference; on a page that began on an earlier date, the rows
    between that were published then are counted.

    Under paid-out dates that holds only since rows were last moved to or from a date between the page's first
    and the row's own: older answers are left out, also those of the same instant, which may be older."""
    assert transaction.settle_day is not None
    day, sequence = _DATES[date_type]
    day_value, sequence_value = getattr(row, day), getattr(row, sequence)
    rows = await store.read(
        "SELECT * FROM (SELECT a.trace_id, a.key_name, a.date_type, a.start_day, a.end_day, a.page, a.size, "
        "a.answered_at, a.row_count, CASE WHEN a.first_day = $3 THEN $4 - a.first_seq "
        "ELSE (SELECT count(*) FROM settlement s WHERE s.shop_id = a.shop_id "
        f"AND (s.{day}, s.{sequence}) >= (a.first_day, a.first_seq) AND (s.{day}, s.{sequence}) < ($3, $4) "
        "AND s.settle_day <= a.readable_through) END AS before FROM "
        "(SELECT * FROM settlement_answer WHERE shop_id = $1 AND date_type = $2 AND start_day <= $3 "
        "AND end_day >= $3 AND (first_day, first_seq) <= ($3, $4) AND readable_through >= $5 "
        f"{_SINCE_MOVED if date_type == 'paid' else ''}"
        f"ORDER BY answered_at DESC, trace_id DESC LIMIT {ANSWERS_LOOKED_AT_MAX}) AS a) AS carried "
        "WHERE before < row_count ORDER BY answered_at DESC, trace_id DESC LIMIT $6",
        transaction.shop_id,
        date_type,
        day_value.isoformat(),
        sequence_value,
        transaction.settle_day.isoformat(),
        limit,
    )
    return [
        Answer(
            row[0],
            row[1],
            row[2],
            date.fromisoformat(row[3]),
            date.fromisoformat(row[4]),
            row[5],
            row[6],
            row[7],
            row[9] + 1,
        )
        for row in reversed(rows)
    ]
