"""Contracts for people: terms, changes, versions and published lists as tables."""

import sys
from collections.abc import Iterable, Sequence
from datetime import date

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jeongsan.cli.output import harmless
from jeongsan.domain.contract import Contract
from jeongsan.domain.contract_changes import Change, changes
from jeongsan.domain.instants import iso_kst, kst_day
from jeongsan.domain.price_lists import PRICE_LISTS, PriceList
from jeongsan.domain.terms import Grade, Terms, percent_from_rate
from jeongsan.inquiry.contract_words import (
    BESIDE,
    CANCEL,
    FEE,
    SETTLEMENT,
    change_words,
    days_word,
    facts,
    grade_word,
    label,
    subject_word,
)
from jeongsan.inquiry.words import say
from jeongsan.store.reads.contracts import ContractVersion

# Where nobody watches the width is fixed, so that what is written to a file does not depend on a terminal.
_WIDTH_DEFAULT = 140
_FACTS = (FEE, SETTLEMENT, CANCEL, BESIDE)


def _print(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> None:
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDTH_DEFAULT, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    with console.capture() as capture:
        console.print(table)
    for line in capture.get().splitlines():
        typer.echo(line.rstrip())


def print_terms(contract: Contract, terms: Iterable[Terms], day: date, language: str) -> None:
    """The source, the grade of a day, and the terms in force from that day on."""
    at = say(language, f"{day} 기준", f"at {day}")
    source = f" · {harmless(contract.source)}" if contract.source else ""
    grade = say(language, "등급", "grade")
    typer.echo(f"{at} · {grade} {grade_word(contract.grade_at(day), language)}{source}")
    heads = (say(language, "결제수단", "method"), say(language, "승인일", "approved"), grade)
    rows = [
        [
            subject_word(one.method, one.card_kind, language),
            days_word(one.start, one.end),
            grade_word(one.grade, language),
            *(facts(one.conditions, language)[fact] for fact in _FACTS),
        ]
        for one in terms
        if one.end is None or one.end >= day
    ]
    _print([*heads, *(label(fact, language) for fact in _FACTS)], rows)


def print_changes(found: Sequence[Change], language: str) -> None:
    """What changes for which approvals."""
    if not found:
        typer.echo(
            say(language, "앞으로의 승인에 바뀌는 것이 없습니다.", "Nothing changes for approvals to come.")
        )
        return
    heads = (say(language, "결제수단", "method"), say(language, "승인일", "approved"))
    rows = [
        [
            subject_word(one.method, one.card_kind, language),
            days_word(one.start, one.end),
            change_words(one, language),
        ]
        for one in found
    ]
    _print([*heads, say(language, "지금 → 새 조건", "now → new")], rows)


def print_versions(versions: Sequence[ContractVersion], language: str) -> None:
    """Every version of a contract: when, by whom, from what, and for which methods it changed something."""
    rows = []
    for number, version in enumerate(versions, 1):
        before = versions[number - 2].contract if number > 1 else None
        rows.append(
            [
                str(number),
                iso_kst(version.created_at),
                harmless(version.actor_name),
                harmless(version.contract.source),
                _grades(version.contract, language),
                "" if before is None else _changed(before, version, language),
            ]
        )
    heads = (
        "",
        say(language, "시각", "time"),
        say(language, "바꾼 사람", "by"),
        say(language, "출처", "source"),
        say(language, "등급", "grades"),
        say(language, "바뀐 결제수단", "changed"),
    )
    _print(heads, rows)


def _grades(contract: Contract, language: str) -> str:
    return ", ".join(f"{day} {grade_word(grade, language)}" for day, grade in contract.grades)


def _changed(before: Contract, version: ContractVersion, language: str) -> str:
    found = changes(before, version.contract, kst_day(version.created_at))
    return ", ".join(
        dict.fromkeys(subject_word(one.method, one.card_kind, language) for one in found)
    ) or say(language, "없음", "none")


def print_price_lists(language: str) -> None:
    """The published lists, VAT excluded."""
    heads = [
        say(language, "이름, 회사", "name, company"),
        *(f"{say(language, '카드', 'card')}\n{grade_word(grade, language)}" for grade in Grade),
        say(language, "자동·수기", "billing,\nkey-in"),
        say(language, "해외", "overseas"),
        say(language, "계좌이체", "transfer"),
        say(language, "가상계좌", "virtual\naccount"),
        say(language, "휴대폰", "mobile"),
        say(language, "상품권", "gift"),
        say(language, "에스크로", "escrow"),
    ]
    _print(heads, [_price_row(name, one) for name, one in PRICE_LISTS.items()])
    for name, one in PRICE_LISTS.items():
        typer.echo(f"{name}: {one.source}")


def _price_row(name: str, one: PriceList) -> list[str]:
    rates = (*one.card, one.billing, one.overseas, one.transfer)
    escrow = "–" if one.escrow is None else f"+{percent_from_rate(one.escrow[0])}%, +{one.escrow[1]}"
    return [
        f"{name}\n{one.company}",
        *(f"{percent_from_rate(rate)}%" for rate in rates),
        str(one.virtual_account),
        *(
            "–" if rate is None else f"{percent_from_rate(rate)}%"
            for rate in (one.mobile_phone, one.gift_certificate)
        ),
        escrow,
    ]
