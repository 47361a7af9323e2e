"""One payment as its sources have it, and what a fault does to it: rows, labels, the world around them."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jeongsan.bench.reconcile_faults.contract_terms import SHOPS as _SHOPS
from jeongsan.bench.reconcile_faults.contract_terms import Banks, Tariff, due, eleventh, minor_unit
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State

Row = dict[str, Any]
SHOPS = {shop.shop: shop for shop in _SHOPS}
# Numbers of rows and payments that faults add; the world's own are smaller.
_ADDED = 10**13


@dataclass(frozen=True, slots=True)
class Label:
    """What has to be found: one outcome, and the uids of the rows that it is about."""

    comparison: Comparison
    state: State
    reasons: tuple[Reason, ...]
    members: tuple[tuple[Side, int], ...]


@dataclass(slots=True)
class World:
    """What faults may know of the world. `first` to `last` are the days that were collected; today comes
    after them. `copies` are (side, uid of the copy, uid of the original): rows that say exactly the same."""

    first: date
    last: date
    today: date
    order_keys: str
    tariffs: dict[tuple[str, str, str | None], Tariff]
    dice: random.Random
    banks: Banks = field(default_factory=Banks)
    copies: list[tuple[Side, int, int]] = field(default_factory=list)
    _uids: Iterator[int] = field(default_factory=lambda: itertools.count(_ADDED))

    def uid(self) -> int:
        """A name for a row that was not there."""
        return next(self._uids)

    def same(self, side: Side, row: Row, original: Row) -> None:
        """Note that a row says exactly what another one says."""
        self.copies.append((side, row["uid"], original["uid"]))

    def copy(self, side: Side, row: Row) -> Row:
        """A row that says the same again."""
        again = row | {"uid": self.uid()}
        self.same(side, again, row)
        return again

    def key(self) -> str:
        """A transaction key that nobody has."""
        return f"txrd_a01{self.dice.getrandbits(96):024x}"


@dataclass(slots=True)
class Case:
    """The rows of one payment: the approval first, then its cancels in order of time."""

    number: int
    orders: list[Row] = field(default_factory=list)
    transactions: list[Row] = field(default_factory=list)
    settlements: list[Row] = field(default_factory=list)

    @property
    def approval(self) -> Row:
        """As the gateway lists it."""
        return self.transactions[0]

    @property
    def cancels(self) -> list[Row]:
        """As the gateway lists them."""
        return self.transactions[1:]

    @property
    def every_row(self) -> list[Row]:
        """Of all sources."""
        return [*self.orders, *self.transactions, *self.settlements]


Apply = Callable[[Case, World], list[Label]]
Suits = Callable[[Case], bool]
ALL_KEYS = frozenset({"transaction", "payment", "order"})


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault. `deterministic`: its answer follows from the data alone. `order_keys`: the worlds in
    which it says what it says. `in_files`: the columns of the gateway's own files can show it."""

    name: str
    apply: Apply
    suits: Suits
    deterministic: bool = True
    order_keys: frozenset[str] = ALL_KEYS
    in_files: bool = True


def fault(
    name: str,
    suits: Suits,
    *,
    order_keys: frozenset[str] = ALL_KEYS,
    deterministic: bool = True,
    in_files: bool = True,
) -> Callable[[Apply], Fault]:
    """Make a function that does it a kind of fault."""

    def made(apply: Apply) -> Fault:
        return Fault(name, apply, suits, deterministic, order_keys, in_files)

    return made


def pair(state: State, reason: Reason, order: Row, transaction: Row) -> Label:
    """A label of the transaction comparison about one row of each side."""
    members = ((Side.ORDERS, order["uid"]), (Side.TRANSACTIONS, transaction["uid"]))
    return Label(Comparison.TRANSACTION, state, (reason,), members)


def settled(state: State, reason: Reason, transaction: Row, settlement: Row) -> Label:
    """A label of the settlement comparison about one row of each side."""
    members = ((Side.TRANSACTIONS, transaction["uid"]), (Side.SETTLEMENTS, settlement["uid"]))
    return Label(Comparison.SETTLEMENT, state, (reason,), members)


def alone(comparison: Comparison, state: State, reason: Reason, side: Side, row: Row) -> Label:
    """A label about one row that nothing answers."""
    return Label(comparison, state, (reason,), ((side, row["uid"]),))


def at(row: Row, moment: datetime) -> None:
    """Give a row another time."""
    row["occurred_at"], row["day"] = moment, moment.date()


def charge(row: Row, base: Decimal, world_extra: Decimal = Decimal(0)) -> None:
    """Give a settlement row another fee, and make it agree with itself."""
    row["base_fee"], row["fee"] = base, base + world_extra
    row["fee_vat"] = eleventh(row["fee"], row["currency"])
    row["supply_amount"] = row["fee"] - row["fee_vat"]
    row["pay_out_amount"] = row["amount"] - row["fee"] - row["interest_fee"]


def charge_by_tariff(row: Row, world: World) -> None:
    """The fee that the contract asks for the amount of an approval."""
    step = minor_unit(row["currency"])
    tariff = world.tariffs[row["shop"], row["method"], row["card_kind"]]
    charge(row, tariff.fee(int(row["amount"] / step)) * step)


def pay_out(row: Row, world: World) -> None:
    """The dates that the contract gives a settlement row of this day."""
    row["sold_date"], row["paid_out_date"] = due(SHOPS[row["shop"]], row["method"], row["day"], world.banks)


def rename(case: Case, world: World, moment: datetime) -> None:
    """Make an approval another payment, at another time: new keys, the day inside the payment key too."""
    mark = f"{world.dice.getrandbits(40):010X}"
    payment_key = f"tviva{moment:%Y%m%d%H%M%S}{mark[:5]}"
    order_id, transaction_key = f"ORD{moment:%Y%m%d}X{mark}", world.key()
    for row in case.every_row:
        for column, value in (("payment_key", payment_key), ("order_id", order_id)):
            if row[column] is not None:
                row[column] = value
        if row["transaction_key"] is not None:
            row["transaction_key"] = transaction_key
        at(row, moment)
    for row in case.settlements:
        row["approved_at"] = moment
        pay_out(row, world)
