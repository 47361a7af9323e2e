"""Charts that do not lie: bars as long as what they stand for, and none so short that nobody sees it."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jeongsan.reconcile.match.codes import Comparison, Side, State
from jeongsan.reconcile.report.charts import BAR_WIDTH, CHART_HEIGHT, DAYS_MAX, money_charts, segments
from jeongsan.reconcile.report.result import DayMoney, StateLine

DAY = date(2025, 1, 1)


def line(state: State, rows: int) -> StateLine:
    return StateLine(Comparison.TRANSACTION, state, "KRW", Side.ORDERS, rows, Decimal(0))


def test_one_row_among_millions_is_seen() -> None:
    matched, different = segments([line(State.DIFFERENT, 1), line(State.MATCHED, 10_000_000)])
    assert (matched.state, different.state, different.row_count) == (State.MATCHED, State.DIFFERENT, 1)
    assert different.width > 3
    assert matched.width + different.width == BAR_WIDTH


@given(st.lists(st.integers(0, 10_000), min_size=len(State), max_size=len(State)))
def test_segments_fill_the_bar(counts: list[int]) -> None:
    found = segments(line(state, count) for state, count in zip(State, counts, strict=True))
    assert sum(one.width for one in found) == (BAR_WIDTH if any(counts) else 0)
    edges = [(one.left, one.left + one.width) for one in found]
    assert all(before[1] == after[0] for before, after in pairwise(edges))
    assert all(one.width > 0 for one in found)


@given(st.lists(st.tuples(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9)), max_size=DAYS_MAX))
def test_bars_stay_in_the_drawing_and_are_as_high_as_their_money(amounts: list[tuple[int, int]]) -> None:
    days = [
        DayMoney("KRW", DAY + timedelta(days=turn), Decimal(expected), Decimal(arrived))
        for turn, (expected, arrived) in enumerate(amounts)
    ]
    for chart in money_charts(days):
        # Without any money there is one line only, and no bar.
        unit = Decimal(CHART_HEIGHT) / (chart.ticks[-1][1] - chart.ticks[0][1] or 1)
        for one in chart.columns:
            for top, height, amount in (
                (one.expected_top, one.expected_height, one.expected),
                (one.arrived_top, one.arrived_height, one.arrived),
            ):
                assert -1 <= top <= top + height <= CHART_HEIGHT + 1
                assert abs(height - abs(amount) * unit) <= 1
                assert (height > 0) == (amount != 0)


def test_many_days_become_months() -> None:
    days = [DayMoney("KRW", DAY + timedelta(days=turn), Decimal(1), Decimal(2)) for turn in range(90)]
    (chart,) = money_charts(days)
    assert [(one.name, one.expected, one.arrived) for one in chart.columns] == [
        ("2025-01", 31, 62),
        ("2025-02", 28, 56),
        ("2025-03", 31, 62),
    ]


def test_each_currency_has_a_chart_of_its_own() -> None:
    days = [DayMoney(currency, DAY, Decimal(1), Decimal(1)) for currency in ("KRW", "USD")]
    assert [chart.currency for chart in money_charts(days)] == ["KRW", "USD"]
