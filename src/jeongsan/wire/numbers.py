"""JSON as requests carry it: exact numbers, and a refusal that names the field for everything else.

The tolerance is what was recorded: numbers may come as strings, order ids as numbers, unknown fields
are dropped, an explicit null is a field that was not sent.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from jeongsan.domain.errors import Code, Refusal

BODY_BYTES_MAX = 65_536
_NUMBER_TEXT_MAX = 40


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_reject_constant)


def parse_object(body: bytes) -> dict[str, Any]:
    """The request body as a dictionary of exact values. Raises Refusal INVALID_REQUEST."""
    if len(body) > BODY_BYTES_MAX:
        raise Refusal(Code.INVALID_REQUEST, field="body", detail=f"is larger than {BODY_BYTES_MAX} bytes")
    try:
        parsed = _decoder.decode(body.decode("utf-8", "surrogatepass"))
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise Refusal(Code.INVALID_REQUEST, field="body", detail="is not valid JSON") from error
    if not isinstance(parsed, dict):
        raise Refusal(Code.INVALID_REQUEST, field="body", detail="must be a JSON object")
    return parsed


class Fields:
    """Typed access to the fields of a request; every getter refuses with the field's name."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def has(self, name: str) -> bool:
        """Whether the field was sent with a value."""
        return self._values.get(name) is not None

    def text(self, name: str, *, longest: int, shortest: int = 1) -> str:
        """A required string; a number is taken as its digits."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise _bad(name, "is required" if value is None else "must be a string")
        if not _storable(value):
            raise _bad(name, "has a character that cannot be stored")
        if not shortest <= len(value) <= longest:
            raise _bad(name, f"must have {shortest} to {longest} characters")
        return value

    def optional_text(self, name: str, *, longest: int, shortest: int = 1) -> str | None:
        """An optional string."""
        return self.text(name, longest=longest, shortest=shortest) if self.has(name) else None

    def number(self, name: str) -> int | Decimal:
        """A required number, exact; a string of a number is taken as one."""
        value = self._values.get(name)
        if isinstance(value, str):
            value = _number_in(name, value)
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise _bad(name, "is required" if value is None else "must be a number")
        return value

    def optional_number(self, name: str) -> int | Decimal | None:
        """An optional number."""
        return self.number(name) if self.has(name) else None

    def flag(self, name: str, *, default: bool) -> bool:
        """An optional true or false."""
        value = self._values.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise _bad(name, "must be true or false")
        return value

    def whole(self, name: str, *, least: int, most: int) -> int:
        """A required whole number within bounds."""
        value = self.number(name)
        # Bounds first: the integer of 1e999999999 would not fit into memory.
        if not least <= value <= most or value != int(value):
            raise _bad(name, f"must be a whole number from {least} to {most}")
        return int(value)

    def texts(self, name: str) -> list[str]:
        """An optional list of strings; empty when it was not sent."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise _bad(name, "must be a list of strings")
        if not all(_storable(item) for item in value):
            raise _bad(name, "has a character that cannot be stored")
        return value


def _bad(name: str, detail: str) -> Refusal:
    return Refusal(Code.INVALID_REQUEST, field=name, detail=detail)


def _storable(text: str) -> bool:
    """Neither NUL, which PostgreSQL refuses, nor half a surrogate pair, which UTF-8 does not have."""
    return not any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text)


def _number_in(name: str, text: str) -> Decimal:
    if len(text) > _NUMBER_TEXT_MAX or not text.isascii() or "_" in text:
        raise _bad(name, "must be a number")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _bad(name, "must be a number") from error
    if not number.is_finite():
        raise _bad(name, "must be a number")
    return number
