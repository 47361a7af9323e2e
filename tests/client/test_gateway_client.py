"""The lists to their end, page by page, from a gateway in recorded shapes; and what only ours has."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from jeongsan.client.errors import Answered, UnreadableAnswer
from jeongsan.client.gateway_client import PAGE_ROWS, SETTLEMENT_SLICE_DAYS, GatewayClient
from jeongsan.client.moments import moment_of
from jeongsan.client.reader import FAULT_RETRIES
from support.recorded_gateway import (
    CANCELED_AT,
    THREAD_CANCEL,
    THREAD_ORDER,
    THREAD_PAYMENT,
    RecordedGateway,
    cancel_object,
    encoded,
    error,
    settlement_row,
    transaction_row,
)

DAY = date(2025, 4, 25)


def many_transactions(count: int) -> list[dict[str, Any]]:
    return [transaction_row(transactionKey=f"txrd_a{number:026d}") for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 100, PAGE_ROWS, PAGE_ROWS + 1])
def test_transactions_are_read_to_the_end(gateway: RecordedGateway, count: int) -> None:
    gateway.transactions = many_transactions(count)
    read = [row.transaction_key for row in gateway.client().transactions(DAY)]
    assert read == [row["transactionKey"] for row in gateway.transactions]


@pytest.mark.parametrize("page_rows", [100, 500])
def test_a_gateway_that_gives_smaller_pages_than_asked_for_is_read_to_the_end_too(
    gateway: RecordedGateway, page_rows: int
) -> None:
    gateway.page_rows = page_rows
    gateway.transactions = many_transactions(1_001)
    gateway.settlements = [
        settlement_row(transactionKey=row["transactionKey"]) for row in gateway.transactions
    ]
    assert len(list(gateway.client().transactions(DAY))) == 1_001
    assert len(gateway.client().settlements(DAY, DAY).rows) == 1_001


def test_the_last_second_of_a_day_belongs_to_it_and_midnight_does_not(gateway: RecordedGateway) -> None:
    """A bare end date would be its midnight, and lose the day."""
    times = ("2025-04-24T23:59:59", "2025-04-25T00:00:00", "2025-04-25T23:59:59", "2025-04-26T00:00:00")
    gateway.transactions = [
        transaction_row(transactionKey=f"key-{at}", transactionAt=f"{at}+09:00") for at in times
    ]
    read = [row.transaction_key for row in gateway.client().transactions(DAY)]
    assert read == ["key-2025-04-25T00:00:00", "key-2025-04-25T23:59:59"]
    assert gateway.asked("/v1/transactions")[0]["endDate"] == "2025-04-25T23:59:59.999"


def test_a_page_that_repeats_itself_is_an_error_and_no_endless_loop(gateway: RecordedGateway) -> None:
    page = encoded(many_transactions(100))
    gateway.replies = [(200, page), (200, page), (200, page)]
    with pytest.raises(UnreadableAnswer, match="same page"):
        list(gateway.client().transactions(DAY))
    rows = encoded([settlement_row(transactionKey=f"key-{number}") for number in range(100)])
    gateway.replies = [(200, rows), (200, rows), (200, rows)]
    with pytest.raises(UnreadableAnswer, match="same page"):
        gateway.client().settlements(DAY, DAY)


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 100, PAGE_ROWS + 1])
def test_settlements_are_read_page_by_page_to_the_end(gateway: RecordedGateway, count: int) -> None:
    gateway.settlements = [settlement_row(transactionKey=f"key-{number}") for number in range(count)]
    read = gateway.client().settlements(DAY, DAY)
    assert [row.transaction_key for row in read.rows] == [f"key-{number}" for number in range(count)]
    assert read.empty_reason is None


def test_long_periods_are_cut_into_slices_that_touch(gateway: RecordedGateway) -> None:
    first, last = date(2025, 1, 1), date(2025, 4, 25)
    gateway.client().settlements(first, last)
    asked = [(query["startDate"], query["endDate"]) for query in gateway.asked("/v1/settlements")]
    days = [(date.fromisoformat(start), date.fromisoformat(end)) for start, end in asked]
    assert (days[0][0], days[-1][1]) == (first, last)
    assert all((later - end).days == 1 for (_, end), (later, _) in pairwise(days))
    assert all((end - start).days < SETTLEMENT_SLICE_DAYS for start, end in days)


def test_a_busy_gateway_in_the_middle_of_a_list_loses_no_row(gateway: RecordedGateway) -> None:
    gateway.transactions = many_transactions(200)
    gateway.page_rows = 100
    gateway.replies = [(200, encoded(gateway.transactions[:100])), error(429, "TOO_MANY_REQUESTS")]
    assert len(list(gateway.client().transactions(DAY))) == 200
    assert gateway.waits == [1.0]


def test_a_row_of_today_is_read_with_every_field(gateway: RecordedGateway) -> None:
    gateway.transactions, gateway.settlements = [transaction_row()], [settlement_row()]
    (transaction,) = gateway.client().transactions(DAY)
    assert (transaction.payment_key, transaction.order_id) == (THREAD_PAYMENT, THREAD_ORDER)
    assert (transaction.status, transaction.amount, transaction.currency) == ("CANCELED", 150_000, "KRW")
    (row,) = gateway.client().settlements(DAY, DAY).rows
    assert (row.sold_date, row.paid_out_date) == (date(2025, 4, 25), date(2025, 5, 8))
    assert (row.amount, row.fee, row.pay_out_amount) == (-150_000, -5_280, -144_720)
    assert row.cancel is not None
    assert (row.cancel.canceled_at, row.cancel.cancel_amount) == (moment_of(CANCELED_AT), 150_000)
    assert row.absent == ()


def test_a_row_of_an_old_key_lacks_fields_and_says_which(gateway: RecordedGateway) -> None:
    """Recorded: keys of old API versions get `fee` without `fees`, and transaction keys of 32 hex digits."""
    old = settlement_row(transactionKey="B7103F204998813B889C77C043D09502", newField={"anything": 1})
    del old["fees"], old["cancel"]["receiptKey"], old["cancel"]["cancelRequestId"]
    gateway.settlements = [old]
    (row,) = gateway.client().settlements(DAY, DAY).rows
    assert row.absent == ("fees", "cancel.receiptKey", "cancel.cancelRequestId")
    assert row.fee == Decimal(-5_280)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"transactionKey": None}, "transactionKey is missing"),
        ({"paymentKey": ""}, "paymentKey is missing"),
        ({"paymentKey": 7}, "paymentKey is no text"),
        ({"soldDate": "20250425"}, "soldDate"),
        ({"paidOutDate": "2025-02-30"}, "paidOutDate"),
        ({"approvedAt": "yesterday"}, "approvedAt"),
        ({"amount": "-150000"}, "amount is no number"),
        ({"amount": True}, "amount is no number"),
        ({"fee": 10**18}, "fee is no amount of money"),
        ({"cancel": []}, "cancel is no object"),
        ({"cancel": {"canceledAt": "2025-04-25"}}, "cancel: canceledAt"),
    ],
    ids=str,
)
def test_a_field_of_the_wrong_kind_is_an_error_with_its_name(
    gateway: RecordedGateway, changes: dict[str, Any], said: str
) -> None:
    gateway.replies = [(200, encoded([settlement_row(), settlement_row(**changes)]))]
    with pytest.raises(UnreadableAnswer) as raised:
        gateway.client().settlements(DAY, DAY)
    assert said in str(raised.value)
    assert "/v1/settlements[1]" in str(raised.value)


def test_a_number_with_a_huge_exponent_is_no_money(gateway: RecordedGateway) -> None:
    """It would fill the memory when it is written out."""
    body = encoded([settlement_row(fee=12345)]).replace(b"12345", b"1e999999")
    gateway.replies = [(200, body)]
    with pytest.raises(UnreadableAnswer, match="fee is no amount of money"):
        gateway.client().settlements(DAY, DAY)


@pytest.mark.parametrize("body", [{}, None, "rows", [1], [[]]], ids=str)
def test_what_is_no_list_of_objects_is_an_error(gateway: RecordedGateway, body: Any) -> None:
    for ask in (
        lambda: list(gateway.client().transactions(DAY)),
        lambda: gateway.client().settlements(DAY, DAY),
    ):
        gateway.replies = [(200, encoded(body))]
        with pytest.raises(UnreadableAnswer):
            ask()


def test_a_payment_is_looked_up_by_its_key_however_it_is_written(gateway: RecordedGateway) -> None:
    gateway.payments["a%2Fb%3F"] = {
        "paymentKey": "a/b?",
        "orderId": THREAD_ORDER,
        "approvedAt": None,
        "currency": "KRW",
        "cancels": [cancel_object(cancelRequestId="request-1")],
    }
    payment = gateway.client().payment("a/b?")
    assert payment is not None
    assert (payment.approved_at, payment.cancels[0].request_id) == (None, "request-1")
    assert payment.cancels[0].transaction_key == THREAD_CANCEL


def test_a_payment_nobody_knows_is_none_and_a_refused_look_up_is_an_error(gateway: RecordedGateway) -> None:
    assert gateway.client().payment("unknown") is None
    gateway.replies = [error(400, "INVALID_REQUEST")]
    with pytest.raises(Answered):
        gateway.client().payment("unknown")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_what_only_our_gateway_has_is_simply_not_there_elsewhere(
    gateway: RecordedGateway, status: int
) -> None:
    gateway.replies = [error(status, "NOT_FOUND_HTTP_METHOD")] * 2
    assert gateway.client().recorded_cancels(DAY, DAY) is None
    assert gateway.client().business_time() is None


def test_an_extension_that_breaks_down_is_not_taken_for_absent(gateway: RecordedGateway) -> None:
    for ask in (lambda: gateway.client().recorded_cancels(DAY, DAY), gateway.client().business_time):
        gateway.replies = [error(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")] * (FAULT_RETRIES + 1)
        with pytest.raises(Answered):
            ask()


@pytest.mark.parametrize("body", [b"{}", b"[]", b"<html>", b'{"now": "today"}'])
def test_a_gateway_that_answers_any_path_with_something_has_no_clock(
    gateway: RecordedGateway, body: bytes
) -> None:
    gateway.replies = [(200, body)]
    assert gateway.client().business_time() is None


@pytest.mark.parametrize("page_rows", [1, 7, 64, None])
def test_until_a_page_is_empty_any_page_size_is_read_to_the_end(
    gateway: RecordedGateway, page_rows: int | None
) -> None:
    gateway.page_rows = page_rows
    gateway.transactions = many_transactions(64)
    gateway.settlements = [
        settlement_row(transactionKey=row["transactionKey"]) for row in gateway.transactions
    ]
    client = GatewayClient(gateway.reader(), until_empty=True)
    assert len(list(client.transactions(DAY))) == 64
    assert len(client.settlements(DAY, DAY).rows) == 64


def test_a_list_that_goes_round_in_circles_is_an_error(gateway: RecordedGateway) -> None:
    """Not the same page twice in a row, but the same again and again."""
    rows = many_transactions(200)
    first, second = encoded(rows[:100]), encoded(rows[100:])
    gateway.replies = [(200, first), (200, second), (200, first), (200, second)]
    with pytest.raises(UnreadableAnswer, match="same page"):
        list(gateway.client().transactions(DAY))
    assert len(gateway.requests) == 3


@pytest.mark.parametrize("until_empty", [False, True])
@pytest.mark.parametrize("count", [6, 7, 8])
def test_pages_may_be_asked_for_smaller(gateway: RecordedGateway, count: int, until_empty: bool) -> None:
    """A gateway may refuse the documented most. Pages that are just full are not the last."""
    gateway.transactions = many_transactions(count)
    gateway.settlements = [
        settlement_row(transactionKey=row["transactionKey"]) for row in gateway.transactions
    ]
    client = GatewayClient(gateway.reader(), until_empty=until_empty, page_rows=2)
    keys = [row["transactionKey"] for row in gateway.transactions]
    assert [row.transaction_key for row in client.transactions(DAY)] == keys
    assert [row.transaction_key for row in client.settlements(DAY, DAY).rows] == keys
    assert {query["limit"] for query in gateway.asked("/v1/transactions")} == {"2"}
    assert {query["size"] for query in gateway.asked("/v1/settlements")} == {"2"}


def test_pages_are_given_one_at_a_time(gateway: RecordedGateway) -> None:
    gateway.page_rows = 100
    gateway.settlements = [settlement_row(transactionKey=f"key-{number}") for number in range(250)]
    pages = gateway.client().settlement_pages(DAY, DAY)
    assert len(next(pages).rows) == 100
    assert len(gateway.asked("/v1/settlements")) == 1
    assert [len(page.rows) for page in pages] == [100, 50]


def test_rows_may_be_had_as_they_are_answered(gateway: RecordedGateway) -> None:
    gateway.settlements = [settlement_row(newField=1)]
    (found,) = gateway.client().settlement_objects(DAY, DAY)
    assert found.values == gateway.settlements[0]
