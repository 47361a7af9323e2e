"""What can be wrong with a contract has a code of its own and says the same in both languages."""

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import jeongsan
from jeongsan.domain.contract import Scope, overlaps
from jeongsan.domain.contract_faults import Fault, InvalidTerms, Problem
from jeongsan.domain.methods import CardKind, Method

SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path(jeongsan.__file__).parent.rglob("*.py"))


def arguments(template: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_is_told_with_the_same_arguments_in_both_languages(fault: Fault) -> None:
    assert arguments(fault.korean) == arguments(fault.english)
    assert re.search("[가-힣]", fault.korean)
    assert not re.search("[가-힣]", fault.english)


def test_no_two_faults_are_one_and_each_can_happen() -> None:
    assert len(Fault) == len(Fault.__members__)
    assert [fault.name for fault in Fault if f"Fault.{fault.name}" not in SOURCES] == []


def test_an_error_is_a_problem_with_its_words() -> None:
    error = InvalidTerms("terms[0].until", Fault.NOT_WITHIN, 1, 60)
    assert error.problem == Problem("terms[0].until", Fault.NOT_WITHIN, (1, 60))
    assert str(error) == "terms[0].until: must be between 1 and 60"
    assert error.problem.korean == "1에서 60 사이여야 합니다"


def card(start: int, end: int | None, *kinds: CardKind) -> Scope:
    """Days of January 2025."""
    last = None if end is None else date(2025, 1, end)
    return Scope(method=Method.CARD, card_kinds=kinds, start=date(2025, 1, start), end=last)


@pytest.mark.parametrize(
    ("scopes", "told"),
    [
        ([card(1, 9), card(10, None)], []),
        (
            [card(1, 10), card(10, None)],
            ["terms[1].from: overlaps terms[0], for the same method: 2025-01-10"],
        ),
        (
            [card(5, None), card(1, 9)],
            ["terms[0].from: overlaps terms[1], for the same method: 2025-01-05 ~ 2025-01-09"],
        ),
        (
            [card(1, None), card(5, None)],
            ["terms[1].from: overlaps terms[0], for the same method: 2025-01-05 ~"],
        ),
        (
            [card(1, 9), card(12, None)],
            ["terms[1].from: leaves days without an entry after terms[0]: 2025-01-10 ~ 2025-01-11"],
        ),
        (
            [card(1, 9), card(11, None)],
            ["terms[1].from: leaves days without an entry after terms[0]: 2025-01-10"],
        ),
        ([card(1, 9)], ["terms[0].until: ends on 2025-01-09 with nothing to follow it"]),
        (
            [card(1, None), card(1, 20, CardKind.GIFT), card(20, None, CardKind.CHECK, CardKind.GIFT)],
            ["terms[2].from: overlaps terms[1], for the same method: 2025-01-20"],
        ),
        # One within another: what is measured at is the one that reaches furthest.
        (
            [card(1, 20), card(5, 6), card(21, None)],
            ["terms[1].from: overlaps terms[0], for the same method: 2025-01-05 ~ 2025-01-06"],
        ),
        (
            [card(1, None), card(5, 6), card(8, 9)],
            [
                "terms[1].from: overlaps terms[0], for the same method: 2025-01-05 ~ 2025-01-06",
                "terms[2].from: overlaps terms[0], for the same method: 2025-01-08 ~ 2025-01-09",
            ],
        ),
    ],
)
def test_an_overlap_and_a_gap_name_the_other_entry_and_the_days(scopes: list[Scope], told: list[str]) -> None:
    assert [str(error) for error in overlaps(scopes)] == told
