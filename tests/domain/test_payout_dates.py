"""Payout dates: every published pair, business days with both anchors, calendar days and month ends."""

import itertools
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import Calendar, Counted, Step
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule, payout_date

KOREA = korean_calendar({})
WEEKENDS_ONLY = Calendar(holidays={}, overrides={})
DAYS = st.dates(date(2010, 1, 1), date(2027, 12, 31))
ONE_DAY = timedelta(days=1)
_VECTORS = json.loads((Path(__file__).parent / "settlement_vectors.json").read_text())["date_vectors"]


def _paid_out(start: str, business_days: int, anchor: Anchor, calendar: Calendar = KOREA) -> str:
    day, _ = payout_date(date.fromisoformat(start), PayoutRule(count=business_days, anchor=anchor), calendar)
    return day.isoformat()


@pytest.mark.parametrize("vector", _VECTORS, ids=lambda v: f"{v['pg']}-{v['from']}")
def test_every_published_date_pair_is_reproduced(vector: dict[str, Any]) -> None:
    if "business_days" in vector:
        assert _paid_out(vector["from"], vector["business_days"], Anchor.EXCLUSIVE) == vector["to"]
    else:
        days = vector["business_days_if_rolled_forward_first"]
        assert _paid_out(vector["from"], days, Anchor.ROLL) == vector["to"]


@pytest.mark.parametrize(
    ("sold", "paid", "exclusive", "rolled"),
    [
        ("2025-04-25", "2025-05-08", 6, 6),
        ("2025-09-17", "2025-09-25", 6, 6),
        ("2025-06-18", "2025-06-25", 5, 5),
        ("2025-02-09", "2025-02-13", 4, 3),
        ("2023-11-25", "2023-11-30", 4, 3),
        ("2025-11-21", "2025-11-28", 5, 5),
        ("2025-10-20", "2025-10-27", 5, 5),
    ],
)
def test_observed_rows_fit_both_anchors_with_the_days_they_were_explained_by(
    sold: str, paid: str, exclusive: int, rolled: int
) -> None:
    assert _paid_out(sold, exclusive, Anchor.EXCLUSIVE) == paid
    assert _paid_out(sold, rolled, Anchor.ROLL) == paid


@pytest.mark.parametrize("acquired", ["2017-09-23", "2017-09-24", "2017-09-25"])
def test_rolling_pays_saturday_sunday_and_monday_together(acquired: str) -> None:
    """As published for the Chuseok of 2017, with its temporary holiday."""
    assert _paid_out(acquired, 6, Anchor.ROLL) == "2017-10-11"


def test_exclusive_pays_friday_saturday_and_sunday_together() -> None:
    paid = {_paid_out(day, 6, Anchor.EXCLUSIVE) for day in ("2025-09-19", "2025-09-20", "2025-09-21")}
    assert paid == {"2025-09-29"}


@pytest.mark.parametrize(
    ("sold", "days", "paid", "why"),
    [
        ("2015-04-24", 6, "2015-05-06", "Labour Day and Children's Day"),
        ("2015-04-28", 3, "2015-05-04", "Labour Day"),
        ("2015-08-13", 1, "2015-08-17", "temporary holiday 14 August"),
        ("2012-04-10", 1, "2012-04-12", "election day 11 April"),
        ("2012-12-18", 1, "2012-12-20", "presidential election 19 December"),
        ("2017-05-08", 1, "2017-05-10", "presidential election 9 May"),
        ("2022-03-08", 1, "2022-03-10", "presidential election 9 March"),
        ("2022-05-31", 1, "2022-06-02", "local elections 1 June"),
        ("2022-10-07", 1, "2022-10-11", "substitute for Hangul Day"),
        ("2024-04-09", 1, "2024-04-11", "election day 10 April"),
        ("2024-05-03", 1, "2024-05-07", "substitute for Children's Day"),
        ("2024-09-30", 1, "2024-10-02", "temporary holiday 1 October"),
        ("2025-01-24", 1, "2025-01-31", "temporary holiday before Seollal"),
        ("2025-02-28", 1, "2025-03-04", "substitute for 1 March"),
        ("2025-06-02", 1, "2025-06-04", "presidential election 3 June"),
        ("2025-10-02", 1, "2025-10-10", "Chuseok and its substitute"),
        ("2026-04-30", 1, "2026-05-04", "노동절"),
        ("2026-06-02", 1, "2026-06-04", "local elections 3 June"),
        ("2026-07-16", 1, "2026-07-20", "Constitution Day again"),
        ("2025-07-16", 1, "2025-07-17", "Constitution Day was an ordinary day"),
        ("2025-12-30", 1, "2025-12-31", "31 December is a bank day"),
        ("2025-12-31", 1, "2026-01-02", "New Year's Day"),
    ],
)
def test_the_next_business_day_steps_over_what_banks_close_for(
    sold: str, days: int, paid: str, why: str
) -> None:
    assert _paid_out(sold, days, Anchor.EXCLUSIVE) == paid, why


