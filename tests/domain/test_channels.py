"""Channels: the words in which the audit trail tells who cancelled, who may, and who is warned."""

from dataclasses import replace

import pytest

from jeongsan.domain.channels import CancelWarning, Channel, cancel_warnings, check_may_cancel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode
from support.examples import a_shop

FREE = [Channel.API, Channel.MERCHANT_ADMIN, Channel.DEVELOPER_CENTRE]
NEVER = [Channel.NETWORK_CANCEL, Channel.SANDBOX_BUYER, Channel.SYSTEM]
SHOP = a_shop(has_endpoints=True)


def refusal(channel: Channel, *, emergency: bool, reason: str = "고객 변심") -> Refusal:
    with pytest.raises(Refusal) as refused:
        check_may_cancel(channel, emergency=emergency, reason=reason)
    return refused.value


def test_the_five_paths_of_a_cancel_keep_their_published_words() -> None:
    published = {"api", "merchant-admin", "developer-centre", "network-cancel", "gateway-forced"}
    assert {Channel(word).value for word in published} == published


def test_every_channel_is_decided() -> None:
    assert {*FREE, *NEVER, Channel.GATEWAY_FORCED} == set(Channel)


@pytest.mark.parametrize("channel", FREE)
def test_the_merchants_own_paths_cancel_without_more(channel: Channel) -> None:
    check_may_cancel(channel, emergency=False, reason="고객 변심")


@pytest.mark.parametrize("channel", FREE)
def test_only_the_gateway_has_emergencies(channel: Channel) -> None:
    refused = refusal(channel, emergency=True)
    assert (refused.code, refused.field) == (Code.INVALID_REQUEST, "emergency")
    assert "gateway-forced" in (refused.detail or "")


def test_the_gateway_cancels_in_an_emergency_that_it_tells() -> None:
    check_may_cancel(Channel.GATEWAY_FORCED, emergency=True, reason="중복 승인 장애")


@pytest.mark.parametrize(("emergency", "reason"), [(False, "고객 변심"), (True, ""), (True, " \t")])
def test_the_gateway_never_cancels_without_a_told_emergency(emergency: bool, reason: str) -> None:
    """Nobody's request but the merchant's is a reason, a buyer's neither."""
    refused = refusal(Channel.GATEWAY_FORCED, emergency=emergency, reason=reason)
    assert (refused.code, refused.field) == (Code.FORBIDDEN_REQUEST, "emergency")


@pytest.mark.parametrize("channel", NEVER)
@pytest.mark.parametrize("emergency", [False, True])
def test_neither_buyer_nor_clock_nor_network_asks_for_a_cancel(channel: Channel, emergency: bool) -> None:
    refused = refusal(channel, emergency=emergency)
    assert (refused.code, refused.field) == (Code.FORBIDDEN_REQUEST, "channel")
    assert channel.value in (refused.detail or "")


@pytest.mark.parametrize(
    ("channel", "mode", "has_endpoints", "warned"),
    [
        (Channel.MERCHANT_ADMIN, Mode.LIVE, True, []),
        (Channel.MERCHANT_ADMIN, Mode.LIVE, False, ["NO_WEBHOOK"]),
        (Channel.MERCHANT_ADMIN, Mode.TEST, False, ["NO_WEBHOOK"]),
        (Channel.GATEWAY_FORCED, Mode.LIVE, False, ["NO_WEBHOOK"]),
        (Channel.DEVELOPER_CENTRE, Mode.TEST, True, []),
        (Channel.DEVELOPER_CENTRE, Mode.LIVE, True, ["LIVE_IN_DEVELOPER_CENTRE"]),
        (Channel.DEVELOPER_CENTRE, Mode.LIVE, False, ["NO_WEBHOOK", "LIVE_IN_DEVELOPER_CENTRE"]),
        (Channel.API, Mode.LIVE, False, []),
    ],
)
def test_who_cancels_by_hand_is_warned_of_what_the_merchant_will_miss(
    channel: Channel, mode: Mode, has_endpoints: bool, warned: list[str]
) -> None:
    shop = replace(SHOP, mode=mode, has_endpoints=has_endpoints)
    assert cancel_warnings(channel, shop) == tuple(CancelWarning(code) for code in warned)
