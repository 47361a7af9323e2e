"""Which terms were in force when: contiguous periods of days, each explained by one candidate, and robust to
a minority of rows that no period explains.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

# A change of terms has to explain more rows than this, else they are deviations.
CHANGE_COST = 3
# More than a merchant's terms ever change within one history.
_LEADING_MAX = 16

C = TypeVar("C", bound=Hashable)
# Of each day: which candidates explain how many rows.
Votes = Mapping[date, Mapping[frozenset[C], int]]
Preference = Callable[[C], Any]


@dataclass(frozen=True, slots=True)
class Period(Generic[C]):
    """Days from `first` to `last`, both with rows. `candidates`: those that explain the most of its rows,
    `agree` of `rows`, the preferred one first; none when nothing explains any."""

    first: date
    last: date
    rows: int
    agree: int
    candidates: tuple[C, ...]

    @property
    def holds(self) -> bool:
        """Whether more than half of the rows say so; less is no rule."""
        return 2 * self.agree > self.rows


def effective_periods(votes: Votes[C], prefer: Preference[C]) -> tuple[Period[C], ...]:
    """The periods that leave the fewest rows unexplained, a change counted as CHANGE_COST rows."""
    days = sorted(votes)
    leading = leading_candidates((one for day in days for one in votes[day].items()), prefer)
    if not days or not leading:
        return tuple(_period(days, votes, prefer) for _ in days[:1])
    return tuple(_period(run, votes, prefer) for run in _runs(days, votes, leading))


def one_period(votes: Votes[C], first: date, last: date, prefer: Preference[C]) -> Period[C]:
    """The days from `first` to `last`, which have rows, as one period."""
    return _period([day for day in sorted(votes) if first <= day <= last], votes, prefer)


def leading_candidates(sets: Iterable[tuple[frozenset[C], int]], prefer: Preference[C]) -> tuple[C, ...]:
    """The candidate that explains the most rows, then the one that explains the most of the rest, …"""
    remaining = Counter[frozenset[C]]()
    for explained, rows in sets:
        remaining[explained] += rows
    leading: list[C] = []
    while len(leading) < _LEADING_MAX:
        tally = _tally(remaining.items())
        if not tally:
            break
        best = min(tally, key=lambda one: (-tally[one], prefer(one)))
        if leading and tally[best] <= CHANGE_COST:
            break
        leading.append(best)
        remaining = Counter({one: rows for one, rows in remaining.items() if best not in one})
    return tuple(leading)


def _tally(sets: Iterable[tuple[frozenset[C], int]]) -> Counter[C]:
    tally = Counter[C]()
    for explained, rows in sets:
        for one in explained:
            tally[one] += rows
    return tally


def _runs(days: Sequence[date], votes: Votes[C], leading: Sequence[C]) -> list[list[date]]:
    """The days cut where the cheapest path through the leading candidates changes (Viterbi)."""
    costs = [0] * len(leading)
    came_from: list[list[int]] = []
    for day in days:
        tally, rows = _tally(votes[day].items()), sum(votes[day].values())
        cheapest = min(range(len(costs)), key=lambda one: costs[one])
        stay = [costs[one] <= costs[cheapest] + CHANGE_COST for one in range(len(costs))]
        came_from.append([one if stay[one] else cheapest for one in range(len(costs))])
        costs = [
            min(costs[one], costs[cheapest] + CHANGE_COST) + rows - tally[candidate]
            for one, candidate in enumerate(leading)
        ]
    state = min(range(len(costs)), key=lambda one: costs[one])
    path = []
    for sources in reversed(came_from):
        path.append(state)
        state = sources[state]
    runs: list[list[date]] = []
    for number, (day, state) in enumerate(zip(days, reversed(path), strict=True)):
        if number == 0 or state != path[len(days) - number]:
            runs.append([])
        runs[-1].append(day)
    return runs


def _period(days: Sequence[date], votes: Votes[C], prefer: Preference[C]) -> Period[C]:
    tally = _tally(one for day in days for one in votes[day].items())
    agree = max(tally.values(), default=0)
    candidates = sorted((one for one, rows in tally.items() if rows == agree), key=prefer)
    rows = sum(sum(votes[day].values()) for day in days)
    return Period(days[0], days[-1], rows, agree, tuple(candidates))
