"""A contract document as text: TOML as a clerk writes it, or JSON; exact numbers, no key lost twice."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.instants import parse_day

DOCUMENT_BYTES_MAX = 1_000_000
_DAYS = ("from", "until")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
# A day as a value without quotes, the way somebody may have written it: 2025-05-32, 2025.05.01, 2025/5/1.
_WRITTEN_DAY = re.compile(r"(?<![^=\[,\s])(\d{4}([-./])\d{1,2}\2\d{1,2})(?=[ \t]*(?:[,\]}#\r]|\Z))", re.ASCII)
# Behind a number it makes a value of TOML that nobody writes, and that may stand wherever a day may.
_NO_DAY_MARK = "e-000000"


class Repeating(dict[str, Any]):
    """A JSON object in which `repeated` keys stood more than once; the parser alone would keep the last."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoDay:
    """What stands in place of a day in TOML and is none. No setting takes it: each refuses it by its path."""

    text: str
    line: int


def parse_document(text: bytes) -> dict[str, Any]:
    """The document of a file: JSON where it begins with a brace, else TOML. Raises InvalidTerms."""
    decoded = _decoded(text)
    if decoded.lstrip()[:1] == "{":
        return _parse_json(decoded)
    try:
        return tomllib.loads(decoded, parse_float=Decimal)
    # Not only tomllib's own error: an integer of too many digits, an exponent beyond any decimal.
    except (ValueError, InvalidOperation, RecursionError) as error:
        known = _with_impossible_days(decoded)
        if known is None:
            raise _refused("TOML", error) from error
        return known


def _with_impossible_days(text: str) -> dict[str, Any] | None:
    """The document with a NoDay where TOML refuses a day; None where that is not all that is wrong."""
    found: dict[str, NoDay] = {}

    def marked(written: re.Match[str]) -> str:
        if _is_day(written[1]):
            return written[1]
        mark = f"{len(found)}{_NO_DAY_MARK}"
        found[mark] = NoDay(written[1], len(lines) + 1)
        return mark

    def number(literal: str) -> NoDay | Decimal:
        return found[literal] if literal in found else Decimal(literal)

    lines: list[str] = []
    for line in text.split("\n"):
        lines.append(_WRITTEN_DAY.sub(marked, line))
    try:
        document = tomllib.loads("\n".join(lines), parse_float=number)
    except (ValueError, InvalidOperation, RecursionError):
        return None
    return document if found else None


def _is_day(text: str) -> bool:
    try:
        return parse_day(text) is not None
    except ValueError:
        return False


def parse_json_document(text: bytes) -> dict[str, Any]:
    """The document of a request. Raises InvalidTerms."""
    return _parse_json(_decoded(text))


def _decoded(text: bytes) -> str:
    if len(text) > DOCUMENT_BYTES_MAX:
        raise InvalidTerms("document", Fault.TOO_LARGE, DOCUMENT_BYTES_MAX)
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidTerms("document", Fault.NOT_UTF8) from error


def _parse_json(text: str) -> dict[str, Any]:
    try:
        parsed = _decoder.decode(text)
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise _refused("JSON", error) from error
    if not isinstance(parsed, dict):
        raise InvalidTerms("document", Fault.NOT_AN_OBJECT)
    return parsed


def _refused(format_name: str, error: Exception) -> InvalidTerms:
    if isinstance(error, RecursionError):
        return InvalidTerms("document", Fault.TOO_DEEP, format_name)
    if not isinstance(error, ValueError):
        return InvalidTerms("document", Fault.IMPOSSIBLE_NUMBER, format_name)
    # The first thing that somebody who writes 영세 = "1.65" must know.
    fault = Fault.UNREADABLE_KEY if "for a key part" in str(error) else Fault.UNREADABLE
    return InvalidTerms("document", fault, format_name, str(error))


def _reject_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _object(pairs: list[tuple[str, Any]]) -> Repeating:
    found = Repeating(pairs)
    names = [name for name, _ in pairs]
    if len(found) != len(names):
        found.repeated = tuple(dict.fromkeys(name for name in names if names.count(name) > 1))
    return found


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_reject_constant, object_pairs_hook=_object)


def toml_text(document: Mapping[str, Any]) -> str:
    """A document of `contract_view.document_of` as TOML, which reads back as the same contract."""
    parts = [_line(name, value) for name, value in document.items() if not isinstance(value, list)]
    for name, value in document.items():
        if isinstance(value, list):
            for table in value:
                parts.append(f"\n[[{name}]]\n" + "".join(_line(key, one) for key, one in table.items()))
    return "".join(parts).lstrip("\n")


def _line(name: str, value: Any) -> str:
    # Days have no quotes: a day is a value of TOML's own.
    return f"{name} = {value if name in _DAYS else _value(value)}\n"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    # Whole numbers and texts are written alike in both.
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
