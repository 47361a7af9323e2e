"""`jeongsan contract`: a clerk checks, applies and sees back a file; a bad one changes nothing."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.wire.contract_document import contract_from, contract_from_text
from jeongsan.wire.contract_text import toml_text
from jeongsan.wire.contract_view import document_of
from support.contracts import a_document

MID = "tshop00001"


@dataclass
class Contracts:
    """Runs `jeongsan contract …` in this process, with a file of the test's own."""

    database: str
    folder: Path

    def file(self, document: Any, name: str = "contract.json") -> str:
        path = self.folder / name
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)

    def run(self, *arguments: str, exits: int = 0, **options: Any) -> Result:
        database = () if arguments[0] in ("check", "lists") else ("--database", self.database)
        result = CliRunner().invoke(app, ["contract", *arguments, *database], **options)
        assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
        return result

    def json(self, *arguments: str, exits: int = 0) -> Any:
        result = self.run(*arguments, "--json", exits=exits)
        return json.loads(result.stderr if exits else result.stdout)


@pytest.fixture
def contracts(database_url: str, tmp_path: Path) -> Contracts:
    """A database with one shop, its clock at 2025-03-13."""
    for arguments in (["shop", "create", MID], ["clock", "set", "2025-03-13T13:00:00+09:00"]):
        made = CliRunner().invoke(app, [*arguments, "--database", database_url])
        assert made.exit_code == 0, made.output
    return Contracts(database_url, tmp_path)


def test_a_file_is_checked_without_a_database_and_says_what_it_puts_in_force(tmp_path: Path) -> None:
    alone = Contracts("sqlite:///nowhere/at/all.db", tmp_path)
    checked = alone.json("check", alone.file(a_document()), "--at", "2025-03-13")
    assert checked["valid"] is True
    assert contract_from(checked["contract"]) == contract_from(a_document())
    assert [one["from"] for one in checked["later"]] == ["2025-07-01"]
    shown = alone.run("check", alone.file(a_document()), "--at", "2025-03-13").stdout
    assert "2025-03-13 기준 · 등급 영세 · 계약서 2025-03, 부속합의 2" in shown
    assert "가상계좌" in shown
    english = alone.run("check", alone.file(a_document()), "--at", "2025-03-13", "--lang", "en").stdout
    assert "virtual account" in english
    assert "카드" not in english


def test_today_is_the_day_that_is_checked_by_default(tmp_path: Path) -> None:
    alone = Contracts("", tmp_path)
    document = {
        "terms": [
            {"method": "CARD", "from": "2100-01-01", "rate": "3", "payout": {"businessDays": 1}},
        ]
    }
    shown = alone.run("check", alone.file(document)).stdout
    assert "적용할 수 없습니다" in shown
    assert alone.json("check", alone.file(document))["inForce"] == []


def test_toml_is_read_from_standard_input_too(tmp_path: Path) -> None:
    toml = toml_text(document_of(contract_from(a_document())))
    result = Contracts("", tmp_path).run("check", "-", "--json", input=toml)
    assert contract_from(json.loads(result.stdout)["contract"]) == contract_from(a_document())


def test_every_problem_of_a_file_is_listed_by_its_path(tmp_path: Path) -> None:
    alone = Contracts("", tmp_path)
    document = a_document()
    document["terms"][0]["payout"]["businessDays"] = 0
    document["terms"][2]["rates"] = "4.5"
    refused = alone.json("check", alone.file(document), exits=1)
    assert refused["code"] == "INVALID_TERMS"
    assert refused["message"] == "terms[0].payout.businessDays: must be between 1 and 60"
    assert [one["field"] for one in refused["problems"]] == ["terms[0].payout.businessDays", "terms[2].rates"]
    lines = alone.run("check", alone.file(document), exits=1).stderr.splitlines()
    assert [line.split(": ")[-2].split()[-1] for line in lines] == [
        "terms[0].payout.businessDays",
        "terms[2].rates",
    ]


