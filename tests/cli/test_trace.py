"""`jeongsan trace`: one id told whole, or a pasted list with a line for each."""

import json
import os
import pty
import re
import subprocess
import sys
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.domain.channels import Channel
from jeongsan.domain.instants import iso_kst, parse_instant
from support.help_thread import (
    CANCELLED_IN_APRIL,
    CUT,
    DATED,
    DATED_AS_PASTED,
    LIVE,
    LIVE_AS_PASTED,
    TESTED,
    TESTED_AS_PASTED,
    WHOLE,
)
from support.inside import inside
from support.people import cancel_through
from support.sandbox import MID, Sandbox
from support.shops import another_shop

HANGUL = re.compile("[가-힣]")


def traced(database_url: str, *arguments: str, pasted: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["trace", *arguments, "--database", database_url], input=pasted)


def answers(database_url: str, *arguments: str, pasted: str | None = None) -> list[dict[str, Any]]:
    result = traced(database_url, *arguments, "--json", pasted=pasted)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["answers"]
    return found


def lines(database_url: str, *arguments: str, pasted: str | None = None) -> list[str]:
    result = traced(database_url, *arguments, pasted=pasted)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


async def the_threads_orders(sandbox: Sandbox) -> None:
    """The thread's test orders with the test key, its live ones on their dates, the cut one whole."""
    await another_shop(sandbox, "tother0001")
    await sandbox.live.post("/jeongsan/v1/sandbox/reset", json={"now": "2025-07-01T09:00:00+09:00"})
    for order in TESTED:
        payment = await sandbox.done(1_600, order_id=order, client=sandbox.test)
        await cancel_through(sandbox, Channel.DEVELOPER_CENTRE, payment["paymentKey"])
    await sandbox.done(150_000, order_id=CANCELLED_IN_APRIL)
    dated = {order for order, _ in DATED}
    for order in LIVE[1:-1]:
        if order not in dated:
            await sandbox.done(order_id=order)
    for order, at in reversed(DATED):
        await sandbox.move_to(iso_kst(parse_instant(at.replace(" ", "T"))))
        await sandbox.done(order_id=order)
    await sandbox.move_to("2025-09-18T00:00:00+09:00")


def test_the_threads_lists_are_answered_as_they_were_pasted(database_url: str) -> None:
    inside(database_url, the_threads_orders)
    tested = answers(database_url, pasted=TESTED_AS_PASTED)
    assert [one["asked"] for one in tested] == TESTED
    assert [trace["mode"] for one in tested for trace in one["traces"]] == ["TEST"] * len(TESTED)

    live = answers(database_url, pasted=LIVE_AS_PASTED)
    assert [one["asked"] for one in live] == LIVE
    assert {one["match"] for one in live[:-1]} == {"EXACT"}
    assert (live[-1]["asked"], live[-1]["match"], live[-1]["id"]) == (CUT, "PREFIX", WHOLE)
    assert [trace["mode"] for one in live for trace in one["traces"]] == ["LIVE"] * len(LIVE)

    dated = answers(database_url, pasted=DATED_AS_PASTED)
    assert [(one["asked"], one["match"]) for one in dated] == [
        *((order, "EXACT") for order, _ in DATED),
        ("ARI", "CUT"),
    ]
    approved = [one["traces"][0]["approvedAt"] for one in dated[:-1]]
    assert approved == [f"{at[:10]}T{at[11:19]}+09:00" for _, at in DATED]
    september = dated[0]["traces"][0]["settlements"][0]
    assert (september["soldDate"], september["paidOutDate"]) == ("2025-09-17", "2025-09-25")

    shown = lines(database_url, pasted=f"{TESTED_AS_PASTED}\n{LIVE_AS_PASTED}\n{DATED_AS_PASTED}")
    assert shown[0].split() == ["mId", "orderId", "status", "취소", "경로", "soldDate", "paidOutDate"]
    assert len(shown) == 1 + len(TESTED) + len(LIVE) + 2 + 1 + 1
    assert shown[1].split() == ["TEST", MID, TESTED[0], "CANCELED", "개발자센터", "-", "-"]
    (completed,) = [line for line in shown if CUT in line.split()]
    assert completed.split()[:3] == ["LIVE", MID, WHOLE]
    assert completed.endswith(f"← {CUT}")
    assert shown[-1].split()[:3] == ["CUT", "-", "ARI"]
    assert "잘린 번호로 보입니다: ARI" in shown[-1]


