"""What people see of shops, the clock and the days of a payout."""

from datetime import date

from jeongsan.domain.business_clock import BusinessClock, ClockMode
from jeongsan.domain.business_days import Counted, Step
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.payout_dates import PayoutRule
from jeongsan.domain.shop import ApiKey
from jeongsan.wire.views import clock_view, key_view, moved_view, shop_view, step_view
from support.examples import a_contract, a_shop

NOW = parse_instant("2025-03-13T13:00:00+09:00")


def test_a_shop_shows_its_rate_in_percent_as_it_is_set() -> None:
    shop = a_shop(a_contract(rate_ppm=36_000))
    assert shop_view(shop, date(2025, 3, 13)) == {
        "mId": "tjeongsan",
        "mode": "live",
        "settleTestPayments": False,
        "rate": "3.6",
        "rounding": "B",
        "cycle": "daily",
        "businessDays": 6,
        "anchor": "exclusive",
        "payout": "D+6",
        "grade": "general",
    }


def test_a_shop_whose_payouts_are_dated_shows_no_business_days() -> None:
    shop = a_shop(a_contract(payout=PayoutRule(Counted.MONTH_ENDS, 2)))
    shown = shop_view(shop, date(2025, 3, 13))
    assert (shown["businessDays"], shown["payout"]) == (None, "M+2")


def test_a_key_shows_its_end_and_never_its_hash() -> None:
    key = ApiKey("5f" * 32, 1, "admin-server", "live_sk_…9f2a", NOW)
    assert key_view(key) == {
        "name": "admin-server",
        "hint": "live_sk_…9f2a",
        "createdAt": "2025-03-13T13:00:00+09:00",
    }


def test_the_clock_shows_the_last_day_whose_rows_can_be_read() -> None:
    """A day that takes no more transactions but is still being closed is not shown."""
    clock = BusinessClock(ClockMode.FROZEN, 0, NOW, date(2025, 3, 12), date(2025, 3, 11), 1)
    assert clock_view(clock, machine_now=0) == {
        "now": "2025-03-13T13:00:00+09:00",
        "mode": "frozen",
        "closedThrough": "2025-03-11",
    }


def test_a_move_tells_what_ran_and_whether_it_is_done() -> None:
    assert moved_view(NOW, ran={"day_close": 1}, pending=2, done=False) == {
        "now": "2025-03-13T13:00:00+09:00",
        "ran": {"day_close": 1},
        "pending": 2,
        "done": False,
    }


def test_a_step_has_its_number_or_the_reason_it_was_passed_over() -> None:
    assert step_view(Step(date(2025, 4, 28), 1, None)) == {"date": "2025-04-28", "businessDay": 1}
    assert step_view(Step(date(2025, 4, 28), 0, None)) == {"date": "2025-04-28", "businessDay": 0}
    assert step_view(Step(date(2025, 5, 1), None, "근로자의 날")) == {
        "date": "2025-05-01",
        "closed": "근로자의 날",
    }
