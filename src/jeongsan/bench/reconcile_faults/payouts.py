"""What the bank should show: payouts, what is carried over when one is negative, the lines they become."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from jeongsan.bench.reconcile_faults.cases import Row, World
from jeongsan.reconcile.match.codes import Reason, State

ACCOUNTS = {"KRW": "110-381-204417", "USD": "180-011-557203"}
_MEMOS = ("토스페이먼츠", "토스페이먼츠(주)", "TOSSPAYMENTS", "토스페이먼츠정산")


@dataclass(frozen=True, slots=True, order=True)
class Payout:
    """The settlements of a shop, a currency and a paid-out date, summed."""

    day: date
    shop: str
    currency: str
    amount: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class DepositLabel:
    """What has to be found in the deposit comparison: payouts, and uids of bank lines."""

    kind: str
    state: State
    reasons: tuple[Reason, ...]
    payouts: tuple[Payout, ...]
    lines: tuple[int, ...]


@dataclass(slots=True)
class BankBook:
    """The bank's lines, and labels of them. `taken` are days on which something happens that is a fault's."""

    world: World
    lines: list[Row] = field(default_factory=list)
    labels: list[DepositLabel] = field(default_factory=list)
    taken: set[date] = field(default_factory=set)

    def line(self, day: date, amount: Decimal, currency: str = "KRW", memo: str | None = None) -> int:
        """Write a line of the gateway, or of whom the memo names; its uid."""
        moment = datetime.combine(day, time(5)) + timedelta(seconds=self.world.dice.randrange(12 * 3600))
        uid = self.world.uid()
        self.lines.append(
            {
                "uid": uid,
                "account": ACCOUNTS[currency],
                "currency": currency,
                "amount": amount,
                "occurred_at": moment,
                "day": day,
                "memo": self.world.dice.choice(_MEMOS) if memo is None else memo,
            }
        )
        return uid

    def paid(self, payout: Payout, day: date | None = None) -> int:
        """A line that pays a payout, as it should be or on another day."""
        return self.line(day or payout.day, payout.amount, payout.currency)

    def label(
        self,
        kind: str,
        meant: tuple[State, *tuple[Reason, ...]],
        payouts: Iterable[Payout],
        lines: Iterable[int],
    ) -> None:
        """Say what has to be found."""
        state, *reasons = meant
        self.labels.append(DepositLabel(kind, state, tuple(reasons), tuple(payouts), tuple(lines)))


def without_plain_payment(payouts: Iterable[Payout], book: BankBook) -> set[Payout]:
    """Payouts that are not simply paid: not due yet, zero, or negative and carried over to a later one.
    Writes the lines and labels of those, takes their days, and returns them."""
    found: set[Payout] = set()
    by_shop: dict[tuple[str, str], list[Payout]] = defaultdict(list)
    for payout in sorted(payouts):
        by_shop[payout.shop, payout.currency].append(payout)
    for of_shop in by_shop.values():
        carried: list[Payout] = []
        for payout in of_shop:
            if payout.day > book.world.last:
                book.label("payout_not_due", (State.NOT_YET_DUE, Reason.TOO_YOUNG), [payout], [])
                found.add(payout)
                continue
            carried = _carry(payout, carried, book, found)
        if carried:
            book.label("debt_not_due", (State.NOT_YET_DUE, Reason.CARRIED_OVER), carried, [])
            found.update(carried)
    return found


def _carry(payout: Payout, carried: list[Payout], book: BankBook, found: set[Payout]) -> list[Payout]:
    """What is carried on after a payout."""
    if not carried and payout.amount > 0:
        return []
    if not carried and payout.amount == 0:
        book.label("payout_of_nothing", (State.SET_ASIDE, Reason.NO_MONEY), [payout], [])
        found.add(payout)
        return []
    chain = [*carried, payout]
    total = sum((one.amount for one in chain), Decimal(0))
    if total < 0:
        return chain
    # A debt that is paid exactly brings no line.
    lines = [book.line(payout.day, total, payout.currency)] if total else []
    book.label("carried_over", (State.MATCHED, Reason.CARRIED_OVER), chain, lines)
    found.update(chain)
    book.taken.update(one.day for one in chain)
    return []
