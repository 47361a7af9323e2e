"""What a shop will be paid and when, if nothing new happens: closed rows, rows still to be made, what is
held, and debts carried from payout to payout as the payouts themselves will do it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jeongsan.domain.adjustments import refund_fee_of
from jeongsan.domain.business_days import WEEKEND, Calendar, Step
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import HoldReason, date_after_release
from jeongsan.domain.instants import kst_day
from jeongsan.domain.payout import PayoutSum, sum_up
from jeongsan.domain.settlement import row as settlement_row
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.records import Records
from jeongsan.store.reads import forecast as reads
from jeongsan.store.reads.forecast import AdjustedSum, DateSum, Waiting
from jeongsan.store.reads.holds import KnownHold, in_force

DAYS_DEFAULT, DAYS_MAX = 31, 366
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows and adjustments that holds keep out of their payout, and why. `pay_out_amount` in minor units."""

    rows: int = 0
    pay_out_amount: int = 0
    reasons: frozenset[HoldReason] = frozenset()

    def __add__(self, other: "Held") -> "Held":
        amount = self.pay_out_amount + other.pay_out_amount
        return Held(self.rows + other.rows, amount, self.reasons | other.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One currency on a paid-out date. `closed` and `expected` count the rows of its payout, made and still
    to be made; `amount` and `pay_out_amount` are their sums, `first_sold` the earliest sold date.
    `adjustments` count beside them, and `adjusted` is what they come to, in no other sum."""

    paid_out_date: date
    currency: str
    closed: int = 0
    expected: int = 0
    amount: int = 0
    pay_out_amount: int = 0
    first_sold: date | None = None
    adjustments: int = 0
    adjusted: int = 0
    held: Held = Held()

    def __add__(self, other: "Expected") -> "Expected":
        sold = [day for day in (self.first_sold, other.first_sold) if day is not None]
        return Expected(
            paid_out_date=self.paid_out_date,
            currency=self.currency,
            closed=self.closed + other.closed,
            expected=self.expected + other.expected,
            amount=self.amount + other.amount,
            pay_out_amount=self.pay_out_amount + other.pay_out_amount,
            first_sold=min(sold, default=None),
            adjustments=self.adjustments + other.adjustments,
            adjusted=self.adjusted + other.adjusted,
            held=self.held + other.held,
        )


@dataclass(frozen=True, slots=True)
class ForecastDate:
    """What will be on a date. `payout` None: everything on it is held, so there is none and debts stay.
    `because`: the bank holidays between the first sale and the date."""

    expected: Expected
    carried_in: int
    payout: PayoutSum | None
    because: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`dates` in order, up to `through`; `later` (currency → rows, sum) lies beyond. `overdue` (currency →
    held): rows whose date is over, which would go to `if_released_today`."""

    shop: Shop
    today: date
    through: date
    dates: tuple[ForecastDate, ...]
    overdue: dict[str, Held]
    if_released_today: date
    waiting: tuple[Waiting, ...]
    holds: tuple[KnownHold, ...]
    later: dict[str, tuple[int, int]]


def check_days(days: int) -> None:
    """Raises Refusal INVALID_REQUEST for the field days."""
    if not 1 <= days <= DAYS_MAX:
        raise Refusal(Code.INVALID_REQUEST, field="days", detail=f"must be between 1 and {DAYS_MAX}")


async def forecast(records: Records, shop: Shop, days: int = DAYS_DEFAULT) -> Forecast:
    """The payouts of a shop from today up to `days` days ahead. Raises Refusal INVALID_REQUEST."""
    check_days(days)
    calendar, today = records.calendar(), kst_day(records.now)
    through = today + timedelta(days=days)
    holds = await in_force(records.store, [shop.shop_id])
    of_shop = frozenset(one.hold.reason for one in holds if one.hold.payment_id is None)
    readable_through = records.clock.readable_through
    sums, owed = await reads.closed(records.store, shop.shop_id, readable_through)
    found: dict[tuple[date, str], Expected] = {}
    for one in sums:
        _add(found, _closed(one, of_shop))
    for adjusted in await reads.adjusted(records.store, shop.shop_id):
        _add(found, _adjusted(adjusted, of_shop))
    async for transaction, terms, disputed in reads.not_closed(records.store, shop.shop_id, readable_through):
        made = settlement_row(transaction, terms, calendar)
        one = DateSum(
            currency=made.currency,
            paid_out_date=made.paid_out_date,
            held=disputed,
            rows=1,
            amount=made.amount,
            pay_out_amount=made.pay_out_amount,
            first_sold=made.sold_date,
        )
        _add(found, _not_closed(one, of_shop))
        charge = refund_fee_of(transaction, made, terms.conditions, adjustment_id=0, now=0, actor_name="")
        if charge is not None:
            beside = AdjustedSum(charge.currency, charge.paid_out_date, 1, charge.amount)
            _add(found, _adjusted(beside, of_shop))
    ordered = [found[place] for place in sorted(found)]
    overdue: dict[str, Held] = {}
    for each in ordered:
        if each.paid_out_date <= today and each.held.rows:
            overdue[each.currency] = overdue.get(each.currency, Held()) + each.held
    ahead = [
        replace(one, held=Held()) if one.paid_out_date <= today else one
        for one in ordered
        if one.paid_out_date > today or _has_payout(one)
    ]
    return Forecast(
        shop=shop,
        today=today,
        through=through,
        dates=tuple(_chained((one for one in ahead if one.paid_out_date <= through), owed, calendar)),
        overdue=overdue,
        if_released_today=date_after_release(today, calendar),
        waiting=tuple(await reads.waiting(records.store, shop.shop_id)),
        holds=tuple(holds),
        later=_later(one for one in ahead if one.paid_out_date > through),
    )


def _closed(one: DateSum, of_shop: frozenset[HoldReason]) -> Expected:
    return _expected(one, of_shop, closed=one.rows, expected=0)


def _not_closed(one: DateSum, of_shop: frozenset[HoldReason]) -> Expected:
    return _expected(one, of_shop, closed=0, expected=one.rows)


def _expected(one: DateSum, of_shop: frozenset[HoldReason], *, closed: int, expected: int) -> Expected:
    reasons = of_shop | ({HoldReason.DISPUTE} if one.held else frozenset())
    if reasons:
        held = Held(one.rows, one.pay_out_amount, reasons)
        return Expected(paid_out_date=one.paid_out_date, currency=one.currency, held=held)
    return Expected(
        paid_out_date=one.paid_out_date,
        currency=one.currency,
        closed=closed,
        expected=expected,
        amount=one.amount,
        pay_out_amount=one.pay_out_amount,
        first_sold=one.first_sold,
    )


def _adjusted(one: AdjustedSum, of_shop: frozenset[HoldReason]) -> Expected:
    if of_shop:
        held = Held(one.adjustments, one.amount, of_shop)
        return Expected(paid_out_date=one.paid_out_date, currency=one.currency, held=held)
    return Expected(
        paid_out_date=one.paid_out_date,
        currency=one.currency,
        adjustments=one.adjustments,
        adjusted=one.amount,
    )


def _add(found: dict[tuple[date, str], Expected], one: Expected) -> None:
    place = (one.paid_out_date, one.currency)
    found[place] = found[place] + one if place in found else one


def _has_payout(one: Expected) -> bool:
    return one.closed + one.expected + one.adjustments > 0


def _chained(ahead: Iterable[Expected], owed: dict[str, int], calendar: Calendar) -> Iterator[ForecastDate]:
    """Payout after payout in order of dates, each with what its currency's last one left owing."""
    owed = dict(owed)
    for one in ahead:
        carried_in = owed.get(one.currency, 0)
        payout = None
        if _has_payout(one):
            due = one.pay_out_amount + one.adjusted
            payout = sum_up(acquired=one.amount, due=due, carried_in=carried_in)
            owed[one.currency] = payout.carried_out
        yield ForecastDate(one, carried_in, payout, tuple(_holidays(one, calendar)))


def _holidays(one: Expected, calendar: Calendar) -> Iterator[Step]:
    day = one.first_sold
    while day is not None and day < one.paid_out_date:
        day += _ONE_DAY
        reason = calendar.reason_closed(day)
        if reason not in (None, WEEKEND):
            yield Step(day, None, reason)


def _later(beyond: Iterable[Expected]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for one in beyond:
        rows, amount = found.get(one.currency, (0, 0))
        rows += one.closed + one.expected + one.adjustments + one.held.rows
        amount += one.pay_out_amount + one.adjusted + one.held.pay_out_amount
        found[one.currency] = (rows, amount)
    return found
