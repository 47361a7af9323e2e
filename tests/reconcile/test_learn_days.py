"""Cycle and payout rule from dates alone."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import (
    Anchor,
    BusinessDays,
    CalendarDays,
    Cycle,
    Holiday,
    MonthEnd,
    OpenDays,
    PayoutRule,
    bucket,
    due,
)
from jeongsan.reconcile.learn_days import deciding_sale, learn_cycle, learn_payout, redated

KOREA = OpenDays(korean_holidays())
EXCLUSIVE = BusinessDays(6, Anchor.EXCLUSIVE)
MONDAY = date(2025, 3, 10)


def dates(rule: PayoutRule, first: date, days: int) -> Counter[tuple[date, date]]:
    sold = [first + timedelta(days=number) for number in range(days)]
    return Counter((one, due(rule, one, KOREA)) for one in sold)


def test_weekdays_alone_leave_the_anchor_open_and_a_weekend_decides_it() -> None:
    (week,) = learn_payout(dates(EXCLUSIVE, MONDAY, 5), KOREA)
    assert {EXCLUSIVE, BusinessDays(6, Anchor.ROLL)} <= set(week.candidates)
    (more,) = learn_payout(dates(EXCLUSIVE, MONDAY, 6), KOREA)
    assert [one for one in more.candidates if isinstance(one, BusinessDays)] == [EXCLUSIVE]


def test_the_deciding_sale_is_the_next_weekend() -> None:
    rules = (EXCLUSIVE, BusinessDays(6, Anchor.ROLL))
    assert deciding_sale(rules, Cycle.DAILY, MONDAY, KOREA) == date(2025, 3, 15)
    assert deciding_sale((EXCLUSIVE, EXCLUSIVE), Cycle.DAILY, MONDAY, KOREA) is None


def test_the_next_business_day_is_one_rule_in_two_words() -> None:
    rule = BusinessDays(1, Anchor.EXCLUSIVE)
    (period,) = learn_payout(dates(rule, MONDAY, 200), KOREA)
    assert period.candidates == (rule, CalendarDays(1, Holiday.AFTER))
    assert deciding_sale(period.candidates, Cycle.DAILY, MONDAY, KOREA) is None


@settings(deadline=None)
@given(
    st.one_of(
        st.builds(BusinessDays, st.integers(2, 10), st.sampled_from(Anchor)),
        st.builds(CalendarDays, st.integers(2, 10), st.sampled_from(Holiday)),
        st.builds(MonthEnd, st.integers(0, 3), st.sampled_from(Holiday)),
    ),
    st.dates(date(2024, 1, 1), date(2025, 6, 1)),
)
def test_three_months_of_sales_say_the_rule_and_nothing_else_but_for_month_ends(
    rule: PayoutRule, first: date
) -> None:
    (period,) = learn_payout(dates(rule, first, 92), KOREA)
    assert rule in period.candidates
    assert isinstance(rule, MonthEnd) or period.candidates == (rule,)


@pytest.mark.parametrize("cycle", Cycle)
def test_a_month_of_sales_says_the_cycle(cycle: Cycle) -> None:
    days = [MONDAY + timedelta(days=number) for number in range(30)]
    (period,) = learn_cycle(Counter((day, bucket(day, cycle)) for day in days))
    assert period.candidates == (cycle,)


def test_a_sunday_alone_leaves_the_cycle_open() -> None:
    sunday = date(2025, 3, 9)
    (period,) = learn_cycle({(sunday, sunday): 3})
    assert period.candidates == (Cycle.DAILY, Cycle.WEEKLY)


def test_a_busy_day_paid_as_if_a_holiday_were_none_is_explained_by_its_name() -> None:
    late = date(2025, 1, 27)
    pairs = Counter(dict.fromkeys(dates(EXCLUSIVE, date(2025, 1, 2), 60), 50))
    moved = Counter[tuple[date, date]]()
    before = OpenDays(korean_holidays(), frozenset({late}))
    for (sold, paid), rows in pairs.items():
        early = date(2025, 1, 17) <= sold <= date(2025, 1, 21)
        moved[sold, due(EXCLUSIVE, sold, before) if early else paid] += rows
    (period,) = learn_payout(moved, KOREA)
    assert period.candidates == (EXCLUSIVE,)
    assert [(one.day, one.name, one.rows) for one in redated(moved, EXCLUSIVE, KOREA)] == [
        (late, "임시공휴일", (moved - pairs).total())
    ]


def test_dates_that_no_calendar_explains_stay_unexplained() -> None:
    assert redated({(MONDAY, MONDAY + timedelta(days=90)): 1}, EXCLUSIVE, KOREA) == ()


LATE = date(2024, 11, 13)
SUNDAYS = [date(2024, 7, 7) + timedelta(days=7 * number) for number in range(40)]


def weekly(
    rule: PayoutRule, sundays: list[date], banks: OpenDays, rows: int = 50
) -> Counter[tuple[date, date]]:
    return Counter({(sold, due(rule, sold, banks)): rows for sold in sundays})


@pytest.mark.parametrize("part", [slice(0, 19), slice(18, 40), slice(0, 40)], ids=["last", "first", "within"])
def test_a_week_paid_a_day_later_for_a_holiday_on_no_list_is_no_contract_of_its_own(part: slice) -> None:
    sundays = SUNDAYS[part]
    pairs = weekly(BusinessDays(4, Anchor.EXCLUSIVE), sundays, OpenDays(KOREA.closed, shut=frozenset({LATE})))
    (period,) = learn_payout(pairs, KOREA)
    assert period.candidates[0] == BusinessDays(4, Anchor.EXCLUSIVE)
    assert (period.rows - period.agree) == 50
    (moved,) = redated(pairs, period.candidates[0], KOREA)
    assert (moved.name, moved.rows) == (None, 50)


def test_two_weeks_of_another_rule_are_a_change() -> None:
    old, new = BusinessDays(4, Anchor.EXCLUSIVE), BusinessDays(6, Anchor.EXCLUSIVE)
    for since in (18, 19, 1, 2):
        pairs = weekly(old, SUNDAYS[:since], KOREA) + weekly(new, SUNDAYS[since:20], KOREA)
        first, second = learn_payout(pairs, KOREA)
        assert (first.candidates[0], second.candidates[0]) == (old, new)


def test_one_week_that_no_single_day_explains_is_a_change() -> None:
    old, new = BusinessDays(3, Anchor.EXCLUSIVE), BusinessDays(6, Anchor.EXCLUSIVE)
    pairs = weekly(old, SUNDAYS[:19], KOREA) + weekly(new, SUNDAYS[19:20], KOREA)
    assert [one.candidates[0] for one in learn_payout(pairs, KOREA)] == [old, new]


def test_a_week_of_more_rows_than_all_others_keeps_its_rule() -> None:
    shut = OpenDays(KOREA.closed, shut=frozenset({LATE}))
    rule = BusinessDays(4, Anchor.EXCLUSIVE)
    pairs = weekly(rule, SUNDAYS[14:18], KOREA, 5) + weekly(rule, SUNDAYS[18:19], shut, 500)
    assert len(learn_payout(pairs, KOREA)) == 2