def test_the_help_threads_payout_shows_every_day_looked_at_and_why_it_was_passed_over() -> None:
    _, steps = payout_date(date(2025, 4, 25), PayoutRule(count=6, anchor=Anchor.EXCLUSIVE), KOREA)
    counted = [(step.day.isoformat()[5:], step.number) for step in steps if step.number is not None]
    assert counted == [("04-28", 1), ("04-29", 2), ("04-30", 3), ("05-02", 4), ("05-07", 5), ("05-08", 6)]
    passed_over = [(step.day.isoformat()[5:], step.reason) for step in steps if step.reason is not None]
    assert [day for day, _ in passed_over] == [
        "04-26", "04-27", "05-01", "05-03", "05-04", "05-05", "05-06",
    ]  # fmt: skip
    reasons = dict(passed_over)
    assert reasons["04-26"] == "주말"
    assert reasons["05-01"] == "근로자의 날"
    assert "어린이날" in str(reasons["05-05"])


def test_a_rolled_start_is_shown_as_step_zero() -> None:
    _, steps = payout_date(date(2025, 9, 20), PayoutRule(count=1, anchor=Anchor.ROLL), WEEKENDS_ONLY)
    assert steps == (
        Step(date(2025, 9, 20), None, "주말"),
        Step(date(2025, 9, 21), None, "주말"),
        Step(date(2025, 9, 22), 0, None),
        Step(date(2025, 9, 23), 1, None),
    )


@given(DAYS, st.integers(1, 60), st.sampled_from(Anchor))
def test_a_payout_lands_on_a_business_day_after_exactly_that_many(
    sold: date, business_days: int, anchor: Anchor
) -> None:
    day, steps = payout_date(sold, PayoutRule(count=business_days, anchor=anchor), KOREA)
    assert KOREA.reason_closed(day) is None
    assert day > sold
    assert [step.number for step in steps if step.number] == list(range(1, business_days + 1))
    assert all((step.reason is None) == (KOREA.reason_closed(step.day) is None) for step in steps)


@given(DAYS, st.integers(1, 60), st.sampled_from(Anchor))
def test_the_steps_are_consecutive_days_that_end_at_the_payout(
    sold: date, business_days: int, anchor: Anchor
) -> None:
    day, steps = payout_date(sold, PayoutRule(count=business_days, anchor=anchor), KOREA)
    days = [step.day for step in steps]
    rolled = anchor is Anchor.ROLL and KOREA.reason_closed(sold) is not None
    assert days[0] == (sold if rolled else sold + ONE_DAY)
    assert all(later - earlier == ONE_DAY for earlier, later in itertools.pairwise(days))
    assert days[-1] == day


@given(DAYS, st.integers(0, 59))
def test_next_day_acquisition_rolled_forward_equals_counting_exclusively_from_the_sale(
    sold: date, business_days: int
) -> None:
    """Why one number of days is enough: acquisition is one business day after the sale."""
    exclusive, _ = payout_date(sold, PayoutRule(count=business_days + 1, anchor=Anchor.EXCLUSIVE), KOREA)
    rolled, _ = payout_date(sold + ONE_DAY, PayoutRule(count=business_days, anchor=Anchor.ROLL), KOREA)
    assert exclusive == rolled


@given(DAYS, DAYS, st.integers(1, 20), st.sampled_from(Anchor))
def test_a_later_sale_is_never_paid_earlier(
    left: date, right: date, business_days: int, anchor: Anchor
) -> None:
    first, second = sorted((left, right))
    earlier, _ = payout_date(first, PayoutRule(count=business_days, anchor=anchor), KOREA)
    later, _ = payout_date(second, PayoutRule(count=business_days, anchor=anchor), KOREA)
    assert earlier <= later


