"""The words for what was decided about a finding."""

from collections.abc import Iterator

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.finding import Finding, Handling, HandlingState
from jeongsan.reconcile.report.words import money

# Korean, English: a label, what it means.
HANDLING = {
    HandlingState.OPEN: ("미처리", "open"),
    HandlingState.ASSIGNED: ("담당 지정", "assigned"),
    HandlingState.ACCEPTED: ("승인", "accepted"),
    HandlingState.CHANGED: ("재확인", "changed"),
}
_CHANGED = (
    "이 건에 대한 이전 처리가 있으나 그 뒤 내용이 달라져 다시 정해야 합니다",
    "Something was decided about it before, but it has changed since: decide again",
)
_BEFORE = ("이전", "before")
_ASSIGNEE = ("담당 {}", "assigned to {}")
_COMMENT = ("메모: {}", "note: {}")
_ACCEPTED = ("{} 승인: {}", "accepted by {}: {}")
_ADJUSTED = ("조정 {}({}: {}), 남는 차이 {}", "adjusted by {} ({}: {}), {} remain")


def handling_label(handling: Handling | None, language: Language) -> str:
    """A word for how far it is; "" where there is nothing to decide."""
    return "" if handling is None else pick(HANDLING[handling.state], language)


def handling_sentence(finding: Finding, language: Language) -> str:
    """Everything that was said about a finding, on one line; "" where nobody said anything."""
    handling = finding.handling
    if handling is None:
        return ""
    said = " · ".join(_said(finding, handling, language))
    if handling.state is HandlingState.CHANGED:
        return f"{pick(_CHANGED, language)} ({pick(_BEFORE, language)}: {said})"
    return said


def _said(finding: Finding, handling: Handling, language: Language) -> Iterator[str]:
    if handling.assignee:
        yield pick(_ASSIGNEE, language).format(printable(handling.assignee))
    if handling.accept_reason:
        by, why = printable(handling.accepted_by), printable(handling.accept_reason)
        yield pick(_ACCEPTED, language).format(by, why)
    if handling.comment:
        yield pick(_COMMENT, language).format(printable(handling.comment))
    if handling.adjustment is not None:
        yield pick(_ADJUSTED, language).format(
            money(handling.adjustment, finding.currency, language),
            printable(handling.adjusted_by),
            printable(handling.adjust_reason),
            money(finding.remaining, finding.currency, language),
        )
