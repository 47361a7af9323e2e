"""The fixture `gateway` as the test of somebody's program uses it: helpers, receiver, clock, refusals."""

import pickle
import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest

from jeongsan.testing import Gateway, GatewayRefused, WebhookMissing
from support.receiver import open_receiver

MakeGateway = Callable[..., Gateway]
KST = timezone(timedelta(hours=9))
START_DAY = "2025-03-13"


def test_a_payment_is_confirmed_told_and_looked_up(gateway: Gateway) -> None:
    gateway.pay(order_id="order-of-another")
    payment = gateway.pay(amount=34_000, order_id="order-of-mine")
    assert (payment["status"], payment["totalAmount"]) == ("DONE", 34_000)
    assert gateway.wait_webhook(status="DONE", order_id="order-of-mine")["data"] == payment
    assert gateway.payment(payment["paymentKey"]) == payment


def test_an_unconfirmed_payment_is_left_to_the_program_under_test(gateway: Gateway) -> None:
    paid = gateway.pay(confirm=False)
    assert set(paid) == {"paymentKey", "orderId", "amount"}
    assert gateway.payment(paid["paymentKey"])["status"] == "IN_PROGRESS"
    answer = httpx.post(f"{gateway.url}/v1/payments/confirm", json=paid, auth=(gateway.live_key, ""))
    assert (answer.status_code, answer.json()["mId"]) == (200, gateway.mid)
    assert answer.headers["server"] == "was"


def test_a_refusal_is_an_exception_with_code_message_and_status(gateway: Gateway) -> None:
    with pytest.raises(GatewayRefused, match="403 REJECT_CARD_PAYMENT: 한도") as refused:
        gateway.pay(card="99990001****000*")
    assert (refused.value.code, refused.value.status) == ("REJECT_CARD_PAYMENT", 403)
    assert refused.value.message == "한도를 넘었거나 잔액이 부족합니다."


@pytest.mark.parametrize("channel", ["api", "merchant-admin", "developer-centre"])
def test_a_refused_cancel_is_the_same_exception_on_every_channel(gateway: Gateway, channel: str) -> None:
    key = gateway.pay()["paymentKey"]
    for payment_key, amount, code in (
        (key, 15_001, "NOT_CANCELABLE_AMOUNT"),
        ("tjeon20250313130000xxxxx", None, "NOT_FOUND_PAYMENT"),
    ):
        with pytest.raises(GatewayRefused) as refused:
            gateway.cancel(payment_key, channel=channel, amount=amount)
        assert refused.value.code == code
        assert refused.value.status in (403, 404)
        assert refused.value.message


@pytest.mark.parametrize("channel", ["api", "merchant-admin", "developer-centre"])
@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_cancel_by_any_channel_is_told_like_the_others(gateway: Gateway, channel: str, mode: str) -> None:
    key = gateway.pay(mode=mode)["paymentKey"]
    part = gateway.cancel(key, channel=channel, amount=5_000, reason="한 장 반품")
    assert (part["status"], part["balanceAmount"]) == ("PARTIAL_CANCELED", 10_000)
    assert part["cancels"][0]["cancelReason"] == "한 장 반품"
    rest = gateway.cancel(key, channel=channel)
    assert rest["balanceAmount"] == 0
    assert gateway.wait_webhook(status="PARTIAL_CANCELED")["data"] == part
    assert gateway.wait_webhook(status="PARTIAL_CANCELED")["data"] == rest == gateway.payment(key)
    assert gateway.cancel(gateway.pay(mode=mode)["paymentKey"], channel=channel)["status"] == "CANCELED"


def test_who_cancelled_is_kept_beside_the_payment(gateway: Gateway) -> None:
    key = gateway.pay()["paymentKey"]
    gateway.cancel(key, channel="developer-centre", actor="개발자 2", address="10.0.0.9")
    [cancel] = httpx.get(f"{gateway.url}/jeongsan/v1/cancels", auth=(gateway.live_key, "")).json()
    assert (cancel["paymentKey"], cancel["channel"]) == (key, "developer-centre")
    assert (cancel["actor"], cancel["address"]) == ("개발자 2", "10.0.0.9")


