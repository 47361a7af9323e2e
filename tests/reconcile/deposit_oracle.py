"""The payouts and bank lines of one day, by brute force: every choice of some that makes one sum."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations


@dataclass
class Day:
    """Open payouts and lines by their place; amounts above zero. `found`: row → (state, reason); reason "" is
    plainly paid."""

    payouts: Sequence[int]
    lines: Sequence[int]
    found: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)

    def open(self, side: str) -> list[int]:
        amounts = self.payouts if side == "payout" else self.lines
        return [n for n in range(len(amounts)) if (side, n) not in self.found]

    def tell(self, state: str, reason: str, payouts: Sequence[int], lines: Sequence[int]) -> None:
        self.found |= {("payout", n): (state, reason) for n in payouts}
        self.found |= {("line", n): (state, reason) for n in lines}


Choice = tuple[tuple[int, ...], tuple[int, ...]]


def of_one_day(payouts: Sequence[int], lines: Sequence[int]) -> Counter[tuple[str, int, str, str]]:
    """(side, amount, state, reason) of every row."""
    day = Day(payouts, lines)
    for amount in {*payouts}:
        ours = [n for n in day.open("payout") if payouts[n] == amount]
        theirs = [n for n in day.open("line") if lines[n] == amount]
        if len(ours) == len(theirs):
            day.tell("MATCHED", "", ours, theirs)
    _all_of_the_day(day, one_side=True)
    _choices(day)
    _all_of_the_day(day, one_side=False)
    _what_is_left(day)
    return Counter(
        (side, (payouts if side == "payout" else lines)[n], *told) for (side, n), told in day.found.items()
    )


def _all_of_the_day(day: Day, *, one_side: bool) -> None:
    ours, theirs = day.open("payout"), day.open("line")
    if not ours or not theirs or sum(day.payouts[n] for n in ours) != sum(day.lines[n] for n in theirs):
        return
    if len(theirs) == 1 or len(ours) == 1:
        day.tell("MATCHED", "MERGED" if len(theirs) == 1 else "SPLIT", ours, theirs)
    elif not one_side:
        day.tell("MATCHED", "REGROUPED", ours, theirs)


def _ways(day: Day) -> Iterator[Choice]:
    """One line of several payouts, or one payout of several lines."""
    ours, theirs = day.open("payout"), day.open("line")
    for count in range(2, len(ours) + 1):
        for some in combinations(ours, count):
            yield from ((some, (n,)) for n in theirs if day.lines[n] == sum(day.payouts[m] for m in some))
    for count in range(2, len(theirs) + 1):
        for some in combinations(theirs, count):
            yield from (((n,), some) for n in ours if day.payouts[n] == sum(day.lines[m] for m in some))


def _choices(day: Day) -> None:
    """A choice none of whose rows another choice could take as well."""
    ways = list(_ways(day))
    for ours, theirs in ways:
        others = [way for way in ways if way != (ours, theirs)]
        if not any({*ours} & {*way[0]} or {*theirs} & {*way[1]} for way in others):
            day.tell("MATCHED", "MERGED" if len(theirs) == 1 else "SPLIT", ours, theirs)


def _what_is_left(day: Day) -> None:
    ours, theirs = day.open("payout"), day.open("line")
    if len(ours) == len(theirs) == 1:
        day.tell("DIFFERENT", "DEPOSIT_AMOUNT", ours, theirs)
        return
    ways = list(_ways(day))
    equal = {day.payouts[n] for n in ours} & {day.lines[n] for n in theirs}
    unsure_payouts = [n for n in ours if day.payouts[n] in equal or any(n in way[0] for way in ways)]
    unsure_lines = [n for n in theirs if day.lines[n] in equal or any(n in way[1] for way in ways)]
    day.tell("AMBIGUOUS", "SEVERAL_CANDIDATES", unsure_payouts, unsure_lines)
    day.tell("ONE_SIDED", "DEPOSIT_MISSING", day.open("payout"), [])
    day.tell("ONE_SIDED", "DEPOSIT_UNKNOWN", [], day.open("line"))
