"""Faults in the merchant's own orders: figures, identifiers, days, rows too many or too few."""

from datetime import timedelta
from decimal import Decimal

from jeongsan.bench.reconcile_faults.cases import Case, Label, World, alone, at, fault, pair
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State

_BY_KEYS = frozenset({"transaction", "payment"})
_WITHOUT_TRANSACTION_KEYS = frozenset({"payment", "order"})
_SIX_DIGITS = 5


def plain(case: Case) -> bool:
    """Paid and never cancelled."""
    return not case.cancels


def canceled_once(case: Case) -> bool:
    """Paid and cancelled in one piece, whole or part."""
    return len(case.cancels) == 1


def _plain_won(case: Case) -> bool:
    return plain(case) and case.approval["currency"] == "KRW"


def _tells_tax(case: Case) -> bool:
    return _plain_won(case) and case.orders[0]["tax_free"] is not None


def _differs(case: Case, reason: Reason, index: int = 0) -> list[Label]:
    return [pair(State.DIFFERENT, reason, case.orders[index], case.transactions[index])]


@fault("amount_in_order", plain)
def amount_in_order(case: Case, world: World) -> list[Label]:
    """A mistyped amount."""
    case.orders[0]["amount"] += world.dice.choice([1, 10, 90, 1000, 45000])
    return _differs(case, Reason.AMOUNT)


@fault("amount_of_cancel_in_order", canceled_once)
def amount_of_cancel_in_order(case: Case, world: World) -> list[Label]:
    """A cancel booked with another amount."""
    case.orders[1]["amount"] -= world.dice.choice([1, 10, 500])
    return _differs(case, Reason.AMOUNT, 1)


@fault("tax_free_in_order", _tells_tax, in_files=False)
def tax_free_in_order(case: Case, world: World) -> list[Label]:
    """Another tax-free part."""
    case.orders[0]["tax_free"] += world.dice.choice([1, 100, 1000])
    return _differs(case, Reason.TAX_FREE)


@fault("vat_in_order", _tells_tax, in_files=False)
def vat_in_order(case: Case, world: World) -> list[Label]:
    """Another VAT."""
    case.orders[0]["vat"] += world.dice.choice([-1, 1, 10])
    return _differs(case, Reason.VAT)


@fault("sign_in_order", canceled_once, in_files=False)
def sign_in_order(case: Case, world: World) -> list[Label]:
    """A cancel booked as money in, or a payment as money out."""
    index = world.dice.choice([0, 1])
    case.orders[index]["amount"] = -case.orders[index]["amount"]
    return _differs(case, Reason.SIGN, index)


@fault("currency_in_order", _plain_won)
def currency_in_order(case: Case, world: World) -> list[Label]:
    """Won booked as another currency."""
    case.orders[0]["currency"] = world.dice.choice(["USD", "JPY"])
    return _differs(case, Reason.CURRENCY)


@fault("method_in_order", plain)
def method_in_order(case: Case, world: World) -> list[Label]:
    """Another way of paying."""
    others = {"CARD", "TRANSFER", "VIRTUAL_ACCOUNT", "MOBILE_PHONE"} - {case.orders[0]["method"]}
    case.orders[0]["method"] = world.dice.choice(sorted(others))
    return _differs(case, Reason.METHOD)


@fault("order_id_altered", plain, order_keys=_BY_KEYS)
def order_id_altered(case: Case, world: World) -> list[Label]:
    """Another order id; the payment key tells whose it is."""
    case.orders[0]["order_id"] = f"WEB{world.dice.getrandbits(48):012X}"
    return _differs(case, Reason.ORDER_ID)


@fault("payment_key_altered", plain, order_keys=_BY_KEYS)
def payment_key_altered(case: Case, world: World) -> list[Label]:
    """Another payment key; the order id tells whose it is."""
    case.orders[0]["payment_key"] = f"pay{world.dice.getrandbits(80):020x}"
    return _differs(case, Reason.PAYMENT_KEY)


@fault("transaction_key_altered", plain, order_keys=frozenset({"transaction"}))
def transaction_key_altered(case: Case, world: World) -> list[Label]:
    """Another transaction key; payment key and order id tell whose it is."""
    case.orders[0]["transaction_key"] = world.key()
    return _differs(case, Reason.TRANSACTION_KEY)


@fault("identity_lost", plain, deterministic=False)
def identity_lost(case: Case, world: World) -> list[Label]:
    """No key left, and an order id of another system: nobody can say that the two belong together."""
    order = case.orders[0]
    order |= {"payment_key": None, "transaction_key": None}
    order["order_id"] = f"WEB{world.dice.getrandbits(48):012X}"
    unknown = alone(
        Comparison.TRANSACTION,
        State.ONE_SIDED,
        Reason.PAID_UNKNOWN_HERE,
        Side.TRANSACTIONS,
        case.transactions[0],
    )
    missing = alone(Comparison.TRANSACTION, State.ONE_SIDED, Reason.NOT_AT_GATEWAY, Side.ORDERS, order)
    return [missing, unknown]


