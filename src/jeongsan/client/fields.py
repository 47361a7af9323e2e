"""Reading one JSON object of an answer, field by field: a wrong type is an error with the field's name,
never a default.

An absent field and a null are both None to `optional` fields; `absent` tells which keys are not there,
`unknown` which are there and not known.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from jeongsan.client.errors import UnreadableAnswer
from jeongsan.client.moments import day_of, moment_of

# Far above any payment, far below what would fill the memory when it is written out.
_DIGITS_MAX = 18
_DECIMALS_MAX = 6
_WHOLE_MAX = 2**31 - 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fields:
    """A JSON object and where it stands, for messages."""

    values: Mapping[str, Any]
    where: str

    def text(self, name: str) -> str:
        """A required, non-empty text."""
        return self._required(name, self.optional_text(name))

    def optional_text(self, name: str) -> str | None:
        """A text or None; an empty text is None too."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "is no text")
        return value or None

    def moment(self, name: str) -> datetime:
        """A required date-time."""
        return self._required(name, self.optional_moment(name))

    def optional_moment(self, name: str) -> datetime | None:
        """A date-time or None."""
        return self._read(name, moment_of)

    def optional_day(self, name: str) -> date | None:
        """A day or None."""
        return self._read(name, day_of)

    def optional_amount(self, name: str) -> Decimal | None:
        """A number or None, exact. Text is no number here: answers carry JSON numbers."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self._wrong(name, "is no number")
        amount = Decimal(value)
        exponent = amount.as_tuple().exponent
        if amount.adjusted() >= _DIGITS_MAX or not isinstance(exponent, int) or exponent < -_DECIMALS_MAX:
            raise self._wrong(name, "is no amount of money")
        return amount

    def optional_flag(self, name: str) -> bool | None:
        """True, false or None."""
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "is neither true nor false")
        return value

    def optional_whole(self, name: str) -> int | None:
        """A whole number or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _WHOLE_MAX:
            raise self._wrong(name, "is no whole number")
        return value

    def optional_object(self, name: str) -> "Fields | None":
        """An object or None."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong(name, "is no object")
        return Fields(value, f"{self.where}.{name}")

    def made(self, name: str, make: Callable[["Fields"], T]) -> T | None:
        """What is made of an object; None when it is null or absent."""
        found = self.optional_object(name)
        return None if found is None else make(found)

    def objects(self, name: str) -> tuple["Fields", ...]:
        """A list of objects; none when it is null or absent."""
        value = self.values.get(name)
        if value is None:
            return ()
        return objects_of(value, f"{self.where}.{name}")

    def absent(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of the names that are no keys here; a null is there."""
        return tuple(name for name in names if name not in self.values)

    def unknown(self, names: Iterable[str]) -> dict[str, Any]:
        """What is here under none of the names."""
        known = set(names)
        return {name: value for name, value in self.values.items() if name not in known}

    def _read(self, name: str, reader: Callable[[str], T]) -> T | None:
        text = self.optional_text(name)
        if text is None:
            return None
        try:
            return reader(text)
        except ValueError as error:
            raise self._wrong(name, str(error)) from error

    def _required(self, name: str, value: T | None) -> T:
        if value is None:
            raise self._wrong(name, "is missing")
        return value

    def _wrong(self, name: str, reason: str) -> UnreadableAnswer:
        return UnreadableAnswer(f"{self.where}: {name} {reason}")


def objects_of(value: Any, where: str) -> tuple[Fields, ...]:
    """A JSON list of objects. Raises UnreadableAnswer when it is anything else."""
    if not isinstance(value, list):
        raise UnreadableAnswer(f"{where} is no list")
    for number, one in enumerate(value):
        if not isinstance(one, dict):
            raise UnreadableAnswer(f"{where}[{number}] is no object")
    return tuple(Fields(one, f"{where}[{number}]") for number, one in enumerate(value))
