"""Cancels put together from everything a gateway says."""

from decimal import Decimal
from typing import Any

import pytest

from jeongsan.client.errors import UnreadableAnswer
from jeongsan.client.fields import Fields
from jeongsan.client.moments import moment_of
from jeongsan.client.rows import Payment, Transaction, transaction
from jeongsan.client.rows import cancel as read_cancel
from jeongsan.reconcile.found_cancels import Answers, FoundCancel, found_cancels
from support.cancels import recorded, row
from support.recorded_gateway import (
    APPROVED_AT,
    CANCELED_AT,
    THREAD_CANCEL,
    THREAD_ORDER,
    THREAD_PAYMENT,
    cancel_object,
    transaction_row,
)


def told(**changes: Any) -> Transaction:
    return transaction(Fields(transaction_row(**changes), "row"))


def only(**answers: Any) -> FoundCancel:
    (found,) = found_cancels(Answers(**answers))
    return found


def test_what_three_lists_say_of_one_key_is_one_cancel() -> None:
    found = only(transactions=(told(),), rows=(row(),), recorded=(recorded(),))
    assert (found.transaction_key, found.payment_key, found.order_id) == (
        THREAD_CANCEL, THREAD_PAYMENT, THREAD_ORDER,
    )  # fmt: skip
    assert (found.canceled_at, found.approved_at) == (moment_of(CANCELED_AT), moment_of(APPROVED_AT))
    assert found.in_transactions
    assert len(found.rows) == 1
    assert found.recorded is not None


@pytest.mark.parametrize(
    "answers",
    [
        {"transactions": (told(),)},
        {"rows": (row(),)},
        {"recorded": (recorded(),)},
    ],
    ids=lambda answers: next(iter(answers)),
)
def test_a_cancel_that_only_one_list_knows_is_found(answers: dict[str, Any]) -> None:
    found = only(**answers)
    assert (found.transaction_key, found.cancel_amount) == (THREAD_CANCEL, 150_000)
    assert found.in_transactions is ("transactions" in answers)


def test_approvals_and_other_transactions_are_no_cancels() -> None:
    approval = told(transactionKey="approval", status="DONE")
    issue = told(transactionKey="issue", status="WAITING_FOR_DEPOSIT", amount=0)
    assert found_cancels(Answers((approval, issue), (row(transactionKey="approval", cancel=None),))) == ()


def test_a_settled_approval_is_no_cancel_whatever_its_status_says() -> None:
    """A status may be the payment's of today, and then approvals of cancelled payments are CANCELED too."""
    approval = told(transactionKey="approval", status="CANCELED")
    rows = (row(), row(transactionKey="approval", cancel=None, amount=150_000))
    found = only(transactions=(approval, told()), rows=rows)
    assert found.transaction_key == THREAD_CANCEL
    assert found.approval_row is rows[1]


def test_a_transactions_amount_counts_without_its_sign() -> None:
    assert only(transactions=(told(amount=-5_000, status="PARTIAL_CANCELED"),)).cancel_amount == 5_000


def test_the_row_is_believed_before_the_transaction() -> None:
    """What the amount of a PARTIAL_CANCELED transaction means is not recorded; that of a cancel is clear."""
    found = only(transactions=(told(amount=1),), rows=(row(),))
    assert found.cancel_amount == 150_000


def test_the_approval_of_the_same_days_tells_its_time() -> None:
    approval = told(transactionKey="approval", status="DONE", transactionAt="2025-04-25T11:08:07+09:00")
    found = only(transactions=(approval, told()))
    assert found.approved_at == moment_of("2025-04-25T11:08:07")


def test_a_looked_up_payment_tells_what_a_missing_row_cannot() -> None:
    cancel = read_cancel(Fields(cancel_object(cancelRequestId="request-1", cancelStatus="IN_PROGRESS"), "x"))
    payment = Payment(THREAD_PAYMENT, THREAD_ORDER, None, "KRW", (cancel,))
    found = only(transactions=(told(),), payments={THREAD_PAYMENT: payment})
    assert (found.request_id, found.status, found.never_approved) == ("request-1", "IN_PROGRESS", True)
    unknown = only(transactions=(told(),), payments={THREAD_PAYMENT: None})
    assert (unknown.request_id, unknown.never_approved) == (None, False)


def test_two_rows_of_one_cancel_stay_two() -> None:
    assert len(only(rows=(row(), row())).rows) == 2


def test_a_row_that_does_not_say_when_is_dated_by_its_key_or_else_its_sold_date() -> None:
    without = cancel_object(canceledAt=None)
    assert only(rows=(row(cancel=without),)).canceled_at == moment_of("2025-04-25T11:08:10.643")
    old = "B7103F204998813B889C77C043D09502"
    assert only(rows=(row(cancel=without, transactionKey=old),)).canceled_at == moment_of(
        "2025-04-25T00:00:00"
    )
    with pytest.raises(UnreadableAnswer, match=old):
        only(rows=(row(cancel=without, transactionKey=old, soldDate=None),))


def test_cancels_come_in_order_of_time() -> None:
    later, earlier = (
        told(transactionKey="a", transactionAt="2025-04-25T12:00:00+09:00"),
        told(transactionKey="b", transactionAt="2025-04-25T09:00:00+09:00", amount=Decimal(5)),
    )
    assert [one.transaction_key for one in found_cancels(Answers((later, earlier)))] == ["b", "a"]
