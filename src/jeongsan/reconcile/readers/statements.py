"""The SQL files of this package, and values as text of a statement."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from string import Template

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?);\n", re.MULTILINE | re.DOTALL)


def quoted(value: str) -> str:
    """A text as a literal."""
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """A name, whatever is in it."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def listed(values: Iterable[str]) -> str:
    """Texts as a list."""
    return f"[{', '.join(map(quoted, values))}]"


@cache
def text_of(file: str) -> str:
    """A whole file of sql/."""
    return files(__package__).joinpath("sql", file).read_text(encoding="utf-8")


@cache
def _named() -> dict[str, str]:
    return {found[1]: found[2] for found in _NAMED.finditer(text_of("load.sql"))}


def statement(name: str, **parts: object) -> str:
    """A statement of load.sql with its parts filled in."""
    return Template(_named()[name]).substitute({key: str(value) for key, value in parts.items()})


def filled(file: str, **parts: str) -> str:
    """A file of sql/ with its parts filled in."""
    return Template(text_of(file)).substitute(parts)
