"""Every code has its words in both languages, and values as people write them."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from jeongsan.client.moments import moment_of
from jeongsan.reconcile import cancel_words
from jeongsan.reconcile.cancel_book import Fault, Problem
from jeongsan.reconcile.cancel_outcomes import Difference, Inference, NoRow, Note, Outcome, Remark, Value
from jeongsan.reconcile.cancel_words import Language, in_words, problem_sentence, record_sentence, sentence
from support.cancels import recorded

KO, EN = Language


@pytest.mark.parametrize("table", ["OUTCOMES", "NO_ROWS", "_NO_ROW_SENTENCES", "_NOTES", "_FAULTS"])
def test_no_code_is_without_words(table: str) -> None:
    codes: dict[str, set[object]] = {
        "OUTCOMES": {*Outcome},
        "NO_ROWS": {*NoRow},
        "_NO_ROW_SENTENCES": {*NoRow},
        "_NOTES": {*Difference, *Inference, *Remark},
        "_FAULTS": {*Fault},
    }
    words = getattr(cancel_words, table)
    assert set(words) == codes[table]
    for korean, english in words.values():
        assert re.search("[가-힣]", korean)
        assert not re.search("[가-힣]", english.replace("망취소", ""))
        assert set(re.findall(r"\{\w+\}", korean)) == set(re.findall(r"\{\w+\}", english))


@pytest.mark.parametrize(
    ("value", "korean", "english"),
    [
        (Decimal(150_000), "150,000", "150,000"),
        (Decimal("-1234.50"), "-1,234.50", "-1,234.50"),
        (1_234, "1,234", "1,234"),
        (date(2025, 4, 25), "2025-04-25", "2025-04-25"),
        (moment_of("2025-04-25T02:08:10Z"), "2025-04-25 11:08:10", "2025-04-25 11:08:10"),
        (moment_of("2025-04-25T11:08:10.643"), "2025-04-25 11:08:10.643", "2025-04-25 11:08:10.643"),
        (timedelta(days=42, hours=21, minutes=33), "42일 21시간", "42 d 21 h"),
        (timedelta(seconds=61), "1분 1초", "1 min 1 s"),
        (timedelta(milliseconds=643), "0.643초", "0.643 s"),
        (timedelta(), "0초", "0 s"),
        ("two\nlines\x1b[31m", "two\ufffdlines\ufffd[31m", "two\ufffdlines\ufffd[31m"),
    ],
    ids=str,
)
def test_a_value_is_written_as_people_write_it(value: Value, korean: str, english: str) -> None:
    assert (in_words(value, KO), in_words(value, EN)) == (korean, english)


def test_a_value_is_put_in_as_it_is_and_never_read_as_a_place_for_another() -> None:
    note = Note(Difference.ORDER_ID, {"ours": "{theirs}", "theirs": "b"})
    assert sentence(note, EN) == "The order ids differ: {theirs} in our book, b at the gateway"


def test_who_cancelled_is_said_as_it_was_recorded() -> None:
    assert record_sentence(recorded(), KO) == "상점관리자 · 김차장 · 203.0.113.7"
    assert record_sentence(recorded("gateway-forced", actor=None, address=None), KO) == "직권취소"
    assert record_sentence(recorded("gateway-forced", actor=None, address=None), EN) == "forced cancel"
    assert record_sentence(recorded("by-carrier-pigeon\n"), EN).startswith("by-carrier-pigeon\ufffd · ")


def test_a_problem_of_a_file_names_its_place() -> None:
    problem = Problem("cancels.csv", 3, "cancelAmount", Fault.NOT_AN_AMOUNT, "free")
    assert problem_sentence(problem, EN) == "cancels.csv:3 cancelAmount: is no amount above zero (free)"
    assert problem_sentence(Problem("cancels.csv", None, None, Fault.ENCODING), KO).startswith(
        "cancels.csv: "
    )
