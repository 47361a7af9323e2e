"""The SQL files of this package, and their statements by name."""

import re
from functools import cache
from string import Template

from jeongsan.reconcile.sql_text import script

_NAMED = re.compile(r"^-- name: (\w+)\n(.*?);\n", re.MULTILINE | re.DOTALL)


def text_of(file: str) -> str:
    """A whole file of sql/."""
    return script(__package__, f"sql/{file}")


@cache
def _named() -> dict[str, str]:
    return {found[1]: found[2] for found in _NAMED.finditer(text_of("load.sql"))}


def statement(name: str, **parts: object) -> str:
    """A statement of load.sql with its parts filled in."""
    return Template(_named()[name]).substitute({key: str(value) for key, value in parts.items()})


def filled(file: str, **parts: str) -> str:
    """A file of sql/ with its parts filled in."""
    return Template(text_of(file)).substitute(parts)
