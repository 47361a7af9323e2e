"""Parity for people: a table per cancel, the differing values with their reasons, and the verdict."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import typer
from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from jeongsan.cli.output import harmless
from jeongsan.domain.payment_states import Status
from jeongsan.inquiry.differences import ABSENT, What
from jeongsan.inquiry.order_parity import ComparedCancel, OrderFound, OrderParity
from jeongsan.inquiry.parity import Comparison, Explained, Part
from jeongsan.inquiry.parity_sources import ToldCancel
from jeongsan.inquiry.parity_words import part_word, reason_word, source_word, what_word, why_word
from jeongsan.inquiry.words import channel_word, say
from jeongsan.wire.encode import encode

# Where nobody watches the width is fixed, so that what is written to a file does not depend on a terminal.
_WIDTH_DEFAULT = 140
_VALUE_LENGTH_MAX = 34
_VALUE_TAIL_LENGTH = 16


def print_parity(parity: OrderParity, language: str) -> None:
    """Write it to standard output, without the blanks that fill up the tables' lines."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDTH_DEFAULT, highlight=False)
    with console.capture() as capture:
        for line in _lines(parity, language):
            console.print(line, soft_wrap=isinstance(line, Text))
    for text in capture.get().splitlines():
        typer.echo(text.rstrip())


def _lines(parity: OrderParity, language: str) -> Iterator[RenderableType]:
    yield Text(_order(parity.order, language))
    if parity.other is not None:
        yield Text(f"{say(language, '비교', 'with')} {_order(parity.other, language)}")
    for number, one in enumerate(parity.cancels, 1):
        yield Text()
        yield Text(harmless(_title(number, one.told, parity.order.payment.status, language)))
        yield _facts(one, language)
        yield from (Text(line) for line in _missing(one, language))
        if any(each.found for each in one.parity.comparisons):
            yield _values(one, language)
        for path in one.parity.told:
            yield Text(
                f"{say(language, '취소한 사람이나 경로가 드러남', 'gives away who cancelled')}: {path}"
            )
    yield Text()
    yield Text(_verdict(parity, language))


def _order(found: OrderFound, language: str) -> str:
    payment, shop = found.payment, found.shop
    where = f"{shop.mid} {shop.mode.value.upper()}"
    line = f"{payment.order_id} · {payment.payment_key} · {payment.status} · {where}"
    if found.also:
        also = ", ".join(f"{one.mid} {one.mode.value.upper()}" for one in found.also)
        line += (
            f" ({say(language, f'같은 주문번호가 {also}에도 있음', f'the order id exists in {also} too')})"
        )
    return line


def _title(number: int, told: ToldCancel, status: Status, language: str) -> str:
    cancel, audit = told.cancel, told.audit
    if cancel is None or audit is None:
        return f"{say(language, '취소되지 않음', 'not cancelled')} · {status}"
    path = channel_word(audit.actor.channel, language)
    amount = f"{cancel.amount.number():,} {cancel.amount.currency}"
    head = say(language, f"취소 {number}", f"cancel {number}")
    return f"{head} · {path} · {amount} · {cancel.transaction_key}"


def _facts(one: ComparedCancel, language: str) -> Table:
    """A column per body, the webhook first; a row per question that is asked of all."""
    reference, compared = one.parity.reference, one.parity.comparisons
    same = say(language, "= 같음", "= same")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for each in (reference, *compared):
        table.add_column(_head(each, language))

    def row(korean: str, english: str, first: str, others: Iterable[str] = ()) -> None:
        table.add_row(say(language, korean, english), first, *others)

    sources = [source_word(each.column.source, language) for each in (reference, *compared)]
    row("출처", "source", sources[0], sources[1:])
    row(
        "최상위 키, 순서대로",
        "top-level keys, in order",
        str(len(reference.keys)),
        [_count(each.keys, reference.keys, same) for each in compared],
    )
    entry = f"cancels[{one.parity.entry or 0}]"
    row(
        f"{entry} 키, 순서대로",
        f"{entry} keys, in order",
        str(len(reference.entry_keys) or "-"),
        [_count(each.entry_keys, reference.entry_keys, same) for each in compared],
    )
    types = [sum(found.difference.what is What.TYPE for found in each.found) for each in compared]
    row("타입", "types", "", [str(count) if count else same for count in types])
    row("차이", "differences", "", [_differing(each, language) for each in compared])
    told = say(language, "있음", "yes") if one.parity.told else say(language, "없음", "no")
    row("본문에 사람·경로", "person or path in body", told)
    return table


def _head(one: Comparison, language: str) -> str:
    word = part_word(one.column.part, language)
    return f"{word}\n{one.column.order_id}" if one.column.other else word


def _count(keys: tuple[str, ...], wanted: tuple[str, ...], same: str) -> str:
    if not keys:
        return "-"
    return f"{len(keys)} {same}" if keys == wanted else str(len(keys))


def _differing(one: Comparison, language: str) -> str:
    if not one.found:
        return "-"
    if not one.unexplained:
        return str(len(one.found))
    unexplained = say(language, "설명되지 않음", "unexplained")
    return f"{len(one.found)} ({unexplained} {len(one.unexplained)})"


def _missing(one: ComparedCancel, language: str) -> Iterator[str]:
    for missing in one.told.missing:
        yield f"{part_word(missing.part, language)}: {why_word(missing, language)}"
    if one.beside is None or one.beside.answer is not None:
        return
    for missing in one.beside.missing:
        if missing.part is Part.ANSWER:
            word = part_word(missing.part, language)
            yield f"{word} {one.beside.webhook.order_id}: {why_word(missing, language)}"


def _values(one: ComparedCancel, language: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in (
        say(language, "다른 곳", "where"),
        say(language, "웹훅", "webhook"),
        say(language, "비교 값", "compared"),
        say(language, "이유", "reason"),
    ):
        table.add_column(head, overflow="fold")
    for each in one.parity.comparisons:
        if each.found:
            head = _head(each, language).replace("\n", " ")
            table.add_row(Text(f"[{head}]", style="bold"))
        for found in each.found:
            table.add_row(*_value(found, language))
    return table


def _value(found: Explained, language: str) -> tuple[Text, ...]:
    difference = found.difference
    reason = reason_word(found.reason, language)
    if difference.what in (What.TYPE, What.ORDER):
        reason = f"{what_word(difference.what, language)}: {reason}"
    style = "" if found.reason is not None else "bold red"
    sides = (_shown(difference.left), _shown(difference.right))
    return tuple(Text(harmless(text), style=style) for text in (difference.path or "-", *sides, reason))


def _shown(value: Any) -> str:
    """JSON on one line; of a long text its beginning and its end."""
    if value is ABSENT:
        return "-"
    text = encode(value).decode()
    if len(text) <= _VALUE_LENGTH_MAX:
        return text
    head = _VALUE_LENGTH_MAX - _VALUE_TAIL_LENGTH - 1
    return f"{text[:head]}…{text[-_VALUE_TAIL_LENGTH:]}"


def _verdict(parity: OrderParity, language: str) -> str:
    unexplained = sum(one.parity.unexplained for one in parity.cancels)
    if parity.holds:
        return say(
            language, "같음 ✓ 모든 차이에 이유가 있습니다", "parity holds ✓ every difference has its reason"
        )
    return say(
        language,
        f"다름 ✗ 설명되지 않는 차이 {unexplained}건",
        f"parity broken ✗ {unexplained} differences without a reason",
    )
