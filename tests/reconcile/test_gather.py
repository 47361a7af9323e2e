"""What is read from a gateway, and what is not."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from jeongsan.client.moments import moment_of
from jeongsan.reconcile.gather import Gathered, gather
from jeongsan.reconcile.period import Period
from support.recorded_gateway import (
    APPROVED_AT,
    THREAD_CANCEL,
    THREAD_ORDER,
    THREAD_PAYMENT,
    RecordedGateway,
    cancel_object,
    encoded,
    error,
    open_recorded_gateway,
    settlement_row,
    transaction_row,
)

DAY = Period(date(2025, 4, 25), date(2025, 4, 25))


@pytest.fixture
def gateway() -> Iterator[RecordedGateway]:
    with open_recorded_gateway() as opened:
        yield opened


def gathered(gateway: RecordedGateway, period: Period = DAY, **told: Any) -> Gathered:
    known: dict[str, Any] = {"machine_now": moment_of("2025-06-01T10:00:00"), "test_key": False}
    return gather(gateway.client(), period, tell=lambda _: None, **known | told)


def test_a_settled_cancel_needs_no_look_up_of_its_payment(gateway: RecordedGateway) -> None:
    gateway.transactions, gateway.settlements = [transaction_row()], [settlement_row()]
    (found,) = gathered(gateway).found
    assert found.row is not None
    assert not any(path.startswith("/v1/payments") for _, path, _ in gateway.requests)


def test_only_gets_are_sent(gateway: RecordedGateway) -> None:
    gateway.transactions = [transaction_row()]
    gathered(gateway)
    assert {method for method, _, _ in gateway.requests} == {"GET"}
    assert len(gateway.requests) > 5


def test_a_day_of_margin_is_read_on_both_sides(gateway: RecordedGateway) -> None:
    gathered(gateway)
    days = [query["startDate"][:10] for query in gateway.asked("/v1/transactions")]
    assert days == ["2025-04-24", "2025-04-25", "2025-04-26"]


def test_days_to_come_are_not_asked_for(gateway: RecordedGateway) -> None:
    gathered(
        gateway, Period(date(2025, 4, 25), date(2025, 12, 31)), machine_now=moment_of("2025-04-25T09:00:00")
    )
    days = [query["startDate"][:10] for query in gateway.asked("/v1/transactions")]
    assert days == ["2025-04-24", "2025-04-25"]


@pytest.mark.parametrize("sold", ["2025-04-27", "2025-04-30"])
def test_the_row_of_a_weekly_or_monthly_contract_is_found_under_its_later_sold_date(
    gateway: RecordedGateway, sold: str
) -> None:
    gateway.transactions = [transaction_row()]
    gateway.settlements = [settlement_row(soldDate=sold)]
    (found,) = gathered(gateway).found
    assert found.row is not None
    assert found.row.sold_date == date.fromisoformat(sold)


def test_later_sold_dates_are_not_asked_for_without_need(gateway: RecordedGateway) -> None:
    gateway.transactions, gateway.settlements = [transaction_row()], [settlement_row()]
    gathered(gateway)
    assert [query["endDate"] for query in gateway.asked("/v1/settlements")] == ["2025-04-26"]
    gateway.settlements = []
    gathered(gateway, machine_now=moment_of("2025-04-25T23:00:00"))
    assert [query["endDate"] for query in gateway.asked("/v1/settlements")] == ["2025-04-26"] * 2


def test_a_cancel_without_a_row_is_looked_up_once_per_payment(gateway: RecordedGateway) -> None:
    parts = [
        transaction_row(transactionKey=f"part-{number}", status="PARTIAL_CANCELED") for number in range(3)
    ]
    gateway.transactions = parts
    gateway.payments[THREAD_PAYMENT] = {
        "paymentKey": THREAD_PAYMENT,
        "orderId": THREAD_ORDER,
        "approvedAt": APPROVED_AT,
        "cancels": [cancel_object(transactionKey="part-1", cancelAmount=5_000)],
    }
    found = {one.transaction_key: one for one in gathered(gateway).found}
    assert len(gateway.asked(f"/v1/payments/{THREAD_PAYMENT}")) == 1
    assert {one.approved_at for one in found.values()} == {moment_of(APPROVED_AT)}
    assert (found["part-1"].cancel_amount, found["part-2"].cancel_amount) == (5_000, 150_000)


def test_cancels_of_the_margin_are_not_looked_up(gateway: RecordedGateway) -> None:
    gateway.transactions = [transaction_row(transactionAt="2025-04-26T00:00:00+09:00")]
    assert len(gathered(gateway).found) == 1
    assert gateway.asked(f"/v1/payments/{THREAD_PAYMENT}") == []


def test_with_a_test_key_an_empty_list_means_that_nothing_settles(gateway: RecordedGateway) -> None:
    gateway.transactions = [transaction_row()]
    assert gathered(gateway).settles
    assert not gathered(gateway, test_key=True).settles
    gateway.settlements = [settlement_row(transactionKey="another", paymentKey="another")]
    assert gathered(gateway, test_key=True).settles


def test_our_gateways_own_time_is_used_where_there_is_one(gateway: RecordedGateway) -> None:
    gateway.replies = [(200, encoded({"now": "2025-04-25T23:59:59+09:00", "mode": "frozen"}))]
    read = gathered(gateway)
    assert read.now == moment_of("2025-04-25T23:59:59")
    assert gathered(gateway).now - read.now > timedelta(days=30)


def test_at_a_gateway_that_records_nothing_nothing_is_recorded(gateway: RecordedGateway) -> None:
    gateway.transactions = [transaction_row()]
    read = gathered(gateway)
    assert (read.recorded, read.found[0].recorded) == (False, None)
    assert read.found[0].transaction_key == THREAD_CANCEL


def test_rows_of_other_payments_are_read_and_not_kept(gateway: RecordedGateway) -> None:
    approval = settlement_row(transactionKey="approval", soldDate="2025-03-13", cancel=None, amount=150_000)
    other = approval | {"transactionKey": "other", "paymentKey": "other"}
    gateway.settlements = [approval, other, settlement_row()]
    spring = Period(date(2025, 3, 1), date(2025, 4, 30))
    (found,) = gathered(gateway, spring).found
    assert not found.in_transactions, "its row alone tells of it, slices after its approval's"
    assert found.approval_row is not None
    assert found.approval_row.transaction_key == "approval"
    gateway.settlements = [other]
    read = gathered(gateway, spring, test_key=True)
    assert (read.found, read.settles) == ((), True)


def test_the_record_of_a_year_and_its_margins_is_asked_for_in_pieces(gateway: RecordedGateway) -> None:
    gateway.replies = [error(404, "NOT_FOUND_HTTP_METHOD"), *[(200, b"[]")] * 7]
    read = gathered(
        gateway, Period(date(2024, 1, 1), date(2024, 12, 31)), machine_now=moment_of("2024-01-04T09:00:00")
    )
    assert read.recorded
    assert [(one["from"], one["to"]) for one in gateway.asked("/jeongsan/v1/cancels")] == [
        ("2023-12-31", "2024-12-30"),
        ("2024-12-31", "2025-01-01"),
    ]
