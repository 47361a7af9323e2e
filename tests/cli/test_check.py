"""`jeongsan check cancels`: against our own gateway as a process, and against one in recorded shapes."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.process import GatewayProcess, gateway_process
from support.recorded_gateway import (
    APPROVED_AT,
    KEY,
    THREAD_CANCEL,
    THREAD_ORDER,
    THREAD_PAYMENT,
    RecordedGateway,
    cancel_object,
    error,
    open_recorded_gateway,
    settlement_row,
    transaction_row,
)
from support.sandbox import LIVE_KEY, TEST_KEY
from support.shop_over_http import cancelled, moved, paid

CANCEL_DAY = "2025-04-25"


APRIL = ("2025-04-01", "2025-04-30")


@dataclass
class Check:
    """Runs `jeongsan check cancels` with a key in the environment."""

    address: str
    key: str | None

    def __call__(self, *options: str, exits: int, days: tuple[str, str] = APRIL) -> str:
        """What it printed; an exit code above 1 prints to standard error only."""
        arguments = ["check", "cancels", "--from", days[0], "--to", days[1], "--address", self.address]
        result = CliRunner(env={"JEONGSAN_SECRET_KEY": self.key}).invoke(app, [*arguments, *options])
        assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
        assert (result.stdout == "") is (exits > 1)
        assert self.key is None or self.key not in result.output
        return result.stderr if exits > 1 else result.stdout

    def json(self, *options: str, exits: int, days: tuple[str, str] = APRIL) -> Any:
        """The object it printed."""
        return json.loads(self(*options, "--json", exits=exits, days=days))


@pytest.fixture
def recorded() -> Iterator[RecordedGateway]:
    with open_recorded_gateway() as gateway:
        yield gateway


@pytest.fixture
def check(recorded: RecordedGateway) -> Check:
    return Check(recorded.url, KEY)


@pytest.fixture
def gateway(database_url: str) -> Iterator[GatewayProcess]:
    with gateway_process(database_url) as running:
        yield running


def outcomes(found: Any) -> dict[str, tuple[str, str | None]]:
    """orderId → (outcome, reason for no row)."""
    return {
        one["orderId"]: (one["outcome"], one["noRow"] and one["noRow"]["code"]) for one in found["cancels"]
    }


@pytest.mark.slow
def test_our_gateway_tells_who_cancelled_and_the_book_decides(
    gateway: GatewayProcess, database_url: str, tmp_path: Path
) -> None:
    live = gateway.live
    by_admin, by_api, at_night = (paid(live, f"order-000{number}", 150_000) for number in (1, 2, 3))
    moved(live, "2025-04-25T11:08:10+09:00")
    key_of_api = cancelled(live, by_api, 50_000)
    person = ["cancel", by_admin, "--channel", "merchant-admin", "--actor", "김차장"]
    assert CliRunner().invoke(app, [*person, "--database", database_url]).exit_code == 0
    moved(live, "2025-04-25T23:59:59+09:00")
    key_of_night = cancelled(live, at_night)
    moved(live, "2025-04-26T00:00:00+09:00")
    too_young = cancelled(live, by_api)
    check = Check(gateway.url, LIVE_KEY)

    found = check.json(exits=1)
    assert found["counts"] == {"OURS": 3, "NOT_OURS": 1, "ONLY_IN_OUR_BOOK": 0, "NO_BOOK": 0}
    assert (found["now"], found["recorded"], found["book"]) == ("2025-04-26T00:00:00+09:00", True, None)
    by_key = {one["transactionKey"]: one for one in found["cancels"]}
    (not_ours,) = [one for one in found["cancels"] if one["outcome"] == "NOT_OURS"]
    assert not_ours["record"] == {
        "channel": "merchant-admin", "actor": "김차장", "key": None, "address": None,
    }  # fmt: skip
    assert not_ours["settlement"] | {"absentFields": None} == {
        "soldDate": CANCEL_DAY, "paidOutDate": "2025-05-02", "amount": -150_000, "fee": -5_280,
        "payOutAmount": -144_720, "absentFields": None,
    }  # fmt: skip
    assert [one["code"] for one in not_ours["inferences"]] == ["KEY_TIME_AGREES"]
    assert by_key[key_of_night]["settlement"]["soldDate"] == CANCEL_DAY
    assert by_key[too_young]["noRow"]["readableFrom"] == "2025-04-27"
    assert all(one["settlement"] is None or not one["settlement"]["absentFields"] for one in found["cancels"])

    book = tmp_path / "cancels.csv"
    header = "거래키,결제키,취소일시,취소금액\n"
    lines = [
        f"{key_of_api},{by_api},2025-04-25 11:08:10,50000",
        f",{at_night},2025-04-25 23:59:58,150000",
        f",{by_api},2025-04-26 00:00:00,100000",
    ]
    book.write_text(header + "\n".join(lines) + "\n,kbsi_lost,2025-04-02,1000\n")
    found = check.json("--ours", str(book), exits=1)
    assert found["counts"] == {"OURS": 3, "NOT_OURS": 1, "ONLY_IN_OUR_BOOK": 1, "NO_BOOK": 0}
    book.write_text(header + "\n".join([*lines, f",{by_admin},2025-04-25,150000"]) + "\n")
    found = check.json("--ours", str(book), exits=0)
    assert found["accounted"]


@pytest.mark.slow
def test_a_test_key_finds_its_cancels_and_says_why_none_is_settled(gateway: GatewayProcess) -> None:
    with httpx.Client(base_url=gateway.url, auth=(TEST_KEY, ""), timeout=30) as test:
        cancelled(test, paid(test, "order-test", 15_000))
        moved(test, "2025-03-15T00:00:00+09:00")
    found = Check(gateway.url, TEST_KEY).json(exits=0, days=("2025-03-01", "2025-03-31"))
    assert (found["settles"], outcomes(found)) == (False, {"order-test": ("OURS", "TEST_KEY")})


@pytest.mark.slow
def test_a_sandbox_that_settles_test_payments_is_not_mistaken_for_one_that_does_not(
    database_url: str,
) -> None:
    """Its list is empty too before the day is closed, but it says why."""
    with (
        gateway_process(database_url, "--settle-test-payments") as gateway,
        httpx.Client(base_url=gateway.url, auth=(TEST_KEY, ""), timeout=30) as test,
    ):
        cancelled(test, paid(test, "order-test", 15_000))
        check, march = Check(gateway.url, TEST_KEY), ("2025-03-13", "2025-03-13")
        assert outcomes(check.json(exits=0, days=march)) == {"order-test": ("OURS", "TOO_YOUNG")}
        moved(test, "2025-03-14T00:00:00+09:00")
        assert outcomes(check.json(exits=0, days=march)) == {"order-test": ("OURS", None)}


def test_the_help_threads_row(recorded: RecordedGateway, check: Check, tmp_path: Path) -> None:
    """Shown in public by the real gateway's staff: approved 2025-03-13, cancelled 2025-04-25, sold that day,
    paid out 2025-05-08. Nobody could say where it came from; this is what can be inferred."""
    recorded.transactions, recorded.settlements = [transaction_row()], [settlement_row()]
    book = tmp_path / "cancels.csv"
    book.write_text("transactionKey,canceledAt\ntxrd_a01jkks4kdkvhqr2kge21gqawf8,2025-02-09 06:58:32\n")
    text = check("--ours", str(book), exits=1)
    for said in (
        "우리 취소 아님",
        "2025-05-08",
        "우리 시스템 밖에서 취소되었습니다. 근거: 우리 취소 장부 1줄에 없음",
        "망취소 아님. 근거: 승인(2025-03-13 13:35:03) 42일 21시간 뒤에 취소됨",
        "거래 키 안의 시각 2025-04-25 11:08:10.643",
    ):
        assert said in text
    found = check.json("--ours", str(book), exits=1)
    (one,) = found["cancels"]
    assert (one["transactionKey"], one["paymentKey"], one["orderId"]) == (
        THREAD_CANCEL, THREAD_PAYMENT, THREAD_ORDER,
    )  # fmt: skip
    assert (one["approvedAt"], one["outcome"], one["record"]) == (APPROVED_AT, "NOT_OURS", None)
    assert [note["code"] for note in one["inferences"]] == [
        "OUTSIDE_OUR_SYSTEM", "NO_NETWORK_CANCEL", "KEY_TIME_AGREES",
    ]  # fmt: skip
    assert (found["bookLinesOutside"], found["recorded"]) == (1, False)


def test_nothing_but_gets_with_the_key_of_the_environment_reach_the_gateway(
    recorded: RecordedGateway, check: Check
) -> None:
    recorded.transactions = [transaction_row()]
    check(exits=1)
    assert {method for method, _, _ in recorded.requests} == {"GET"}
    assert set(recorded.keys) == {f"{KEY}:"}
    assert {path for _, path, _ in recorded.requests} == {
        "/v1/transactions",
        "/v1/settlements",
        f"/v1/payments/{THREAD_PAYMENT}",
        "/jeongsan/v1/cancels",
        "/jeongsan/v1/clock",
    }


def test_without_a_book_a_real_cancel_is_not_accounted_for_but_explained(
    recorded: RecordedGateway, check: Check
) -> None:
    recorded.transactions, recorded.settlements = [transaction_row()], [settlement_row()]
    found = check.json(exits=1)
    assert outcomes(found) == {THREAD_ORDER: ("NO_BOOK", None)}
    assert "No network cancel" in check("--lang", "en", exits=1)


def test_rows_of_an_old_key_are_accounted_for_with_what_they_lack(
    recorded: RecordedGateway, check: Check, tmp_path: Path
) -> None:
    """Old API versions: 32 hex digits for keys, `fee` without `fees`."""
    old = "B7103F204998813B889C77C043D09502"
    row = settlement_row(transactionKey=old, cancel=cancel_object(transactionKey=old))
    del row["fees"]
    recorded.transactions, recorded.settlements = [transaction_row(transactionKey=old)], [row]
    book = tmp_path / "cancels.csv"
    book.write_text(f"거래키\n{old}\n", encoding="cp949")
    (one,) = check.json("--ours", str(book), exits=0)["cancels"]
    assert one["settlement"]["absentFields"] == ["fees"]
    assert [note["code"] for note in one["inferences"]] == ["KEY_WITHOUT_TIME"]
    assert [note["code"] for note in one["remarks"]] == ["OLD_VERSION"]


def test_a_gateway_without_cancels_is_all_accounted_for(check: Check) -> None:
    assert check.json(exits=0)["cancels"] == []


def test_the_page_and_the_csv_file_are_written(
    recorded: RecordedGateway, check: Check, tmp_path: Path
) -> None:
    recorded.transactions, recorded.settlements = [transaction_row()], [settlement_row()]
    page, table = tmp_path / "cancels.html", tmp_path / "cancels.csv"
    check("--html", str(page), "--csv", str(table), exits=1)
    assert "<html" in page.read_text(encoding="utf-8")
    with table.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["판정"], row["거래키"]) == ("NO_BOOK", THREAD_CANCEL)


def test_a_file_that_cannot_be_written_exits_with_2(check: Check, tmp_path: Path) -> None:
    assert "FILE_NOT_WRITTEN" in check("--html", str(tmp_path / "no" / "folder.html"), exits=2)


def test_a_book_with_problems_lists_them_all_and_nothing_is_compared(
    recorded: RecordedGateway, check: Check, tmp_path: Path
) -> None:
    book = tmp_path / "cancels.csv"
    book.write_text("주문번호,취소일시,취소금액\norder-1,2025-04-25,만원\norder-2,내일,1000\n,,1000\n")
    text = check("--ours", str(book), exits=2)
    assert [line.partition(":")[2].split()[0] for line in text.splitlines()[:3]] == ["2", "3", "4:"]
    refused = check.json("--ours", str(book), exits=2)
    assert refused["code"] == "UNREADABLE_BOOK"
    assert [(one["line"], one["field"], one["reason"]) for one in refused["problems"]] == [
        (2, "cancelAmount", "NOT_AN_AMOUNT"),
        (3, "canceledAt", "NOT_A_TIME"),
        (4, None, "NO_KEY"),
    ]
    assert recorded.requests == []


def test_a_wrong_amount_in_the_book_is_one_row_and_its_total_a_remark(
    recorded: RecordedGateway, check: Check, tmp_path: Path
) -> None:
    recorded.transactions, recorded.settlements = [transaction_row()], [settlement_row()]
    book = tmp_path / "cancels.csv"
    book.write_text(f"주문번호,취소일,취소금액(원),메모\n{THREAD_ORDER},2025년 4월 25일,4000,\n합계,,4000,\n")
    found = check.json("--ours", str(book), exits=1)
    (one,) = found["cancels"]
    assert (one["outcome"], [note["code"] for note in one["differences"]]) == ("OURS", ["AMOUNT"])
    assert [(remark["line"], remark["reason"]) for remark in found["bookRemarks"]] == [
        (1, "UNKNOWN_COLUMNS"),
        (3, "TOTAL_LINE"),
    ]
    assert "우리 장부 4,000, 게이트웨이 150,000" in check("--ours", str(book), exits=1)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(401, "UNAUTHORIZED_KEY"), "UNAUTHORIZED"),
        (error(400, "INVALID_REQUEST"), "ANSWERED"),
        ((200, b"[{"), "UNREADABLE_ANSWER"),
        ((200, b'[{"transactionKey": 1}]'), "UNREADABLE_ANSWER"),
    ],
)
def test_an_answer_that_cannot_be_read_exits_with_2(
    recorded: RecordedGateway, check: Check, reply: tuple[int, bytes], code: str
) -> None:
    recorded.replies = [error(404, "NOT_FOUND_HTTP_METHOD"), reply]
    refused = check.json(exits=2)
    assert refused["code"] == code
    assert "/v1/transactions" in refused["message"]


@pytest.mark.parametrize("key", [None, "", "  ", "\ufeff"])
def test_without_a_key_nothing_is_asked(recorded: RecordedGateway, key: str | None) -> None:
    result = CliRunner(env={"JEONGSAN_SECRET_KEY": key}).invoke(
        app, ["check", "cancels", "--from", CANCEL_DAY, "--to", CANCEL_DAY, "--address", recorded.url]
    )
    assert result.exit_code == 2
    assert result.stderr.startswith("NO_SECRET_KEY: set JEONGSAN_SECRET_KEY")
    assert recorded.requests == []


def test_a_key_with_a_byte_order_mark_is_the_key(recorded: RecordedGateway) -> None:
    Check(recorded.url, f"\ufeff{KEY}\n")(exits=0)
    assert set(recorded.keys) == {f"{KEY}:"}


def test_plain_http_to_another_machine_is_refused() -> None:
    refused = Check("http://192.0.2.1:8080", KEY).json(exits=2)
    assert refused["code"] == "INVALID_ADDRESS"
    assert "https" in refused["message"]


@pytest.mark.parametrize(
    ("days", "option"),
    [
        (("2025-04-30", "2025-04-01"), "--to"),
        (("2025-04", "2025-04-30"), "--from"),
        (("20250401", "20250430"), "--from"),
        (("", ""), "--from"),
        (("0001-01-01", "2025-04-30"), "--from"),
        (("2025-04-01", "9999-12-31"), "--to"),
        (("2024-01-01", "2025-01-01"), "--to"),
    ],
)
def test_days_that_make_no_period_are_refused_by_their_option(
    recorded: RecordedGateway, check: Check, days: tuple[str, str], option: str
) -> None:
    refused = check.json(exits=2, days=days)
    assert refused["code"] == "INVALID_OPTION"
    assert refused["message"].startswith(f"{option} ")
    assert recorded.requests == []


@pytest.mark.slow
def test_as_a_process_it_says_what_is_wrong_and_keeps_the_key_to_itself(recorded: RecordedGateway) -> None:
    recorded.replies = [error(404, "NOT_FOUND"), error(401, "UNAUTHORIZED_KEY", f"{KEY} is not known")]
    asked = [sys.executable, "-m", "jeongsan", "check", "cancels", "--from", CANCEL_DAY, "--to", CANCEL_DAY]
    done = subprocess.run(
        [*asked, "--address", recorded.url, "--json"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"JEONGSAN_SECRET_KEY": KEY},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr)["code"] == "UNAUTHORIZED"
    assert KEY not in done.stderr
