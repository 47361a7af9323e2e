"""`jeongsan settle explain` and `settle check`: one won changed in a database is found and named."""

import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.inquiry import settlement_check
from support.inside import inside
from support.sandbox import MID, Sandbox
from support.shops import another_shop
from support.tampering import tamper


def settle(database_url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["settle", *arguments, "--database", database_url])


def checked(database_url: str, *arguments: str, exits: int = 0) -> dict[str, Any]:
    result = settle(database_url, "check", *arguments, "--json")
    assert result.exit_code == exits, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


async def three_days(sandbox: Sandbox) -> list[str]:
    """A sale and a part of it cancelled on each of three days; the keys of the cancels, in order."""
    keys = []
    for day in (13, 14, 15):
        await sandbox.move_to(f"2025-03-{day}T13:00:00+09:00")
        payment = await sandbox.done(10_030)
        answer = await sandbox.cancel(payment["paymentKey"], cancelAmount=3_000)
        keys.append(answer.json()["lastTransactionKey"])
    await sandbox.move_to("2025-03-16T00:00:00+09:00")
    return keys


def test_a_fee_is_explained_in_lines_for_people(database_url: str) -> None:
    key = inside(database_url, three_days)[0]
    result = settle(database_url, "explain", key)
    assert result.exit_code == 0, result.output
    assert "10,030 × 3.2% = 320.96 → 320 (절사) · 320 × 10% = 32 · 320 + 32 = 352" in result.stdout
    assert "246 − 352 = -106" in result.stdout
    assert "정산 건 row: 저장된 값과 모두 같습니다" in result.stdout
    english = settle(database_url, "explain", key, "--lang", "en")
    assert "row: everything stored is the same" in english.stdout


def test_an_unknown_key_is_refused(database_url: str) -> None:
    inside(database_url, three_days)
    result = settle(database_url, "explain", "txrd_nobody", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert json.loads(result.stderr)["code"] == "NOT_FOUND"


def test_rows_that_are_sound_all_agree(database_url: str) -> None:
    inside(database_url, three_days)
    assert checked(database_url) == {"checked": 6, "agree": 6, "redated": 0, "differ": 0, "rows": []}
    assert settle(database_url, "check").stdout == "정산 6건 다시 계산: 일치 6, 불일치 0\n"


MONEY = ("amount", "fee", "supply_amount", "vat", "interest_fee", "pay_out_amount")
WIRE = ("amount", "fee", "supplyAmount", "vat", "interestFee", "payOutAmount")


@pytest.mark.parametrize(("column", "field"), list(zip(MONEY, WIRE, strict=True)))
def test_one_won_in_any_column_of_the_database_is_named(database_url: str, column: str, field: str) -> None:
    key = inside(database_url, three_days)[1]

    async def work(sandbox: Sandbox) -> None:
        await tamper(
            sandbox,
            f"UPDATE settlement SET {column} = {column} + 1 WHERE transaction_id = "
            f"(SELECT transaction_id FROM payment_transaction WHERE transaction_key = '{key}')",
        )

    inside(database_url, work)
    found = checked(database_url, exits=1)
    assert (found["checked"], found["agree"], found["differ"]) == (6, 5, 1)
    (row,) = found["rows"]
    assert (row["mode"], row["mId"], row["transactionKey"], row["soldDate"]) == (
        "LIVE",
        MID,
        key,
        "2025-03-14",
    )
    ((one,),) = (row["differences"],)
    assert one["field"] == field
    assert one["stored"] == one["expected"] + 1
    result = settle(database_url, "check", "--lang", "en")
    assert result.exit_code == 1
    assert f"{field}: stored {one['stored']:,}, expected {one['expected']:,}" in result.stdout


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("fees = replace(fees, '352', '353')", "fees.BASE"),
        ("paid_out_date = '2025-03-31', paid_seq = 90000 + transaction_id", "paidOutDate"),
        ("settle_day = '2025-03-12'", "settleDay"),
        ("currency = 'USD'", "currency"),
    ],
)
def test_a_line_a_date_or_a_currency_that_was_changed_is_named(
    database_url: str, change: str, field: str
) -> None:
    inside(database_url, three_days)

    async def work(sandbox: Sandbox) -> None:
        await tamper(sandbox, f"UPDATE settlement SET {change} WHERE sold_date = '2025-03-13' AND amount > 0")

    inside(database_url, work)
    (row,) = checked(database_url, exits=1)["rows"]
    assert field in [one["field"] for one in row["differences"]]


def test_a_period_and_a_shop_are_checked_alone(database_url: str) -> None:
    async def work(sandbox: Sandbox) -> None:
        other = await another_shop(sandbox, "tother0001")
        await sandbox.done(20_000, client=other)
        await three_days(sandbox)
        await tamper(sandbox, "UPDATE settlement SET fee = fee + 1 WHERE amount = 20000")

    inside(database_url, work)
    assert checked(database_url, MID)["checked"] == 6
    assert checked(database_url, "tother0001", exits=1)["differ"] == 1
    assert checked(database_url, MID, "--from", "2025-03-14", "--to", "2025-03-14")["checked"] == 2
    assert checked(database_url, "--from", "2025-03-14")["checked"] == 4
    assert checked(database_url, "--to", "2025-03-12")["checked"] == 0


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_however_few_rows_are_read_at_a_time_each_is_checked_once(
    database_url: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside(database_url, three_days)
    monkeypatch.setattr(settlement_check, "ROWS_PER_READ", rows)
    assert checked(database_url)["checked"] == 6


@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        (("--from", "soon"), "INVALID_DATE", "from"),
        (("--to", "20250313"), "INVALID_DATE", "to"),
        (("--from", "2025-03-14", "--to", "2025-03-13"), "INVALID_DATE", "to"),
        (("tnobody001",), "NOT_FOUND_MERCHANT", "mId"),
    ],
)
def test_a_period_or_shop_that_is_none_is_refused_by_its_name(
    database_url: str, options: tuple[str, ...], code: str, field: str
) -> None:
    inside(database_url, three_days)
    result = settle(database_url, "check", *options, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    refused = json.loads(result.stderr)
    assert refused["code"] == code
    assert f"({field}: " in refused["message"]
