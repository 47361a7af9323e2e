"""What looks odd and is in order: whatever is said of it is a false alarm."""

from datetime import timedelta

from jeongsan.bench.reconcile_faults.cases import Case, Label, Row, World, at, fault, pay_out
from jeongsan.bench.reconcile_faults.order_faults import plain

_SHOP, _OTHER_SHOP = "saebyeok", "saebyeokmall"


def again(case: Case, world: World, change: Row) -> tuple[Row, Row, Row]:
    """The approval of a payment like it, in every source: other keys, and what else is changed."""
    changed = change | {"payment_key": _other_key(case.approval["payment_key"], world)}
    key = world.key()
    rows = []
    for source in (case.orders, case.transactions, case.settlements):
        row = source[0] | {"uid": world.uid()}
        row |= {name: value for name, value in changed.items() if row[name] is not None}
        if row["transaction_key"] is not None:
            row["transaction_key"] = key
        source.append(row)
        rows.append(row)
    return rows[0], rows[1], rows[2]


def _other_key(key: str, world: World) -> str:
    """Another payment of the same second; no beginning of the other's key."""
    return f"{key[:19]}{world.dice.getrandbits(20):05x}"


@fault("order_without_method", plain)
def order_without_method(case: Case, _world: World) -> list[Label]:
    """A system that does not keep how it was paid."""
    case.orders[0]["method"] = None
    return []


@fault("order_of_a_day", plain)
def order_of_a_day(case: Case, _world: World) -> list[Label]:
    """A system that keeps days, no times."""
    case.orders[0]["occurred_at"] = None
    return []


@fault("order_without_order_id", plain, order_keys=frozenset({"transaction", "payment"}))
def order_without_order_id(case: Case, _world: World) -> list[Label]:
    """A book that has the gateway's key alone."""
    case.orders[0]["order_id"] = None
    return []


@fault("order_without_keys", plain)
def order_without_keys(case: Case, _world: World) -> list[Label]:
    """A book that has its own order id alone."""
    case.orders[0] |= {"payment_key": None, "transaction_key": None}
    return []


def _paid_early_enough(case: Case) -> bool:
    moment = case.approval["occurred_at"]
    return plain(case) and 1 <= moment.hour < 22


@fault("order_paid_again", _paid_early_enough)
def order_paid_again(case: Case, world: World) -> list[Label]:
    """Two payments of one order and one amount, an hour apart; both are known everywhere."""
    for row in again(case, world, {}):
        at(row, row["occurred_at"] + timedelta(hours=1))
        if "approved_at" in row:
            row["approved_at"] = row["occurred_at"]
    return []


def _of_the_first_shop(case: Case) -> bool:
    return plain(case) and case.approval["shop"] == _SHOP and case.approval["method"] == "CARD"


@fault("order_id_of_two_shops", _of_the_first_shop)
def order_id_of_two_shops(case: Case, world: World) -> list[Label]:
    """Shops that number their orders alike, and sold for the same amount."""
    _, _, settlement = again(case, world, {"shop": _OTHER_SHOP})
    pay_out(settlement, world)
    return []


HARMLESS = (
    order_without_method,
    order_of_a_day,
    order_without_order_id,
    order_without_keys,
    order_paid_again,
    order_id_of_two_shops,
)
