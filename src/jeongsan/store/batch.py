"""The statements of a batch: load what its operations named, write what they decided."""

from collections.abc import Collection, Iterable, Mapping

from jeongsan.domain.attempts import Attempt
from jeongsan.domain.business_clock import BusinessClock
from jeongsan.domain.idempotency import Record
from jeongsan.domain.payment import Cancel, Payment
from jeongsan.domain.transactions import Transaction
from jeongsan.domain.webhooks import PAYMENT_STATUS_CHANGED
from jeongsan.store import rows, tables
from jeongsan.store.changes import Changes, Loaded
from jeongsan.store.session import Session, StoreUnavailable

# Ids a process takes at a time: one row lock per block instead of one per id.
ID_BLOCK_SIZE = 65_536
_CLAIM_TRIES = 10


async def clock(session: Session) -> BusinessClock:
    """The clock row, as of inside the gate."""
    found = await session.fetch(f"SELECT {rows.CLOCK_COLUMNS} FROM clock WHERE clock_id = 1")
    return rows.clock_from(found[0])


async def take_block(session: Session) -> int:
    """The first id of a new block."""
    found = await session.fetch(
        "UPDATE id_sequence SET next_value = next_value + $1 WHERE name = 'row' RETURNING next_value",
        ID_BLOCK_SIZE,
    )
    return int(found[0][0]) - ID_BLOCK_SIZE


async def load(
    session: Session,
    *,
    payment_keys: Iterable[str],
    claims: Mapping[str, str],
    identities: Iterable[str],
    waiting_keys: Collection[str] = (),
) -> Loaded:
    """Insert free claims, then lock what exists, each in sorted order so that processes cannot deadlock.
    A payment's lock holds its transactions too."""
    owners, fresh = await _claims(session, claims)
    payments = await _payments(session, list(payment_keys))
    return Loaded(
        payments={payment.payment_key: payment for payment in payments},
        attempts=await _open_attempts(session, [payment.payment_id for payment in payments]),
        claims=owners,
        fresh_claims=fresh,
        records=await _records(session, [int(owners[name]) for name in identities if name not in fresh]),
        waiting=await _waiting(
            session, [one.payment_id for one in payments if one.waits and one.payment_key in waiting_keys]
        ),
    )


async def _claims(session: Session, claims: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """Who holds each name now, and which names were free."""
    fresh: set[str] = set()
    owners: dict[str, str] = {}
    missing = sorted(claims)
    for _ in range(_CLAIM_TRIES):
        if not missing:
            break
        inserted = await session.insert_new(tables.CLAIM, [(name, claims[name]) for name in missing])
        fresh |= inserted
        owners.update({name: claims[name] for name in inserted})
        taken = [name for name in missing if name not in inserted]
        if taken:
            found = await session.fetch(
                "SELECT name, owner FROM claim WHERE name = ANY_TEXT($1) ORDER BY name FOR UPDATE", taken
            )
            owners.update({row[0]: row[1] for row in found})
        # Another process may have let go of a name between the two statements.
        missing = [name for name in taken if name not in owners]
    if missing:
        raise StoreUnavailable(f"claims keep changing hands: {missing[:3]}")
    return owners, fresh


async def _payments(session: Session, keys: list[str]) -> list[Payment]:
    if not keys:
        return []
    found = await session.fetch(
        f"SELECT {rows.PAYMENT_COLUMNS} FROM payment WHERE payment_key = ANY_TEXT($1) "
        "ORDER BY payment_key FOR UPDATE",
        keys,
    )
    cancelled = [row[0] for row in found if row[19]]
    cancels: dict[int, list[Cancel]] = {}
    if cancelled:
        entries = await session.fetch(
            f"SELECT {rows.TRANSACTION_COLUMNS} FROM payment_transaction "
            "WHERE payment_id = ANY_INT($1) AND kind = 'cancel' ORDER BY balance_after DESC",
            cancelled,
        )
        for entry in entries:
            cancels.setdefault(entry[2], []).append(rows.cancel_from(entry))
    return [rows.payment_from(row, tuple(cancels.get(row[0], ()))) for row in found]


async def _waiting(session: Session, payment_ids: list[int]) -> tuple[Transaction, ...]:
    if not payment_ids:
        return ()
    found = await session.fetch(
        f"SELECT {rows.TRANSACTION_COLUMNS} FROM payment_transaction "
        "WHERE payment_id = ANY_INT($1) AND settle_day IS NULL ORDER BY transaction_id",
        payment_ids,
    )
    return tuple(rows.transaction_from(tuple(row)) for row in found)


async def _open_attempts(session: Session, payment_ids: list[int]) -> dict[int, tuple[Attempt, ...]]:
    if not payment_ids:
        return {}
    found = await session.fetch(
        f"SELECT {rows.ATTEMPT_COLUMNS} FROM network_attempt "
        "WHERE state = 'open' AND payment_id = ANY_INT($1) ORDER BY attempt_id",
        payment_ids,
    )
    grouped: dict[int, tuple[Attempt, ...]] = {}
    for row in found:
        attempt = rows.attempt_from(row)
        grouped[attempt.payment_id] = (*grouped.get(attempt.payment_id, ()), attempt)
    return grouped


async def _records(session: Session, record_ids: list[int]) -> dict[int, Record]:
    if not record_ids:
        return {}
    found = await session.fetch(
        "SELECT record_id, status, trace_id, body, recorded_at FROM idempotency_record "
        "WHERE record_id = ANY_INT($1)",
        record_ids,
    )
    return {row[0]: Record(row[0], row[1], row[2], bytes(row[3]), row[4]) for row in found}


async def write(session: Session, changes: Changes, *, now: int, config_version: int) -> None:
    """One statement per table, whatever the number of rows."""
    await session.insert(tables.PAYMENT, [rows.payment_row(p) for p in changes.new_payments])
    await session.update(tables.PAYMENT, [rows.payment_row(p) for p in changes.changed_payments])
    await session.insert(tables.TRANSACTION, [rows.transaction_row(t) for t in changes.transactions])
    await session.update(tables.TRANSACTION, [rows.transaction_row(t) for t in changes.released])
    await session.insert(tables.POSTING, [rows.posting_row(p) for p in changes.postings])
    await session.insert(tables.NETWORK_ATTEMPT, [rows.attempt_row(a) for a in changes.new_attempts])
    await session.update(tables.NETWORK_ATTEMPT, [rows.attempt_row(a) for a in changes.changed_attempts])
    await session.insert(tables.AUDIT, [rows.audit_row(a) for a in changes.audits])
    await session.insert(
        tables.EVENT,
        [
            (
                event.event_id,
                event.shop_id,
                event.payment_id,
                event.sequence,
                PAYMENT_STATUS_CHANGED,
                event.body,
                config_version,
                # An event nobody listens to needs no relay.
                "pending" if event.has_endpoints else "unheard",
                now,
            )
            for event in changes.events
        ],
    )
    await session.insert(
        tables.IDEMPOTENCY_RECORD,
        [(r.record_id, r.status, r.trace_id, r.body, r.recorded_at) for r in changes.records],
    )
    await session.update(tables.CLAIM, changes.changed_claims)
    if changes.dropped_claims:
        await session.execute("DELETE FROM claim WHERE name = ANY_TEXT($1)", changes.dropped_claims)
