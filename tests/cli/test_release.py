"""`jeongsan settle release`: a person lets a payment settle, and is named in the audit trail."""

import json
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.domain.terms import Release
from support.agreements import agree_to_wait
from support.inside import inside
from support.sandbox import Sandbox


def released(database_url: str, payment_key: str, cause: str, *, as_json: bool = True) -> Result:
    arguments = ["settle", "release", payment_key, "--cause", cause, "--actor", "김담당"]
    options = ["--database", database_url, *(["--json"] if as_json else [])]
    return CliRunner().invoke(app, [*arguments, *options])


async def waiting_for_each_cause(sandbox: Sandbox) -> dict[str, str]:
    keys = {"confirmation": (await sandbox.done(useEscrow=True))["paymentKey"]}
    for awaits, cause in ((Release.ON_REQUEST, "request"), (Release.ON_COLLECTION, "collection")):
        await agree_to_wait(sandbox, awaits)
        keys[cause] = (await sandbox.done(20_000))["paymentKey"]
    return keys


def test_a_person_releases_for_every_cause(database_url: str) -> None:
    keys = inside(database_url, waiting_for_each_cause)
    for cause, key in keys.items():
        result = released(database_url, key, cause)
        assert result.exit_code == 0, result.output
        shown = json.loads(result.stdout)
        assert (shown["paymentKey"], shown["cause"], shown["settleDay"]) == (key, cause, "2025-03-13")

    async def look(sandbox: Sandbox) -> Any:
        audit = await sandbox.sql(
            "SELECT channel, actor_name, reason FROM audit WHERE action = 'release' ORDER BY audit_id"
        )
        await sandbox.move_to("2025-03-14T00:00:00+09:00")
        return audit, len(await sandbox.settlements("2025-03-13"))

    audit, rows = inside(database_url, look)
    assert audit == [("merchant-admin", "김담당", cause) for cause in keys]
    assert rows == 3


def test_people_read_a_line_per_fact(database_url: str) -> None:
    key = inside(database_url, waiting_for_each_cause)["confirmation"]
    result = released(database_url, key, "confirmation", as_json=False)
    assert result.stdout.splitlines()[0].split() == ["paymentKey", key]
    assert result.stdout.splitlines()[-1].split() == ["settleDay", "2025-03-13"]


def test_a_refused_release_exits_with_1_and_changes_nothing(database_url: str) -> None:
    keys = inside(database_url, waiting_for_each_cause)
    refusals = [
        (keys["request"], "collection", "FORBIDDEN_REQUEST"),
        ("no-such-payment", "request", "NOT_FOUND_PAYMENT"),
    ]
    for key, cause, code in refusals:
        result = released(database_url, key, cause)
        assert (result.exit_code, result.stdout) == (1, "")
        assert json.loads(result.stderr)["code"] == code

    async def look(sandbox: Sandbox) -> Any:
        return await sandbox.sql("SELECT count(*) FROM payment WHERE waits = 1")

    assert inside(database_url, look) == [(3,)]
    assert released(database_url, keys["request"], "request").exit_code == 0
    again = released(database_url, keys["request"], "request")
    assert json.loads(again.stderr)["code"] == "ALREADY_PROCESSED_PAYMENT"


def test_a_cause_nobody_knows_is_a_wrong_option(database_url: str) -> None:
    assert released(database_url, "any", "boredom").exit_code == 2
