"""Where the bars of the page's charts stand, in the units of their drawing; no pixel says an amount by
itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from itertools import groupby

from jeongsan.reconcile.match.codes import State
from jeongsan.reconcile.report.result import DayMoney, StateLine

# Above it, days are put together into months: bars that nobody can tell apart say nothing.
DAYS_MAX = 62
BAR_WIDTH = 1_000
# Few rows among millions are to be seen, too.
_SEGMENT_MIN = 6
CHART_HEIGHT = 160
# Left of the bars stand the amounts.
AXIS = 100
_WIDTH = 1_200
_SLOT_MIN, _SLOT_MAX = 28, 72


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: a state, its rows, and from where to where."""

    state: State
    row_count: int
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Column:
    """Two bars beside each other: what was expected of a day (or month), and what arrived, in drawing
    units."""

    name: str
    expected: Decimal
    arrived: Decimal
    left: int
    width: int
    expected_top: int
    expected_height: int
    arrived_top: int
    arrived_height: int


@dataclass(frozen=True, slots=True)
class MoneyChart:
    """`ticks`: (height, amount) of the lines behind the bars; `zero` is where no money stands."""

    currency: str
    columns: tuple[Column, ...]
    ticks: tuple[tuple[int, Decimal], ...]
    zero: int
    width: int


def segments(lines: Iterable[StateLine]) -> tuple[Segment, ...]:
    """Rows per state of a comparison, both sides and all currencies together. A segment is never so narrow
    that it cannot be seen; the widest gives way for it."""
    counts: dict[State, int] = {}
    for line in lines:
        counts[line.state] = counts.get(line.state, 0) + line.row_count
    counts = {state: count for state, count in counts.items() if count}
    total = sum(counts.values())
    if not total:
        return ()
    widths = {state: max(BAR_WIDTH * count // total, _SEGMENT_MIN) for state, count in counts.items()}
    widest = max(widths, key=lambda state: widths[state])
    widths[widest] += BAR_WIDTH - sum(widths.values())
    found, left = [], 0
    for state in State:
        if state in counts:
            found.append(Segment(state, counts[state], left, widths[state]))
            left += widths[state]
    return tuple(found)


def money_charts(days: Iterable[DayMoney]) -> tuple[MoneyChart, ...]:
    """One per currency."""
    return tuple(
        _money_chart(currency, _grouped([*found]))
        for currency, found in groupby(days, lambda one: one.currency)
    )


def _grouped(days: Sequence[DayMoney]) -> list[tuple[str, Decimal, Decimal]]:
    """(name, expected, arrived) by day, or by month where there are too many days."""
    if len(days) <= DAYS_MAX:
        return [(_short(one.day), one.expected, one.arrived) for one in days]
    months: dict[str, tuple[Decimal, Decimal]] = {}
    for one in days:
        name = f"{one.day:%Y-%m}"
        expected, arrived = months.get(name, (Decimal(0), Decimal(0)))
        months[name] = (expected + one.expected, arrived + one.arrived)
    return [(name, *sums) for name, sums in months.items()]


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"


def _money_chart(currency: str, days: Sequence[tuple[str, Decimal, Decimal]]) -> MoneyChart:
    highest = max([Decimal(0), *(amount for _, *amounts in days for amount in amounts)])
    lowest = min([Decimal(0), *(amount for _, *amounts in days for amount in amounts)])
    step = _round_step(max(highest - lowest, Decimal(1)))
    above, below = _steps(highest, step), _steps(-lowest, step)
    unit = Decimal(CHART_HEIGHT) / ((above + below or 1) * step)
    zero = int(above * step * unit)
    slot = min(max((_WIDTH - AXIS) // max(len(days), 1), _SLOT_MIN), _SLOT_MAX)
    columns = []
    for turn, (name, expected, arrived) in enumerate(days):
        bars = [*_bar(expected, zero, unit), *_bar(arrived, zero, unit)]
        columns.append(Column(name, expected, arrived, AXIS + turn * slot, slot * 2 // 5, *bars))
    ticks = [(int(zero - turn * step * unit), turn * step) for turn in range(-below, above + 1)]
    return MoneyChart(currency, tuple(columns), tuple(ticks), zero, AXIS + len(days) * slot)


def _bar(amount: Decimal, zero: int, unit: Decimal) -> tuple[int, int]:
    """Where it begins and how high it is; what is below nothing hangs down."""
    height = int((abs(amount) * unit).to_integral_value(ROUND_CEILING))
    return (zero - height if amount > 0 else zero), height


def _steps(amount: Decimal, step: Decimal) -> int:
    return int((amount / step).to_integral_value(ROUND_CEILING))


def _round_step(span: Decimal) -> Decimal:
    """A step of 1, 2 or 5 times a power of ten, of which three to six make the span."""
    step = Decimal(10) ** (span.adjusted() - 1)
    for factor in (1, 2, 5, 10, 20):
        if span <= factor * step * 5:
            return factor * step
    return 20 * step
