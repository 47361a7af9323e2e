"""Proof that a refused request left nothing behind: the facts before and after are the same rows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from support.sandbox import Sandbox

_FACTS = {
    "payment": "payment_id",
    "payment_transaction": "transaction_id",
    "posting": "posting_id",
    "event": "event_id",
    "network_attempt": "attempt_id",
    "audit": "audit_id",
    "webhook_delivery": "event_id",
    "settlement": "transaction_id",
    "payout": "payout_id",
}


async def facts(sandbox: Sandbox) -> dict[str, list[tuple[Any, ...]]]:
    """Every stored fact, row by row, and which orders are taken; idempotency is not a fact of money."""
    found = {
        table: await sandbox.sql(f"SELECT * FROM {table} ORDER BY {key}") for table, key in _FACTS.items()
    }
    found["claim"] = await sandbox.sql("SELECT * FROM claim WHERE name LIKE 'order:%' ORDER BY name")
    return found


@asynccontextmanager
async def nothing_changes(sandbox: Sandbox, *payment_keys: str) -> AsyncIterator[None]:
    """Neither the stored facts nor what GET answers for these payments may differ after the block."""
    before = await facts(sandbox), await _shown(sandbox, payment_keys)
    yield
    assert (await facts(sandbox), await _shown(sandbox, payment_keys)) == before


async def _shown(sandbox: Sandbox, payment_keys: tuple[str, ...]) -> list[bytes]:
    answers = [await sandbox.live.get(f"/v1/payments/{key}") for key in payment_keys]
    assert all(answer.status_code == 200 for answer in answers)
    return [answer.content for answer in answers]


def assert_refused(answer: httpx.Response, status: int, code: str) -> None:
    """The decided status and code, in the recorded shape: exactly {code, message}."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert set(answer.json()) == {"code", "message"}
    assert answer.json()["message"]
    assert answer.headers["content-type"] == "application/json"
