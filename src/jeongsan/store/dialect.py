"""One SQL text, two dialects. The store writes `$1` parameters, `= ANY_TEXT($1)` / `= ANY_INT($1)`
for lists, `STARTS_WITH(column, $1)` and `FOR UPDATE [SKIP LOCKED]`; this module turns that into what each
database understands, and builds the bulk statements of a table."""

import re
from functools import lru_cache

from jeongsan.store.tables import POSTGRES_TYPES, Table

_ANY = re.compile(r"= ANY_(TEXT|INT)\((\$\d+)\)")
_PREFIX = re.compile(r"STARTS_WITH\(([\w.]+), (\$\d+)\)")
# No text is greater than a prefix followed by the last code point.
_LAST_CHARACTER = 0x10FFFF
_LOCK = re.compile(r"\s+FOR UPDATE( OF \w+)?( SKIP LOCKED)?")
_PARAMETER = re.compile(r"\$(\d+)")


@lru_cache(maxsize=512)
def to_sqlite(sql: str) -> str:
    """The statement for SQLite: lists travel as JSON, and the single writer needs no row locks."""
    sql = _ANY.sub(r"IN (SELECT value FROM json_each(\2))", sql)
    sql = _PREFIX.sub(rf"(\1 >= \2 AND \1 < \2 || char({_LAST_CHARACTER}))", sql)
    return _PARAMETER.sub(r"?\1", _LOCK.sub("", sql))


@lru_cache(maxsize=512)
def to_postgres(sql: str) -> str:
    """The statement for PostgreSQL. Prefixes are compared by bytes, whatever the database's collation."""
    sql = _PREFIX.sub(rf"(\1 ~>=~ \2 AND \1 ~<~ (\2 || chr({_LAST_CHARACTER})))", sql)
    return _ANY.sub(lambda found: f"= ANY({found[2]}::{'text' if found[1] == 'TEXT' else 'bigint'}[])", sql)


@lru_cache(maxsize=64)
def sqlite_insert(table: Table, on_conflict: str = "") -> str:
    """An INSERT of one row, for executemany."""
    marks = ", ".join("?" * len(table.names))
    return f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES ({marks}) {on_conflict}"


@lru_cache(maxsize=64)
def sqlite_insert_new(table: Table) -> str:
    """One INSERT of a JSON array of rows that returns the keys that were free."""
    values = ", ".join(f"value ->> {number}" for number in range(len(table.names)))
    return (
        f"INSERT INTO {table.name} ({', '.join(table.names)}) SELECT {values} FROM json_each(?) "
        f"WHERE true ON CONFLICT DO NOTHING RETURNING {table.key[0]}"
    )


@lru_cache(maxsize=64)
def sqlite_update(table: Table) -> str:
    """An UPDATE of the mutable columns by key, for executemany; parameters as `update_columns`."""
    assignments = ", ".join(f"{name} = ?" for name in table.mutable)
    keys = " AND ".join(f"{name} = ?" for name in table.key)
    return f"UPDATE {table.name} SET {assignments} WHERE {keys}"


@lru_cache(maxsize=64)
def update_positions(table: Table) -> tuple[int, ...]:
    """Where the mutable columns, then the key, stand in a full row."""
    return tuple(table.names.index(name) for name in (*table.mutable, *table.key))


def _unnest(table: Table, names: tuple[str, ...]) -> str:
    arrays = ", ".join(
        f"${number}::{POSTGRES_TYPES[table.types[name]]}[]" for number, name in enumerate(names, 1)
    )
    return f"unnest({arrays}) AS u({', '.join(names)})"


@lru_cache(maxsize=64)
def postgres_insert(table: Table, on_conflict: str = "") -> str:
    """One INSERT for any number of rows: a parameter per column, each an array."""
    names = ", ".join(table.names)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_unnest(table, table.names)} {on_conflict}"
    )


@lru_cache(maxsize=64)
def postgres_update(table: Table) -> str:
    """One UPDATE of the mutable columns for any number of rows."""
    assignments = ", ".join(f"{name} = u.{name}" for name in table.mutable)
    keys = " AND ".join(f"t.{name} = u.{name}" for name in table.key)
    source = _unnest(table, (*table.mutable, *table.key))
    return f"UPDATE {table.name} AS t SET {assignments} FROM {source} WHERE {keys}"
