"""The payment list of the console: one shop, newest first, keyset by row id.

Row ids ascend with time within a process, so they stand for the time of the request; processes that share a
database take their ids in blocks, and a list may then show close neighbours in another order. The ids of a
page are chosen before anything wide is read: by index entries alone where the database can.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jeongsan.domain.channels import Channel
from jeongsan.domain.money import Money
from jeongsan.domain.payment_states import Status
from jeongsan.store.session import Row, Store

_IN_SHOP = "SELECT payment_id FROM payment WHERE shop_id = $1 AND payment_id < $2"
# The plus keeps SQLite from looking for payment keys through the whole shop by the index of its orders.
_BEGINNING = (
    f"{_IN_SHOP} AND STARTS_WITH(order_id, $4) UNION SELECT payment_id FROM payment "
    "WHERE STARTS_WITH(payment_key, $4) AND +shop_id = $1 AND +payment_id < $2"
)
_PAGE = (
    "SELECT p.payment_id, p.payment_key, p.order_id, p.order_name, p.status, p.currency, p.total, p.balance, "
    "p.requested_at, p.approved_at, a.channel "
    "FROM ({ids} ORDER BY payment_id DESC LIMIT $3) AS found "
    "JOIN payment p ON p.payment_id = found.payment_id "
    "LEFT JOIN audit a ON a.payment_id = p.payment_id AND a.action = 'cancel' "
    "ORDER BY p.payment_id DESC, a.audit_id"
)
# Beyond every row id: where the first page begins.
_NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment of the list. `cancel_channels`: the paths of its cancels, each once, oldest first."""

    payment_id: int
    payment_key: str
    order_id: str
    order_name: str
    status: Status
    total: Money
    balance: Money
    requested_at: int
    approved_at: int | None
    cancel_channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """`next_before`: the row id from which the next page goes on, None on the last."""

    lines: tuple[PaymentLine, ...]
    next_before: int | None


async def page(
    store: Store, shop_id: int, *, before: int | None, beginning: str | None, size: int
) -> PaymentPage:
    """`size` payments older than the row id `before`; with `beginning` only those whose order id or
    payment key begins like that."""
    ids = _IN_SHOP if beginning is None else _BEGINNING
    searched = () if beginning is None else (beginning,)
    # One more than is shown tells whether there is a next page.
    rows = await store.read(
        _PAGE.format(ids=ids), shop_id, _NEWEST if before is None else before, size + 1, *searched
    )
    lines = _lines(rows)
    following = lines[size - 1].payment_id if len(lines) > size else None
    return PaymentPage(tuple(lines[:size]), following)


def _lines(rows: Sequence[Row]) -> list[PaymentLine]:
    by_payment: dict[int, list[Row]] = {}
    for row in rows:
        by_payment.setdefault(row[0], []).append(row)
    return [_line(found) for found in by_payment.values()]


def _line(rows: Sequence[Row]) -> PaymentLine:
    first = rows[0]
    channels = dict.fromkeys(Channel(row[10]) for row in rows if row[10] is not None)
    return PaymentLine(
        payment_id=first[0],
        payment_key=first[1],
        order_id=first[2],
        order_name=first[3],
        status=Status(first[4]),
        total=Money(first[6], first[5]),
        balance=Money(first[7], first[5]),
        requested_at=first[8],
        approved_at=first[9],
        cancel_channels=tuple(channels),
    )
