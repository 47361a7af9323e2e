"""Runs the rule book over the tables of a workspace, and checks that what comes out adds up."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jeongsan.reconcile.duck import run_script
from jeongsan.reconcile.extras import needed
from jeongsan.reconcile.match.closed_days import closed_days
from jeongsan.reconcile.match.codes import Comparison, Reason, Side

GATEWAY_MEMO = "토스페이먼츠|TOSS ?PAYMENTS"
# A transaction key that a side has more often is no key but what stands in its place.
KEY_REPEATS_MAX = 16
# Of so many payouts or lines of one day every choice is tried: 4,095 of them.
SUBSET_ROWS_MAX = 12
# How far a deposit may be from its day, how long money may be held, over how many payouts a debt is carried.
DEPOSIT_DAYS_MAX = 14
HELD_DAYS_MAX = 62
CARRIED_PAYOUTS_MAX = 10
_PACKAGE = "jeongsan.reconcile.match"
_PAYMENT, _ORDER = "family_payment_key", "family_order_id"
_EXACT = ("same_second", "same_day", "same_amount", "repeated_row", "cannot_tell")
# Every rule after the first two, in order. A family says by which identifier rows belong together.
_BOOK = (
    "repeated_transaction_key",
    _PAYMENT, *_EXACT,
    _ORDER, *_EXACT,
    _PAYMENT, "other_amount",
    _ORDER, "other_amount",
    "damaged_id",
    "leftover",
)  # fmt: skip
_DEPOSIT_BOOK = (
    "deposit_same",
    "deposit_sums",
    "deposit_subsets",
    "deposit_regrouped",
    "deposit_carried",
    # Of two payouts of one amount the one that was carried over is gone now.
    "deposit_same",
    "deposit_other_day",
    "deposit_held",
    "deposit_amount",
    "deposit_cannot_tell",
    "deposit_leftover",
)


class InvalidMemo(ValueError):
    """`Circumstances.gateway_memo` is no regular expression. Says what is wrong with it."""


class DoesNotAddUp(Exception):
    """Rows were lost or used twice: an error of the rules, never of the data. Names what does not hold."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a run is made under. `today` is the merchant's day in Seoul; `first` and `last` are the days that
    the files are to cover, else the first and last that stand in them; `gateway_memo` is a regular expression
    for the text with which the gateway's deposits stand in the bank's list."""

    today: date
    first: date | None = None
    last: date | None = None
    gateway_memo: str = GATEWAY_MEMO


@dataclass(frozen=True, slots=True)
class _Sides:
    """A comparison of entries. `views` say which rows are left and right, `faults` what is wrong with a right
    row itself; `reasons` what an approval and a cancel are that stand alone, per side."""

    comparison: Comparison
    left: Side
    right: Side
    views: tuple[str, ...]
    faults: str
    left_reasons: tuple[Reason, Reason]
    right_reasons: tuple[Reason, Reason]


_OF_TRANSACTIONS = _Sides(
    Comparison.TRANSACTION,
    Side.ORDERS,
    Side.TRANSACTIONS,
    ("sides_transaction",),
    "no_faults",
    (Reason.NOT_AT_GATEWAY, Reason.CANCEL_NOT_AT_GATEWAY),
    (Reason.PAID_UNKNOWN_HERE, Reason.CANCELED_OUTSIDE),
)
_OF_SETTLEMENTS = _Sides(
    Comparison.SETTLEMENT,
    Side.TRANSACTIONS,
    Side.SETTLEMENTS,
    ("sides_settlement", "settled_rows"),
    "settled_faults",
    (Reason.NOT_SETTLED, Reason.NOT_SETTLED),
    (Reason.SETTLED_UNKNOWN, Reason.SETTLED_UNKNOWN),
)
_OF_ORDERS_SETTLED = replace(
    _OF_SETTLEMENTS, left=Side.ORDERS, views=("sides_settlement_orders", "settled_rows")
)


def match(connection: Any, circumstances: Circumstances) -> None:
    """Fill `outcomes`, `members`, `payouts` and `totals` from the tables of rows, for every comparison both
    sides of which were given (have a line in `files`). Raises InvalidMemo, DoesNotAddUp."""
    given = {Side(side) for (side,) in connection.table("files").project("side").distinct().fetchall()}
    _set(
        connection,
        today=circumstances.today,
        gateway_memo=circumstances.gateway_memo,
        key_repeats_max=KEY_REPEATS_MAX,
        subset_rows_max=SUBSET_ROWS_MAX,
        deposit_days_max=DEPOSIT_DAYS_MAX,
        held_days_max=HELD_DAYS_MAX,
        carried_payouts_max=CARRIED_PAYOUTS_MAX,
    )
    try:
        _rule(connection, "gateway_memo")
    except needed("duckdb").InvalidInputException as error:
        raise InvalidMemo(" ".join(str(error).split())) from error
    connection.execute("SET VARIABLE first = ?::DATE", [circumstances.first])
    connection.execute("SET VARIABLE last = ?::DATE", [circumstances.last])
    if {Side.ORDERS, Side.TRANSACTIONS} <= given:
        _compare(connection, _OF_TRANSACTIONS)
    if {Side.TRANSACTIONS, Side.SETTLEMENTS} <= given:
        _compare(connection, _OF_SETTLEMENTS)
    elif {Side.ORDERS, Side.SETTLEMENTS} <= given:
        _compare(connection, _OF_ORDERS_SETTLED)
    if {Side.SETTLEMENTS, Side.BANK} <= given:
        _compare_deposits(connection)


def _compare(connection: Any, sides: _Sides) -> None:
    for name in sides.views:
        _rule(connection, name)
    _set(
        connection,
        comparison=sides.comparison.value,
        left_side=sides.left.value,
        right_side=sides.right.value,
        left_reasons=[one.value for one in sides.left_reasons],
        right_reasons=[one.value for one in sides.right_reasons],
    )
    for name in ("survey", "same_key", sides.faults, "found"):
        _rule(connection, name)
    for name in _BOOK:
        _rule(connection, name)
        _rule(connection, "close")
    for name in ("differences", "nearest", "emit"):
        _rule(connection, name)
    _check(connection, "adds_up")


def _compare_deposits(connection: Any) -> None:
    _rule(connection, "sides_deposit")
    years = {year for (year,) in connection.table("deposit_years").fetchall()}
    _set(connection, closed_days=closed_days(years))
    _rule(connection, "closed_days")
    for name in _DEPOSIT_BOOK:
        _rule(connection, name)
        _rule(connection, "close_deposit")
    _rule(connection, "emit_deposit")
    _check(connection, "adds_up_deposit")


def _check(connection: Any, name: str) -> None:
    _rule(connection, name)
    broken = connection.table("broken_sums").fetchall()
    if broken:
        raise DoesNotAddUp("; ".join(str(row[0]) for row in broken))


def _rule(connection: Any, name: str) -> None:
    run_script(connection, _PACKAGE, f"rules/{name}.sql")


def _set(connection: Any, **variables: Any) -> None:
    for name, value in variables.items():
        connection.execute(f"SET VARIABLE {name} = ?", [value])
