"""Faults between orders and the gateway's transactions: what only one of them has, or one has twice."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from jeongsan.bench.reconcile_faults.cases import Case, Label, World, alone, fault
from jeongsan.bench.reconcile_faults.order_faults import canceled_once, plain
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State


def _one_sided(case: Case, reason: Reason, side: Side, index: int = 0) -> list[Label]:
    rows = case.orders if side is Side.ORDERS else case.transactions
    return [alone(Comparison.TRANSACTION, State.ONE_SIDED, reason, side, rows[index])]


@fault("canceled_outside", canceled_once)
def canceled_outside(case: Case, _world: World) -> list[Label]:
    """Cancelled in the gateway's admin page; our system was not told."""
    del case.orders[1]
    return _one_sided(case, Reason.CANCELED_OUTSIDE, Side.TRANSACTIONS, 1)


def _canceled_card(case: Case) -> bool:
    return (
        canceled_once(case) and case.approval["method"] == "CARD" and case.cancels[0]["status"] == "CANCELED"
    )


@fault("cancel_of_older_payment", _canceled_card)
def cancel_of_older_payment(case: Case, world: World) -> list[Label]:
    """Cancelled outside, and paid before the first day that was collected."""
    before = world.first - timedelta(days=world.dice.randint(2, 20))
    key = f"tviva{before:%Y%m%d}101500{world.dice.getrandbits(20):05X}"
    case.orders, case.transactions, case.settlements = [], case.transactions[1:], case.settlements[1:]
    for row in case.every_row:
        row["payment_key"] = key
    case.settlements[0]["approved_at"] = datetime.combine(before, time(10, 15, 4))
    return _one_sided(case, Reason.CANCELED_OUTSIDE, Side.TRANSACTIONS)


@fault("paid_unknown_here", plain)
def paid_unknown_here(case: Case, _world: World) -> list[Label]:
    """The buyer paid, and our system lost the answer."""
    case.orders = []
    return _one_sided(case, Reason.PAID_UNKNOWN_HERE, Side.TRANSACTIONS)


@fault("order_not_at_gateway", plain)
def order_not_at_gateway(case: Case, _world: World) -> list[Label]:
    """An order booked as paid that the gateway never approved."""
    case.transactions, case.settlements = [], []
    return _one_sided(case, Reason.NOT_AT_GATEWAY, Side.ORDERS)


@fault("cancel_not_at_gateway", canceled_once)
def cancel_not_at_gateway(case: Case, _world: World) -> list[Label]:
    """A cancel booked that never reached the gateway."""
    del case.transactions[1], case.settlements[1]
    return _one_sided(case, Reason.CANCEL_NOT_AT_GATEWAY, Side.ORDERS, 1)


def _in_both(state: State, reason: Reason, case: Case, index: int = 0) -> list[Label]:
    """A transaction that answers neither an order nor a settlement."""
    row = case.transactions[index]
    comparisons = (Comparison.TRANSACTION, Comparison.SETTLEMENT)
    return [alone(one, state, reason, Side.TRANSACTIONS, row) for one in comparisons]


def _could_expire(case: Case) -> bool:
    return plain(case) and case.approval["method"] in ("VIRTUAL_ACCOUNT", "CARD")


@fault("canceled_without_done", _could_expire)
def canceled_without_done(case: Case, world: World) -> list[Label]:
    """A virtual account that ran out, or an approval withdrawn at once: a cancel of what was never paid."""
    row = case.transactions[0]
    if row["method"] == "CARD":
        # The key's day has to be inside, whatever the second of the approval.
        inside = world.first + timedelta(days=1)
        row["payment_key"] = f"tviva{max(row['day'], inside):%Y%m%d}120000{world.dice.getrandbits(20):05X}"
    row |= {"kind": "CANCEL", "status": "CANCELED"}
    for column in ("amount", "tax_free", "vat"):
        row[column] = -row[column]
    case.orders, case.settlements = [], []
    return _in_both(State.SET_ASIDE, Reason.CANCELED_WITHOUT_DONE, case)


@fault("no_money", _could_expire)
def no_money(case: Case, world: World) -> list[Label]:
    """Listed, and no money: waiting, expired, aborted."""
    status = world.dice.choice(["EXPIRED", "ABORTED", "WAITING_FOR_DEPOSIT"])
    case.transactions[0] |= {"kind": "NO_MONEY", "status": status}
    case.orders, case.settlements = [], []
    return _in_both(State.SET_ASIDE, Reason.NO_MONEY, case)[:1]


@fault("duplicate_transaction", plain)
def duplicate_transaction(case: Case, world: World) -> list[Label]:
    """A transaction collected twice."""
    case.transactions.append(world.copy(Side.TRANSACTIONS, case.transactions[0]))
    return _in_both(State.ONE_SIDED, Reason.DUPLICATE, case, 1)


@fault("duplicate_transaction_changed", plain)
def duplicate_transaction_changed(case: Case, world: World) -> list[Label]:
    """A transaction collected twice, the second time with another amount."""
    again = case.transactions[0] | {"uid": world.uid()}
    again["amount"] += Decimal(1000)
    case.transactions.append(again)
    return _in_both(State.ONE_SIDED, Reason.DUPLICATE, case, 1)


FAULTS = (
    canceled_outside,
    cancel_of_older_payment,
    paid_unknown_here,
    order_not_at_gateway,
    cancel_not_at_gateway,
    canceled_without_done,
    no_money,
    duplicate_transaction,
    duplicate_transaction_changed,
)
