"""Faults in when something happened: beside midnight, on another clock, outside of what was collected."""

from datetime import date, datetime, time, timedelta

from jeongsan.bench.reconcile_faults.cases import Case, Label, World, alone, at, fault, pair, rename
from jeongsan.bench.reconcile_faults.order_faults import plain
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State

_DAY_S = 86_400
_MIDNIGHT_S = 50
_REQUEST_FROM_S, _REQUEST_TO_S = 100, 1_500
_REQUEST_MAX_S = 1_800
_NINE_HOURS = timedelta(hours=9)


def _seconds(case: Case) -> int:
    moment: datetime = case.approval["occurred_at"]
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _by_account(case: Case) -> bool:
    return bool(case.approval["method"] == "VIRTUAL_ACCOUNT")


def _moved(case: Case, moment: datetime, reason: Reason) -> list[Label]:
    at(case.orders[0], moment)
    return [pair(State.DIFFERENT, reason, case.orders[0], case.approval)]


def _beside_midnight(case: Case) -> bool:
    return plain(case) and (_seconds(case) < _MIDNIGHT_S or _seconds(case) > _DAY_S - _MIDNIGHT_S)


@fault("midnight", _beside_midnight)
def midnight(case: Case, world: World) -> list[Label]:
    """Our clock and the gateway's on two sides of midnight, within a minute."""
    second, moment = _seconds(case), case.approval["occurred_at"]
    if second < _MIDNIGHT_S:
        return _moved(case, moment - timedelta(seconds=world.dice.randint(second + 1, 59)), Reason.MIDNIGHT)
    rest = _DAY_S - second
    return _moved(case, moment + timedelta(seconds=world.dice.randint(rest, 59)), Reason.MIDNIGHT)


def _soon_after_midnight(case: Case) -> bool:
    return plain(case) and not _by_account(case) and _REQUEST_FROM_S < _seconds(case) < _REQUEST_TO_S


@fault("requested_time", _soon_after_midnight)
def requested_time(case: Case, world: World) -> list[Label]:
    """We book when a payment is asked for, minutes before it is approved."""
    earlier = world.dice.randint(_seconds(case) + 1, _REQUEST_MAX_S)
    return _moved(case, case.approval["occurred_at"] - timedelta(seconds=earlier), Reason.REQUESTED_TIME)


def _paid_by_account(case: Case) -> bool:
    return plain(case) and _by_account(case)


@fault("requested_time_of_account", _paid_by_account)
def requested_time_of_account(case: Case, world: World) -> list[Label]:
    """We book when a virtual account is issued, days before the deposit."""
    days = timedelta(days=world.dice.randint(1, 30))
    return _moved(case, case.approval["occurred_at"] - days, Reason.REQUESTED_TIME)


def _nine_hours_change_the_day(case: Case) -> bool:
    hour = case.approval["occurred_at"].hour
    return plain(case) and not _by_account(case) and not 9 <= hour < 15


@fault("time_zone", _nine_hours_change_the_day)
def time_zone(case: Case, _world: World) -> list[Label]:
    """Our times are UTC, or were moved to Seoul twice."""
    moment = case.approval["occurred_at"]
    back = moment - _NINE_HOURS
    other = back if back.date() != moment.date() else moment + _NINE_HOURS
    return _moved(case, other, Reason.TIME_ZONE)


@fault("other_day", plain)
def other_day(case: Case, world: World) -> list[Label]:
    """Booked days later."""
    days = timedelta(days=world.dice.randint(2, 6), minutes=17)
    return _moved(case, case.approval["occurred_at"] + days, Reason.DAY)


def _some_time(world: World, day: date) -> datetime:
    return datetime.combine(day, time(9)) + timedelta(seconds=world.dice.randrange(8 * 3600))


@fault("order_of_today", plain)
def order_of_today(case: Case, world: World) -> list[Label]:
    """Paid today; the transactions were collected until yesterday."""
    rename(case, world, _some_time(world, world.today))
    case.transactions, case.settlements = [], []
    return [_outside(Comparison.TRANSACTION, State.NOT_YET_DUE, Side.ORDERS, case)]


@fault("transaction_of_today", plain)
def transaction_of_today(case: Case, world: World) -> list[Label]:
    """Paid today, and listed already; settlements come from tomorrow on."""
    rename(case, world, _some_time(world, world.today))
    case.settlements = []
    return [_outside(Comparison.SETTLEMENT, State.NOT_YET_DUE, Side.TRANSACTIONS, case)]


@fault("older_order", plain)
def older_order(case: Case, world: World) -> list[Label]:
    """Paid before the first day that was collected."""
    rename(case, world, _some_time(world, world.first - timedelta(days=world.dice.randint(1, 20))))
    case.transactions, case.settlements = [], []
    return [_outside(Comparison.TRANSACTION, State.OLDER, Side.ORDERS, case)]


@fault("older_transaction", plain)
def older_transaction(case: Case, world: World) -> list[Label]:
    """A transaction before the first day of orders and settlements."""
    rename(case, world, _some_time(world, world.first - timedelta(days=world.dice.randint(1, 20))))
    case.orders, case.settlements = [], []
    comparisons = (Comparison.TRANSACTION, Comparison.SETTLEMENT)
    return [_outside(one, State.OLDER, Side.TRANSACTIONS, case) for one in comparisons]


@fault("older_settlement", plain)
def older_settlement(case: Case, world: World) -> list[Label]:
    """Settled in these days, sold before them."""
    rename(case, world, _some_time(world, world.first - timedelta(days=world.dice.randint(1, 2))))
    case.orders, case.transactions = [], []
    return [_outside(Comparison.SETTLEMENT, State.OLDER, Side.SETTLEMENTS, case)]


def _outside(comparison: Comparison, state: State, side: Side, case: Case) -> Label:
    reason = Reason.TOO_YOUNG if state is State.NOT_YET_DUE else Reason.BEFORE_COLLECTION
    rows = {
        Side.ORDERS: case.orders,
        Side.TRANSACTIONS: case.transactions,
        Side.SETTLEMENTS: case.settlements,
    }
    return alone(comparison, state, reason, side, rows[side][0])


FAULTS = (
    midnight,
    requested_time,
    requested_time_of_account,
    time_zone,
    other_day,
    order_of_today,
    transaction_of_today,
    older_order,
    older_transaction,
    older_settlement,
)
