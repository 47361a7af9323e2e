"""Holds: placing them, marking the rows they keep back, and finding the rows a release moves.

A row that a hold of its payment keeps back says so itself (`held`): whether a row was paid follows from the
payout of its shop, currency and date, and a held row is in none. All of it runs inside the exclusive gate.
"""

from dataclasses import dataclass
from datetime import date

from jeongsan.domain.holds import Hold
from jeongsan.store import tables
from jeongsan.store.payable import HAS_FREE_ROWS
from jeongsan.store.rows import HOLD_COLUMNS, hold_from, hold_row
from jeongsan.store.session import Session

# Of a settlement row `s`: the payout that its date, shop and currency lead to has not been made.
_UNPAID = (
    "NOT EXISTS (SELECT 1 FROM payout o WHERE o.shop_id = s.shop_id AND o.currency = s.currency "
    "AND o.paid_out_date = s.paid_out_date)"
)
# Taking the last rows of a date first leaves the numbers of the others as they are.
_OVERDUE_OF_PAYMENT = (
    "SELECT s.paid_out_date, s.transaction_id FROM settlement s WHERE s.held = 1 AND s.transaction_id IN "
    "(SELECT transaction_id FROM payment_transaction WHERE payment_id = $1) "
    "AND s.paid_out_date = (SELECT min(e.paid_out_date) FROM payment_transaction t "
    "JOIN settlement e ON e.transaction_id = t.transaction_id "
    "WHERE t.payment_id = $1 AND e.held = 1 AND e.paid_out_date <= $2) ORDER BY s.paid_seq DESC LIMIT $3"
)
_OVERDUE_OF_SHOP = (
    "SELECT s.paid_out_date, s.transaction_id FROM settlement s WHERE s.shop_id = $1 AND s.held = 0 "
    "AND s.paid_out_date = (SELECT min(c.day) FROM settlement_count c WHERE c.shop_id = $1 "
    f"AND c.date_type = 'paid' AND c.paid_at IS NULL AND c.day <= $2 AND {HAS_FREE_ROWS}) "
    "ORDER BY s.paid_seq DESC LIMIT $3"
)


@dataclass(frozen=True, slots=True)
class Holdable:
    """A payment somebody wants to hold. `unpaid`: some transaction of it is not in a payout."""

    payment_id: int
    approved: bool
    settles: bool
    unpaid: bool


async def payment_to_hold(session: Session, shop_id: int, payment_key: str) -> Holdable | None:
    """A payment of this shop; None when it has none with this key."""
    found = await session.fetch(
        "SELECT p.payment_id, p.approved_at, p.settles, (SELECT count(*) FROM payment_transaction t "
        "LEFT JOIN settlement s ON s.transaction_id = t.transaction_id "
        f"WHERE t.payment_id = p.payment_id AND (s.transaction_id IS NULL OR s.held = 1 OR {_UNPAID})) "
        "FROM payment p WHERE p.payment_key = $1 AND p.shop_id = $2",
        payment_key,
        shop_id,
    )
    if not found:
        return None
    payment_id, approved_at, settles, unpaid = found[0]
    return Holdable(payment_id, approved_at is not None, bool(settles), unpaid > 0)


async def insert(session: Session, hold: Hold) -> None:
    """Place a hold; of a payment, also on its rows that are not paid."""
    await session.insert(tables.HOLD, [hold_row(hold)])
    if hold.payment_id is None:
        return
    await session.execute(
        "UPDATE settlement SET held = 1 WHERE transaction_id IN (SELECT s.transaction_id "
        "FROM payment_transaction t JOIN settlement s ON s.transaction_id = t.transaction_id "
        f"WHERE t.payment_id = $1 AND s.held = 0 AND {_UNPAID})",
        hold.payment_id,
    )


async def lock(session: Session, hold_id: int) -> Hold | None:
    """A hold, to be changed."""
    found = await session.fetch(f"SELECT {HOLD_COLUMNS} FROM hold WHERE hold_id = $1 FOR UPDATE", hold_id)
    return hold_from(tuple(found[0])) if found else None


async def others_in_force(session: Session, hold: Hold) -> bool:
    """Whether another hold covers the same shop, or the same payment."""
    found = await session.fetch(
        "SELECT 1 FROM hold WHERE shop_id = $1 AND state <> 'released' AND hold_id <> $2 "
        "AND coalesce(payment_id, 0) = $3 LIMIT 1",
        hold.shop_id,
        hold.hold_id,
        hold.payment_id or 0,
    )
    return bool(found)


async def store(session: Session, hold: Hold) -> None:
    """Write a hold's state and who released it."""
    await session.update(tables.HOLD, [hold_row(hold)])


async def day_is_closing(session: Session) -> bool:
    """Whether rows of a closed day are still being made: until all are there, none is moved."""
    return bool(await session.fetch("SELECT 1 FROM clock WHERE readable_through < closed_through"))


async def overdue(session: Session, hold: Hold, today: date, limit: int) -> tuple[date, list[int]] | None:
    """Of what this hold keeps back, the earliest date up to `today` and the transactions of at most `limit`
    rows on it, the last ones first; None when nothing is overdue."""
    found = await session.fetch(
        _OVERDUE_OF_SHOP if hold.payment_id is None else _OVERDUE_OF_PAYMENT,
        hold.shop_id if hold.payment_id is None else hold.payment_id,
        today.isoformat(),
        limit,
    )
    if not found:
        return None
    return date.fromisoformat(found[0][0]), [row[1] for row in found]


async def free_rows(session: Session, payment_id: int) -> None:
    """The rows of a payment are in their payouts again."""
    await session.execute(
        "UPDATE settlement SET held = 0 WHERE held = 1 AND transaction_id IN "
        "(SELECT transaction_id FROM payment_transaction WHERE payment_id = $1)",
        payment_id,
    )
