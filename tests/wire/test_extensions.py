"""Bodies of the extension paths: the clock, webhooks, shops, reset."""

import json
from typing import Any

import pytest

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.business_days import Cycle
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, iso_kst, parse_instant
from jeongsan.domain.payout_dates import Anchor
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.domain.terms import Rounding
from jeongsan.wire.extensions import clock_body, duration_ms, reset_body, shop_body, webhook_body

NOW = parse_instant("2025-04-25T11:08:10+09:00")
KOREA = korean_calendar({})


def _clock(body: dict[str, Any]) -> tuple[str | None, ClockMode | None]:
    found = clock_body(json.dumps(body).encode(), NOW, KOREA)
    return None if found.target is None else iso_kst(found.target), found.mode


def _field_at_fault(call: Any, *arguments: Any) -> str | None:
    with pytest.raises(Refusal) as refused:
        call(*arguments)
    assert refused.value.code is Code.INVALID_REQUEST
    return refused.value.field


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({"now": "2025-05-08T09:00:00"}, "2025-05-08T09:00:00+09:00"),
        ({"now": "2025-05-08"}, "2025-05-08T00:00:00+09:00"),
        ({"advance": "P3D"}, "2025-04-28T11:08:10+09:00"),
        ({"advance": "PT90M"}, "2025-04-25T12:38:10+09:00"),
        ({"businessDays": 6}, "2025-05-08T11:08:10+09:00"),
        ({"businessDays": "1"}, "2025-04-28T11:08:10+09:00"),
    ],
)
def test_the_clock_is_set_advanced_or_moved_by_business_days(body: dict[str, Any], target: str) -> None:
    assert _clock(body) == (target, None)


def test_the_mode_may_change_alone_or_with_the_time() -> None:
    assert _clock({"mode": "offset"}) == (None, ClockMode.OFFSET)
    assert _clock({"mode": "frozen", "advance": "P1D"}) == ("2025-04-26T11:08:10+09:00", ClockMode.FROZEN)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "now"),
        ({"now": None}, "now"),
        ({"now": "2025-05-08", "advance": "P1D"}, "now"),
        ({"now": "soon"}, "now"),
        ({"now": "9999-12-31"}, "now"),
        ({"advance": "3D"}, "advance"),
        ({"advance": "P99999D"}, "advance"),
        ({"businessDays": 0}, "businessDays"),
        ({"businessDays": 367}, "businessDays"),
        ({"businessDays": 1.5}, "businessDays"),
        ({"businessDays": "NaN"}, "businessDays"),
        ({"businessDays": "1e99999999"}, "businessDays"),
        ({"mode": "backwards"}, "mode"),
    ],
)
def test_a_move_that_cannot_be_names_its_field(body: dict[str, Any], field: str) -> None:
    assert _field_at_fault(_clock, body) == field


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("P1D", DAY_MS),
        ("P2W", 14 * DAY_MS),
        ("PT1H", HOUR_MS),
        ("P1DT2H3M4S", DAY_MS + 2 * HOUR_MS + 3 * MINUTE_MS + 4 * SECOND_MS),
        ("PT0S", 0),
    ],
)
def test_durations_of_weeks_to_seconds_are_read(text: str, milliseconds: int) -> None:
    assert duration_ms(text) == milliseconds


@pytest.mark.parametrize(
    "text", ["P", "PT", "P1M", "P1Y", "-P1D", "P1.5D", "p1d", "P1D ", "P1D\n", "P٣D", "1D"]
)
def test_other_durations_are_refused(text: str) -> None:
    assert _field_at_fault(duration_ms, text) == "advance"


def test_a_shop_changes_what_was_sent_and_keeps_the_rest() -> None:
    assert shop_body(b"{}") == ShopSettings()
    everything = {
        "rate": 3.2,
        "rounding": "A",
        "cycle": "weekly",
        "businessDays": 4,
        "anchor": "roll",
        "settleTestPayments": True,
    }
    assert shop_body(json.dumps(everything).encode()) == ShopSettings(
        32_000, Rounding.A, Cycle.WEEKLY, 4, Anchor.ROLL, True
    )


def test_a_flag_that_is_switched_off_is_not_a_flag_left_alone() -> None:
    assert shop_body(b'{"settleTestPayments":false}').settle_test_payments is False
    assert shop_body(b'{"settleTestPayments":null}').settle_test_payments is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"rate":101}', "rate"),
        (b'{"rate":-1}', "rate"),
        (b'{"rate":3.00001}', "rate"),
        (b'{"rate":"NaN"}', "rate"),
        (b'{"rate":1e999999999}', "rate"),
        (b'{"rate":1e-999999999}', "rate"),
        (b'{"rounding":"C"}', "rounding"),
        (b'{"cycle":"yearly"}', "cycle"),
        (b'{"businessDays":61}', "businessDays"),
        (b'{"businessDays":1e99999999}', "businessDays"),
        (b'{"anchor":1}', "anchor"),
        (b'{"settleTestPayments":"yes"}', "settleTestPayments"),
    ],
)
def test_a_contract_that_cannot_be_names_its_field(body: bytes, field: str) -> None:
    assert _field_at_fault(shop_body, body) == field


def test_a_refused_rate_is_told_once() -> None:
    with pytest.raises(Refusal) as refused:
        shop_body(b'{"rate":101}')
    assert refused.value.detail == "must be between 0 and 100 percent"


def test_a_webhook_needs_an_address_and_may_choose_events() -> None:
    assert webhook_body(b'{"url":"http://localhost/hook"}') == ("http://localhost/hook", [])
    assert webhook_body(b'{"url":"http://x","events":["PAYMENT_STATUS_CHANGED"]}')[1] == [
        "PAYMENT_STATUS_CHANGED"
    ]
    assert _field_at_fault(webhook_body, b"{}") == "url"
    assert _field_at_fault(webhook_body, b'{"url":"http://x","events":"all"}') == "events"
    assert _field_at_fault(webhook_body, b'{"url":"http://x","events":["\\ud800"]}') == "events"


def test_a_reset_may_say_where_the_clock_starts_again() -> None:
    assert reset_body(b"") is None
    assert reset_body(b"{}") is None
    assert reset_body(b'{"now":"2025-04-25T11:08:10"}') == NOW
    assert _field_at_fault(reset_body, b'{"now":"soon"}') == "now"
