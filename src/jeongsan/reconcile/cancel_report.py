"""A check of cancels for people: a table for the terminal and one HTML page.

Whatever a gateway or a book says is text from outside: it is shown on one line, and escaped in HTML.
"""

import io
from collections.abc import Iterator
from datetime import date, datetime

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.cancel_outcomes import CancelCheck, CheckedCancel, Note, Outcome, Remark
from jeongsan.reconcile.cancel_view import Head, no_row_words
from jeongsan.reconcile.cancel_words import (
    KINDS,
    NO_ROWS,
    OUTCOMES,
    Language,
    in_words,
    kind,
    pick,
    problem_sentence,
    record_sentence,
    sentence,
)
from jeongsan.reconcile.found_cancels import FoundCancel
from jeongsan.reconcile.page_template import page_template

# Longer order ids than any gateway takes still fit.
_WIDTH_MAX = 1_000
# Korean, English.
_COLUMNS = (
    ("판정", "outcome"),
    ("취소 시각", "cancelled at"),
    ("주문번호", "order id"),
    ("취소 금액", "cancelled"),
    ("정산 매출일", "sold date"),
    ("정산 지급일", "paid-out date"),
    ("지급액", "pays out"),
)
_AMOUNT_COLUMNS = (3, 6)
_VERDICTS = {
    True: ("모두 확인되었습니다.", "All accounted for."),
    False: ("확인되지 않은 취소가 있습니다.", "Not all accounted for."),
}
_NOTHING_TO_COMPARE = (
    "대조할 장부가 없어 확인하지 못했습니다. --ours로 우리 취소 장부를 주세요.",
    "There was nothing to compare with: give our own cancels with --ours.",
)
_RECORD = ("기록", "record")
_ROW = ("정산", "settlement")
_BOOK = ("장부", "book")
_APPROVED = ("승인", "approved")
_REASON = ("취소 사유", "reason")
_AS_OF = ("{} 기준", "as of {}")
_BOOK_LINE = ("{}번째 줄", "line {}")
_SUM = ("금액 {}, 수수료 {}, 지급액 {}", "amount {}, fee {}, pays out {}")
_LINES = ("{} {}줄, 다른 기간 {}줄", "{}, {} lines, {} of them about other days")


def terminal_text(check: CancelCheck, head: Head, language: Language, *, width: int | None) -> str:
    """The table, under it what there is to say of single cancels, and the sum. `width`: that of the terminal
    in columns, of which a Korean character takes two; None where nothing limits it."""
    parts = [_heading(check, head, language), *_book_remarks(head, language)]
    if check.cancels:
        parts += [_table(check, language, width), *_remarkable(check, language)]
    parts.append(_summary(check, language))
    lines = "\n".join(parts).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def _heading(check: CancelCheck, head: Head, language: Language) -> str:
    period = check.circumstances.period
    title = pick(("취소 대사", "Check of cancels"), language)
    as_of = pick(_AS_OF, language).format(in_words(head.now, language))
    parts = (
        f"{title} {period.first} – {period.last}",
        head.address,
        as_of,
        _book_words(check, head, language),
    )
    return " · ".join(part for part in parts if part)


def _book_words(check: CancelCheck, head: Head, language: Language) -> str:
    if head.book is None:
        return ""
    count = check.circumstances.book_lines
    words = pick(_LINES, language).format(printable(head.book), count, check.outside_lines)
    return f"{pick(_BOOK, language)} {words}"


def _book_remarks(head: Head, language: Language) -> list[str]:
    name = pick(KINDS[Remark], language)
    return [f"{name}: {problem_sentence(one, language)}" for one in head.book_remarks]


def _summary(check: CancelCheck, language: Language) -> str:
    counts = " · ".join(
        f"{pick(OUTCOMES[outcome], language)} {count}" for outcome, count in check.counts.items() if count
    )
    return " — ".join(part for part in (counts, pick(_verdict(check), language)) if part)


def _verdict(check: CancelCheck) -> tuple[str, str]:
    open_ones = [one for one in check.cancels if not one.accounted]
    if open_ones and all(one.outcome is Outcome.NO_BOOK for one in open_ones):
        return _NOTHING_TO_COMPARE
    return _VERDICTS[check.accounted]


def _table(check: CancelCheck, language: Language, width: int | None) -> str:
    """A table if its longest line fits, else a block per cancel: an amount that is cut off would be a lie."""
    headers = [pick(header, language) for header in _COLUMNS]
    lines = [cells(checked, language) for checked in check.cancels]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("", justify="right", no_wrap=True)
    for number, header in enumerate(headers):
        table.add_column(header, justify="right" if number in _AMOUNT_COLUMNS else "left", no_wrap=True)
    for number, line in enumerate(lines, 1):
        table.add_row(str(number), *(Text(cell) for cell in line))
    file = io.StringIO()
    console = Console(file=file, width=_WIDTH_MAX, color_system=None, legacy_windows=False)
    needed = console.measure(table).maximum
    if needed > min(width or _WIDTH_MAX, _WIDTH_MAX):
        return "\n".join(_block(number, headers, line) for number, line in enumerate(lines, 1)) + "\n"
    console.print(table)
    return file.getvalue()


