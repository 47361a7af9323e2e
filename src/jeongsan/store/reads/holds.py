"""Holds as people ask for them: of shops, around one payment, and those whose release was begun."""

from collections.abc import Sequence
from dataclasses import dataclass

from jeongsan.domain.holds import Hold
from jeongsan.store.rows import hold_from
from jeongsan.store.session import Row, Store
from jeongsan.store.tables import HOLD

_WIDTH = len(HOLD.names)
_SELECT = (
    f"SELECT {', '.join(f'h.{name}' for name in HOLD.names)}, p.payment_key, p.order_id "
    "FROM hold h LEFT JOIN payment p ON p.payment_id = h.payment_id "
)
# What is over interests by its latest; what stands is always told whole.
RELEASED_SHOWN_MAX = 1_000


@dataclass(frozen=True, slots=True)
class KnownHold:
    """A hold with the names of its payment; None for a shop's."""

    hold: Hold
    payment_key: str | None
    order_id: str | None


async def in_force(store: Store, shop_ids: Sequence[int]) -> list[KnownHold]:
    """What stands or is being released, oldest first."""
    return _known(
        await store.read(
            f"{_SELECT} WHERE h.state <> 'released' AND h.shop_id = ANY_INT($1) ORDER BY h.hold_id",
            list(shop_ids),
        )
    )


async def released(store: Store, shop_ids: Sequence[int]) -> list[KnownHold]:
    """What is over, the latest releases first."""
    return _known(
        await store.read(
            f"{_SELECT} WHERE h.state = 'released' AND h.shop_id = ANY_INT($1) "
            f"ORDER BY h.released_at DESC, h.hold_id DESC LIMIT {RELEASED_SHOWN_MAX}",
            list(shop_ids),
        )
    )


async def by_id(store: Store, hold_id: int) -> KnownHold | None:
    """One hold."""
    found = _known(await store.read(f"{_SELECT} WHERE h.hold_id = $1", hold_id))
    return found[0] if found else None


async def around_payment(store: Store, shop_id: int, payment_id: int, since: int) -> list[Hold]:
    """The holds of a payment, and those of its shop that were in force at `since` (epoch ms) or later, in
    order of their placing."""
    rows = await store.read(
        f"{_SELECT} WHERE h.shop_id = $1 AND (h.payment_id = $2 OR (h.payment_id IS NULL "
        "AND (h.released_at IS NULL OR h.released_at >= $3))) ORDER BY h.placed_at, h.hold_id",
        shop_id,
        payment_id,
        since,
    )
    return [one.hold for one in _known(rows)]


async def releasing(store: Store) -> list[int]:
    """Holds whose release was begun and is not complete, oldest first."""
    rows = await store.read("SELECT hold_id FROM hold WHERE state = 'releasing' ORDER BY placed_at, hold_id")
    return [row[0] for row in rows]


def _known(rows: Sequence[Row]) -> list[KnownHold]:
    return [KnownHold(hold_from(row[:_WIDTH]), row[_WIDTH], row[_WIDTH + 1]) for row in map(tuple, rows)]
