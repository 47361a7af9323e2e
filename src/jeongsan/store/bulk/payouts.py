"""Payouts: which are due, what a day's rows and adjustments sum to, and storing them."""

from dataclasses import dataclass
from datetime import date, timedelta

from jeongsan.domain.ledger import Posting
from jeongsan.domain.payout import PayoutSum
from jeongsan.store import rows, tables
from jeongsan.store.payable import PAYABLE
from jeongsan.store.session import Session

SHOPS_PER_CHUNK = 200


@dataclass(frozen=True, slots=True)
class DuePayout:
    """The sums of one shop and currency on a paid-out date, and what the last payout left owing. `adjusted`:
    how much of what is due are adjustments."""

    shop_id: int
    currency: str
    acquired: int
    due: int
    adjusted: int
    carried_in: int


async def lock_shops(session: Session, day: date) -> list[int]:
    """Some shops with unpaid rows or adjustments of this day that nothing holds, locked for paying. None
    while rows are being re-dated: some of this day may belong to another. None before the day before it is
    published: until then the day has not come, or rows may still be on their way to it."""
    found = await session.fetch(
        f"SELECT c.shop_id FROM settlement_count c WHERE c.day = $1 AND {PAYABLE} "
        "AND NOT EXISTS (SELECT 1 FROM redating WHERE done_at IS NULL) "
        "AND EXISTS (SELECT 1 FROM clock WHERE readable_through >= $3) "
        "ORDER BY c.shop_id LIMIT $2 FOR UPDATE",
        day.isoformat(),
        SHOPS_PER_CHUNK,
        (day - timedelta(days=1)).isoformat(),
    )
    return sorted({row[0] for row in found})


async def due(session: Session, day: date, shop_ids: list[int]) -> list[DuePayout]:
    """The sums to pay, one per shop and currency; rows that are held are in none."""
    found = await session.fetch(
        "SELECT s.shop_id, s.currency, CAST(sum(s.amount) AS bigint), CAST(sum(s.due) AS bigint), "
        "CAST(sum(s.adjusted) AS bigint), "
        "coalesce((SELECT p.carried_out FROM payout p WHERE p.shop_id = s.shop_id "
        "AND p.currency = s.currency ORDER BY p.paid_out_date DESC LIMIT 1), 0) "
        "FROM (SELECT shop_id, currency, amount, pay_out_amount AS due, 0 AS adjusted FROM settlement "
        "WHERE paid_out_date = $1 AND shop_id = ANY_INT($2) AND held = 0 UNION ALL "
        "SELECT shop_id, currency, 0, amount, amount FROM adjustment "
        "WHERE paid_out_date = $1 AND shop_id = ANY_INT($2)) AS s "
        "GROUP BY s.shop_id, s.currency ORDER BY s.shop_id, s.currency",
        day.isoformat(),
        shop_ids,
    )
    return [DuePayout(*row) for row in found]


async def store_payouts(
    session: Session,
    day: date,
    shop_ids: list[int],
    paid: list[tuple[int, DuePayout, PayoutSum]],
    postings: list[Posting],
    *,
    now: int,
) -> None:
    """Payout rows (with their ids), postings, and the mark that these shops' day is paid."""
    await session.insert(
        tables.PAYOUT,
        [
            (
                payout_id,
                of.shop_id,
                of.currency,
                day.isoformat(),
                total.acquired,
                total.due,
                total.carried_in,
                total.transferred,
                total.carried_out,
                now,
                of.adjusted,
            )
            for payout_id, of, total in paid
        ],
    )
    await session.insert(tables.POSTING, [rows.posting_row(posting) for posting in postings])
    await session.execute(
        "UPDATE settlement_count SET paid_at = $3 WHERE date_type <> 'sold' AND day = $1 "
        "AND shop_id = ANY_INT($2)",
        day.isoformat(),
        shop_ids,
        now,
    )
