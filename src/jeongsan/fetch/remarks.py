"""What can be said of a slice or a shop beside its rows: problems, for which a run does not end well, and
notes, which are only told. Each is a code with the values its sentence needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Problem(StrEnum):
    """Something failed or differs. The first four are the codes of `client.errors`."""

    UNREACHABLE = "UNREACHABLE"
    ANSWERED = "ANSWERED"
    UNAUTHORIZED = "UNAUTHORIZED"
    UNREADABLE_ANSWER = "UNREADABLE_ANSWER"
    # A row that cannot be written as it is.
    NOT_STORABLE = "NOT_STORABLE"
    NOT_WRITTEN = "NOT_WRITTEN"
    # One transaction key, two contents, in one reading.
    CHANGED_REPEAT = "CHANGED_REPEAT"
    # One transaction key in two slices, both read anew.
    REPEATED_ELSEWHERE = "REPEATED_ELSEWHERE"
    # Rows that came twice in each reading: others may have been skipped.
    REPEATED = "REPEATED"
    # Rows that were read before and are in no day of the list any more.
    GONE = "GONE"
    # A row in the answer for a day that is not its own.
    OTHER_DAY = "OTHER_DAY"
    FOLDER_BUSY = "FOLDER_BUSY"
    BROKEN_MANIFEST = "BROKEN_MANIFEST"
    OTHER_ADDRESS = "OTHER_ADDRESS"
    OTHER_MODE = "OTHER_MODE"
    # Not asked, because what came before it of the same list failed for a reason that goes on.
    NOT_ASKED = "NOT_ASKED"


class Note(StrEnum):
    """Worth knowing."""

    MOVED = "MOVED"
    FINAL_CHANGED = "FINAL_CHANGED"
    DAMAGED = "DAMAGED"
    NEW_KEY = "NEW_KEY"
    NEW_MID = "NEW_MID"
    EMPTY = "EMPTY"


@dataclass(frozen=True, slots=True)
class Remark:
    """`values` are plain values, fit for JSON."""

    code: Problem | Note
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_problem(self) -> bool:
        """Whether the run ends with exit code 1 for it."""
        return isinstance(self.code, Problem)


def remark_of(value: Mapping[str, Any]) -> Remark:
    """A remark as `view` wrote it. Raises ValueError, KeyError."""
    code = str(value["code"])
    known = Problem(code) if code in set(Problem) else Note(code)
    return Remark(known, {name: one for name, one in value.items() if name != "code"})


def view(remark: Remark) -> dict[str, Any]:
    """As in the manifest."""
    return {"code": remark.code.value, **remark.values}
