"""The audit itself: each invariant speaks up when exactly its promise is broken behind the gateway's back."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from support.calendars import announce
from support.invariants import violations
from support.receiver import open_receiver
from support.sandbox import Sandbox, open_sandbox

pytestmark = pytest.mark.anyio

# Invariant → a change of the database that breaks it.
TAMPERING = {
    1: "UPDATE payment SET balance = balance + 1 WHERE status = 'PARTIAL_CANCELED'",
    2: "DELETE FROM payment_transaction WHERE kind = 'approval'",
    3: "UPDATE payment SET status = 'DONE' WHERE status = 'PARTIAL_CANCELED'",
    4: "UPDATE payment_transaction SET balance_before = balance_before + 1 WHERE kind = 'cancel'",
    5: "DELETE FROM settlement WHERE amount < 0",
    6: "UPDATE payment_transaction SET settle_day = NULL WHERE kind = 'cancel'",
    7: "UPDATE settlement SET vat = vat + 1, supply_amount = supply_amount - 1 WHERE amount > 0",
    8: "UPDATE settlement SET fee = fee - 1, supply_amount = supply_amount - 1 WHERE amount < 0",
    9: "UPDATE posting SET amount = amount + 1 WHERE cause = 'approval'",
    10: "DELETE FROM posting WHERE cause = 'payout' AND debit = '2200'",
    11: "DELETE FROM posting WHERE cause = 'payout'",
    12: "DELETE FROM posting WHERE cause = 'cancel'",
    13: "UPDATE settlement_count SET stored = stored + 1",
    14: "DELETE FROM settlement_count WHERE date_type = 'sold'",
    15: "UPDATE payout SET transferred = transferred + 1",
    16: "DELETE FROM event WHERE sequence = 3",
    17: "UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'DONE', 'READY') AS BLOB)",
    18: "DELETE FROM webhook_delivery",
    19: "DELETE FROM webhook_attempt WHERE number = 1",
    20: "DELETE FROM claim WHERE name LIKE 'order:%'",
    21: "UPDATE claim SET owner = 'somebody' WHERE name LIKE 'order:%'",
    22: "UPDATE claim SET owner = 'somebody' WHERE name LIKE 'idempotency:%'",
    23: "DELETE FROM claim WHERE name LIKE 'idempotency:%'",
    24: "UPDATE network_attempt SET state = 'approved' WHERE state = 'declined'",
    25: "UPDATE network_attempt SET state = 'open' WHERE kind = 'confirm'",
    26: "DELETE FROM audit WHERE action = 'cancel'",
    35: "INSERT INTO adjustment SELECT n, shop_id, 'grade-refund', 'KRW', 0, 0, 0, 0, '2025-04-01', n, '', "
    "'', 0, NULL, '2025-01-01', '2025-01-0' || n, 'small', '2025-04-01' FROM shop, "
    "(SELECT 1 AS n UNION SELECT 2) WHERE mode = 'live'",
    36: "INSERT INTO adjustment SELECT 1, shop_id, 'refund-fee', 'KRW', 1, 1, 0, -1, paid_out_date, 'x', '', "
    "'', 0, transaction_id, NULL, NULL, NULL, paid_out_date FROM settlement WHERE amount < 0 LIMIT 1",
    27: """UPDATE settlement SET fees = '[{"type":"BASE","fee":1}]'""",
    28: "INSERT INTO redated_row SELECT redating_id + 1, transaction_id, to_day, shop_id, from_day, cause, "
    "redated_at FROM redated_row",
    29: "UPDATE payout SET paid_at = 0",
    30: "UPDATE redating SET moved_rows = moved_rows + 1",
    31: "DELETE FROM redated_day",
    46: "UPDATE payout SET paid_at = 0",
    40: "UPDATE posting SET settle_day = '2025-03-14' WHERE cause = 'release'",
}


async def _history(sandbox: Sandbox) -> None:
    """A payment cancelled in two parts, one cancelled at once, one declined, one of escrow released; closed,
    moved and paid."""
    with open_receiver() as receiver:
        await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
        await sandbox.done(30_000)
        parts = (await sandbox.done(15_000))["paymentKey"]
        await sandbox.cancel(parts, cancelAmount=5_000, headers={"Idempotency-Key": "first part"})
        await sandbox.cancel(parts, cancelAmount=10_000)
        await sandbox.cancel((await sandbox.done(20_000))["paymentKey"])
        await sandbox.confirm(await sandbox.pay(cardNumber="9999000112345678"))
        await sandbox.release((await sandbox.done(40_000, useEscrow=True))["paymentKey"], "confirmation")
        await sandbox.move_to("2025-03-14T09:00:00+09:00")
        await announce(sandbox, {date(2025, 3, 20): "임시공휴일"})
        await sandbox.move_to("2025-03-25T00:00:00+09:00")


@pytest.fixture(scope="module")
async def audited(
    anyio_backend: str, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """A database with a finished history."""
    path = tmp_path_factory.mktemp("audited") / "jeongsan.db"
    path.write_bytes(sqlite_template.read_bytes())
    async with open_sandbox(f"sqlite:///{path}") as sandbox:
        await _history(sandbox)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path.read_bytes()


async def _violations(path: Path) -> list[str]:
    connection = sqlite3.connect(path)

    async def read(statement: str, *arguments: object) -> list[tuple[object, ...]]:
        return connection.execute(statement.replace("$", "?"), arguments).fetchall()

    found = await violations(read)
    connection.close()
    return found


async def test_an_honest_history_breaks_nothing(audited: bytes, tmp_path: Path) -> None:
    path = tmp_path / "honest.db"
    path.write_bytes(audited)
    assert await _violations(path) == []


@pytest.mark.parametrize("number", sorted(TAMPERING))
async def test_each_invariant_notices_what_breaks_it(number: int, audited: bytes, tmp_path: Path) -> None:
    path = tmp_path / "tampered.db"
    path.write_bytes(audited)
    connection = sqlite3.connect(path)
    for (guard,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {guard}")
    connection.execute(TAMPERING[number])
    connection.commit()
    connection.close()
    found = {int(line.split(".")[0]) for line in await _violations(path)}
    assert number in found
