"""Requests of the Toss-shaped paths and of the sandbox buyer: what is taken, and what is refused how."""

import json
from datetime import date
from decimal import Decimal

import pytest

from jeongsan.domain.channels import Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import DAY_MS, parse_instant
from jeongsan.domain.money import Money
from jeongsan.domain.views import CancelsQuery
from jeongsan.wire.requests import (
    CANCELS_DAYS_MAX,
    cancel_body,
    cancels_query,
    confirm_body,
    sandbox_payment_body,
    settlements_query,
    transactions_query,
    whole_seconds,
)

CONFIRM = {"paymentKey": "tjeon20250313130000abcde", "orderId": "order-000001", "amount": 15_000}
BUYER = {"orderId": "order-000001", "orderName": "티셔츠", "amount": 15_000}
DAYS = {"startDate": "2025-03-13", "endDate": "2025-03-13"}


def _refused(call: object, *arguments: object) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as refused:
        call(*arguments)  # type: ignore[operator]
    return refused.value.code.value, refused.value.field


def _json(values: dict[str, object]) -> bytes:
    return json.dumps(values).encode()


def test_a_confirm_takes_three_fields_and_drops_the_rest() -> None:
    body = confirm_body(_json(CONFIRM | {"taxFreeAmount": 3_000, "unknown": {"deep": [1]}}))
    assert (body.payment_key, body.order_id, body.amount) == tuple(CONFIRM.values())


def test_recorded_tolerance_numbers_as_strings_and_order_ids_as_numbers() -> None:
    body = confirm_body(_json(CONFIRM | {"amount": "9026", "orderId": 71}))
    assert (body.order_id, body.amount) == ("71", 9_026)


@pytest.mark.parametrize("field", ["paymentKey", "orderId", "amount"])
@pytest.mark.parametrize("value", ["missing", None, True, [], {}, "", "x\x00", "x" * 201])
def test_a_confirm_names_the_field_at_fault(field: str, value: object) -> None:
    values = {name: sent for name, sent in CONFIRM.items() if name != field or value != "missing"}
    if value != "missing":
        values[field] = value  # type: ignore[assignment]
    assert _refused(confirm_body, _json(values)) == ("INVALID_REQUEST", field)


def test_a_cancel_needs_a_reason_and_nothing_else() -> None:
    body = cancel_body(_json({"cancelReason": "고객 변심"}))
    assert body.reason == "고객 변심"
    assert (body.amount, body.tax_free, body.tax_exemption, body.refundable) == (None, None, None, None)
    assert (body.currency, body.cancel_request_id) == (None, None)


def test_a_cancel_takes_all_its_documented_fields() -> None:
    body = cancel_body(
        _json(
            {
                "cancelReason": "r" * 200,
                "cancelAmount": "5000",
                "taxFreeAmount": 100,
                "taxExemptionAmount": 0,
                "refundableAmount": 15_000,
                "currency": "KRW",
                "cancelRequestId": "req_-=01",
            }
        )
    )
    assert (body.amount, body.tax_free, body.tax_exemption, body.refundable) == (5_000, 100, 0, 15_000)
    assert (body.currency, body.cancel_request_id) == ("KRW", "req_-=01")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cancelReason": None}, "cancelReason"),
        ({"cancelReason": ""}, "cancelReason"),
        ({"cancelReason": "r" * 201}, "cancelReason"),
        ({"cancelReason": "변심\x00"}, "cancelReason"),
        ({"cancelAmount": "NaN"}, "cancelAmount"),
        ({"cancelAmount": True}, "cancelAmount"),
        ({"taxFreeAmount": []}, "taxFreeAmount"),
        ({"refundableAmount": "much"}, "refundableAmount"),
        ({"currency": "DOLLAR"}, "currency"),
        ({"cancelRequestId": "short"}, "cancelRequestId"),
        ({"cancelRequestId": "r" * 65}, "cancelRequestId"),
        ({"cancelRequestId": "요청번호-000001"}, "cancelRequestId"),
        ({"cancelRequestId": "with space"}, "cancelRequestId"),
    ],
)
def test_a_cancel_names_the_field_at_fault(change: dict[str, object], field: str) -> None:
    assert _refused(cancel_body, _json({"cancelReason": "변심"} | change)) == ("INVALID_REQUEST", field)


