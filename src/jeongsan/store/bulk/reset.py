"""Sandbox reset: forget every fact, keep the settings (shops, terms, keys, webhooks, calendar)."""

from jeongsan.store.session import Session

_FACTS = (
    "webhook_attempt",
    "webhook_delivery",
    "event",
    "audit",
    "posting",
    "payout",
    "hold",
    "adjustment",
    "settlement",
    "settlement_count",
    "redated_row",
    "redated_day",
    "redating",
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
