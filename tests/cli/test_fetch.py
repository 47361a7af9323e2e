"""`jeongsan fetch`: against our own gateway as a process, against one in recorded shapes, and killed."""

import importlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import httpx
import psutil
import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.client.gateway_client import GatewayClient
from jeongsan.client.reader import Reader
from support.fetching import settlements_of, transactions_of
from support.keyring_backend import remembered_keyring
from support.process import GatewayProcess, gateway_process
from support.recorded_gateway import KEY, RecordedGateway, open_recorded_gateway
from support.sandbox import LIVE_KEY, TEST_KEY
from support.shop_over_http import cancelled, moved, paid

APRIL = ("2025-04-24", "2025-04-26")
MALL, CAFE = "live_sk_of_the_mall_000000000001", "live_sk_of_the_cafe_000000000002"


@dataclass
class Fetch:
    """Runs `jeongsan fetch` with keys in the environment."""

    address: str
    into: Path
    keys: dict[str, str]

    def __call__(self, *options: str, exits: int, days: tuple[str, str] = APRIL) -> str:
        """What it printed; an exit code above 1 prints to standard error only."""
        arguments = ["fetch", "--from", days[0], "--to", days[1], "--address", self.address]
        result = CliRunner(env={"JEONGSAN_SECRET_KEY": None, **self.keys}).invoke(
            app, [*arguments, "--into", str(self.into), *options]
        )
        assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
        assert (result.stdout == "") is (exits > 1)
        for key in self.keys.values():
            assert key not in result.output
        return result.stderr if exits > 1 else result.stdout

    def json(self, *options: str, exits: int, days: tuple[str, str] = APRIL) -> Any:
        """The object it printed."""
        return json.loads(self(*options, "--json", exits=exits, days=days))

    def sql(self, columns: str, what: str, shop: str = "default") -> list[tuple[Any, ...]]:
        """Columns of all rows of a list."""
        files = self.into / shop / what / "*.parquet"
        return duckdb.sql(f"SELECT {columns} FROM '{files}' ORDER BY ALL").fetchall()


@pytest.fixture
def recorded() -> Iterator[RecordedGateway]:
    with open_recorded_gateway() as gateway:
        yield gateway


@pytest.fixture
def fetch(recorded: RecordedGateway, tmp_path: Path) -> Fetch:
    return Fetch(recorded.url, tmp_path / "rows", {"JEONGSAN_SECRET_KEY": KEY})


@pytest.fixture
def gateway(database_url: str) -> Iterator[GatewayProcess]:
    with gateway_process(database_url) as running:
        yield running


def test_our_gateways_rows_are_those_of_its_answers_and_add_up(
    gateway: GatewayProcess, tmp_path: Path
) -> None:
    live, march = gateway.live, ("2025-03-13", "2025-03-14")
    fetch = Fetch(gateway.url, tmp_path / "rows", {"JEONGSAN_SECRET_KEY": LIVE_KEY})
    keys = [paid(live, f"order-000{number}", 10_000 * (number + 1)) for number in range(3)]
    found = fetch.json(exits=0, days=march)["shops"][0]
    # The business clock of the gateway decides what today is.
    assert (found["transactions"]["slices"], found["transactions"]["open"]) == (1, 1)
    assert found["settlements"]["rows"] == 0
    assert found["notes"] == []
    moved(live, "2025-03-14T10:00:00+09:00")
    cancelled(live, keys[0], 3_000)
    moved(live, "2025-03-24T10:00:00+09:00")
    found = fetch.json(exits=0, days=march)["shops"][0]
    assert (found["transactions"]["rows"], found["settlements"]["rows"]) == (4, 4)
    assert found["transactions"]["open"] == 0
    listed = live.get("/v1/settlements", params={"startDate": march[0], "endDate": march[1]}).json()
    assert fetch.sql("transactionKey, payOutAmount, fee, vat, cancel.cancelAmount", "settlements") == sorted(
        (
            row["transactionKey"], row["payOutAmount"], row["fee"], row["vat"],
            row["cancel"] and row["cancel"]["cancelAmount"],
        )
        for row in listed
    )  # fmt: skip
    assert fetch.sql("DISTINCT absent, extra", "settlements") == [([], None)]
    sums = found["settlements"]["sums"]["KRW"]
    assert float(sums["payOutAmount"]) == sum(row["payOutAmount"] for row in listed)