def _cut(text: str, world: World) -> str:
    return world.dice.choice([text[:-4], text[:-2], text[4:]])


def _lose_keys(case: Case) -> None:
    case.orders[0] |= {"payment_key": None, "transaction_key": None}


@fault("cut_order_id", plain, order_keys=_BY_KEYS)
def cut_order_id(case: Case, world: World) -> list[Label]:
    """A column too narrow for the order id."""
    case.orders[0]["order_id"] = _cut(case.orders[0]["order_id"], world)
    return _differs(case, Reason.CUT_ID)


@fault("cut_order_id_alone", plain)
def cut_order_id_alone(case: Case, world: World) -> list[Label]:
    """A cut order id, and no other key."""
    _lose_keys(case)
    case.orders[0]["order_id"] = _cut(case.orders[0]["order_id"], world)
    return _differs(case, Reason.CUT_ID)


def _long_order_id(case: Case) -> bool:
    return plain(case) and case.approval["order_id"].startswith("ORD")


@fault("cut_payment_key", plain, order_keys=_BY_KEYS)
def cut_payment_key(case: Case, _world: World) -> list[Label]:
    """A payment key cut to twenty characters, and no other key."""
    order = case.orders[0]
    order |= {"order_id": None, "transaction_key": None, "payment_key": order["payment_key"][:20]}
    return _differs(case, Reason.CUT_ID)


@fault("cut_ids_alike", _long_order_id)
def cut_ids_alike(case: Case, world: World) -> list[Label]:
    """Two payments of one day and amount whose order ids are cut to the same: nobody can say which is
    which."""
    order_id = f"{case.approval['order_id'][:-4]}{world.dice.randint(1000, 9999)}"
    for rows in (case.orders, case.transactions, case.settlements):
        rows.append(rows[0] | {"uid": world.uid(), "order_id": order_id})
    keys = world.key(), f"{case.approval['payment_key'][:19]}{world.dice.getrandbits(20):05x}"
    for row in (case.transactions[1], case.settlements[1]):
        row["transaction_key"], row["payment_key"] = keys
    labels = []
    for order, transaction in zip(case.orders, case.transactions, strict=True):
        order |= {"payment_key": None, "transaction_key": None, "order_id": order["order_id"][:-4]}
        labels += [
            alone(Comparison.TRANSACTION, State.ONE_SIDED, Reason.NOT_AT_GATEWAY, Side.ORDERS, order),
            alone(
                Comparison.TRANSACTION,
                State.ONE_SIDED,
                Reason.PAID_UNKNOWN_HERE,
                Side.TRANSACTIONS,
                transaction,
            ),
        ]
    world.same(Side.ORDERS, case.orders[1], case.orders[0])
    return labels


def _korean_order_id(case: Case) -> bool:
    return plain(case) and case.approval["order_id"].startswith("주문")


def _damaged(text: str, world: World) -> str:
    """Characters that could not be shown, were read as Latin, or were UTF-8 read as Latin."""
    return world.dice.choice(
        [
            text.encode("ascii", "replace").decode("ascii"),
            text.replace("주문", "\ufffd\ufffd"),
            text.encode("cp949").decode("latin-1"),
            text.encode("utf-8").decode("latin-1"),
        ]
    )


@fault("encoding_damage", _korean_order_id, order_keys=_BY_KEYS)
def encoding_damage(case: Case, world: World) -> list[Label]:
    """A Korean order id written in one encoding and read in another."""
    case.orders[0]["order_id"] = _damaged(case.orders[0]["order_id"], world)
    return _differs(case, Reason.ENCODING_DAMAGE)


@fault("encoding_damage_alone", _korean_order_id)
def encoding_damage_alone(case: Case, world: World) -> list[Label]:
    """A damaged order id, and no other key."""
    _lose_keys(case)
    case.orders[0]["order_id"] = _damaged(case.orders[0]["order_id"], world)
    return _differs(case, Reason.ENCODING_DAMAGE)


def _numeric_order_id(case: Case) -> bool:
    return plain(case) and case.approval["order_id"].isdigit()


def _as_excel_shows(digits: str) -> str:
    first, rest = digits[0], digits[1:]
    shown = int(rest[: _SIX_DIGITS + 1].ljust(_SIX_DIGITS + 1, "0"))
    return f"{first}.{(shown + 5) // 10:0{_SIX_DIGITS}}E+{len(rest)}"


@fault("excel_order_id", _numeric_order_id, order_keys=_BY_KEYS)
def excel_order_id(case: Case, _world: World) -> list[Label]:
    """An order id of digits that a spreadsheet took for a number."""
    case.orders[0]["order_id"] = _as_excel_shows(case.orders[0]["order_id"])
    return _differs(case, Reason.CUT_ID)


