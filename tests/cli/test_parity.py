"""`jeongsan parity`: the same data whoever cancels, told to people and to programs."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.domain.channels import Channel
from support.people import cancel_through
from support.sandbox import MID, Sandbox, open_sandbox
from support.shops import another_shop

T = TypeVar("T")
MINE, THEIRS = "order-A0001", "order-B0001"


def inside(database_url: str, work: Callable[[Sandbox], Coroutine[Any, Any, T]]) -> T:
    """Do something in a sandbox on this database, and close it again."""

    async def opened() -> T:
        async with open_sandbox(database_url) as sandbox:
            return await work(sandbox)

    return asyncio.run(opened())


@pytest.fixture
def run(database_url: str) -> Callable[..., Result]:
    return lambda *arguments: CliRunner().invoke(app, ["parity", *arguments, "--database", database_url])


@pytest.fixture
def cancelled(database_url: str) -> str:
    """Two orders, cancelled on 14 March: the first in the merchant admin, the second by API. The rows of
    that day can be read."""

    async def story(sandbox: Sandbox) -> None:
        keys = [(await sandbox.done(150_000, order_id=order_id))["paymentKey"] for order_id in (MINE, THEIRS)]
        await sandbox.move_to("2025-03-14T11:08:10+09:00")
        await cancel_through(sandbox, Channel.MERCHANT_ADMIN, keys[0])
        await sandbox.advance("PT94S")
        await sandbox.cancel(keys[1], headers={"Idempotency-Key": "mine"})
        await sandbox.move_to("2025-03-15T00:00:00+09:00")

    inside(database_url, story)
    return database_url


def tamper(database_url: str, old: bytes, new: bytes) -> None:
    """Change the last webhook behind everybody's back."""

    async def work(sandbox: Sandbox) -> None:
        ((event_id, body),) = await sandbox.sql(
            "SELECT event_id, body FROM event ORDER BY event_id LIMIT 1 OFFSET 2"
        )
        assert old in bytes(body)
        session = await sandbox.gateway.store.begin()
        await session.execute(
            "UPDATE event SET body = $2 WHERE event_id = $1", event_id, bytes(body).replace(old, new)
        )
        await session.commit()

    inside(database_url, work)


def test_a_program_reads_every_difference_with_both_values_their_types_and_the_reason(
    cancelled: str, run: Callable[..., Result]
) -> None:
    result = run(MINE, "--with", THEIRS, "--json", "--lang", "en")
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert shown["holds"] is True
    assert (shown["order"]["orderId"], shown["order"]["mId"], shown["order"]["mode"]) == (MINE, MID, "live")
    assert (shown["with"]["orderId"], shown["with"]["status"]) == (THEIRS, "CANCELED")
    (cancel,) = shown["cancels"]
    assert (cancel["channel"], cancel["with"]["channel"]) == ("merchant-admin", "api")
    assert [(one["part"], one["why"]) for one in cancel["missing"]] == [("answer", "PERSON")]
    assert (cancel["unexplained"], cancel["told"]) == (0, [])
    columns = {(one["part"], one["orderId"]): one for one in cancel["columns"]}
    assert [(key, one["source"], one["keys"], one["cancelKeys"]) for key, one in columns.items()] == [
        (("lookUp", MINE), "now", 37, 13),
        (("settlementRow", MINE), "now", None, 11),
        (("answer", THEIRS), "stored", 37, 13),
        (("webhook", THEIRS), "unheard", 37, 13),
    ]
    assert [one["sameKeys"] for one in columns.values()] == [True, None, True, True]
    assert columns["settlementRow", MINE]["differences"][0] == {
        "path": "cancels[0].cardDiscountAmount",
        "what": "ONLY_LEFT",
        "webhook": 0,
        "webhookType": "integer",
        "reason": "NOT_IN_ROW",
        "words": "not in settlement rows",
    }
    times = {one["path"]: one for one in columns["answer", THEIRS]["differences"]}["cancels[0].canceledAt"]
    assert times == {
        "path": "cancels[0].canceledAt",
        "what": "VALUE",
        "webhook": "2025-03-14T11:08:10+09:00",
        "here": "2025-03-14T11:09:44+09:00",
        "webhookType": "string",
        "hereType": "string",
        "reason": "OWN_TIME",
        "words": "each order's times",
    }


