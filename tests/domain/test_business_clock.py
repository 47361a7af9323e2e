"""The business clock: three modes, and time that only moves forward."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.business_clock import BusinessClock, ClockMode, ClockRefusal

TIMES = st.integers(0, 4 * 10**12)
MOVABLE = st.sampled_from([ClockMode.OFFSET, ClockMode.FROZEN])


def _clock(mode: ClockMode, *, offset_ms: int = 0, frozen_at: int = 0) -> BusinessClock:
    return BusinessClock(mode, offset_ms, frozen_at, date(2025, 3, 12), date(2025, 3, 12), 1)


@given(TIMES, TIMES)
def test_a_frozen_clock_stands_still_and_the_others_tick_with_the_machine(first: int, passed: int) -> None:
    frozen = _clock(ClockMode.FROZEN, frozen_at=42)
    assert frozen.now(first) == frozen.now(first + passed) == 42
    for mode in (ClockMode.SYSTEM, ClockMode.OFFSET):
        clock = _clock(mode, offset_ms=0)
        assert clock.now(first + passed) - clock.now(first) == passed
    assert _clock(ClockMode.SYSTEM, offset_ms=99).now(first) == first


@given(MOVABLE, TIMES, st.integers(0, 10**12), TIMES)
def test_a_moved_clock_shows_its_target(mode: ClockMode, start: int, forward: int, machine: int) -> None:
    clock = _clock(mode).set_to(start, machine)
    moved = clock.moved_to(start + forward, machine)
    assert clock.now(machine) == start
    assert moved.now(machine) == start + forward
    assert (moved.closed_through, moved.config_version) == (clock.closed_through, clock.config_version)


@given(MOVABLE, st.integers(1, 10**12), TIMES)
def test_the_clock_never_moves_back(mode: ClockMode, back: int, machine: int) -> None:
    clock = _clock(mode).set_to(10**12, machine)
    with pytest.raises(ClockRefusal, match="forward"):
        clock.moved_to(10**12 - back, machine)


def test_an_offset_clock_that_ticked_past_the_target_refuses_it() -> None:
    clock = _clock(ClockMode.OFFSET).set_to(1_000, machine_now=0)
    with pytest.raises(ClockRefusal):
        clock.moved_to(1_500, machine_now=501)


def test_the_system_clock_cannot_be_moved_or_left() -> None:
    clock = _clock(ClockMode.SYSTEM)
    with pytest.raises(ClockRefusal):
        clock.moved_to(10**13, 0)
    for mode in (ClockMode.OFFSET, ClockMode.FROZEN):
        with pytest.raises(ClockRefusal):
            clock.in_mode(mode, 0)
        with pytest.raises(ClockRefusal):
            _clock(mode).in_mode(ClockMode.SYSTEM, 0)
    assert clock.in_mode(ClockMode.SYSTEM, 0) is clock


@given(MOVABLE, MOVABLE, TIMES, TIMES)
def test_changing_the_mode_does_not_move_the_time_shown(
    before: ClockMode, after: ClockMode, shown: int, machine: int
) -> None:
    clock = _clock(before).set_to(shown, machine).in_mode(after, machine)
    assert (clock.mode, clock.now(machine)) == (after, shown)
