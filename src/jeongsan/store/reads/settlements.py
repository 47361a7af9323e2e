"""GET /v1/settlements: any page at the cost of one page, and why a list is empty.

Rows are numbered densely per shop and date, and counted per date; so a page number leads straight to
its first and last row. Rows of a day that is still being closed are not visible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.instants import DAY_MS, KST_OFFSET_MS, kst_day
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Cancel
from jeongsan.domain.terms import Conditions
from jeongsan.domain.views import SettlementView
from jeongsan.store.rows import card_from, fees_from, terms_from
from jeongsan.store.session import Row, Store
from jeongsan.store.tables import TERMS

# date_type → (date column, sequence column)
_ORDER = {"sold": ("sold_date", "sold_seq"), "paid": ("paid_out_date", "paid_seq")}
_SELECT = (
    "SELECT p.mid, p.payment_key, t.transaction_key, p.order_id, s.currency, p.method, s.fees, "
    "t.approved_at, s.sold_date, s.paid_out_date, p.card, p.total, t.kind, t.reason, t.transacted_at, "
    "t.amount, t.tax_free, t.tax_exemption, t.balance_after, t.cancel_request_id, s.amount, "
    "s.interest_fee, s.fee, s.supply_amount, s.vat, s.pay_out_amount, c.readable_through "
    "FROM settlement s JOIN payment_transaction t ON t.transaction_id = s.transaction_id "
    "JOIN payment p ON p.payment_id = t.payment_id CROSS JOIN clock c "
)


@dataclass(frozen=True, slots=True)
class Page:
    """`total`: visible rows in the whole range, on every page. `first`: date and sequence number of the
    page's first row; `readable_through`: the last published day when it was read."""

    views: list[SettlementView]
    total: int
    first: tuple[str, int] | None = None
    readable_through: str | None = None


async def page(
    store: Store, shop_id: int, *, date_type: str, start: date, end: date, number: int, size: int
) -> Page:
    """Page `number` (from 1) of the rows whose date lies in [start, end]."""
    counts = await store.read(
        "SELECT day, visible FROM settlement_count WHERE shop_id = $1 AND date_type = $2 "
        "AND day BETWEEN $3 AND $4 AND visible > 0 ORDER BY day",
        shop_id,
        date_type,
        start.isoformat(),
        end.isoformat(),
    )
    total = sum(row[1] for row in counts)
    position = _position(counts, (number - 1) * size)
    if position is None:
        return Page([], total)
    day, sequence = _ORDER[date_type]
    rows = await store.read(
        f"{_SELECT} WHERE c.clock_id = 1 AND s.shop_id = $1 "
        f"AND (s.{day}, s.{sequence}) >= ($2, $3) AND s.{day} <= $4 "
        f"AND s.settle_day <= c.readable_through ORDER BY s.{day}, s.{sequence} LIMIT $5",
        shop_id,
        position[0],
        position[1],
        end.isoformat(),
        size,
    )
    if not rows:
        return Page([], total)
    return Page([_view(row) for row in rows], total, position, rows[0][26])


def _position(counts: Sequence[Row], offset: int) -> tuple[str, int] | None:
    """The date and sequence number (from 1) of the row at an offset."""
    for row in counts:
        if offset < row[1]:
            return row[0], offset + 1
        offset -= row[1]
    return None


def _view(row: Row) -> SettlementView:
    currency = row[4]
    cancel = None
    if row[12] == "cancel":
        cancel = Cancel(
            transaction_key=row[2],
            reason=row[13],
            canceled_at=row[14],
            amount=Money(row[15], currency),
            tax_free=Money(row[16], currency),
            tax_exemption=Money(row[17], currency),
            refundable=Money(row[18], currency),
            cancel_request_id=row[19],
        )
    return SettlementView(
        mid=row[0],
        payment_key=row[1],
        transaction_key=row[2],
        order_id=row[3],
        currency=currency,
        method=row[5],
        fees=fees_from(row[6]),
        approved_at=row[7],
        sold_date=row[8],
        paid_out_date=row[9],
        card=card_from(row[10]),
        total=row[11],
        cancel=cancel,
        amount=row[20],
        interest_fee=row[21],
        fee=row[22],
        supply_amount=row[23],
        vat=row[24],
        pay_out_amount=row[25],
    )


async def of_payment(store: Store, payment_id: int) -> list[SettlementView]:
    """The visible rows of a payment, oldest transaction first."""
    rows = await store.read(
        f"{_SELECT} WHERE c.clock_id = 1 AND t.payment_id = $1 AND s.settle_day <= c.readable_through "
        "ORDER BY t.transacted_at, t.transaction_id",
        payment_id,
    )
    return [_view(row) for row in rows]


async def unread_days(store: Store, shop_id: int) -> list[tuple[date, date, Conditions]]:
    """(settle day, Korean day of the transaction, conditions) of this shop's transactions that are not
    readable yet, each once; earliest settle day first."""
    columns = ", ".join(f"c.{name}" for name in TERMS.names)
    rows = await store.read(
        f"SELECT u.settle_day, u.day_number, {columns} FROM (SELECT DISTINCT settle_day, terms_id, "
        "(transacted_at + $2) / $3 AS day_number FROM payment_transaction "
        "WHERE shop_id = $1 AND settle_day > (SELECT readable_through FROM clock)) AS u "
        "JOIN terms c ON c.terms_id = u.terms_id ORDER BY u.settle_day, u.terms_id, u.day_number",
        shop_id,
        KST_OFFSET_MS,
        DAY_MS,
    )
    return [
        (
            date.fromisoformat(row[0]),
            kst_day(row[1] * DAY_MS - KST_OFFSET_MS),
            terms_from(tuple(row)[2:]).conditions,
        )
        for row in rows
    ]


async def has_rows(store: Store, shop_id: int, *, date_type: str, start: date, end: date) -> bool:
    """Whether the shop has visible rows in the range under this kind of date."""
    rows = await store.read(
        "SELECT 1 FROM settlement_count WHERE shop_id = $1 AND date_type = $2 AND visible > 0 "
        "AND day BETWEEN $3 AND $4 LIMIT 1",
        shop_id,
        date_type,
        start.isoformat(),
        end.isoformat(),
    )
    return bool(rows)


async def nearest_days(
    store: Store, shop_id: int, *, date_type: str, start: date, end: date
) -> tuple[date | None, date | None]:
    """The last day with visible rows before the range and the first one after it."""
    rows = await store.read(
        "SELECT (SELECT max(day) FROM settlement_count WHERE shop_id = $1 AND date_type = $2 AND visible > 0 "
        "AND day < $3), (SELECT min(day) FROM settlement_count WHERE shop_id = $1 AND date_type = $2 "
        "AND visible > 0 AND day > $4)",
        shop_id,
        date_type,
        start.isoformat(),
        end.isoformat(),
    )
    before, after = rows[0]
    return (
        None if before is None else date.fromisoformat(before),
        None if after is None else date.fromisoformat(after),
    )
