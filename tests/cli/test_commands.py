"""Every command with --json: one object on standard output, refusals on standard error, exit codes."""

import json
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app

MID = "tshop00001"


@dataclass
class Command:
    """Runs `jeongsan … --database URL --json` in this process."""

    database: str

    def __call__(self, *arguments: str, exits: int = 0) -> dict[str, Any]:
        """The object it printed: the result, or with `exits` above 0 the refusal."""
        result = CliRunner().invoke(app, [*arguments, "--database", self.database, "--json"])
        assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
        printed: dict[str, Any] = json.loads(result.stderr if exits else result.stdout)
        return printed


@pytest.fixture
def command(database_url: str) -> Command:
    return Command(database_url)


@pytest.fixture
def jeongsan(command: Command) -> Command:
    """A database with one shop, its clock far in the past of the machine's."""
    command("shop", "create", MID, "--rate", "3.2", "--business-days", "6")
    command("clock", "set", "2025-03-13T13:00:00+09:00")
    return command


def test_migrate_names_the_revision_and_may_be_repeated(command: Command) -> None:
    first = command("migrate")
    assert first["revision"]
    assert command("migrate") == first


def test_a_created_shop_prints_its_keys_once_and_its_terms(command: Command) -> None:
    made = command("shop", "create", MID, "--rate", "3.6", "--cycle", "weekly", "--anchor", "roll")
    keys = made.pop("secretKeys")
    assert {mode: key[:8] for mode, key in keys.items()} == {"test": "test_sk_", "live": "live_sk_"}
    assert made["mId"] == MID
    assert (made["live"]["rate"], made["live"]["cycle"], made["live"]["anchor"]) == ("3.6", "weekly", "roll")
    shown = command("shop", "show", MID)
    assert shown == made
    assert "secretKeys" not in shown


def test_a_shop_is_changed_in_both_modes_and_keeps_the_rest(jeongsan: Command) -> None:
    before = jeongsan("shop", "show", MID)
    after = jeongsan("shop", "set", MID, "--business-days", "2", "--settle-test-payments")
    for mode in ("test", "live"):
        assert after[mode] == before[mode] | {"businessDays": 2, "payout": "D+2", "settleTestPayments": True}
    assert jeongsan("shop", "show", MID) == after
    assert jeongsan("shop", "set", MID, "--no-settle-test-payments")["live"]["settleTestPayments"] is False


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "tnobody001"), "NOT_FOUND_MERCHANT"),
        (("set", "tnobody001", "--rate", "1"), "NOT_FOUND_MERCHANT"),
        (("set", MID, "--rate", "three"), "INVALID_TERMS"),
        (("set", MID, "--rate", "101"), "INVALID_TERMS"),
        (("set", MID, "--rate", "NaN"), "INVALID_TERMS"),
        (("set", MID, "--business-days", "0"), "INVALID_TERMS"),
        (("set", MID, "--business-days", "61"), "INVALID_TERMS"),
        (("create", MID), "INVALID_REQUEST"),
        (("create", "four"), "INVALID_REQUEST"),
        (("create", "fifteen_letters"), "INVALID_REQUEST"),
        (("create", "상점아이디입"), "INVALID_REQUEST"),
    ],
    ids=str,
)
def test_a_shop_that_cannot_be_is_refused_and_changes_nothing(
    jeongsan: Command, arguments: tuple[str, ...], code: str
) -> None:
    before = jeongsan("shop", "show", MID)
    refused = jeongsan("shop", *arguments, exits=1)
    assert refused["code"] == code
    assert refused["message"]
    assert jeongsan("shop", "show", MID) == before


def test_a_shop_whose_terms_are_refused_is_not_created_either(jeongsan: Command) -> None:
    assert (
        jeongsan("shop", "create", "tnew000001", "--business-days", "0", exits=1)["code"] == "INVALID_TERMS"
    )
    assert jeongsan("shop", "show", "tnew000001", exits=1)["code"] == "NOT_FOUND_MERCHANT"


def test_the_clock_is_shown_set_and_advanced(jeongsan: Command) -> None:
    assert jeongsan("clock", "show")["now"].startswith("2025-03-13T13:00:")
    moved = jeongsan("clock", "advance", "P3D")
    assert moved["now"].startswith("2025-03-16T13:00:")
    assert (moved["done"], moved["pending"], moved["ran"]) == (True, 0, {"day_close": 3})
    assert jeongsan("clock", "advance", "--business-days", "2")["now"].startswith("2025-03-18T13:00:")
    assert jeongsan("clock", "set", "2025-04-01")["now"].startswith("2025-04-01T00:00:0")
    assert jeongsan("clock", "show")["closedThrough"] == "2025-03-31"


@pytest.mark.parametrize(
    "arguments",
    [
        ("set", "soon"),
        ("set", "2099-01-01"),
        ("advance",),
        ("advance", "3D"),
        ("advance", "P1D", "--business-days", "1"),
        ("advance", "--business-days", "0"),
    ],
    ids=str,
)
def test_a_move_that_cannot_be_meant_is_refused(jeongsan: Command, arguments: tuple[str, ...]) -> None:
    assert jeongsan("clock", *arguments, exits=1)["code"] == "INVALID_REQUEST"
    assert jeongsan("clock", "show")["now"].startswith("2025-03-13T13:00:")


