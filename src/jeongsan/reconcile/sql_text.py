"""Files of SQL, and values as they stand in the text of a statement for DuckDB."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path


@cache
def script(package: str, name: str) -> str:
    """A file of SQL that lies in a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


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


def glob_escaped(path: Path) -> str:
    """What is read may be a pattern, and ~ somebody's home: no file's name is to mean another one."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path.absolute()))
