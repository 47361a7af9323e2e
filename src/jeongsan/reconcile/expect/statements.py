"""The SQL of expectations: files of this package and of the rule book, run on a connection of DuckDB."""

from typing import Any

from jeongsan.reconcile.duck import run_script
from jeongsan.reconcile.sql_text import script

_HERE = "jeongsan.reconcile.expect"
_RULES = "jeongsan.reconcile.match"


def rows(connection: Any, name: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a statement of this package answers; `values` are its parameters."""
    statement = script(_HERE, f"{name}.sql")
    found: list[tuple[Any, ...]] = connection.execute(statement, values or None).fetchall()
    return found


def run_rules(connection: Any, *names: str) -> None:
    """Every statement of these files of the rule book."""
    for name in names:
        run_script(connection, _RULES, f"{name}.sql")
