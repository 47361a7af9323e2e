"""The columns of a finding in CSV files and spreadsheets: their headers in both languages, and their
cells."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from jeongsan.client.moments import KST
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.finding import Finding, Handling, HandlingState
from jeongsan.reconcile.report.handling_words import handling_label, handling_sentence
from jeongsan.reconcile.report.words import (
    both_sides,
    explanation,
    field_label,
    kind_label,
    label,
    to_do,
)

# `datetime` values carry no zone: they are on Seoul's wall clock, as spreadsheets want them.
Cell = str | int | Decimal | date | datetime | None

# Korean, English.
HEADERS = {
    "id": ("ID", "id"),
    "comparison": ("대사코드", "comparison"),
    "comparison_label": ("대사", "compared"),
    "number": ("번호", "number"),
    "state": ("상태코드", "state"),
    "state_label": ("상태", "what it is"),
    "reasons": ("사유코드", "reasons"),
    "reason_labels": ("사유", "why"),
    "rule": ("규칙", "rule"),
    "shop": ("상점", "shop"),
    "kind": ("구분코드", "kind"),
    "kind_label": ("구분", "what"),
    "order_id": ("주문번호", "order id"),
    "payment_key": ("결제키", "payment key"),
    "transaction_key": ("거래키", "transaction key"),
    "method": ("결제수단", "method"),
    "currency": ("통화", "currency"),
    "left_count": ("왼쪽 건수", "left rows"),
    "right_count": ("오른쪽 건수", "right rows"),
    "left_amount": ("왼쪽 금액", "left amount"),
    "right_amount": ("오른쪽 금액", "right amount"),
    "difference": ("차이", "difference"),
    "left_day": ("왼쪽 날짜", "left day"),
    "right_day": ("오른쪽 날짜", "right day"),
    "fields": ("다른 항목", "what differs"),
    "explanation": ("설명", "explanation"),
    "to_do": ("조치", "to do"),
    "handling": ("처리코드", "handling"),
    "handling_label": ("처리 상태", "handled"),
    "assignee": ("담당자", "assignee"),
    "comment": ("메모", "note"),
    "accept_reason": ("승인 사유", "accepted because"),
    "accepted_by": ("승인자", "accepted by"),
    "adjustment": ("조정 금액", "adjustment"),
    "adjust_reason": ("조정 사유", "adjusted because"),
    "adjusted_by": ("조정자", "adjusted by"),
    "remaining": ("남는 차이", "remaining"),
    "handled_at": ("처리 일시", "handled at"),
    "handled_before": ("이전 처리", "handled before"),
}


def headers(names: Sequence[str], language: Language) -> list[str]:
    """What stands above the columns."""
    return [pick(HEADERS[name], language) for name in names]


def cells(finding: Finding, language: Language) -> dict[str, Cell]:
    """A value for every column. What was decided before a finding changed stands in a column of its own."""
    handling = valid_handling(finding)
    adjusted = handling.adjustment is not None
    changed = handling.state is HandlingState.CHANGED
    return {
        "id": finding.id,
        "comparison": finding.comparison.value,
        "comparison_label": label(finding.comparison, language),
        "number": finding.outcome_number,
        "state": finding.state.value,
        "state_label": label(finding.state, language),
        "reasons": ", ".join(reason.value for reason in finding.reasons),
        "reason_labels": ", ".join(label(reason, language) for reason in finding.reasons),
        "rule": finding.rule,
        "shop": finding.shop,
        "kind": finding.kind,
        "kind_label": "" if finding.kind is None else kind_label(finding.kind, language),
        "order_id": finding.order_id,
        "payment_key": finding.payment_key,
        "transaction_key": finding.transaction_key,
        "method": finding.method,
        "currency": finding.currency,
        "left_count": finding.left_count,
        "right_count": finding.right_count,
        "left_amount": finding.left_amount,
        "right_amount": finding.right_amount,
        "difference": finding.difference,
        "left_day": finding.left_day,
        "right_day": finding.right_day,
        "fields": fields_text(finding, language),
        "explanation": explanation(finding, language),
        "to_do": to_do(finding, language),
        "handling": "" if finding.handling is None else handling.state.value,
        "handling_label": handling_label(finding.handling, language),
        "assignee": handling.assignee,
        "comment": handling.comment,
        "accept_reason": handling.accept_reason,
        "accepted_by": handling.accepted_by,
        "adjustment": handling.adjustment,
        "adjust_reason": handling.adjust_reason,
        "adjusted_by": handling.adjusted_by,
        "remaining": finding.remaining if adjusted else None,
        "handled_at": None
        if handling.at is None
        else handling.at.astimezone(KST).replace(tzinfo=None, microsecond=0),
        "handled_before": handling_sentence(finding, language) if changed else "",
    }


def valid_handling(finding: Finding) -> Handling:
    """What holds for a finding: of what was decided before it changed, only who looks after it."""
    handling = finding.handling or Handling()
    if handling.state is not HandlingState.CHANGED:
        return handling
    return Handling(HandlingState.CHANGED, assignee=handling.assignee, at=handling.at)


def fields_text(finding: Finding, language: Language) -> str:
    """금액: 43,000원 ↔ 40,000원; 날짜: …"""
    parts = []
    for field in finding.fields:
        left, right = both_sides(field, finding.currency, language)
        parts.append(f"{field_label(field.name, language)}: {left} ↔ {right}")
    return "; ".join(parts)
