"""Of how many rows terms say something, how many are as they say, and what is not compared for which
reason."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from jeongsan.reconcile.expect.statements import rows


class Remark(StrEnum):
    """Why a figure of a row is not compared. `match/exceptions.sql` decides."""

    # What a cancel gives back was not learned.
    CANCEL_FEE_UNKNOWN = "CANCEL_FEE_UNKNOWN"
    # What was left of the payment before the cancel is not certain.
    BALANCE_UNKNOWN = "BALANCE_UNKNOWN"
    # A virtual account's row that gives back amount and fee where cancels keep it: a deposit taken back.
    REVERSED_DEPOSIT = "REVERSED_DEPOSIT"
    # The row has one fee without a list of entries, and the terms have fees beside the base fee.
    NOT_ITEMISED = "NOT_ITEMISED"
    # Paid out from the day of a release, which no row shows.
    RELEASE_UNKNOWN = "RELEASE_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Compared:
    """`agree` of `rows` are as the terms say."""

    agree: int
    rows: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was compared of the rows of a shop, method and currency: base fees of approvals and of cancels,
    sold dates, paid-out dates. `remarks`: why not, and of how many rows. `situations`: what only explains so
    many rows and stands in none (ESCROW, OVERSEAS)."""

    shop: str
    method: str
    currency: str
    rows: int
    approvals: Compared
    cancels: Compared
    sold: Compared
    paid: Compared
    remarks: tuple[tuple[Remark, int], ...]
    situations: tuple[tuple[str, int], ...]


def coverage(connection: Any) -> tuple[Coverage, ...]:
    """In order of shop, method and currency, once `terms_exceptions` is filled."""
    remarks, situations = rows(connection, "remarks"), rows(connection, "situations")
    found = []
    for shop, method, currency, count, *figures in rows(connection, "coverage"):
        scope = [shop, method, currency]
        approvals, cancels, sold, paid = (_compared(*figures[at : at + 2]) for at in (0, 2, 4, 6))
        told = tuple((Remark(name), seen) for *of, name, seen in remarks if of == scope)
        explained = tuple((name, seen) for *of, name, seen in situations if of == scope)
        found.append(Coverage(shop, method, currency, count, approvals, cancels, sold, paid, told, explained))
    return tuple(found)


def _compared(count: int, otherwise: int) -> Compared:
    return Compared(count - otherwise, count)
