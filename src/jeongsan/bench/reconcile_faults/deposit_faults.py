"""Faults between payouts and the bank: merged, split, moved, short, missing and foreign lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from jeongsan.bench.reconcile_faults.contract_terms import ONE_DAY
from jeongsan.bench.reconcile_faults.payouts import BankBook, Payout
from jeongsan.reconcile.match.codes import Reason, State

RowAmounts = Callable[[Payout], Sequence[Decimal]]
_PARTS_OF_SPLIT = (2, 3)


@dataclass(slots=True)
class Day:
    """The payouts of a day in won, and what a fault may ask. `free` are days of payouts on which nothing
    else happens. A fault that does not suit the day returns False and has written nothing."""

    day: date
    payouts: list[Payout]
    free: dict[date, list[Payout]]
    book: BankBook
    row_amounts: RowAmounts

    def take(self, *days: date) -> bool:
        """Have these days for this fault alone, the day itself among them. Payouts that it does not name
        arrive as they should."""
        if not all(day in self.free for day in days):
            return False
        self.book.taken.update((self.day, *days))
        return True


DepositFault = Callable[[Day], bool]


def deposit_merged(day: Day) -> bool:
    """All payouts of a day in one line."""
    if len(day.payouts) < 2 or not day.take():
        return False
    total = sum((one.amount for one in day.payouts), Decimal(0))
    line = day.book.line(day.day, total)
    day.book.label("deposit_merged", (State.MATCHED, Reason.MERGED), day.payouts, [line])
    return True


def deposit_merged_beside_missing(day: Day) -> bool:
    """Two payouts in one line, and the third did not come."""
    if len(day.payouts) != 3 or not day.take():
        return False
    first, second, missing = day.payouts
    line = day.book.line(day.day, first.amount + second.amount)
    kind = "deposit_merged_beside_missing"
    day.book.label(kind, (State.MATCHED, Reason.MERGED), [first, second], [line])
    day.book.label(kind, (State.ONE_SIDED, Reason.DEPOSIT_MISSING), [missing], [])
    return True


def deposit_split(day: Day) -> bool:
    """One payout in two or three lines."""
    payout = day.payouts[0]
    if payout.amount < 10_000 or not day.take():
        return False
    dice = day.book.world.dice
    rest, lines = payout.amount, []
    for _ in range(dice.choice(_PARTS_OF_SPLIT) - 1):
        part = Decimal(dice.randint(1_000, int(rest) - 2_000))
        rest -= part
        lines.append(day.book.line(day.day, part))
    lines.append(day.book.line(day.day, rest))
    day.book.label("deposit_split", (State.MATCHED, Reason.SPLIT), [payout], lines)
    return True


def deposit_regrouped(day: Day) -> bool:
    """Two payouts in two lines that are cut elsewhere."""
    if len(day.payouts) < 2 or day.payouts[0].amount < 10_000 or not day.take():
        return False
    first, second = day.payouts[:2]
    moved = Decimal(day.book.world.dice.randint(1_000, int(first.amount) - 1_000))
    lines = [
        day.book.line(day.day, first.amount - moved),
        day.book.line(day.day, second.amount + moved),
    ]
    day.book.label("deposit_regrouped", (State.MATCHED, Reason.REGROUPED), [first, second], lines)
    return True


def deposit_missing(day: Day) -> bool:
    """A payout that did not come."""
    payout = day.payouts[0]
    if not day.take():
        return False
    day.book.label("deposit_missing", (State.ONE_SIDED, Reason.DEPOSIT_MISSING), [payout], [])
    return True


def deposit_lacks_row(day: Day) -> bool:
    """A payout that came without one of its rows."""
    payout = day.payouts[0]
    amounts = day.row_amounts(payout)
    single = [one for one in amounts if one > 0 and amounts.count(one) == 1 and one < payout.amount]
    if not single or not day.take():
        return False
    line = day.book.line(day.day, payout.amount - day.book.world.dice.choice(single))
    day.book.label("deposit_lacks_row", (State.DIFFERENT, Reason.DEPOSIT_LACKS_ROW), [payout], [line])
    return True


def deposit_amount(day: Day) -> bool:
    """A payout that came with another amount, and no row explains it."""
    payout = day.payouts[0]
    gap = Decimal(day.book.world.dice.randint(1, 999))
    if gap in {abs(one) for one in day.row_amounts(payout)} or payout.amount <= gap or not day.take():
        return False
    line = day.book.line(day.day, payout.amount + gap * day.book.world.dice.choice([-1, 1]))
    day.book.label("deposit_amount", (State.DIFFERENT, Reason.DEPOSIT_AMOUNT), [payout], [line])
    return True


def _moved(day: Day, kind: str, other: date, reason: Reason) -> bool:
    if not day.take(other):
        return False
    payout = day.payouts[0]
    line = day.book.paid(payout, other)
    day.book.label(kind, (State.DIFFERENT, reason), [payout], [line])
    return True


def deposit_after_holiday(day: Day) -> bool:
    """A payout that came on the first open day after closed ones."""
    if day.book.world.banks.open(day.day + ONE_DAY):
        return False
    return _moved(day, "deposit_after_holiday", day.book.world.banks.after(day.day, 1), Reason.HOLIDAY)


def deposit_late(day: Day) -> bool:
    """A payout that came open days too late."""
    days = day.book.world.dice.randint(2, 4)
    return _moved(day, "deposit_late", day.book.world.banks.after(day.day, days), Reason.DEPOSIT_LATE)


def deposit_a_day_late(day: Day) -> bool:
    """A payout that came on the next day, which follows without a closed one."""
    if not day.book.world.banks.open(day.day + ONE_DAY):
        return False
    return _moved(day, "deposit_a_day_late", day.day + ONE_DAY, Reason.DEPOSIT_LATE)


def deposit_early(day: Day) -> bool:
    """A payout that came open days too early."""
    days = day.book.world.dice.randint(2, 3)
    return _moved(day, "deposit_early", day.book.world.banks.before(day.day, days), Reason.DEPOSIT_EARLY)


def deposits_gathered(day: Day) -> bool:
    """Payouts of one shop and of several days in one later line."""
    banks = day.book.world.banks
    second, arrival = banks.after(day.day, 1), banks.after(day.day, 2)
    gathered = [one for one in day.free.get(second, []) if one.shop == day.payouts[0].shop]
    if not gathered or not day.take(second, arrival):
        return False
    first = day.payouts[0]
    line = day.book.line(arrival, first.amount + gathered[0].amount)
    told = (State.DIFFERENT, Reason.DEPOSIT_LATE, Reason.MERGED)
    day.book.label("deposits_gathered", told, [first, *gathered], [line])
    return True


def deposit_unknown(day: Day) -> bool:
    """A line of the gateway that no payout explains."""
    if not day.take():
        return False
    line = day.book.line(day.day, Decimal(day.book.world.dice.randint(10_000, 900_000)))
    day.book.label("deposit_unknown", (State.ONE_SIDED, Reason.DEPOSIT_UNKNOWN), [], [line])
    return True


FAULTS: tuple[DepositFault, ...] = (
    deposits_gathered,
    deposit_after_holiday,
    deposit_a_day_late,
    deposit_late,
    deposit_early,
    deposit_merged_beside_missing,
    deposit_merged,
    deposit_split,
    deposit_regrouped,
    deposit_missing,
    deposit_lacks_row,
    deposit_amount,
    deposit_unknown,
)


def equal_payouts(twins: Sequence[Payout], book: BankBook) -> None:
    """Two payouts of one amount, and one line: nobody can say whose it is."""
    book.taken.add(twins[0].day)
    line = book.paid(twins[0])
    book.label("equal_payouts", (State.AMBIGUOUS, Reason.SEVERAL_CANDIDATES), twins, [line])


def foreign_lines(first: date, book: BankBook) -> None:
    """What else a bank shows: other people's money on every few days, and one line of the gateway for what
    was paid out before anything was collected."""
    dice = book.world.dice
    line = book.line(first - timedelta(days=5), Decimal(dice.randint(100_000, 9_000_000)))
    book.label("older_deposit", (State.OLDER, Reason.BEFORE_COLLECTION), [], [line])
    day = first
    while day <= book.world.last:
        memo = dice.choice(["급여", "임대료", "김민준", "카드대금", "현금"])
        amount = Decimal(dice.randint(10_000, 5_000_000)) * dice.choice([1, -1])
        line = book.line(day, amount, memo=memo)
        book.label("other_deposit", (State.SET_ASIDE, Reason.OTHER_DEPOSIT), [], [line])
        # The bank's last line says until when it was read.
        day = min(day + timedelta(days=dice.randint(1, 5)), max(book.world.last, day + ONE_DAY))
