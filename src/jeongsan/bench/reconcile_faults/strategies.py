"""How the same is usually done, small and as well as it is usually done: a query for each order, two loops, a
score of similarity. Each says of every order and transaction what it can say; what it cannot, it does not.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import NamedTuple

from jeongsan.reconcile.match.codes import Reason, State


@dataclass(frozen=True, slots=True)
class Entry:
    """An order or a transaction. `place`: its row number."""

    place: int
    kind: str
    order_id: str | None
    payment_key: str | None
    transaction_key: str | None
    method: str | None
    currency: str
    amount: Decimal
    day: date


class Told(NamedTuple):
    """What a strategy says: places of orders and of transactions."""

    state: State
    reason: Reason
    orders: tuple[int, ...]
    transactions: tuple[int, ...]


Strategy = Callable[[Sequence[Entry], Sequence[Entry]], list[Told]]

# The score of two rows is the sum of what agrees, in hundredths; enough of it, and they are taken for one.
_SAME_ID, _LIKE_ID, _SAME_AMOUNT, _SAME_DAY, _NEXT_DAY = 50, 30, 30, 20, 10
_ENOUGH, _EVERYTHING = 70, 100


def _missing(order: Entry) -> Told:
    reason = Reason.CANCEL_NOT_AT_GATEWAY if order.kind == "CANCEL" else Reason.NOT_AT_GATEWAY
    return Told(State.ONE_SIDED, reason, (order.place,), ())


def _unknown(transactions: Sequence[Entry], taken: set[int]) -> Iterator[Told]:
    """Transactions that no order took; what is neither paid nor cancelled is filtered by its status."""
    for row in transactions:
        if row.place in taken:
            continue
        if row.kind == "NO_MONEY":
            yield Told(State.SET_ASIDE, Reason.NO_MONEY, (), (row.place,))
            continue
        reason = Reason.CANCELED_OUTSIDE if row.kind == "CANCEL" else Reason.PAID_UNKNOWN_HERE
        yield Told(State.ONE_SIDED, reason, (), (row.place,))


def row_by_row(orders: Sequence[Entry], transactions: Sequence[Entry]) -> list[Told]:
    """A query for each order, by payment key or order id; amount and day are compared."""
    told, taken = [], set[int]()
    here = files(__package__)
    ask = here.joinpath("row_by_row_ask.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(here.joinpath("row_by_row.sql").read_text(encoding="utf-8"))
        database.executemany(
            here.joinpath("row_by_row_fill.sql").read_text(encoding="utf-8"),
            [
                (
                    one.place,
                    one.kind,
                    one.order_id,
                    one.payment_key,
                    one.transaction_key,
                    str(one.amount),
                    str(one.day),
                )
                for one in transactions
            ],
        )
        for order in orders:
            asked = (order.kind, order.payment_key, order.order_id, str(order.amount))
            found = database.execute(ask, asked).fetchone()
            if found is None:
                told.append(_missing(order))
                continue
            place, amount, day = found
            taken.add(place)
            reason = (
                Reason.AMOUNT
                if amount != str(order.amount)
                else Reason.DAY
                if day != str(order.day)
                else None
            )
            if reason is not None:
                told.append(Told(State.DIFFERENT, reason, (order.place,), (place,)))
    return [*told, *_unknown(transactions, taken)]


def nested_loops(orders: Sequence[Entry], transactions: Sequence[Entry]) -> list[Told]:
    """Every order against every transaction until one has the same identifier, kind, amount and day."""
    told, taken = [], set[int]()
    for order in orders:
        for row in transactions:
            if (
                (order.payment_key or order.order_id) in (row.payment_key, row.order_id)
                and order.kind == row.kind
                and order.amount == row.amount
                and order.day == row.day
                and row.place not in taken
            ):
                taken.add(row.place)
                break
        else:
            told.append(_missing(order))
    return [*told, *_unknown(transactions, taken)]


def similarity(orders: Sequence[Entry], transactions: Sequence[Entry]) -> list[Told]:
    """For every order the transaction most like it, if it is like enough: identifiers, amount and time are
    weighed."""
    told, taken = [], set[int]()
    for order in orders:
        best, score = None, 0
        for row in transactions:
            if row.kind != order.kind or row.place in taken:
                continue
            now = _score(order, row)
            if now > score:
                best, score = row, now
                if score == _EVERYTHING:
                    break
        if best is None or score < _ENOUGH:
            told.append(_missing(order))
            continue
        taken.add(best.place)
        if score < _EVERYTHING:
            told.append(Told(State.DIFFERENT, _what_differs(order, best), (order.place,), (best.place,)))
    return [*told, *_unknown(transactions, taken)]


def _score(order: Entry, row: Entry) -> int:
    same = (order.payment_key is not None and order.payment_key == row.payment_key) or (
        order.order_id is not None and order.order_id == row.order_id
    )
    score = _SAME_AMOUNT if order.amount == row.amount else 0
    apart = abs((order.day - row.day).days)
    score += _SAME_DAY if apart == 0 else _NEXT_DAY if apart == 1 else 0
    if same:
        return score + _SAME_ID
    # Letters are only compared where they could still make it.
    return score + _likeness(order, row) if score + _LIKE_ID >= _ENOUGH else score


def _likeness(order: Entry, row: Entry) -> int:
    """How much of the longer identifier is the shorter one's beginning, of _LIKE_ID."""
    most = 0
    for a, b in ((order.payment_key, row.payment_key), (order.order_id, row.order_id)):
        if a and b:
            common = next(
                (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
            )
            most = max(most, _LIKE_ID * common // max(len(a), len(b)))
    return most


def _what_differs(order: Entry, row: Entry) -> Reason:
    if order.amount != row.amount:
        return Reason.AMOUNT
    if order.day != row.day:
        return Reason.DAY
    same_order = order.order_id is None or order.order_id == row.order_id
    return Reason.PAYMENT_KEY if same_order else Reason.ORDER_ID


STRATEGIES: dict[str, Strategy] = {
    "a query for each order": row_by_row,
    "two loops": nested_loops,
    "a score of similarity": similarity,
}
