"""`jeongsan settle learn`: files, standard input and gateways, ours and one in recorded shapes."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.histories import Contract, history
from support.recorded_gateway import KEY, open_recorded_gateway

ROWS = history(Contract())


def run(*arguments: str, exits: int, key: str | None = None, given: bytes | None = None) -> str:
    """What it printed; exit code 2 without anything learned prints to standard error."""
    runner = CliRunner(env={"JEONGSAN_SECRET_KEY": key})
    result = runner.invoke(app, ["settle", "learn", *arguments], input=given)
    assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
    assert key is None or key not in result.output
    return result.stdout or result.stderr


def written(folder: Path, name: str, rows: list[dict[str, Any]]) -> str:
    path = folder / name
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_several_files_are_one_history(tmp_path: Path) -> None:
    files = [written(tmp_path, "1.json", ROWS[:90]), written(tmp_path, "2.json", ROWS[60:])]
    whole = written(tmp_path, "all.json", ROWS)
    parts, all_rows = (json.loads(run(*names, "--json", exits=0)) for names in (files, [whole]))
    assert parts.pop("repeated") == 30
    assert all_rows.pop("repeated") == 0
    assert parts == all_rows


def test_standard_input_is_a_history_too() -> None:
    shown = run("-", "--lang", "en", exits=0, given=json.dumps(ROWS).encode())
    assert "Card  3.2 % (VAT excluded), rounding B, 120/120 · daily" in shown


def test_a_problem_is_shown_and_is_exit_code_1(tmp_path: Path) -> None:
    name = written(tmp_path, "rows.json", [*ROWS, {"soldDate": "soon"}])
    assert "rows.json:157 soldDate" in run(name, exits=1)


def test_nothing_readable_is_exit_code_2(tmp_path: Path) -> None:
    assert "none.json" in run(str(tmp_path / "none.json"), exits=2)


def test_a_gateway_is_read_with_the_key_of_the_environment() -> None:
    with open_recorded_gateway() as gateway:
        gateway.settlements = [row for row in ROWS if "2025-01-02" <= row["soldDate"] <= "2025-02-20"]
        days = ("--from", "2025-01-02", "--to", "2025-02-20")
        found = json.loads(run("--address", gateway.url, *days, "--json", exits=0, key=KEY))
        methods = {method for method, _, _ in gateway.requests}
    assert found["contract"]["terms"][0]["payout"] == {"businessDays": 6, "anchor": "exclusive"}
    assert found["rows"] == len(gateway.settlements)
    assert methods == {"GET"}


def test_the_document_alone_is_what_contract_check_reads(tmp_path: Path) -> None:
    """What it leaves out is in it as a comment."""
    rows = ROWS + history(Contract(card="미확인", rate="4.5"), seed=2, sales=50)
    shown = run(written(tmp_path, "rows.json", rows), "--toml", "--lang", "en", exits=0)
    assert shown.startswith("# Card(credit): has the most rows")
    assert "\n# Card(unknown): unknown cards are left out" in shown
    checked = CliRunner().invoke(app, ["contract", "check", "-", "--json"], input=shown)
    assert checked.exit_code == 0, checked.output
    assert [one["rate"] for one in json.loads(checked.stdout)["contract"]["terms"]] == ["3.2"]


def test_what_makes_no_document_says_why_and_is_exit_code_1(tmp_path: Path) -> None:
    name = written(tmp_path, "rows.json", history(Contract(method="계좌이체", card=None)))
    assert run(name, "--toml", "--lang", "en", exits=1) == (
        "NO_CONTRACT: none: a contract needs an entry for cards, and none was learned\n"
    )
    assert "NO_CONTRACT" in run(written(tmp_path, "none.json", []), "--toml", exits=2)


def test_a_document_of_rows_that_were_not_all_read_says_so_beside_it(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["settle", "learn", written(tmp_path, "rows.json", [*ROWS, {"soldDate": "soon"}]), "--toml"]
    )
    assert result.exit_code == 1
    assert "rows.json:157 soldDate" in result.stderr
    assert result.stdout.startswith("source = ")


def test_of_several_shops_one_is_learned_by_its_mid(tmp_path: Path) -> None:
    other = [row | {"mId": "other"} for row in history(Contract(rate="2.5"), seed=2)]
    name = written(tmp_path, "rows.json", ROWS + other)
    assert "other, tjeongsan" in run(name, "--toml", exits=1)
    assert 'rate = "2.5"' in run(name, "--toml", "--mid", "other", exits=0)
    assert json.loads(run(name, "--mid", "tjeongsan", "--json", exits=0))["rows"] == len(ROWS)


@pytest.mark.parametrize(
    ("arguments", "key", "says"),
    [
        ((), None, "NOTHING_TO_READ"),
        (("--from", "2025-01-01"), KEY, "INVALID_OPTION"),
        (("--address", "http://127.0.0.1:1"), KEY, "INVALID_OPTION"),
        (("--address", "http://127.0.0.1:1", "--from", "x", "--to", "2025-01-01"), KEY, "INVALID_OPTION"),
        (
            ("--address", "http://127.0.0.1:1", "--from", "2025-01-01", "--to", "2025-01-01"),
            None,
            "NO_SECRET_KEY",
        ),
        (
            ("--address", "http://shop.example", "--from", "2025-01-01", "--to", "2025-01-01"),
            KEY,
            "INVALID_ADDRESS",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(arguments: tuple[str, ...], key: str | None, says: str) -> None:
    assert says in run(*arguments, exits=2, key=key)
    assert json.loads(run(*arguments, "--json", exits=2, key=key))["code"] == says
