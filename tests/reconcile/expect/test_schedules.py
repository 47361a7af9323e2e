"""The days that terms lead to, and what one closed day more or less would make of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from jeongsan.reconcile.due_days import (
    Anchor,
    BusinessDays,
    CalendarDays,
    Cycle,
    Holiday,
    MonthEnd,
    PayoutRule,
)
from jeongsan.reconcile.expect.schedules import DueDay, due_days, due_if_shut, moved_dates
from jeongsan.reconcile.expect.terms import Rules
from support.settled import BANKS

FOUR = BusinessDays(4, Anchor.EXCLUSIVE)
ALWAYS = date(2000, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(f"2025-{text}")


def due_on(text: str, rule: PayoutRule = FOUR, cycle: Cycle = Cycle.DAILY) -> DueDay:
    (found,) = due_days(((ALWAYS, Rules(cycle, rule)),), [day(text)], BANKS)
    return found


def test_a_day_has_its_sold_date_and_its_paid_out_date() -> None:
    assert due_on("02-03") == DueDay(day("02-03"), day("02-03"), day("02-07"), FOUR)
    assert due_on("02-03", cycle=Cycle.WEEKLY) == DueDay(day("02-03"), day("02-09"), day("02-13"), FOUR)


@pytest.mark.parametrize(
    ("sold", "days", "paid"),
    [
        ("02-06", 2, "02-07"),
        # A Saturday goes back to the Friday whose sales these are, a Sunday's sales to before the Sunday.
        ("02-07", 1, None),
        ("02-02", 0, None),
        # Nothing was moved.
        ("02-07", 0, "02-07"),
    ],
)
def test_nobody_knows_when_a_day_is_paid_that_a_holiday_leads_back_to(
    sold: str, days: int, paid: str | None
) -> None:
    found = due_on(sold, CalendarDays(days, Holiday.BEFORE)).paid
    assert found == (None if paid is None else day(paid))


def test_rules_hold_from_their_day_on_and_the_first_also_before() -> None:
    schedule = (
        (day("02-01"), Rules(Cycle.DAILY, FOUR)),
        (day("03-01"), None),
        (day("04-01"), Rules(Cycle.DAILY, None)),
    )
    found = {
        one.day: one.rule for one in due_days(schedule, [day("01-01"), day("03-31"), day("04-01")], BANKS)
    }
    assert found == {day("01-01"): FOUR, day("04-01"): None}


@pytest.mark.parametrize(
    ("sold", "rule", "moved"),
    [
        # Friday: over the weekend. No holiday on the way.
        ("02-03", FOUR, ["02-10"]),
        # Tuesday: no closed day beside it.
        ("02-05", FOUR, []),
        # Monday: back over the weekend.
        ("02-04", FOUR, ["02-07"]),
        # Six holidays of Seollal on the way to Wednesday, 5 February: without one of them it is the day
        # before.
        ("01-24", FOUR, ["02-04"]),
        # Labour Day and 5 and 6 May on the way to the 7th; over the last two and a weekend it goes back to
        # the 2nd.
        ("04-30", BusinessDays(2, Anchor.EXCLUSIVE), ["05-02", "05-05", "05-06"]),
        # A Saturday, whatever it is: the open days beside it.
        ("02-06", CalendarDays(2, Holiday.IGNORE), ["02-07", "02-10"]),
        # Before the holidays: either of them if it was none, the open days around them and Labour Day.
        ("05-01", CalendarDays(5, Holiday.BEFORE), ["04-30", "05-05", "05-06", "05-07"]),
        # After the weekend: back over it, or over the election of 3 June.
        ("04-30", MonthEnd(1, Holiday.AFTER), ["05-30", "06-04"]),
    ],
)
def test_a_date_moves_over_closed_days_only(sold: str, rule: PayoutRule, moved: list[str]) -> None:
    assert [f"{one:%m-%d}" for one in sorted(moved_dates(due_on(sold, rule), BANKS))] == moved


def test_a_day_shut_by_the_rows_moves_the_date_too() -> None:
    one = due_on("02-05")
    assert due_if_shut(one, day("02-10"), BANKS) == day("02-12")
    assert moved_dates(one, BANKS, [day("02-10"), day("03-10")]) == {day("02-12")}


RULES = st.one_of(
    st.builds(BusinessDays, st.integers(1, 12), st.sampled_from(Anchor)),
    st.builds(CalendarDays, st.integers(1, 20), st.sampled_from(Holiday)),
    st.builds(MonthEnd, st.integers(1, 2), st.sampled_from(Holiday)),
)


@given(st.dates(date(2024, 1, 1), date(2026, 6, 30)), RULES, st.sampled_from(Cycle))
def test_no_moved_date_is_the_date_itself_or_far_from_it(sale: date, rule: PayoutRule, cycle: Cycle) -> None:
    (one,) = due_days(((ALWAYS, Rules(cycle, rule)),), [sale], BANKS)
    if one.paid is None:
        reject()
    moved = moved_dates(one, BANKS)
    assert one.paid not in moved
    assert all(abs(other - one.paid) <= timedelta(days=14) for other in moved)
