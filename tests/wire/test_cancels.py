"""How cancels are shown beside the Toss-shaped data: the list's entry, the notice, the warning."""

from dataclasses import replace

import pytest

from jeongsan.domain.channels import Actor, CancelWarning, Channel
from jeongsan.domain.money import Money
from jeongsan.domain.views import CancelView
from jeongsan.wire.cancels import cancel_view, notice_view, warning_view
from support.examples import APPROVED_AT, CANCEL_KEY, CANCELED_AT, PAYMENT_KEY, krw

FORCED = CancelView(
    transaction_key=CANCEL_KEY,
    payment_key=PAYMENT_KEY,
    order_id="order-000001",
    canceled_at=CANCELED_AT,
    amount=krw(15_000),
    reason="중복 승인 장애",
    status="CANCELED",
    approved_at=APPROVED_AT,
    actor=Actor(Channel.GATEWAY_FORCED, "결제대행사 담당자", None, "203.0.113.7"),
)


def test_an_entry_tells_what_was_cancelled_then_who_how_and_from_where() -> None:
    assert list(cancel_view(FORCED).items()) == [
        ("transactionKey", CANCEL_KEY),
        ("paymentKey", PAYMENT_KEY),
        ("orderId", "order-000001"),
        ("canceledAt", "2025-06-27T10:00:00+09:00"),
        ("cancelAmount", 15_000),
        ("currency", "KRW"),
        ("cancelReason", "중복 승인 장애"),
        ("status", "CANCELED"),
        ("channel", "gateway-forced"),
        ("actor", "결제대행사 담당자"),
        ("key", None),
        ("address", None),
        ("approvedAt", "2025-06-26T19:49:06+09:00"),
    ]


@pytest.mark.parametrize("channel", Channel)
def test_an_address_is_told_unless_it_is_that_of_the_gateways_staff(channel: Channel) -> None:
    shown = cancel_view(replace(FORCED, actor=replace(FORCED.actor, channel=channel)))["address"]
    assert shown == (None if channel is Channel.GATEWAY_FORCED else "203.0.113.7")


def test_no_notice_tells_where_the_gateways_staff_sits() -> None:
    assert "203.0.113.7" not in str(notice_view(FORCED))


def test_a_notice_says_in_both_languages_what_happened_and_why() -> None:
    assert list(notice_view(FORCED).items()) == [
        ("at", "2025-06-27T10:00:00+09:00"),
        ("kind", "FORCED_CANCEL"),
        ("orderId", "order-000001"),
        ("paymentKey", PAYMENT_KEY),
        ("transactionKey", CANCEL_KEY),
        ("amount", 15_000),
        ("currency", "KRW"),
        ("reason", "중복 승인 장애"),
        ("actor", "결제대행사 담당자"),
        ("ko", "결제대행사가 주문 order-000001 결제를 직권취소했습니다: 15,000원, 사유 중복 승인 장애"),
        (
            "en",
            "The gateway cancelled order order-000001 without your request: 15,000 KRW, "
            "reason 중복 승인 장애",
        ),
    ]


def test_an_amount_of_another_currency_keeps_its_decimals_and_its_name() -> None:
    shown = notice_view(replace(FORCED, amount=Money(154_468, "USD")))
    assert "1,544.68 USD" in shown["ko"]
    assert "1,544.68 USD" in shown["en"]


@pytest.mark.parametrize("warning", CancelWarning)
def test_every_warning_is_said_in_korean_and_in_english(warning: CancelWarning) -> None:
    shown = warning_view(warning)
    assert list(shown) == ["code", "ko", "en"]
    assert shown["code"] == warning.value
    assert not shown["ko"].isascii()
    assert shown["en"].isascii()
