"""A reconciliation as one HTML page that needs nothing else: no file beside it, no request.

Whatever a file says is text from outside: shown on one line, and escaped by the template.
"""

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from jeongsan.client.keys import printable
from jeongsan.client.moments import KST
from jeongsan.reconcile.cancel_words import Language, in_words, pick
from jeongsan.reconcile.match.codes import Comparison, Reason, Side, State
from jeongsan.reconcile.page_template import page_template
from jeongsan.reconcile.report.charts import AXIS, BAR_WIDTH, CHART_HEIGHT, MoneyChart, money_charts, segments
from jeongsan.reconcile.report.columns import fields_text
from jeongsan.reconcile.report.drill_down import drill_down, row_count
from jeongsan.reconcile.report.finding import Finding
from jeongsan.reconcile.report.handling_words import handling_label, handling_sentence
from jeongsan.reconcile.report.page_words import PAGE_WORDS
from jeongsan.reconcile.report.result import (
    BankLine,
    DepositGroup,
    Payout,
    PayoutRow,
    Result,
    StateLine,
    UnreadRow,
)
from jeongsan.reconcile.report.unread_words import place_words
from jeongsan.reconcile.report.verdict import exit_code, verdict_words
from jeongsan.reconcile.report.words import (
    NOTHING,
    currencies,
    explanation,
    fault_words,
    identity,
    kind_label,
    label,
    money,
    number,
    side_label,
    sides_of,
    to_do,
    words,
)

# A browser shows so many without being slow; the other files have more, and those for programs all of them.
FINDINGS_MAX = 2_000
PAYOUT_ROWS_MAX = 3_000
DEPOSITS_MAX = 500
UNREAD_MAX = 200


@dataclass
class _Deposit:
    """A deposit with what it consists of."""

    group: DepositGroup
    lines: list[BankLine] = field(default_factory=list)
    payouts: list[tuple[Payout, list[PayoutRow]]] = field(default_factory=list)


def write_page(result: Result, path: Path, language: Language, now: datetime) -> None:
    """`now` is shown at the top. Raises OSError."""
    path.write_text(html_page(result, language, now), encoding="utf-8")


