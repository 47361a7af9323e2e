"""How the extensions and the command line show shops, keys, webhooks, the clock: plain JSON values."""

from datetime import date
from typing import Any

from jeongsan.domain.business_clock import BusinessClock
from jeongsan.domain.business_days import Counted, Step
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.shop import ApiKey, Shop
from jeongsan.domain.terms import percent_from_rate

_COUNTED = {
    Counted.BUSINESS_DAYS: "businessDay",
    Counted.CALENDAR_DAYS: "calendarDay",
    Counted.MONTH_ENDS: "monthEnd",
}


def shop_view(shop: Shop, today: date) -> dict[str, Any]:
    """A shop as people see it, with what it has agreed for cards today."""
    terms = shop.terms_on(today)
    assert terms is not None  # no contract is stored without
    agreed = terms.conditions
    counts_business_days = agreed.payout.counted is Counted.BUSINESS_DAYS
    return {
        "mId": shop.mid,
        "mode": shop.mode.value,
        "settleTestPayments": shop.settle_test_payments,
        "rate": percent_from_rate(agreed.base.rate_ppm),
        "rounding": agreed.rounding.value,
        "cycle": agreed.cycle.value,
        "businessDays": agreed.payout.count if counts_business_days else None,
        "anchor": agreed.payout.anchor.value,
        "payout": agreed.payout.words,
        "grade": shop.contract.grade_at(today).value,
    }


def key_view(key: ApiKey) -> dict[str, Any]:
    """A secret key as people may see it."""
    return {"name": key.name, "hint": key.hint, "createdAt": iso_kst(key.created_at)}


def clock_view(clock: BusinessClock, machine_now: int) -> dict[str, Any]:
    """The time shown, its mode, and the last day whose rows are readable."""
    return {
        "now": iso_kst(clock.now(machine_now)),
        "mode": clock.mode.value,
        "closedThrough": clock.readable_through.isoformat(),
    }


def moved_view(now: int, *, ran: dict[str, int], pending: int, done: bool) -> dict[str, Any]:
    """The answer to a move of the clock."""
    return {"now": iso_kst(now), "ran": ran, "pending": pending, "done": done}


def step_view(step: Step) -> dict[str, Any]:
    """One calendar day of a payout date."""
    shown: dict[str, Any] = {"date": step.day.isoformat()}
    if step.number is not None:
        shown[_COUNTED[step.counted]] = step.number
    if step.reason is not None:
        shown["closed"] = step.reason
    return shown