def test_a_negative_count_and_an_endless_holiday_are_refused() -> None:
    with pytest.raises(ValueError, match="backwards"):
        payout_date(date(2025, 1, 1), PayoutRule(count=-1, anchor=Anchor.EXCLUSIVE), KOREA)
    closed = Calendar({date(2025, 1, 1) + n * ONE_DAY: "휴업" for n in range(800)}, {})
    for anchor in Anchor:
        with pytest.raises(ValueError, match="no business day"):
            payout_date(date(2025, 1, 1), PayoutRule(count=1, anchor=anchor), closed)


def test_an_override_closes_a_business_day_or_opens_a_closed_one() -> None:
    calendar = korean_calendar(
        {date(2025, 4, 28): "은행 휴무", date(2025, 5, 1): None, date(2025, 5, 3): None}
    )
    assert calendar.reason_closed(date(2025, 4, 28)) == "은행 휴무"
    assert calendar.reason_closed(date(2025, 5, 1)) is None
    assert calendar.reason_closed(date(2025, 5, 3)) is None, "also a Saturday"
    assert _paid_out("2025-04-25", 6, Anchor.EXCLUSIVE, calendar) == "2025-05-07"


def _dated(sold: str, counted: Counted, count: int, holiday: HolidayPolicy) -> str:
    day, _ = payout_date(date.fromisoformat(sold), PayoutRule(counted, count, holiday=holiday), KOREA)
    return day.isoformat()


@pytest.mark.parametrize(
    ("sold", "days", "before", "after", "ignored"),
    [
        # The guide's example: sold date + 2 days, onto a holiday that was a Saturday.
        ("2021-12-30", 2, "2021-12-31", "2022-01-03", "2022-01-01"),
        ("2025-04-28", 3, "2025-04-30", "2025-05-02", "2025-05-01"),
        ("2025-05-02", 3, "2025-05-07", "2025-05-07", "2025-05-05"),
        ("2025-06-02", 2, "2025-06-04", "2025-06-04", "2025-06-04"),
    ],
)
def test_calendar_days_end_before_or_after_a_day_off_or_on_it(
    sold: str, days: int, before: str, after: str, ignored: str
) -> None:
    """2 May + 3 days is the first of two days off after a weekend: no day before lies after the sale."""
    found = [_dated(sold, Counted.CALENDAR_DAYS, days, policy) for policy in HolidayPolicy]
    assert found == [before, after, ignored]


@pytest.mark.parametrize(
    ("sold", "months", "paid"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-06-30", 2, "2025-09-01"),
        ("2025-10-31", 2, "2025-12-31"),
    ],
)
def test_month_ends_are_counted_over_leap_days_and_year_ends(sold: str, months: int, paid: str) -> None:
    assert _dated(sold, Counted.MONTH_ENDS, months, HolidayPolicy.AFTER) == paid


def test_the_steps_of_a_date_that_moved_name_every_day_off() -> None:
    _, steps = payout_date(date(2025, 4, 29), PayoutRule(Counted.CALENDAR_DAYS, 2), KOREA)
    assert steps == (
        Step(date(2025, 4, 30), 1, None, Counted.CALENDAR_DAYS),
        Step(date(2025, 5, 1), None, "근로자의 날"),
        Step(date(2025, 5, 2), 2, None, Counted.CALENDAR_DAYS),
    )


RULES = st.builds(
    PayoutRule,
    st.sampled_from(Counted),
    st.integers(1, 24),
    st.sampled_from(Anchor),
    st.sampled_from(HolidayPolicy),
)


@given(DAYS, RULES)
def test_money_is_paid_after_the_sold_date_and_on_a_business_day_unless_holidays_are_ignored(
    sold: date, rule: PayoutRule
) -> None:
    day, steps = payout_date(sold, rule, KOREA)
    assert day > sold
    assert steps[-1].day == day
    assert steps[-1].number == rule.count
    dated = rule.counted is not Counted.BUSINESS_DAYS
    assert KOREA.reason_closed(day) is None or (dated and rule.holiday is HolidayPolicy.IGNORE)


@given(DAYS, DAYS, RULES)
def test_under_no_rule_is_a_later_sale_paid_earlier(left: date, right: date, rule: PayoutRule) -> None:
    first, second = sorted((left, right))
    assert payout_date(first, rule, KOREA)[0] <= payout_date(second, rule, KOREA)[0]
