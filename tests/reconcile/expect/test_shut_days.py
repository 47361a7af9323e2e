"""A day on no list of holidays on which banks were closed, told by the rows that pass it."""

from collections.abc import Sequence
from datetime import date, timedelta

from jeongsan.reconcile.due_days import Anchor, BusinessDays, Cycle
from jeongsan.reconcile.expect.schedules import DueDay, due_days, due_if_shut
from jeongsan.reconcile.expect.shut_days import shut_days
from jeongsan.reconcile.expect.terms import Rules
from support.settled import BANKS

SALES = [date(2025, 2, 3) + timedelta(days=number) for number in range(28)]
DUE = list(due_days(((SALES[0], Rules(Cycle.DAILY, BusinessDays(3, Anchor.EXCLUSIVE))),), SALES, BANKS))
TUESDAY, THURSDAY = date(2025, 2, 11), date(2025, 2, 20)


def told(late: Sequence[tuple[DueDay, date, int]], rows: int = 10) -> tuple[date, ...]:
    return shut_days(
        late, lambda first, last: [(one, rows) for one in DUE if first <= one.day <= last], BANKS
    )


def if_shut(*days: date, rows: int = 10) -> list[tuple[DueDay, date, int]]:
    found = []
    for one in DUE:
        for shut in days:
            paid = due_if_shut(one, shut, BANKS)
            if paid != one.paid:
                found.append((one, paid, rows))
    return found


def test_a_day_that_moves_every_row_that_passes_it_was_shut() -> None:
    assert told(if_shut(TUESDAY)) == (TUESDAY,)
    assert told(if_shut(TUESDAY, THURSDAY)) == (TUESDAY, THURSDAY)


def test_a_few_late_rows_shut_no_bank() -> None:
    assert told(if_shut(TUESDAY, rows=5)) == ()
    assert told(if_shut(TUESDAY, rows=6)) == (TUESDAY,)


def test_two_rows_are_no_evidence_even_where_they_are_all() -> None:
    one, paid, _ = if_shut(TUESDAY)[0]
    assert told([(one, paid, 2)], rows=2) == ()


def test_a_date_that_no_closed_day_makes_says_nothing() -> None:
    assert told([(one, one.paid + timedelta(days=20), 10) for one in DUE if one.paid is not None]) == ()
    assert told([(one, one.sold - timedelta(days=1), 10) for one in DUE]) == ()


def test_the_rows_are_not_counted_when_nothing_is_late() -> None:
    asked: list[date] = []

    def counted(first: date, _: date) -> list[tuple[DueDay, int]]:
        asked.append(first)
        return []

    assert shut_days([], counted, BANKS) == ()
    assert asked == []