def test_a_clerk_reads_the_problems_in_korean_and_a_program_their_codes(contracts: Contracts) -> None:
    document = a_document()
    document["terms"][0]["payout"]["businessDays"] = 0
    document["terms"][1]["from"] = "2025-07-03"
    file = contracts.file(document)
    for command in (("check", file), ("apply", MID, file), ("apply", MID, file, "--preview")):
        assert contracts.run(*command, exits=1).stderr.splitlines() == [
            "INVALID_TERMS: terms[0].payout.businessDays: 1에서 60 사이여야 합니다",
            f"{' ' * 15}terms[1].from: terms[0] 다음에 비는 날이 있습니다: 2025-07-01 ~ 2025-07-02",
        ]
    english = contracts.run("check", file, "--lang", "en", exits=1).stderr
    assert "leaves days without an entry after terms[0]: 2025-07-01 ~ 2025-07-02" in english
    assert contracts.json("check", file, exits=1)["problems"] == [
        {
            "field": "terms[0].payout.businessDays",
            "code": "NOT_WITHIN",
            "detail": "must be between 1 and 60",
        },
        {
            "field": "terms[1].from",
            "code": "GAP",
            "detail": "leaves days without an entry after terms[0]: 2025-07-01 ~ 2025-07-02",
        },
    ]
    refused = contracts.run("apply", MID, "--price-list", "nobody", exits=1).stderr
    assert "priceList: 다음 가운데 하나여야 합니다: tosspayments, " in refused


def test_an_applied_contract_is_shown_as_it_was_stated_in_both_formats(contracts: Contracts) -> None:
    stated = contract_from(a_document())
    applied = contracts.json("apply", MID, contracts.file(a_document()), "--actor", "김정산")
    assert applied["applied"] is True
    shown = contracts.json("show", MID)
    assert contract_from(shown["contract"]) == stated
    assert (shown["at"], shown["grade"]) == ("2025-03-13", "small")
    toml = contracts.run("show", MID, "--toml").stdout
    assert contract_from_text(toml.encode()) == stated
    contracts.run("apply", MID, contracts.file(toml, "again.toml"))
    assert len(contracts.json("history", MID)["versions"]) == 2, "the same contract is no new version"


def test_a_preview_shows_the_difference_and_changes_nothing(contracts: Contracts) -> None:
    before = contracts.json("show", MID), contracts.json("history", MID)
    document = document_of(published_contract("tosspayments"))
    document["terms"][0]["rate"]["general"] = "3"
    preview = contracts.json("apply", MID, contracts.file(document), "--preview")
    assert preview["applied"] is False
    (change,) = preview["changes"]
    assert (change["method"], change["card"], change["from"], change["until"]) == (
        "CARD",
        None,
        "2025-03-13",
        None,
    )
    assert (change["old"]["rate"], change["new"]["rate"]) == ("3.2", "3")
    words = contracts.run("apply", MID, contracts.file(document), "--preview").stdout
    assert "3.2% (VAT 별도) → 3% (VAT 별도)" in words
    assert "적용하지 않았습니다" in words
    assert (contracts.json("show", MID), contracts.json("history", MID)) == before
    assert contracts.json("apply", MID, contracts.file(document))["changes"] == [change]
    assert contracts.json("apply", MID, contracts.file(document))["changes"] == []


@pytest.mark.parametrize("name", PRICE_LISTS)
def test_a_published_list_is_applied_by_its_name(contracts: Contracts, name: str) -> None:
    contracts.run("apply", MID, "--price-list", name)
    assert contracts.json("show", MID)["contract"] == document_of(published_contract(name))


def test_the_terms_of_another_day_can_be_looked_at(contracts: Contracts) -> None:
    contracts.run("apply", MID, contracts.file(a_document()))
    later = contracts.json("show", MID, "--at", "2025-09-01")
    assert (later["at"], later["grade"], later["later"]) == ("2025-09-01", "medium1", [])
    assert "2.9%" in contracts.run("show", MID, "--at", "2025-09-01").stdout


def test_a_grade_is_a_new_version_from_its_day_on(contracts: Contracts) -> None:
    changed = contracts.json("grade", MID, "영세", "--from", "2025-08-14", "--actor", "김정산")
    (change,) = changed["changes"]
    assert (change["from"], change["old"]["rate"], change["new"]["rate"]) == ("2025-08-14", "3.2", "1.65")
    assert changed["retroactive"] is False
    shown = contracts.json("show", MID)
    assert shown["contract"]["grades"] == [{"from": "2025-08-14", "grade": "small"}]
    assert shown["grade"] == "general"
    contracts.run("grade", MID, "medium1", "--from", "2025-08-14")
    assert contracts.json("show", MID)["contract"]["grades"] == [{"from": "2025-08-14", "grade": "medium1"}]
    assert [one["actor"] for one in contracts.json("history", MID)["versions"]] == [
        "jeongsan",
        "김정산",
        "operator",
    ]


def test_a_grade_may_begin_in_the_past_and_says_what_that_means(contracts: Contracts) -> None:
    changed = contracts.json("grade", MID, "small", "--from", "2025-02-14")
    assert changed["retroactive"] is True
    assert contracts.json("show", MID)["grade"] == "small"
    words = contracts.run("grade", MID, "medium1", "--from", "2025-02-14").stdout
    assert "환급 대상" in words
    assert "1.65% (VAT 별도) → 2.25% (VAT 별도)" in words