def test_a_cancel_by_the_merchant_admin_is_followed_to_its_settlement_row(gateway: Gateway) -> None:
    payment = gateway.pay(order_id="order-cancelled")
    gateway.advance_business_days(1)
    gateway.cancel(payment["paymentKey"], channel="merchant-admin")
    sold = gateway.now.date()
    gateway.advance_business_days(1)
    [approval] = gateway.settlements(START_DAY)
    [cancel] = gateway.settlements(sold)
    assert approval["orderId"] == cancel["orderId"] == "order-cancelled"
    assert approval["payOutAmount"] + cancel["payOutAmount"] == 0
    assert gateway.settlements(START_DAY, sold) == [approval, cancel]


def test_an_empty_settlement_list_says_why(gateway: Gateway) -> None:
    gateway.pay()
    rows = gateway.settlements(START_DAY)
    assert (rows, rows.empty_reason) == ([], "NOT_CLOSED; readable=2025-03-14")
    assert repr(rows) == "[] (NOT_CLOSED; readable=2025-03-14)"
    assert gateway.settlements(START_DAY, mode="test").empty_reason == "TEST_KEY"


@pytest.mark.gateway(settle_test_payments=True, rate="3.6", business_days=2)
def test_the_marker_gives_the_shop_its_terms(gateway: Gateway) -> None:
    gateway.pay(1_600, mode="test")
    gateway.advance("P1D")
    [row] = gateway.settlements(date(2025, 3, 13), mode="test")
    assert (row["fee"], row["paidOutDate"]) == (63, "2025-03-17")
    assert gateway.settlements("2025-03-17", date_type="paidOutDate", mode="test") == [row]


def test_changed_terms_are_for_the_next_payment(gateway: Gateway) -> None:
    first = gateway.pay(1_600, order_id="order-first")
    changed = gateway.set_shop(rate=3.6, business_days=2)
    assert (changed["rate"], changed["businessDays"]) == ("3.6", 2)
    gateway.pay(1_600, order_id="order-second")
    gateway.advance("P1D")
    rows = {row["orderId"]: row for row in gateway.settlements(START_DAY)}
    assert rows["order-second"]["fee"] == 63
    assert rows["order-first"]["fee"] < 63
    assert first["status"] == "DONE"
    with pytest.raises(GatewayRefused, match="rate"):
        gateway.set_shop(rate="a tenth")


@pytest.mark.gateway(contract="ksnet")
def test_the_marker_may_name_a_published_list(gateway: Gateway) -> None:
    gateway.pay(10_000)
    gateway.set_contract(
        {
            "terms": [
                {
                    "method": "CARD",
                    "from": date(2025, 1, 1),
                    "rate": Decimal("1.5"),
                    "payout": {"businessDays": 1},
                }
            ]
        }
    )
    gateway.pay(10_000)
    gateway.advance("P1D")
    assert [(row["fee"], row["paidOutDate"]) for row in gateway.settlements(START_DAY)] == [
        (352, "2025-03-19"),
        (165, "2025-03-14"),
    ]
    with pytest.raises(GatewayRefused, match=r"terms\[0\].payout: is required"):
        gateway.set_contract({"terms": [{"method": "CARD", "from": "2025-01-01", "rate": 1.5}]})


@pytest.mark.gateway(contract={"terms": []})
def test_a_contract_that_cannot_be_is_refused_before_the_test(request: pytest.FixtureRequest) -> None:
    with pytest.raises(GatewayRefused, match="terms: must have at least one entry"):
        request.getfixturevalue("gateway")


