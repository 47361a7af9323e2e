"""Stored settlement rows beside what they were made from: one by its transaction's key, or a period's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.contract import Contract
from jeongsan.domain.settlement import SettlementRow
from jeongsan.domain.terms import Terms
from jeongsan.domain.transactions import Transaction
from jeongsan.store.rows import contract_from, settlement_from, terms_from, transaction_from
from jeongsan.store.session import Row, Store
from jeongsan.store.tables import SETTLEMENT, TERMS, TRANSACTION

_T = ", ".join(f"t.{name}" for name in TRANSACTION.names)
_C = ", ".join(f"c.{name}" for name in TERMS.names)
_S = ", ".join(f"s.{name}" for name in SETTLEMENT.names)
# Whether the row was moved to the date it is due on, and when its day was begun to be closed.
_MADE = (
    "CASE WHEN EXISTS (SELECT 1 FROM redated_row r WHERE r.transaction_id = s.transaction_id "
    "AND r.to_day = s.paid_out_date) THEN 1 ELSE 0 END, coalesce(d.started_at, 0)"
)
_TERMS_AT = len(TRANSACTION.names)
_ROW_AT = _TERMS_AT + len(TERMS.names)
_REST_AT = _ROW_AT + len(SETTLEMENT.names)
# Before the first row of any date.
START = ("", 0)


@dataclass(frozen=True, slots=True)
class Made:
    """How a row came to its paid-out date. `moved`: it was put there on record, by a calendar or a hold's
    release; `started_at`: when the close of its day began, epoch ms, which counted its date."""

    moved: bool
    started_at: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A stored row, what it was made from, and where it stands in its shop."""

    transaction: Transaction
    terms: Terms
    row: SettlementRow
    made: Made
    place: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """The version (from 1) of the shop's contract that terms came with, and who put it in force when."""

    version: int
    contract: Contract
    actor_name: str
    created_at: int


@dataclass(frozen=True, slots=True)
class Charged:
    """A transaction with its payment's names, its terms and their origin, and its row once there is one.
    `waits`: it settles only after somebody released it."""

    transaction: Transaction
    terms: Terms
    origin: Origin
    order_id: str
    payment_key: str
    waits: bool
    row: SettlementRow | None
    made: Made


async def charged(store: Store, transaction_key: str, shop_ids: Sequence[int]) -> Charged | None:
    """A transaction of these shops, whole key only."""
    found = await store.read(
        f"SELECT {_T}, {_C}, {_S}, p.order_id, p.payment_key, p.settles, p.waits, k.body, k.actor_name, "
        "k.created_at, (SELECT count(*) FROM contract v WHERE v.shop_id = k.shop_id "
        f"AND v.contract_id <= k.contract_id), {_MADE} "
        "FROM payment_transaction t JOIN payment p ON p.payment_id = t.payment_id "
        "JOIN terms c ON c.terms_id = t.terms_id JOIN contract k ON k.contract_id = c.contract_id "
        "LEFT JOIN settlement s ON s.transaction_id = t.transaction_id "
        "LEFT JOIN day_close d ON d.day = s.settle_day "
        "WHERE t.transaction_key = $1 AND t.shop_id = ANY_INT($2)",
        transaction_key,
        list(shop_ids),
    )
    return _charged(tuple(found[0])) if found else None


def _charged(row: Row) -> Charged:
    stored = row[_ROW_AT:_REST_AT]
    order_id, payment_key, settles, waits, body, actor_name, created_at, version, moved, started_at = row[
        _REST_AT:
    ]
    return Charged(
        transaction=transaction_from(row[:_TERMS_AT]),
        terms=terms_from(row[_TERMS_AT:_ROW_AT]),
        origin=Origin(version, contract_from(body), actor_name, created_at),
        order_id=order_id,
        payment_key=payment_key,
        waits=bool(settles and waits),
        row=None if stored[0] is None else settlement_from(stored),
        made=Made(bool(moved), started_at),
    )


async def rows_after(
    store: Store, shop_id: int, *, after: tuple[str, int], start: date, end: date, limit: int
) -> list[Settled]:
    """The next rows of a shop whose sold date lies in [start, end], by date and number; first after START."""
    found = await store.read(
        f"SELECT {_T}, {_C}, {_S}, {_MADE} FROM settlement s "
        "JOIN payment_transaction t ON t.transaction_id = s.transaction_id "
        "JOIN terms c ON c.terms_id = t.terms_id LEFT JOIN day_close d ON d.day = s.settle_day "
        "WHERE s.shop_id = $1 AND (s.sold_date, s.sold_seq) > ($2, $3) AND s.sold_date BETWEEN $4 AND $5 "
        "ORDER BY s.sold_date, s.sold_seq LIMIT $6",
        shop_id,
        *after,
        start.isoformat(),
        end.isoformat(),
        limit,
    )
    return [_settled(tuple(row)) for row in found]


def _settled(row: Row) -> Settled:
    stored = row[_ROW_AT:_REST_AT]
    names = SETTLEMENT.names
    return Settled(
        transaction=transaction_from(row[:_TERMS_AT]),
        terms=terms_from(row[_TERMS_AT:_ROW_AT]),
        row=settlement_from(stored),
        made=Made(bool(row[_REST_AT]), row[_REST_AT + 1]),
        place=(stored[names.index("sold_date")], stored[names.index("sold_seq")]),
    )


async def count_rows(store: Store, shop_ids: Sequence[int], *, start: date, end: date) -> int:
    """How many rows of these shops have their sold date in [start, end]."""
    found = await store.read(
        "SELECT CAST(coalesce(sum(stored), 0) AS bigint) FROM settlement_count "
        "WHERE shop_id = ANY_INT($1) AND date_type = 'sold' AND day BETWEEN $2 AND $3",
        list(shop_ids),
        start.isoformat(),
        end.isoformat(),
    )
    return int(found[0][0])