async def two_orders(sandbox: Sandbox) -> None:
    await sandbox.done(15_431, order_id="order-A1", client=sandbox.test)
    payment = await sandbox.done(15_431, order_id="order-A1")
    await sandbox.cancel(payment["paymentKey"], cancelAmount=3_086)
    await sandbox.done(order_id="order-A2")
    await sandbox.move_to("2025-03-14T09:00:00+09:00")


def test_one_order_is_told_whole_headed_live_then_test(database_url: str) -> None:
    inside(database_url, two_orders)
    shown = lines(database_url, "order-A1")
    heads = [line for line in shown if line.startswith(("LIVE", "TEST"))]
    assert [line.split()[:2] for line in heads] == [["LIVE", "order-A1"], ["TEST", "order-A1"]]
    assert (
        '   2025-03-13 13:00:00  취소 3,086원 · API · default · live_sk_…0000 · 127.0.0.1 · "고객 변심"'
        in shown
    )
    assert "      D+6: 3/14 ①  3/15–16 주말 ✗  3/17 ②  3/18 ③  3/19 ④  3/20 ⑤  3/21 ⑥" in shown
    assert "      GET /v1/settlements?startDate=2025-03-13&endDate=2025-03-13&dateType=soldDate" in shown
    assert "      아직 조회한 적이 없습니다" in shown
    never = [line for line in shown if "TEST_KEY" in line]
    assert never == [
        "      TEST_KEY: 테스트 키는 정산을 만들지 않습니다. 만들었다면 2025-03-13 매출, 2025-03-21 지급"
    ]


def test_several_ids_are_a_line_each_and_whole_when_asked(database_url: str) -> None:
    inside(database_url, two_orders)
    table = lines(database_url, "order-A1", "order-A2", "nobody-1", "order-A")
    assert [line.split()[0] for line in table[1:]] == [
        "LIVE", "TEST", "LIVE", "UNKNOWN", "AMBIGUOUS", "order-A1", "order-A2",
    ]  # fmt: skip
    assert table[4].split()[:3] == ["UNKNOWN", "-", "nobody-1"]
    whole = lines(database_url, "order-A1", "order-A2", "nobody-1", "--full")
    assert len([line for line in whole if line.startswith(("LIVE", "TEST"))]) == 3
    assert whole[-1].split()[:2] == ["nobody-1", "UNKNOWN"]


def test_an_ambiguous_beginning_shows_its_candidates(database_url: str) -> None:
    inside(database_url, two_orders)
    assert lines(database_url, "order-A") == [
        "order-A  AMBIGUOUS  이렇게 시작하는 번호가 2건입니다",
        "   order-A1",
        "   order-A2",
    ]


def test_shops_and_modes_can_be_chosen(database_url: str) -> None:
    inside(database_url, two_orders)
    (only_test,) = answers(database_url, "order-A1", "--mode", "test")
    assert [one["mode"] for one in only_test["traces"]] == ["TEST"]
    (nobody,) = answers(database_url, "order-A2", "--mode", "test")
    assert (nobody["match"], nobody["words"]) == ("UNKNOWN", "찾은 상점 어디에도 없습니다 (테스트)")
    (chosen,) = answers(database_url, "order-A1", "--mid", MID)
    assert [one["mId"] for one in chosen["traces"]] == [MID, MID]
    refused = traced(database_url, "order-A1", "--mid", "tnobody001", "--json")
    assert (refused.exit_code, json.loads(refused.stderr)["code"]) == (1, "NOT_FOUND_MERCHANT")


@pytest.mark.parametrize(
    ("redact", "names"),
    [
        ("amounts", ("amount", "payOutAmount")),
        ("fees", ("fee", "vat", "payOutAmount")),
        ("amounts,fees", ("amount", "fee", "vat", "payOutAmount")),
    ],
)
def test_hidden_figures_are_nowhere_in_the_text_or_the_json(
    database_url: str, redact: str, names: tuple[str, ...]
) -> None:
    inside(database_url, two_orders)
    (before,) = answers(database_url, "order-A1")
    secret = {str(abs(row[name])) for row in before["traces"][0]["settlements"] for name in names} | {"3.2"}
    assert len(secret) == 2 * len(names) + 1
    for form in ((), ("--json",)):
        shown = traced(database_url, "order-A1", "--redact", redact, "--lang", "en", *form)
        assert shown.exit_code == 0, shown.output
        assert "•••" in shown.stdout
        assert secret & figures(shown.stdout) == set()
    assert figures(traced(database_url, "order-A1", "--json").stdout) >= secret


def figures(text: str) -> set[str]:
    """Every number of a text, without the keys."""
    text = re.sub(r"(?:txrd_|tjeon2)\w*", "", text)
    return {number.replace(",", "") for number in re.findall(r"\d(?:[\d,.]*\d)?", text)}


