"""Sandbox reset: forget every fact, keep the settings (shops, terms, keys, webhooks, calendar)."""

from jeongsan.store.session import Session

_FACTS = (
    "webhook_attempt",
    "webhook_delivery",
    "event",
    "audit",
    "posting",
    "payout",
    "adjustment",
    "settlement",
    "settlement_count",
    "day_close",
    "payment_transaction",
    "network_attempt",
    "idempotency_record",
    "claim",
    "payment",
    "clock_move",
    "request_log",
    "settlement_answer",
)


async def delete_facts(session: Session) -> None:
    """Empty the tables of facts."""
    for table in _FACTS:
        await session.execute(f"DELETE FROM {table}")
