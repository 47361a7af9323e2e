"""One SQL text, two dialects: what each database is sent."""

import pytest

from jeongsan.store.dialect import (
    postgres_insert,
    postgres_update,
    sqlite_insert,
    sqlite_update,
    to_postgres,
    to_sqlite,
    update_positions,
)
from jeongsan.store.open import open_store
from jeongsan.store.tables import CLAIM, TABLES, WEBHOOK_ATTEMPT, WEBHOOK_DELIVERY, Table

LISTED = "SELECT name FROM claim WHERE name = ANY_TEXT($1) AND owner <> $2 ORDER BY name FOR UPDATE"


def test_lists_travel_to_sqlite_as_json_and_nothing_is_locked() -> None:
    assert to_sqlite(LISTED) == (
        "SELECT name FROM claim WHERE name IN (SELECT value FROM json_each(?1)) AND owner <> ?2 ORDER BY name"
    )


def test_lists_travel_to_postgres_as_arrays_and_rows_are_locked() -> None:
    assert to_postgres(LISTED) == (
        "SELECT name FROM claim WHERE name = ANY($1::text[]) AND owner <> $2 ORDER BY name FOR UPDATE"
    )
    assert to_postgres("x = ANY_INT($12)") == "x = ANY($12::bigint[])"


@pytest.mark.parametrize(
    "lock", [" FOR UPDATE", " FOR UPDATE SKIP LOCKED", " FOR UPDATE OF t", "\n  FOR UPDATE OF t SKIP LOCKED"]
)
def test_every_lock_clause_disappears_on_sqlite(lock: str) -> None:
    assert to_sqlite(f"SELECT a FROM t WHERE b = $1{lock}") == "SELECT a FROM t WHERE b = ?1"


def test_a_parameter_may_be_used_twice_and_have_two_digits() -> None:
    assert to_sqlite("SELECT $1, $10, $1") == "SELECT ?1, ?10, ?1"


def test_bulk_statements_name_every_column_in_order() -> None:
    assert sqlite_insert(CLAIM) == "INSERT INTO claim (name, owner) VALUES (?, ?) "
    assert postgres_insert(CLAIM, "ON CONFLICT DO NOTHING") == (
        "INSERT INTO claim (name, owner) SELECT name, owner "
        "FROM unnest($1::text[], $2::text[]) AS u(name, owner) ON CONFLICT DO NOTHING"
    )


def test_an_update_writes_the_mutable_columns_by_key() -> None:
    assert sqlite_update(WEBHOOK_DELIVERY) == (
        "UPDATE webhook_delivery SET state = ?, attempts = ?, due_at = ?, lease_until = ? "
        "WHERE event_id = ? AND endpoint_id = ?"
    )
    assert postgres_update(WEBHOOK_DELIVERY) == (
        "UPDATE webhook_delivery AS t SET state = u.state, attempts = u.attempts, due_at = u.due_at, "
        "lease_until = u.lease_until FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], "
        "$5::bigint[], $6::bigint[]) AS u(state, attempts, due_at, lease_until, event_id, endpoint_id) "
        "WHERE t.event_id = u.event_id AND t.endpoint_id = u.endpoint_id"
    )


@pytest.mark.parametrize("table", [table for table in TABLES if table.mutable], ids=lambda t: t.name)
def test_update_parameters_come_from_their_places_in_a_full_row(table: Table) -> None:
    chosen = [table.names[position] for position in update_positions(table)]
    assert chosen == [*table.mutable, *table.key]


@pytest.mark.anyio
async def test_both_databases_give_the_same_answers_to_the_same_text(database_url: str) -> None:
    """Lists, locks and upserts, as the store uses them."""
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.gate(exclusive=True)
        await session.insert(CLAIM, [("a", "1"), ("b", "2"), ("c'\"%$1", "3")])
        fresh = await session.insert_new(CLAIM, [("b", "9"), ("d", "4"), ("0012", "5"), ("주문'\"\\", "0")])
        await session.upsert(CLAIM, [("a", "7"), ("f", "6")])
        await session.update(CLAIM, [("d", "8")])
        found = await session.fetch(
            LISTED.replace("name FROM", "name, owner FROM"),
            ["a", "b", "c'\"%$1", "d", "f", "nobody"],
            "2",
        )
        nothing = await session.fetch("SELECT name FROM claim WHERE name = ANY_TEXT($1)", [])
        await session.execute("DELETE FROM claim WHERE name = ANY_TEXT($1)", ["a", "b"])
        await session.commit()
        left = await store.read("SELECT name FROM claim")
    finally:
        await store.close()
    assert fresh == {"d", "0012", "주문'\"\\"}
    assert [tuple(row) for row in found] == [("a", "7"), ("c'\"%$1", "3"), ("d", "8"), ("f", "6")]
    assert list(nothing) == []
    assert {row[0] for row in left} == {"0012", "c'\"%$1", "d", "f", "주문'\"\\"}


@pytest.mark.anyio
async def test_numbers_bytes_and_nulls_come_back_as_they_were_written(database_url: str) -> None:
    rows = [(2**62, 1, 1, -(2**62), None, "오류\n'\"", 0), (5, 1, 2, 0, 200, None, 7)]
    store = await open_store(database_url)
    try:
        session = await store.begin()
        await session.insert(WEBHOOK_ATTEMPT, rows)
        found = await session.fetch(
            f"SELECT {', '.join(WEBHOOK_ATTEMPT.names)} FROM webhook_attempt "
            "WHERE event_id = ANY_INT($1) ORDER BY number",
            [5, 2**62],
        )
        await session.rollback()
        after = await store.read("SELECT event_id FROM webhook_attempt")
    finally:
        await store.close()
    assert [tuple(row) for row in found] == rows
    assert list(after) == [], "a rollback forgets everything"
