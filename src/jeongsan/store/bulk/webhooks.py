"""Webhook endpoints, fan-out of events, deliveries claimed by state, and the attempt log."""

import json
from dataclasses import dataclass
from typing import Any

from jeongsan.domain.ids import transmission_id
from jeongsan.domain.webhooks import DeliveryState
from jeongsan.store import tables
from jeongsan.store.session import Row, Session, Store

FAN_OUT_EVENTS = 500
_CANDIDATES = 256


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A registered receiver."""

    endpoint_id: int
    url: str
    events: list[str]
    created_at: int


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is to be attempted now. `row` is in WEBHOOK_DELIVERY column order."""

    row: tuple[Any, ...]
    url: str
    body: bytes

    @property
    def endpoint_id(self) -> int:
        """Where it goes."""
        return int(self.row[1])

    @property
    def transmission_id(self) -> str:
        """The receiver's key for telling repeats."""
        return str(self.row[4])

    @property
    def attempts(self) -> int:
        """How many were made before."""
        return int(self.row[6])


@dataclass(frozen=True, slots=True)
class Attempted:
    """One attempt's result and what follows for the delivery."""

    due: Due
    attempted_at: int
    status: int | None
    error: str | None
    duration_ms: int
    state: DeliveryState
    due_at: int


async def insert_endpoint(session: Session, *, endpoint: Endpoint, shop_id: int, version: int) -> None:
    """An endpoint that hears of events from settings version `version` on."""
    await session.insert(
        tables.WEBHOOK_ENDPOINT,
        [
            (
                endpoint.endpoint_id,
                shop_id,
                endpoint.url,
                json.dumps(endpoint.events),
                endpoint.created_at,
                version,
                None,
            )
        ],
    )


async def delete_endpoint(session: Session, *, endpoint_id: int, shop_id: int, version: int) -> bool:
    """The endpoint hears nothing from `version` on; what is pending for it is dropped."""
    found = await session.fetch(
        "UPDATE webhook_endpoint SET deleted_version = $3 WHERE endpoint_id = $1 AND shop_id = $2 "
        "AND deleted_version IS NULL RETURNING endpoint_id",
        endpoint_id,
        shop_id,
        version,
    )
    await session.execute(
        "UPDATE webhook_delivery SET state = 'failed' WHERE endpoint_id = $1 AND state = 'pending'",
        endpoint_id if found else -1,
    )
    return bool(found)


async def list_endpoints(store: Store, shop_id: int) -> list[Endpoint]:
    """The shop's endpoints, oldest first."""
    found = await store.read(
        "SELECT endpoint_id, url, events, created_at FROM webhook_endpoint "
        "WHERE shop_id = $1 AND deleted_version IS NULL ORDER BY endpoint_id",
        shop_id,
    )
    return [Endpoint(row[0], row[1], json.loads(row[2]), row[3]) for row in found]


async def count_endpoints(session: Session, shop_id: int) -> int:
    """How many endpoints the shop has now."""
    found = await session.fetch(
        "SELECT count(*) FROM webhook_endpoint WHERE shop_id = $1 AND deleted_version IS NULL", shop_id
    )
    return int(found[0][0])


async def fan_out(session: Session, *, now: int) -> int:
    """Turn pending events into deliveries to the endpoints that existed when they happened.

    Returns how many events were handled."""
    events = await session.fetch(
        "SELECT event_id, shop_id, payment_id, sequence, event_type, config_version, created_at FROM event "
        "WHERE state = 'pending' ORDER BY payment_id, sequence LIMIT $1 FOR UPDATE SKIP LOCKED",
        FAN_OUT_EVENTS,
    )
    if not events:
        return 0
    endpoints = await session.fetch(
        "SELECT endpoint_id, shop_id, events, created_version, deleted_version FROM webhook_endpoint "
        "WHERE shop_id = ANY_INT($1)",
        sorted({row[1] for row in events}),
    )
    await session.insert(
        tables.WEBHOOK_DELIVERY,
        [
            _delivery(event, endpoint[0], now)
            for event in events
            for endpoint in endpoints
            if _hears(endpoint, event)
        ],
    )
    await session.execute(
        "UPDATE event SET state = 'relayed' WHERE event_id = ANY_INT($1)", [row[0] for row in events]
    )
    return len(events)