def test_people_read_a_table_in_korean_or_english(cancelled: str, run: Callable[..., Result]) -> None:
    korean = run(MINE, "--with", THEIRS)
    assert korean.exit_code == 0
    for words in ("취소 1 · 상점관리자 · 150,000 KRW", "37 = 같음", "정산 행에 없는 키", "같음 ✓"):
        assert words in korean.stdout
    assert "사람이 취소해 응답받은 프로그램이 없음" in korean.stdout
    english = run(MINE, "--with", THEIRS, "--lang", "en")
    for words in (
        "cancel 1 · merchant admin · 150,000 KRW",
        "37 = same",
        "each order's keys",
        "parity holds ✓",
    ):
        assert words in english.stdout
    assert not any("가" <= character <= "힣" for character in english.stdout)
    assert all(line == line.rstrip() for line in korean.stdout.splitlines())


def test_an_order_alone_is_compared_with_itself(cancelled: str, run: Callable[..., Result]) -> None:
    shown = json.loads(run(THEIRS, "--json").stdout)
    (cancel,) = shown["cancels"]
    assert (shown["with"], cancel["with"], cancel["missing"]) == (None, None, [])
    assert [(one["part"], one["source"], len(one["differences"])) for one in cancel["columns"]] == [
        ("answer", "stored", 0),
        ("lookUp", "now", 0),
        ("settlementRow", "now", 2),
    ]


def test_a_difference_without_a_reason_exits_with_1_and_is_shown(
    cancelled: str, run: Callable[..., Result]
) -> None:
    tamper(cancelled, b'"country":"KR"', b'"country":"US"')
    result = run(MINE)
    assert result.exit_code == 1
    assert "다름 ✗ 설명되지 않는 차이 1건" in result.stdout
    assert "설명되지 않음" in result.stdout
    shown = json.loads(run(MINE, "--json").stdout)
    assert (shown["holds"], shown["cancels"][0]["unexplained"]) == (False, 1)
    assert run(THEIRS).exit_code == 0


def test_a_webhook_that_gives_the_person_away_exits_with_1(
    cancelled: str, run: Callable[..., Result]
) -> None:
    tamper(cancelled, '"orderName":"티셔츠"'.encode(), '"orderName":"티셔츠","by":"김담당"'.encode())
    result = run(MINE)
    assert result.exit_code == 1
    assert "취소한 사람이나 경로가 드러남: webhook: by" in result.stdout


def test_a_stored_body_that_cannot_be_read_exits_with_2(cancelled: str, run: Callable[..., Result]) -> None:
    tamper(cancelled, b'"eventType"', b'"eventType')
    result = run(MINE, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert json.loads(result.stderr)["code"] == "UNREADABLE_BODY"


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("order-unknown",), "NOT_FOUND_PAYMENT", "order-unknown"),
        ((MINE, "--with", "order-unknown"), "NOT_FOUND_PAYMENT", "order-unknown"),
        ((MINE, "--mode", "test"), "NOT_FOUND_PAYMENT", MINE),
        ((MINE, "--mid", "tnobody001"), "NOT_FOUND_MERCHANT", "tnobody001"),
        (("order-two-01",), "AMBIGUOUS_ORDER", f"{MID}, tshop00002"),
        (("order-open-1",), "NOTHING_TOLD", "order-open-1 is IN_PROGRESS"),
    ],
)
def test_an_order_that_cannot_be_compared_is_refused_by_name(
    cancelled: str, run: Callable[..., Result], arguments: tuple[str, ...], code: str, named: str
) -> None:
    async def more(sandbox: Sandbox) -> None:
        for client in (sandbox.live, await another_shop(sandbox, "tshop00002")):
            await sandbox.done(order_id="order-two-01", client=client)
        await sandbox.pay(order_id="order-open-1")

    inside(cancelled, more)
    result = run(*arguments, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    refusal = json.loads(result.stderr)
    assert refusal["code"] == code
    assert named in refusal["message"]


def test_a_shop_and_a_mode_narrow_the_search(cancelled: str, run: Callable[..., Result]) -> None:
    async def more(sandbox: Sandbox) -> None:
        await sandbox.done(order_id=MINE, client=sandbox.test)

    inside(cancelled, more)
    both = json.loads(run(MINE, "--json").stdout)["order"]
    assert (both["mode"], both["alsoIn"]) == ("live", [{"mId": MID, "mode": "test"}])
    test = json.loads(run(MINE, "--json", "--mode", "test", "--mid", MID).stdout)["order"]
    assert (test["mode"], test["status"], test["alsoIn"]) == ("test", "DONE", [])
    assert "같은 주문번호가 tjeongsan TEST에도 있음" in run(MINE).stdout


def test_another_language_than_the_two_is_refused(run: Callable[..., Result]) -> None:
    assert run(MINE, "--lang", "fr").exit_code == 2
