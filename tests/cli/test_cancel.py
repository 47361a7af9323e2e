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


def cancel(database_url: str, payment_key: str, channel: str, *options: str, as_json: bool = True) -> Result:
    arguments = ["cancel", payment_key, "--channel", channel, "--database", database_url]
    return CliRunner().invoke(app, [*arguments, *(["--json"] if as_json else []), *options])


def warned(result: Result) -> list[str]:
    """The codes of the warnings beside an answer."""
    return [one["code"] for one in json.loads(result.stderr)["warnings"]] if result.stderr else []


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


def test_a_forced_cancel_needs_its_emergency_and_takes_it_as_the_reason(database_url: str) -> None:
    key = inside(database_url, pay)
    for options, field in (
        ((), "--emergency"),
        (("--reason", "구매자 요청"), "--emergency"),
        (("--emergency", " "), "--emergency"),
        (("--emergency", "중복 승인 장애", "--reason", "구매자 요청"), "--reason"),
        (("--emergency", "x" * 201), "cancelReason"),
    ):
        result = cancel(database_url, key, "gateway-forced", *options)
        assert (result.exit_code, result.stdout) == (1, ""), options
        assert f"({field}: " in json.loads(result.stderr)["message"]
    assert inside(database_url, transactions) == ["approval"]

    forced = cancel(database_url, key, "gateway-forced", "--emergency", "중복 승인 장애")
    assert forced.exit_code == 0, forced.output
    assert json.loads(forced.stdout)["cancels"][0]["cancelReason"] == "중복 승인 장애"

    async def look(sandbox: Sandbox) -> Any:
        audit = await sandbox.sql("SELECT channel, actor_name, reason FROM audit WHERE action = 'cancel'")
        return audit, (await sandbox.live.get("/jeongsan/v1/notices")).json()

    audit, notices = inside(database_url, look)
    assert audit == [("gateway-forced", "결제대행사 담당자", "중복 승인 장애")]
    assert [(one["kind"], one["reason"]) for one in notices] == [("FORCED_CANCEL", "중복 승인 장애")]


@pytest.mark.parametrize("channel", ["merchant-admin", "developer-centre"])
def test_the_merchants_people_have_no_emergencies(database_url: str, channel: str) -> None:
    key = inside(database_url, pay)
    result = cancel(database_url, key, channel, "--emergency", "장애")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "--emergency: is only for --channel gateway-forced" in json.loads(result.stderr)["message"]
    assert inside(database_url, transactions) == ["approval"]


async def transactions(sandbox: Sandbox) -> list[str]:
    return [row[0] for row in await sandbox.sql("SELECT kind FROM payment_transaction")]


@pytest.mark.parametrize(
    ("channel", "mode", "registered", "codes"),
    [
        ("merchant-admin", "live", True, []),
        ("merchant-admin", "live", False, ["NO_WEBHOOK"]),
        ("developer-centre", "test", True, []),
        ("developer-centre", "live", False, ["NO_WEBHOOK", "LIVE_IN_DEVELOPER_CENTRE"]),
    ],
)
def test_who_cancels_by_hand_is_warned_beside_the_answer_never_in_it(
    database_url: str, channel: str, mode: str, registered: bool, codes: list[str]
) -> None:
    async def before(sandbox: Sandbox) -> str:
        client = getattr(sandbox, mode)
        if registered:
            await client.post("/jeongsan/v1/webhooks", json={"url": "http://127.0.0.1:9/hook"})
        return str((await sandbox.done(client=client))["paymentKey"])

    key = inside(database_url, before)
    result = cancel(database_url, key, channel)
    assert result.exit_code == 0, result.output
    assert warned(result) == codes
    assert (result.stdout.count("\n"), json.loads(result.stdout)["status"]) == (1, "CANCELED")


def test_people_read_a_warning_in_both_languages_on_standard_error(database_url: str) -> None:
    key = inside(database_url, pay)
    result = cancel(database_url, key, "merchant-admin", as_json=False)
    assert result.stdout.splitlines()[-1].split() == ["channel", "merchant-admin"]
    (line,) = result.stderr.splitlines()
    assert line.startswith("NO_WEBHOOK: 등록된 웹훅이 없습니다.")
    assert line.endswith("tell of this cancel.")


def test_a_refused_cancel_is_not_warned_of(database_url: str) -> None:
    key = inside(database_url, pay)
    assert "warnings" not in json.loads(cancel(database_url, key, "merchant-admin", "--amount", "0").stderr)
