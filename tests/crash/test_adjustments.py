"""kill -9 while an adjustment is booked, by hand or by the day close, or is paid: it is there once or not at
all, and whoever goes on brings it to the same end."""

import os
import signal
import subprocess
import sys

import httpx
import pytest

from jeongsan.domain.terms import RefundFeeOn
from support.agreed import agree, card_contract, graded_contract
from support.invariants import check_invariants
from support.process import gateway_process
from support.sandbox import MID, Sandbox, open_sandbox

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

ALONE = ("begun", "written", "committed")
TARGET = "2025-03-25T00:00:00+09:00"
SPRING = ("--grade", "small", "--from", "2025-03-01", "--to", "2025-03-31")


def _adjust(database_url: str, *arguments: str, crash_at: str | None = None) -> int:
    """`jeongsan settle adjust` in a process of its own; how it ended."""
    environment = os.environ | {"JEONGSAN_CRASH_AT": crash_at or ""}
    command = [sys.executable, "-m", "jeongsan", "settle", "adjust", MID, *arguments]
    done = subprocess.run(
        [*command, "--database", database_url, "--json"], env=environment, capture_output=True, timeout=60
    )
    return done.returncode


async def _sold(sandbox: Sandbox) -> None:
    await agree(sandbox, graded_contract())
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")


async def _paid_once(sandbox: Sandbox, amount: int) -> None:
    """Everything on the way is done, and the adjustment is in one payout."""
    await sandbox.move_to(TARGET)
    assert await sandbox.sql("SELECT amount FROM adjustment") == [(amount,)]
    assert await sandbox.sql("SELECT adjusted FROM payout WHERE adjusted <> 0") == [(amount,)]
    await check_invariants(sandbox.sql)


@pytest.mark.parametrize("stage", ALONE)
async def test_a_grade_refund_killed_at_this_step_is_booked_once_when_it_is_run_again(
    database_url: str, stage: str
) -> None:
    async with open_sandbox(database_url) as sandbox:
        await _sold(sandbox)
    assert _adjust(database_url, *SPRING, crash_at=f"Adjust.grade.{stage}") == -signal.SIGKILL
    async with open_sandbox(database_url) as sandbox:
        assert await sandbox.sql("SELECT count(*) FROM adjustment") == [(int(stage == "committed"),)]
        await check_invariants(sandbox.sql)
    assert _adjust(database_url, *SPRING) == 0
    async with open_sandbox(database_url) as sandbox:
        await _paid_once(sandbox, 1_705)


@pytest.mark.parametrize("stage", ALONE)
async def test_a_correction_killed_at_this_step_is_booked_once_under_its_reference(
    database_url: str, stage: str
) -> None:
    correction = ("--amount", "-3000", "--reason", "x", "--reference", "RT-1")
    async with open_sandbox(database_url) as sandbox:
        await _sold(sandbox)
    assert _adjust(database_url, *correction, crash_at=f"Adjust.correct.{stage}") == -signal.SIGKILL
    assert _adjust(database_url, *correction) == 0
    async with open_sandbox(database_url) as sandbox:
        await _paid_once(sandbox, -3_000)


@pytest.mark.parametrize(
    "step", [f"{name}.{s}" for name in ("DayClose.chunk", "Payout.chunk") for s in ALONE]
)
async def test_a_refund_fee_is_booked_and_paid_once_wherever_the_clock_was_killed(
    database_url: str, step: str
) -> None:
    async with open_sandbox(database_url) as sandbox:
        await agree(sandbox, card_contract(refund_fee=300, refund_fee_on=RefundFeeOn.ADJUSTMENT))
        payment = await sandbox.done(100_000)
        await sandbox.cancel(payment["paymentKey"], cancelAmount=10_000)
    with gateway_process(database_url, "--no-worker", crash_at=step, clock=None) as process:
        with pytest.raises(httpx.TransportError):
            process.live.post("/jeongsan/v1/clock", json={"now": TARGET})
        process.wait_dead()
    async with open_sandbox(database_url) as sandbox:
        await _paid_once(sandbox, -330)
