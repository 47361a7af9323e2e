"""`jeongsan cancel`: a person presses the button; who it was is written beside the payment, not in it."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.receiver import open_receiver
from support.sandbox import START, Sandbox, open_sandbox

T = TypeVar("T")


def inside(database_url: str, work: Callable[[Sandbox], Coroutine[Any, Any, T]]) -> T:
    """Do something in a sandbox on this database, and close it again."""

    async def opened() -> T:
        async with open_sandbox(database_url) as sandbox:
            return await work(sandbox)

    return asyncio.run(opened())


def cancel(database_url: str, payment_key: str, channel: str, *options: str) -> Result:
    arguments = ["cancel", payment_key, "--channel", channel, "--database", database_url, "--json"]
    return CliRunner().invoke(app, [*arguments, *options])


async def pay(sandbox: Sandbox) -> str:
    return str((await sandbox.done(15_000))["paymentKey"])


@pytest.mark.parametrize("channel", ["merchant-admin", "developer-centre"])
def test_a_cancel_is_answered_with_the_payment_and_audited_with_who_where_and_why(
    database_url: str, channel: str
) -> None:
    key = inside(database_url, pay)
    options = ("--reason", "재고 없음", "--actor", "김담당", "--address", "203.0.113.7", "--amount", "5000")
    result = cancel(database_url, key, channel, *options)
    assert result.exit_code == 0, result.output
    answered = json.loads(result.stdout)
    assert (answered["status"], answered["balanceAmount"]) == ("PARTIAL_CANCELED", 10_000)
    assert answered["cancels"][0]["cancelReason"] == "재고 없음"
    assert channel not in result.stdout

    async def look(sandbox: Sandbox) -> Any:
        shown = (await sandbox.live.get(f"/v1/payments/{key}")).json()
        audit = await sandbox.sql(
            "SELECT channel, actor_name, key_hint, address, reason, transaction_key FROM audit "
            "WHERE action = 'cancel'"
        )
        return shown, audit

    shown, audit = inside(database_url, look)
    assert shown == answered
    assert audit == [(channel, "김담당", None, "203.0.113.7", "재고 없음", answered["lastTransactionKey"])]


def test_a_cancel_from_the_command_line_is_told_and_settled_like_any(database_url: str) -> None:
    with open_receiver() as receiver:

        async def before(sandbox: Sandbox) -> str:
            await sandbox.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url})
            return await pay(sandbox)

        key = inside(database_url, before)
        answered = json.loads(cancel(database_url, key, "merchant-admin").stdout)

        async def after(sandbox: Sandbox) -> list[dict[str, Any]]:
            await sandbox.move_to("2025-03-14T00:00:00+09:00")
            return await sandbox.settlements("2025-03-13")

        rows = inside(database_url, after)
        assert receiver.statuses() == ["DONE", "CANCELED"]
        assert receiver.received[1].json["data"] == answered
    assert [(row["amount"], row["approvedAt"]) for row in rows] == [(15_000, START), (-15_000, START)]
    assert rows[1]["cancel"]["cancelReason"] == "고객 변심"


def test_a_refused_cancel_exits_with_1_and_changes_nothing(database_url: str) -> None:
    key = inside(database_url, pay)
    refusals = [
        (key, ("--amount", "15001"), "NOT_CANCELABLE_AMOUNT"),
        (key, ("--amount", "0"), "INVALID_REQUEST"),
        (key, ("--amount", "lots"), "INVALID_REQUEST"),
        (key, ("--amount", "NaN"), "INVALID_REQUEST"),
        (key, ("--amount", "0.5"), "INVALID_REQUEST"),
        (key, ("--amount", "1e400"), "INVALID_REQUEST"),
        (key, ("--reason", ""), "INVALID_REQUEST"),
        (key, ("--reason", "x" * 201), "INVALID_REQUEST"),
        ("no-such-payment", (), "NOT_FOUND_PAYMENT"),
    ]
    for payment_key, options, code in refusals:
        result = cancel(database_url, payment_key, "merchant-admin", *options)
        printed = json.loads(result.stderr)
        assert (result.exit_code, printed["code"]) == (1, code), options

    async def look(sandbox: Sandbox) -> Any:
        return await sandbox.sql("SELECT status, balance FROM payment"), await sandbox.sql(
            "SELECT kind FROM payment_transaction"
        )

    assert inside(database_url, look) == ([("DONE", 15_000)], [("approval",)])


def test_a_second_cancel_says_that_it_is_cancelled_already(database_url: str) -> None:
    key = inside(database_url, pay)
    assert cancel(database_url, key, "developer-centre").exit_code == 0
    result = cancel(database_url, key, "developer-centre")
    assert result.exit_code == 1
    assert json.loads(result.stderr)["code"] == "ALREADY_CANCELED_PAYMENT"
