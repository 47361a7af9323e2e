"""The words of the answers, Korean first."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from jeongsan.domain.business_days import WEEKEND, Step
from jeongsan.domain.channels import Channel
from jeongsan.domain.holds import RELEASE_CAUSE, HoldReason
from jeongsan.domain.redating import CALENDAR_CAUSE
from jeongsan.domain.release import Cause
from jeongsan.store.reads.trace import Move
from jeongsan.wire.errors import EN

_CHANNELS = {
    Channel.API: ("API", "API"),
    Channel.MERCHANT_ADMIN: ("상점관리자", "merchant admin"),
    Channel.DEVELOPER_CENTRE: ("개발자센터", "developer centre"),
    Channel.NETWORK_CANCEL: ("망취소", "network cancel"),
    Channel.GATEWAY_FORCED: ("직권취소", "forced cancel"),
    Channel.SANDBOX_BUYER: ("구매자(모의)", "simulated buyer"),
    Channel.SYSTEM: ("시스템", "system"),
}
_HOLD_REASONS = {
    HoldReason.CONTRACT_INCOMPLETE: ("계약 미완료", "contract not complete"),
    HoldReason.SETTLEMENT_LIMIT: ("정산 한도 초과", "settlement limit exceeded"),
    HoldReason.KYC: ("고객 확인(KYC) 미완료", "KYC pending"),
    HoldReason.ACCOUNT_FAILURE: ("입금 계좌 오류", "account failure"),
    HoldReason.DISPUTE: ("분쟁", "dispute"),
}
_CAUSES = {
    Cause.REQUEST: ("수동 정산 요청", "the merchant's request to settle"),
    Cause.CONFIRMATION: ("구매확정", "the purchase confirmation"),
    Cause.COLLECTION: ("휴대폰 요금 수납", "the collection of the phone bill"),
}
_MOVE_CAUSES = {RELEASE_CAUSE: ("지급보류 해제", "hold released")}
_WEEKEND = "weekend"
_CIRCLED_MAX = 20
_CIRCLED_ONE = 0x2460


def say(language: str, korean: str, english: str) -> str:
    """One of the two."""
    return english if language == EN else korean


def channel_word(channel: Channel, language: str) -> str:
    """The path as people call it."""
    return say(language, *_CHANNELS[channel])


def hold_reason_word(reason: HoldReason, language: str) -> str:
    """Why money is held, as people say it."""
    return say(language, *_HOLD_REASONS[reason])


def cause_word(cause: Cause, language: str) -> str:
    """What a payment waits for, or was released by."""
    return say(language, *_CAUSES[cause])


def in_language(step: Step, language: str) -> Step:
    """The step with the word for a weekend in this language; holidays have their names from the calendar."""
    return replace(step, reason=say(language, WEEKEND, _WEEKEND)) if step.reason == WEEKEND else step


def step_words(steps: Iterable[Step], language: str) -> list[str]:
    """`4/28 ①`, `5/1 근로자의 날 ✗`: each day of a count; a weekend, however long, is one word."""
    words: list[str] = []
    for closed, group in groupby(steps, key=lambda step: step.reason):
        days = list(group)
        if closed == WEEKEND:
            words.append(f"{_span(days[0].day, days[-1].day)} {say(language, WEEKEND, _WEEKEND)} ✗")
        elif closed is not None:
            words.extend(f"{_short(step.day)} {closed} ✗" for step in days)
        else:
            words.extend(f"{_short(step.day)} {_numbered(step.number or 0)}" for step in days)
    return words


def move_words(move: Move, language: str) -> str:
    """`지급일 변경 5/8 → 5/9: 임시공휴일, 출처 관보`; the version's days on the way are named."""
    worked = say(language, "영업일", "a business day")
    why = [name or f"{_short(day)} {worked}" for day, name in move.days]
    if move.cause != CALENDAR_CAUSE:
        why.append(say(language, *_MOVE_CAUSES.get(move.cause, (move.cause, move.cause))))
    if not why:
        why.append(say(language, "달력 변경", "the calendar changed"))
    if move.source is not None:
        why.append(say(language, f"출처 {move.source}", f"source {move.source}"))
    head = say(language, "지급일 변경", "paid-out date changed")
    return f"{head} {_short(move.from_day)} → {_short(move.to_day)}: {', '.join(why)}"


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"


def _span(first: date, last: date) -> str:
    if first == last:
        return _short(first)
    return f"{_short(first)}–{last.day if first.month == last.month else _short(last)}"


def _numbered(number: int) -> str:
    if 1 <= number <= _CIRCLED_MAX:
        return chr(_CIRCLED_ONE + number - 1)
    return f"({number})"


def day_after(day: date) -> date:
    """The first day on which the rows of a settle day can be read."""
    return day + timedelta(days=1)