def test_an_added_holiday_moves_payout_dates_and_a_worked_one_moves_them_back(jeongsan: Command) -> None:
    def paid_out() -> str:
        found = jeongsan("calendar", "payout-date", "2025-04-25", "--business-days", "6")
        assert found["steps"][-1] == {"date": found["paidOutDate"], "businessDay": 6}
        return str(found["paidOutDate"])

    assert paid_out() == "2025-05-08"
    added = jeongsan("calendar", "add", "2025-05-07", "--name", "임시공휴일", "--source", "관보")
    assert added == {
        "version": 1,
        "source": "관보",
        "changes": [{"date": "2025-05-07", "holiday": "임시공휴일"}],
        "redating": {"done": True, "movedRows": 0, "moves": []},
    }
    assert paid_out() == "2025-05-09"
    jeongsan("calendar", "add", "2025-05-07", "--business-day")
    assert paid_out() == "2025-05-08"
    jeongsan("calendar", "add", "2025-05-01", "--business-day")
    assert paid_out() == "2025-05-07"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "2025-05-07"), "INVALID_REQUEST"),
        (("add", "2025-05-07", "--name", "x", "--business-day"), "INVALID_REQUEST"),
        (("add", "2025-02-30", "--name", "x"), "INVALID_DATE"),
        (("add", "20250507", "--name", "x"), "INVALID_DATE"),
        (("payout-date", "tomorrow", "--business-days", "6"), "INVALID_DATE"),
        (("payout-date", "2025-W18-3", "--business-days", "6"), "INVALID_DATE"),
        (("payout-date", "2025-04-25", "--business-days", "-1"), "INVALID_REQUEST"),
        (("payout-date", "2025-04-25", "--business-days", "99999999"), "INVALID_REQUEST"),
        (("payout-date", "9999-12-31", "--business-days", "6"), "INVALID_REQUEST"),
        (("payout-date", "2025-04-25", "--calendar-days", "61"), "INVALID_REQUEST"),
        (("payout-date", "2025-04-25", "--business-days", "1", "--holiday", "after"), "INVALID_REQUEST"),
        (("payout-date", "2025-04-25", "--month-ends", "1", "--anchor", "roll"), "INVALID_REQUEST"),
    ],
    ids=str,
)
def test_a_calendar_question_that_cannot_be_meant_is_refused(
    jeongsan: Command, arguments: tuple[str, ...], code: str
) -> None:
    assert jeongsan("calendar", *arguments, exits=1)["code"] == code


def alone(*arguments: str, exits: int = 0) -> dict[str, Any]:
    """A command that needs no database."""
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
    printed: dict[str, Any] = json.loads(result.stderr if exits else result.stdout)
    return printed


def test_the_payout_date_of_the_help_thread_with_its_steps() -> None:
    found = alone("calendar", "payout-date", "2025-04-25", "--business-days", "6")
    assert (found["soldDate"], found["paidOutDate"]) == ("2025-04-25", "2025-05-08")
    assert [step["date"][5:] for step in found["steps"] if "closed" in step] == [
        "04-26", "04-27", "05-01", "05-03", "05-04", "05-05", "05-06",
    ]  # fmt: skip
    assert [step["date"][5:] for step in found["steps"] if "businessDay" in step] == [
        "04-28", "04-29", "04-30", "05-02", "05-07", "05-08",
    ]  # fmt: skip


def test_anchor_and_cycle_count_from_where_they_say() -> None:
    sunday = ("calendar", "payout-date", "2025-02-09", "--business-days")
    assert alone(*sunday, "4")["paidOutDate"] == "2025-02-13"
    assert alone(*sunday, "3", "--anchor", "roll")["paidOutDate"] == "2025-02-13"
    weekly = alone("calendar", "payout-date", "2025-03-13", "--business-days", "6", "--cycle", "weekly")
    assert (weekly["soldDate"], weekly["paidOutDate"]) == ("2025-03-16", "2025-03-24")


