"""A contract goes round: applied, sold by, learned from its rows, checked, applied to a fresh shop. The same
sales then make the same rows."""

import json
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.client.moments import day_of
from support.sandbox import MID, Sandbox, open_sandbox

pytestmark = pytest.mark.anyio

CONTRACT = {
    "terms": [
        {"method": "CARD", "from": "2025-01-01", "until": "2025-05-06", "rate": "3.2",
         "payout": {"businessDays": 6, "anchor": "roll"}, "installments": {"3": "1.8"}},
        {"method": "CARD", "from": "2025-05-07", "rate": "2.4",
         "payout": {"businessDays": 6, "anchor": "roll"}, "installments": {"3": "1.8"}},
        {"method": "CARD", "card": ["CHECK"], "from": "2025-01-01", "rate": "1.5", "rounding": "A",
         "cycle": "weekly", "payout": {"calendarDays": 11, "holiday": "before"},
         "cancel": {"fee": "kept", "refundFee": 200}},
        {"method": "CARD", "card": ["GIFT"], "from": "2025-01-01", "rate": "9.35", "vat": "included",
         "cycle": "monthly", "payout": {"monthEnds": 2, "holiday": "after"}},
    ]
}  # fmt: skip
FIRST, DAYS = day_of("2025-04-24"), 18
# Of every day: kind of card, instalments, part of the amount that is cancelled on the next day.
SALES: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, 3),
    ({}, 0),
    ({"cardInstallmentPlan": 3, "interestPayer": "MERCHANT"}, 0),
    ({"cardType": "체크"}, 1),
    ({"cardType": "기프트"}, 2),
)
KEPT = (
    "amount",
    "fees",
    "fee",
    "supplyAmount",
    "vat",
    "payOutAmount",
    "soldDate",
    "paidOutDate",
    "approvedAt",
)


async def sold(sandbox: Sandbox) -> list[dict[str, Any]]:
    """The rows of sales of several kinds on every day around holidays, and of cancels in part."""
    amount, later = 110_030, []
    for number in range(DAYS):
        await sandbox.move_to(f"{FIRST + timedelta(days=number)}T10:00:00+09:00")
        for key, part in later:
            answer = await sandbox.cancel(key, cancelAmount=part)
            assert answer.status_code == 200, answer.text
        later = []
        for options, cancelled in SALES:
            amount += 9_710
            payment = await sandbox.done(amount, **options)
            later += [(payment["paymentKey"], amount // 3)] if number % 4 < cancelled else []
    await sandbox.move_to("2025-06-30T10:00:00+09:00")
    return await sandbox.settlements("2025-04-01", "2025-06-30", size=5_000)


def said(rows: list[dict[str, Any]]) -> list[Any]:
    """What a contract makes of sales; keys and orders are each gateway's own."""
    return sorted(json.dumps([row[name] for name in KEPT] + [row["card"]["cardType"]]) for row in rows)


async def command(*arguments: str) -> str:
    """What `jeongsan …` printed, run as a user would beside the gateway."""
    result = await anyio.to_thread.run_sync(lambda: CliRunner().invoke(app, list(arguments)))
    assert result.exit_code == 0, (result.stdout, result.stderr, result.exception)
    return result.stdout


@pytest.fixture
def fresh_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The database of another gateway."""
    shutil.copy(sqlite_template, tmp_path / "fresh.db")
    return f"sqlite:///{tmp_path / 'fresh.db'}"


@pytest.fixture
async def fresh(fresh_url: str, anyio_backend: str) -> AsyncIterator[Sandbox]:
    """A gateway with a shop that has never seen the contract."""
    async with open_sandbox(fresh_url) as opened:
        yield opened


@pytest.mark.slow
async def test_a_learned_contract_makes_the_rows_again(
    sandbox: Sandbox, fresh: Sandbox, fresh_url: str, tmp_path: Path
) -> None:
    answer = await sandbox.live.put(f"/jeongsan/v1/shops/{MID}/contract", json=CONTRACT)
    assert answer.status_code == 200, answer.text
    rows = await sold(sandbox)
    history, document = tmp_path / "rows.json", tmp_path / "learned.toml"
    history.write_text(json.dumps(rows), encoding="utf-8")
    document.write_text(await command("settle", "learn", str(history), "--toml"), encoding="utf-8")
    checked = json.loads(await command("contract", "check", str(document), "--at", str(FIRST), "--json"))
    assert checked["valid"] is True
    await fresh.move_to(f"{FIRST}T09:00:00+09:00")
    await command("contract", "apply", MID, str(document), "--database", fresh_url)
    assert said(await sold(fresh)) == said(rows)