def test_the_buyer_pays_won_with_a_credit_card_unless_told_otherwise() -> None:
    body = sandbox_payment_body(_json(BUYER))
    assert (body.amount, body.tax_free) == (Money(15_000, "KRW"), Money(0, "KRW"))
    assert body.card is not None
    assert (body.card.installment_plan_months, body.card.card_type, body.card.acquire_status) == (
        0,
        "신용",
        "READY",
    )


def test_a_buyer_who_left_the_window_open_has_shown_no_card() -> None:
    assert sandbox_payment_body(_json(BUYER | {"authenticated": False})).card is None


def test_dollars_have_two_decimals() -> None:
    body = sandbox_payment_body(b'{"orderId":"order-1","orderName":"x","amount":544.68,"currency":"USD"}')
    assert body.amount == Money(54_468, "USD")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"orderId": "12345"}, "INVALID_ORDER_ID", None),
        ({"orderId": "o" * 65}, "INVALID_ORDER_ID", None),
        ({"orderId": "주문번호-000001"}, "INVALID_ORDER_ID", None),
        ({"orderId": "order 000001"}, "INVALID_ORDER_ID", None),
        ({"orderId": "order-000001\n"}, "INVALID_ORDER_ID", None),
        ({"orderId": None}, "INVALID_REQUEST", "orderId"),
        ({"orderName": "이" * 101}, "INVALID_ORDER_NAME", None),
        ({"orderName": None}, "INVALID_REQUEST", "orderName"),
        ({"method": "가상계좌"}, "NOT_SUPPORTED_METHOD", None),
        ({"currency": "EUR"}, "INVALID_CURRENCY", None),
        ({"amount": 99}, "BELOW_MINIMUM_AMOUNT", "amount"),
        ({"amount": -15_000}, "BELOW_MINIMUM_AMOUNT", "amount"),
        ({"amount": 100.5}, "INVALID_REQUEST", "amount"),
        ({"amount": 10**16}, "INVALID_REQUEST", "amount"),
        ({"amount": None}, "INVALID_REQUEST", "amount"),
        ({"amount": True}, "INVALID_REQUEST", "amount"),
        ({"taxFreeAmount": 15_001}, "INVALID_REQUEST", "taxFreeAmount"),
        ({"taxFreeAmount": -1}, "INVALID_REQUEST", "taxFreeAmount"),
        ({"taxFreeAmount": "1e-999999999"}, "INVALID_REQUEST", "taxFreeAmount"),
        ({"cardInstallmentPlan": 37}, "INVALID_REQUEST", "cardInstallmentPlan"),
        ({"cardInstallmentPlan": "1e99999999"}, "INVALID_REQUEST", "cardInstallmentPlan"),
        ({"cardNumber": "1234"}, "INVALID_REQUEST", "cardNumber"),
        ({"authenticated": "yes"}, "INVALID_REQUEST", "authenticated"),
    ],
)
def test_a_buyers_mistake_has_its_code(change: dict[str, object], code: str, field: str | None) -> None:
    assert _refused(sandbox_payment_body, _json(BUYER | change)) == (code, field)


@pytest.mark.parametrize("amount", ["1e400", "1e-400", "1e999999999", "-1e400"])
def test_an_amount_beyond_all_bounds_is_refused_at_once(amount: str) -> None:
    body = f'{{"orderId":"order-000001","orderName":"x","amount":{amount}}}'.encode()
    assert _refused(sandbox_payment_body, body) == ("INVALID_REQUEST", "amount")


