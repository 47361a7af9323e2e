"""GET /v1/transactions: by time, keyset from the last key of the page before."""

from jeongsan.domain.methods import Situation
from jeongsan.domain.money import Money
from jeongsan.domain.views import TransactionView
from jeongsan.store.rows import situations_from
from jeongsan.store.session import Store

_SELECT = (
    "SELECT p.mid, t.transaction_key, p.payment_key, p.order_id, p.method, t.status, t.transacted_at, "
    "t.amount, t.currency, p.situations FROM payment_transaction t "
    "JOIN payment p ON p.payment_id = t.payment_id "
    "WHERE t.shop_id = $1 AND t.transacted_at < $3 AND (t.transacted_at, t.transaction_id) > ($2, $4) "
    "ORDER BY t.transacted_at, t.transaction_id LIMIT $5"
)


class UnknownTransaction(LookupError):
    """The key to continue from is no transaction of this shop."""


async def page(
    store: Store, shop_id: int, *, first: int, end: int, starting_after: str | None, limit: int
) -> list[TransactionView]:
    """Transactions in [first, end) epoch ms, in order. Raises UnknownTransaction."""
    after = (first - 1, 2**62)
    if starting_after is not None:
        after = max(after, await position(store, shop_id, starting_after))
    rows = await store.read(_SELECT, shop_id, after[0], end, after[1], limit)
    return [
        TransactionView(
            mid=row[0],
            transaction_key=row[1],
            payment_key=row[2],
            order_id=row[3],
            method=row[4],
            use_escrow=Situation.ESCROW in situations_from(row[9]),
            status=row[5],
            transacted_at=row[6],
            amount=Money(row[7], row[8]),
        )
        for row in rows
    ]


async def position(store: Store, shop_id: int, transaction_key: str) -> tuple[int, int]:
    """Where a transaction of the shop stands in time: (epoch ms, id). Raises UnknownTransaction."""
    found = await store.read(
        "SELECT transacted_at, transaction_id FROM payment_transaction "
        "WHERE transaction_key = $1 AND shop_id = $2",
        transaction_key,
        shop_id,
    )
    if not found:
        raise UnknownTransaction(transaction_key)
    return found[0][0], found[0][1]