def _block(number: int, headers: list[str], line: tuple[str, ...]) -> str:
    said = [f"     {header}: {cell}" for header, cell in zip(headers[1:], line[1:], strict=True)]
    return "\n".join([f"{number:>3}  {line[0]}", *said])


def cells(checked: CheckedCancel, language: Language) -> tuple[str, ...]:
    """One line of the table. Where there is no settlement row, its column says why in a word."""
    row = checked.found.row if checked.found is not None else None
    one = _one(checked)
    settled = (None, None, None) if row is None else (row.sold_date, row.paid_out_date, row.pay_out_amount)
    values = (_when(checked), one.order_id, one.cancel_amount, *settled)
    shown = [pick(OUTCOMES[checked.outcome], language)]
    shown += ["–" if value is None else in_words(value, language) for value in values]
    if checked.no_row is not None:
        shown[4] = pick(NO_ROWS[checked.no_row], language)
    return tuple(shown)


def _one(checked: CheckedCancel) -> FoundCancel | BookLine:
    """Who tells of the cancel: the gateway, or else our book."""
    one = checked.found or checked.line
    assert one is not None  # a cancel without either does not exist
    return one


def _when(checked: CheckedCancel) -> datetime | date | None:
    """The moment, or the day where our book knows no more than that."""
    if checked.found is None and checked.line is not None and checked.line.day_only and checked.moment:
        return checked.moment.date()
    return checked.moment


def _remarkable(check: CancelCheck, language: Language) -> list[str]:
    """What to say below the table: of cancels that are not accounted for, or not as usual."""
    lines = []
    for number, checked in enumerate(check.cancels, 1):
        said = facts(checked, language)
        if not checked.accounted or checked.no_row is not None or checked.remarks:
            lines.append(f"{number:>3}  {identity(checked)}")
            lines += [f"       {name}: {text}" for name, text in said]
    return [*lines, ""] if lines else []


def identity(checked: CheckedCancel) -> str:
    """The keys of a cancel, for copying."""
    one = _one(checked)
    return printable("  ".join(key for key in (one.transaction_key, one.payment_key, one.order_id) if key))


def facts(checked: CheckedCancel, language: Language) -> list[tuple[str, str]]:
    """(kind, sentence): what the gateway and the book say, then differences, inferences and remarks."""
    said = [*_told(checked, language)]
    if checked.line is not None:
        said.append((pick(_BOOK, language), pick(_BOOK_LINE, language).format(checked.line.line)))
    notes: tuple[Note, ...] = (*checked.differences, *checked.inferences, *checked.remarks)
    return said + [(kind(note, language), sentence(note, language)) for note in notes]


def _told(checked: CheckedCancel, language: Language) -> Iterator[tuple[str, str]]:
    found = checked.found
    if found is None:
        return
    if found.approved_at is not None:
        yield pick(_APPROVED, language), in_words(found.approved_at, language)
    if found.reason is not None:
        yield pick(_REASON, language), printable(found.reason)
    if found.recorded is not None:
        yield pick(_RECORD, language), record_sentence(found.recorded, language)
    for row in found.rows:
        amounts = (row.amount, row.fee, row.pay_out_amount)
        words = ("–" if amount is None else in_words(amount, language) for amount in amounts)
        yield pick(_ROW, language), pick(_SUM, language).format(*words)
    if checked.no_row is not None:
        yield pick(_ROW, language), no_row_words(checked, language)


def html_page(check: CancelCheck, head: Head, language: Language) -> str:
    """One page that needs nothing else: no script, no file beside it, no request."""
    other = Language.EN if language is Language.KO else Language.KO
    return page_template("jeongsan.reconcile", "cancels.html").render(
        language=language.value,
        title=pick(("취소 대사", "Check of cancels"), language),
        period=check.circumstances.period,
        address=head.address,
        now=pick(_AS_OF, language).format(in_words(head.now, language)),
        book=_book_words(check, head, language),
        remarks=_book_remarks(head, language),
        summary=_summary(check, language),
        accounted=check.accounted,
        columns=[(pick(header, language), pick(header, other)) for header in _COLUMNS],
        amounts=_AMOUNT_COLUMNS,
        cancels=[
            {
                "accounted": one.accounted,
                "outcome": one.outcome.value,
                "cells": cells(one, language),
                "identity": identity(one),
                "facts": facts(one, language),
            }
            for one in check.cancels
        ],
    )
