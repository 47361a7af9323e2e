"""Bodies of the extension requests → values."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.business_days import Calendar, Cycle
from jeongsan.domain.contract_faults import InvalidTerms
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import DAY_MS, SECOND_MS, kst_day, kst_midnight, parse_instant
from jeongsan.domain.payout_dates import Anchor, PayoutRule, payout_date
from jeongsan.domain.shop_settings import ShopSettings
from jeongsan.domain.terms import Rounding, rate_from_percent
from jeongsan.wire.numbers import Fields, parse_object

_DURATION = re.compile(
    r"P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_UNITS_S = (604_800, 86_400, 3_600, 60, 1)
# A clock goes forward for at most this long in one request.
_MOVE_DAYS_MAX = 3_700

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ClockBody:
    """`target` in epoch ms; None when only the mode is changed."""

    target: int | None
    mode: ClockMode | None


def clock_body(body: bytes, now: int, calendar: Calendar) -> ClockBody:
    """Exactly one of `now`, `advance`, `businessDays`, and optionally `mode`. Raises Refusal.

    `businessDays` keeps the time of day and counts from today, as a payout date counts."""
    fields = Fields(parse_object(body))
    mode = _choice(fields, "mode", ClockMode)
    asked = [name for name in ("now", "advance", "businessDays") if fields.has(name)]
    if not asked and mode is not None:
        return ClockBody(None, mode)
    if len(asked) != 1:
        raise _bad("now", "send one of now, advance or businessDays")
    target = _target(fields, asked[0], now, calendar)
    if target - now > _MOVE_DAYS_MAX * DAY_MS:
        raise _bad(asked[0], f"moves by more than {_MOVE_DAYS_MAX} days")
    return ClockBody(target, mode)


def _target(fields: Fields, name: str, now: int, calendar: Calendar) -> int:
    if name == "now":
        return instant(fields, "now")
    if name == "advance":
        return now + duration_ms(fields.text("advance", longest=40))
    days = fields.whole("businessDays", least=1, most=366)
    today = kst_day(now)
    day, _ = payout_date(today, PayoutRule(count=days), calendar)
    return now + kst_midnight(day) - kst_midnight(today)


def duration_ms(text: str) -> int:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds. Raises Refusal."""
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        raise _bad("advance", "must be a duration such as P3D or PT90M")
    seconds = sum(int(part or 0) * unit for part, unit in zip(found.groups(), _UNITS_S, strict=True))
    return seconds * SECOND_MS


def instant(fields: Fields, name: str) -> int:
    """A required date-time; without an offset it is KST."""
    try:
        return parse_instant(fields.text(name, longest=40))
    except (ValueError, OverflowError) as error:
        raise _bad(name, "must be a date-time such as 2025-03-13T13:00:00+09:00") from error


def reset_body(body: bytes) -> int | None:
    """Where the clock starts again, if anywhere else. An empty body is fine."""
    if not body:
        return None
    fields = Fields(parse_object(body))
    return instant(fields, "now") if fields.has("now") else None


def webhook_body(body: bytes) -> tuple[str, list[str]]:
    """(url, event types; empty for all)."""
    fields = Fields(parse_object(body))
    return fields.text("url", longest=2_000), fields.texts("events")


def shop_body(body: bytes) -> ShopSettings:
    """Settings to change; `rate` is a percentage. Raises Refusal with the field at fault."""
    fields = Fields(parse_object(body))
    return ShopSettings(
        rate_ppm=_rate(fields.number("rate")) if fields.has("rate") else None,
        rounding=_choice(fields, "rounding", Rounding),
        cycle=_choice(fields, "cycle", Cycle),
        business_days=fields.whole("businessDays", least=1, most=60) if fields.has("businessDays") else None,
        anchor=_choice(fields, "anchor", Anchor),
        settle_test_payments=fields.flag("settleTestPayments", default=False)
        if fields.has("settleTestPayments")
        else None,
    )


def _rate(number: int | Decimal) -> int:
    try:
        return rate_from_percent(str(number))
    except InvalidTerms as error:
        raise _bad(error.field, error.detail) from error


def _choice(fields: Fields, name: str, choices: type[E]) -> E | None:
    text = fields.optional_text(name, longest=40)
    if text is None:
        return None
    try:
        return choices(text)
    except ValueError as error:
        raise _bad(name, f"is one of {', '.join(choices)}") from error


def _bad(name: str, detail: str) -> Refusal:
    return Refusal(Code.INVALID_REQUEST, field=name, detail=detail)
