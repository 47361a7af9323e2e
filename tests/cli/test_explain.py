"""`jeongsan explain`: why a query finds nothing, in both languages, and the query that works."""

import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.domain.channels import Channel
from support.inquiries import send
from support.inside import inside
from support.people import cancel_through
from support.sandbox import MID, Sandbox
from support.shops import another_shop

ORDER = "ARIA_2025f1c2b05aebcf45538e07b9027dbdb077"
THE_THREADS = "?startDate=2025-11-27&endDate=2025-11-28"


def explain(database_url: str, query: str, *options: str) -> Result:
    return CliRunner().invoke(app, ["explain", query, "--database", database_url, *options])


def explanations(database_url: str, query: str, *options: str) -> list[dict[str, Any]]:
    result = explain(database_url, query, *options, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["explanations"]
    return found


async def cancelled_in_november(sandbox: Sandbox) -> None:
    await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": "2025-11-21T09:00:00+09:00"})
    payment = await sandbox.done(order_id=ORDER)
    await cancel_through(sandbox, Channel.DEVELOPER_CENTRE, payment["paymentKey"])
    await sandbox.move_to("2025-11-28T09:00:00+09:00")


def test_the_threads_query_is_answered_in_lines_for_people(database_url: str) -> None:
    inside(database_url, cancelled_in_november)
    result = explain(database_url, THE_THREADS, "--order", ORDER)
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    asked = "GET /v1/settlements?startDate=2025-11-27&endDate=2025-11-28&dateType=soldDate"
    assert lines[0] == f"LIVE {MID} {asked} → 0건 (0 rows)"
    assert lines[1].startswith("DEFAULT_DATE_TYPE dateType을 주지 않으면 기본값은 soldDate")
    assert "COUNTED 2025-11-28: D+5입니다. 이 상점은 D+6 → 지급일 2025-12-01" in lines
    assert "2025-11-28 is D+5; this shop is D+6, paid out on 2025-12-01" in lines
    assert (
        "READABLE_FROM 취소 건은 다음 날인 2025-11-22부터 조회됩니다. 2025-12-01까지 기다리는 것은 돈뿐입니다"
        in lines
    )
    assert lines[-2:] == [
        "→ GET /v1/settlements?startDate=2025-11-21&endDate=2025-11-21&dateType=soldDate",
        "→ GET /v1/settlements?startDate=2025-12-01&endDate=2025-12-01&dateType=paidOutDate",
    ]


def test_the_query_it_names_returns_the_row(database_url: str) -> None:
    inside(database_url, cancelled_in_november)
    (found,) = explanations(database_url, THE_THREADS, "--order", ORDER)
    assert (found["rows"], found["reason"]) == (0, "NONE")

    async def sent(sandbox: Sandbox) -> list[list[str]]:
        return [[row["orderId"] for row in await send(sandbox, query)] for query in found["works"]]

    assert inside(database_url, sent) == [[ORDER, ORDER]] * 2


@pytest.mark.parametrize(
    "query",
    [
        THE_THREADS,
        THE_THREADS[1:],
        f"GET /v1/settlements{THE_THREADS}",
        f"https://api.tosspayments.com/v1/settlements{THE_THREADS}",
        f"http://[broken/v1/settlements{THE_THREADS}",
        f"{THE_THREADS}&page=1",
    ],
)
def test_a_query_may_be_pasted_as_an_address_or_as_its_parameters_alone(
    database_url: str, query: str
) -> None:
    inside(database_url, cancelled_in_november)
    found = explanations(database_url, query, "--order", ORDER)
    assert found == explanations(database_url, THE_THREADS, "--order", ORDER)


def test_without_an_order_every_shop_is_explained_and_can_be_chosen(database_url: str) -> None:
    async def with_another_shop(sandbox: Sandbox) -> None:
        await another_shop(sandbox, "tother0001")

    inside(database_url, with_another_shop)
    everyone = explanations(database_url, THE_THREADS)
    assert [(one["mode"], one["mId"]) for one in everyone] == [
        ("LIVE", MID),
        ("LIVE", "tother0001"),
        ("TEST", MID),
        ("TEST", "tother0001"),
    ]
    assert [one["reason"] for one in everyone] == ["NONE", "NONE", "TEST_KEY", "TEST_KEY"]
    (one,) = explanations(database_url, THE_THREADS, "--mid", "tother0001", "--mode", "live")
    assert one == everyone[1]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("", "INVALID_REQUEST", "startDate"),
        ("?", "INVALID_REQUEST", "startDate"),
        ("https://api.tosspayments.com/v1/settlements", "INVALID_REQUEST", "startDate"),
        ("?startDate=2025-11-27", "INVALID_REQUEST", "endDate"),
        ("?startDate=yesterday&endDate=2025-11-28", "INVALID_DATE", "startDate"),
        ("?startDate=2025-11-28&endDate=2025-11-27", "INVALID_DATE", "endDate"),
        (f"{THE_THREADS}&dateType=payDate", "INVALID_REQUEST", "dateType"),
        (f"{THE_THREADS}&page=0", "INVALID_REQUEST", "page"),
    ],
)
def test_a_query_that_is_none_is_refused_by_the_name_of_its_field(
    database_url: str, query: str, code: str, field: str
) -> None:
    result = explain(database_url, query, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    refused = json.loads(result.stderr)
    assert refused["code"] == code
    assert f"({field}: " in refused["message"]
