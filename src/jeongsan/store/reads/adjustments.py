"""Adjustments: a shop's, newest first, with when each was paid; and what all of them come to that are not."""

from dataclasses import dataclass
from datetime import date

from jeongsan.domain.adjustments import Adjustment
from jeongsan.store.rows import adjustment_from
from jeongsan.store.session import Store
from jeongsan.store.tables import ADJUSTMENT

_COLUMNS = ", ".join(f"a.{name}" for name in ADJUSTMENT.names)
_WIDTH = len(ADJUSTMENT.names)


@dataclass(frozen=True, slots=True)
class Listed:
    """`transaction_key`: of the cancel that a refund fee is for; `paid_at`: when its payout was made."""

    adjustment: Adjustment
    transaction_key: str | None
    paid_at: int | None


@dataclass(frozen=True, slots=True)
class UnpaidSum:
    """What the adjustments of one shop and currency come to that are due on a date and not paid; `amount`
    goes to the merchant, in minor units."""

    shop_id: int
    currency: str
    paid_out_date: date
    amount: int


async def unpaid_sums(store: Store) -> list[UnpaidSum]:
    """Of all shops, by date."""
    rows = await store.read(
        "SELECT a.shop_id, a.currency, a.paid_out_date, CAST(sum(a.amount) AS bigint) "
        "FROM settlement_count c JOIN adjustment a ON a.shop_id = c.shop_id AND a.paid_out_date = c.day "
        "WHERE c.date_type = 'adjusted' AND c.paid_at IS NULL "
        "GROUP BY a.shop_id, a.currency, a.paid_out_date ORDER BY a.paid_out_date, a.shop_id, a.currency"
    )
    return [UnpaidSum(row[0], row[1], date.fromisoformat(row[2]), row[3]) for row in rows]


async def newest(store: Store, shop_id: int, limit: int) -> list[Listed]:
    """The latest `limit` adjustments of a shop."""
    rows = await store.read(
        f"SELECT {_COLUMNS}, t.transaction_key, o.paid_at FROM adjustment a "
        "LEFT JOIN payment_transaction t ON t.transaction_id = a.transaction_id "
        "LEFT JOIN payout o ON o.shop_id = a.shop_id AND o.currency = a.currency "
        "AND o.paid_out_date = a.paid_out_date "
        "WHERE a.shop_id = $1 ORDER BY a.created_at DESC, a.adjustment_id DESC LIMIT $2",
        shop_id,
        limit,
    )
    return [Listed(adjustment_from(row[:_WIDTH]), row[_WIDTH], row[_WIDTH + 1]) for row in map(tuple, rows)]
