"""Adjustments: what was charged in a period, what was booked before, and booking it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.adjustments import Adjustment, AdjustmentKind
from jeongsan.domain.contract import Contract
from jeongsan.domain.fees import FeeSplit
from jeongsan.domain.ledger import Posting
from jeongsan.domain.methods import Method
from jeongsan.domain.terms import Terms
from jeongsan.domain.transactions import Transaction
from jeongsan.store import rows, tables
from jeongsan.store.session import Row, Session, Store

ROWS_PER_READ = 1_000
# The kind of date under which `settlement_count` counts adjustments by the day they are due.
_DATE_TYPE = "adjusted"
_T = ", ".join(f"t.{name}" for name in tables.TRANSACTION.names)
_C = ", ".join(f"c.{name}" for name in tables.TERMS.names)
_TERMS_AT = len(tables.TRANSACTION.names)
_FEE_AT = _TERMS_AT + len(tables.TERMS.names)
_COLUMNS = ", ".join(tables.ADJUSTMENT.names)


class AlreadyPaid(AssertionError):
    """An adjustment would fall on a day that was paid: payout rules of at least one day rule that out."""


@dataclass(frozen=True, slots=True)
class ChargedRow:
    """A published row of a card payment: its transaction, the frozen terms, and the fee as it was split."""

    transaction: Transaction
    terms: Terms
    charged: FeeSplit

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in time."""
        return self.transaction.transacted_at, self.transaction.transaction_id


async def card_rows(
    store: Store, shop_id: int, *, first: int, end: int, after: tuple[int, int]
) -> list[ChargedRow]:
    """The next rows of card payments approved in [first, end) epoch ms, in order of time."""
    found = await store.read(
        f"SELECT {_T}, {_C}, s.supply_amount, s.vat FROM payment_transaction t "
        "JOIN terms c ON c.terms_id = t.terms_id JOIN settlement s ON s.transaction_id = t.transaction_id "
        "WHERE t.shop_id = $1 AND (t.transacted_at, t.transaction_id) > ($4, $5) "
        "AND t.approved_at >= $2 AND t.approved_at < $3 AND c.method = $6 "
        "AND s.settle_day <= (SELECT readable_through FROM clock) "
        "ORDER BY t.transacted_at, t.transaction_id LIMIT $7",
        shop_id,
        first,
        end,
        *after,
        Method.CARD.value,
        ROWS_PER_READ,
    )
    return [_charged(tuple(row)) for row in found]


def _charged(row: Row) -> ChargedRow:
    return ChargedRow(
        rows.transaction_from(row[:_TERMS_AT]),
        rows.terms_from(row[_TERMS_AT:_FEE_AT]),
        FeeSplit(*row[_FEE_AT:]),
    )


async def contracts_of(store: Store, terms_ids: Iterable[int]) -> dict[int, Contract]:
    """The version of a contract that each of these terms came from."""
    found = await store.read(
        "SELECT c.terms_id, k.body FROM terms c JOIN contract k ON k.contract_id = c.contract_id "
        "WHERE c.terms_id = ANY_INT($1)",
        sorted(set(terms_ids)),
    )
    return {row[0]: rows.contract_from(row[1]) for row in found}


_GRADE_REFUNDS = (
    f"SELECT {_COLUMNS} FROM adjustment WHERE shop_id = $1 AND kind = '{AdjustmentKind.GRADE_REFUND}' "
    "ORDER BY adjustment_id"
)


async def grade_refunds(store: Store, shop_id: int) -> list[Adjustment]:
    """What a shop was refunded for its grades so far."""
    return [rows.adjustment_from(tuple(row)) for row in await store.read(_GRADE_REFUNDS, shop_id)]


async def grade_refunds_now(session: Session, shop_id: int) -> list[Adjustment]:
    """The same, as it is while nobody else books."""
    return [rows.adjustment_from(tuple(row)) for row in await session.fetch(_GRADE_REFUNDS, shop_id)]


