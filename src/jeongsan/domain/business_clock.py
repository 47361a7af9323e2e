"""The business clock: how the stored clock row and the machine's time give "now".

Modes: `system` is the machine's time; `offset` ticks with it at a distance; `frozen` stands still.
Reads no clock: the machine's time is an argument.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class ClockMode(StrEnum):
    """How the business clock runs."""

    SYSTEM = "system"
    OFFSET = "offset"
    FROZEN = "frozen"


class ClockRefusal(ValueError):
    """The clock cannot be set like this."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a move of the clock has come. `now`: the time shown, epoch ms. `ran`: how much of each kind
    of due work. `pending`: moves still to be done."""

    now: int
    ran: dict[str, int]
    pending: int
    done: bool


@dataclass(frozen=True, slots=True)
class BusinessClock:
    """The clock row. `closed_through`: the last settle day that takes no new transaction.
    `readable_through`: the last one whose rows are published. `config_version` counts changes of
    shops, terms, keys, webhooks and calendar, so that a process knows when its copy is old."""

    mode: ClockMode
    offset_ms: int
    frozen_at: int
    closed_through: date
    readable_through: date
    config_version: int

    @property
    def is_closing(self) -> bool:
        """Whether rows of a closed day are still being made."""
        return self.readable_through < self.closed_through

    def now(self, machine_now: int) -> int:
        """The business instant for a machine instant."""
        if self.mode is ClockMode.FROZEN:
            return self.frozen_at
        if self.mode is ClockMode.OFFSET:
            return machine_now + self.offset_ms
        return machine_now

    def moved_to(self, target: int, machine_now: int) -> "BusinessClock":
        """The same clock, showing `target`. Raises ClockRefusal in system mode or backwards."""
        if self.mode is ClockMode.SYSTEM:
            raise ClockRefusal("the system clock cannot be moved")
        if target < self.now(machine_now):
            raise ClockRefusal("the clock only moves forward")
        return self.set_to(target, machine_now)

    def set_to(self, target: int, machine_now: int) -> "BusinessClock":
        """Show `target` without asking whether that is forward (before the first fact exists)."""
        if self.mode is ClockMode.FROZEN:
            return replace(self, frozen_at=target)
        return replace(self, offset_ms=target - machine_now)

    def in_mode(self, mode: ClockMode, machine_now: int) -> "BusinessClock":
        """Change the mode without moving the time shown. Raises ClockRefusal to or from system."""
        if mode is self.mode:
            return self
        if ClockMode.SYSTEM in (mode, self.mode):
            raise ClockRefusal("system mode is chosen once, when the database is made")
        return replace(self, mode=mode).set_to(self.now(machine_now), machine_now)
