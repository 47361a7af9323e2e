"""Payments without a fault, made for what they do to a payout: paid into a virtual account, fee 330 won."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from jeongsan.bench.reconcile_faults.cases import Case, Row, World, at, charge, charge_by_tariff, pay_out
from jeongsan.bench.reconcile_faults.contract_terms import half_up

ACCOUNT_FEE = 330
_METHOD = "VIRTUAL_ACCOUNT"


@dataclass(frozen=True, slots=True)
class Extra:
    """`amount` in won; `canceled_at`: the whole is given back then, and the fee is not."""

    shop: str
    amount: int
    approved_at: datetime
    canceled_at: datetime | None = None


def extra_payment(extra: Extra, world: World) -> Case:
    """Its rows, consistent in every source."""
    case = Case(number=world.uid())
    mark = f"{world.dice.getrandbits(40):010X}"
    ids = {
        "order_id": f"ORD{extra.approved_at:%Y%m%d}Y{mark}",
        "payment_key": f"tviva{extra.approved_at:%Y%m%d%H%M%S}{mark[:5]}",
    }
    _add(case, world, extra, ids, extra.approved_at)
    if extra.canceled_at is not None:
        _add(case, world, extra, ids, extra.canceled_at)
        for rows in (case.orders, case.transactions, case.settlements):
            cancel = rows[1]
            cancel["kind"] = "CANCEL"
            for column in ("amount", "tax_free", "vat"):
                cancel[column] = -cancel[column]
        case.transactions[1]["status"] = "CANCELED"
        charge(case.settlements[1], Decimal(0))
    return case


def _add(case: Case, world: World, extra: Extra, ids: dict[str, str], moment: datetime) -> None:
    facts: Row = {
        "number": case.number,
        "shop": extra.shop,
        "kind": "APPROVAL",
        **ids,
        "transaction_key": world.key(),
        "method": _METHOD,
        "currency": "KRW",
        "amount": Decimal(extra.amount),
        "tax_free": Decimal(0),
        "vat": Decimal(half_up(extra.amount, 11)),
    }
    at(facts, moment)
    settlement: Row = facts | {
        "uid": world.uid(),
        "approved_at": extra.approved_at,
        "interest_fee": Decimal(0),
        "card_kind": None,
    }
    charge_by_tariff(settlement, world)
    pay_out(settlement, world)
    order = facts | {"uid": world.uid()}
    if world.order_keys != "transaction":
        order["transaction_key"] = None
    if world.order_keys == "order":
        order["payment_key"] = None
    case.orders.append(order)
    case.transactions.append(facts | {"uid": world.uid(), "status": "DONE"})
    case.settlements.append(settlement)
