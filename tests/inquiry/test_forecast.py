"""The forecast of payouts: what it tells, and that exactly this happens when nothing new comes in between."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.instants import parse_instant
from jeongsan.domain.terms import RefundFeeOn, Release
from jeongsan.operations.day_close import close_day, mark_next_day
from jeongsan.operations.set_clock import step_to
from support.agreed import agree, card_contract
from support.agreements import agree_to_wait
from support.corrections import correction
from support.holds import disputed, placed, released
from support.invariants import check_invariants
from support.sandbox import MID, Sandbox, open_sandbox

FORECAST = "/jeongsan/v1/forecast"
SHOP = f"/jeongsan/v1/shops/{MID}"
PAYOUTS = (
    "SELECT paid_out_date, currency, due, carried_in, transferred, carried_out FROM payout "
    "WHERE shop_id = $1 ORDER BY paid_out_date, currency"
)


async def forecast(sandbox: Sandbox, **query: Any) -> dict[str, Any]:
    found: dict[str, Any] = await sandbox.get(FORECAST, **query)
    return found


def promised(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The payouts a forecast promises, in the columns of PAYOUTS."""
    return [
        (
            one["paidOutDate"],
            one["currency"],
            one["payOutAmount"] + one["adjusted"],
            one["carriedIn"],
            one["expectedTransfer"],
            one["carriedOut"],
        )
        for one in found["dates"]
        if one["rowsClosed"] + one["rowsExpected"] + one["adjustments"]
    ]


async def shop_id(sandbox: Sandbox, mode: str = "live") -> int:
    ((found,),) = await sandbox.sql("SELECT shop_id FROM shop WHERE mid = $1 AND mode = $2", MID, mode)
    return int(found)


