"""What a shop is still to be paid: sums of its rows by date, what it owes, what is not closed, what waits.

A row counts as closed when its day was published; every later transaction is left to the pure rule, whether
its row is made already or not. So a day that is being closed is counted once.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.holds import RELEASE_CAUSE
from jeongsan.domain.terms import Terms
from jeongsan.domain.transactions import Transaction
from jeongsan.store.rows import terms_from, transaction_from
from jeongsan.store.session import Store
from jeongsan.store.tables import TERMS, TRANSACTION

# Read in pieces, so that a big day never lies in memory as a whole.
_PIECE = 5_000
_LATEST_PAYOUT = (
    "SELECT o.currency, o.carried_out FROM payout o WHERE o.shop_id = $1 AND o.paid_out_date = "
    "(SELECT max(l.paid_out_date) FROM payout l WHERE l.shop_id = o.shop_id AND l.currency = o.currency)"
)
_SUMS = (
    "SELECT 'rows', s.currency, s.paid_out_date, s.held, count(*), CAST(sum(s.amount) AS bigint), "
    "CAST(sum(s.pay_out_amount) AS bigint), min(CASE WHEN EXISTS (SELECT 1 FROM redated_row m "
    f"WHERE m.transaction_id = s.transaction_id AND m.cause = '{RELEASE_CAUSE}') THEN NULL "
    "ELSE s.sold_date END) FROM settlement s WHERE s.shop_id = $1 AND s.settle_day <= $2 "
)
_BY_DATE = " GROUP BY s.currency, s.paid_out_date, s.held "
# In one look, also what earlier payouts left owing: a payout between two looks would be counted twice or not
# at all.
_CLOSED = (
    f"{_SUMS} AND s.held = 0 AND s.paid_out_date IN (SELECT c.day FROM settlement_count c "
    f"WHERE c.shop_id = $1 AND c.date_type = 'paid' AND c.paid_at IS NULL) {_BY_DATE} "
    f"UNION ALL {_SUMS} AND s.held = 1 {_BY_DATE} "
    f"UNION ALL SELECT 'owed', currency, '', 0, 0, 0, carried_out, NULL FROM ({_LATEST_PAYOUT}) AS latest"
)
_ADJUSTED = (
    "SELECT a.currency, a.paid_out_date, count(*), CAST(sum(a.amount) AS bigint) FROM settlement_count c "
    "JOIN adjustment a ON a.shop_id = c.shop_id AND a.paid_out_date = c.day "
    "LEFT JOIN payment_transaction t ON t.transaction_id = a.transaction_id "
    "WHERE c.shop_id = $1 AND c.date_type = 'adjusted' AND c.paid_at IS NULL "
    # What a day that is closing has booked belongs to transactions that are counted as not closed.
    "AND (t.settle_day IS NULL OR t.settle_day <= (SELECT readable_through FROM clock)) "
    "GROUP BY a.currency, a.paid_out_date"
)
_NOT_CLOSED = (
    f"SELECT {', '.join(f't.{name}' for name in TRANSACTION.names)}, "
    f"{', '.join(f'c.{name}' for name in TERMS.names)}, "
    "CASE WHEN EXISTS (SELECT 1 FROM hold h WHERE h.shop_id = t.shop_id AND h.payment_id = t.payment_id "
    "AND h.state <> 'released') THEN 1 ELSE 0 END "
    "FROM payment_transaction t JOIN terms c ON c.terms_id = t.terms_id "
    "WHERE t.settle_day > $2 AND t.shop_id = $1 "
    "AND (t.settle_day, t.transacted_at, t.transaction_id) > ($3, $4, $5) "
    f"ORDER BY t.settle_day, t.transacted_at, t.transaction_id LIMIT {_PIECE}"
)
_WAITING = (
    "SELECT t.currency, count(*), CAST(sum(t.balance_after - t.balance_before) AS bigint) "
    "FROM payment p JOIN payment_transaction t ON t.payment_id = p.payment_id "
    "WHERE p.shop_id = $1 AND p.waits = 1 AND t.settle_day IS NULL GROUP BY t.currency ORDER BY t.currency"
)


@dataclass(frozen=True, slots=True)
class DateSum:
    """The unpaid rows of one currency on one paid-out date that are held by their payments, or are not.
    `first_sold`: the earliest sold date of rows that no release moved."""

    currency: str
    paid_out_date: date
    held: bool
    rows: int
    amount: int
    pay_out_amount: int
    first_sold: date | None


@dataclass(frozen=True, slots=True)
class AdjustedSum:
    """Adjustments of one currency in the payout of one date; `amount` goes to the merchant."""

    currency: str
    paid_out_date: date
    adjustments: int
    amount: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Transactions that settle only after somebody releases them; `amount`: approvals less cancels."""

    currency: str
    transactions: int
    amount: int


async def closed(store: Store, shop_id: int, readable_through: date) -> tuple[list[DateSum], dict[str, int]]:
    """(sums of unpaid rows, currency → what the last payout left owing, never above zero)."""
    sums: list[DateSum] = []
    owed: dict[str, int] = {}
    for row in await store.read(_CLOSED, shop_id, readable_through.isoformat()):
        kind, currency, day, held, rows, amount, pay_out_amount, first_sold = row
        if kind == "owed":
            owed[currency] = pay_out_amount
            continue
        first = None if first_sold is None else date.fromisoformat(first_sold)
        day = date.fromisoformat(day)
        sums.append(DateSum(currency, day, bool(held), rows, amount, pay_out_amount, first))
    return sums, owed


async def not_closed(
    store: Store, shop_id: int, readable_through: date
) -> AsyncIterator[tuple[Transaction, Terms, bool]]:
    """(transaction, its terms, whether its payment is held) of every day that is not published yet."""
    terms_at, held_at = len(TRANSACTION.names), len(TRANSACTION.names) + len(TERMS.names)
    after: tuple[str, int, int] = ("", 0, 0)
    while rows := await store.read(_NOT_CLOSED, shop_id, readable_through.isoformat(), *after):
        for row in map(tuple, rows):
            transaction = transaction_from(row[:terms_at])
            yield transaction, terms_from(row[terms_at:held_at]), bool(row[held_at])
        assert transaction.settle_day is not None
        after = (transaction.settle_day.isoformat(), transaction.transacted_at, transaction.transaction_id)


async def adjusted(store: Store, shop_id: int) -> list[AdjustedSum]:
    """Adjustments that no payout has yet."""
    return [
        AdjustedSum(row[0], date.fromisoformat(row[1]), row[2], row[3])
        for row in await store.read(_ADJUSTED, shop_id)
    ]


async def waiting(store: Store, shop_id: int) -> list[Waiting]:
    """What waits for its release, by currency."""
    return [Waiting(*row) for row in await store.read(_WAITING, shop_id)]
