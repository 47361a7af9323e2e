"""What the story promised and what it found."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Check:
    """One promise. `found` and `expected` are shown when they differ."""

    promise: str
    found: Any
    expected: Any

    @property
    def holds(self) -> bool:
        """Whether the story kept it."""
        return bool(self.found == self.expected)


@dataclass
class Checks:
    """All promises so far, and the lines told."""

    checks: list[Check] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def tell(self, line: str = "") -> None:
        """A line of the story."""
        self.lines.append(line.rstrip())

    def expect(self, promise: str, found: Any, expected: Any) -> str:
        """Hold the story to a figure; returns the mark for its line. What is broken is told at once."""
        check = Check(promise, found, expected)
        self.checks.append(check)
        if check.holds:
            return "✓"
        self.tell(f"   ✗ {promise}: found {found!r}, expected {expected!r}")
        return "✗"

    @property
    def failed(self) -> list[Check]:
        """The promises that were broken."""
        return [check for check in self.checks if not check.holds]


def both(*marks: str) -> str:
    """One mark for several checks of a line."""
    return "✗" if "✗" in marks else "✓"