def test_the_history_tells_when_who_and_from_what(contracts: Contracts) -> None:
    contracts.run("apply", MID, contracts.file(a_document()), "--actor", "김정산")
    first, second = contracts.json("history", MID)["versions"]
    assert contract_from(first["contract"]) == published_contract("tosspayments")
    assert (second["actor"], second["at"][:10]) == ("김정산", "2025-03-13")
    assert second["contract"]["source"] == "계약서 2025-03, 부속합의 2"
    words = contracts.run("history", MID).stdout
    assert "김정산" in words
    assert "2025-02-14 영세" in words


def test_the_published_lists_are_a_table_with_their_sources() -> None:
    result = CliRunner().invoke(app, ["contract", "lists", "--json"])
    lists = {one["name"]: one for one in json.loads(result.stdout)["priceLists"]}
    assert set(lists) == set(PRICE_LISTS)
    assert lists["tosspayments"]["card"]["medium3"] == "2.65"
    assert lists["tosspayments"]["escrow"] == {"rate": "0.2", "virtualAccount": 200}
    assert lists["nice"]["mobilePhone"] is None
    assert all(one["source"] for one in lists.values())
    words = CliRunner().invoke(app, ["contract", "lists"]).stdout
    assert "토스페이먼츠" in words
    assert "2.65%" in words


Arguments = Callable[[Contracts], tuple[str, ...]]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        (lambda c: ("apply", MID, c.file({"terms": []})), "INVALID_TERMS", "terms"),
        (lambda c: ("apply", MID, c.file({"terms": []}), "--preview"), "INVALID_TERMS", "terms"),
        (lambda c: ("apply", MID, "--price-list", "nobody"), "INVALID_TERMS", "priceList"),
        (lambda c: ("apply", MID), "INVALID_REQUEST", "price-list"),
        (
            lambda c: ("apply", MID, c.file(a_document()), "--price-list", "kcp"),
            "INVALID_REQUEST",
            "price-list",
        ),
        (lambda c: ("apply", MID, c.file(a_document()), "--actor", " "), "INVALID_REQUEST", "actor"),
        (lambda c: ("apply", MID, c.file(a_document()), "--actor", "x" * 41), "INVALID_REQUEST", "actor"),
        (lambda c: ("apply", "tnobody001", c.file(a_document())), "NOT_FOUND_MERCHANT", ""),
        (lambda c: ("grade", MID, "tiny", "--from", "2025-02-14"), "INVALID_REQUEST", "grade"),
        (lambda c: ("grade", MID, "small", "--from", "14.2.2025"), "INVALID_DATE", "from"),
        (lambda c: ("grade", MID, "small", "--from", "1999-02-14"), "INVALID_TERMS", "grades[0].from"),
        (lambda c: ("grade", "tnobody001", "small", "--from", "2025-02-14"), "NOT_FOUND_MERCHANT", ""),
        (lambda c: ("show", "tnobody001"), "NOT_FOUND_MERCHANT", ""),
        (lambda c: ("show", MID, "--at", "today"), "INVALID_DATE", "at"),
        (lambda c: ("history", "tnobody001"), "NOT_FOUND_MERCHANT", ""),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_changes_nothing(
    contracts: Contracts, arguments: Arguments, code: str, field: str
) -> None:
    before = contracts.json("show", MID), contracts.json("history", MID)
    refused = contracts.json(*arguments(contracts), exits=1)
    assert refused["code"] == code
    assert field in refused["message"]
    assert (contracts.json("show", MID), contracts.json("history", MID)) == before


def test_a_contract_that_is_not_in_force_yet_is_not_applied_nor_previewed(contracts: Contracts) -> None:
    document = {
        "terms": [{"method": "CARD", "from": "2025-03-14", "rate": "3", "payout": {"businessDays": 1}}]
    }
    for option in ((), ("--preview",)):
        refused = contracts.json("apply", MID, contracts.file(document), *option, exits=1)
        assert refused["message"] == "terms: has no entry for cards that is in force on 2025-03-13"


def test_a_question_makes_no_database(tmp_path: Path) -> None:
    nowhere = tmp_path / "none.db"
    for arguments in (("show", MID), ("history", MID), ("apply", MID, "--price-list", "kcp")):
        result = CliRunner().invoke(
            app, ["contract", *arguments, "--database", f"sqlite:///{nowhere}", "--json"]
        )
        assert (result.exit_code, json.loads(result.stderr)["code"]) == (2, "NO_DATABASE")
    assert not nowhere.exists()
