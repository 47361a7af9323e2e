"""GET and POST /jeongsan/v1/clock: three modes, forward only once something happened."""

from typing import Any

import pytest

from jeongsan.domain.business_clock import ClockMode
from jeongsan.domain.instants import parse_instant
from support.corrections import correction
from support.holds import placed
from support.sandbox import START, Sandbox, open_sandbox
from support.unchanged import assert_refused, nothing_changes
from support.waiting import until

pytestmark = pytest.mark.anyio

CLOCK = "/jeongsan/v1/clock"


async def shown(sandbox: Sandbox) -> dict[str, Any]:
    found: dict[str, Any] = (await sandbox.live.get(CLOCK)).json()
    return found


async def test_the_clock_shows_its_time_mode_and_last_closed_day(sandbox: Sandbox) -> None:
    assert await shown(sandbox) == {"now": START, "mode": "frozen", "closedThrough": "2025-03-12"}
    await sandbox.advance("P2D")
    assert await shown(sandbox) == {
        "now": "2025-03-15T13:00:00+09:00",
        "mode": "frozen",
        "closedThrough": "2025-03-14",
    }


@pytest.mark.parametrize(
    ("body", "now"),
    [
        ({"now": "2025-03-13T13:00:00+09:00"}, "2025-03-13T13:00:00+09:00"),
        ({"now": "2025-03-13T05:00:00Z"}, "2025-03-13T14:00:00+09:00"),
        ({"now": "2025-03-14"}, "2025-03-14T00:00:00+09:00"),
        ({"advance": "P3D"}, "2025-03-16T13:00:00+09:00"),
        ({"advance": "P1W"}, "2025-03-20T13:00:00+09:00"),
        ({"advance": "PT90M"}, "2025-03-13T14:30:00+09:00"),
        ({"advance": "P1DT2H3M4S"}, "2025-03-14T15:03:04+09:00"),
        ({"advance": "PT0S"}, "2025-03-13T13:00:00+09:00"),
        ({"businessDays": 1}, "2025-03-14T13:00:00+09:00"),
        ({"businessDays": 2}, "2025-03-17T13:00:00+09:00"),
        ({"businessDays": "6"}, "2025-03-21T13:00:00+09:00"),
        ({"now": "2025-03-14", "advance": None}, "2025-03-14T00:00:00+09:00"),
    ],
    ids=str,
)
async def test_a_move_goes_where_it_was_asked_to(sandbox: Sandbox, body: dict[str, Any], now: str) -> None:
    await sandbox.done()
    answer = await sandbox.live.post(CLOCK, json=body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["now"], answer.json()["done"], answer.json()["pending"]) == (now, True, 0)
    assert list(answer.json()) == ["now", "ran", "pending", "done"]
    assert (await shown(sandbox))["now"] == now


async def test_business_days_pass_over_labour_day_and_the_holidays_of_may(sandbox: Sandbox) -> None:
    await sandbox.move_to("2025-04-25T11:08:10+09:00")
    answer = await sandbox.live.post(CLOCK, json={"businessDays": 6})
    assert answer.json()["now"] == "2025-05-08T11:08:10+09:00"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": "soon"},
        {"now": "2025-02-30T00:00:00"},
        {"now": 1741838400000},
        {"advance": "3D"},
        {"advance": "P"},
        {"advance": "PT"},
        {"advance": "P1M"},
        {"advance": "P1Y"},
        {"advance": "-P1D"},
        {"advance": "P-1D"},
        {"advance": "P1.5D"},
        {"advance": "P99999D"},
        {"advance": "P１D"},
        {"businessDays": 0},
        {"businessDays": -1},
        {"businessDays": 1.5},
        {"businessDays": 367},
        {"businessDays": "NaN"},
        {"now": "2025-03-14", "advance": "P1D"},
        {"advance": "P1D", "businessDays": 1},
        {"mode": "system"},
        {"mode": "stopped"},
        {"mode": True},
        {"now": "2045-01-01"},
    ],
    ids=str,
)
async def test_a_move_that_cannot_be_meant_is_refused(sandbox: Sandbox, body: dict[str, Any]) -> None:
    payment = await sandbox.done()
    before = await shown(sandbox)
    async with nothing_changes(sandbox, payment["paymentKey"]):
        assert_refused(await sandbox.live.post(CLOCK, json=body), 400, "INVALID_REQUEST")
    assert await shown(sandbox) == before
    assert await sandbox.sql("SELECT * FROM clock_move") == []


async def test_the_clock_goes_back_only_before_anything_happened(sandbox: Sandbox) -> None:
    answer = await sandbox.live.post(CLOCK, json={"now": "2024-12-31T09:00:00+09:00"})
    assert answer.json() == {"now": "2024-12-31T09:00:00+09:00", "ran": {}, "pending": 0, "done": True}
    assert (await shown(sandbox))["closedThrough"] == "2024-12-30"
    paid = await sandbox.pay()
    for moment in ("2024-12-31T08:59:59.999+09:00", "2024-12-30", "1999-01-01"):
        async with nothing_changes(sandbox, paid["paymentKey"]):
            answer = await sandbox.live.post(CLOCK, json={"now": moment})
            assert_refused(answer, 400, "INVALID_REQUEST")
    assert (await shown(sandbox))["now"] == "2024-12-31T09:00:00+09:00"


