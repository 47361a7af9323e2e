"""A reconciliation for the terminal: states and money per comparison, the first findings, what was not read.

Whatever a file says is text from outside: it is shown on one line. A Korean character takes two columns.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.match.codes import Comparison
from jeongsan.reconcile.report.finding import Finding
from jeongsan.reconcile.report.handling_words import handling_sentence
from jeongsan.reconcile.report.result import Abnormal, ReadFile, Result, StateLine, Summary, UnreadRow
from jeongsan.reconcile.report.unread_words import unread_words
from jeongsan.reconcile.report.verdict import verdict_words
from jeongsan.reconcile.report.words import (
    NOTHING,
    explanation,
    identity,
    label,
    money,
    number,
    side_label,
    sides_of,
    to_do,
)

SHOWN_MAX = 10
FILES_SHOWN_MAX = 3
_WIDTH_MAX = 1_000
_COUNT = ("{}개 파일", "{} files")
_STATE = ("상태", "state")
_CURRENCY = ("통화", "currency")
_ROWS = ("{} 건수", "{} rows")
_AMOUNT = ("{} 금액", "{} amount")
_ABNORMAL = ("확인할 차이 {}건, 이상 금액 {}", "{} to decide, {} abnormal")
_ACCEPTED = ("승인 {}건 {}", "{} accepted, {}")
_UNREAD = ("읽지 못한 행 {}건", "{} rows could not be read")
_MORE = ("외 {}건", "{} more")
_TO_DO = ("조치", "to do")
_OPEN = ("확인할 차이", "To decide")


def terminal_text(
    result: Result, language: Language, *, width: int | None = None, shown: int = SHOWN_MAX
) -> str:
    """All of it. `width`: columns of the terminal; None where nothing limits it. `shown`: how many
    findings and unread rows are told one by one."""
    summary = result.summary
    lines = _files([*result.files()], language)
    for comparison, states in groupby(summary.states, lambda line: line.comparison):
        lines += [label(comparison, language), *_table(comparison, [*states], language, width)]
        lines += [f"  {text}" for text in _abnormal(summary, comparison, language)]
        lines.append("")
    if summary.open_count:
        lines += _open_ones([*result.findings(limit=shown, open_only=True)], summary, language)
    unread = sum(line.unreadable_count for line in summary.read)
    if summary.is_unreadable:
        lines += _unread_ones([*result.unread(limit=shown)], unread, language)
    lines.append(verdict_words(summary, language))
    return "\n".join(line.rstrip() for line in lines)


def _files(files: Sequence[ReadFile], language: Language) -> list[str]:
    """What was taken for which list by which layout; of many files the first and the last."""
    lines = []
    for (side, layout), group in groupby(files, lambda one: (one.side, one.layout)):
        names = [printable(one.name) for one in group]
        if layout is None:
            # Told with the reason among what could not be read.
            continue
        shown = ", ".join(names) if len(names) <= FILES_SHOWN_MAX else f"{names[0]} … {names[-1]}"
        count = f" {pick(_COUNT, language).format(f'{len(names):,}')}" if len(names) > 1 else ""
        lines.append(f"{label(side, language)} ({printable(layout)}){count}: {shown}")
    return [*lines, ""] if lines else []


def _table(
    comparison: Comparison, states: Sequence[StateLine], language: Language, width: int | None
) -> list[str]:
    """A line per state and currency, both sides beside each other; where that is too wide, a block each: an
    amount that is cut off would be a lie."""
    shown = sides_of(comparison, {line.side for line in states})
    headers = [pick(_STATE, language), pick(_CURRENCY, language)]
    for side in shown:
        headers += [
            pick(words, language).format(side_label(comparison, side, language)) for words in (_ROWS, _AMOUNT)
        ]
    cells = []
    for (state, currency), found in groupby(states, lambda line: (line.state, line.currency)):
        by_side = {line.side: line for line in found}
        row = [label(state, language), printable(currency)]
        for side in shown:
            line = by_side.get(side)
            row += [NOTHING] * 2 if line is None else [f"{line.row_count:,}", number(line.amount, currency)]
        cells.append(row)
    return _drawn(headers, cells, width)


def _drawn(headers: Sequence[str], cells: Sequence[Sequence[str]], width: int | None) -> list[str]:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, header in enumerate(headers):
        table.add_column(header, justify="left" if column < 2 else "right", no_wrap=True)
    for row in cells:
        table.add_row(*map(Text, row))
    file = io.StringIO()
    console = Console(file=file, width=_WIDTH_MAX, color_system=None, legacy_windows=False)
    if console.measure(table).maximum <= min(width or _WIDTH_MAX, _WIDTH_MAX):
        console.print(table)
        return [f"  {line}" for line in file.getvalue().splitlines()]
    lines = []
    for row in cells:
        lines.append(f"  {row[0]} · {row[1]}")
        lines += [f"    {header}: {cell}" for header, cell in zip(headers[2:], row[2:], strict=True)]
    return lines


def _abnormal(summary: Summary, comparison: Comparison, language: Language) -> Iterator[str]:
    for line in summary.abnormal:
        if line.comparison is comparison:
            yield abnormal_words(line, language)


def abnormal_words(line: Abnormal, language: Language) -> str:
    """How many findings are to be decided about, and how much money they are about."""
    words = pick(_ABNORMAL, language).format(
        f"{line.open_count:,}", money(line.open_amount, line.currency, language)
    )
    if not line.accepted_count:
        return words
    accepted = money(line.accepted_amount, line.currency, language)
    return f"{words} · {pick(_ACCEPTED, language).format(f'{line.accepted_count:,}', accepted)}"


def _open_ones(findings: Sequence[Finding], summary: Summary, language: Language) -> list[str]:
    lines = [pick(_OPEN, language)]
    for turn, finding in enumerate(findings, 1):
        head = [label(finding.comparison, language), *_labels(finding, language), identity(finding)]
        lines.append(f"{turn:>3}  {' · '.join(filter(None, head))}  [{finding.id}]")
        lines.append(f"     {explanation(finding, language)}")
        lines.append(f"     {pick(_TO_DO, language)}: {to_do(finding, language)}")
        handled = handling_sentence(finding, language)
        if handled:
            lines.append(f"     {handled}")
    return [*lines, *_more(summary.open_count - len(findings), language), ""]


def _labels(finding: Finding, language: Language) -> list[str]:
    return [label(code, language) for code in finding.reasons or (finding.state,)]


def _unread_ones(rows: Sequence[UnreadRow], count: int, language: Language) -> list[str]:
    lines = [pick(_UNREAD, language).format(f"{count:,}")]
    lines += [f"     {unread_words(row, language)}" for row in rows]
    return [*lines, *_more(count - len({(row.name, row.row_number) for row in rows}), language), ""]


def _more(count: int, language: Language) -> list[str]:
    return [f"     {pick(_MORE, language).format(f'{count:,}')}"] if count > 0 else []