def _delivery(event: Row, endpoint_id: int, now: int) -> Row:
    event_id, created_at = event[0], event[6]
    key = transmission_id(created_at, event_id=event_id, endpoint_id=endpoint_id)
    state = DeliveryState.PENDING.value
    return (event_id, endpoint_id, event[2], event[3], key, state, 0, created_at, 0, now)


def _hears(endpoint: Row, event: Row) -> bool:
    existed = endpoint[3] <= event[5] and (endpoint[4] is None or event[5] < endpoint[4])
    return bool(endpoint[1] == event[1] and existed and event[4] in json.loads(endpoint[2]))


async def claim_due(
    session: Session,
    *,
    now: int,
    machine_now: int,
    lease_ms: int,
    taken: dict[int, int],
    places: int,
) -> list[Due]:
    """Lease deliveries that are due, at most as many as each endpoint has `places` that are not taken.

    A first attempt waits for the first attempts of earlier events of its payment at its endpoint."""
    columns = ", ".join(f"d.{name}" for name in tables.WEBHOOK_DELIVERY.names)
    found = await session.fetch(
        f"SELECT {columns}, e.url, v.body "
        "FROM webhook_delivery d JOIN webhook_endpoint e ON e.endpoint_id = d.endpoint_id "
        "JOIN event v ON v.event_id = d.event_id "
        "WHERE d.state = 'pending' AND d.due_at <= $1 AND d.lease_until <= $2 "
        "AND NOT (d.endpoint_id = ANY_INT($3)) "
        "AND (d.attempts > 0 OR NOT EXISTS (SELECT 1 FROM webhook_delivery b "
        "WHERE b.endpoint_id = d.endpoint_id AND b.payment_id = d.payment_id AND b.sequence < d.sequence "
        "AND b.attempts = 0 AND b.state = 'pending')) "
        f"ORDER BY d.due_at, d.event_id LIMIT {_CANDIDATES} FOR UPDATE OF d SKIP LOCKED",
        now,
        machine_now,
        [endpoint for endpoint, count in taken.items() if count >= places],
    )
    taken = dict(taken)
    claimed = []
    for row in map(tuple, found):
        if taken.get(row[1], 0) < places:
            taken[row[1]] = taken.get(row[1], 0) + 1
            claimed.append(Due(row[:-2], row[-2], bytes(row[-1])))
    leases = [(*due.row[:8], machine_now + lease_ms, due.row[9]) for due in claimed]
    await session.update(tables.WEBHOOK_DELIVERY, leases)
    return claimed


async def record_attempts(session: Session, attempts: list[Attempted]) -> None:
    """Write the log and move each delivery on; one whose endpoint was removed meanwhile stays ended."""
    await session.insert(
        tables.WEBHOOK_ATTEMPT,
        [
            (*a.due.row[:2], a.due.attempts + 1, a.attempted_at, a.status, a.error, a.duration_ms)
            for a in attempts
        ],
    )
    found = await session.fetch(
        "SELECT event_id, endpoint_id FROM webhook_delivery WHERE state = 'pending' "
        "AND event_id = ANY_INT($1) ORDER BY event_id, endpoint_id FOR UPDATE",
        sorted({a.due.row[0] for a in attempts}),
    )
    pending = {(row[0], row[1]) for row in found}
    await session.update(
        tables.WEBHOOK_DELIVERY,
        [
            (*a.due.row[:5], a.state.value, a.due.attempts + 1, a.due_at, 0, a.due.row[9])
            for a in attempts
            if (a.due.row[0], a.due.row[1]) in pending
        ],
    )
