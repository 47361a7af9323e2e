"""Faults in what the gateway settles: rows too many or too few, fees, sums and days."""

from datetime import timedelta
from decimal import Decimal

from jeongsan.bench.reconcile_faults.cases import (
    Case,
    Label,
    World,
    alone,
    charge,
    charge_by_tariff,
    fault,
    settled,
)
from jeongsan.bench.reconcile_faults.contract_terms import ONE_DAY, Banks, minor_unit
from jeongsan.bench.reconcile_faults.order_faults import canceled_once, plain
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State

_BANKS = Banks()
_SOME_AMOUNT = 5_000


def _differs(case: Case, reason: Reason, index: int = 0) -> list[Label]:
    return [settled(State.DIFFERENT, reason, case.transactions[index], case.settlements[index])]


@fault("not_settled", plain)
def not_settled(case: Case, _world: World) -> list[Label]:
    """A transaction without a settlement row."""
    case.settlements = []
    row = case.transactions[0]
    return [alone(Comparison.SETTLEMENT, State.ONE_SIDED, Reason.NOT_SETTLED, Side.TRANSACTIONS, row)]


@fault("settled_unknown", plain)
def settled_unknown(case: Case, _world: World) -> list[Label]:
    """A settlement row of no transaction."""
    case.orders, case.transactions = [], []
    row = case.settlements[0]
    return [alone(Comparison.SETTLEMENT, State.ONE_SIDED, Reason.SETTLED_UNKNOWN, Side.SETTLEMENTS, row)]


def _paid_by_account(case: Case) -> bool:
    return plain(case) and case.approval["method"] == "VIRTUAL_ACCOUNT"


@fault("settled_cancel_unknown", _paid_by_account)
def settled_cancel_unknown(case: Case, _world: World) -> list[Label]:
    """Money taken back for a payment that nobody knows: no expired account, for it is settled."""
    case.orders, case.transactions = [], []
    row = case.settlements[0]
    row["kind"] = "CANCEL"
    for column in ("amount", "tax_free", "vat"):
        row[column] = -row[column]
    charge(row, Decimal(0))
    return [alone(Comparison.SETTLEMENT, State.ONE_SIDED, Reason.SETTLED_UNKNOWN, Side.SETTLEMENTS, row)]


@fault("duplicate_settlement", plain)
def duplicate_settlement(case: Case, world: World) -> list[Label]:
    """Settled, and paid out, twice."""
    again = world.copy(Side.SETTLEMENTS, case.settlements[0])
    case.settlements.append(again)
    return [alone(Comparison.SETTLEMENT, State.ONE_SIDED, Reason.DUPLICATE, Side.SETTLEMENTS, again)]


@fault("amount_in_settlement", plain)
def amount_in_settlement(case: Case, world: World) -> list[Label]:
    """Settled with another amount, its fee accordingly."""
    row = case.settlements[0]
    row["amount"] += world.dice.choice([10, 100, 1000])
    charge_by_tariff(row, world)
    return _differs(case, Reason.AMOUNT)


@fault("tax_free_in_settlement", plain, in_files=False)
def tax_free_in_settlement(case: Case, world: World) -> list[Label]:
    """Settled with another tax-free part."""
    case.settlements[0]["tax_free"] += world.dice.choice([1, 100])
    return _differs(case, Reason.TAX_FREE)


@fault("order_id_in_settlement", plain)
def order_id_in_settlement(case: Case, world: World) -> list[Label]:
    """Settled under another order id."""
    case.settlements[0]["order_id"] = f"WEB{world.dice.getrandbits(48):012X}"
    return _differs(case, Reason.ORDER_ID)


@fault("payment_key_in_settlement", plain)
def payment_key_in_settlement(case: Case, world: World) -> list[Label]:
    """Settled under another payment key."""
    case.settlements[0]["payment_key"] = f"pay{world.dice.getrandbits(80):020x}"
    return _differs(case, Reason.PAYMENT_KEY)


@fault("transaction_key_in_settlement", plain)
def transaction_key_in_settlement(case: Case, world: World) -> list[Label]:
    """Settled under another transaction key."""
    case.settlements[0]["transaction_key"] = world.key()
    return _differs(case, Reason.TRANSACTION_KEY)


def _fee_can_be_wrong(case: Case) -> bool:
    if not plain(case) or case.approval["method"] not in ("CARD", "EASY_PAY", "TRANSFER"):
        return False
    return bool(case.settlements[0]["amount"] >= _SOME_AMOUNT * minor_unit(case.approval["currency"]))


def _surcharge(case: Case, index: int = 0) -> Decimal:
    row = case.settlements[index]
    return Decimal(row["fee"] - row["base_fee"])


