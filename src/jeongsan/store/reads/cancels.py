"""Cancels with who made them and by which path: by time, and the gateway's own ones for the shop's notices.

Every cancel has exactly one line of the audit trail, written in the same commit.
"""

from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.money import Money
from jeongsan.domain.views import CancelsQuery, CancelView
from jeongsan.store.reads.transactions import UnknownTransaction, position
from jeongsan.store.session import Row, Store

_COLUMNS = (
    "SELECT t.transaction_key, p.payment_key, p.order_id, t.transacted_at, t.amount, t.currency, t.reason, "
    "t.status, t.approved_at, a.channel, a.actor_name, a.key_hint, a.address "
)
_BY_TIME = (
    f"{_COLUMNS} FROM payment_transaction t JOIN payment p ON p.payment_id = t.payment_id "
    "JOIN audit a ON a.payment_id = t.payment_id AND a.transaction_key = t.transaction_key "
    "WHERE t.shop_id = $1 AND t.kind = 'cancel' AND t.transacted_at < $3 "
    "AND (t.transacted_at, t.transaction_id) > ($2, $4) AND a.channel = ANY_TEXT($5) "
    "ORDER BY t.transacted_at, t.transaction_id LIMIT $6"
)
# The channel stands in the statement, so that an index of these few lines can serve it.
_FORCED = (
    f"{_COLUMNS} FROM audit a JOIN payment_transaction t ON t.transaction_key = a.transaction_key "
    "JOIN payment p ON p.payment_id = a.payment_id "
    "WHERE a.channel = 'gateway-forced' AND a.shop_id = $1 AND (a.acted_at, a.audit_id) < ($2, $3) "
    "ORDER BY a.acted_at DESC, a.audit_id DESC LIMIT $4"
)
_FORCED_POSITION = (
    "SELECT a.acted_at, a.audit_id FROM payment_transaction t JOIN audit a ON a.payment_id = t.payment_id "
    "AND a.transaction_key = t.transaction_key "
    "WHERE t.transaction_key = $1 AND t.shop_id = $2 AND a.channel = 'gateway-forced'"
)


async def page(store: Store, shop_id: int, query: CancelsQuery) -> list[CancelView]:
    """Cancels of a shop in order of time. Raises UnknownTransaction."""
    after = (query.first - 1, 2**62)
    if query.starting_after is not None:
        after = max(after, await position(store, shop_id, query.starting_after))
    channels = list(Channel) if query.channel is None else [query.channel]
    wanted = [channel.value for channel in channels]
    rows = await store.read(_BY_TIME, shop_id, after[0], query.end, after[1], wanted, query.limit)
    return [_view(row) for row in rows]


async def forced(
    store: Store, shop_id: int, *, starting_after: str | None = None, limit: int
) -> list[CancelView]:
    """The gateway's own cancels (직권취소) of a shop's payments, newest first. Raises UnknownTransaction."""
    before = (2**62, 2**62)
    if starting_after is not None:
        found = await store.read(_FORCED_POSITION, starting_after, shop_id)
        if not found:
            raise UnknownTransaction(starting_after)
        before = (found[0][0], found[0][1])
    return [_view(row) for row in await store.read(_FORCED, shop_id, *before, limit)]


def _view(row: Row) -> CancelView:
    return CancelView(
        transaction_key=row[0],
        payment_key=row[1],
        order_id=row[2],
        canceled_at=row[3],
        amount=Money(row[4], row[5]),
        reason=row[6],
        status=row[7],
        approved_at=row[8],
        actor=Actor(Channel(row[9]), row[10], row[11], row[12]),
    )