def test_the_clock_stands_still_until_it_is_moved(gateway: Gateway) -> None:
    start = datetime(2025, 3, 13, 13, tzinfo=KST)
    assert gateway.now == start
    assert gateway.advance("PT90M")["now"] == "2025-03-13T14:30:00+09:00"
    gateway.move_to(start)  # backwards, as nothing has happened yet
    assert gateway.now.isoformat() == "2025-03-13T13:00:00+09:00"
    gateway.pay()
    gateway.move_to("2025-04-25T11:08:10+09:00")
    assert gateway.advance_business_days(1)["now"] == "2025-04-28T11:08:10+09:00"
    with pytest.raises(GatewayRefused, match="only moves forward"):
        gateway.move_to(start)


@pytest.mark.gateway(clock=datetime(2024, 12, 31, 23, 59, tzinfo=KST))
def test_the_marker_says_when_it_is(gateway: Gateway) -> None:
    assert gateway.pay()["approvedAt"] == "2024-12-31T23:59:00+09:00"


def test_a_webhook_is_returned_by_one_wait_only_and_a_missing_one_tells_what_came(gateway: Gateway) -> None:
    gateway.pay(order_id="order-one")
    gateway.wait_webhook("DONE")
    gateway.pay(order_id="order-two")
    with pytest.raises(WebhookMissing) as missing:
        gateway.wait_webhook("CANCELED", "order-two", timeout=0.05)
    assert str(missing.value).splitlines()[0] == (
        "no webhook with status CANCELED and orderId order-two within 0.05 s"
    )
    gateway.wait_webhook("DONE", "order-two")
    with pytest.raises(WebhookMissing) as missing:
        gateway.wait_webhook("DONE", timeout=0.05)
    assert str(missing.value).splitlines()[1:] == [
        "  arrived: PAYMENT_STATUS_CHANGED DONE order-one  (returned by an earlier wait)",
        "  arrived: PAYMENT_STATUS_CHANGED DONE order-two  (returned by an earlier wait)",
    ]
    assert [one.json["data"]["orderId"] for one in gateway.receiver.received] == ["order-one", "order-two"]


def test_a_receiver_that_fails_is_told_again_by_the_gateways_clock(gateway: Gateway) -> None:
    gateway.receiver.answer = 500
    payment = gateway.pay()
    first = gateway.wait_webhook("DONE")
    gateway.receiver.answer = lambda received: 200
    gateway.advance("PT1M")
    assert gateway.wait_webhook("DONE") == first
    counts = [
        one.headers["tosspayments-webhook-transmission-retried-count"] for one in gateway.receiver.received
    ]
    assert counts == ["0", "1"]
    assert first["data"] == payment


def test_the_program_under_test_is_told_too(gateway: Gateway) -> None:
    with open_receiver() as program:
        gateway.add_webhook(program.url)
        gateway.pay()
        gateway.pay(mode="test")
        for _ in range(2):
            gateway.wait_webhook("DONE")
        gateway.advance("PT1M")  # waits for what is under way
        # Of two shops' events nothing says which arrives first.
        told, heard = (
            sorted((one.json for one in receiver.received), key=lambda event: event["data"]["orderId"])
            for receiver in (program, gateway.receiver)
        )
        assert told == heard
        assert len(told) == 2


def test_two_gateways_of_a_test_know_nothing_of_each_other(make_gateway: MakeGateway) -> None:
    one, other = make_gateway(), make_gateway(clock="2025-06-02T09:00:00")
    payment = one.pay()
    one.wait_webhook("DONE")
    with pytest.raises(GatewayRefused, match="NOT_FOUND_PAYMENT"):
        other.payment(payment["paymentKey"])
    assert other.receiver.received == []
    assert other.now == datetime(2025, 6, 2, 9, tzinfo=KST)
    assert one.now == datetime(2025, 3, 13, 13, tzinfo=KST)


