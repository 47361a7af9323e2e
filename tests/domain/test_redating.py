"""Which unpaid rows a calendar moves, and where to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Calendar, Counted
from jeongsan.domain.payout_dates import HolidayPolicy, PayoutRule
from jeongsan.domain.redating import Dating, Placing, UnpaidRows, plan
from jeongsan.domain.settlement import payout_of
from jeongsan.domain.terms import Terms
from support.examples import a_contract

# A Wednesday; with D+1 its rows are paid out on Thursday, 8 May 2025.
SETTLED = date(2025, 5, 7)
THURSDAY, FRIDAY, MONDAY, TUESDAY = (date(2025, 5, day) for day in (8, 9, 12, 13))
EMPTY = Calendar({}, {})
TERMS = a_contract(business_days=1)


def closed(*days: date) -> Calendar:
    return Calendar({}, dict.fromkeys(days, "임시공휴일"))


def placing(day: date = THURSDAY, *, settled: date = SETTLED, placed: bool = False) -> Placing:
    return Placing(1, day, settled, 1, placed)


def moved(after: Calendar, today: date, of: Placing | None = None, before: Calendar | None = EMPTY) -> date:
    return Dating(after, before, today).new_date(of or placing(), TERMS)


def test_a_row_follows_the_new_calendar_and_one_it_does_not_concern_stays() -> None:
    assert moved(closed(THURSDAY), SETTLED) == FRIDAY
    assert moved(closed(THURSDAY, FRIDAY), SETTLED) == MONDAY
    assert moved(closed(FRIDAY), SETTLED) == THURSDAY


def test_a_day_that_is_worked_after_all_brings_a_row_forward() -> None:
    assert moved(EMPTY, SETTLED, placing(FRIDAY), before=closed(THURSDAY)) == THURSDAY


def test_a_date_that_has_come_is_paid_on_the_next_business_day() -> None:
    """The holiday was taken back when its date had come already: what waits for an open day stays there."""
    assert moved(EMPTY, THURSDAY, placing(FRIDAY), before=closed(THURSDAY)) == FRIDAY
    assert moved(EMPTY, THURSDAY, placing(TUESDAY), before=closed(THURSDAY, FRIDAY, MONDAY)) == FRIDAY
    assert (
        moved(closed(FRIDAY), THURSDAY, placing(TUESDAY), before=closed(THURSDAY, FRIDAY, MONDAY)) == MONDAY
    )


def test_a_holiday_announced_for_today_moves_what_was_not_paid_yet() -> None:
    assert moved(closed(THURSDAY), THURSDAY) == FRIDAY
    assert moved(closed(THURSDAY), FRIDAY) == MONDAY


def test_rows_that_kept_their_date_under_an_older_version_move_only_when_all_are_looked_at() -> None:
    now = closed(THURSDAY, TUESDAY)
    assert moved(now, SETTLED, before=closed(THURSDAY)) == THURSDAY
    assert moved(now, SETTLED, before=None) == FRIDAY


def test_a_row_that_something_else_has_placed_only_leaves_a_day_off() -> None:
    of = placing(MONDAY, placed=True)
    assert moved(closed(THURSDAY), SETTLED, of) == MONDAY
    assert moved(closed(MONDAY), SETTLED, of) == TUESDAY
    assert moved(closed(MONDAY), SETTLED, of, before=None) == TUESDAY
    assert moved(EMPTY, SETTLED, of, before=None) == MONDAY


def test_a_contract_that_ignores_holidays_is_not_concerned() -> None:
    rule = PayoutRule(Counted.CALENDAR_DAYS, 1, holiday=HolidayPolicy.IGNORE)
    dating = Dating(closed(THURSDAY), None, SETTLED)
    assert dating.new_date(placing(), a_contract(payout=rule)) == THURSDAY


def _rows(of: Placing, count: int) -> UnpaidRows:
    return UnpaidRows(of, "KRW", count, 1_000 * count, 900 * count)


def test_a_plan_names_what_moves_in_order_of_the_dates_it_leaves() -> None:
    late = _rows(placing(FRIDAY, settled=THURSDAY), 3)
    early = _rows(placing(), 2)
    found = plan([late, early], {1: TERMS}, Dating(closed(THURSDAY, FRIDAY), EMPTY, SETTLED))
    assert found == [(early, MONDAY), (late, MONDAY)]
    assert plan([late, early], {1: TERMS}, Dating(closed(MONDAY), EMPTY, SETTLED)) == []


_DAYS = st.dates(date(2025, 1, 1), date(2025, 3, 31))


@given(
    settled=_DAYS,
    count=st.integers(1, 8),
    old=st.sets(_DAYS, max_size=5),
    new=st.sets(_DAYS, max_size=5),
    passed=st.integers(0, 20),
)
def test_a_new_date_is_due_or_open_lies_ahead_and_is_final(
    settled: date, count: int, old: set[date], new: set[date], passed: int
) -> None:
    terms: Terms = a_contract(business_days=count)
    before, after = closed(*old), closed(*new)
    stored = payout_of(settled, terms.conditions, before)[0]
    due = payout_of(settled, terms.conditions, after)[0]
    today = settled + timedelta(days=passed)
    for dating in (Dating(after, before, today), Dating(after, None, today)):
        to = dating.new_date(placing(stored, settled=settled), terms)
        if to != stored:
            assert to > today
            assert after.reason_closed(to) is None
        if due > today:
            assert to == due
        assert dating.new_date(placing(to, settled=settled), terms) == to


def test_a_calendar_without_a_business_day_is_refused() -> None:
    never = closed(*(SETTLED + timedelta(days=n) for n in range(400)))
    with pytest.raises(ValueError, match="no business day"):
        moved(never, SETTLED)


BY_BUSINESS_DAYS = PayoutRule(Counted.BUSINESS_DAYS, 2)


def adjusted(
    after: Calendar, day: date, rule: PayoutRule = BY_BUSINESS_DAYS, **other: Calendar | None
) -> date:
    return Dating(after, other.get("before", EMPTY), SETTLED).adjusted_date(day, rule)


def test_adjustments_leave_a_day_that_a_calendar_closes_and_no_other() -> None:
    assert adjusted(closed(THURSDAY), THURSDAY) == FRIDAY
    assert adjusted(closed(THURSDAY), FRIDAY) == FRIDAY
    assert adjusted(closed(THURSDAY), SETTLED - timedelta(days=1)) == SETTLED - timedelta(days=1)
    assert adjusted(closed(SETTLED), SETTLED) == THURSDAY, "what is due today goes on to a day to come"
    assert adjusted(closed(THURSDAY), THURSDAY, before=None) == FRIDAY


def test_adjustments_of_a_shop_that_is_paid_on_closed_days_too_stay_there() -> None:
    """A Saturday was closed all along, and a rule that ignores holidays counts on them."""
    saturday = FRIDAY + timedelta(days=1)
    assert adjusted(closed(TUESDAY), saturday) == saturday
    ignoring = PayoutRule(Counted.CALENDAR_DAYS, 2, holiday=HolidayPolicy.IGNORE)
    assert adjusted(closed(THURSDAY), THURSDAY, ignoring) == THURSDAY
