"""From a deposit down to every payment in it, as one list in the order of reading."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from jeongsan.reconcile.report.result import BankLine, DepositGroup, Payout, PayoutRow, Result

Step = DepositGroup | BankLine | Payout | PayoutRow
L = TypeVar("L", BankLine, Payout)


def drill_down(result: Result, *, rows_max: int) -> Iterator[Step]:
    """A deposit, the lines of the bank in it, then each of its payouts with its settlement rows:
    `rows_max` of all of them, so that those of the last payouts may be missing."""
    groups = [*result.deposits()]
    lines = _by_group(result.bank_lines())
    payouts = _by_group(result.payouts())
    rows = groupby(result.payout_rows(limit=rows_max), lambda row: row.payout_number)
    of_payout = next(rows, None)
    for group in groups:
        yield group
        yield from lines.get(group.group_number, ())
        for payout in payouts.get(group.group_number, ()):
            yield payout
            if of_payout is not None and of_payout[0] == payout.payout_number:
                yield from of_payout[1]
                of_payout = next(rows, None)


def row_count(result: Result) -> int:
    """How many settlement rows all payouts have."""
    return sum(payout.row_count for payout in result.payouts())


def _by_group(lines: Iterable[L]) -> dict[int, list[L]]:
    found: dict[int, list[L]] = {}
    for line in lines:
        found.setdefault(line.group_number, []).append(line)
    return found
