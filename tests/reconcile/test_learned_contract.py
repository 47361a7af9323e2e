"""A learned contract document: the gateway's own reader takes it, and what it leaves out is said."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jeongsan.bank_calendar import korean_calendar
from jeongsan.calendar_kr import korean_holidays
from jeongsan.domain.contract import Contract as Agreed
from jeongsan.domain.contract import terms_of, terms_on
from jeongsan.domain.fees import charge
from jeongsan.domain.methods import METHOD_NAMES, CardKind
from jeongsan.domain.payout_dates import payout_date
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.learn import Learned, learn
from jeongsan.reconcile.learned_contract import LearnedContract, as_contract
from jeongsan.reconcile.learned_notes import Said
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of
from jeongsan.wire.contract_document import contract_from_text
from jeongsan.wire.contract_text import toml_text
from jeongsan.wire.contract_view import document_of
from support.histories import CONTRACTS, START, Contract, history, in_dollars

pytestmark = pytest.mark.slow

BANKS = OpenDays(korean_holidays())
CALENDAR = korean_calendar({})
NONE = {Said.SHOPS, Said.NO_CARD, Said.TOO_MANY}
Rows = list[dict[str, Any]]


def learned(rows: Sequence[dict[str, Any]]) -> Learned:
    return learn(history_of(rows_of("rows", json.dumps(rows).encode()).rows), BANKS)


def contract(rows: Sequence[dict[str, Any]]) -> LearnedContract:
    return as_contract(learned(rows))


def entries(rows: Sequence[dict[str, Any]]) -> Rows:
    document = contract(rows).document
    assert document is not None
    terms: Rows = document["terms"]
    return terms


def said(rows: Sequence[dict[str, Any]]) -> dict[Said, dict[str, Any]]:
    return {one.said: dict(one.values) for one in contract(rows).notes}


def accepted(found: LearnedContract) -> Agreed:
    """As JSON and as TOML the same contract."""
    assert found.document is not None
    of_json = contract_from_text(json.dumps(found.document).encode())
    assert contract_from_text(toml_text(found.document).encode()) == of_json
    return of_json


WORDS = st.sampled_from(["카드", "카드", "카드", *METHOD_NAMES, "포인트"])
KINDS = st.sampled_from(["신용", "체크", "기프트", "미확인", "법인", None])


@st.composite
def mixed(draw: st.DrawFn) -> Rows:
    """Histories of several contracts: methods, kinds of card, changes of terms, noise, sometimes of another
    shop or currency."""
    rows: Rows = []
    for seed in range(draw(st.integers(1, 4))):
        one = replace(
            draw(CONTRACTS), method=draw(WORDS), card=draw(KINDS), fixed=draw(st.sampled_from([0, 300]))
        )
        sales, later = draw(st.integers(1, 30)), draw(st.integers(0, 60))
        part = history(one, seed=seed + 1, sales=sales, days=40, start=START + timedelta(days=later))
        rows += in_dollars(part) if draw(st.integers(0, 9)) == 0 else part
    for number in draw(st.sets(st.integers(0, len(rows) - 1), max_size=20)):
        spoilt = draw(st.sampled_from([{"paidOutDate": None}, {"soldDate": None}, {"fee": 7, "fees": None},
                                       {"amount": None}, {"amount": 1}]))  # fmt: skip
        rows[number] = rows[number] | spoilt
    return [row | {"mId": "other"} for row in rows] + rows[:1] if draw(st.integers(0, 19)) == 0 else rows


@given(mixed())
def test_whatever_was_learned_is_a_document_that_is_accepted_or_it_is_said_why_there_is_none(
    rows: Rows,
) -> None:
    found = contract(rows)
    reasons = {one.said for one in found.notes} & NONE
    if found.document is None:
        assert len(reasons) == 1
    else:
        assert not reasons
        accepted(found)


@given(mixed())
def test_what_is_not_in_the_document_is_in_the_notes(rows: Rows) -> None:
    """Every method and kind of card is in an entry, or a note is about it."""
    everything = learned(rows)
    found = as_contract(everything)
    if found.document is None:
        return
    noted = {(one.method, one.card_kinds, one.currency) for one in found.notes}
    stated = {(one["method"], tuple(one.get("card", ()))) for one in found.document["terms"]}
    for terms in everything.terms:
        about = (terms.method, terms.card_kinds, terms.currency)
        method = "GIFT_CERTIFICATE" if terms.method.endswith("_CERTIFICATE") else terms.method
        assert about in noted or (method, terms.card_kinds) in stated or (method, ()) in stated


SAYABLE = CONTRACTS.filter(lambda one: "half-up" not in one.rounding and one.payout[1] > 0)


@given(SAYABLE, st.integers(1, 9_999))
def test_the_document_makes_the_rows_it_was_learned_from(made_by: Contract, seed: int) -> None:
    """By the gateway's own arithmetic, of which learning knows nothing."""
    rows = history(made_by, seed=seed)
    terms = terms_of(accepted(contract(rows)))
    for row in rows:
        approved = date.fromisoformat(row["approvedAt"][:10])
        agreed = terms_on(terms, approved, METHOD_NAMES[row["method"]], CardKind.CREDIT)
        assert agreed is not None
        conditions = agreed.conditions
        if row["cancel"] is None:
            due = charge(row["amount"], conditions.base, conditions.vat, conditions.rounding)
            assert due.fee == row["fees"][0]["fee"]
        sold, paid = (date.fromisoformat(row[name]) for name in ("soldDate", "paidOutDate"))
        # The gateway pays nothing out up to the sold date, where a policy would lead back to it.
        assert payout_date(sold, conditions.payout, CALENDAR)[0] == paid or paid <= sold
        assert conditions.fee_on_cancel == made_by.cancel