@pytest.mark.slow
def test_several_shops_have_folders_and_keys_of_their_own(
    gateway: GatewayProcess, database_url: str, tmp_path: Path
) -> None:
    created = CliRunner().invoke(app, ["shop", "create", "tmall0001", "--database", database_url, "--json"])
    assert created.exit_code == 0, created.output
    mall_key = json.loads(created.stdout)["secretKeys"]["live"]
    paid(gateway.live, "order-0001", 10_000)
    with httpx.Client(base_url=gateway.url, auth=(mall_key, ""), timeout=30) as mall:
        paid(mall, "order-0001", 25_000)
    moved(gateway.live, "2025-03-24T10:00:00+09:00")
    keys = {
        "JEONGSAN_FETCH_KEY_MALL": mall_key,
        "JEONGSAN_SECRET_KEY": LIVE_KEY,
        "JEONGSAN_FETCH_KEY_X": "live_sk_x",
    }
    fetch = Fetch(gateway.url, tmp_path / "rows", keys)
    march = ("2025-03-13", "2025-03-13")
    options = ("--shop", "mall", "--shop", "default", "--shop", "x", "--parallel", "4")
    found = fetch.json(*options, exits=1, days=march)
    assert [(one["shop"], one["whole"]) for one in found["shops"]] == [
        ("mall", True), ("default", True), ("x", False),
    ]  # fmt: skip
    assert {one["code"] for one in found["shops"][2]["problems"]} == {"UNAUTHORIZED", "NOT_ASKED"}
    assert fetch.sql("mId, amount", "settlements", "mall") == [("tmall0001", 25_000)]
    assert fetch.sql("mId, amount", "settlements") == [("tjeongsan", 10_000)]


@pytest.mark.slow
def test_pages_that_are_just_full_of_rows_of_one_moment_are_read_to_the_end_on_both_sides_of_midnight(
    gateway: GatewayProcess,
) -> None:
    """Our gateway's clock stands still, so that only the keys tell the rows apart."""
    moved(gateway.live, "2025-03-13T23:59:59+09:00")
    late = [paid(gateway.live, f"late-{number:04d}", 10_000) for number in range(6)]
    moved(gateway.live, "2025-03-14T00:00:00+09:00")
    early = [paid(gateway.live, f"early-{number:04d}", 10_000) for number in range(4)]
    moved(gateway.live, "2025-03-24T10:00:00+09:00")
    for page_rows, until_empty in [(1, False), (2, True), (3, False), (6, True), (7, False), (5_000, True)]:
        with Reader(gateway.url, LIVE_KEY) as reader:
            client = GatewayClient(reader, until_empty=until_empty, page_rows=page_rows)
            for day, keys in ((date(2025, 3, 13), late), (date(2025, 3, 14), early)):
                listed = list(client.transactions(day))
                assert sorted(row.payment_key for row in listed) == sorted(keys)
                assert len({row.transaction_at for row in listed}) == 1
                settled = client.settlements(day, day).rows
                assert sorted(row.transaction_key for row in settled) == sorted(
                    row.transaction_key for row in listed
                )


@pytest.mark.slow
def test_a_shops_key_may_come_from_the_keyring(gateway: GatewayProcess, tmp_path: Path) -> None:
    paid(gateway.live, "order-0001", 10_000)
    fetch = Fetch(gateway.url, tmp_path / "rows", {})
    march = ("2025-03-13", "2025-03-13")
    with remembered_keyring() as kept:
        assert "nor has the keyring one for mall-1" in fetch("--shop", "mall-1", exits=2, days=march)
        kept.set_password("jeongsan", "mall-1", LIVE_KEY)
        found = fetch.json("--shop", "mall-1", "--what", "transactions", exits=0, days=march)
    assert found["shops"][0]["transactions"]["rows"] == 1
    assert LIVE_KEY not in json.dumps(found)


@pytest.mark.slow
def test_a_test_keys_settlements_are_empty_and_say_why(gateway: GatewayProcess, tmp_path: Path) -> None:
    fetch = Fetch(gateway.url, tmp_path / "rows", {"JEONGSAN_SECRET_KEY": TEST_KEY})
    found = fetch.json("--what", "settlements", exits=0, days=("2025-03-13", "2025-03-13"))["shops"][0]
    assert [(one["what"], one["day"], one["reason"]) for one in found["notes"]] == [
        ("settlements", None, "TEST_KEY")
    ]
    assert "transactions" not in found


def test_people_read_lines_in_their_language(recorded: RecordedGateway, fetch: Fetch) -> None:
    recorded.transactions = transactions_of("2025-04-25", 2)
    recorded.settlements = settlements_of("2025-04-25", 1, fee=-1) + settlements_of("2025-04-25", 1)
    text = fetch("--lang", "en", exits=1)
    assert (
        "default  transactions  2025-04-24 – 2025-04-26  read 3 kept 0 open 0 · 2 rows · KRW amount 2,001.00"
        in text
    )
    assert "! default settlements 2025-04-25  CHANGED_REPEAT: txrd_a" in text
    assert "Something could not be fetched or differs." in text
    assert "건 · KRW 금액 2,001.00" in fetch(exits=1)


