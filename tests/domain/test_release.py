"""Who may release what waits, and what a release does to a payment and its transactions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.methods import Situation
from jeongsan.domain.payment import Payment, approve
from jeongsan.domain.release import Cause, check_release, release, settling
from jeongsan.domain.terms import Conditions, Release
from support.examples import (
    APPROVAL_KEY,
    APPROVED_AT,
    SECRET,
    a_contract,
    a_ready_payment,
    a_transaction,
    an_authenticated_payment,
    cancelled,
)

ESCROW = (Situation.ESCROW,)


def agreed(awaits: Release = Release.ON_REQUEST) -> Conditions:
    return a_contract(release=awaits).conditions


def a_waiting_payment(
    conditions: Conditions | None = None, *, settles: bool = True, **changes: Any
) -> Payment:
    terms = replace(a_contract(), conditions=conditions or agreed())
    return approve(
        an_authenticated_payment(**changes),
        now=APPROVED_AT,
        transaction_key=APPROVAL_KEY,
        secret=SECRET,
        approve_no="12345678",
        terms=terms,
        settles=settles,
    )


def refused(payment: Payment, conditions: Conditions | None, cause: Cause) -> tuple[Code, str | None]:
    with pytest.raises(Refusal) as found:
        check_release(payment, conditions, cause)
    return found.value.code, found.value.field


FITTING = {
    Release.ON_REQUEST: Cause.REQUEST,
    Release.ON_CONFIRMATION: Cause.CONFIRMATION,
    Release.ON_COLLECTION: Cause.COLLECTION,
}


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("awaits", FITTING)
def test_a_payment_is_released_by_what_its_terms_await_and_by_nothing_else(
    awaits: Release, cause: Cause
) -> None:
    payment = a_waiting_payment(agreed(awaits))
    assert payment.waits
    if cause is FITTING[awaits]:
        check_release(payment, agreed(awaits), cause)
    else:
        assert refused(payment, agreed(awaits), cause) == (Code.FORBIDDEN_REQUEST, "cause")


@pytest.mark.parametrize("awaits", Release)
def test_escrow_waits_for_the_confirmation_whatever_else_was_agreed(awaits: Release) -> None:
    payment = a_waiting_payment(agreed(awaits), situations=ESCROW)
    assert payment.waits
    check_release(payment, agreed(awaits), Cause.CONFIRMATION)
    assert refused(payment, agreed(awaits), Cause.REQUEST) == (Code.FORBIDDEN_REQUEST, "cause")


def test_what_is_not_approved_is_not_released() -> None:
    for payment in (a_ready_payment(), an_authenticated_payment(situations=ESCROW)):
        assert refused(payment, None, Cause.REQUEST) == (Code.FORBIDDEN_REQUEST, "paymentKey")


def test_an_approval_that_came_after_the_terms_were_looked_up_is_not_released_yet() -> None:
    assert refused(a_waiting_payment(), None, Cause.REQUEST) == (Code.FORBIDDEN_REQUEST, "paymentKey")


def test_what_settles_at_once_or_never_waits_for_nobody() -> None:
    at_once = a_waiting_payment(agreed(Release.AT_ONCE))
    assert not at_once.waits
    assert refused(at_once, agreed(Release.AT_ONCE), Cause.REQUEST) == (Code.FORBIDDEN_REQUEST, "paymentKey")
    test_payment = a_waiting_payment(settles=False)
    assert not test_payment.waits
    assert refused(test_payment, agreed(), Cause.REQUEST) == (Code.FORBIDDEN_REQUEST, "paymentKey")


def test_a_release_happens_once_and_changes_neither_status_nor_version() -> None:
    waiting = a_waiting_payment()
    released = release(waiting)
    assert released == replace(waiting, waits=False)
    assert released.settles_now
    assert refused(released, agreed(), Cause.REQUEST) == (Code.ALREADY_PROCESSED_PAYMENT, None)


def test_part_of_a_payment_may_be_gone_but_not_all_of_it() -> None:
    waiting = a_waiting_payment()
    check_release(cancelled(waiting, 5_000), agreed(), Cause.REQUEST)
    for gone in (cancelled(waiting), cancelled(cancelled(waiting, 5_000), key="txrd_a2")):
        assert refused(gone, agreed(), Cause.REQUEST) == (Code.ALREADY_CANCELED_PAYMENT, None)


def test_a_transaction_is_given_its_settle_day_once() -> None:
    waiting = a_transaction(0, 15_000, settle_day=None)
    settles = settling(waiting, date(2025, 7, 1))
    assert settles == replace(waiting, settle_day=date(2025, 7, 1))
    with pytest.raises(ValueError, match="settles on 2025-07-01 already"):
        settling(settles, date(2025, 7, 2))
