"""The merchant's own arithmetic of days: every published date, and every rule against a slow reference."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
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
    bucket_start,
    due,
    explanations,
)

KOREA = OpenDays(korean_holidays())
VECTORS = json.loads((Path(__file__).parents[1] / "domain/settlement_vectors.json").read_text("utf-8"))
DAYS = st.dates(date(2011, 1, 1), date(2027, 12, 31))
RULES = st.one_of(
    st.builds(BusinessDays, st.integers(1, 20), st.sampled_from(Anchor)),
    st.builds(CalendarDays, st.integers(0, 40), st.sampled_from(Holiday)),
    st.builds(MonthEnd, st.integers(0, 3), st.sampled_from(Holiday)),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize("vector", VECTORS["date_vectors"], ids=lambda one: f"{one['pg']} {one['from']}")
def test_every_published_payout_date_is_reproduced(vector: dict[str, Any]) -> None:
    rolled = vector.get("business_days_if_rolled_forward_first")
    rule = (
        BusinessDays(vector["business_days"], Anchor.EXCLUSIVE)
        if rolled is None
        else BusinessDays(rolled, Anchor.ROLL)
    )
    assert due(rule, day(vector["from"]), KOREA) == day(vector["to"])
    assert rule in explanations(day(vector["from"]), day(vector["to"]), KOREA)


@pytest.mark.parametrize(("sold", "paid"), [("2025-02-09", "2025-02-13"), ("2023-11-25", "2023-11-30")])
def test_the_two_recorded_weekend_rows_are_four_days_exclusive_or_three_rolled(sold: str, paid: str) -> None:
    found = {one for one in explanations(day(sold), day(paid), KOREA) if isinstance(one, BusinessDays)}
    assert found == {BusinessDays(4, Anchor.EXCLUSIVE), BusinessDays(3, Anchor.ROLL)}


@pytest.mark.parametrize(
    ("rule", "sold", "paid"),
    [
        (CalendarDays(2, Holiday.IGNORE), "2022-01-01", "2022-01-03"),
        (CalendarDays(2, Holiday.AFTER), "2025-05-01", "2025-05-07"),
        (CalendarDays(2, Holiday.BEFORE), "2025-05-01", "2025-05-02"),
        (CalendarDays(2, Holiday.BEFORE), "2025-04-29", "2025-04-30"),
        (MonthEnd(2, Holiday.AFTER), "2025-03-31", "2025-06-02"),
        (MonthEnd(2, Holiday.BEFORE), "2025-03-31", "2025-05-30"),
        (MonthEnd(2, Holiday.IGNORE), "2025-12-31", "2026-02-28"),
        (MonthEnd(0, Holiday.IGNORE), "2024-02-10", "2024-02-29"),
    ],
)
def test_calendar_days_and_month_ends(rule: PayoutRule, sold: str, paid: str) -> None:
    assert due(rule, day(sold), KOREA) == day(paid)


@given(DAYS, RULES)
def test_every_rule_is_among_the_explanations_of_its_date(sold: date, rule: PayoutRule) -> None:
    assert rule in explanations(sold, due(rule, sold, KOREA), KOREA)


@given(DAYS, st.integers(-3, 60))
def test_every_explanation_leads_to_the_date(sold: date, after: int) -> None:
    paid = sold + timedelta(days=after)
    assert all(due(rule, sold, KOREA) == paid for rule in explanations(sold, paid, KOREA))


@given(DAYS, st.integers(1, 10))
def test_friday_saturday_and_sunday_are_paid_together_when_counted_exclusively(some: date, n: int) -> None:
    friday = some - timedelta(days=some.weekday()) + timedelta(days=4)
    paid = {due(BusinessDays(n, Anchor.EXCLUSIVE), friday + timedelta(days=d), KOREA) for d in range(3)}
    assert len(paid) == 1


@given(DAYS, st.integers(1, 10))
def test_saturday_sunday_and_the_next_open_day_are_paid_together_when_rolled(some: date, n: int) -> None:
    saturday = some - timedelta(days=some.weekday()) + timedelta(days=5)
    together = (saturday, saturday + timedelta(days=1), KOREA.forward(saturday))
    assert len({due(BusinessDays(n, Anchor.ROLL), one, KOREA) for one in together}) == 1


@pytest.mark.parametrize(
    ("cycle", "some", "sold"),
    [
        (Cycle.DAILY, "2025-02-09", "2025-02-09"),
        (Cycle.WEEKLY, "2025-02-03", "2025-02-09"),
        (Cycle.WEEKLY, "2025-02-09", "2025-02-09"),
        (Cycle.MONTHLY, "2024-02-01", "2024-02-29"),
        (Cycle.MONTHLY, "2025-12-31", "2025-12-31"),
    ],
)
def test_a_sold_date_is_the_day_the_sunday_or_the_end_of_the_month(
    cycle: Cycle, some: str, sold: str
) -> None:
    assert bucket(day(some), cycle) == day(sold)


@given(DAYS, st.sampled_from(Cycle))
def test_a_bucket_starts_on_its_first_day(some: date, cycle: Cycle) -> None:
    start, before = bucket_start(some, cycle), bucket_start(some, cycle) - timedelta(days=1)
    assert bucket(start, cycle) == bucket(some, cycle) != bucket(before, cycle)


def test_a_day_can_be_opened_against_the_list() -> None:
    """As it was before a temporary holiday was announced."""
    before = OpenDays(korean_holidays(), frozenset({day("2025-01-27")}))
    assert (KOREA.holiday(day("2025-01-27")), before.holiday(day("2025-01-27"))) == ("임시공휴일", None)
    assert due(BusinessDays(1, Anchor.EXCLUSIVE), day("2025-01-24"), before) == day("2025-01-27")


def test_a_date_far_away_is_no_rules() -> None:
    assert not explanations(day("2025-01-01"), day("2045-01-01"), KOREA)


def test_banks_that_never_open_are_an_error_and_no_endless_search() -> None:
    class Always(dict[date, str]):
        def __contains__(self, _: object) -> bool:
            return True

    with pytest.raises(ValueError, match="closed for a year"):
        OpenDays(Always()).forward(day("2025-01-01"))
