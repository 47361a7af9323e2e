"""`jeongsan reconcile`: four files in, every difference with its reason out, and an exit code for scripts."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.keyring_backend import remembered_keyring
from support.one_cancel import ORDERS, TRANSACTIONS
from support.process import gateway_process
from support.sandbox import LIVE_KEY
from support.shop_over_http import cancelled, moved, paid

BANK = """거래일시,적요,보낸분,출금액,입금액
2025-03-19 10:00:00,타행이체,(주)토스페이먼츠,,48240
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files lie and the report goes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="cp949")
    (tmp_path / "transactions.csv").write_text(TRANSACTIONS, encoding="utf-8")
    (tmp_path / "bank.csv").write_text(BANK, encoding="utf-8")
    return tmp_path


def _run(*options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["reconcile", *options])
    return result.exit_code, result.stdout, result.stderr


TWO = ("--orders", "orders.csv", "--transactions", "transactions.csv", "--today", "2025-04-01")


def test_a_cancel_that_our_orders_do_not_know_is_named(folder: Path) -> None:
    exit_code, printed, _ = _run(*TWO, "--json")
    found = json.loads(printed)["outcomes"]
    assert exit_code == 1
    assert [(one["state"], one["reasons"], one["transactionKey"]) for one in found] == [
        ("ONE_SIDED", ["CANCELED_OUTSIDE"], "t3")
    ]
    assert (folder / "reconciliation/report.html").exists()


def test_lists_that_agree_are_clean(folder: Path) -> None:
    orders = ORDERS + "o-1,pay-1,취소,-5000,2025-03-13 15:00:00\n"
    (folder / "orders.csv").write_text(orders, encoding="utf-8-sig")
    exit_code, printed, _ = _run(*TWO, "--json")
    assert (exit_code, json.loads(printed)["outcomes"]) == (0, [])


def test_a_row_that_cannot_be_read_is_told_and_nothing_is_called_clean(folder: Path) -> None:
    (folder / "orders.csv").write_text(ORDERS.replace("40000", "사만원"), encoding="utf-8")
    exit_code, _, _ = _run(*TWO)
    problems = (folder / "reconciliation/problems.csv").read_text(encoding="utf-8-sig")
    assert exit_code == 2
    assert "사만원" in problems


