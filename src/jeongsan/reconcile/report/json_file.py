"""A reconciliation as one JSON object for programs: codes, exact amounts as numbers, days as ISO 8601.

It is written as it is read, finding by finding, and says nothing of files, times of running or folders.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from jeongsan.client.moments import KST
from jeongsan.reconcile.match.codes import Comparison
from jeongsan.reconcile.report.finding import Finding
from jeongsan.reconcile.report.result import Result, Summary
from jeongsan.reconcile.report.verdict import exit_code

VERSION = 1
_encode = msgspec.json.Encoder(decimal_format="number").encode


def write_json(result: Result, path: Path) -> None:
    """`result.json`: a line per finding inside of the object. Raises OSError."""
    with path.open("wb") as file:
        head = _encode(_head(result))
        file.write(head[:-1] + b',"outcomes":[')
        for turn, finding in enumerate(result.findings()):
            file.write((b",\n" if turn else b"\n") + _encode(finding_view(finding)))
        file.write(b"\n]}\n")


def _head(result: Result) -> dict[str, Any]:
    summary = result.summary
    return {
        "version": VERSION,
        "exit": exit_code(summary).value,
        "openCount": summary.open_count,
        "acceptedCount": summary.accepted_count,
        "goneCount": summary.gone,
        "comparisons": [*_comparisons(summary)],
        "read": [
            {
                "side": line.side.value,
                "rows": line.row_count,
                "unreadableRows": line.unreadable_count,
                "isWhole": not (line.unreadable_count or line.file_count),
            }
            for line in summary.read
        ],
        "totals": [
            {
                "comparison": line.comparison.value,
                "side": line.side.value,
                "state": line.state.value,
                "reason": None if line.reason is None else line.reason.value,
                "shop": line.shop,
                "currency": line.currency,
                "rows": line.row_count,
                "amount": line.amount,
            }
            for line in result.totals()
        ],
    }


def _comparisons(summary: Summary) -> Iterator[dict[str, Any]]:
    for comparison in Comparison:
        abnormal = [
            {
                "currency": line.currency,
                "openCount": line.open_count,
                "openAmount": line.open_amount,
                "acceptedCount": line.accepted_count,
                "acceptedAmount": line.accepted_amount,
            }
            for line in summary.abnormal
            if line.comparison is comparison
        ]
        states = [
            {
                "state": line.state.value,
                "side": line.side.value,
                "currency": line.currency,
                "rows": line.row_count,
                "amount": line.amount,
            }
            for line in summary.states
            if line.comparison is comparison
        ]
        if abnormal or states:
            yield {"comparison": comparison.value, "abnormal": abnormal, "states": states}


def finding_view(finding: Finding) -> dict[str, Any]:
    """A finding by its codes; `null` is what nobody knows."""
    nearest = finding.nearest
    return {
        "id": finding.id,
        "comparison": finding.comparison.value,
        "number": finding.outcome_number,
        "state": finding.state.value,
        "reasons": [reason.value for reason in finding.reasons],
        "open": finding.is_open,
        "shop": finding.shop,
        "currency": finding.currency,
        "kind": finding.kind,
        "orderId": finding.order_id,
        "paymentKey": finding.payment_key,
        "transactionKey": finding.transaction_key,
        "method": finding.method,
        "left": {"rows": finding.left_count, "amount": finding.left_amount, "day": finding.left_day},
        "right": {"rows": finding.right_count, "amount": finding.right_amount, "day": finding.right_day},
        "difference": finding.difference,
        "fields": [{"field": one.name, "left": one.left, "right": one.right} for one in finding.fields],
        "nearest": None
        if nearest is None
        else {
            "side": nearest.side,
            "orderId": nearest.order_id,
            "paymentKey": nearest.payment_key,
            "transactionKey": nearest.transaction_key,
            "amount": nearest.amount,
            "day": nearest.day,
            "field": nearest.field,
            "left": nearest.left,
            "right": nearest.right,
        },
        "handling": _handling_view(finding),
    }


def _handling_view(finding: Finding) -> dict[str, Any] | None:
    handling = finding.handling
    if handling is None:
        return None
    return {
        "state": handling.state.value,
        "assignee": handling.assignee or None,
        "comment": handling.comment or None,
        "acceptReason": handling.accept_reason or None,
        "acceptedBy": handling.accepted_by or None,
        "adjustment": handling.adjustment,
        "adjustReason": handling.adjust_reason or None,
        "adjustedBy": handling.adjusted_by or None,
        "remaining": None if handling.adjustment is None else finding.remaining,
        "at": None if handling.at is None else handling.at.astimezone(KST).isoformat(timespec="seconds"),
    }