def html_page(result: Result, language: Language, now: datetime) -> str:
    """The page, with limits of rows that it names where they are reached."""
    # Open ones first: whoever reads the page is here for them.
    listed = [_row(one, language) for one in result.undecided(limit=FINDINGS_MAX, open_first=True)]
    deposits = _deposits(result)
    script = files(__package__).joinpath("templates", "filter.js").read_text(encoding="utf-8")
    summary = result.summary
    other = Language.EN if language is Language.KO else Language.KO
    return page_template("jeongsan.reconcile.report", "result.html").render(
        language=language.value,
        text={name: pick(one, language) for name, one in PAGE_WORDS.items()},
        other={name: pick(one, other) for name, one in PAGE_WORDS.items()},
        now=in_words(now.astimezone(KST).replace(microsecond=0), language),
        verdict=verdict_words(summary, language),
        exit=exit_code(summary).name,
        cards=_cards(result, language, other),
        chart_height=CHART_HEIGHT,
        bar_width=BAR_WIDTH,
        axis=AXIS,
        money_charts=[_money_chart(one, language) for one in money_charts(result.money_per_day())],
        rows=listed,
        choices=_choices(listed),
        hidden_count=summary.listed_count - len(listed),
        deposits=[_deposit(one, language) for one in deposits[:DEPOSITS_MAX]],
        hidden_deposits=max(len(deposits) - DEPOSITS_MAX, 0),
        hidden_payout_rows=max(row_count(result) - PAYOUT_ROWS_MAX, 0),
        unread=[_unread(one, language) for one in result.unread(limit=UNREAD_MAX)],
        unread_count=sum(line.unreadable_count for line in summary.read),
        script=script,
        # Only this script runs, whatever else should find its way into the page.
        script_digest=b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _cards(result: Result, language: Language, other: Language) -> list[dict[str, Any]]:
    """One per comparison: how much matches, what is open, the table of states, the bar."""
    summary = result.summary
    cards = []
    for comparison, found in groupby(summary.states, lambda line: line.comparison):
        lines = [*found]
        abnormal = [line for line in summary.abnormal if line.comparison is comparison]
        cards.append(
            {
                "code": comparison.value,
                "label": label(comparison, language),
                "other": label(comparison, other),
                "sentence": words(comparison, language).sentence,
                "matched": _share(lines),
                "open": sum(line.open_count for line in abnormal),
                "accepted": sum(line.accepted_count for line in abnormal),
                "amounts": [
                    money(line.open_amount, line.currency, language) for line in abnormal if line.open_count
                ],
                "sides": [side_label(comparison, side, language) for side in _sides(comparison, lines)],
                "states": _states(comparison, lines, language),
                "segments": [
                    {
                        "code": one.state.value,
                        "label": label(one.state, language),
                        "rows": f"{one.row_count:,}",
                        "left": one.left,
                        "width": one.width,
                    }
                    for one in segments(lines)
                ],
            }
        )
    return cards


def _share(lines: Sequence[StateLine]) -> str:
    """The rows that match, of those that could: in per cent, rounded down so that 100 % means all."""
    relevant = [line for line in lines if line.state not in (State.SET_ASIDE, State.OLDER, State.NOT_YET_DUE)]
    total = sum(line.row_count for line in relevant)
    if not total:
        return NOTHING
    matched = sum(line.row_count for line in relevant if line.state is State.MATCHED)
    hundredths = 10_000 * matched // total
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def _sides(comparison: Comparison, lines: Sequence[StateLine]) -> tuple[Side, Side]:
    return sides_of(comparison, {line.side for line in lines})


def _states(comparison: Comparison, lines: Sequence[StateLine], language: Language) -> list[dict[str, Any]]:
    sides = _sides(comparison, lines)
    rows = []
    for (state, currency), found in groupby(lines, lambda line: (line.state, line.currency)):
        by_side = {line.side: line for line in found}
        cells = []
        for side in sides:
            line = by_side.get(side)
            cells += ["", ""] if line is None else [f"{line.row_count:,}", number(line.amount, currency)]
        rows.append(
            {"code": state.value, "label": label(state, language), "currency": currency, "cells": cells}
        )
    return rows


def _money_chart(chart: MoneyChart, language: Language) -> dict[str, Any]:
    def shown(amount: Decimal) -> str:
        return money(amount, chart.currency, language)

    return {
        "currency": chart.currency,
        "width": chart.width,
        "zero": chart.zero,
        "ticks": [(height, number(amount, chart.currency)) for height, amount in chart.ticks],
        "columns": [
            {"column": one, "expected": shown(one.expected), "arrived": shown(one.arrived)}
            for one in chart.columns
        ],
    }


def _row(finding: Finding, language: Language) -> dict[str, Any]:
    currency = finding.currency
    left, right = currencies(finding)
    days = [str(day) if day else "" for day in (finding.left_day, finding.right_day)]
    reasons = finding.reasons
    return {
        "id": finding.id,
        "open": finding.is_open,
        "comparison": finding.comparison.value,
        "comparison_label": label(finding.comparison, language),
        "state": finding.state.value,
        "state_label": label(finding.state, language),
        "reason": reasons[0].value if reasons else "",
        "reason_label": ", ".join(label(reason, language) for reason in reasons),
        "main_reason_label": label(reasons[0], language) if reasons else "",
        "kind": kind_label(finding.kind, language),
        "identity": identity(finding),
        "shop": printable(finding.shop),
        "method": printable(finding.method or ""),
        "currency": printable(currency),
        "left": _amount(finding.left_amount, left, currency, language),
        "right": _amount(finding.right_amount, right, currency, language),
        "difference": "" if finding.difference is None else number(finding.difference, currency),
        "days": " → ".join(dict.fromkeys(filter(None, days))),
        "explanation": explanation(finding, language),
        "fields": fields_text(finding, language),
        "to_do": to_do(finding, language),
        "handling": handling_label(finding.handling, language),
        "handling_code": finding.handling.state.value if finding.handling else "",
        "handled": handling_sentence(finding, language),
    }


def _amount(amount: Decimal | None, currency: str, usual: str, language: Language) -> str:
    """A number; with its currency where that is not the finding's."""
    if amount is None:
        return ""
    return number(amount, currency) if currency == usual else money(amount, currency, language)


def _choices(rows: Sequence[dict[str, Any]]) -> dict[str, list[tuple[str, str, int]]]:
    """(code, label, how many) for the filters, in the order of the codes."""
    found = {}
    for name, shown, codes in (
        ("comparison", "comparison_label", Comparison),
        ("state", "state_label", State),
        ("reason", "main_reason_label", Reason),
    ):
        counts = Counter(row[name] for row in rows)
        labels = {row[name]: row[shown] for row in rows}
        found[name] = [
            (code.value, labels[code.value], counts[code.value]) for code in codes if counts[code.value]
        ]
    return found


def _deposits(result: Result) -> list[_Deposit]:
    """By day; where there are too many, those that do not simply match come first."""
    found: list[_Deposit] = []
    for step in drill_down(result, rows_max=PAYOUT_ROWS_MAX):
        if isinstance(step, DepositGroup):
            found.append(_Deposit(step))
        elif isinstance(step, BankLine):
            found[-1].lines.append(step)
        elif isinstance(step, Payout):
            found[-1].payouts.append((step, []))
        else:
            found[-1].payouts[-1][1].append(step)
    if len(found) > DEPOSITS_MAX:
        found.sort(key=lambda one: one.group.state is State.MATCHED)
    return found


def _deposit(deposit: _Deposit, language: Language) -> dict[str, Any]:
    group = deposit.group
    return {
        "id": group.id,
        "state": group.state.value,
        "state_label": label(group.state, language),
        "reason_label": ", ".join(label(reason, language) for reason in group.reasons),
        "day": str(group.right_day or group.left_day or ""),
        "expected": money(group.left_amount, group.currency, language),
        "arrived": money(group.right_amount, group.currency, language),
        "lines": [
            {
                "day": str(line.day),
                "account": printable(line.account),
                "memo": printable(line.memo),
                "amount": money(line.amount, line.currency, language),
            }
            for line in deposit.lines
        ],
        "payouts": [_payout(payout, rows, language) for payout, rows in deposit.payouts],
    }


def _payout(payout: Payout, rows: Sequence[PayoutRow], language: Language) -> dict[str, Any]:
    return {
        "day": str(payout.paid_out_date),
        "shop": printable(payout.shop),
        "amount": money(payout.amount, payout.currency, language),
        "rows": f"{payout.row_count:,}",
        "hidden": payout.row_count - len(rows),
        "members": [
            {
                "sold_date": str(row.sold_date or ""),
                "kind": kind_label(row.kind, language),
                "method": printable(row.method or ""),
                "order_id": printable(row.order_id or ""),
                "payment_key": printable(row.payment_key or ""),
                "amount": number(row.amount, row.currency),
                "fee": "" if row.fee is None else number(row.fee, row.currency),
                "pay_out": "" if row.pay_out_amount is None else number(row.pay_out_amount, row.currency),
            }
            for row in rows
        ],
    }


def _unread(row: UnreadRow, language: Language) -> dict[str, str]:
    return {
        "side": label(row.side, language),
        "place": place_words(row, language),
        "field": printable(row.field or ""),
        "why": fault_words(row.fault, language),
        "value": printable(row.value),
    }