def test_a_row_that_steers_the_terminal_does_not(recorded: RecordedGateway, fetch: Fetch) -> None:
    recorded.settlements = [
        one | {"transactionKey": "a\x1b[31m\u202e", "fee": n}
        for n in (1, 2)
        for one in settlements_of("2025-04-25", 1)
    ]
    text = fetch(exits=1)
    assert "a\ufffd" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("--key", MALL),
        ("--secret-key", MALL),
        ("--shop", MALL),
        ("--address", f"http://{MALL}:@127.0.0.1"),
        (MALL,),
        ("--what", MALL),
        ("--from", MALL),
    ],
)
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_key_on_the_command_line_is_refused_with_a_hint_and_not_repeated(
    recorded: RecordedGateway, fetch: Fetch, arguments: tuple[str, ...], as_json: tuple[str, ...]
) -> None:
    text = fetch(*arguments, *as_json, exits=2)
    assert "KEY_ON_COMMAND_LINE" in text
    assert "JEONGSAN_FETCH_KEY_<NAME>" in text
    assert "keyring" in text
    assert MALL not in text
    assert recorded.requests == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stray",), "INVALID_OPTION"),
        (("--what", "moons"), "transactions, settlements"),
        (("--what", ""), "--what knows"),
        (("--shop", "Mall"), "--shop is small letters"),
        (("--shop", "../mall"), "--shop is small letters"),
        (("--shop", "default", "--shop", "default"), "twice"),
        (("--shop", "nobody"), "JEONGSAN_FETCH_KEY_NOBODY"),
        (("--address", "http://192.0.2.1"), "https"),
        (("--shop", "cafe", "--shop", "mall"), "the shops cafe and mall have the same key"),
        (("--to", "2025-04-01"), "--to"),
        (("--from", "today"), "--from"),
    ],
)
def test_what_cannot_start_says_why_and_asks_nobody(
    recorded: RecordedGateway, fetch: Fetch, arguments: tuple[str, ...], said: str
) -> None:
    fetch.keys |= {"JEONGSAN_FETCH_KEY_MALL": MALL, "JEONGSAN_FETCH_KEY_CAFE": MALL}
    assert said in fetch(*arguments, exits=2)
    assert recorded.requests == []
    assert not fetch.into.exists()


@pytest.mark.parametrize("parallel", ["0", "5"])
def test_no_more_than_four_at_a_time(fetch: Fetch, parallel: str) -> None:
    assert "--parallel" in fetch("--parallel", parallel, exits=2)


def test_without_a_key_nothing_is_asked(recorded: RecordedGateway, fetch: Fetch) -> None:
    fetch.keys = {}
    assert fetch(exits=2).startswith("NO_SECRET_KEY: set JEONGSAN_SECRET_KEY")
    assert recorded.requests == []