def test_in_english_nothing_is_korean_but_what_people_wrote(database_url: str) -> None:
    inside(database_url, two_orders)
    for arguments in (("order-A1",), ("order-A1", "nobody-1", "ARI", "order-A"), ("order-A1", "--json")):
        shown = traced(database_url, *arguments, "--lang", "en").stdout
        assert HANGUL.findall(shown.replace("티셔츠", "").replace("고객 변심", "")) == []
    assert "payment requested 15,431 KRW" in traced(database_url, "order-A1", "--lang", "en").stdout


def test_every_id_of_a_pasted_json_body_is_looked_up(database_url: str) -> None:
    inside(database_url, two_orders)
    (by_order,) = answers(
        database_url, pasted='{"orderId": "order-A2", "approvedAt": "2025-03-13T13:00:00+09:00"}'
    )
    assert by_order["match"] == "EXACT"


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-8-sig"])
def test_a_chat_may_be_pasted_in_any_encoding_of_korean(database_url: str, encoding: str) -> None:
    inside(database_url, two_orders)
    result = traced(database_url, "--json", pasted="주문 order-A2 확인 부탁드립니다".encode(encoding))
    assert [one["match"] for one in json.loads(result.stdout)["answers"]] == ["EXACT"]


@pytest.mark.parametrize(
    ("arguments", "pasted", "said"),
    [
        ((), "", "(stdin: has no id in it)"),
        ((), "아직 번호가 없습니다", "(stdin: has no id in it)"),
        ((), "x" * 1_000_001, "(stdin: has more than 1,000,000 bytes)"),
        (
            (),
            " ".join(f"order-{n}" for n in range(1_001)),
            "(ids: 1,001 of them; 1,000 are looked up at a time)",
        ),
        (("order-A1", "--redact", "names"), "", "(redact: knows amounts, fees, not names)"),
    ],
    ids=["empty", "no id", "too long", "too many", "unknown kind"],
)
def test_what_cannot_be_looked_up_is_refused_by_name(
    database_url: str, arguments: tuple[str, ...], pasted: str, said: str
) -> None:
    result = traced(database_url, *arguments, "--json", pasted=pasted)
    assert (result.exit_code, result.stdout) == (1, "")
    refused = json.loads(result.stderr)
    assert refused["code"] == "INVALID_REQUEST"
    assert refused["message"].endswith(said)


def test_a_thousand_ids_are_a_thousand_rows(database_url: str) -> None:
    inside(database_url, two_orders)
    pasted = " ".join(["order-A2", *(f"order-{number:04}" for number in range(999))])
    found = answers(database_url, pasted=pasted)
    assert [one["match"] for one in found] == ["EXACT"] + ["UNKNOWN"] * 999


def test_strange_arguments_are_rows_of_the_answer_too(database_url: str) -> None:
    inside(database_url, two_orders)
    strange = ["order_A1", "%%%%", "주문번호", "'; --", b"\xff\xfe\xfd\xfc".decode(errors="surrogateescape")]
    assert [one["match"] for one in answers(database_url, *strange)] == ["UNKNOWN"] * len(strange)


def test_an_unknown_language_or_mode_exits_with_2(database_url: str) -> None:
    for wrong in (("--lang", "fr"), ("--mode", "staging")):
        assert traced(database_url, "order-A1", *wrong).exit_code == 2


@pytest.mark.slow
def test_somebody_at_a_terminal_is_told_that_text_is_waited_for(database_url: str) -> None:
    ours, terminal = pty.openpty()
    program = [sys.executable, "-m", "jeongsan", "trace", "--json", "--database", database_url]
    process = subprocess.Popen(
        program, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        # The end of the line, then the end of the text.
        os.write(ours, "order-A1 확인\n\x04".encode())
        printed, told = process.communicate(timeout=30)
    finally:
        process.kill()
        os.close(ours)
        os.close(terminal)
    assert "Ctrl-D" in told
    assert [one["asked"] for one in json.loads(printed)["answers"]] == ["order-A1"]


async def a_payment_whose_words_steer_terminals(sandbox: Sandbox) -> None:
    payment = await sandbox.done(order_id="order-steer")
    await sandbox.cancel(payment["paymentKey"], cancelReason="\x1b[31m고객\x1b]0;title\x07 변심\u202e")


def test_what_others_wrote_does_not_steer_the_terminal(database_url: str) -> None:
    inside(database_url, a_payment_whose_words_steer_terminals)
    shown = traced(database_url, "order-steer").stdout
    assert '"\ufffd[31m고객\ufffd]0;title\ufffd 변심\ufffd"' in shown
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}
