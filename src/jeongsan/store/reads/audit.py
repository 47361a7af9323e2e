"""Who did what to a payment, by which path."""

from jeongsan.domain.channels import Actor, Channel
from jeongsan.store.session import Store


async def cancels_of_order(store: Store, mid: str, order_id: str) -> list[Actor]:
    """The actors of an order's cancels, oldest first."""
    rows = await store.read(
        "SELECT a.channel, a.actor_name, a.key_hint, a.address FROM audit a "
        "JOIN payment p ON p.payment_id = a.payment_id "
        "WHERE p.mid = $1 AND p.order_id = $2 AND a.action = 'cancel' ORDER BY a.audit_id",
        mid,
        order_id,
    )
    return [Actor(Channel(row[0]), row[1], row[2], row[3]) for row in rows]
