"""Every code has its words in both languages, and a finding's values stand in them as people write them."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State
from jeongsan.reconcile.report import words as report_words
from jeongsan.reconcile.report.finding import FieldDifference, Finding
from jeongsan.reconcile.report.words import explanation, identity, money, sentence, side_label, to_do, words
from support.reported import found

KO, EN = Language
CODES = [*Side, *Comparison, *State, *Reason]


@pytest.fixture(scope="module")
def canceled(connection: duckdb.DuckDBPyConnection) -> Finding:
    return found(connection)[0]


@pytest.mark.parametrize("code", CODES, ids=lambda code: f"{type(code).__name__}.{code}")
def test_a_code_has_label_sentence_and_what_to_do_in_both_languages(code: Reason) -> None:
    korean, english = words(code, KO), words(code, EN)
    for text in (korean.label, korean.sentence, korean.to_do):
        assert re.search("[가-힣]", text)
    for text in (english.label, english.sentence, english.to_do):
        assert text
        assert not re.search("[가-힣]", text)
    assert len(korean.label) <= 14
    assert len(english.label) <= 25


def test_no_words_are_left_over() -> None:
    tables = {"side": Side, "comparison": Comparison, "state": State, "reason": Reason}
    for name, codes in tables.items():
        assert set(report_words._TEXTS[name]) == {code.value for code in codes}


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", Language)
def test_every_place_of_a_sentence_is_filled(canceled: Finding, reason: Reason, language: Language) -> None:
    """Also for a finding that has no values for it."""
    empty = replace(canceled, left_amount=None, left_day=None, right_day=None, nearest=None, fields=())
    for finding in (canceled, empty):
        assert not re.search("[{}]|None", sentence(finding, reason, language))


def test_all_of_april_is_explained(connection: duckdb.DuckDBPyConnection) -> None:
    explained = {finding.outcome_number: explanation(finding, KO) for finding in found(connection)[:3]}
    assert explained[1] == (
        "우리 시스템 밖에서 취소되었습니다: 2025-04-25에 -150,000원 취소가 결제대행사에만 있습니다. "
        "가장 가까운 건: order-0417 · 2025-03-13 · 150,000원. 구분만 같으면 맞습니다(승인 ↔ 취소)."
    )
    assert explained[2] == (
        "금액이 다릅니다: 43,000원 ↔ 40,000원, 차이 3,000원. 날짜가 다릅니다: 2025-04-25 ↔ 2025-04-26."
    )
    assert explained[3] == "2025-05-01의 건이라 다른 쪽 자료에 아직 없습니다."


def test_a_finding_says_what_to_do_by_its_main_reason(canceled: Finding) -> None:
    assert to_do(canceled, EN) == words(Reason.CANCELED_OUTSIDE, EN).to_do
    assert to_do(replace(canceled, reasons=()), EN) == words(State.ONE_SIDED, EN).to_do


def test_payouts_of_several_days_were_due_from_the_first_of_them(canceled: Finding) -> None:
    late = replace(
        canceled, left_amount=Decimal(5_000), left_day=date(2025, 3, 20), right_day=date(2025, 3, 21)
    )
    for count, korean, english in (
        (1, "2025-03-20에 받을", "on 2025-03-20"),
        (2, "2025-03-20부터", "from 2025-03-20"),
    ):
        finding = replace(late, left_count=count)
        assert sentence(finding, Reason.DEPOSIT_LATE, KO).startswith(korean)
        assert english in sentence(finding, Reason.DEPOSIT_LATE, EN)


def test_amounts_of_other_currencies_keep_them_apart(connection: duckdb.DuckDBPyConnection) -> None:
    (finding,) = [one for one in found(connection) if Reason.CURRENCY in one.reasons]
    assert finding.difference is None
    assert sentence(finding, Reason.AMOUNT, KO).startswith("금액이 다릅니다: 12.50 USD ↔ 1,250원, 차이 –")


@pytest.mark.parametrize(
    ("amount", "currency", "korean", "english"),
    [
        (Decimal("1234567.00"), "KRW", "1,234,567원", "1,234,567 KRW"),
        (Decimal("-1234.00"), "KRW", "-1,234원", "-1,234 KRW"),
        (Decimal("0.50"), "KRW", "0.50원", "0.50 KRW"),
        (Decimal("12.00"), "USD", "12.00 USD", "12.00 USD"),
        (None, "KRW", "–", "–"),
    ],
)
def test_money_is_written_with_its_currency(
    amount: Decimal | None, currency: str, korean: str, english: str
) -> None:
    assert (money(amount, currency, KO), money(amount, currency, EN)) == (korean, english)


def test_text_from_outside_is_one_line_and_never_a_place_for_another(canceled: Finding) -> None:
    field = FieldDifference("order_id", "{right_value}\n\x1b[31m", "b")
    text = sentence(replace(canceled, fields=(field,)), Reason.ORDER_ID, EN)
    assert text == "The order ids differ: {right_value}\ufffd\ufffd[31m ↔ b."
    assert identity(replace(canceled, order_id="a\u202eb")) == (
        "a\ufffdb  tjeon20250313133503enNLQ  txrd_a01"
    )


@pytest.mark.parametrize(
    ("currency", "korean"), [("KRW", "77,000원이 정산에"), ("USD", "77,000.00 USD이(가)")]
)
def test_a_particle_follows_the_last_syllable(canceled: Finding, currency: str, korean: str) -> None:
    finding = replace(canceled, left_amount=Decimal(77_000), currency=currency)
    assert korean in sentence(finding, Reason.NOT_SETTLED, KO)


def test_settlements_that_are_to_arrive_are_called_payouts() -> None:
    assert side_label(Comparison.DEPOSIT, Side.SETTLEMENTS, KO) == "지급"
    assert side_label(Comparison.SETTLEMENT, Side.SETTLEMENTS, KO) == "정산"


def test_a_fault_that_nobody_has_words_for_is_shown_by_its_code() -> None:
    assert report_words.fault_words("NOT_A_TIME", KO) == "날짜나 시각이 아닙니다"
    assert report_words.fault_words("UNHEARD_OF", KO) == "UNHEARD_OF"