async def test_an_adjustment_or_a_hold_is_something_that_happened(sandbox: Sandbox) -> None:
    """A day that was paid must not come again."""
    await correction(sandbox, 5_000)
    assert_refused(await sandbox.live.post(CLOCK, json={"now": "2025-03-01"}), 400, "INVALID_REQUEST")
    assert (await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": START})).status_code == 200
    await placed(sandbox, "KYC")
    assert_refused(await sandbox.live.post(CLOCK, json={"now": "2025-03-01"}), 400, "INVALID_REQUEST")


async def test_a_refused_move_does_not_change_the_mode_it_came_with(sandbox: Sandbox) -> None:
    await sandbox.done()
    answer = await sandbox.live.post(CLOCK, json={"mode": "offset", "now": "2025-03-01"})
    assert_refused(answer, 400, "INVALID_REQUEST")
    assert await shown(sandbox) == {"now": START, "mode": "frozen", "closedThrough": "2025-03-12"}


async def test_a_ticking_clock_is_frozen_exactly_where_it_is_sent_back_to(database_url: str) -> None:
    async with open_sandbox(database_url, clock_mode=ClockMode.OFFSET) as sandbox:
        await sandbox.live.post(CLOCK, json={"mode": "frozen", "now": "2025-03-01T09:00:00+09:00"})
        found = await sandbox.sql("SELECT mode, frozen_at FROM clock")
        assert found == [("frozen", parse_instant("2025-03-01T09:00:00+09:00"))]


async def test_days_before_a_first_move_back_are_closed_when_time_passes_again(sandbox: Sandbox) -> None:
    await sandbox.live.post(CLOCK, json={"now": "2025-03-01T09:00:00+09:00"})
    await sandbox.done()
    await sandbox.move_to("2025-03-02T00:00:00+09:00")
    assert len(await sandbox.settlements("2025-03-01")) == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_empty_days_that_were_closed_are_closed_again_after_the_clock_went_back(
    database_url: str, restarted: bool
) -> None:
    """Whether somebody sends it back, or a gateway starts anew with the time it first started with."""
    async with open_sandbox(database_url) as sandbox:
        await sandbox.advance("P3D")
        if not restarted:
            await sandbox.live.post(CLOCK, json={"now": START})
    async with open_sandbox(database_url) as sandbox:
        assert (await shown(sandbox))["now"] == START
        await sandbox.done(15_000)
        await sandbox.advance("P3D")
        assert [row["amount"] for row in await sandbox.settlements("2025-03-13")] == [15_000]
        closed = await sandbox.sql("SELECT day, settled_rows FROM day_close ORDER BY day")
        assert closed == [("2025-03-13", 1), ("2025-03-14", 0), ("2025-03-15", 0)]


async def test_a_frozen_clock_ticks_when_told_to_and_stands_still_again(sandbox: Sandbox) -> None:
    await sandbox.done()
    answer = await sandbox.live.post(CLOCK, json={"mode": "offset"})
    assert (answer.status_code, answer.json()["done"]) == (200, True)

    async def ticked() -> bool:
        return (await shown(sandbox))["now"] > START

    await until(ticked, seconds=3)
    await sandbox.live.post(CLOCK, json={"mode": "frozen"})
    stands = await shown(sandbox)
    assert stands["mode"] == "frozen"
    first, second = await sandbox.done(), await sandbox.done()
    assert first["approvedAt"] == second["approvedAt"] == stands["now"]


async def test_a_ticking_clock_can_be_moved_and_goes_on_ticking(database_url: str) -> None:
    async with open_sandbox(database_url, clock_mode=ClockMode.OFFSET) as sandbox:
        await sandbox.done()
        moved = await sandbox.move_to("2025-03-20T13:00:00+09:00")
        assert moved["now"].startswith("2025-03-20T13:00:0")

        async def ticked() -> bool:
            return (await shown(sandbox))["now"] > "2025-03-20T13:00:00+09:00"

        await until(ticked, seconds=3)


async def test_the_system_clock_is_never_moved(database_url: str) -> None:
    async with open_sandbox(database_url, clock_mode=ClockMode.SYSTEM, clock_at=None) as sandbox:
        assert (await shown(sandbox))["mode"] == "system"
        for body in ({"advance": "P1D"}, {"now": "2024-01-01"}, {"mode": "frozen"}, {"mode": "offset"}):
            assert_refused(await sandbox.live.post(CLOCK, json=body), 400, "INVALID_REQUEST")
        assert_refused(await sandbox.live.post("/jeongsan/v1/sandbox/reset"), 400, "INVALID_REQUEST")


async def test_time_moves_for_every_shop_and_key_alike(sandbox: Sandbox) -> None:
    await sandbox.done()
    assert (await sandbox.test.post(CLOCK, json={"advance": "P1D"})).status_code == 200
    assert (await shown(sandbox))["now"] == "2025-03-14T13:00:00+09:00"


async def test_a_restart_finds_the_clock_where_it_was(database_url: str) -> None:
    async with open_sandbox(database_url) as sandbox:
        await sandbox.done()
        await sandbox.move_to("2025-03-20T13:00:00+09:00")
    async with open_sandbox(database_url) as sandbox:
        assert (await shown(sandbox))["now"] == "2025-03-20T13:00:00+09:00"
