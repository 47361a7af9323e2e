"""Which candidate was in force when: changes are found, a minority does not make one."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jeongsan.reconcile.effective_periods import CHANGE_COST, Period, effective_periods

START = date(2025, 1, 1)


def votes(*days: str) -> dict[date, Counter[frozenset[str]]]:
    """A text per day: each word is a row, its letters the candidates that explain it; `-` is none."""
    return {
        START + timedelta(days=number): Counter(frozenset(word.strip("-")) for word in text.split())
        for number, text in enumerate(days)
    }


def learned(*days: str) -> list[tuple[int, int, int, str]]:
    """(first day, agreeing, rows, candidates) of each period."""
    found: tuple[Period[str], ...] = effective_periods(votes(*days), lambda one: one)
    return [((one.first - START).days, one.agree, one.rows, "".join(one.candidates)) for one in found]


def test_one_candidate_for_all_is_one_period() -> None:
    assert learned("a a", "ab", "ac") == [(0, 4, 4, "a")]


def test_all_that_fit_everything_are_candidates_the_preferred_first() -> None:
    assert learned("ba", "abc") == [(0, 2, 2, "ab")]


def test_a_change_that_stays_is_a_new_period() -> None:
    assert learned("a a a", "a a", "b b b", "b b") == [(0, 5, 5, "a"), (2, 5, 5, "b")]


def test_there_may_be_three_periods_and_the_first_come_back() -> None:
    assert learned(*["a"] * 9, *["b"] * 9, *["a"] * 9) == [(0, 9, 9, "a"), (9, 9, 9, "b"), (18, 9, 9, "a")]


def test_a_minority_is_no_period() -> None:
    assert learned("a a a a", "b b b", "a a a a") == [(0, 8, 11, "a")]


def test_rows_that_nothing_explains_are_counted() -> None:
    assert learned("a a -", "-") == [(0, 2, 4, "a")]


def test_nothing_explained_is_a_period_without_candidates() -> None:
    assert learned("-", "- -") == [(0, 0, 3, "")]


def test_no_rows_are_no_period() -> None:
    assert learned() == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(CHANGE_COST + 1, 9)), min_size=1, max_size=5))
def test_every_run_longer_than_the_cost_of_a_change_is_found(runs: list[tuple[str, int]]) -> None:
    merged: list[tuple[str, int]] = []
    for name, length in runs:
        if merged and merged[-1][0] == name:
            merged[-1] = (name, merged[-1][1] + length)
        else:
            merged.append((name, length))
    days = [name for name, length in merged for _ in range(2 * length)]
    assert [(one[3], one[2]) for one in learned(*days)] == [(name, 2 * length) for name, length in merged]
