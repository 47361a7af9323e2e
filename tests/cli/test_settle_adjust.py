"""`jeongsan settle adjust` and `settle adjustments`: refund a grade, correct by hand, see what was booked."""

import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.agreed import agree, graded_contract
from support.inside import inside
from support.sandbox import MID, Sandbox

SPRING = ("--grade", "small", "--from", "2025-03-01", "--to", "2025-03-31")


def settle(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["settle", *arguments, "--database", database_url])


def told(database_url: str, *arguments: str) -> dict[str, Any]:
    result = settle(database_url, *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


async def sold(sandbox: Sandbox) -> None:
    await agree(sandbox, graded_contract())
    await sandbox.done(100_000)
    await sandbox.move_to("2025-03-14T13:00:00+09:00")


def test_a_grade_is_previewed_booked_and_listed(database_url: str) -> None:
    inside(database_url, sold)
    owed = {"currency": "KRW", "amount": 1_705, "fee": -1_705, "supplyAmount": -1_550, "vat": -155}
    preview = told(database_url, "adjust", MID, *SPRING, "--preview")
    assert preview == {"rows": 1, "withoutGrades": 0, "owed": [owed], "missing": [owed], "booked": []}
    (booked,) = told(database_url, "adjust", MID, *SPRING, "--actor", "kim")["booked"]
    assert booked["period"] == {"from": "2025-03-01", "to": "2025-03-31", "grade": "small"}
    assert (booked["amount"], booked["dueDate"], booked["actor"]) == (1_705, "2025-03-20", "kim")
    again = told(database_url, "adjust", MID, *SPRING)
    assert (again["owed"], again["missing"], again["booked"]) == ([owed], [], [])
    assert told(database_url, "adjustments", MID) == {"adjustments": [booked]}
    assert told(database_url, "adjustments", MID, "--mode", "test") == {"adjustments": []}


def test_people_read_what_was_booked_and_when_it_is_paid(database_url: str) -> None:
    inside(database_url, sold)
    text = settle(database_url, "adjust", MID, *SPRING, "--actor", "kim").stdout
    assert "카드 정산 1건 다시 계산" in text
    assert "1,705 KRW · 2025-03-20 지급 예정 due · 2025-03-01 ~ 2025-03-31 small" in text
    assert settle(database_url, "adjust", MID, *SPRING).stdout.endswith("조정 없음 (nothing booked)\n")

    async def paid(sandbox: Sandbox) -> None:
        await sandbox.move_to("2025-03-21T00:00:00+09:00")

    inside(database_url, paid)
    assert "2025-03-20 지급됨 paid" in settle(database_url, "adjustments", MID).stdout


def test_a_correction_needs_a_reason_and_a_reference_makes_it_safe_to_repeat(database_url: str) -> None:
    inside(database_url, sold)
    command = ("adjust", MID, "--amount", "-3000", "--reason", "이중 지급", "--reference", "RT-1")
    (booked,) = told(database_url, *command)["booked"]
    assert (booked["kind"], booked["amount"], booked["reason"]) == ("correction", -3_000, "이중 지급")
    assert told(database_url, *command)["booked"] == []
    (usd,) = told(database_url, "adjust", MID, "--amount", "1.50", "--currency", "USD", "--reason", "x")[
        "booked"
    ]
    assert (usd["currency"], usd["amount"]) == ("USD", 1.5)
    assert len(told(database_url, "adjustments", MID, "--limit", "1")["adjustments"]) == 1


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ((), "INVALID_REQUEST", "grade"),
        ((*SPRING, "--amount", "1"), "INVALID_REQUEST", "grade"),
        (("--grade", "small", "--to", "2025-03-31"), "INVALID_REQUEST", "from"),
        (("--grade", "small", "--from", "2025-03-31"), "INVALID_REQUEST", "to"),
        (("--grade", "small", "--from", "2025-03-31", "--to", "2025-03-01"), "INVALID_REQUEST", "to"),
        (("--grade", "small", "--from", "March", "--to", "2025-03-01"), "INVALID_DATE", "from"),
        ((*SPRING, "--reference", "RT-1"), "INVALID_REQUEST", "reference"),
        ((*SPRING, "--actor", " "), "INVALID_REQUEST", "actor"),
        (("--amount", "100"), "INVALID_REQUEST", "reason"),
        (("--amount", "0", "--reason", "x"), "INVALID_REQUEST", "amount"),
        (("--amount", "1.5", "--reason", "x"), "INVALID_REQUEST", "amount"),
        (("--amount", "much", "--reason", "x"), "INVALID_REQUEST", "amount"),
        (("--amount", "1", "--reason", "x", "--from", "2025-03-01"), "INVALID_REQUEST", "from"),
        (("--amount", "1", "--reason", "x", "--preview"), "INVALID_REQUEST", "preview"),
        (("--amount", "1", "--reason", "x", "--reference", ""), "INVALID_REQUEST", "reference"),
    ],
)
def test_what_cannot_be_adjusted_is_refused_by_its_field_and_nothing_is_booked(
    database_url: str, options: tuple[str, ...], code: str, field: str
) -> None:
    inside(database_url, sold)
    result = settle(database_url, "adjust", MID, *options, "--json")
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    refused = json.loads(result.stderr)
    assert refused["code"] == code
    assert f"({field}: " in refused["message"]
    assert told(database_url, "adjustments", MID) == {"adjustments": []}


@pytest.mark.parametrize("command", ["adjust", "adjustments"])
def test_an_unknown_shop_is_refused(database_url: str, command: str) -> None:
    inside(database_url, sold)
    options = ("--amount", "1", "--reason", "x") if command == "adjust" else ()
    result = settle(database_url, command, "tnobody001", *options, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["code"] == "NOT_FOUND_MERCHANT"
