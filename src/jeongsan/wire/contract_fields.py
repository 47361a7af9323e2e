"""Typed access to a contract document that gathers every problem with its path instead of stopping at one."""

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from jeongsan.domain.contract import check_day
from jeongsan.domain.contract_faults import Fault, InvalidTerms, Problem
from jeongsan.domain.instants import parse_day
from jeongsan.domain.terms import check_fixed, rate_from_percent
from jeongsan.wire.contract_text import NoDay, Repeating
from jeongsan.wire.errors import EN

_NUMBER_TEXT_MAX = 40
_KEY_SHOWN_MAX = 40
E = TypeVar("E", bound=StrEnum)


class InvalidContract(InvalidTerms):
    """A contract document with everything that is wrong with it; `field` and `detail` are the first's."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        super().__init__(first.field, first.fault, *first.arguments)
        self.problems = problems


def problems_of(error: InvalidTerms) -> tuple[Problem, ...]:
    """Every problem an error tells of: one, unless it comes from a document."""
    return error.problems if isinstance(error, InvalidContract) else (error.problem,)


def problem_view(problem: Problem) -> dict[str, str]:
    """A problem as JSON shows it."""
    return {"field": problem.field, "code": problem.fault.name, "detail": problem.detail}


def problem_words(problem: Problem, language: str) -> str:
    """A problem as people read it, with its path."""
    return f"{problem.field}: {problem.detail if language == EN else problem.korean}"


@dataclass(slots=True)
class Problems:
    """What was found wrong so far, in order, each once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, path: str, fault: Fault, *arguments: str | int) -> None:
        """Note what is wrong at a path."""
        self.note(Problem(path, fault, arguments))

    def note(self, problem: Problem) -> None:
        """Note a problem."""
        if problem not in self.found:
            self.found.append(problem)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what the domain refuses within."""
        try:
            yield
        except InvalidTerms as error:
            self.note(error.problem)

    def raise_any(self) -> None:
        """Raise InvalidContract with all of them, if there are any."""
        if self.found:
            raise InvalidContract(tuple(self.found))


class Table:
    """A table of the document. A getter that finds something wrong notes it under the key's path and returns
    what it returns for a key that is not there."""

    def __init__(self, values: Mapping[str, Any], path: str, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self._values = {name: value for name, value in values.items() if value is not None}
        for name in values.repeated if isinstance(values, Repeating) else ():
            problems.add(self.at(name), Fault.STANDS_TWICE)

    def at(self, name: str) -> str:
        """The path of a key of this table."""
        return f"{self.path}.{_shown(name)}" if self.path else _shown(name)

    def only(self, *known: str) -> "Table":
        """This table, once every other key is noted: a slip of the hand must not be ignored."""
        for name in [name for name in self._values if name not in known]:
            near = difflib.get_close_matches(name, known, n=1)
            self.problems.add(self.at(name), Fault.NO_SETTING_BUT if near else Fault.NO_SETTING, *near)
        return self

    def has(self, name: str) -> bool:
        """Whether the key is there."""
        return name in self._values

    def names(self) -> list[str]:
        """The keys, in order."""
        return list(self._values)

    def is_table(self, name: str) -> bool:
        """Whether the key holds a table."""
        return isinstance(self._values.get(name), dict)

    def table(self, name: str) -> "Table | None":
        """The table under a key."""
        return self._as_table(self._values.get(name), self.at(name)) if self.has(name) else None

    def tables(self, name: str) -> list["Table"]:
        """The tables of the list under a key. One that is none is left out, and noted."""
        found = [self._as_table(item, path) for path, item in self._items(name)]
        return [one for one in found if one is not None]

    def _as_table(self, value: Any, path: str) -> "Table | None":
        if isinstance(value, dict):
            return Table(value, path, self.problems)
        self.problems.add(path, Fault.NOT_A_TABLE)
        return None

    def _items(self, name: str) -> list[tuple[str, Any]]:
        value = self._values.get(name, [])
        if not isinstance(value, list):
            self.problems.add(self.at(name), Fault.NOT_A_LIST)
            return []
        return [(f"{self.at(name)}[{place}]", item) for place, item in enumerate(value)]

    def text(self, name: str) -> str:
        """A text; empty when it is not there."""
        value = self._values.get(name, "")
        if isinstance(value, str):
            return value
        self.problems.add(self.at(name), Fault.NOT_A_TEXT)
        return ""

    def choice(self, name: str, choices: type[E], words: Mapping[str, E] | None = None) -> E | None:
        """One of a few words, by its own name or by one of `words`."""
        if not self.has(name):
            return None
        return self._one_of(self.at(name), self._values[name], choices, words)

    def choices(self, name: str, choices: type[E], words: Mapping[str, E]) -> tuple[E, ...]:
        """A list of such words."""
        found = [self._one_of(path, item, choices, words) for path, item in self._items(name)]
        return tuple(one for one in found if one is not None)

    def key(self, name: str, choices: type[E], words: Mapping[str, E] | None = None) -> E | None:
        """A key that is such a word itself."""
        return self._one_of(self.at(name), name, choices, words)

    def _one_of(self, path: str, value: Any, choices: type[E], words: Mapping[str, E] | None) -> E | None:
        if isinstance(value, str):
            for choice in choices:
                if choice.value == value:
                    return choice
            if words is not None and value in words:
                return words[value]
        self.problems.add(path, Fault.NOT_A_CHOICE, ", ".join(choices))
        return None

    def whole(self, name: str) -> int | None:
        """A whole number."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.problems.add(self.at(name), Fault.NOT_WHOLE)
            return None
        return value

    def fixed(self, name: str) -> int:
        """A fixed fee; 0 when it is not there."""
        minor = self.whole(name)
        if minor is None:
            return 0
        with self.problems.noting():
            check_fixed(self.at(name), minor)
        return minor

    def rate(self, name: str) -> int | None:
        """A percentage, as text or as an exact number, in millionths."""
        value = self._values.get(name)
        if value is None:
            return None
        # A float no longer knows what was written.
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.problems.add(self.at(name), Fault.NOT_A_PERCENTAGE)
            return None
        if isinstance(value, str) and len(value) > _NUMBER_TEXT_MAX:
            self.problems.add(self.at(name), Fault.TOO_LONG, _NUMBER_TEXT_MAX)
            return None
        with self.problems.noting():
            # An integer of thousands of digits has no text; as a decimal it is just too large.
            text = value if isinstance(value, str) else str(Decimal(value))
            return rate_from_percent(text, field=self.at(name))
        return None

    def day(self, name: str) -> date | None:
        """A day, as a TOML date or as text."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, NoDay):
            self.problems.add(self.at(name), Fault.NO_SUCH_DAY, value.text, value.line)
            return None
        try:
            day = value if type(value) is date else parse_day(str(value))
        except ValueError:
            self.problems.add(self.at(name), Fault.NOT_A_DAY)
            return None
        with self.problems.noting():
            check_day(self.at(name), day)
            return day
        return None


def require(table: Table, *names: str) -> None:
    """Note each of these keys that is not there."""
    for name in names:
        if not table.has(name):
            table.problems.add(table.at(name), Fault.REQUIRED)


def _shown(name: str) -> str:
    """A key as a message may carry it: not too long, and nothing that steers a terminal."""
    cut = name if len(name) <= _KEY_SHOWN_MAX else f"{name[:_KEY_SHOWN_MAX]}…"
    return "".join(character if character.isprintable() else "\ufffd" for character in cut)