def test_the_document_is_what_the_gateway_would_write_but_for_its_defaults() -> None:
    found = contract(history(Contract()))
    assert not found.notes
    written = document_of(accepted(found))
    assert written == {
        "source": "learned from settlement rows sold 2025-01-02 to 2025-04-11 (156)",
        "terms": [
            {"method": "CARD", "from": "2025-01-02", "rate": "3.2", "cycle": "daily",
             "payout": {"businessDays": 6, "anchor": "exclusive"}},
        ],
    }  # fmt: skip


def test_the_kinds_of_card_with_the_most_rows_are_the_entry_for_any_kind() -> None:
    rows = history(Contract(card="체크", rate="1.5"), seed=1, sales=150)
    rows += history(Contract(card="신용"), seed=2, sales=60) + history(
        Contract(card="기프트"), seed=3, sales=40
    )
    assert [(one.get("card"), one["rate"]) for one in entries(rows)] == [
        (None, "1.5"),
        (["CREDIT", "GIFT"], "3.2"),
    ]
    (note,) = contract(rows).notes
    assert (note.said, note.card_kinds) == (Said.ANY_KIND, ("CHECK",))


def test_a_card_of_unknown_kind_has_no_entry_and_that_is_said() -> None:
    rows = history(Contract(), seed=1) + history(Contract(card="미확인", rate="4.5"), seed=2, sales=50)
    assert [one["rate"] for one in entries(rows)] == ["3.2"]
    assert said(rows) == {Said.ANY_KIND: {}, Said.KIND: {"kind": "UNKNOWN"}}


def test_the_entry_for_any_kind_begins_on_the_first_day_of_all() -> None:
    rows = history(Contract(card="체크", rate="1.5"), seed=1, sales=30)
    rows += history(Contract(), seed=2, start=START + timedelta(days=20))
    assert [(one.get("card"), one["from"]) for one in entries(rows)] == [
        (None, "2025-01-02"),
        (["CHECK"], "2025-01-02"),
    ]


def test_gift_certificates_of_one_contract_are_one_entry() -> None:
    gift = Contract(
        method="문화상품권", card=None, rate="9.5", cycle="weekly", payout=("business", 7, "exclusive")
    )
    rows = history(Contract(), seed=1) + history(gift, seed=2)
    alike = history(replace(gift, method="도서문화상품권"), seed=3)
    assert [one["method"] for one in entries(rows + alike)] == ["CARD", "GIFT_CERTIFICATE"]
    assert not contract(rows + alike).notes
    other = history(replace(gift, method="게임문화상품권", rate="11.00"), seed=4, sales=60)
    assert [one["rate"] for one in entries(rows + other)] == ["3.2", "9.5"]
    (note,) = contract(rows + other).notes
    assert (note.said, note.method) == (Said.ONE_ENTRY, "GAME_GIFT_CERTIFICATE")


def test_only_cards_have_entries_by_kind() -> None:
    rows = history(Contract(), seed=1) + history(Contract(method="간편결제", rate="3.4"), seed=2)
    rows += history(Contract(method="간편결제", card="체크", rate="1.7"), seed=3, sales=50)
    assert [(one["method"], one["rate"]) for one in entries(rows)] == [("CARD", "3.2"), ("EASY_PAY", "3.4")]
    assert said(rows) == {Said.ONE_ENTRY: {}}


def test_what_a_document_has_no_word_for_is_left_out_and_said() -> None:
    cards = history(Contract(), seed=1)
    points = history(Contract(method="포인트", card=None), seed=2)
    dollars = in_dollars(history(Contract(method="해외간편결제", card=None), seed=3))
    found = contract(cards + points + dollars)
    assert [one["method"] for one in entries(cards + points + dollars)] == ["CARD"]
    assert [(one.said, one.method) for one in found.notes] == [
        (Said.METHOD, "포인트"),
        (Said.CURRENCY, "FOREIGN_EASY_PAY"),
    ]


def test_a_shop_without_cards_has_no_document() -> None:
    rows = history(Contract(method="계좌이체", card=None))
    assert contract(rows).document is None
    assert said(rows) == {Said.NO_CARD: {}}


def test_rows_of_several_shops_are_no_document_and_name_the_shops() -> None:
    rows = history(Contract(), seed=1) + [row | {"mId": "other"} for row in history(Contract(), seed=2)]
    assert contract(rows).document is None
    assert said(rows) == {Said.SHOPS: {"shops": "other, tjeongsan"}}


def test_terms_that_change_too_often_for_a_contract_are_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit itself would take hundreds of changes in one history."""
    monkeypatch.setattr("jeongsan.reconcile.learned_contract._ENTRIES_MAX", 1)
    rows = history(Contract(), seed=1) + history(Contract(rate="1.5", card="체크"), seed=2)
    assert contract(rows).document is None
    assert said(rows)[Said.TOO_MANY] == {"entries": 2}
