"""A learned contract in words, in both languages, and as the contract document."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.learn import learn
from jeongsan.reconcile.learn_answers import Answer
from jeongsan.reconcile.learn_report import SHOWN_MAX, terminal_text
from jeongsan.reconcile.learn_view import learned_view
from jeongsan.reconcile.learn_words import problem_words
from jeongsan.reconcile.settled_files import rows_of
from jeongsan.reconcile.settled_history import history_of
from jeongsan.reconcile.settled_rows import RowFault, RowProblem
from support.histories import START, Contract, history

pytestmark = pytest.mark.slow

BANKS = OpenDays(korean_holidays())


def text(rows: Sequence[dict[str, Any]], language: Language = Language.KO) -> str:
    read = rows_of("rows", json.dumps(rows).encode())
    return terminal_text(learn(history_of(read.rows), BANKS), read.problems, BANKS, language)


def view(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    read = rows_of("rows", json.dumps(rows).encode())
    return learned_view(learn(history_of(read.rows), BANKS), read.problems, BANKS)


def test_a_method_is_one_line_with_how_many_rows_agree() -> None:
    line = text(history(Contract())).splitlines()[2]
    assert line == (
        "카드  3.2 % (VAT 별도), 반올림 B, 120/120 · 일정산, 156/156 · D+6 영업일, 주말 기준 EXCLUSIVE, "
        "156/156 · 수수료 반환(취소 전 − 취소 후), 36/36"
    )


def test_the_same_in_english() -> None:
    line = text(history(Contract()), Language.EN).splitlines()[2]
    assert line == (
        "Card  3.2 % (VAT excluded), rounding B, 120/120 · daily, 156/156 · D+6 business days, anchor "
        "EXCLUSIVE, 156/156 · fee returned (before less after), 36/36"
    )


def test_earlier_periods_stand_below_with_their_days() -> None:
    rows = history(Contract(), days=50, seed=1)
    rows += history(Contract(rate="2.4"), start=START + timedelta(days=50), days=50, seed=2)
    shown = text(rows)
    assert "카드  2025-02-21 – 2025-04-11 2.4 % (VAT 별도), 반올림 B, 120/120" in shown
    assert "\n  2025-01-02 – 2025-02-20 3.2 % (VAT 별도), 반올림 B, 120/120\n" in shown


def test_what_is_open_names_the_row_that_would_decide() -> None:
    """Weekdays only, which 8 calendar days explain too: the first day on which all three would differ."""
    monday = date(2025, 3, 10)
    rows = [Contract().approval(str(n), monday + timedelta(days=n), 110_030 + 97_310 * n) for n in range(5)]
    shown = text(rows, Language.EN)
    assert (
        "payout rule undecided: 3 candidates fit all (D+6 business days, anchor EXCLUSIVE · D+6 business"
        in shown
    )
    assert "One sale of 2025-04-26 would tell" in shown


def test_deviations_are_named_with_what_was_expected_and_no_more_than_a_few() -> None:
    rows = [row for row in history(Contract(), sales=100) if row["cancel"] is None]
    for row in rows[: SHOWN_MAX + 2]:
        row["fees"][0]["fee"] += 1_000
    shown = text(rows)
    assert f"  이탈 {SHOWN_MAX + 2}건\n" in shown
    assert "외 2건" in shown
    fee = rows[0]["fees"][0]["fee"]
    assert f"t-1-00000: 수수료 {fee:,}, 배운 대로면 {fee - 1_000:,}" in shown


def test_what_cannot_be_read_is_shown_and_counted() -> None:
    rows = [*history(Contract(), sales=5), {"amount": "x"}]
    assert "읽지 못한 것 1건\n  rows:8 amount: 값이 맞지 않습니다" in text(rows)
    assert view(rows)["problems"][0]["field"] == "amount"


def test_no_rows_say_so() -> None:
    assert text([]) == "계약 학습 · 0건\n배울 정산 건이 없습니다."


def test_text_from_outside_cannot_steer_a_terminal() -> None:
    rows = [Contract().approval("\x1b[31m", START, 10_000, method="카\x1b[2J드")]
    assert "\x1b" not in text(rows)


def test_the_view_is_plain_json_and_has_the_contract() -> None:
    shown = json.loads(json.dumps(view(history(Contract()))))
    assert shown["contract"]["terms"] == [
        {
            "method": "CARD", "from": "2025-01-02", "rate": "3.2", "fixed": 0, "vat": "excluded",
            "rounding": "B", "cycle": "daily", "payout": {"businessDays": 6, "anchor": "exclusive"},
            "cancel": {"fee": "returned", "refundFee": 0},
        }
    ]  # fmt: skip
    assert shown["contractNotes"] == []
    assert shown["terms"][0]["undecided"] == []
    assert {one["question"] for one in shown["answers"]} == {one.value.partition(".")[0] for one in Answer}


def test_what_the_document_leaves_out_is_in_the_report_and_in_the_view() -> None:
    rows = history(Contract()) + history(Contract(card="미확인", rate="4.5"), seed=2, sales=50)
    note = "카드(미확인): 미확인 카드는 적지 않았습니다"
    assert f"\n  {note}" in text(rows).partition("\n계약 문서\n")[2]
    shown = view(rows)["contractNotes"][1]
    assert (shown["note"], shown["method"], shown["card"]) == ("kind", "CARD", ["UNKNOWN"])
    assert shown["ko"].startswith(note)
    rows = history(Contract(method="계좌이체", card=None))
    assert view(rows)["contract"] is None
    assert "계약 문서\n  없음: 계약에는 카드 항목이" in text(rows)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("fault", RowFault)
def test_every_fault_has_words(fault: RowFault, language: Language) -> None:
    assert problem_words(RowProblem("a.csv", 3, None, fault, "x"), language).startswith("a.csv:3: ")


@pytest.mark.parametrize(
    "payout", [("calendar", 2, "after"), ("monthEnd", 2, "before"), ("calendar", 3, "ignore")]
)
@pytest.mark.parametrize("language", Language)
def test_other_payout_rules_have_words(payout: tuple[str, int, str], language: Language) -> None:
    shown = text(history(Contract(payout=payout)), language)
    assert any(word in shown for word in ("D+2 달력일", "M+2", "D+3", "D+2 calendar days"))


def test_every_question_is_answered_in_words() -> None:
    kept = Contract(cancel="kept", refund_fee=330, method="가상계좌", card=None, rate="0", fixed=300)
    rows = (
        history(kept) + history(Contract(), seed=2) + [Contract().approval("x", START, 990, paymentKey=None)]
    )
    for one in view(rows)["answers"]:
        assert one["ko"]
        assert one["en"]
    shown = text(rows)
    assert "이체·가상계좌 취소: VIRTUAL_ACCOUNT: 수수료를 돌려주지 않음, 환불 수수료 330" in shown
