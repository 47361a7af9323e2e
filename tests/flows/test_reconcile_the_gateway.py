"""A merchant reconciles what this gateway did: its HTTP answers, its payouts and his own order file, which a
lost answer, a missed webhook and a cancel in the console never reached."""

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.console import read
from support.merchant import Merchant
from support.process import GatewayProcess, gateway_process
from support.receiver import open_receiver
from support.sandbox import LIVE_KEY, MID
from support.shop_over_http import moved

CONTRACT = {
    "terms": [
        {"method": "CARD", "from": "2025-01-01", "rate": "3.2", "payout": {"businessDays": 4}},
        {"method": "CARD", "card": ["CHECK"], "from": "2025-01-01", "rate": "1.5",
         "payout": {"businessDays": 4}},
    ]
}  # fmt: skip
# Thursday to Wednesday, with a Saturday.
DAYS = ("2025-03-13", "2025-03-14", "2025-03-15", "2025-03-17", "2025-03-18", "2025-03-19")
# The first attempt at a webhook and its seven retries, after which the gateway gives up.
ATTEMPTS = 8
LATER = "2025-04-01T10:00:00+09:00"


@dataclass
class Books:
    """What is made of some days: the merchant's payments, and the folder with his files."""

    gateway: GatewayProcess
    merchant: Merchant
    folder: Path
    keys: dict[str, str]


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Books]:
    """A gateway with two prices for cards and a merchant who is told of his payments."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JEONGSAN_SECRET_KEY", LIVE_KEY)
    Path("contract.json").write_text(json.dumps(CONTRACT), encoding="utf-8")
    with gateway_process("sqlite:///gateway.db", seed=1) as gateway, open_receiver() as receiver:
        merchant = Merchant(gateway.live)
        receiver.answer = merchant.hear
        gateway.live.put(f"/jeongsan/v1/shops/{MID}/contract", json=CONTRACT).raise_for_status()
        gateway.live.post("/jeongsan/v1/webhooks", json={"url": receiver.url}).raise_for_status()
        yield Books(gateway, merchant, tmp_path, {})


def sell(books: Books, *, faults: bool) -> None:
    """Five orders a day by either kind of card, on the web and in the app; he cancels some himself."""
    pay = books.merchant
    amount = 20_010
    for number, day in enumerate(DAYS):
        moved(books.gateway.live, f"{day}T14:00:00+09:00")
        for turn in range(5):
            name, amount = f"order-{number}{turn}", amount + 3_370
            options = {"cardType": "체크"} if turn in (1, 4) else {}
            if faults and name == "order-11":
                key = pay.pay_without_answer(name, amount, **options)
            elif turn >= 3:
                key = pay.pay_in_app(name, amount, missed=faults and name == "order-24", **options)
            else:
                key = pay.pay(name, amount, **options)
            books.keys[name] = key
        if number % 2:
            pay.cancel(books.keys[f"order-{number - 1}0"], 4_000)
        if faults and day == "2025-03-18":
            cancel_in_console(books.gateway, books.keys["order-02"], amount="5,000")
    moved(books.gateway.live, LATER)
    assert books.gateway.live.get("/jeongsan/v1/ready").json()["pendingWebhooks"] == 0


def cancel_in_console(gateway: GatewayProcess, payment_key: str, *, amount: str) -> None:
    """A colleague fills in the form of the payment's page."""
    with httpx.Client(base_url=gateway.url) as browser:
        page = read(browser.get(f"/console/payments/{payment_key}"))
        typed = page.form() | {"reason": "재고 없음", "person": "김담당", "amount": amount}
        action = page.one("form", method="post").attributes["action"]
        assert browser.post(action, data=typed).status_code == 303


def paid_out() -> list[tuple[str, int]]:
    """What the gateway sent to the merchant's account: day and won."""
    with closing(sqlite3.connect("gateway.db")) as database:
        return database.execute(
            "SELECT paid_out_date, transferred FROM payout WHERE transferred > 0 ORDER BY paid_out_date"
        ).fetchall()


def write_bank(deposits: list[tuple[str, int]]) -> None:
    """The account's lines."""
    with Path("bank.csv").open("w", encoding="cp949", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("거래일시", "적요", "보낸분", "출금액", "입금액"))
        lines.writerow((f"{DAYS[0]} 08:00:00", "체크카드", "문구점", 12_000, ""))
        for day, amount in deposits:
            lines.writerow((f"{day} 10:00:00", "타행이체", "(주)토스페이먼츠", "", amount))


