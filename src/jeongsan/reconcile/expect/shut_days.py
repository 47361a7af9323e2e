"""Days on which banks were closed although no list of holidays has them, as the paid-out dates of rows
say."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jeongsan.reconcile.due_days import ONE_DAY, OpenDays
from jeongsan.reconcile.expect.schedules import DueDay, due_if_shut

# More than half of the rows that pass the day have to say so, and at least so many: banks close for
# everybody.
SHUT_ROWS_MIN = 3
_SHUT_DAYS_MAX = 16
_SPAN_MAX = timedelta(days=60)

# Of days of sales from the first to the last, both included: how many rows each has.
RowsOfDays = Callable[[date, date], Iterable[tuple[DueDay, int]]]


@dataclass(frozen=True, slots=True)
class _Late:
    """Rows that are paid out as if banks were closed on any one of these days."""

    rows: int
    days: frozenset[date]


def shut_days(
    otherwise: Iterable[tuple[DueDay, date, int]], rows_of: RowsOfDays, banks: OpenDays
) -> tuple[date, ...]:
    """The days, in order, from rows that are not paid out as expected: (when they were due, the date seen,
    how many). `rows_of` is asked at most once."""
    late = [_Late(count, frozenset(_closing(one, paid, banks))) for one, paid, count in otherwise]
    candidates = {day for one in late for day in one.days}
    if not candidates:
        return ()
    all_rows = list(rows_of(min(candidates) - _SPAN_MAX, max(candidates)))
    passing = {day: _passing(day, all_rows, banks) for day in _likely(late)}
    found: list[date] = []
    while len(found) < _SHUT_DAYS_MAX:
        tally = _tally(late)
        told = [day for day in passing if tally[day] >= SHUT_ROWS_MIN and 2 * tally[day] > passing[day]]
        if not told:
            break
        best = min(told, key=lambda day: (-tally[day], passing[day], day))
        found.append(best)
        late = [one for one in late if best not in one.days]
    return tuple(sorted(found))


def _closing(one: DueDay, paid: date, banks: OpenDays) -> Iterator[date]:
    """The open days of which any one, if closed, makes the date that was seen."""
    if one.paid is None or not one.sold <= paid <= one.sold + _SPAN_MAX:
        return
    for number in range((max(paid, one.paid) - one.sold).days + 1):
        day = one.sold + number * ONE_DAY
        if banks.open(day) and due_if_shut(one, day, banks) == paid:
            yield day


def _tally(late: Sequence[_Late]) -> Counter[date]:
    tally = Counter[date]()
    for one in late:
        for day in one.days:
            tally[day] += one.rows
    return tally


def _likely(late: Sequence[_Late]) -> list[date]:
    tally = _tally(late)
    ordered = sorted(tally, key=lambda day: (-tally[day], day))
    return [day for day in ordered if tally[day] >= SHUT_ROWS_MIN][: _SHUT_DAYS_MAX * _SHUT_DAYS_MAX]


def _passing(day: date, all_rows: Iterable[tuple[DueDay, int]], banks: OpenDays) -> int:
    """The rows whose date would move if banks were closed on the day."""
    return sum(
        count
        for one, count in all_rows
        if one.paid is not None and one.sold <= day <= one.paid and due_if_shut(one, day, banks) != one.paid
    )
