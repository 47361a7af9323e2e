"""Payments for GET: by payment key or by order id, each one statement."""

from collections.abc import Sequence

from jeongsan.domain.payment import Payment
from jeongsan.domain.terms import Conditions
from jeongsan.store.rows import cancel_from, payment_from, terms_from
from jeongsan.store.session import Row, Store
from jeongsan.store.tables import PAYMENT, TERMS, TRANSACTION

_COLUMNS = ", ".join([*(f"p.{name}" for name in PAYMENT.names), *(f"t.{name}" for name in TRANSACTION.names)])
_WITH_CANCELS = (
    f"SELECT {_COLUMNS} FROM payment p LEFT JOIN payment_transaction t "
    "ON t.payment_id = p.payment_id AND t.kind = 'cancel' "
)
_WIDTH = len(PAYMENT.names)


async def by_key(store: Store, shop_id: int, payment_key: str) -> Payment | None:
    """A payment of this shop."""
    rows = await store.read(
        _WITH_CANCELS + "WHERE p.payment_key = $1 AND p.shop_id = $2 ORDER BY t.balance_after DESC",
        payment_key,
        shop_id,
    )
    return _payment(rows)


async def by_order(store: Store, shop_id: int, order_id: str) -> Payment | None:
    """The payment of an order: the approved one, otherwise the latest attempt."""
    rows = await store.read(
        _WITH_CANCELS + "WHERE p.payment_id = (SELECT payment_id FROM payment "
        "WHERE shop_id = $1 AND order_id = $2 "
        "ORDER BY CASE WHEN approved_at IS NULL THEN 1 ELSE 0 END, requested_at DESC, payment_id DESC "
        "LIMIT 1) ORDER BY t.balance_after DESC",
        shop_id,
        order_id,
    )
    return _payment(rows)


async def shop_of(store: Store, payment_key: str) -> int | None:
    """Which shop a payment belongs to."""
    rows = await store.read("SELECT shop_id FROM payment WHERE payment_key = $1", payment_key)
    return rows[0][0] if rows else None


async def conditions_of(store: Store, payment_key: str) -> Conditions | None:
    """What was agreed for a payment when it was approved; None before that, and for no payment."""
    columns = ", ".join(f"c.{name}" for name in TERMS.names)
    rows = await store.read(
        f"SELECT {columns} FROM payment p JOIN terms c ON c.terms_id = p.terms_id WHERE p.payment_key = $1",
        payment_key,
    )
    return terms_from(tuple(rows[0])).conditions if rows else None


def _payment(rows: Sequence[Row]) -> Payment | None:
    found = [tuple(row) for row in rows]
    if not found:
        return None
    cancels = tuple(cancel_from(row[_WIDTH:]) for row in found if row[_WIDTH] is not None)
    return payment_from(found[0][:_WIDTH], cancels)