def test_the_words_are_korean_unless_others_are_asked_for(folder: Path) -> None:
    assert "거래 대사" in _run(*TWO)[1]
    assert "transaction comparison" in _run(*TWO, "--lang", "en")[1]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--orders", "orders.csv"), "NOTHING_TO_COMPARE"),
        ((*TWO, "--from", "yesterday"), "INVALID_OPTION"),
        ((*TWO, "--layout", "order=mall.toml"), "INVALID_OPTION"),
        ((*TWO, "--gateway-memo", "토스("), "INVALID_OPTION"),
        ((*TWO, "--memory", "much"), "INVALID_OPTION"),
        ((*TWO, "--terms", "nowhere.toml"), "NO_FILE"),
        ((*TWO, "--terms", "bank.csv"), "INVALID_TERMS"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_start_says_why_and_writes_nothing(options: tuple[str, ...], code: str) -> None:
    exit_code, _, told = _run(*options)
    assert (exit_code, told.split(":")[0]) == (2, code)
    assert not Path("reconciliation").exists()


def test_damaged_decisions_are_left_as_they_are(folder: Path) -> None:
    decisions = folder / "reconciliation/exceptions.jsonl"
    decisions.parent.mkdir()
    decisions.write_text("{", encoding="utf-8")
    exit_code, _, told = _run(*TWO)
    assert (exit_code, told.split(":")[0]) == (2, "DAMAGED_DECISIONS")
    assert decisions.read_text(encoding="utf-8") == "{"


def test_dropped_files_are_told_apart_by_their_headers(folder: Path) -> None:
    exit_code, printed, _ = _run("bank.csv", "transactions.csv", "orders.csv", "--today", "2025-04-01")
    assert exit_code == 1
    assert printed.splitlines()[:3] == [
        "우리 주문 (orders): orders.csv",
        "거래 (api-transactions): transactions.csv",
        "통장 (bank): bank.csv",
    ]
    files = (folder / "reconciliation/files.csv").read_text(encoding="utf-8-sig").splitlines()
    assert files[1:] == [
        "ORDERS,orders,orders.csv,2,0,0",
        "TRANSACTIONS,api-transactions,transactions.csv,3,0,0",
        "BANK,bank,bank.csv,1,0,0",
    ]


@pytest.mark.slow
def test_a_dropped_folder_and_a_named_list_are_read_as_if_both_were_named(folder: Path) -> None:
    named = _run(*TWO, "--bank", "bank.csv", "--json")
    (folder / "dropped").mkdir()
    for name in ("transactions.csv", "bank.csv"):
        (folder / name).rename(folder / "dropped" / name)
    assert _run("dropped", "--orders", "orders.csv", "--today", "2025-04-01", "--json") == named


@pytest.mark.parametrize(
    ("headers", "code", "said"),
    [
        ("번호,판매금액", "UNTOLD_FILE", "its layout is not known; its headers: 번호, 판매금액"),
        ("주문번호,상태,비고", "UNTOLD_FILE", "orders (orders, lacks amount"),
        # An order list with a status, or payments of the gateway: nobody can tell.
        (
            "주문번호,금액,결제상태,결제일시",
            "UNTOLD_FILE",
            "toss-transactions (transactions), orders (orders);",
        ),
        ("주문번호,금액", "NOTHING_TO_COMPARE", "everything that was given is orders"),
    ],
)
def test_a_dropped_file_that_nobody_can_tell_is_refused_by_name(
    folder: Path, headers: str, code: str, said: str
) -> None:
    (folder / "sheet.csv").write_text(f"{headers}\n1\n", encoding="utf-8")
    exit_code, _, told = _run("orders.csv", "sheet.csv")
    assert (exit_code, told.split(":")[0]) == (2, code)
    assert said in told
    assert ("sheet.csv: " in told) is (code == "UNTOLD_FILE")
    assert not Path("reconciliation").exists()


@pytest.mark.slow
def test_a_layout_of_ones_own_tells_a_dropped_file(folder: Path) -> None:
    (folder / "mall.toml").write_text(
        'side = "orders"\ncolumns = { order_id = "번호", amount = "판매금액" }\n'
    )
    (folder / "orders.csv").write_text("번호,판매금액\no-1,15000\n", encoding="utf-8")
    dropped = _run("orders.csv", "transactions.csv", "--layout", "orders=mall.toml", "--json")
    assert dropped == _run(*TWO[:4], "--layout", "orders=mall.toml", "--json")
    assert dropped[0] == 1


@pytest.mark.usefixtures("folder")
def test_a_file_is_not_counted_twice() -> None:
    exit_code, _, told = _run("./orders.csv", *TWO)
    assert (exit_code, told.split(":")[0]) == (2, "SAME_FILE_TWICE")


@pytest.mark.slow
def test_an_address_is_fetched_and_held_against_our_orders(folder: Path, database_url: str) -> None:
    """A cancel that our orders do not know. Where nobody answers any more, a run says so and compares
    nothing; the fetched folder gives the same findings."""
    march = ("--from", "2025-03-13", "--to", "2025-03-14", "--into", "march", "--json")
    with gateway_process(database_url) as gateway:
        keys = [paid(gateway.live, f"order-000{number}", 10_000 * (number + 1)) for number in range(2)]
        moved(gateway.live, "2025-03-14T10:00:00+09:00")
        cancelled(gateway.live, keys[0], 3_000)
        moved(gateway.live, "2025-03-24T10:00:00+09:00")
        lines = [f"order-000{at},{key},승인,{10_000 * (at + 1)},2025-03-13" for at, key in enumerate(keys)]
        (folder / "orders.csv").write_text("\n".join(["주문번호,결제키,구분,금액,일자", *lines, ""]), "utf-8")
        runner = CliRunner(env={"JEONGSAN_SECRET_KEY": LIVE_KEY})
        asked = ["reconcile", "orders.csv", "--address", gateway.url, *march]
        first = runner.invoke(app, asked)
    assert first.exit_code == 1, (first.stdout, first.stderr)
    found = json.loads(first.stdout)["outcomes"]
    assert [one["reasons"] for one in found if one["open"]] == [["CANCELED_OUTSIDE"]]
    assert {one["comparison"] for one in json.loads(first.stdout)["comparisons"]} >= {"SETTLEMENT"}
    assert LIVE_KEY not in first.output
    files = sorted(Path("march/rows/default").glob("*/*.parquet"))
    assert files
    gone = runner.invoke(app, asked)
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert json.loads(gone.stderr)["code"] == "NOT_FETCHED"
    again = _run("orders.csv", "march/rows", "--today", "2025-03-24", *march)
    assert json.loads(again[1])["outcomes"] == found


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--address", "http://127.0.0.1:9"), "INVALID_OPTION"),
        (("--rows", "rows"), "INVALID_OPTION"),
        (("--address", "http://127.0.0.1:9", "--from", "2025-03-13", "--to", "2025-03-13"), "NO_SECRET_KEY"),
        (("--key", "live_sk_of_the_mall_000000000001"), "KEY_ON_COMMAND_LINE"),
        (("live_sk_of_the_mall_000000000001",), "KEY_ON_COMMAND_LINE"),
    ],
)
def test_an_address_needs_days_and_a_key_that_is_not_on_the_command_line(
    folder: Path, options: tuple[str, ...], code: str
) -> None:
    with remembered_keyring():
        runner = CliRunner(env={"JEONGSAN_SECRET_KEY": None, "JEONGSAN_FETCH_KEY_DEFAULT": None})
        result = runner.invoke(app, ["reconcile", "orders.csv", *options])
    assert (result.exit_code, result.stderr.split(":")[0]) == (2, code)
    assert "live_sk" not in result.output
    assert sorted(one.name for one in folder.iterdir()) == ["bank.csv", "orders.csv", "transactions.csv"]
