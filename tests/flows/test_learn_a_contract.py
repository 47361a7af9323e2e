"""Our own gateway makes a history with a weekend and holidays under several contracts; the merchant's tool,
which shares no rule with it, learns each contract back."""

import json
from typing import Any

import pytest

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.learn import learn
from jeongsan.reconcile.learn_answers import Answer, answers
from jeongsan.reconcile.learned_contract import as_contract
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of
from support.sandbox import MID, Sandbox

pytestmark = pytest.mark.anyio

BANKS = OpenDays(korean_holidays())
CONTRACTS = [
    {"rate": 3.2, "rounding": "B", "businessDays": 6, "anchor": "exclusive", "cycle": "daily"},
    {"rate": 3.2, "rounding": "A", "businessDays": 4, "anchor": "roll", "cycle": "daily"},
    {"rate": 2.65, "rounding": "B", "businessDays": 3, "anchor": "exclusive", "cycle": "weekly"},
    {"rate": 1.8, "rounding": "A", "businessDays": 2, "anchor": "exclusive", "cycle": "monthly"},
]
# A Friday before a weekend, the weekend, and the days around Labour Day and Children's Day. The month ends on
# a weekend, so that month ends tell the anchor too.
DAYS = (
    "2025-04-25",
    "2025-04-26",
    "2025-04-27",
    "2025-04-30",
    "2025-05-01",
    "2025-05-05",
    "2025-05-30",
    "2025-06-02",
)


async def made(sandbox: Sandbox, contract: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of three sales a day, a cancel in two parts and one of its own day."""
    answer = await sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json=contract)
    assert answer.status_code == 200, answer.text
    amount = 110_030
    for day in DAYS:
        await sandbox.move_to(f"{day}T10:00:00+09:00")
        for _ in range(3):
            amount += 97_310
            payment = await sandbox.done(amount)
        if day == "2025-04-26":
            for part in (33_330, amount - 33_330):
                answer = await sandbox.cancel(payment["paymentKey"], cancelAmount=part)
                assert answer.status_code == 200, answer.text
    await sandbox.move_to("2025-06-04T10:00:00+09:00")
    rows = await sandbox.settlements("2025-04-01", "2025-06-30", size=1_000)
    assert len(rows) == 3 * len(DAYS) + 2
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: f"{one['rounding']} {one['cycle']}")
async def test_the_contract_of_our_gateway_is_learned_back(
    sandbox: Sandbox, contract: dict[str, Any]
) -> None:
    read = rows_of("answer", json.dumps(await made(sandbox, contract)).encode())
    learned = learn(history_of(read.rows), BANKS)
    (terms,) = learned.terms
    assert not terms.deviations
    assert not read.problems
    document = as_contract(learned).document
    assert document is not None
    assert document["terms"] == [
        {
            "method": "CARD",
            "from": "2025-04-25",
            "rate": f"{contract['rate']}",
            "fixed": 0,
            "vat": "excluded",
            "rounding": contract["rounding"],
            "cycle": contract["cycle"],
            "payout": {"businessDays": contract["businessDays"], "anchor": contract["anchor"]},
            "cancel": {"fee": "returned", "refundFee": 0},
        }
    ]


async def test_a_change_of_our_contract_is_learned_with_its_day(sandbox: Sandbox) -> None:
    rows = await made(sandbox, CONTRACTS[0])
    await sandbox.live.put(f"/jeongsan/v1/shops/{MID}", json={"rate": 2.4})
    for number in range(6):
        await sandbox.done(500_010 + 11_110 * number)
    await sandbox.move_to("2025-06-05T10:00:00+09:00")
    rows += await sandbox.settlements("2025-06-04", size=1_000)
    (terms,) = learn(history_of(rows_of("answer", json.dumps(rows).encode()).rows), BANKS).terms
    assert [(str(one.first), one.ranges[0].rate) for one in terms.fees] == [
        ("2025-04-25", 32_000),
        ("2025-06-04", 24_000),
    ]


async def test_our_gateway_answers_the_open_questions(sandbox: Sandbox) -> None:
    """Two rows for a cancel of its own day, no odd won, an eleventh, and no filter by acquisition."""
    read = rows_of("answer", json.dumps(await made(sandbox, CONTRACTS[0])).encode())
    found = {one.answer: one.values for one in answers(learn(history_of(read.rows), BANKS))}
    assert found[Answer.TWO_ROWS]["rows"] == 2
    assert found[Answer.PARTS_EVEN]["payments"] == 1
    assert found[Answer.ANCHOR]["anchor"] == "EXCLUSIVE"
    assert found[Answer.ROUNDING]["rounding"] == "B"
    assert Answer.ACQUIRE in found
