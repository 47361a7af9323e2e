"""What is due first: a release that was begun, unless a day is being closed."""

from datetime import date
from typing import Any

from jeongsan.domain.business_clock import BusinessClock, ClockMode
from jeongsan.store.reads.due import Soonest
from jeongsan.worker.due import DueItem, DueKind, next_item


def found(**waits: Any) -> Soonest:
    clock = BusinessClock(ClockMode.FROZEN, 0, 0, date(2025, 3, 20), date(2025, 3, 20), 0)
    names = ("expiry", "closing_day", "payout_day", "redating", "event", "delivery", "releasing")
    return Soonest(clock, **(dict.fromkeys(names) | waits))


def test_a_release_that_was_begun_is_due_since_its_hold_was_placed() -> None:
    assert next_item(found(releasing=5_000)) == DueItem(5_000, DueKind.HOLD_RELEASE)
    assert next_item(found(releasing=5_000, payout_day="1970-01-02")) == DueItem(5_000, DueKind.HOLD_RELEASE)


def test_a_day_that_is_being_closed_comes_before_any_release() -> None:
    item = next_item(found(releasing=5_000, closing_day="2025-03-20"))
    assert item is not None
    assert item.kind is DueKind.DAY_CLOSE


def test_a_release_that_cannot_go_on_keeps_nothing_else_waiting() -> None:
    item = next_item(found(releasing=5_000, payout_day="1970-01-02"), {DueKind.HOLD_RELEASE})
    assert item is not None
    assert item.kind is DueKind.PAYOUT
