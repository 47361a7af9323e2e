"""The lines of the first sheet: what it comes to, states and money per comparison, what was read."""

from collections.abc import Iterator
from itertools import groupby

from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.columns import Cell
from jeongsan.reconcile.report.result import Summary
from jeongsan.reconcile.report.verdict import verdict_words
from jeongsan.reconcile.report.words import label, side_label

# Korean, English.
_STATES = (("상태", "state"), ("자료", "side"), ("통화", "currency"), ("건수", "rows"), ("금액", "amount"))
_ABNORMAL = (
    *(("이상 금액", "abnormal"), ("통화", "currency"), ("확인할 건수", "to decide")),
    *(("확인할 금액", "amount"), ("승인 건수", "accepted"), ("승인 금액", "amount accepted")),
)
_READ = (
    *(("읽은 자료", "data read"), ("행", "rows"), ("읽지 못한 행", "rows not read")),
    ("문제 있는 파일", "files with a problem"),
)
_GONE = (
    "이전에 처리했으나 이제 없는 건",
    "handled before, and no more",
)


def summary_lines(summary: Summary, language: Language) -> Iterator[tuple[str, list[Cell]]]:
    """(kind, cells): a kind is `header`, `line` or `note`."""
    yield "note", [verdict_words(summary, language)]
    yield "line", []
    yield "header", [pick(one, language) for one in _ABNORMAL]
    for line in summary.abnormal:
        cells: list[Cell] = [label(line.comparison, language), line.currency, line.open_count]
        yield "line", [*cells, line.open_amount, line.accepted_count, line.accepted_amount]
    for comparison, states in groupby(summary.states, lambda one: one.comparison):
        yield "line", []
        yield "header", [label(comparison, language), *(pick(one, language) for one in _STATES[1:])]
        for state in states:
            names = [label(state.state, language), side_label(comparison, state.side, language)]
            yield "line", [*names, state.currency, state.row_count, state.amount]
    yield "line", []
    yield "header", [pick(one, language) for one in _READ]
    for read in summary.read:
        yield "line", [label(read.side, language), read.row_count, read.unreadable_count, read.file_count]
    if summary.gone:
        yield "line", [pick(_GONE, language), summary.gone]
