"""The answer to "what became of these ids?": a row for each, with the traces behind it."""

from collections.abc import Collection, Sequence
from typing import Any

from jeongsan.domain.shop import Mode
from jeongsan.inquiry.find import Finding, Match, find
from jeongsan.inquiry.records import Records
from jeongsan.inquiry.trace import trace_payment
from jeongsan.inquiry.trace_view import trace_view
from jeongsan.inquiry.words import say


async def trace_ids(
    records: Records, ids: Sequence[str], *, redact: Collection[str] = ()
) -> list[dict[str, Any]]:
    """For each id `{asked, match, words, id, candidates, moreCandidates, traces}`; live before test traces.
    Raises Refusal INVALID_REQUEST for too many ids."""
    return [await _answer(records, finding, redact) for finding in await find(records, ids)]


async def _answer(records: Records, finding: Finding, redact: Collection[str]) -> dict[str, Any]:
    traces = [
        trace_view(trace, records.language, redact)
        for shop, payment_key in finding.payments
        if (trace := await trace_payment(records, shop, payment_key)) is not None
    ]
    return {
        "asked": finding.asked,
        "match": finding.match.value,
        "words": _words(finding, records),
        "id": finding.whole_id,
        "candidates": list(finding.candidates),
        "moreCandidates": finding.more,
        "traces": traces,
    }


def _words(finding: Finding, records: Records) -> str:
    asked, count = finding.asked, len(finding.candidates)
    korean, english = _searched(records)
    many = (
        (f"{count}건보다 많습니다", f"more than {count}")
        if finding.more
        else (f"{count}건입니다", str(count))
    )
    sentences = {
        Match.EXACT: ("찾았습니다", "found"),
        Match.PREFIX: (f"앞부분만 주셨습니다: {finding.whole_id}", f"only its beginning: {finding.whole_id}"),
        Match.AMBIGUOUS: (f"이렇게 시작하는 번호가 {many[0]}", f"{many[1]} ids begin like this"),
        Match.UNKNOWN: (
            f"찾은 상점 어디에도 없습니다 ({korean})",
            f"in none of the shops searched ({english})",
        ),
        Match.CUT: (f"잘린 번호로 보입니다: {asked}", f"looks cut off: {asked}"),
    }
    return say(records.language, *sentences[finding.match])


def _searched(records: Records) -> tuple[str, str]:
    """The modes that were looked in: whoever has a test key has not seen the live payments."""
    modes = dict.fromkeys(shop.mode for shop in records.shops)
    korean = {Mode.LIVE: "라이브", Mode.TEST: "테스트"}
    return ", ".join(korean[mode] for mode in modes) or "없음", ", ".join(modes) or "none"