def command(*arguments: str) -> tuple[int, str]:
    """Exit code and what `jeongsan …` printed."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.stderr == ""
    return result.exit_code, result.stdout


def fetched(books: Books) -> None:
    """Transactions and settlements, from the gateway by HTTP."""
    march = ("--from", "2025-03-01", "--to", "2025-03-31")
    exit_code, printed = command("fetch", *march, "--into", "rows", "--address", books.gateway.url)
    assert exit_code == 0, printed


def reconciled(*options: str) -> tuple[int, str]:
    """Exit code and output of `jeongsan reconcile` over all four lists."""
    return command(
        "reconcile", "--orders", "orders.csv", "--layout", "orders=mall.toml",
        "--transactions", "rows", "--settlements", "rows", "--bank", "bank.csv", "--today", "2025-04-01",
        *options,
    )  # fmt: skip


def last_of(books: Books, order_id: str) -> tuple[str, str, str]:
    """Order, payment key and transaction key of the last thing that happened to a payment."""
    payment = books.gateway.live.get(f"/v1/payments/orders/{order_id}").raise_for_status().json()
    return order_id, payment["paymentKey"], payment["lastTransactionKey"]


def told(finding: dict[str, Any]) -> tuple[Any, ...]:
    """What a finding says, without its number and handling."""
    sides = [
        (finding[side]["rows"], finding[side]["amount"], finding[side]["day"]) for side in ("left", "right")
    ]
    keys = [finding[name] for name in ("kind", "orderId", "paymentKey", "transactionKey")]
    return (finding["state"], *finding["reasons"], *keys, *sides)


@pytest.mark.slow
@pytest.mark.parametrize("terms", [(), ("--terms", "contract.json")], ids=["learned", "given"])
def test_the_report_names_exactly_what_was_lost_missed_cancelled_and_merged(
    books: Books, terms: tuple[str, ...]
) -> None:
    sell(books, faults=True)
    assert books.merchant.refusals == ATTEMPTS
    books.merchant.write(books.folder)
    deposits = paid_out()
    (due, held), (arrived, next_one) = deposits[1:3]
    deposits[1:3] = [(arrived, held + next_one)]
    write_bank(deposits)
    fetched(books)

    exit_code, printed = reconciled(*terms, "--json")
    found = json.loads(printed)
    to_decide = {finding["orderId"]: told(finding) for finding in found["outcomes"] if finding["open"]}
    lost, missed, cancelled = (last_of(books, name) for name in ("order-11", "order-24", "order-02"))
    nothing, unknown = (0, None, None), ("ONE_SIDED", "PAID_UNKNOWN_HERE", "APPROVAL")
    assert exit_code == 1
    assert to_decide == {
        "order-11": (*unknown, *lost, nothing, (1, 43_600, "2025-03-14")),
        "order-24": (*unknown, *missed, nothing, (1, 70_560, "2025-03-15")),
        "order-02": (
            "ONE_SIDED", "CANCELED_OUTSIDE", "CANCEL", *cancelled, nothing, (1, -5_000, "2025-03-18"),
        ),
        None: (
            "DIFFERENT", "DEPOSIT_LATE", "MERGED", "PAYOUT", None, None, None,
            (2, held + next_one, due), (1, held + next_one, arrived),
        ),
    }  # fmt: skip
    assert found["openCount"] == 4
    closed = [told(one)[:2] for one in found["outcomes"] if not one["open"]]
    assert closed == [("SET_ASIDE", "OTHER_DEPOSIT")]
    read_by_people = reconciled(*terms, "--lang", "en")[1].partition("To decide")[2]
    assert re.findall(r"^ +\d  (.+?)  .*\[", read_by_people, re.MULTILINE) == [
        "transaction comparison · paid, unknown here · order-11",
        "transaction comparison · paid, unknown here · order-24",
        "transaction comparison · cancelled outside · order-02",
        "deposit comparison · late deposit · merged · tjeongsan",
    ]


@pytest.mark.slow
def test_books_without_faults_are_clean(books: Books) -> None:
    sell(books, faults=False)
    books.merchant.write(books.folder)
    write_bank(paid_out())
    fetched(books)
    for terms in ((), ("--terms", "contract.json")):
        exit_code, printed = reconciled(*terms, "--json")
        assert (exit_code, json.loads(printed)["openCount"]) == (0, 0)
