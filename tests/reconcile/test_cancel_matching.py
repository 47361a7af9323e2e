"""Which line of the book is which cancel."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from jeongsan.client.moments import moment_of
from jeongsan.reconcile.cancel_matching import MatchedBy, matches
from support.cancels import found, line
from support.recorded_gateway import CANCELED_AT, THREAD_CANCEL, THREAD_ORDER, THREAD_PAYMENT

AT = moment_of(CANCELED_AT)
AMOUNT = Decimal(150_000)
BY_PAYMENT: dict[str, Any] = {"payment_key": THREAD_PAYMENT, "cancel_amount": AMOUNT, "canceled_at": AT}


@pytest.mark.parametrize(
    ("told", "by"),
    [
        ({"transaction_key": THREAD_CANCEL}, MatchedBy.TRANSACTION_KEY),
        ({"transaction_key": THREAD_CANCEL, "cancel_amount": Decimal(1)}, MatchedBy.TRANSACTION_KEY),
        ({"request_id": "request-1"}, MatchedBy.CANCEL_REQUEST_ID),
        (BY_PAYMENT, MatchedBy.PAYMENT_KEY),
        (BY_PAYMENT | {"canceled_at": None}, MatchedBy.PAYMENT_KEY),
        (BY_PAYMENT | {"currency": "KRW"}, MatchedBy.PAYMENT_KEY),
        ({"order_id": THREAD_ORDER, "cancel_amount": AMOUNT}, MatchedBy.ORDER_ID),
    ],
    ids=str,
)
def test_a_line_is_matched_by_the_surest_thing_it_knows(told: dict[str, Any], by: MatchedBy) -> None:
    (match,) = matches([found(request_id="request-1")], [line(**told)])
    assert (match.line.line, match.found.transaction_key, match.by) == (2, THREAD_CANCEL, by)


@pytest.mark.parametrize(
    "told",
    [
        {"transaction_key": "another"},
        # Another cancel of the same payment and amount is another cancel.
        BY_PAYMENT | {"transaction_key": "another"},
        BY_PAYMENT | {"request_id": "another"},
        BY_PAYMENT | {"currency": "USD"},
        BY_PAYMENT | {"canceled_at": AT - timedelta(days=1, seconds=1)},
        BY_PAYMENT | {"canceled_at": moment_of("2025-04-23T00:00:00"), "day_only": True},
        {"order_id": THREAD_ORDER, "payment_key": "another", "cancel_amount": AMOUNT},
        {"request_id": "another"},
    ],
    ids=str,
)
def test_a_line_that_contradicts_the_cancel_is_not_its_line(told: dict[str, Any]) -> None:
    assert matches([found(request_id="request-1")], [line(**told)]) == ()


OTHER = Decimal(4_000)


@pytest.mark.parametrize(
    ("told", "by"),
    [
        (BY_PAYMENT, MatchedBy.PAYMENT_KEY),
        ({"order_id": THREAD_ORDER, "canceled_at": AT}, MatchedBy.ORDER_ID),
        ({"order_id": THREAD_ORDER}, MatchedBy.ORDER_ID),
    ],
    ids=str,
)
def test_the_only_line_and_the_only_cancel_left_of_a_payment_belong_together_whatever_the_amounts(
    told: dict[str, Any], by: MatchedBy
) -> None:
    whole = found(transaction_key="whole")
    part = found(transaction_key="part", cancel_amount=Decimal(5_000), canceled_at=AT + timedelta(hours=1))
    lines = [line(2, **BY_PAYMENT), line(3, **told | {"cancel_amount": OTHER})]
    made = [(one.line.line, one.found.transaction_key, one.by) for one in matches([whole, part], lines)]
    assert made == [(2, "whole", MatchedBy.PAYMENT_KEY), (3, "part", by)]


def test_of_several_lines_or_cancels_left_with_other_amounts_none_is_guessed() -> None:
    part, another = found(), found(transaction_key="another", cancel_amount=Decimal(5_000))
    first, second = (
        line(2, **BY_PAYMENT | {"cancel_amount": OTHER}),
        line(3, order_id=THREAD_ORDER, cancel_amount=Decimal(3_000)),
    )
    assert matches([part], [first, second]) == ()
    assert matches([part, another], [first]) == ()


def test_a_line_of_another_amount_a_day_away_is_another_cancel() -> None:
    far = line(**BY_PAYMENT | {"cancel_amount": OTHER, "canceled_at": AT - timedelta(days=1, seconds=1)})
    assert matches([found()], [far]) == ()


def test_of_two_equal_cancels_each_line_gets_the_nearest() -> None:
    """Two parts of the same amount; the line of the second was written first."""
    early, late = (
        found(transaction_key="early"),
        found(transaction_key="late", canceled_at=AT + timedelta(hours=3)),
    )
    lines = [
        line(2, **BY_PAYMENT | {"canceled_at": AT + timedelta(hours=2)}),
        line(3, **BY_PAYMENT | {"canceled_at": AT + timedelta(hours=1)}),
    ]
    made = {match.line.line: match.found.transaction_key for match in matches([early, late], lines)}
    assert made == {2: "late", 3: "early"}


def test_a_line_without_a_time_takes_what_the_others_leave() -> None:
    cancels = [
        found(transaction_key="early"),
        found(transaction_key="late", canceled_at=AT + timedelta(hours=3)),
    ]
    lines = [line(2, **BY_PAYMENT | {"canceled_at": None}), line(3, **BY_PAYMENT)]
    made = {match.line.line: match.found.transaction_key for match in matches(cancels, lines)}
    assert made == {2: "late", 3: "early"}


def test_a_sure_match_comes_before_a_near_one() -> None:
    lines = [line(2, **BY_PAYMENT), line(3, transaction_key=THREAD_CANCEL)]
    (match,) = matches([found()], lines)
    assert match.line.line == 3


def test_a_line_written_twice_is_matched_once() -> None:
    lines = [line(2, transaction_key=THREAD_CANCEL), line(3, transaction_key=THREAD_CANCEL)]
    (match,) = matches([found()], lines)
    assert match.line.line == 2
