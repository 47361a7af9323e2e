"""Day close: the marker, chunks of transactions, rows with dense numbers, totals against the ledger."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.ledger import Account, Posting
from jeongsan.domain.settlement import SettlementRow
from jeongsan.domain.terms import Terms
from jeongsan.domain.transactions import Transaction
from jeongsan.store import rows, tables
from jeongsan.store.session import Session

CHUNK_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a day has been closed: the last (transacted_at, transaction_id) that was settled."""

    day: date
    at: int
    transaction_id: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What a day holds, by two independent counts. `unsettled` is the day's balance of 2100."""

    transactions: int
    settled_rows: int
    unsettled: int


class AlreadyPaid(AssertionError):
    """A row would fall on a paid-out date that was paid: terms of at least one day rule that out."""


async def mark(session: Session, day: date, *, now: int) -> None:
    """From here on nothing new settles on this day. Call inside the exclusive gate."""
    await session.execute("UPDATE clock SET closed_through = $1 WHERE clock_id = 1", day.isoformat())
    await session.insert(tables.DAY_CLOSE, [(day.isoformat(), "closing", 0, 0, 0, 0, 0, 0, now, None)])


async def lock_cursor(session: Session, day: date) -> Cursor | None:
    """The cursor of a day that is closing; None when it is closed already."""
    found = await session.fetch(
        "SELECT cursor_at, cursor_id FROM day_close WHERE day = $1 AND state = 'closing' FOR UPDATE",
        day.isoformat(),
    )
    return Cursor(day, found[0][0], found[0][1]) if found else None


async def chunk(session: Session, cursor: Cursor, limit: int) -> list[Transaction]:
    """The next transactions of the day in order of time."""
    found = await session.fetch(
        f"SELECT {rows.TRANSACTION_COLUMNS} FROM payment_transaction "
        "WHERE settle_day = $1 AND (transacted_at, transaction_id) > ($2, $3) "
        "ORDER BY transacted_at, transaction_id LIMIT $4",
        cursor.day.isoformat(),
        cursor.at,
        cursor.transaction_id,
        limit,
    )
    return [rows.transaction_from(tuple(row)) for row in found]


async def terms_by_id(session: Session, terms_ids: Iterable[int]) -> dict[int, Terms]:
    """Frozen terms."""
    found = await session.fetch(
        f"SELECT {rows.TERMS_COLUMNS} FROM terms WHERE terms_id = ANY_INT($1)", sorted(set(terms_ids))
    )
    return {row[0]: rows.terms_from(row) for row in found}


async def disputed(session: Session, transactions: Iterable[Transaction]) -> set[int]:
    """Which of these belong to a payment that is held: their rows wait from the start."""
    payments = {one.transaction_id: one.payment_id for one in transactions}
    found = await session.fetch(
        "SELECT payment_id FROM hold WHERE state <> 'released' AND payment_id = ANY_INT($1)",
        sorted(set(payments.values())),
    )
    held = {row[0] for row in found}
    return {transaction_id for transaction_id, payment_id in payments.items() if payment_id in held}


async def write_chunk(
    session: Session,
    cursor: Cursor,
    settled: list[SettlementRow],
    postings: Iterable[Posting],
    *,
    held: Container[int],
) -> None:
    """Rows with their numbers, counts, postings and the cursor after the last transaction. `held`: the
    transactions whose rows wait."""
    numbers = await _take_numbers(session, settled)
    await session.insert(
        tables.SETTLEMENT,
        [
            rows.settlement_row(row, sold_seq=sold, paid_seq=paid, held=row.transaction_id in held)
            for row, (sold, paid) in zip(settled, numbers, strict=True)
        ],
    )
    await session.insert(tables.POSTING, [rows.posting_row(posting) for posting in postings])
    await session.execute(
        "UPDATE day_close SET cursor_at = $2, cursor_id = $3, settled_rows = settled_rows + $4, "
        "amount = amount + $5, fee = fee + $6, pay_out_amount = pay_out_amount + $7 WHERE day = $1",
        cursor.day.isoformat(),
        cursor.at,
        cursor.transaction_id,
        len(settled),
        sum(row.amount for row in settled),
        sum(row.fee for row in settled),
        sum(row.pay_out_amount for row in settled),
    )


async def _take_numbers(session: Session, settled: list[SettlementRow]) -> list[tuple[int, int]]:
    """Dense sequence numbers per (shop, kind of date, date), continued from the stored counts."""
    days = {row.sold_date.isoformat() for row in settled} | {row.paid_out_date.isoformat() for row in settled}
    found = await session.fetch(
        "SELECT shop_id, date_type, day, stored, visible, paid_at FROM settlement_count "
        "WHERE shop_id = ANY_INT($1) AND day = ANY_TEXT($2)",
        sorted({row.shop_id for row in settled}),
        sorted(days),
    )
    visible = {(row[0], row[1], row[2]): row[4] for row in found}
    stored = {(row[0], row[1], row[2]): row[3] for row in found}
    # Adjustments alone may have made it a payout day.
    paid = {(row[0], "paid", row[2]) for row in found if row[1] != "sold" and row[5] is not None}
    touched: set[tuple[int, str, str]] = set()

    def take(shop_id: int, date_type: str, day: date) -> int:
        key = (shop_id, date_type, day.isoformat())
        stored[key] = stored.get(key, 0) + 1
        touched.add(key)
        if key in paid:
            raise AlreadyPaid(f"shop {shop_id} was paid for {day}; no row may join that payout")
        return int(stored[key])

    numbers = [
        (take(row.shop_id, "sold", row.sold_date), take(row.shop_id, "paid", row.paid_out_date))
        for row in settled
    ]
    await session.upsert(
        tables.SETTLEMENT_COUNT,
        [(*key, stored[key], visible.get(key, 0), None) for key in sorted(touched)],
    )
    return numbers


async def totals(session: Session, day: date) -> Totals:
    """Count the day twice: its transactions and its rows, and what the ledger still holds of it."""
    found = await session.fetch(
        "SELECT (SELECT count(*) FROM payment_transaction WHERE settle_day = $1), "
        "(SELECT settled_rows FROM day_close WHERE day = $1), "
        "(SELECT CAST(coalesce(sum(CASE WHEN credit = $2 THEN amount ELSE -amount END), 0) AS bigint) "
        "FROM posting WHERE settle_day = $1 AND (credit = $2 OR debit = $2))",
        day.isoformat(),
        Account.MERCHANT_UNSETTLED.value,
    )
    return Totals(*found[0])


async def finish(session: Session, day: date, *, now: int) -> None:
    """Publish the day's rows and end the close."""
    await session.execute("UPDATE settlement_count SET visible = stored WHERE visible < stored")
    await session.execute("UPDATE clock SET readable_through = $1 WHERE clock_id = 1", day.isoformat())
    await session.execute(
        "UPDATE day_close SET state = 'closed', closed_at = $2 WHERE day = $1", day.isoformat(), now
    )
