"""`jeongsan contract price`: one payment under a file or a published list, without a database."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from jeongsan.cli.main import app
from support.contracts import a_document


def price(*arguments: str, exits: int = 0, **options: Any) -> Result:
    result = CliRunner().invoke(app, ["contract", "price", *arguments], **options)
    assert result.exit_code == exits, (result.stdout, result.stderr, result.exception)
    return result


def priced(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(price(*arguments, "--json").stdout)
    return found


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The document with every setting."""
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(a_document()), encoding="utf-8")
    return str(path)


def test_a_payment_is_priced_line_by_line_with_its_days(file: str) -> None:
    view = priced(file, "10030", "--at", "2025-02-13", "--key-in", "--cancel", "3000")
    assert view["source"] == "계약서 2025-03, 부속합의 2"
    assert view["terms"]["grade"] == "general"
    assert [(line["type"], line["fee"]) for line in view["approval"]["lines"]] == [
        ("BASE", 352),
        ("ETC", 113),
    ]
    assert (view["approval"]["fee"], view["approval"]["payOutAmount"]) == (465, 9_565)
    assert view["approval"]["dates"]["soldDate"] == "2025-02-13"
    assert view["approval"]["dates"]["paidOutDate"] == "2025-02-19"
    assert view["cancel"]["amount"] == -3_000
    lines = price(file, "10030", "--at", "2025-02-13", "--cancel", "3000").stdout
    assert "10,030 × 3.2% = 320.96 → 320 (절사) · 320 × 10% = 32 · 320 + 32 = 352" in lines
    assert "정산 지급일 paidOutDate: 2025-02-19 (D+4: " in lines
    english = price(file, "10030", "--at", "2025-02-13", "--cancel", "3000", "--lang", "en").stdout
    assert "payOutAmount: 10,030 − 462 = 9,568" in english


def test_the_grade_of_the_day_sets_the_rate(file: str) -> None:
    assert priced(file, "100000", "--at", "2025-02-14")["terms"]["rate"] == "1.65"
    assert priced(file, "100000", "--at", "2025-07-01")["terms"]["rate"] == "2.9"


def test_korean_and_english_words_are_the_same_payment(file: str) -> None:
    korean = priced(file, "100000", "--at", "2025-02-14", "--method", "가상계좌")
    assert korean == priced(file, "100000", "--at", "2025-02-14", "--method", "VIRTUAL_ACCOUNT")
    gift = priced(file, "100000", "--at", "2025-02-14", "--card-kind", "기프트")
    assert gift == priced(file, "100000", "--at", "2025-02-14", "--card-kind", "GIFT")
    assert gift["terms"]["cardKind"] == "GIFT"
    abroad = priced(file, "100000", "--at", "2025-02-14", "--card-kind", "해외")
    assert abroad == priced(file, "100000", "--at", "2025-02-14", "--overseas", "--card-kind", "OVERSEAS")
    assert abroad["traits"]["situations"] == ["OVERSEAS"]


def test_a_published_list_and_standard_input_do_as_well_as_a_file(file: str) -> None:
    assert priced("100000", "--price-list", "kcp", "--at", "2025-02-14")["approval"]["fee"] == 3_520
    typed = price("-", "100000", "--json", "--at", "2025-02-14", input=Path(file).read_text(encoding="utf-8"))
    assert json.loads(typed.stdout) == priced(file, "100000", "--at", "2025-02-14")


def test_instalments_cost_by_their_months_and_by_who_bears_them(file: str) -> None:
    three = (file, "100000", "--at", "2025-02-14", "--installment-months", "3")
    lines = priced(*three, "--interest-payer", "MERCHANT")["approval"]["lines"]
    assert [line["type"] for line in lines] == ["BASE", "INSTALLMENT", "ETC"]
    assert [line["type"] for line in priced(*three)["approval"]["lines"]] == ["BASE", "ETC"]


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        (("FILE", "0"), "INVALID_REQUEST", "amount"),
        (("FILE", "1.5"), "INVALID_REQUEST", "amount"),
        (("FILE", "much"), "INVALID_REQUEST", "amount"),
        (("FILE", "1000", "--tax-free", "-1"), "INVALID_REQUEST", "tax-free"),
        (("FILE", "1000", "--cancel", "0"), "INVALID_REQUEST", "cancel"),
        (("FILE", "1000", "--cancel", "1001"), "NOT_CANCELABLE_AMOUNT", ""),
        (("FILE", "1000", "--method", "현금"), "INVALID_TERMS", "method"),
        (("FILE", "1000", "--method", "TRANSFER"), "INVALID_TERMS", "method"),
        (("FILE", "1000", "--card-kind", "DEBIT"), "INVALID_TERMS", "card-kind"),
        (("FILE", "1000", "--installment-months", "1"), "INVALID_TERMS", "installment-months"),
        (("FILE", "1000", "--at", "soon"), "INVALID_DATE", "at"),
        (("FILE", "1000", "--price-list", "kcp"), "INVALID_REQUEST", "price-list"),
        (("1000",), "INVALID_REQUEST", "price-list"),
        (("1000", "--price-list", "nobody"), "INVALID_TERMS", "priceList"),
    ],
)
def test_what_cannot_be_priced_is_refused_by_its_field(
    file: str, arguments: tuple[str, ...], code: str, field: str
) -> None:
    asked = (file if one == "FILE" else one for one in arguments)
    refused = json.loads(price(*asked, "--json", exits=1).stderr)
    assert refused["code"] == code
    assert field in refused["message"]


def test_a_method_without_an_entry_is_told_in_korean(file: str) -> None:
    refused = price(file, "1000", "--method", "계좌이체", "--at", "2025-02-14", exits=1).stderr
    assert refused == "INVALID_TERMS: method: 2025-02-14에 TRANSFER 항목이 없습니다\n"


def test_a_file_that_is_not_there_and_a_value_too_many_are_slips_of_the_command(file: str) -> None:
    assert "No such file" in price("nowhere.toml", "1000", exits=2).stderr
    assert "not 3 values" in price(file, "1000", "2000", exits=2).stderr
