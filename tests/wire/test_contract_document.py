"""Contract documents: nothing is lost on the way there and back, and every slip is refused by its path."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.domain.contract import Contract
from jeongsan.domain.contract_faults import InvalidTerms, Problem
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.price_lists import PRICE_LISTS, published_contract
from jeongsan.domain.terms import Grade, LineType, Price, Surcharge
from jeongsan.wire.contract_document import contract_body, contract_from, contract_from_text
from jeongsan.wire.contract_fields import InvalidContract, problems_of
from jeongsan.wire.contract_text import toml_text
from jeongsan.wire.contract_view import document_of
from support.contracts import a_document, contracts, patient


def fields(document: Any) -> dict[str, str]:
    """Path → what is wrong, of a document that is refused."""
    with pytest.raises(InvalidContract) as caught:
        contract_from(document)
    assert (caught.value.field, caught.value.detail) == (
        caught.value.problems[0].field,
        caught.value.problems[0].detail,
    )
    return {problem.field: problem.detail for problem in caught.value.problems}


def a_card(**changes: Any) -> dict[str, Any]:
    """The shortest contract."""
    entry = {"method": "CARD", "from": "2025-01-01", "rate": "3.2", "payout": {"businessDays": 4}} | changes
    return {"terms": [{name: value for name, value in entry.items() if value is not None}]}


@patient
@given(contracts())
def test_every_contract_comes_back_from_its_document_in_both_formats(contract: Contract) -> None:
    document = document_of(contract)
    assert contract_from(document) == contract
    assert contract_from_text(json.dumps(document).encode()) == contract
    assert contract_from_text(toml_text(document).encode()) == contract


@pytest.mark.parametrize("name", PRICE_LISTS)
def test_a_published_list_comes_back_from_its_document(name: str) -> None:
    contract = published_contract(name)
    assert contract_from_text(toml_text(document_of(contract)).encode()) == contract


def test_the_shortest_document_gets_the_defaults_of_the_domain() -> None:
    (agreement,) = contract_from(a_card()).agreements
    assert agreement.conditions.base == Price(32_000)
    assert agreement.conditions.payout == PayoutRule(count=4)
    assert (agreement.start, agreement.end, agreement.card_kinds) == (date(2025, 1, 1), None, ())


def test_a_document_says_what_it_means() -> None:
    contract = contract_from(a_document())
    card, _, foreign, account, mobile = contract.agreements
    assert contract.grades == ((date(2025, 2, 14), Grade.SMALL), (date(2025, 8, 14), Grade.MEDIUM1))
    assert card.rates == ((Grade.GENERAL, 32_000), (Grade.SMALL, 16_500))
    assert card.conditions.payout.anchor is Anchor.ROLL
    assert card.conditions.surcharges == (
        Surcharge(Situation.ESCROW, Price(2_000)),
        Surcharge(Situation.KEY_IN, Price(300), LineType.ETC),
    )
    assert card.conditions.installment == ((2, 12_000), (3, 20_000))
    assert foreign.card_kinds == (CardKind.OVERSEAS, CardKind.GIFT)
    assert (account.method, account.conditions.base) == (Method.VIRTUAL_ACCOUNT, Price(0, 300))
    assert mobile.conditions.payout.holiday is HolidayPolicy.IGNORE


def test_korean_names_mean_the_same() -> None:
    korean = a_document()
    korean["grades"][0]["grade"] = "영세"
    korean["terms"][0]["rate"] = {"일반": "3.2", "영세": "1.65"}
    words = ["카드", "카드", "카드", "가상계좌", "휴대폰"]
    for entry, word in zip(korean["terms"], words, strict=True):
        entry["method"] = word
    korean["terms"][2]["card"] = ["해외", "기프트"]
    assert contract_from(korean) == contract_from(a_document())


@pytest.mark.parametrize(
    ("toml", "json_text"),
    [
        ("rate = 3.2", '"rate": 3.2'),
        ('rate = "3.20"', '"rate": "3.20"'),
        ("rate = 3", '"rate": 3'),
        ("rate = 0.0001\nfixed = 5", '"rate": 1e-4, "fixed": 5, "until": null'),
        ("rate = { general = 1.65 }", '"rate": {"general": 1.65}'),
    ],
)
def test_the_two_formats_are_read_alike(toml: str, json_text: str) -> None:
    head = '[[terms]]\nmethod = "CARD"\nfrom = 2025-01-01\npayout = { businessDays = 4 }\n'
    json_head = '"method": "CARD", "from": "2025-01-01", "payout": {"businessDays": 4}'
    by_toml = contract_from_text((head + toml).encode())
    assert by_toml == contract_from_text(f'{{"terms": [{{{json_head}, {json_text}}}]}}'.encode())
    assert contract_from_text(b"\xef\xbb\xbf" + (head + toml).replace("\n", "\r\n").encode()) == by_toml


def spoil(path: str, value: Any) -> dict[str, Any]:
    """The document with one value replaced; `path` as in a problem. None takes the key away."""
    document = a_document()
    *parents, last = path.replace("[", ".").replace("]", "").split(".")
    place: Any = document
    for name in parents:
        place = place[int(name)] if name.isdigit() and isinstance(place, list) else place[name]
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        del place[last]
    else:
        place[last] = value
    return document


REFUSED: list[tuple[str, Any, str]] = [
    ("source", 3, "must be a text"),
    ("source", "a\nb", "one line"),
    ("source", "x" * 501, "at most 500"),
    ("sauce", "typo", "source is"),
    ("grades", {"from": "2025-01-01"}, "must be a list"),
    ("grades[0].from", None, "is required"),
    ("grades[0].grade", None, "is required"),
    ("grades[1].from", "2025-02-14", "must lie after"),
    ("grades[1].from", "2024-02-14", "must lie after"),
    ("grades[1].from", "1999-12-31", "between 2000-01-01 and 2100-12-31"),
    ("grades[1].grade", "tiny", "is one of general, small"),
    ("grades[1].until", "2026-01-01", "is no setting"),
    ("terms", [], "at least one"),
    ("terms", {"method": "CARD"}, "must be a list"),
    ("terms[0].method", "CASH", "is one of CARD"),
    ("terms[0].method", "card", "is one of CARD"),
    ("terms[0].method", None, "is required"),
    ("terms[0].method", ["CARD"], "is one of CARD"),
    ("terms[2].card[0]", "DEBIT", "is one of CREDIT"),
    ("terms[2].card", [], "names no kind"),
    ("terms[2].card", "OVERSEAS", "must be a list"),
    ("terms[2].card", ["GIFT", "기프트"], "names a kind twice"),
    ("terms[3].card", ["CREDIT"], "only for CARD"),
    ("terms[0].from", None, "is required"),
    ("terms[0].from", "2025-02-30", "must be a day"),
    ("terms[0].from", "20250101", "must be a day"),
    ("terms[0].from", "2025-W07-5", "must be a day"),
    ("terms[0].from", "2025-1-1", "must be a day"),
    ("terms[0].from", 20250101, "must be a day"),
    ("terms[0].from", "1999-12-31", "must lie between"),
    ("terms[0].until", "2101-01-01", "must lie between"),
    ("terms[0].until", "2024-12-31", "lies before from"),
    ("terms[1].from", "2025-07-02", "leaves days without"),
    ("terms[1].from", "2025-06-30", "overlaps"),
    ("terms[1].until", "2025-12-31", "nothing to follow"),
    ("terms[0].rate", None, "is required, or fixed"),
    ("terms[0].rate", "-0.1", "between 0 and 100"),
    ("terms[0].rate", "100.0001", "between 0 and 100"),
    ("terms[0].rate", "3.21234", "four decimal places"),
    ("terms[0].rate", 0.1 + 0.2, "must be a percentage"),
    ("terms[0].rate", Decimal(0.1 + 0.2), "four decimal places"),
    ("terms[0].rate", Decimal("NaN"), "between 0 and 100"),
    ("terms[0].rate", 10**5_000, "between 0 and 100"),
    ("terms[0].rate", "three", "must be a percentage"),
    ("terms[0].rate", "1" * 41, "at most 40"),
    ("terms[0].rate", True, "must be a percentage"),
    ("terms[0].rate", ["3.2"], "must be a percentage"),
    ("terms[0].rate", {}, "no rate for the grade general"),
    ("terms[0].rate", {"small": "1.65"}, "no rate for the grade general"),
    ("terms[0].rate", {"general": "3", "일반": "3"}, "names a grade twice"),
    ("terms[0].rate.big", "1", "is one of general"),
    ("terms[0].rate.small", "-1", "between 0 and 100"),
    ("terms[3].fixed", -1, "between 0 and 1000000000"),
    ("terms[3].fixed", 10**9 + 1, "between 0 and 1000000000"),
    ("terms[3].fixed", "300", "must be a whole number"),
    ("terms[3].fixed", Decimal("1.5"), "must be a whole number"),
    ("terms[3].fixed", True, "must be a whole number"),
    ("terms[3].vat", "none", "is one of excluded, included"),
    ("terms[3].rounding", "C", "is one of A, B"),
    ("terms[2].cycle", "yearly", "is one of daily"),
    ("terms[0].payout", None, "is required"),
    ("terms[0].payout", 4, "must be a table"),
    ("terms[0].payout", {}, "states one of businessDays"),
    ("terms[0].payout", {"businessDays": 4, "calendarDays": 2}, "states one of businessDays"),
    ("terms[0].payout.businessDays", 0, "between 1 and 60"),
    ("terms[0].payout.businessDays", 61, "between 1 and 60"),
    ("terms[0].payout.businessDays", 4.5, "must be a whole number"),
    ("terms[2].payout.calendarDays", 0, "between 1 and 60"),
    ("terms[4].payout.monthEnds", 61, "between 1 and 60"),
    ("terms[0].payout.anchor", "inclusive", "is one of exclusive, roll"),
    ("terms[0].payout.holiday", "after", "is for calendar days"),
    ("terms[2].payout.anchor", "exclusive", "is for business days"),
    ("terms[2].payout.holiday", "skip", "is one of before"),
    ("terms[0].payout.days", 4, "is no setting"),
    ("terms[3].cancel", "kept", "must be a table"),
    ("terms[3].cancel.fee", "half", "is one of returned, kept"),
    ("terms[3].cancel.refundFee", -300, "between 0 and"),
    ("terms[3].cancel.refundFeeOn", "invoice", "is one of row, adjustment"),
    ("terms[3].cancel.refundFees", 300, "refundFee is"),
    ("terms[0].surcharges", ["ESCROW"], "must be a table"),
    ("terms[0].surcharges.ESCROW", "0.2", "must be a table"),
    ("terms[0].surcharges.ESCROW.rate", "-0.2", "between 0 and 100"),
    ("terms[0].surcharges.KEY_IN.line", "EXTRA", "is one of BASE"),
    ("terms[0].surcharges.KEY_IN.lines", "ETC", "line is"),
    ("terms[0].surcharges.KEYIN", {"rate": "1"}, "is one of ESCROW"),
    ("terms[0].installments.1", "1", "for 2 to 36 months"),
    ("terms[0].installments.37", "1", "for 2 to 36 months"),
    ("terms[0].installments.02", "1", "must be a number of months"),
    ("terms[0].installments.two", "1", "must be a number of months"),
    ("terms[0].installments.٣", "1", "must be a number of months"),
    ("terms[0].installments.3", "-1", "between 0 and 100"),
    ("terms[0].installmentDiscounts.6", "1.00001", "four decimal places"),
    ("terms[0].pointSaving", "0.5", "must be a table"),
    ("terms[0].pointSaving.rate", "101", "between 0 and 100"),
    ("terms[0].other.fixed", -1, "between 0 and"),
    ("terms[4].release", "later", "is one of at-once"),
    ("terms[4].soldOn", "approval", "is one of release, transaction"),
    ("terms[0].soldon", "release", "soldOn is"),
    ("terms[3].installments", {"2": "1"}, "only for CARD, EASY_PAY"),
    ("terms[3].pointSaving", {"rate": "1"}, "only for CARD, EASY_PAY"),
    ("terms[3].rounding", "A", "only for vat = excluded"),
]


@pytest.mark.parametrize(("path", "value", "detail"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_slip_is_refused_by_its_path(path: str, value: Any, detail: str) -> None:
    found = fields(spoil(path, value))
    assert list(found) == [path], "one slip is one problem"
    assert detail in found[path]


def test_a_setting_that_can_never_apply_is_refused_by_its_own_path() -> None:
    assert fields(spoil("terms[4].surcharges", {"KEY_IN": {"rate": "1"}})) == {
        "terms[4].surcharges.KEY_IN": "is only for CARD"
    }
    assert fields(spoil("terms[4].release", None)) == {
        "terms[4].soldOn": "is only for what waits: a release other than at-once, or escrow"
    }
    assert fields(spoil("terms[3].cancel.refundFee", 0)) == {
        "terms[3].cancel.refundFeeOn": "is only for a refundFee"
    }


@pytest.mark.parametrize("path", ["terms[0].other", "terms[0].pointSaving", "terms[0].surcharges.ESCROW"])
def test_a_price_of_neither_rate_nor_fixed_fee_is_a_slip(path: str) -> None:
    assert fields(spoil(path, {})) == {f"{path}.rate": "is required, or fixed"}


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({}, "at least one entry"),
        ({"terms": a_document()["terms"][3:]}, "has no CARD entry"),
        ({"terms": a_document()["terms"][2:]}, "for cards of every other kind"),
    ],
    ids=["empty", "no cards", "some kinds only"],
)
def test_what_is_wrong_with_the_whole_is_said_of_terms(document: Any, detail: str) -> None:
    assert detail in fields(document)["terms"]


def test_kinds_and_grades_may_not_multiply_without_end() -> None:
    graded = {"rate": {"general": "3.2"}, "card": None}
    kinds = {"rate": {"general": "3.2"}, "card": [kind.value for kind in CardKind]}
    grades = [{"from": f"{year}-01-01", "grade": "small"} for year in range(2001, 2101)]
    document = {"terms": a_card(**graded)["terms"] + a_card(**kinds)["terms"], "grades": grades}
    assert "at most 500" in fields(document)["terms"]


def test_every_problem_is_found_at_once_and_in_order() -> None:
    document = a_document()
    document["sauce"] = 1
    document["grades"][0]["grade"] = "tiny"
    document["terms"][0]["payout"]["businessDays"] = 0
    document["terms"][0]["surcharges"]["ESCROW"]["rate"] = "-1"
    document["terms"][1]["from"] = "2025-06-30"
    document["terms"][4]["release"] = "never"
    assert list(fields(document)) == [
        "sauce",
        "grades[0].grade",
        "terms[0].surcharges.ESCROW.rate",
        "terms[0].payout.businessDays",
        "terms[4].release",
        "terms[1].from",
    ]


def test_an_entry_that_cannot_be_read_opens_no_gap() -> None:
    """It might be the one that closes it: only what is certain is said."""
    document = spoil("terms[1].from", "yesterday")
    assert list(fields(document)) == ["terms[1].from"]


@pytest.mark.parametrize(
    ("text", "field", "detail"),
    [
        (b'{"terms": [', "document", "not valid JSON"),
        (b'{"terms": NaN}', "document", "NaN is no JSON number"),
        (b"[[terms]\n", "document", "not valid TOML"),
        (b'source = "a"\nsource = "b"\n', "document", "not valid TOML"),
        ('rate = { 영세 = "1.65" }'.encode(), "document", "a key in Korean needs quotes"),
        (b"source = \xb0\xe8\n", "document", "not in UTF-8"),
        (b"x" * 1_000_001, "document", "larger than"),
        (b"a = " + b"[" * 100_000, "document", "nested too deeply"),
        (b'{"a": ' + b"[" * 100_000, "document", "nested too deeply"),
        (b"a = " + b"9" * 5_000, "document", "not valid TOML"),
        (b"a = 1e9999999999999999999999", "document", "a number that cannot be"),
        (b'{"a": 1e9999999999999999999999}', "document", "a number that cannot be"),
        (b'{"source": "a", "source": "b", "terms": []}', "source", "stands twice"),
    ],
    ids=lambda one: str(one)[:30],
)
def test_a_text_that_is_no_document_is_refused(text: bytes, field: str, detail: str) -> None:
    with pytest.raises(InvalidTerms) as caught:
        contract_from_text(text)
    assert caught.value.field == field
    assert detail in caught.value.detail


@pytest.mark.parametrize(
    "written", ["2025-05-32", "2025-02-30  # 부속합의", "2025.05.01", "2025/5/1\r", "2025-1-1"]
)
def test_a_day_that_is_none_is_told_by_its_path_and_line_without_quotes_too(written: str) -> None:
    text = f'[[terms]]\nmethod = "CARD"\nfrom = {written}\nrate = 3.2\npayout = {{ businessDays = 61 }}\n'
    with pytest.raises(InvalidContract) as caught:
        contract_from_text(text.encode())
    found = {one.field: one.detail for one in problems_of(caught.value)}
    assert list(found) == ["terms[0].from", "terms[0].payout.businessDays"]
    shown = written.split("#")[0].strip()
    assert found["terms[0].from"] == f"{shown} is no day such as 2025-02-14 (line 3)"


def test_a_day_that_is_none_is_refused_wherever_it_stands() -> None:
    def refused(text: str) -> list[str]:
        with pytest.raises(InvalidTerms) as caught:
            contract_from_text(text.encode())
        return [one.field for one in problems_of(caught.value)]

    rest = 'terms = [{ method = "CARD", from = 2025-01-01, rate = 3.2, payout = { businessDays = 4 } }]'
    assert refused(f"source = 2025-05-32\n{rest}") == ["source"]
    assert refused(f'grades = [{{ from = 2025-05-32, grade = "small" }}]\n{rest}') == ["grades[0].from"]
    assert refused(rest.replace("3.2", "2025-05-32")) == ["terms[0].rate"]
    assert refused(rest.replace('"CARD"', "[2025-05-32]")) == ["terms[0].method"]
    assert refused(f"source = 2025-05-32\nrate =\n{rest}") == ["document"], "more than the day is wrong"
    assert refused(f'source = "a = 2025-05-32\n{rest}') == ["document"]


def test_a_key_that_stands_twice_in_json_is_refused_where_it_stands() -> None:
    text = json.dumps(a_document()).replace('"businessDays": 3', '"businessDays": 3, "businessDays": 9')
    with pytest.raises(InvalidContract) as caught:
        contract_from_text(text.encode())
    assert [one.field for one in problems_of(caught.value)] == ["terms[3].payout.businessDays"]


def test_a_key_is_shown_so_that_it_cannot_steer_a_terminal_or_break_an_answer() -> None:
    for key in ("\x1b[2Jsource", "\ud800", "x" * 500):
        (field,) = fields(a_card() | {key: 1})
        assert field.isprintable() or "\ufffd" in field
        assert len(field) <= 41
        field.encode()


def test_a_body_may_name_a_published_list_and_nothing_beside_it() -> None:
    assert contract_body(b'{"priceList": "ksnet"}') == published_contract("ksnet")
    for body, field in (
        (b'{"priceList": "nobody"}', "priceList"),
        (b'{"priceList": 3}', "priceList"),
        (b'{"priceList": "ksnet", "terms": []}', "terms"),
        (b'source = "TOML"', "document"),
        (b"[1]", "document"),
        (b" " * 65_537, "body"),
    ):
        with pytest.raises(InvalidTerms) as caught:
            contract_body(body)
        assert caught.value.field == field


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) of a document."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in [(value, key), *_places(value[key])]]


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.data())
def test_whatever_stands_in_a_document_it_is_a_contract_or_refused_with_its_problems(
    data: st.DataObject,
) -> None:
    document = a_document()
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(_places(document)))
        container[key] = data.draw(_ANYTHING)
    problems: tuple[Problem, ...] = ()
    try:
        contract = contract_from(document)
    except InvalidContract as refused:
        problems = refused.problems
    assert all(one.field and one.detail for one in problems)
    assert len(set(problems)) == len(problems)
    assert problems or contract_from(document_of(contract)) == contract


def test_a_grade_that_is_no_table_does_not_move_the_paths_of_the_others() -> None:
    document = a_document() | {"grades": [3, {"from": "2025-08-14", "grade": "small"}] * 2}
    assert list(fields(document)) == ["grades[0]", "grades[2]"]


@pytest.mark.parametrize(
    ("method", "kept"),
    [("CARD", "returned"), ("TRANSFER", "kept"), ("VIRTUAL_ACCOUNT", "kept"), ("EASY_PAY", "returned")],
)
def test_banks_give_no_fee_back_unless_a_document_says_so(method: str, kept: str) -> None:
    entry = {"method": method, "from": "2025-01-01", "rate": "1.8", "payout": {"businessDays": 3}}
    cards = entry | {"method": "CARD"}
    terms = [entry] if method == "CARD" else [cards, entry]
    agreed = contract_from({"terms": terms}).agreements[-1].conditions
    assert agreed.fee_on_cancel.value == kept
    stated = contract_from({"terms": [*terms[:-1], entry | {"cancel": {"fee": "returned"}}]})
    assert stated.agreements[-1].conditions.fee_on_cancel.value == "returned"
    assert contract_from(document_of(stated)) == stated
