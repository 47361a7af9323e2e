"""One change somewhere in a JSON value, and how the comparison should name it."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from jeongsan.inquiry.differences import What

_OF_ANOTHER_TYPE: tuple[Any, ...] = ({}, [], "other", 1, Decimal("0.5"), True, None)


@dataclass(frozen=True)
class Mutation:
    """`value` is the changed copy; `path` and `what` say where and in what it differs from the original."""

    value: Any
    path: str
    what: What


def sites(
    value: Any, path: str = "", steps: tuple[Any, ...] = ()
) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """(path, steps from the root, what is there) of everything in a value, the value itself first."""
    yield path, steps, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from sites(inner, f"{path}.{key}" if path else key, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from sites(inner, f"{path}[{index}]", (*steps, index))


def _with(value: Any, steps: tuple[Any, ...], new: Any) -> Any:
    if not steps:
        return new
    changed = copy.copy(value)
    changed[steps[0]] = _with(value[steps[0]], steps[1:], new)
    return changed


def kind(value: Any) -> str:
    """Type by Python's own words, kept apart from the code under test."""
    return type(value).__name__


def _other_scalar(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + "!" if isinstance(value, str) else value + 1


def _ways(found: Any) -> list[What]:
    """What can be changed here. ONLY_RIGHT: a key or an element is added."""
    if isinstance(found, dict):
        dropped = [What.ONLY_LEFT] if found else []
        return [What.TYPE, What.ONLY_RIGHT, *dropped, *([What.ORDER] if len(found) > 1 else [])]
    if isinstance(found, list):
        return [What.TYPE, What.ONLY_RIGHT]
    return [What.TYPE] if found is None else [What.TYPE, What.VALUE]


@st.composite
def mutations(draw: st.DrawFn, value: Any, only: frozenset[What] = frozenset(What)) -> Mutation:
    """Drop or add a key, change their order, or change a type or a value, at any depth."""
    possible = [
        (path, steps, found, what)
        for path, steps, found in sites(value)
        for what in _ways(found)
        if what in only
    ]
    path, steps, found, what = draw(st.sampled_from(possible))
    if what is What.TYPE:
        new = draw(st.sampled_from([one for one in _OF_ANOTHER_TYPE if kind(one) != kind(found)]))
    elif what is What.VALUE:
        new = _other_scalar(found)
    elif isinstance(found, list):
        path, new = f"{path}[{len(found)}]", [*found, None]
    elif what is What.ONLY_RIGHT:
        path, new = f"{path}.added" if path else "added", found | {"added": None}
    else:
        key = draw(st.sampled_from(list(found)))
        rest = {name: inner for name, inner in found.items() if name != key}
        if what is What.ONLY_LEFT:
            path, new = f"{path}.{key}" if path else key, rest
        else:  # the last key comes first, any other one last
            new = {key: found[key]} | rest if list(found)[-1] == key else rest | {key: found[key]}
    return Mutation(_with(value, steps, new), path, what)