async def booked_for(session: Session, cause: str) -> Adjustment | None:
    """The adjustment that was booked for this cause."""
    found = await session.fetch(f"SELECT {_COLUMNS} FROM adjustment WHERE cause = $1", cause)
    return rows.adjustment_from(tuple(found[0])) if found else None


async def book(session: Session, adjustments: Sequence[Adjustment], postings: Iterable[Posting]) -> None:
    """Adjustments, their postings, and the counts that make a day without rows a payout day. Call where no
    other process counts: inside a day's close, or inside the exclusive gate."""
    await session.insert(tables.ADJUSTMENT, [rows.adjustment_row(one) for one in adjustments])
    await session.insert(tables.POSTING, [rows.posting_row(posting) for posting in postings])
    more = Counter((one.shop_id, one.paid_out_date.isoformat()) for one in adjustments)
    found = await session.fetch(
        "SELECT shop_id, day, stored, date_type, paid_at FROM settlement_count WHERE date_type <> 'sold' "
        "AND shop_id = ANY_INT($1) AND day = ANY_TEXT($2)",
        sorted({shop_id for shop_id, _ in more}),
        sorted({day for _, day in more}),
    )
    stored = {(row[0], row[1]): row[2] for row in found if row[3] == _DATE_TYPE}
    paid = {(row[0], row[1]) for row in found if row[4] is not None}
    if paid & more.keys():
        raise AlreadyPaid(f"(shop, day) {sorted(paid & more.keys())} was paid; nothing may join that payout")
    counts = {key: stored.get(key, 0) + count for key, count in more.items()}
    await session.upsert(
        tables.SETTLEMENT_COUNT,
        [(shop_id, _DATE_TYPE, day, n, n, None) for (shop_id, day), n in sorted(counts.items())],
    )


async def unpaid_days(session: Session, *, through: date | None = None) -> list[tuple[int, date]]:
    """(shop, date) of adjustments that no payout has, of all shops; up to a date if one is given."""
    found = await session.fetch(
        "SELECT shop_id, day FROM settlement_count WHERE date_type = $1 AND paid_at IS NULL "
        "AND day <= $2 ORDER BY day, shop_id FOR UPDATE",
        _DATE_TYPE,
        (through or date.max).isoformat(),
    )
    return [(row[0], date.fromisoformat(row[1])) for row in found]


async def postpone(session: Session, shop_id: int, day: date, to: date) -> None:
    """What a shop's unpaid adjustments of one date come to is paid on a later one. Call inside the exclusive
    gate, with a date that `unpaid_days` named. After AlreadyPaid nothing may be committed."""
    paid = await session.fetch(
        "SELECT 1 FROM settlement_count WHERE shop_id = $1 AND day = $2 AND paid_at IS NOT NULL",
        shop_id,
        to.isoformat(),
    )
    if paid:
        raise AlreadyPaid(f"shop {shop_id} was paid for {to}; nothing may join that payout")
    await session.execute(
        "UPDATE adjustment SET paid_out_date = $3 WHERE shop_id = $1 AND paid_out_date = $2",
        shop_id,
        day.isoformat(),
        to.isoformat(),
    )
    await session.execute(
        "INSERT INTO settlement_count (shop_id, date_type, day, stored, visible) "
        "SELECT shop_id, date_type, $3, stored, visible FROM settlement_count "
        "WHERE shop_id = $1 AND date_type = $4 AND day = $2 "
        "ON CONFLICT (shop_id, date_type, day) DO UPDATE SET "
        "stored = settlement_count.stored + excluded.stored, "
        "visible = settlement_count.visible + excluded.visible",
        shop_id,
        day.isoformat(),
        to.isoformat(),
        _DATE_TYPE,
    )
    await session.execute(
        "DELETE FROM settlement_count WHERE shop_id = $1 AND date_type = $3 AND day = $2",
        shop_id,
        day.isoformat(),
        _DATE_TYPE,
    )