@fault("excel_order_id_alone", _numeric_order_id)
def excel_order_id_alone(case: Case, _world: World) -> list[Label]:
    """The same, and no other key."""
    _lose_keys(case)
    case.orders[0]["order_id"] = _as_excel_shows(case.orders[0]["order_id"])
    return _differs(case, Reason.CUT_ID)


@fault("duplicate_order", plain)
def duplicate_order(case: Case, world: World) -> list[Label]:
    """An order exported twice."""
    again = world.copy(Side.ORDERS, case.orders[0])
    case.orders.append(again)
    return [alone(Comparison.TRANSACTION, State.ONE_SIDED, Reason.DUPLICATE, Side.ORDERS, again)]


@fault("duplicate_order_changed", plain, order_keys=frozenset({"transaction"}))
def duplicate_order_changed(case: Case, world: World) -> list[Label]:
    """A transaction key booked a second time with another amount."""
    again = case.orders[0] | {"uid": world.uid()}
    again["amount"] += Decimal(1000)
    case.orders.append(again)
    return [alone(Comparison.TRANSACTION, State.ONE_SIDED, Reason.DUPLICATE, Side.ORDERS, again)]


def _canceled_in_two(case: Case) -> bool:
    return len(case.cancels) == 2


def _label_of_cancels(case: Case, state: State, reason: Reason) -> list[Label]:
    members = [(Side.ORDERS, row["uid"]) for row in case.orders[1:]]
    members += [(Side.TRANSACTIONS, row["uid"]) for row in case.cancels]
    return [Label(Comparison.TRANSACTION, state, (reason,), tuple(members))]


@fault("cancel_in_parts", _canceled_in_two)
def cancel_in_parts(case: Case, _world: World) -> list[Label]:
    """One cancel in our book where the gateway has two."""
    paid, first, second = case.orders
    for column in ("amount", "tax_free", "vat"):
        first[column] = first[column] if first[column] is None else first[column] + second[column]
    first["transaction_key"] = None
    case.orders = [paid, first]
    return _label_of_cancels(case, State.MATCHED, Reason.IN_PARTS)


@fault("cancel_booked_in_parts", canceled_once)
def cancel_booked_in_parts(case: Case, world: World) -> list[Label]:
    """Two cancels in our book where the gateway has one."""
    whole = case.orders[1]
    whole["transaction_key"] = None
    rest = whole | {"uid": world.uid()}
    rest["amount"] = -(-whole["amount"] // 3)
    whole["amount"] -= rest["amount"]
    for row in (whole, rest):
        row |= {"tax_free": None, "vat": None}
    case.orders.append(rest)
    return _label_of_cancels(case, State.MATCHED, Reason.IN_PARTS)


@fault("equal_cancels", canceled_once, order_keys=_WITHOUT_TRANSACTION_KEYS)
def equal_cancels(case: Case, world: World) -> list[Label]:
    """Two cancels of one amount, minutes apart, where the gateway has one: nobody can say which."""
    # Neither at the gateway's second, which would tell them apart.
    moment = case.cancels[0]["occurred_at"]
    first, second = timedelta(minutes=world.dice.randint(3, 9)), timedelta(minutes=world.dice.randint(10, 20))
    step = 1 if moment.date() == (moment + second).date() else -1
    again = case.orders[1] | {"uid": world.uid()}
    at(case.orders[1], moment + step * first)
    at(again, moment + step * second)
    case.orders.append(again)
    return _label_of_cancels(case, State.AMBIGUOUS, Reason.SEVERAL_CANDIDATES)


@fault("cancels_of_other_amounts", _canceled_in_two, order_keys=_WITHOUT_TRANSACTION_KEYS)
def cancels_of_other_amounts(case: Case, _world: World) -> list[Label]:
    """Two cancels against two, and no amount agrees."""
    case.orders[1]["amount"] -= 7
    case.orders[2]["amount"] -= 11
    return _label_of_cancels(case, State.AMBIGUOUS, Reason.SEVERAL_CANDIDATES)


FAULTS = (
    amount_in_order,
    amount_of_cancel_in_order,
    tax_free_in_order,
    vat_in_order,
    sign_in_order,
    currency_in_order,
    method_in_order,
    order_id_altered,
    payment_key_altered,
    transaction_key_altered,
    identity_lost,
    cut_order_id,
    cut_order_id_alone,
    cut_payment_key,
    cut_ids_alike,
    encoding_damage,
    encoding_damage_alone,
    excel_order_id,
    excel_order_id_alone,
    duplicate_order,
    duplicate_order_changed,
    cancel_in_parts,
    cancel_booked_in_parts,
    equal_cancels,
    cancels_of_other_amounts,
)
