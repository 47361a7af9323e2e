"""Re-dating: unpaid settlement rows move to another paid-out date, and each leaves a record of its move.

Numbers per shop and date stay dense, so that a page number still leads straight to its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jeongsan.store.session import Session

_CLOSING = "SELECT 1 FROM clock WHERE readable_through < closed_through"
_PAID_THROUGH = (
    "SELECT max(day) FROM settlement_count WHERE shop_id = $1 AND date_type = 'paid' AND paid_at IS NOT NULL"
)
_LOCKED = (
    "SELECT day, stored, paid_at FROM settlement_count WHERE shop_id = $1 AND date_type = 'paid' "
    "AND day = ANY_TEXT($2) ORDER BY day FOR UPDATE"
)
_MOVING = (
    "SELECT transaction_id, paid_seq, held FROM settlement "
    "WHERE transaction_id = ANY_INT($1) AND shop_id = $2 AND paid_out_date = $3"
)
_RECORD = (
    "INSERT INTO redated_row (redating_id, transaction_id, shop_id, from_day, to_day, cause, redated_at) "
    "SELECT $1, transaction_id, shop_id, paid_out_date, $2, $3, $4 FROM settlement "
    "WHERE transaction_id = ANY_INT($5)"
)
_MOVE = (
    "UPDATE settlement SET paid_out_date = $1, paid_seq = moved.number FROM (SELECT transaction_id AS id, "
    "$2 + row_number() OVER (ORDER BY paid_seq) AS number FROM settlement "
    "WHERE transaction_id = ANY_INT($3)) AS moved WHERE settlement.transaction_id = moved.id"
)
# The index on numbers is checked row by row: below zero no number is taken.
_RENUMBER = (
    "UPDATE settlement SET paid_seq = -left_over.number FROM (SELECT transaction_id AS id, paid_seq AS seq, "
    "$3 + row_number() OVER (ORDER BY paid_seq) AS number FROM settlement WHERE shop_id = $1 "
    "AND paid_out_date = $2 AND paid_seq > $3) AS left_over WHERE settlement.transaction_id = left_over.id "
    "AND left_over.seq <> left_over.number"
)
_TURN_POSITIVE = (
    "UPDATE settlement SET paid_seq = -paid_seq WHERE shop_id = $1 AND paid_out_date = $2 AND paid_seq < 0"
)
_ADD = (
    "INSERT INTO settlement_count (shop_id, date_type, day, stored, visible) VALUES ($1, 'paid', $2, $3, $3) "
    "ON CONFLICT (shop_id, date_type, day) DO UPDATE SET stored = settlement_count.stored + $3, "
    "visible = settlement_count.visible + $3"
)
_TAKE = (
    "UPDATE settlement_count SET stored = stored - $3, visible = visible - $3 "
    "WHERE shop_id = $1 AND date_type = 'paid' AND day = $2"
)
# From here on an older answer about this date no longer tells which rows it carried.
_REMEMBER = (
    "INSERT INTO redated_day (shop_id, day, redated_at) VALUES ($1, $2, $3) "
    "ON CONFLICT (shop_id, day) DO UPDATE SET redated_at = $3"
)
_DROP_EMPTY = (
    "DELETE FROM settlement_count WHERE shop_id = $1 AND date_type = 'paid' AND day = $2 AND stored = 0"
)


@dataclass(frozen=True, slots=True)
class Redating:
    """The operation that moves rows: its id (a new one per operation), why, and when (epoch ms)."""

    redating_id: int
    cause: str
    now: int


class CannotMove(ValueError):
    """A payout holds the row or the date it would go to, a day is closing, or the row is not there."""


async def move_rows(
    session: Session,
    *,
    shop_id: int,
    day: date,
    new_dates: Mapping[int, date],
    by: Redating,
) -> int:
    """Move rows of a shop (transaction id → new date) away from paid-out date `day`; returns how many moved.

    Rows that stay keep their order; moved ones follow, in their old order, what the new date holds already.
    One mapped to `day` stays. An operation moves a row away from a date only once.
    Call inside the exclusive gate while no day is closing. After CannotMove nothing may be committed.
    """
    moves: dict[date, list[int]] = {}
    for transaction_id, target in new_dates.items():
        if target != day:
            moves.setdefault(target, []).append(transaction_id)
    if not moves:
        return 0
    stored, first = await _checked(session, shop_id, day, moves)
    for target, ids in sorted(moves.items()):
        to = target.isoformat()
        await session.execute(_RECORD, by.redating_id, to, by.cause, by.now, ids)
        await session.execute(_MOVE, to, stored.get(to, 0), ids)
        await session.execute(_ADD, shop_id, to, len(ids))
    moved = sum(map(len, moves.values()))
    await session.execute(_RENUMBER, shop_id, day.isoformat(), first - 1)
    await session.execute(_TURN_POSITIVE, shop_id, day.isoformat())
    await session.execute(_TAKE, shop_id, day.isoformat(), moved)
    await session.execute(_DROP_EMPTY, shop_id, day.isoformat())
    for touched in (day, *sorted(moves)):
        await session.execute(_REMEMBER, shop_id, touched.isoformat(), by.now)
    return moved


async def _checked(
    session: Session, shop_id: int, day: date, moves: Mapping[date, list[int]]
) -> tuple[dict[str, int], int]:
    """How many rows each date holds now, locked against payouts, and the first number that falls free. Raises
    CannotMove."""
    if await session.fetch(_CLOSING):
        raise CannotMove("a day is being closed: its rows are not all there yet")
    found = await session.fetch(_LOCKED, shop_id, sorted(one.isoformat() for one in {day, *moves}))
    paid_through = (await session.fetch(_PAID_THROUGH, shop_id))[0][0] or ""
    wanted = [one for ids in moves.values() for one in ids]
    moving = {row[0]: row for row in await session.fetch(_MOVING, wanted, shop_id, day.isoformat())}
    strange = [one for one in wanted if one not in moving]
    if strange:
        raise CannotMove(f"transaction {strange[0]} is not paid out to shop {shop_id} on {day}")
    # A row that is held was in no payout, whatever was paid on its date.
    was_paid = any(row[0] == day.isoformat() and row[2] is not None for row in found)
    if was_paid and not all(row[2] for row in moving.values()):
        raise CannotMove(f"shop {shop_id} was paid for {day}: a payout holds its rows")
    for target in sorted(moves):
        # What is left owing is carried from payout to payout in order of their dates.
        if target.isoformat() <= paid_through:
            raise CannotMove(f"shop {shop_id} was paid through {paid_through}: no row may join {target}")
    return {row[0]: row[1] for row in found}, min(row[1] for row in moving.values())
