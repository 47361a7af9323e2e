"""How two JSON values differ: keys, their order, types and values, each named by its path."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

# What `parsed` returns: dict (in the order received), list, str, int, Decimal, bool or None.
Json = Any

_PLAIN_KEY = re.compile(r"\w+")


class What(StrEnum):
    """In what two values differ. ORDER: the same keys in another order."""

    ONLY_LEFT = "ONLY_LEFT"
    ONLY_RIGHT = "ONLY_RIGHT"
    ORDER = "ORDER"
    TYPE = "TYPE"
    VALUE = "VALUE"


class Absence(Enum):
    """Stands where one side has nothing at all, which is not the same as null."""

    ABSENT = "absent"


ABSENT = Absence.ABSENT


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` is empty for the whole value, otherwise like `cancels[0].cancelAmount`. With ORDER, `left`
    and `right` are the common keys in each side's order."""

    path: str
    what: What
    left: Json | Absence
    right: Json | Absence


class InvalidJson(ValueError):
    """Not one JSON value in UTF-8, one nested too deeply, or an object with one key twice."""


def parsed(body: bytes) -> Json:
    """A body with its keys in order and its decimals exact. Raises InvalidJson."""
    try:
        return json.loads(
            body.decode(), parse_float=Decimal, parse_constant=_refused, object_pairs_hook=_object
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise InvalidJson(str(error)) from error


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(f"a key comes twice in {[key for key, _ in pairs]}")
    return made


def json_type(value: Json) -> str:
    """object, array, string, integer, decimal, boolean or null: whole numbers and decimals are different
    types, because a reader in another language takes them for different ones."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((dict, "object"), (list, "array"), (str, "string"), (int, "integer")):
        if isinstance(value, kind):
            return name
    return "decimal"


def differences(left: Json, right: Json, path: str = "") -> Iterator[Difference]:
    """Everything in which `right` differs from `left`, in the order of `left`; nothing when they are equal.
    `path` is what the paths begin with. Where the types differ nothing below is compared."""
    if json_type(left) != json_type(right):
        yield Difference(path, What.TYPE, left, right)
    elif isinstance(left, dict):
        yield from _in_objects(left, right, path)
    elif isinstance(left, list):
        yield from _in_arrays(left, right, path)
    elif not _same(left, right):
        yield Difference(path, What.VALUE, left, right)


def _in_objects(left: dict[str, Json], right: dict[str, Json], path: str) -> Iterator[Difference]:
    orders = [[key for key in one if key in other] for one, other in ((left, right), (right, left))]
    if orders[0] != orders[1]:
        yield Difference(path, What.ORDER, *orders)
    for key, value in left.items():
        if key in right:
            yield from differences(value, right[key], below(path, key))
        else:
            yield Difference(below(path, key), What.ONLY_LEFT, value, ABSENT)
    for key, value in right.items():
        if key not in left:
            yield Difference(below(path, key), What.ONLY_RIGHT, ABSENT, value)


def _in_arrays(left: list[Json], right: list[Json], path: str) -> Iterator[Difference]:
    common = min(len(left), len(right))
    for index in range(common):
        yield from differences(left[index], right[index], below(path, index))
    for index in range(common, len(left)):
        yield Difference(below(path, index), What.ONLY_LEFT, left[index], ABSENT)
    for index in range(common, len(right)):
        yield Difference(below(path, index), What.ONLY_RIGHT, ABSENT, right[index])


def _same(left: Json, right: Json) -> bool:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left.as_tuple() == right.as_tuple()  # 1.10 is not written like 1.1
    return bool(left == right)


def below(path: str, step: str | int) -> str:
    """The path one key or index further down."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    if not _PLAIN_KEY.fullmatch(step):
        return f"{path}[{json.dumps(step, ensure_ascii=False)}]"
    return f"{path}.{step}" if path else step


def texts(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """(path, text) of every string in a value."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, below(path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, below(path, index))
