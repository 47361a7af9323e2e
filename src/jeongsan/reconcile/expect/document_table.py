"""One table of a contract document, read setting by setting; whatever is wrong is a problem with its path.

The format is docs/contracts.md, taken as data: the gateway has a reader of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from jeongsan.client.keys import printable
from jeongsan.client.moments import day_of
from jeongsan.reconcile.fee_rates import MILLION

_SHOWN_MAX = 60
_PER_PERCENT = 10_000
_RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)
_FIXED_MAX = 10**9
_COUNT_MAX = 60

T = TypeVar("T", bound=StrEnum)


class TermsFault(StrEnum):
    """What is wrong with a setting, or with the whole document."""

    NOT_A_DOCUMENT = "NOT_A_DOCUMENT"
    UNKNOWN_SETTING = "UNKNOWN_SETTING"
    MISSING = "MISSING"
    NOT_A_TABLE = "NOT_A_TABLE"
    NOT_A_LIST = "NOT_A_LIST"
    NOT_A_CHOICE = "NOT_A_CHOICE"
    NOT_A_RATE = "NOT_A_RATE"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_A_DAY = "NOT_A_DAY"
    ONE_OF_SEVERAL = "ONE_OF_SEVERAL"
    OVERLAP = "OVERLAP"


@dataclass(frozen=True, slots=True)
class TermsProblem:
    """`path` is the setting (`terms[0].rate`), "" the document; `value` the beginning of what stands
    there."""

    path: str
    fault: TermsFault
    value: str = ""


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A table, its path, and the list to which problems go. A setting that is wrong reads as if it were not
    there."""

    values: Mapping[str, Any]
    path: str
    problems: list[TermsProblem] = field(default_factory=list)

    def at(self, name: str) -> str:
        """The path of a setting."""
        return f"{self.path}.{name}" if self.path else name

    def note(self, name: str, fault: TermsFault, value: object = "") -> None:
        """Something is wrong with a setting."""
        self.problems.append(TermsProblem(self.at(name), fault, printable(str(value))[:_SHOWN_MAX]))

    def only(self, *names: str) -> "DocumentTable":
        """Itself; every other setting is noted."""
        for name in self.values:
            if name not in names:
                self.note(name, TermsFault.UNKNOWN_SETTING)
        return self

    def table(self, name: str) -> "DocumentTable | None":
        """A table in it; None where there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.note(name, TermsFault.NOT_A_TABLE, value)
            return None
        return DocumentTable(value, self.at(name), self.problems)

    def tables(self, name: str) -> Iterator["DocumentTable"]:
        """Each table of a list."""
        value = self.values.get(name, [])
        if not isinstance(value, list):
            self.note(name, TermsFault.NOT_A_LIST, value)
            return
        for number, one in enumerate(value):
            if isinstance(one, Mapping):
                yield DocumentTable(one, self.at(f"{name}[{number}]"), self.problems)
            else:
                self.note(f"{name}[{number}]", TermsFault.NOT_A_TABLE, one)

    def word(self, name: str, words: Mapping[str, T], default: T | None = None) -> T | None:
        """One of these words; None, and noted, where it is none or is not there and there is no default."""
        value = self.values.get(name)
        if value is None:
            if default is None:
                self.note(name, TermsFault.MISSING)
            return default
        if not isinstance(value, str) or value not in words:
            self.note(name, TermsFault.NOT_A_CHOICE, value)
            return default
        return words[value]

    def rate(self, name: str) -> int:
        """A percentage with at most four decimals in millionths; 0 where there is none."""
        value = self.values.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.note(name, TermsFault.NOT_A_RATE, value)
            return 0
        text = format(value, "f") if isinstance(value, Decimal) else str(value)
        if _RATE.fullmatch(text) is None or (ppm := int(Decimal(text) * _PER_PERCENT)) > MILLION:
            self.note(name, TermsFault.NOT_A_RATE, value)
            return 0
        return ppm

    def whole(self, name: str, least: int = 0, most: int = _FIXED_MAX) -> int:
        """A whole number; `least` where there is none."""
        value = self.values.get(name, least)
        if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.note(name, TermsFault.NOT_A_NUMBER, value)
            return least
        return value

    def count(self, name: str) -> int:
        """A number of days or months of a payout rule."""
        return self.whole(name, 1, _COUNT_MAX)

    def day(self, name: str) -> date | None:
        """A day, as TOML has it or `yyyy-MM-dd`; None where there is none."""
        value = self.values.get(name)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        try:
            return day_of(value)
        except (TypeError, ValueError):
            self.note(name, TermsFault.NOT_A_DAY, value)
            return None


def number(literal: str) -> Decimal | str:
    """A number of a document as it is written; text that no rate or count takes, where it is beyond any."""
    try:
        return Decimal(literal)
    except InvalidOperation:
        return literal
