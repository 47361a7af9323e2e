"""What DuckDB can read: a statement that gives rows of columns `c1`, `c2` …, and what the file calls them."""

from collections.abc import Sequence
from dataclasses import dataclass

TEXT = "VARCHAR"


@dataclass(frozen=True, slots=True)
class Relation:
    """`sql` gives `file_id`, `row_number`, `broken` (a fault, or NULL), `shown` and the columns; `types` are
    those of DuckDB; `rows` is how many rows there are, lines without anything perhaps among them."""

    sql: str
    headers: tuple[str, ...]
    types: tuple[str, ...]
    rows: int


def columns(count: int) -> str:
    """`c1, c2, …`"""
    return ", ".join(f"c{number}" for number in range(1, count + 1))


def texts(count: int) -> tuple[str, ...]:
    """As many types of text."""
    return (TEXT,) * count


def shown_headers(headers: Sequence[str]) -> str:
    """What is there, for a person who looks for what is missing."""
    return ", ".join(one.strip() for one in headers if one.strip())
