"""An explanation as plain JSON values: every sentence in Korean and English, and the queries that work."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from jeongsan.domain.release import CAUSES
from jeongsan.domain.shop import Mode
from jeongsan.domain.terms import Release
from jeongsan.domain.transactions import Kind
from jeongsan.inquiry.empty_reason import EmptyReason
from jeongsan.inquiry.explain import Explanation, OrderRow
from jeongsan.inquiry.find import Finding, Match
from jeongsan.inquiry.trace import RowState
from jeongsan.inquiry.trace_view import queries, query
from jeongsan.inquiry.words import cause_word
from jeongsan.wire.errors import EN, KO

_DATE_WORDS = {"sold": ("정산 매출일", "sold date"), "paid": ("정산 지급일", "paid-out date")}
Sentence = dict[str, str]


def explain_view(explanation: Explanation) -> dict[str, Any]:
    """`{mode, mId, query, rows, reason, readable, sentences: [{code, ko, en}], order: […], works: […]}`."""
    asked = explanation.query
    sentences = [*_date_type(explanation), *_reason(explanation), *_order(explanation)]
    return {
        "mode": "TEST" if explanation.shop.mode is Mode.TEST else "LIVE",
        "mId": explanation.shop.mid,
        "query": query(asked.start.isoformat(), asked.end.isoformat(), asked.date_type, asked.page),
        "rows": explanation.total,
        "reason": None if explanation.reason is None else explanation.reason.value,
        "readable": None if explanation.readable is None else explanation.readable.isoformat(),
        "sentences": _each_once(sentences),
        "order": [_order_row(row) for row in explanation.rows],
        "works": list(dict.fromkeys(_works(explanation))),
    }


def _each_once(sentences: list[Sentence]) -> list[Sentence]:
    """An approval and a cancel of one day are counted alike; once is enough."""
    return list({sentence["en"]: sentence for sentence in sentences}.values())


def _sentence(code: str, korean: str, english: str) -> Sentence:
    return {"code": code, "ko": korean, "en": english}


def _date_type(explanation: Explanation) -> Iterator[Sentence]:
    if not explanation.date_type_given:
        yield _sentence(
            "DEFAULT_DATE_TYPE",
            "dateType을 주지 않으면 기본값은 soldDate(정산 매출일)입니다. "
            "지급일로 찾으려면 dateType=paidOutDate",
            "without dateType the default is soldDate, the day of the sale; to ask by payout day: "
            "dateType=paidOutDate",
        )


def _reason(explanation: Explanation) -> Iterator[Sentence]:
    if explanation.reason is None:
        yield _sentence(
            "FOUND", f"{explanation.total}건이 조회됩니다", f"{explanation.total} rows are returned"
        )
        return
    korean, english = _DATE_WORDS[explanation.query.date_type]
    other_korean, other_english = _DATE_WORDS["paid" if explanation.query.date_type == "sold" else "sold"]
    words = {
        EmptyReason.TEST_KEY: (
            "테스트 키는 정산을 만들지 않습니다: 기간과 관계없이 항상 빈 목록입니다",
            "test keys settle nothing: the list is empty whatever the dates",
        ),
        EmptyReason.PAGE_BEYOND: (
            f"이 기간은 모두 {explanation.total}건이라 {explanation.query.page}쪽은 비어 있습니다",
            f"the range has {explanation.total} rows in all, so page {explanation.query.page} is empty",
        ),
        EmptyReason.NOT_CLOSED: (
            f"아직 마감 전입니다: {explanation.readable}부터 조회됩니다",
            f"the day is not closed yet: readable from {explanation.readable}",
        ),
        EmptyReason.DATE_TYPE: (
            f"이 기간에 {korean}인 건은 없고, {other_korean}인 건은 있습니다",
            f"no row has its {english} in this range, but some have their {other_english} in it",
        ),
        EmptyReason.OTHER_KEY: (
            "이 상점아이디의 다른 모드(라이브/테스트) 키로는 조회됩니다",
            "the key of this shop's other mode finds rows here",
        ),
        EmptyReason.NONE: (f"이 기간에 {korean}인 건이 없습니다", f"no row has its {english} in this range"),
    }
    yield _sentence(explanation.reason.value, *words[explanation.reason])
    if explanation.reason is EmptyReason.TEST_KEY:
        yield _sentence(
            "SWITCH",
            "샌드박스에서는 상점 설정 settleTestPayments를 켜면 이후의 테스트 승인부터 정산됩니다",
            "in a sandbox the shop's settleTestPayments makes test approvals from then on settle",
        )


def _order(explanation: Explanation) -> Iterator[Sentence]:
    finding, status = explanation.order, explanation.status
    if finding is not None and not finding.payments:
        yield _order_not_found(finding)
    if status is not None and not explanation.rows:
        yield _sentence(
            "NOT_APPROVED",
            f"이 주문의 결제는 승인되지 않았습니다 ({status}): 정산 건이 생기지 않습니다",
            f"the payment of this order was not approved ({status}): it makes no row",
        )
    for row in explanation.rows:
        yield _where(explanation, row)
        yield from _counts(row)
        if not row.returned and row.settling.awaits is None:
            yield _when(row)


def _order_not_found(finding: Finding) -> Sentence:
    if finding.match is Match.AMBIGUOUS:
        those = ", ".join(finding.candidates) + (" …" if finding.more else "")
        return _sentence(
            "AMBIGUOUS_ORDER",
            f"이렇게 시작하는 주문이 여럿입니다: {those}",
            f"more than one order begins like this: {those}",
        )
    if finding.match is Match.CUT:
        return _sentence(
            "CUT_ORDER",
            f"주문번호가 잘린 것 같습니다: {finding.asked}",
            f"the order id looks cut off: {finding.asked}",
        )
    return _sentence(
        "UNKNOWN_ORDER", "이 주문은 찾은 상점 어디에도 없습니다", "none of the shops searched has this order"
    )


def _kind(row: OrderRow) -> tuple[str, str]:
    return ("승인", "approval") if row.settling.transaction.kind is Kind.APPROVAL else ("취소", "cancel")


def _where(explanation: Explanation, row: OrderRow) -> Sentence:
    one, (korean, english) = row.settling, _kind(row)
    sold, paid = one.sold_date, one.paid_out_date
    if row.returned:
        return _sentence(
            "ROW_RETURNED", f"{korean} 건은 이 조회에 있습니다", f"the {english} row is in this list"
        )
    asked = explanation.query
    inside = asked.start <= row.day <= asked.end
    if one.awaits is not None:
        return _released_first(row, one.awaits)
    if one.state is RowState.NEVER and explanation.shop.settles:
        return _sentence(
            "ROW_NEVER",
            f"{korean} 건은 settleTestPayments를 켜기 전에 승인된 결제라 생기지 않습니다",
            f"the payment was approved before settleTestPayments was on, so that its {english} makes no row",
        )
    if one.state is RowState.NEVER:
        return _sentence(
            "ROW_NEVER",
            f"{korean} 건은 테스트라 생기지 않습니다. 라이브였다면 soldDate {sold}, paidOutDate {paid}",
            f"a test {english} makes no row; live it would have soldDate {sold}, paidOutDate {paid}",
        )
    where = ("범위 안", "inside the range") if inside else ("범위 밖", "outside the range")
    return _sentence(
        "ROW_DATES",
        f"{korean} 건: soldDate {sold}, paidOutDate {paid} (조회 {where[0]})",
        f"{english} row: soldDate {sold}, paidOutDate {paid} ({where[1]})",
    )


def _released_first(row: OrderRow, awaits: Release) -> Sentence:
    """Why a row of a payment that waits is not there."""
    korean, english = _kind(row)
    one, cause = row.settling, CAUSES[awaits]
    word, in_english = cause_word(cause, KO), cause_word(cause, EN)
    if one.state is RowState.NEVER:
        return _sentence(
            "ROW_NEVER",
            f"{korean} 건은 {word} 전에 전액 취소되어 매입되지 않았으므로 생기지 않습니다",
            f"the payment was cancelled in full before {in_english}: nothing was acquired, so that its "
            f"{english} makes no row",
        )
    return _sentence(
        "ROW_WAITING",
        f"{korean} 건은 {word}을 기다립니다. 지금 풀리면 soldDate {one.sold_date}, "
        f"paidOutDate {one.paid_out_date}이고 {row.readable_from}부터 조회됩니다",
        f"the {english} row waits for {in_english}; if it were released now: soldDate {one.sold_date}, "
        f"paidOutDate {one.paid_out_date}, readable from {row.readable_from}",
    )


def _counts(row: OrderRow) -> Iterator[Sentence]:
    one = row.settling
    rule = one.terms.conditions.payout
    promised = rule.words
    for day, number in row.counted:
        if number is None:
            korean, english = "은행 영업일이 아닙니다", "no business day"
        elif number == rule.count:
            continue
        else:
            korean, english = f"D+{number}입니다", f"D+{number}"
        yield _sentence(
            "COUNTED",
            f"{day}: {korean}. 이 상점은 {promised} → 지급일 {one.paid_out_date}",
            f"{day} is {english}; this shop is {promised}, paid out on {one.paid_out_date}",
        )


def _when(row: OrderRow) -> Sentence:
    korean, english = _kind(row)
    day, paid = row.readable_from, row.settling.paid_out_date
    if row.settling.state is RowState.NEVER:
        return _sentence(
            "READABLE_FROM",
            f"라이브였다면 다음 날인 {day}부터 조회되고, {paid}까지 기다리는 것은 돈뿐입니다",
            f"live it would be readable the day after, from {day}; only the money would wait until {paid}",
        )
    return _sentence(
        "READABLE_FROM",
        f"{korean} 건은 다음 날인 {day}부터 조회됩니다. {paid}까지 기다리는 것은 돈뿐입니다",
        f"the {english} row is readable the day after, from {day}; only the money waits until {paid}",
    )


def _order_row(row: OrderRow) -> dict[str, Any]:
    one = row.settling
    return {
        "kind": one.transaction.kind.value,
        "transactionKey": one.transaction.transaction_key,
        "state": one.state.value,
        "returned": row.returned,
        "soldDate": one.sold_date.isoformat(),
        "paidOutDate": one.paid_out_date.isoformat(),
        "readableFrom": row.readable_from.isoformat(),
        "counted": [{"date": day.isoformat(), "businessDay": number} for day, number in row.counted],
    }


def _works(explanation: Explanation) -> list[str]:
    """Queries that return rows, now or once the day is closed: of the order, else near the range."""
    if explanation.rows:
        found = [queries(row.settling) for row in explanation.rows if row.settling.expected]
        kind = 0 if explanation.query.date_type == "sold" else 1
        return [one[kind] for one in found] + [one[1 - kind] for one in found]
    asked = explanation.query
    start, end = asked.start.isoformat(), asked.end.isoformat()
    if explanation.reason in (EmptyReason.PAGE_BEYOND, EmptyReason.NOT_CLOSED, EmptyReason.OTHER_KEY):
        return [query(start, end, asked.date_type)]
    if explanation.reason is EmptyReason.DATE_TYPE:
        return [query(start, end, "paid" if asked.date_type == "sold" else "sold")]
    if explanation.reason is EmptyReason.NONE:
        return [_one_day(day, asked.date_type) for day in explanation.nearest if day is not None]
    return []


def _one_day(day: date, date_type: str) -> str:
    return query(day.isoformat(), day.isoformat(), date_type)


def explain_lines(view: dict[str, Any]) -> Iterator[str]:
    """The same for a terminal."""
    yield f"{view['mode']}  {view['mId']}  {view['query']}  → {view['rows']}건 ({view['rows']} rows)"
    for sentence in view["sentences"]:
        yield f"   {sentence['code']:<17}  {sentence['ko']}"
        yield f"   {'':<17}  {sentence['en']}"
    for works in view["works"]:
        yield f"   {'→':<17}  {works}"
