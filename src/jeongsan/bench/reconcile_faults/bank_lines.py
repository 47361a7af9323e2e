"""The bank of a made-up world: which payouts are paid how, on which days something is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from jeongsan.bench.reconcile_faults import deposit_faults
from jeongsan.bench.reconcile_faults.cases import Case, World
from jeongsan.bench.reconcile_faults.deposit_faults import Day, RowAmounts
from jeongsan.bench.reconcile_faults.extra_payments import ACCOUNT_FEE, Extra, extra_payment
from jeongsan.bench.reconcile_faults.payouts import BankBook, Payout, without_plain_payment

_DAYS_PER_KIND_MAX = 40
# Most days are to be plain.
_DAYS_PER_KIND_OF = 30
# An account's money is paid out on the third open day; a cancel comes so many days after its approval.
_ACCOUNT_DAYS = 3
_CANCEL_AFTER = timedelta(days=12)
_QUIET_BEGIN, _QUIET_END = timedelta(days=25), timedelta(days=9)
_CARRYING_SHOP = "saebyeokmall"
_TEN = time(10)


def per_kind(payouts: Iterable[Payout], world: World) -> int:
    """How many days of each kind of fault there are to be."""
    days = {one.day for one in payouts if world.first + _QUIET_BEGIN < one.day <= world.last - _QUIET_END}
    return max(1, min(_DAYS_PER_KIND_MAX, len(days) // _DAYS_PER_KIND_OF))


def _by_day(payouts: Iterable[Payout], world: World, taken: set[date]) -> dict[date, list[Payout]]:
    """Payouts in won of days on which a fault may happen."""
    found: dict[date, list[Payout]] = defaultdict(list)
    for one in payouts:
        inside = world.first + _QUIET_BEGIN < one.day <= world.last - _QUIET_END
        if inside and one.currency == "KRW" and one.day not in taken:
            found[one.day].append(one)
    return dict(found)


def extra_cases(payouts: Sequence[Payout], world: World) -> tuple[list[Case], list[date]]:
    """Payments that make some payouts negative, and some equal; the days of the equal ones."""
    cases, taken, equal = [], set[date](), list[date]()
    wanted = per_kind(payouts, world)
    days = sorted(_by_day(payouts, world, taken))
    world.dice.shuffle(days)
    carried = 0
    for day in days:
        of_day = _by_day(payouts, world, taken).get(day, [])
        if carried < wanted:
            case = _carrying(day, payouts, world, taken)
            carried += case is not None
        elif len(equal) < wanted:
            case = _equalling(of_day, world)
            if case is not None:
                equal.append(day)
                taken.add(day)
        else:
            break
        if case is not None:
            cases.append(case)
    return cases, equal


def _account_moment(paid_out: date, world: World) -> datetime:
    return datetime.combine(world.banks.before(paid_out, _ACCOUNT_DAYS), _TEN)


def _carrying(day: date, payouts: Sequence[Payout], world: World, taken: set[date]) -> Case | None:
    """A payment whose cancel takes more than a day's payout, and less than that and the next one."""
    mine = sorted(one for one in payouts if one.shop == _CARRYING_SHOP and one.day >= day)[:2]
    if len(mine) < 2 or mine[0].day != day or {one.day for one in mine} & taken:
        return None
    now, after = (int(one.amount) for one in mine)
    if min(now, after) <= 2 * ACCOUNT_FEE:
        return None
    taken.update(one.day for one in mine)
    amount = now + world.dice.randint(1, after - 1)
    canceled = _account_moment(day, world)
    return extra_payment(Extra(_CARRYING_SHOP, amount, canceled - _CANCEL_AFTER, canceled), world)


def _equalling(of_day: Sequence[Payout], world: World) -> Case | None:
    """A payment that brings the smaller of two payouts up to the other."""
    if len(of_day) < 2:
        return None
    small, large = sorted(of_day[:2], key=lambda one: one.amount)
    if small.amount <= 0 or small.amount == large.amount:
        return None
    amount = int(large.amount - small.amount) + ACCOUNT_FEE
    return extra_payment(Extra(small.shop, amount, _account_moment(small.day, world)), world)


def write_bank(
    payouts: Sequence[Payout], equal: Iterable[date], world: World, row_amounts: RowAmounts
) -> BankBook:
    """Every payout is paid, as it should be or as a fault has it, and foreign lines stand between them."""
    book = BankBook(world)
    settled = without_plain_payment(payouts, book)
    left = [one for one in payouts if one not in settled]
    for day in equal:
        of_day = _by_day(left, world, book.taken).get(day, [])
        twins = [one for one in of_day if [other.amount for other in of_day].count(one.amount) > 1]
        if len(twins) == 2:
            deposit_faults.equal_payouts(twins, book)
    _do_faults(left, book, row_amounts, per_kind(payouts, world))
    labelled = {payout for label in book.labels for payout in label.payouts}
    for payout in left:
        if payout not in labelled:
            book.paid(payout)
    deposit_faults.foreign_lines(min(one.day for one in payouts), book)
    return book


def _do_faults(left: Sequence[Payout], book: BankBook, row_amounts: RowAmounts, wanted: int) -> None:
    world = book.world
    for _ in range(wanted):
        for apply in deposit_faults.FAULTS:
            free = _by_day(left, world, book.taken)
            days = sorted(free)
            world.dice.shuffle(days)
            for day in days:
                payouts = world.dice.sample(free[day], len(free[day]))
                if apply(Day(day, payouts, free, book, row_amounts)):
                    break