def test_amounts_keep_their_digits_on_the_way_in() -> None:
    assert confirm_body(_json(CONFIRM | {"amount": "15000.00"})).amount == Decimal("15000.00")


def test_a_transactions_query_reads_korean_times_and_has_defaults() -> None:
    query = transactions_query({"startDate": "2025-03-13", "endDate": "2025-03-13T23:59:59.999"})
    assert query.start == parse_instant("2025-03-13T00:00:00+09:00")
    assert query.end == parse_instant("2025-03-13T23:59:59.999+09:00")
    assert (query.starting_after, query.limit) == (None, 100)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"startDate": None}, "INVALID_REQUEST", "startDate"),
        ({"endDate": ""}, "INVALID_REQUEST", "endDate"),
        ({"startDate": "13/03/2025"}, "INVALID_ISO_DATE_FORMAT", "startDate"),
        ({"endDate": "2025-02-30"}, "INVALID_ISO_DATE_FORMAT", "endDate"),
        ({"startDate": "2025-03-14"}, "INVALID_DATE", "endDate"),
        ({"limit": "5001"}, "EXCEED_MAX_QUERY_LIMIT", "limit"),
        ({"limit": "0"}, "INVALID_REQUEST", "limit"),
        ({"limit": "-1"}, "INVALID_REQUEST", "limit"),
        ({"limit": "ten"}, "INVALID_REQUEST", "limit"),
        ({"limit": "1.5"}, "INVALID_REQUEST", "limit"),
        ({"limit": "٣"}, "INVALID_REQUEST", "limit"),
        ({"limit": "9" * 5_000}, "INVALID_REQUEST", "limit"),
        ({"startingAfter": "txrd_a\x00"}, "INVALID_TRANSACTION_KEY", None),
    ],
)
def test_a_transactions_query_that_cannot_be_has_its_code(
    change: dict[str, str | None], code: str, field: str | None
) -> None:
    query = {name: value for name, value in (DAYS | change).items() if value is not None}
    assert _refused(transactions_query, query) == (code, field)


def test_transactions_of_a_whole_printed_second_are_within_the_query() -> None:
    query = transactions_query({"startDate": "2025-03-13T13:00:00", "endDate": "2025-03-13T13:00:00"})
    first, end = whole_seconds(query)
    assert (first, end - first) == (query.start, 1_000)
    late = transactions_query({"startDate": "2025-03-13T13:00:00.001", "endDate": "2025-03-13T13:00:01.5"})
    assert whole_seconds(late) == (query.start + 1_000, query.start + 2_000)


def _cancels(query: dict[str, str]) -> CancelsQuery:
    return cancels_query(query, today=date(2025, 3, 13))


def test_a_cancels_query_asks_for_the_last_31_days_of_every_channel() -> None:
    query = _cancels({})
    assert query.first == parse_instant("2025-02-11T00:00:00+09:00")
    assert query.end == parse_instant("2025-03-14T00:00:00+09:00")
    assert (query.channel, query.starting_after, query.limit) == (None, None, 100)


