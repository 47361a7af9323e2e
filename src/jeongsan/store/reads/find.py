"""Payments by whatever id somebody holds: order id, payment key, transaction key, whole or its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass

from jeongsan.store.session import Store

_BY_TRANSACTION = "JOIN payment_transaction t ON t.payment_id = p.payment_id"
# For each kind of id: its column, how the payment is found by it, and the shop as the look-up compares it.
# Keys have an index without the shop; the plus keeps SQLite from reading all payments of the shop instead.
_KINDS = (
    ("p.order_id", "", "p.shop_id"),
    ("p.payment_key", "", "+p.shop_id"),
    ("t.transaction_key", _BY_TRANSACTION, "+p.shop_id"),
)
# Several attempts may share an order id; so many rows are looked at for the different ids among them.
_ROWS_LOOKED_AT_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """A payment and the id it was found by, whole."""

    whole_id: str
    shop_id: int
    payment_key: str
    payment_id: int
    approved_at: int | None
    requested_at: int


async def by_ids(store: Store, shop_ids: Sequence[int], ids: Sequence[str]) -> list[Found]:
    """Payments of these shops that have one of the ids, in no particular order."""
    found = []
    for column, join, shop in _KINDS:
        rows = await store.read(
            f"SELECT {column}, p.shop_id, p.payment_key, p.payment_id, p.approved_at, p.requested_at "
            f"FROM payment p {join} WHERE {shop} = ANY_INT($1) AND {column} = ANY_TEXT($2)",
            shop_ids,
            ids,
        )
        found += [Found(*row) for row in rows]
    return found


async def ids_beginning(store: Store, shop_ids: Sequence[int], beginning: str, *, limit: int) -> list[str]:
    """Different ids in these shops that begin like this, at most `limit` of each kind, sorted."""
    found: set[str] = set()
    for column, join, shop in _KINDS:
        rows = await store.read(
            f"SELECT DISTINCT id FROM (SELECT {column} AS id FROM payment p {join} "
            f"WHERE {shop} = ANY_INT($1) AND STARTS_WITH({column}, $2) LIMIT {_ROWS_LOOKED_AT_MAX}) "
            "AS likely LIMIT $3",
            shop_ids,
            beginning,
            limit,
        )
        found |= {row[0] for row in rows}
    return sorted(found)
