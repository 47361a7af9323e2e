"""Holds: what a reason may cover, what is left to hold, and where a release moves rows."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import (
    Hold,
    HoldReason,
    HoldState,
    check_holdable,
    check_releasable,
    check_scope,
    date_after_release,
)

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def a_hold(state: HoldState) -> Hold:
    return Hold(
        hold_id=1,
        shop_id=1,
        payment_id=None,
        reason=HoldReason.KYC,
        note=None,
        state=state,
        placed_at=0,
        placed_by=Actor(Channel.SYSTEM, "kim"),
    )


@pytest.mark.parametrize("reason", HoldReason)
@pytest.mark.parametrize("of_payment", [True, False])
def test_a_dispute_is_about_a_payment_and_every_other_reason_about_a_shop(
    reason: HoldReason, of_payment: bool
) -> None:
    if (reason is HoldReason.DISPUTE) == of_payment:
        check_scope(reason, of_payment=of_payment)
        return
    with pytest.raises(Refusal) as refused:
        check_scope(reason, of_payment=of_payment)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "paymentKey")


@given(approved=st.booleans(), settles=st.booleans(), unpaid=st.booleans())
def test_only_money_that_is_still_to_be_paid_can_be_held(approved: bool, settles: bool, unpaid: bool) -> None:
    if approved and settles and unpaid:
        check_holdable(approved=approved, settles=settles, unpaid=unpaid)
        return
    with pytest.raises(Refusal) as refused:
        check_holdable(approved=approved, settles=settles, unpaid=unpaid)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "paymentKey")


def test_a_hold_is_in_force_until_its_release_is_complete() -> None:
    for state in (HoldState.STANDING, HoldState.RELEASING):
        assert a_hold(state).in_force
        check_releasable(a_hold(state))
    assert not a_hold(HoldState.RELEASED).in_force
    with pytest.raises(Refusal) as refused:
        check_releasable(a_hold(HoldState.RELEASED))
    assert (refused.value.code, refused.value.field) == (Code.INVALID_REQUEST, "holdId")


@given(today=DAYS, holidays=st.sets(DAYS, max_size=200))
def test_a_release_moves_to_the_first_business_day_after_today(today: date, holidays: set[date]) -> None:
    calendar = Calendar(dict.fromkeys(holidays, "휴일"), {})
    day = date_after_release(today, calendar)
    assert day > today
    assert calendar.reason_closed(day) is None
    between = (today + timedelta(days=one) for one in range(1, (day - today).days))
    assert all(calendar.reason_closed(one) is not None for one in between)