def test_the_days_of_a_cancels_query_are_korean_and_both_included() -> None:
    query = _cancels({"from": "2024-02-29", "to": "2024-02-29", "channel": "gateway-forced", "limit": "5000"})
    assert query.first == parse_instant("2024-02-29T00:00:00+09:00")
    assert query.end == parse_instant("2024-03-01T00:00:00+09:00")
    assert (query.channel, query.limit) == (Channel.GATEWAY_FORCED, 5_000)
    only_to = _cancels({"to": "2024-12-31"})
    assert only_to.first == parse_instant("2024-12-01T00:00:00+09:00")
    only_from = _cancels({"from": "2025-03-13"})
    assert only_from.end - only_from.first == DAY_MS
    leap_year = _cancels({"from": "2024-01-01", "to": "2024-12-31"})
    assert leap_year.end - leap_year.first == CANCELS_DAYS_MAX * DAY_MS


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_any(day: str) -> None:
    query = _cancels({"from": day, "to": day})
    assert query.end - query.first == DAY_MS
    assert _cancels({"to": day}).end == query.end


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"from": "13/03/2025"}, "INVALID_DATE", "from"),
        ({"from": "2025-03-13T00:00:00"}, "INVALID_DATE", "from"),
        ({"from": ""}, "INVALID_REQUEST", "from"),
        ({"to": "2025-02-30"}, "INVALID_DATE", "to"),
        ({"from": "2025-03-14"}, "INVALID_DATE", "to"),
        ({"from": "2025-03-02", "to": "2025-03-01"}, "INVALID_DATE", "to"),
        ({"from": "2024-01-01", "to": "2025-01-01"}, "INVALID_REQUEST", "from"),
        ({"from": "2024-03-12"}, "INVALID_REQUEST", "from"),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "INVALID_REQUEST", "from"),
        ({"channel": "console"}, "INVALID_REQUEST", "channel"),
        ({"channel": "API"}, "INVALID_REQUEST", "channel"),
        ({"channel": ""}, "INVALID_REQUEST", "channel"),
        ({"limit": "5001"}, "EXCEED_MAX_QUERY_LIMIT", "limit"),
        ({"limit": "0"}, "INVALID_REQUEST", "limit"),
        ({"startingAfter": "txrd_a\x00"}, "INVALID_TRANSACTION_KEY", None),
    ],
    ids=str,
)
def test_a_cancels_query_that_cannot_be_has_its_code(
    query: dict[str, str], code: str, field: str | None
) -> None:
    assert _refused(_cancels, query) == (code, field)


def test_a_settlements_query_counts_pages_from_one_and_asks_for_sold_dates() -> None:
    query = settlements_query(DAYS)
    assert (query.start, query.end) == (date(2025, 3, 13), date(2025, 3, 13))
    assert (query.date_type, query.page, query.size) == ("sold", 1, 100)
    paid = settlements_query(DAYS | {"dateType": "paidOutDate", "page": "2", "size": "5000"})
    assert (paid.date_type, paid.page, paid.size) == ("paid", 2, 5_000)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"startDate": None}, "INVALID_REQUEST", "startDate"),
        ({"startDate": "2025-3-13"}, "INVALID_DATE", "startDate"),
        ({"startDate": "2025-03-13T00:00:00"}, "INVALID_DATE", "startDate"),
        ({"endDate": "2025-02-30"}, "INVALID_DATE", "endDate"),
        ({"endDate": "0000-01-01"}, "INVALID_DATE", "endDate"),
        ({"endDate": "٢٠٢٥-٠٣-١٣"}, "INVALID_DATE", "endDate"),
        ({"startDate": "2025-03-14"}, "INVALID_DATE", "endDate"),
        ({"dateType": "approvedAt"}, "INVALID_REQUEST", "dateType"),
        ({"page": "0"}, "INVALID_REQUEST", "page"),
        ({"page": "-1"}, "INVALID_REQUEST", "page"),
        ({"page": "99999999999"}, "INVALID_REQUEST", "page"),
        ({"size": "0"}, "INVALID_REQUEST", "size"),
        ({"size": "5001"}, "EXCEED_MAX_QUERY_LIMIT", "size"),
    ],
)
def test_a_settlements_query_that_cannot_be_has_its_code(
    change: dict[str, str | None], code: str, field: str
) -> None:
    query = {name: value for name, value in (DAYS | change).items() if value is not None}
    assert _refused(settlements_query, query) == (code, field)


def test_a_refused_field_is_told_with_its_code() -> None:
    with pytest.raises(Refusal) as refused:
        settlements_query({})
    assert refused.value.code is Code.INVALID_REQUEST
    assert refused.value.detail == "is required"
