"""`jeongsan decode`: what keys say by themselves."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app

SECRET = "live_sk_zXLkKEypNArWmo50nX3lmeaxYG5R"


def decoded(*keys: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["decode", *keys, "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(result.stdout)["keys"]
    return found


def test_keys_come_back_in_their_order_with_what_they_say() -> None:
    transaction, payment, unknown = decoded(
        "txrd_a01jsnb7kckzdbyzg7jjy0har1r", "kbsi_20250313133339UOZE2", "무엇"
    )
    assert (transaction["kind"], transaction["time"], transaction["precision"]) == (
        "transactionKey", "2025-04-25T11:08:10.643+09:00", "millisecond",
    )  # fmt: skip
    assert (payment["kind"], payment["time"], payment["precision"]) == (
        "paymentKey", "2025-03-13T13:33:39+09:00", "second",
    )  # fmt: skip
    assert payment["parts"] == {"midBegin": "kbsi_", "suffix": "UOZE2"}
    assert (unknown["kind"], unknown["time"], unknown["problem"]) == ("unknown", None, None)


def test_an_impossible_date_is_a_row_and_no_failure() -> None:
    (found,) = decoded("kbsi_20251332133339UOZE2")
    assert (found["kind"], found["time"]) == ("paymentKey", None)
    assert "20251332133339" in found["problem"]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_secret_key_is_not_printed_back(options: list[str]) -> None:
    result = CliRunner().invoke(app, ["decode", SECRET, *options])
    assert result.exit_code == 0
    assert "live_sk_…" in result.output
    assert SECRET[8:] not in result.output


def test_people_get_a_line_for_each_thing_a_key_says() -> None:
    result = CliRunner().invoke(app, ["decode", "txrd_a01jsnb7kckzdbyzg7jjy0har1r"])
    assert result.stdout.splitlines() == [
        "txrd_a01jsnb7kckzdbyzg7jjy0har1r",
        "  kind  transactionKey",
        "  time  2025-04-25T11:08:10.643+09:00 (KST, to the millisecond)",
        "  note  the rest is 80 random bits",
    ]


def test_without_a_key_there_is_nothing_to_decode() -> None:
    assert CliRunner().invoke(app, ["decode"]).exit_code == 2
