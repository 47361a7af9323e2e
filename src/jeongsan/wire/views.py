"""How the extensions and the command line show shops, keys, webhooks, the clock: plain JSON values."""

from typing import Any

from jeongsan.domain.business_clock import BusinessClock
from jeongsan.domain.business_days import Step
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.shop import ApiKey, Shop
from jeongsan.domain.terms import percent_from_rate


def shop_view(shop: Shop) -> dict[str, Any]:
    """A shop as people see it."""
    return {
        "mId": shop.mid,
        "mode": shop.mode.value,
        "settleTestPayments": shop.settle_test_payments,
        "rate": percent_from_rate(shop.terms.rate_ppm),
        "rounding": shop.terms.rounding.value,
        "cycle": shop.terms.cycle.value,
        "businessDays": shop.terms.business_days,
        "anchor": shop.terms.anchor.value,
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
        shown["businessDay"] = step.number
    if step.reason is not None:
        shown["closed"] = step.reason
    return shown
