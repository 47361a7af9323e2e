"""The state table, walked in full: every status, action and amount case has one outcome."""

from itertools import product

import pytest

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment_states import (
    REFUSALS,
    TRANSITIONS,
    Action,
    ImpossibleTransition,
    Status,
    check,
    may,
    next_status,
)

# What is documented or measured, written down a second time: (status, action, whole, zero) → status.
ALLOWED = {
    ("READY", "authenticate", False, False): "IN_PROGRESS",
    ("READY", "expire", False, False): "EXPIRED",
    ("IN_PROGRESS", "expire", False, False): "EXPIRED",
    ("IN_PROGRESS", "abort", False, False): "ABORTED",
    ("IN_PROGRESS", "approve", False, False): "DONE",
    ("DONE", "cancel", True, True): "CANCELED",
    ("DONE", "cancel", False, False): "PARTIAL_CANCELED",
    ("PARTIAL_CANCELED", "cancel", False, False): "PARTIAL_CANCELED",
    ("PARTIAL_CANCELED", "cancel", False, True): "PARTIAL_CANCELED",
}
REFUSED = {
    ("READY", "approve"): "UNAPPROVED_ORDER_ID",
    ("EXPIRED", "approve"): "NOT_FOUND_PAYMENT_SESSION",
    **{
        (status, "approve"): "ALREADY_PROCESSED_PAYMENT"
        for status in ("WAITING_FOR_DEPOSIT", "DONE", "CANCELED", "PARTIAL_CANCELED", "ABORTED")
    },
    **{
        (status, "cancel"): "NOT_CANCELABLE_PAYMENT"
        for status in ("READY", "IN_PROGRESS", "WAITING_FOR_DEPOSIT", "ABORTED", "EXPIRED")
    },
    ("CANCELED", "cancel"): "ALREADY_CANCELED_PAYMENT",
}
EVERY_CASE = list(product(Status, Action, (False, True), (False, True)))


@pytest.mark.parametrize(("status", "action", "whole", "zero"), EVERY_CASE)
def test_every_case_of_the_table_has_its_documented_outcome(
    status: Status, action: Action, whole: bool, zero: bool
) -> None:
    case = (status.value, action.value)

    def outcome() -> str:
        return next_status(status, action, whole_original=whole, balance_zero=zero).value

    if (*case, whole, zero) in ALLOWED:
        assert outcome() == ALLOWED[(*case, whole, zero)]
    elif case in REFUSED:
        with pytest.raises(Refusal) as refused:
            outcome()
        assert refused.value.code is Code(REFUSED[case])
    else:
        with pytest.raises(ImpossibleTransition):
            outcome()


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_checking_beforehand_agrees_with_the_table(status: Status, action: Action) -> None:
    case = (status.value, action.value)
    possible = case in {key[:2] for key in ALLOWED}
    assert may(status, action) is possible
    if possible:
        check(status, action)
        return
    with pytest.raises(Refusal) as refused:
        check(status, action)
    assert refused.value.code == REFUSED.get(case, "FORBIDDEN_REQUEST")


def test_no_pair_is_both_allowed_and_refused() -> None:
    assert {key[:2] for key in TRANSITIONS}.isdisjoint(REFUSALS)


@pytest.mark.parametrize("status", [Status.CANCELED, Status.ABORTED, Status.EXPIRED])
def test_finished_payments_stay_finished(status: Status) -> None:
    assert not any(may(status, action) for action in Action)


def test_every_status_but_the_virtual_accounts_can_be_reached() -> None:
    assert {Status.READY, *TRANSITIONS.values()} == set(Status) - {Status.WAITING_FOR_DEPOSIT}
