"""A shop's adjustments, newest first, and when each was paid."""

from dataclasses import dataclass

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