@pytest.mark.anyio
async def test_rows_made_and_still_to_be_made_are_told_by_date_and_currency(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    await sandbox.done(10_000)
    await sandbox.done(100, currency="USD")
    found = await forecast(sandbox)
    assert (found["mId"], found["mode"], found["today"], found["through"]) == (
        MID,
        "live",
        "2025-03-14",
        "2025-04-14",
    )
    plain = {"adjustments": 0, "adjusted": 0, "held": None}
    plain |= {"carriedIn": 0, "carriedOut": 0, "because": [], "becauseInWords": ""}
    assert found["dates"] == [
        {
            "paidOutDate": "2025-03-21",
            "currency": "KRW",
            "rowsClosed": 1,
            "rowsExpected": 0,
            "payOutAmount": 14_472,
            "expectedTransfer": 14_472,
        }
        | plain,
        {
            "paidOutDate": "2025-03-24",
            "currency": "KRW",
            "rowsClosed": 0,
            "rowsExpected": 1,
            "payOutAmount": 9_648,
            "expectedTransfer": 9_648,
        }
        | plain,
        {
            "paidOutDate": "2025-03-24",
            "currency": "USD",
            "rowsClosed": 0,
            "rowsExpected": 1,
            "payOutAmount": 96.48,
            "expectedTransfer": 96.48,
        }
        | plain,
    ]
    assert (found["overdue"], found["waitsForRelease"], found["later"], found["holds"]) == ([], [], [], [])


@pytest.mark.anyio
async def test_holidays_on_the_way_are_named(sandbox: Sandbox) -> None:
    await sandbox.move_to("2025-04-30T13:00:00+09:00")
    await sandbox.done(15_000)
    (one,) = (await forecast(sandbox))["dates"]
    assert (one["paidOutDate"], one["becauseInWords"]) == (
        "2025-05-13",
        "5/1 근로자의 날 ✗  5/5 부처님오신날; 어린이날 ✗  5/6 부처님오신날 대체 휴일; 어린이날 대체 휴일 ✗",
    )
    assert one["because"][0] == {"date": "2025-05-01", "closed": "근로자의 날"}


@pytest.mark.anyio
async def test_held_rows_are_told_with_their_reasons_and_are_in_no_transfer(sandbox: Sandbox) -> None:
    hold = await disputed(sandbox, await sandbox.done(10_000))
    await sandbox.done(20_000)
    (one,) = (await forecast(sandbox))["dates"]
    assert (one["payOutAmount"], one["expectedTransfer"], one["rowsExpected"]) == (19_296, 19_296, 1)
    assert one["held"] == {
        "rows": 1,
        "payOutAmount": 9_648,
        "reasons": ["DISPUTE"],
        "reasonsInWords": "분쟁",
    }
    await placed(sandbox, "KYC")
    (one,) = (await forecast(sandbox))["dates"]
    assert (one["payOutAmount"], one["expectedTransfer"], one["rowsClosed"]) == (0, 0, 0)
    assert one["held"] == {
        "rows": 2,
        "payOutAmount": 28_944,
        "reasons": ["KYC", "DISPUTE"],
        "reasonsInWords": "고객 확인(KYC) 미완료, 분쟁",
    }
    await sandbox.move_to("2025-03-22T13:00:00+09:00")
    found = await forecast(sandbox)
    assert (found["dates"], [one["reason"] for one in found["holds"]]) == ([], ["DISPUTE", "KYC"])
    assert found["overdue"] == [
        {
            "currency": "KRW",
            "rows": 2,
            "payOutAmount": 28_944,
            "reasons": ["KYC", "DISPUTE"],
            "reasonsInWords": "고객 확인(KYC) 미완료, 분쟁",
            "ifReleasedToday": "2025-03-24",
        }
    ]
    await released(sandbox, hold)
    await released(sandbox, found["holds"][1])
    found = await forecast(sandbox)
    assert [(one["paidOutDate"], one["expectedTransfer"]) for one in found["dates"]] == [
        ("2025-03-24", 28_944)
    ]
    assert found["overdue"] == []


@pytest.mark.anyio
async def test_what_waits_for_its_release_is_listed_apart(sandbox: Sandbox) -> None:
    await sandbox.done(20_000)
    await agree_to_wait(sandbox, Release.ON_REQUEST)
    await sandbox.done(10_000)
    found = await forecast(sandbox)
    assert found["waitsForRelease"] == [{"currency": "KRW", "transactions": 1, "amount": 10_000}]
    assert [one["payOutAmount"] for one in found["dates"]] == [19_296]


@pytest.mark.anyio
async def test_adjustments_are_in_the_transfer_and_beside_the_rows(sandbox: Sandbox) -> None:
    """A correction waits for its shop's hold like the rows, and goes where its release puts it."""
    await sandbox.done(15_000)
    await correction(sandbox, -1_000)
    (one,) = (await forecast(sandbox))["dates"]
    assert (one["payOutAmount"], one["adjustments"], one["adjusted"], one["expectedTransfer"]) == (
        14_472, 1, -1_000, 13_472,
    )  # fmt: skip
    hold = await placed(sandbox, "KYC")
    await sandbox.move_to("2025-03-24T09:00:00+09:00")
    found = await forecast(sandbox)
    assert [(one["rows"], one["payOutAmount"]) for one in found["overdue"]] == [(2, 13_472)]
    shown = await released(sandbox, hold)
    assert (shown["movedRows"], shown["paidOutDate"]) == (1, "2025-03-25")
    (one,) = (await forecast(sandbox))["dates"]
    assert (one["paidOutDate"], one["expectedTransfer"]) == ("2025-03-25", 13_472)
    await sandbox.move_to("2025-03-25T00:00:00+09:00")
    assert await sandbox.sql("SELECT paid_out_date, transferred FROM payout") == [("2025-03-25", 13_472)]
    assert await sandbox.sql("SELECT due_date, paid_out_date FROM adjustment") == [
        ("2025-03-21", "2025-03-25")
    ]
    await check_invariants(sandbox.sql)


@pytest.mark.anyio
async def test_the_fee_of_a_refund_is_counted_once_while_its_day_is_closing(sandbox: Sandbox) -> None:
    await agree(sandbox, card_contract(refund_fee=300, refund_fee_on=RefundFeeOn.ADJUSTMENT))
    payment = await sandbox.done(15_000)
    await sandbox.cancel(payment["paymentKey"], cancelAmount=5_000)
    before = promised(await forecast(sandbox))
    loop = sandbox.gateway.loop
    await step_to(loop, parse_instant("2025-03-14T00:00:00+09:00"))
    day = await mark_next_day(loop, date(2025, 3, 14))
    assert day is not None
    loop.observer = _StopsAt("DayClose.finish.begun")
    with pytest.raises(InterruptedError):
        await close_day(loop, day, korean_calendar)
    assert await sandbox.sql("SELECT count(*) FROM adjustment") == [(1,)]
    assert promised(await forecast(sandbox)) == before
    loop.observer = _StopsAt("nowhere")
    await close_day(loop, day, korean_calendar)
    assert promised(await forecast(sandbox)) == before


class _StopsAt:
    """A loop's observer that fails a step."""

    def __init__(self, name: str) -> None:
        self._name = name

    def step(self, name: str) -> None:
        if name == self._name:
            raise InterruptedError(name)

    def batch(self, *, size: int, seconds: float, waiting: int) -> None:
        """Nothing to count."""


@pytest.mark.anyio
async def test_what_lies_beyond_the_days_asked_for_is_one_sum(sandbox: Sandbox) -> None:
    await sandbox.done(15_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")
    await sandbox.done(10_000)
    found = await forecast(sandbox, days=7)
    assert [one["paidOutDate"] for one in found["dates"]] == ["2025-03-21"]
    assert found["later"] == [{"currency": "KRW", "rows": 1, "payOutAmount": 9_648}]


@pytest.mark.anyio
@pytest.mark.parametrize("days", ["0", "367", "-1", "many", "1e1", "٣"])
async def test_days_out_of_bounds_are_refused(sandbox: Sandbox, days: str) -> None:
    answer = await sandbox.live.get(FORECAST, params={"days": days})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    assert "(days: must be between 1 and 366)" in answer.json()["message"]


class Gateway:
    """A gateway for tests that are no coroutines."""

    def __init__(self, runner: asyncio.Runner, sandbox: Sandbox) -> None:
        self._runner = runner
        self.sandbox = sandbox

    def run(self, work: Any) -> Any:
        return self._runner.run(work)


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Iterator[Gateway]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        sandbox = runner.run(stack.enter_async_context(open_sandbox(database_url)))
        yield Gateway(runner, sandbox)
        runner.run(stack.aclose())


TERMS = st.fixed_dictionaries(
    {
        "rate": st.sampled_from([0, 1.5, 3.2]),
        "businessDays": st.integers(1, 8),
        "cycle": st.sampled_from(["daily", "daily", "weekly", "monthly"]),
    }
)
# One for each mention: a history full of holds would have no payouts to compare.
STEPS = {
    "sell": st.integers(100, 2_000_000),
    "cancel": st.integers(0, 20),
    "dispute": st.integers(0, 20),
    "hold": st.sampled_from(["KYC", "SETTLEMENT_LIMIT"]),
    "release": st.integers(0, 20),
    "adjust": st.sampled_from([-40_000, -300, 1_500, 20_000]),
    "terms": TERMS,
    "pass": st.integers(1, 9),
}
OFTEN = ("sell", "sell", "cancel", "release", "pass")
WHATS = (*OFTEN, *OFTEN, *OFTEN, "sell", "sell", "dispute", "hold", "adjust", "terms")
STEP = st.sampled_from(WHATS).flatmap(lambda what: st.tuples(st.just(what), STEPS[what]))


async def _do(sandbox: Sandbox, step: tuple[str, Any], sold: list[dict[str, Any]]) -> None:
    what, how = step
    if what == "sell":
        sold.append(await sandbox.done(how))
    elif what == "cancel" and sold:
        # What is cancelled already, or paid out in full, is refused: then nothing happens.
        await sandbox.cancel(sold[how % len(sold)]["paymentKey"])
    elif what == "dispute" and sold:
        body = {"reason": "DISPUTE", "paymentKey": sold[how % len(sold)]["paymentKey"]}
        await sandbox.live.post("/jeongsan/v1/holds", json=body)
    elif what == "hold":
        await placed(sandbox, how)
    elif what == "release":
        standing = (await sandbox.get("/jeongsan/v1/holds"))["holds"]
        # Often all of them, or few histories would have payouts to compare.
        for hold in standing if how % 2 else standing[: how % 3]:
            await released(sandbox, hold)
    elif what == "adjust":
        await correction(sandbox, how)
    elif what == "terms":
        assert (await sandbox.live.put(SHOP, json=how)).status_code == 200
    elif what == "pass":
        await sandbox.advance(f"P{how}D")


async def _compare(sandbox: Sandbox, days: int) -> int:
    """Let the days of a forecast pass: the payouts are the promised ones. Returns how many there were."""
    shop = await shop_id(sandbox)
    before = len(await sandbox.sql(PAYOUTS, shop))
    found = await forecast(sandbox, days=days)
    standing = {one["holdId"] for one in found["holds"]}
    end = date.fromisoformat(found["through"]) + timedelta(days=1)
    await sandbox.move_to(f"{end - timedelta(days=1)}T23:59:00+09:00")
    made = (await sandbox.sql(PAYOUTS, shop))[before:]
    assert made == promised(found)
    await check_invariants(sandbox.sql)
    again = await forecast(sandbox)
    assert {one["holdId"] for one in again["holds"]} == standing
    assert [one["paidOutDate"] for one in again["dates"] if one["paidOutDate"] <= found["through"]] == []
    held = [one["held"]["payOutAmount"] for one in found["dates"] if one["held"] is not None]
    overdue = [one["payOutAmount"] for one in found["overdue"]]
    assert sum(one["payOutAmount"] for one in again["overdue"]) == sum(held) + sum(overdue)
    return len(made)


def _histories(opened: Gateway, *, examples: int, repeatable: bool) -> None:
    compared = 0

    @settings(
        max_examples=examples,
        deadline=None,
        phases=[Phase.generate] if repeatable else [Phase.generate, Phase.shrink],
        derandomize=repeatable,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=st.lists(STEP, min_size=12, max_size=24), days=st.sampled_from([10, 31, 31, 90]))
    def check(steps: list[tuple[str, Any]], days: int) -> None:
        nonlocal compared
        sandbox = opened.sandbox
        begin = {"now": "2025-03-13T13:00:00+09:00"}
        opened.run(sandbox.live.post("/jeongsan/v1/sandbox/reset", json=begin))
        opened.run(sandbox.live.put(SHOP, json={"rate": 3.2, "businessDays": 6, "cycle": "daily"}))
        sold: list[dict[str, Any]] = []
        for step in steps:
            opened.run(_do(sandbox, step, sold))
        compared += opened.run(_compare(sandbox, days))

    check()
    assert compared > examples // 2, "histories without payouts compare nothing"


def test_what_was_forecast_is_what_happens(opened: Gateway) -> None:
    """Holds, debts, and cycles of a day, a week and a month; the same histories each time."""
    _histories(opened, examples=8, repeatable=True)


@pytest.mark.fuzz
@pytest.mark.timeout(900)
def test_what_was_forecast_is_what_happens_over_many_histories(opened: Gateway) -> None:
    _histories(opened, examples=400, repeatable=False)
