"""A forecast as plain JSON values, and as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

from jeongsan.domain.holds import HoldReason
from jeongsan.domain.money import Money
from jeongsan.inquiry.forecast import Forecast, ForecastDate, Held
from jeongsan.inquiry.hold_view import hold_view
from jeongsan.inquiry.words import hold_reason_word, say, step_words
from jeongsan.wire.views import step_view
from jeongsan.wire.words import money_words


def forecast_view(found: Forecast, language: str) -> dict[str, Any]:
    """The whole forecast; amounts in whole units of their currency."""
    return {
        "mId": found.shop.mid,
        "mode": found.shop.mode.value,
        "today": found.today.isoformat(),
        "through": found.through.isoformat(),
        "dates": [_date(one, language) for one in found.dates],
        "overdue": [
            {
                "currency": currency,
                **_held(held, currency, language),
                "ifReleasedToday": found.if_released_today.isoformat(),
            }
            for currency, held in sorted(found.overdue.items())
        ],
        "waitsForRelease": [
            {
                "currency": one.currency,
                "transactions": one.transactions,
                "amount": Money(one.amount, one.currency).number(),
            }
            for one in found.waiting
        ],
        "later": [
            {"currency": currency, "rows": rows, "payOutAmount": Money(amount, currency).number()}
            for currency, (rows, amount) in sorted(found.later.items())
        ],
        "holds": [hold_view(one, found.shop, language) for one in found.holds],
    }


def _date(one: ForecastDate, language: str) -> dict[str, Any]:
    expected, payout = one.expected, one.payout

    def number(minor: int) -> Any:
        return Money(minor, expected.currency).number()

    return {
        "paidOutDate": expected.paid_out_date.isoformat(),
        "currency": expected.currency,
        "rowsClosed": expected.closed,
        "rowsExpected": expected.expected,
        "payOutAmount": number(expected.pay_out_amount),
        "adjustments": expected.adjustments,
        "adjusted": number(expected.adjusted),
        "held": _held(expected.held, expected.currency, language) if expected.held.rows else None,
        "carriedIn": number(one.carried_in),
        "expectedTransfer": number(0 if payout is None else payout.transferred),
        "carriedOut": number(one.carried_in if payout is None else payout.carried_out),
        "because": [step_view(step) for step in one.because],
        "becauseInWords": "  ".join(step_words(one.because, language)),
    }


def _held(held: Held, currency: str, language: str) -> dict[str, Any]:
    reasons = [reason for reason in HoldReason if reason in held.reasons]
    return {
        "rows": held.rows,
        "payOutAmount": Money(held.pay_out_amount, currency).number(),
        "reasons": [reason.value for reason in reasons],
        "reasonsInWords": ", ".join(hold_reason_word(reason, language) for reason in reasons),
    }


def forecast_lines(view: dict[str, Any], language: str) -> Iterator[str]:
    """A forecast for people: a date and its transfer on a line, what explains it below."""
    yield f"{view['mId']} {view['mode']}  {view['today']} – {view['through']}"
    for one in view["dates"]:
        yield from _date_lines(one, language)
    if not view["dates"]:
        yield "  " + say(language, "지급 예정이 없습니다", "nothing is to be paid out")
    for one in view["overdue"]:
        amount = money_words(one["payOutAmount"], one["currency"], language)
        yield "  " + say(
            language,
            f"지급일이 지난 보류 {one['rows']:,}건 {amount}: {one['reasonsInWords']}, "
            f"오늘 풀리면 {one['ifReleasedToday']} 지급",
            f"overdue and held: {_rows(one['rows'])} {amount}: {one['reasonsInWords']}; "
            f"released today they are paid on {one['ifReleasedToday']}",
        )
    for one in view["waitsForRelease"]:
        amount = money_words(one["amount"], one["currency"], language)
        yield "  " + say(
            language,
            f"정산 대기 거래 {one['transactions']:,}건 {amount} (정산 요청 전)",
            f"waits for release: {one['transactions']:,} transactions {amount}",
        )
    for one in view["later"]:
        amount = money_words(one["payOutAmount"], one["currency"], language)
        yield "  " + say(
            language,
            f"그 이후 {one['rows']:,}건 {amount}",
            f"after {view['through']}: {_rows(one['rows'])} {amount}",
        )


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _date_lines(one: dict[str, Any], language: str) -> Iterator[str]:
    def money(name: str) -> str:
        return money_words(one[name], one["currency"], language)

    closed, expected = one["rowsClosed"], one["rowsExpected"]
    if closed + expected + one["adjustments"]:
        counts = say(
            language,
            f"마감 {closed:,}건 · 마감 전 {expected:,}건 · 정산 {money('payOutAmount')}",
            f"{closed:,} closed, {expected:,} not closed yet, rows {money('payOutAmount')}",
        )
        transfer = say(language, "지급 예정", "transfer")
        yield f"  {one['paidOutDate']}  {transfer} {money('expectedTransfer')}  ({counts})"
        if one["adjustments"]:
            count = one["adjustments"]
            words = say(language, f"정산 조정 {count:,}건", f"adjustments: {count:,}")
            yield f"      {words} {money('adjusted')}"
        if one["carriedIn"]:
            yield f"      {say(language, '앞선 미수금', 'owed from before')} {money('carriedIn')}"
        if one["carriedOut"]:
            yield f"      {say(language, '다음 지급에서 뺄 미수금', 'owed after it')} {money('carriedOut')}"
    else:
        yield f"  {one['paidOutDate']}  {say(language, '지급 없음', 'no transfer')}"
    if one["held"] is not None:
        held = one["held"]
        amount = money_words(held["payOutAmount"], one["currency"], language)
        rows = say(language, f"지급보류 {held['rows']:,}건", f"held: {_rows(held['rows'])}")
        yield f"      {rows} {amount}: {held['reasonsInWords']}"
    if one["becauseInWords"]:
        yield f"      {one['becauseInWords']}"
