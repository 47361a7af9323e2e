"""What waits for the clock: the earliest due instant of each kind of work."""

from dataclasses import dataclass

from jeongsan.domain.attempts import Attempt
from jeongsan.domain.business_clock import BusinessClock
from jeongsan.store.payable import PAYABLE
from jeongsan.store.rows import ATTEMPT_COLUMNS, CLOCK_COLUMNS, attempt_from, clock_from
from jeongsan.store.session import Store

_SOONEST = (
    f"SELECT {CLOCK_COLUMNS}, "
    "(SELECT min(expires_at) FROM payment WHERE expires_at IS NOT NULL), "
    "(SELECT min(day) FROM day_close WHERE state = 'closing'), "
    f"(SELECT min(c.day) FROM settlement_count c WHERE {PAYABLE}), "
    "(SELECT min(created_at) FROM redating WHERE done_at IS NULL), "
    "(SELECT min(created_at) FROM event WHERE state = 'pending'), "
    "(SELECT min(due_at) FROM webhook_delivery WHERE state = 'pending' AND lease_until <= $1), "
    "(SELECT min(placed_at) FROM hold WHERE state = 'releasing') "
    "FROM clock WHERE clock_id = 1"
)


@dataclass(frozen=True, slots=True)
class Soonest:
    """Instants in epoch ms, days as ISO text, None where nothing waits. Deliveries that somebody has
    leased are not counted: they are being attempted. `releasing`: a hold whose release was begun."""

    clock: BusinessClock
    expiry: int | None
    closing_day: str | None
    payout_day: str | None
    redating: int | None
    event: int | None
    delivery: int | None
    releasing: int | None


async def soonest(store: Store, machine_now: int) -> Soonest:
    """One statement for everything that may be due."""
    row = tuple((await store.read(_SOONEST, machine_now))[0])
    return Soonest(clock_from(row[:6]), *row[6:])


async def attempts_under_way(store: Store, machine_now: int) -> bool:
    """Whether some process attempts a delivery just now, or died while it did and its lease still runs."""
    rows = await store.read(
        "SELECT 1 FROM webhook_delivery WHERE state = 'pending' AND lease_until > $1 LIMIT 1", machine_now
    )
    return bool(rows)


async def expired_payment_keys(store: Store, now: int, limit: int) -> list[str]:
    """Payments whose time to be confirmed is over, in order of that time."""
    rows = await store.read(
        "SELECT payment_key FROM payment WHERE expires_at <= $1 ORDER BY expires_at, payment_id LIMIT $2",
        now,
        limit,
    )
    return [row[0] for row in rows]


async def expired_attempts(
    store: Store, machine_now: int, limit: int
) -> list[tuple[Attempt, str, str | None]]:
    """Open attempts whose lease is over, each with its order id and the stored card."""
    columns = ", ".join(f"a.{name.strip()}" for name in ATTEMPT_COLUMNS.split(","))
    rows = await store.read(
        f"SELECT {columns}, p.order_id, p.card FROM network_attempt a "
        "JOIN payment p ON p.payment_id = a.payment_id "
        "WHERE a.state = 'open' AND a.lease_until <= $1 ORDER BY a.attempt_id LIMIT $2",
        machine_now,
        limit,
    )
    return [(attempt_from(row[:-2]), row[-2], row[-1]) for row in map(tuple, rows)]


async def open_work(store: Store) -> tuple[int, int]:
    """(deliveries not yet made or given up, events not yet fanned out)."""
    rows = await store.read(
        "SELECT (SELECT count(*) FROM webhook_delivery WHERE state = 'pending'), "
        "(SELECT count(*) FROM event WHERE state = 'pending')"
    )
    return rows[0][0], rows[0][1]