def test_without_duckdb_the_missing_extra_is_named(
    recorded: RecordedGateway, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(importlib.sys.modules, "duckdb", None)  # type: ignore[attr-defined]
    assert "pip install 'jeongsan[reconcile]'" in fetch(exits=2)
    assert recorded.requests == []


LIMITED = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from jeongsan.cli.main import app
app()
"""


def started(
    fetch: Fetch,
    *options: str,
    stderr: int = subprocess.PIPE,
    env: dict[str, str] | None = None,
    file_bytes: int | None = None,
    first: str = "2025-04-27",
) -> "subprocess.Popen[str]":
    """The command as a process of its own; `file_bytes`: no file may grow further."""
    program = ["-m", "jeongsan"] if file_bytes is None else ["-c", LIMITED, str(file_bytes)]
    arguments = ["fetch", "--from", first, "--to", "2025-04-30", "--address", fetch.address]
    return subprocess.Popen(
        [
            sys.executable,
            *program,
            *arguments,
            "--into",
            str(fetch.into),
            "--json",
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=os.environ | fetch.keys | (env or {}),
    )


def exit_code(process: "subprocess.Popen[str]") -> int:
    """Of a process that ends by itself or was told to."""
    process.communicate(timeout=100)
    return process.returncode


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def filled(recorded: RecordedGateway) -> None:
    days = [f"2025-04-{day:02d}" for day in range(17, 31)]
    recorded.transactions = [
        row for n, day in enumerate(days) for row in transactions_of(day, 30, first=100 * n)
    ]
    recorded.settlements = [
        row for n, day in enumerate(days) for row in settlements_of(day, 30, first=100 * n)
    ]


@pytest.mark.crash
@pytest.mark.parametrize(
    ("how", "parallel"), [(signal.SIGKILL, "1"), (signal.SIGKILL, "3"), (signal.SIGINT, "1")]
)
def test_a_run_that_is_ended_in_the_middle_goes_on_to_the_bytes_of_an_undisturbed_one(
    recorded: RecordedGateway, fetch: Fetch, tmp_path: Path, how: signal.Signals, parallel: str
) -> None:
    filled(recorded)
    recorded.page_rows, recorded.delay_s = 20, 0.02
    calm = Fetch(recorded.url, tmp_path / "calm", fetch.keys)
    assert exit_code(started(calm, first="2025-04-17")) == 0
    endings = 0
    while True:
        process = started(fetch, "--parallel", parallel, first="2025-04-17")
        # By what it asked, not by the time: a fast machine must not be done before it is ended.
        before = len(recorded.requests)
        deadline = time.monotonic() + 60
        while process.poll() is None and endings < 3 and time.monotonic() < deadline:
            if len(recorded.requests) >= before + 12:
                time.sleep(0.003 * endings)
                process.send_signal(how)
                endings += 1
                break
            time.sleep(0.005)
        if exit_code(process) == 0:
            break
    assert endings == 3
    assert contents(fetch.into) == contents(calm.into)
    leftover = [
        path.name for path in fetch.into.rglob("*") if path.name.startswith(".") and path.name != ".lock"
    ]
    assert leftover == []


@pytest.mark.slow
def test_the_key_is_in_no_list_of_processes_no_file_and_no_log(
    recorded: RecordedGateway, fetch: Fetch
) -> None:
    filled(recorded)
    recorded.delay_s = 0.02
    process = started(fetch)
    seen = psutil.Process(process.pid).cmdline()
    out, err = process.communicate(timeout=100)
    assert process.returncode == 0, err
    assert len(seen) > 5
    files = b"".join(path.read_bytes() for path in fetch.into.rglob("*") if path.is_file())
    for text in (" ".join(seen), out, err, files.decode("latin-1")):
        assert KEY not in text
    assert json.loads(out)["whole"]
    # Nothing but the result on pipes.
    assert err == ""


@pytest.mark.slow
def test_on_a_terminal_what_is_read_is_shown_while_it_is_read(
    recorded: RecordedGateway, fetch: Fetch
) -> None:
    filled(recorded)
    recorded.delay_s = 0.02
    ours, theirs = pty.openpty()
    process = started(fetch, stderr=theirs, env={"TERM": "xterm", "COLUMNS": "100"})
    os.close(theirs)
    shown = b""
    # Reading a terminal that nobody writes to any more is an error.
    with suppress(OSError):
        while piece := os.read(ours, 65_536):
            shown += piece
    os.close(ours)
    assert exit_code(process) == 0
    counts = re.findall(r"default · transactions [0-9-]+ · 30 · (\d+) / 12", shown.decode())
    assert len(set(counts)) > 1, shown
    assert KEY.encode() not in shown


@pytest.mark.slow
def test_a_day_that_does_not_fit_on_the_disk_is_told_and_the_others_are_fetched(
    recorded: RecordedGateway, fetch: Fetch
) -> None:
    """The kernel refuses to let a file grow further, as it does when the disk is full."""
    filled(recorded)
    recorded.transactions += transactions_of("2025-04-28", 2_000, first=100_000)
    process = started(fetch, "--what", "transactions", file_bytes=200_000)
    out, _ = process.communicate(timeout=100)
    assert process.returncode == 1
    (shop,) = json.loads(out)["shops"]
    assert [(one["day"], one["code"]) for one in shop["problems"]] == [("2025-04-28", "NOT_WRITTEN")]
    assert shop["transactions"]["rows"] == 3 * 30
    assert [path.name for path in fetch.into.rglob(".*") if path.name != ".lock"] == []
    process = started(fetch, "--what", "transactions")
    out, _ = process.communicate(timeout=100)
    (shop,) = json.loads(out)["shops"]
    assert (shop["transactions"]["read"], shop["transactions"]["rows"]) == (1, 4 * 30 + 2_000)


@pytest.mark.slow
def test_a_second_run_at_the_same_time_is_refused(recorded: RecordedGateway, fetch: Fetch) -> None:
    filled(recorded)
    recorded.delay_s = 0.05
    process = started(fetch)
    lock = fetch.into / "default" / "manifest.json"
    while not lock.exists() and process.poll() is None:
        time.sleep(0.01)
    (shop,) = fetch.json(exits=1)["shops"]
    assert [one["code"] for one in shop["problems"]] == ["FOLDER_BUSY"]
    process.kill()
    process.communicate(timeout=20)
