"""Payouts and bank lines of a day: the rules in SQL against every choice there is."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconcile.deposit_oracle import of_one_day
from support.reconciled import TODAY, books

DAY = date(2025, 3, 19)
# Few amounts, of which many sums are equal.
AMOUNTS = st.lists(st.sampled_from([1_000, 2_000, 3_000, 4_000, 7_000, 11_300]), min_size=0, max_size=5)

_PAYOUTS = """
SELECT amount::BIGINT, state, coalesce(reasons[1], '')
FROM outcomes JOIN payouts USING (outcome_number) WHERE comparison = 'DEPOSIT'
"""
_LINES = """
SELECT bank.amount::BIGINT, state, coalesce(reasons[1], '')
FROM outcomes JOIN members USING (comparison, outcome_number) JOIN bank USING (file_id, row_number)
WHERE comparison = 'DEPOSIT' AND side = 'BANK'
"""


def told_by_the_rules(payouts: list[int], lines: list[int]) -> Counter[tuple[str, int, str, str]]:
    with books() as book:
        for number, amount in enumerate(payouts):
            book.payout(amount, DAY, f"shop-{number}")
        for amount in lines:
            book.line(amount, DAY)
        around = {"first": DAY - timedelta(days=1), "last": DAY + timedelta(days=1)}
        book.matched(TODAY, ("SETTLEMENTS", "BANK"), **around)
        told: Counter[tuple[str, int, str, str]] = Counter()
        for side, question in (("payout", _PAYOUTS), ("line", _LINES)):
            told.update((side, *row) for row in book.connection.execute(question).fetchall())
        return told


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(AMOUNTS.filter(bool), AMOUNTS)
# A line could be the sum of payouts, and with other lines a payout.
@example([1_000, 1_000, 1_000, 4_000], [1_000, 1_000, 2_000])
def test_a_day_is_decided_as_every_choice_of_its_rows_says(payouts: list[int], lines: list[int]) -> None:
    assert told_by_the_rules(payouts, lines) == of_one_day(payouts, lines)


@pytest.mark.parametrize(
    ("payouts", "lines", "reasons"),
    [
        ([1_000, 2_000], [3_000], {"MERGED"}),
        ([3_000], [1_000, 2_000], {"SPLIT"}),
        ([1_000, 4_000], [2_000, 3_000], {"REGROUPED"}),
        ([1_000, 2_000, 11_300], [3_000], {"MERGED", "DEPOSIT_MISSING"}),
        ([1_000, 2_000, 1_000, 2_000], [3_000], {"SEVERAL_CANDIDATES"}),
        ([1_000], [2_000], {"DEPOSIT_AMOUNT"}),
    ],
)
def test_the_oracle_finds_the_ways_there_are(payouts: list[int], lines: list[int], reasons: set[str]) -> None:
    assert {reason for _, _, _, reason in of_one_day(payouts, lines)} == reasons