def test_the_same_seed_and_history_give_the_same_keys(make_gateway: MakeGateway) -> None:
    first, again, other = (make_gateway(seed=seed).pay() for seed in (7, 7, 8))
    assert first == again
    assert first["lastTransactionKey"] != other["lastTransactionKey"]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"clock": "soon"}, "clock: 'soon' is no date-time"),
        ({"rate": "low"}, "rate: must be a percentage"),
        ({"business_days": 0}, "businessDays: must be between 1 and 60"),
        ({"anchor": "moon"}, "'moon' is not a valid Anchor"),
    ],
    ids=str,
)
def test_a_gateway_that_cannot_be_is_refused_by_the_option_at_fault(
    make_gateway: MakeGateway, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(GatewayRefused, match=problem):
        make_gateway(**options)


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"clock": 20250313}, "clock: is a text or a datetime, not 20250313"),
        ({"clock": None}, "clock: is a text or a datetime, not None"),
        ({"clock": date(2025, 3, 13)}, "clock: is a text or a datetime, not datetime.date"),
        ({"rate": [3.2]}, "rate: is a text or a number"),
        ({"rate": True}, "rate: is a text or a number, not True"),
        ({"business_days": "2"}, "business_days: is a whole number, not '2'"),
        ({"business_days": 2.0}, "business_days: is a whole number, not 2.0"),
        ({"business_days": True}, "business_days: is a whole number, not True"),
        ({"anchor": 1}, "anchor: is a text, not 1"),
        ({"cycle": ["daily"]}, "cycle: is a text"),
        ({"settle_test_payments": "yes"}, "settle_test_payments: is True or False, not 'yes'"),
        ({"settle_test_payments": None}, "settle_test_payments: is True or False, not None"),
        ({"contract": 3}, "contract: is a text or a dictionary, not 3"),
        ({"seed": "7"}, "seed: is a whole number, not '7'"),
    ],
    ids=str,
)
def test_an_option_of_a_wrong_type_is_the_tests_own_error_and_no_other_tests(
    make_gateway: MakeGateway, options: dict[str, Any], problem: str
) -> None:
    with pytest.raises(TypeError, match=re.escape(problem)):
        make_gateway(**options)
    assert make_gateway().pay()["status"] == "DONE"


@pytest.mark.parametrize("status", [None, 403])
def test_a_refusal_crosses_to_another_process_whole(status: int | None) -> None:
    """As tests do that call the gateway from a process pool."""
    refused = GatewayRefused("REJECT_CARD_PAYMENT", "한도를 넘었습니다.", status)
    arrived = pickle.loads(pickle.dumps(refused))
    assert (type(arrived), str(arrived), vars(arrived)) == (GatewayRefused, str(refused), vars(refused))


def test_arguments_that_contradict_each_other_are_refused_by_name(gateway: Gateway) -> None:
    with pytest.raises(ValueError, match="mode: is live or test, not 'dead'"):
        gateway.pay(mode="dead")
    with pytest.raises(ValueError, match="channel: is one of api, merchant-admin, developer-centre"):
        gateway.cancel("x", channel="telephone")
    with pytest.raises(ValueError, match="actor, address: are for people's channels"):
        gateway.cancel("x", actor="담당자")


def test_what_a_test_patches_does_not_reach_the_gateway(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen machine clocks and replaced HTTP clients are what tests of payment code are full of."""

    def nobody_answers(*args: object, **kwargs: object) -> None:
        raise AssertionError("the HTTP client is replaced")

    monkeypatch.setattr(time, "time_ns", lambda: 0)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", nobody_answers)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", nobody_answers)
    payment = gateway.pay()
    assert gateway.wait_webhook("DONE")["data"] == payment


@pytest.mark.anyio
async def test_an_asynchronous_program_uses_the_same_gateway(gateway: Gateway) -> None:
    paid = gateway.pay(confirm=False)
    async with httpx.AsyncClient(base_url=gateway.url, auth=(gateway.live_key, "")) as client:
        answer = await client.post("/v1/payments/confirm", json=paid)
    assert gateway.wait_webhook("DONE")["data"] == answer.json()