def test_a_fee_is_split_as_a_row_would_split_it() -> None:
    assert alone("settle", "fee", "1600", "--rate", "3.6") == {
        "fee": 63,
        "supplyAmount": 57,
        "vat": 6,
        "payOutAmount": 1537,
    }
    assert alone("settle", "fee", "15000", "--rate", "3.2")["fee"] == 528
    assert alone("settle", "fee", "0", "--rate", "3.2")["payOutAmount"] == 0
    assert alone("settle", "fee", "544.68", "--rate", "3.2", "--currency", "USD")["fee"] == 19.16


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("-1", "--rate", "3.6"), None),
        (("1600.5", "--rate", "3.6"), "INVALID_REQUEST"),
        (("lots", "--rate", "3.6"), "INVALID_REQUEST"),
        (("NaN", "--rate", "3.6"), "INVALID_REQUEST"),
        (("1e400", "--rate", "3.6"), "INVALID_REQUEST"),
        (("1600", "--rate", "3.6", "--currency", "EUR"), "INVALID_REQUEST"),
        (("1600", "--rate", "low"), "INVALID_TERMS"),
        (("1600", "--rate", "-1"), "INVALID_TERMS"),
        (("1600", "--rate", "101"), "INVALID_TERMS"),
    ],
    ids=str,
)
def test_a_fee_of_nothing_that_is_money_is_refused(arguments: tuple[str, ...], code: str | None) -> None:
    if code is None:  # a leading dash is read as an option
        assert CliRunner().invoke(app, ["settle", "fee", *arguments, "--json"]).exit_code == 2
    else:
        assert alone("settle", "fee", *arguments, exits=1)["code"] == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("clock", "show", "--no-such-option"),
        ("shop", "set"),
        ("shop", "set", MID, "--cycle", "yearly"),
        ("cancel", "some-key"),
        ("cancel", "some-key", "--channel", "api"),
        ("cancel", "some-key", "--channel", "network-cancel"),
        ("settle", "fee", "1600"),
        ("settle", "fee", "1600", "--rate", "3.6", "--rounding", "C"),
        ("calendar", "payout-date", "2025-04-25"),
        ("calendar", "payout-date", "2025-04-25", "--business-days", "six"),
        ("calendar", "payout-date", "2025-04-25", "--business-days", "6", "--month-ends", "1"),
        ("calendar", "payout-date", "2025-04-25", "--calendar-days", "1", "--holiday", "never"),
        ("serve", "--mode", "staging"),
        ("serve", "--port", "http"),
    ],
    ids=" ".join,
)
def test_an_option_that_does_not_exist_exits_with_2(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--clock", "soon"),
        ("--network", "carrier-pigeon"),
        ("--network-faults", "during=1"),
        ("--network-faults", "before=x"),
    ],
    ids=" ".join,
)
def test_a_server_that_is_told_nonsense_does_not_start(arguments: tuple[str, ...]) -> None:
    refused = alone("serve", "--ephemeral", "--port", "0", *arguments, exits=2)
    assert refused["code"] == "INVALID_OPTION"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://localhost/x", "INVALID_DATABASE"),
        ("sqlite:///", "INVALID_DATABASE"),
        ("jeongsan.db", "INVALID_DATABASE"),
    ],
)
def test_a_database_that_cannot_be_used_exits_with_2(url: str, code: str) -> None:
    for arguments in (("migrate",), ("clock", "show"), ("shop", "show", MID)):
        assert alone(*arguments, "--database", url, exits=2)["code"] == code


@pytest.mark.slow
def test_the_program_speaks_json_and_sets_the_exit_code_as_a_process_of_its_own() -> None:
    program = [sys.executable, "-m", "jeongsan"]
    asked = [*program, "settle", "fee", "1600", "--rate"]
    done = subprocess.run([*asked, "3.6", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["fee"] == 63
    refused = subprocess.run([*asked, "low", "--json"], capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert json.loads(refused.stderr)["code"] == "INVALID_TERMS"


def test_people_get_lines_instead_of_json(command: Command) -> None:
    result = CliRunner().invoke(app, ["settle", "fee", "1600", "--rate", "3.6"])
    assert result.stdout.split("\n")[0].split() == ["fee", "63"]
    result = CliRunner().invoke(app, ["calendar", "payout-date", "2025-04-25", "--business-days", "6"])
    assert result.stdout.rstrip().endswith("sold 2025-04-25, paid out 2025-05-08")
    result = CliRunner().invoke(app, ["shop", "show", MID, "--database", command.database])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("NOT_FOUND_MERCHANT: ")


def test_a_payout_date_is_explained_in_english_when_asked() -> None:
    asked = ["calendar", "payout-date", "2025-04-25", "--business-days", "4", "--lang"]
    found = CliRunner().invoke(app, [*asked, "en"])
    assert "2025-04-26  weekend\n" in found.output
    assert not any("가" <= character <= "힣" for character in found.output)
    assert CliRunner().invoke(app, [*asked, "fr"]).exit_code == 2


@pytest.mark.parametrize(
    "question",
    [
        ("trace", "order-0001"),
        ("explain", "?startDate=2025-03-13&endDate=2025-03-13"),
        ("parity", "order-0001"),
        ("cancel", "tjeon20250313130000enNLQ", "--channel", "merchant-admin"),
    ],
)
def test_a_question_does_not_make_a_database(tmp_path: Path, question: tuple[str, ...]) -> None:
    missing = tmp_path / "elsewhere.db"
    refused = Command(f"sqlite:///{missing}")(*question, exits=2)
    assert refused["code"] == "NO_DATABASE"
    assert str(missing) in refused["message"]
    assert not missing.exists()


def test_an_address_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = ["serve", "--port", port, "--database", f"sqlite:///{tmp_path}/new.db"]
        refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"CANNOT_LISTEN: 127.0.0.1:{port}: ")
    assert len(refused.stderr.splitlines()) == 1