@fault("fee_rate", _fee_can_be_wrong)
def fee_rate(case: Case, world: World) -> list[Label]:
    """Charged at another rate."""
    row = case.settlements[0]
    step = minor_unit(row["currency"])
    more = max(3, int(row["amount"] / step) * world.dice.choice([2, 5, 11]) // 1000)
    charge(row, row["base_fee"] + more * step, _surcharge(case))
    return _differs(case, Reason.FEE_RATE)


@fault("fee_rounding", _fee_can_be_wrong)
def fee_rounding(case: Case, world: World) -> list[Label]:
    """One won, or cent, more or less than the contract's rounding."""
    row = case.settlements[0]
    step = world.dice.choice([-1, 1]) * minor_unit(row["currency"])
    charge(row, row["base_fee"] + step, _surcharge(case))
    return _differs(case, Reason.FEE_ROUNDING)


def _card_canceled(case: Case) -> bool:
    if not canceled_once(case) or case.approval["method"] != "CARD":
        return False
    return bool(-case.settlements[1]["amount"] >= _SOME_AMOUNT * minor_unit(case.approval["currency"]))


@fault("fee_kept_at_cancel", _card_canceled)
def fee_kept_at_cancel(case: Case, _world: World) -> list[Label]:
    """A cancel that should give its fee back, and does not."""
    charge(case.settlements[1], Decimal(0))
    return _differs(case, Reason.FEE_RATE, 1)


@fault("fee_vat", _fee_can_be_wrong)
def fee_vat(case: Case, world: World) -> list[Label]:
    """The fee's VAT is not its eleventh, or does not add up to it."""
    row = case.settlements[0]
    row["supply_amount"] -= minor_unit(row["currency"])
    row["fee_vat"] += minor_unit(row["currency"]) * world.dice.choice([0, 1])
    return _differs(case, Reason.FEE_VAT)


@fault("pay_out_sum", plain)
def pay_out_sum(case: Case, world: World) -> list[Label]:
    """Paid out is not the amount less the fee."""
    case.settlements[0]["pay_out_amount"] -= world.dice.choice([1, 10, 330])
    return _differs(case, Reason.PAY_OUT_SUM)


@fault("interest_fee", _fee_can_be_wrong)
def interest_fee(case: Case, world: World) -> list[Label]:
    """The interest fee, which is only told, was taken off."""
    row = case.settlements[0]
    row["interest_fee"] = Decimal(world.dice.randint(1, 9)) * 100 * minor_unit(row["currency"])
    row["pay_out_amount"] -= row["interest_fee"]
    return _differs(case, Reason.INTEREST_FEE)


def _sold_daily(case: Case) -> bool:
    return _fee_can_be_wrong(case) and case.approval["currency"] == "KRW"


@fault("sold_date", _sold_daily)
def sold_date(case: Case, world: World) -> list[Label]:
    """Sold on another day than it was."""
    case.settlements[0]["sold_date"] += timedelta(days=world.dice.choice([-1, 1]))
    return _differs(case, Reason.SOLD_DATE)


def _due_before_a_holiday(case: Case) -> bool:
    if not _sold_daily(case):
        return False
    day = case.settlements[0]["paid_out_date"] + ONE_DAY
    seen = False
    while not _BANKS.open(day):
        seen, day = seen or _BANKS.is_holiday(day), day + ONE_DAY
    return seen


@fault("paid_out_after_holiday", _due_before_a_holiday)
def paid_out_after_holiday(case: Case, world: World) -> list[Label]:
    """A holiday counted that lies after the due date: paid out on the first open day behind it."""
    row = case.settlements[0]
    row["paid_out_date"] = world.banks.after(row["paid_out_date"], 1)
    return _differs(case, Reason.HOLIDAY)


@fault("paid_out_date", _sold_daily)
def paid_out_date(case: Case, world: World) -> list[Label]:
    """Paid out days later or earlier than agreed, open days between."""
    row = case.settlements[0]
    later = world.banks.after(row["paid_out_date"], world.dice.randint(2, 4))
    row["paid_out_date"] = world.dice.choice([later, world.banks.before(row["paid_out_date"], 2)])
    return _differs(case, Reason.PAID_OUT_DATE)


FAULTS = (
    not_settled,
    settled_unknown,
    settled_cancel_unknown,
    duplicate_settlement,
    amount_in_settlement,
    tax_free_in_settlement,
    order_id_in_settlement,
    payment_key_in_settlement,
    transaction_key_in_settlement,
    fee_rate,
    fee_rounding,
    fee_kept_at_cancel,
    fee_vat,
    pay_out_sum,
    interest_fee,
    sold_date,
    paid_out_after_holiday,
    paid_out_date,
)
