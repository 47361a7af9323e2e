"""What a reconciliation comes to in one word, for a scheduler as an exit code, for people as a sentence."""

from collections.abc import Iterator
from enum import IntEnum
from itertools import groupby

from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.report.result import Summary
from jeongsan.reconcile.report.words import label, money


class Exit(IntEnum):
    """CLEAN: what does not match is not yet due, older, set aside or accepted. OPEN: findings that
    somebody has to decide about. UNREADABLE: a row or a file was not read, so that the rest proves
    nothing."""

    CLEAN = 0
    OPEN = 1
    UNREADABLE = 2


_WORDS = {
    Exit.CLEAN: ("모두 맞습니다.", "Everything agrees."),
    Exit.OPEN: ("확인할 차이가 {}건 있습니다", "{} findings to decide about"),
    Exit.UNREADABLE: (
        "읽지 못한 행이나 파일이 있어 결과가 완전하지 않습니다. 확인할 차이 {}건",
        "Rows or files were not read, so the result is incomplete. {} findings to decide about",
    ),
}
_OF_ONE = ("{} {}건 {}", "{} {} of {}")
_ACCEPTED = (" 승인된 차이 {}건.", " {} accepted.")
_GONE = (" 처리했던 것 가운데 {}건은 이제 없습니다.", " {} that were handled are no more.")


def exit_code(summary: Summary) -> Exit:
    """Unreadable goes before open: the open ones may come from what is missing."""
    if summary.is_unreadable:
        return Exit.UNREADABLE
    return Exit.OPEN if summary.open_count else Exit.CLEAN


def verdict_words(summary: Summary, language: Language) -> str:
    """One or two sentences. The comparisons stand beside each other and are not added: what one lacks is
    often the same money that another lacks."""
    text = pick(_WORDS[exit_code(summary)], language).format(f"{summary.open_count:,}")
    parts = [*_parts(summary, language)]
    if parts:
        text += f": {'; '.join(parts)}"
    text = text if text.endswith(".") else f"{text}."
    if summary.accepted_count:
        text += pick(_ACCEPTED, language).format(f"{summary.accepted_count:,}")
    if summary.gone:
        text += pick(_GONE, language).format(f"{summary.gone:,}")
    return text


def _parts(summary: Summary, language: Language) -> Iterator[str]:
    for comparison, found in groupby(summary.abnormal, lambda line: line.comparison):
        lines = [line for line in found if line.open_count]
        if lines:
            amounts = " + ".join(money(line.open_amount, line.currency, language) for line in lines)
            count = sum(line.open_count for line in lines)
            yield pick(_OF_ONE, language).format(label(comparison, language), f"{count:,}", amounts)
