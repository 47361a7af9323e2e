"""The schema: migrations make exactly the tables that the store writes, on both databases."""

from pathlib import Path

import pytest

from jeongsan.store.open import migrate, open_store
from jeongsan.store.tables import POSTGRES_TYPES, TABLES, Table

pytestmark = pytest.mark.anyio

# How each database names the types of `tables`.
SQLITE_TYPES = {"int": {"BIGINT", "INTEGER"}, "text": {"TEXT"}, "blob": {"BLOB"}}
POSTGRES_COLUMNS = (
    "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position"
)
POSTGRES_KEY = (
    "SELECT a.attname FROM pg_index i "
    "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) "
    "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number "
    "WHERE i.indisprimary AND i.indrelid = $1::text::regclass ORDER BY k.place"
)


async def _columns(url: str, kind: str, table: Table) -> list[tuple[str, str, bool]]:
    store = await open_store(url)
    try:
        if kind == "postgres":
            rows = await store.read(POSTGRES_COLUMNS, table.name)
            named = {given: ours for ours, given in POSTGRES_TYPES.items()}
            return [(row[0], named[row[1]], row[2]) for row in rows]
        rows = await store.read(
            'SELECT name, type, "notnull" FROM pragma_table_info($1) ORDER BY cid', table.name
        )
        named = {given: ours for ours, all_given in SQLITE_TYPES.items() for given in all_given}
        return [(row[0], named[row[1]], not row[2]) for row in rows]
    finally:
        await store.close()


async def test_every_table_has_exactly_the_declared_columns_types_and_nulls_in_order(
    database_url: str, store_kind: str
) -> None:
    declared = {table.name: list(table.columns) for table in TABLES}
    assert {t.name: await _columns(database_url, store_kind, t) for t in TABLES} == declared


async def test_every_table_has_its_declared_key(database_url: str, store_kind: str) -> None:
    store = await open_store(database_url)
    try:
        for table in TABLES:
            if store_kind == "postgres":
                rows = await store.read(POSTGRES_KEY, table.name)
            else:
                rows = await store.read(
                    "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", table.name
                )
            assert tuple(row[0] for row in rows) == table.key, table.name
    finally:
        await store.close()


async def test_there_is_no_table_that_the_store_does_not_know(database_url: str, store_kind: str) -> None:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgres": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    }
    store = await open_store(database_url)
    try:
        names = {row[0] for row in await store.read(catalogue[store_kind])}
    finally:
        await store.close()
    assert names == {table.name for table in TABLES} | {"alembic_version"}


async def test_fact_tables_of_sqlite_are_appended_by_rowid(sqlite_template: Path) -> None:
    """A single integer key is the rowid itself, so that facts lie on the disk in time order."""
    keyed_by_number = [t for t in TABLES if len(t.key) == 1 and t.types[t.key[0]] == "int"]
    assert "payment" in {table.name for table in keyed_by_number}
    store = await open_store(f"sqlite:///{sqlite_template}")
    try:
        for table in keyed_by_number:
            rows = await store.read("SELECT type FROM pragma_table_info($1) WHERE pk = 1", table.name)
            assert rows[0][0] == "INTEGER", table.name
    finally:
        await store.close()


async def test_migrating_again_changes_nothing_and_keeps_the_data(database_url: str, store_kind: str) -> None:
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.execute("INSERT INTO claim (name, owner) VALUES ($1, $2)", "order:1", "a")
        await session.commit()
    finally:
        await store.close()
    before = [await _columns(database_url, store_kind, table) for table in TABLES]
    first, second = migrate(database_url), migrate(database_url)
    assert first == second
    assert [await _columns(database_url, store_kind, table) for table in TABLES] == before
    store = await open_store(database_url)
    try:
        assert [tuple(row) for row in await store.read("SELECT name, owner FROM claim")] == [("order:1", "a")]
        versions = await store.read("SELECT version_num FROM alembic_version")
    finally:
        await store.close()
    assert [row[0] for row in versions] == [first]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_declaration_is_consistent(table: Table) -> None:
    """Key columns first; what may change exists and is no key."""
    assert table.names[: len(table.key)] == table.key
    assert len(set(table.names)) == len(table.names)
    assert set(table.mutable) <= set(table.names) - set(table.key)
    assert set(table.types.values()) <= set(POSTGRES_TYPES)
    assert not any(nullable for name, _, nullable in table.columns if name in table.key)
