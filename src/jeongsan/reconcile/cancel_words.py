"""The words of a check of cancels, Korean and English: a sentence per code, values put in."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from jeongsan.client.keys import printable
from jeongsan.client.rows import RecordedCancel
from jeongsan.reconcile.cancel_book import Fault, Problem
from jeongsan.reconcile.cancel_outcomes import Difference, Inference, NoRow, Note, Outcome, Remark, Value


class Language(StrEnum):
    """Whose words."""

    KO = "ko"
    EN = "en"


# Korean, English.
OUTCOMES = {
    Outcome.OURS: ("우리 취소", "ours"),
    Outcome.NOT_OURS: ("우리 취소 아님", "not ours"),
    Outcome.ONLY_IN_OUR_BOOK: ("우리 장부에만 있음", "only in our book"),
    Outcome.NO_BOOK: ("대조할 장부 없음", "no book to compare"),
}
NO_ROWS = {
    NoRow.TEST_KEY: ("테스트 키", "test key"),
    NoRow.TOO_YOUNG: ("아직 아님", "not yet"),
    NoRow.NEVER_APPROVED: ("입금 전 취소", "before deposit"),
    NoRow.NOT_DONE: ("처리 미완료", "not done"),
    NoRow.MISSING: ("정산 건 없음", "row missing"),
}
_NO_ROW_SENTENCES = {
    NoRow.TEST_KEY: (
        "테스트 키의 거래는 정산 건이 만들어지지 않습니다.",
        "Transactions of a test key never get a settlement row.",
    ),
    NoRow.TOO_YOUNG: (
        "정산 건은 {readableFrom}부터 조회할 수 있습니다.",
        "Its settlement row can be read from {readableFrom}.",
    ),
    NoRow.NEVER_APPROVED: (
        "입금 전에 취소된 결제라 정산할 금액이 없습니다.",
        "Cancelled before any deposit: there is nothing to settle.",
    ),
    NoRow.NOT_DONE: (
        "취소 상태가 {status}라서 아직 정산되지 않습니다.",
        "The cancel is {status}, so it is not settled.",
    ),
    NoRow.MISSING: (
        "취소 다음 날이 지났는데도 정산 건이 없습니다.",
        "The day after the cancel has come, and there is no settlement row.",
    ),
}
_NOTES: dict[Difference | Inference | Remark, tuple[str, str]] = {
    Difference.AMOUNT: (
        "취소 금액이 다릅니다: 우리 장부 {ours}, 게이트웨이 {theirs}",
        "The amounts differ: {ours} in our book, {theirs} at the gateway",
    ),
    Difference.PAYMENT_KEY: (
        "결제 키가 다릅니다: 우리 장부 {ours}, 게이트웨이 {theirs}",
        "The payment keys differ: {ours} in our book, {theirs} at the gateway",
    ),
    Difference.ORDER_ID: (
        "주문번호가 다릅니다: 우리 장부 {ours}, 게이트웨이 {theirs}",
        "The order ids differ: {ours} in our book, {theirs} at the gateway",
    ),
    Difference.NOT_IN_TRANSACTIONS: (
        "거래 조회에는 이 취소가 없습니다",
        "The list of transactions does not have this cancel",
    ),
    Difference.BEFORE_APPROVAL: (
        "취소 시각이 승인 시각 {approvedAt}보다 앞섭니다",
        "It is cancelled before its approval of {approvedAt}",
    ),
    Difference.SEVERAL_ROWS: (
        "취소 하나에 정산 건이 {rows}개 있습니다",
        "One cancel has {rows} settlement rows",
    ),
    Difference.ROW_AMOUNT: (
        "정산 건의 금액 {amount}이 취소 금액 {cancelAmount}과 맞지 않습니다",
        "The row's amount {amount} is not minus the cancelled {cancelAmount}",
    ),
    Difference.ROW_SUM: (
        "정산 건의 합이 맞지 않습니다: {amount} − {fee} ≠ {payOutAmount}",
        "The row does not add up: {amount} − {fee} ≠ {payOutAmount}",
    ),
    Difference.ABSENT_FIELDS: (
        "정산 건에 없는 항목: {fields}",
        "Fields that the row lacks: {fields}",
    ),
    Inference.OUTSIDE_OUR_SYSTEM: (
        "우리 시스템 밖에서 취소되었습니다. 근거: 우리 취소 장부 {lines}줄에 없음",
        "Cancelled outside of our system. Evidence: not among the {lines} lines of our book",
    ),
    Inference.NETWORK_CANCEL_LIKELY: (
        "망취소로 보입니다. 근거: 승인({approvedAt}) {after} 뒤에 취소됨",
        "Probably a network cancel (망취소). Evidence: {after} after the approval of {approvedAt}",
    ),
    Inference.NETWORK_CANCEL_UNLIKELY: (
        "망취소일 가능성이 낮습니다. 근거: 승인({approvedAt}) {after} 뒤에 취소됨",
        "Hardly a network cancel (망취소). Evidence: {after} after the approval of {approvedAt}",
    ),
    Inference.NO_NETWORK_CANCEL: (
        "망취소 아님. 근거: 승인({approvedAt}) {after} 뒤에 취소됨",
        "No network cancel (망취소). Evidence: {after} after the approval of {approvedAt}",
    ),
    Inference.KEY_TIME_AGREES: (
        "취소 시각이 거래 키와 초까지 같습니다. 근거: 거래 키 안의 시각 {keyTime}",
        "The time of the cancel is right to the second. Evidence: {keyTime} in its transaction key",
    ),
    Inference.KEY_TIME_DIFFERS: (
        "취소 시각이 거래 키와 {apart} 다릅니다. 근거: 거래 키 안의 시각 {keyTime}",
        "The time of the cancel is {apart} off. Evidence: {keyTime} in its transaction key",
    ),
    Inference.KEY_WITHOUT_TIME: (
        "거래 키로 시각을 확인할 수 없습니다. 근거: 시각이 없는 옛 형식의 키",
        "The transaction key cannot confirm the time. Evidence: a key of the old form has none inside",
    ),
    Remark.OLD_VERSION: (
        "API 키의 버전이 오래되어 정산 건에 없는 항목: {fields}",
        "Absent from the row because of the key's old API version: {fields}",
    ),
    Remark.SAME_DAY: (
        "승인과 같은 날 취소: 두 정산 건의 지급액 합 {net}",
        "Cancelled on the day of its approval: the two rows pay out {net} together",
    ),
    Remark.API_BUT_NOT_IN_BOOK: (
        "게이트웨이 기록으로는 우리 API 키({key})로 취소되었는데 우리 장부에 없습니다",
        "By the gateway's record made with our API key ({key}), yet not in our book",
    ),
    Remark.NO_TIME_IN_BOOK: (
        "장부에 시각이 없어 다른 기간의 취소일 수도 있습니다",
        "The book has no time for it, so it may be a cancel of another period",
    ),
}
KINDS = {
    Difference: ("차이", "difference"),
    Inference: ("추정", "inference"),
    Remark: ("참고", "remark"),
}
_FAULTS = {
    Fault.NO_FILE: ("파일을 읽을 수 없습니다", "the file cannot be read"),
    Fault.SPREADSHEET: (
        "엑셀 파일입니다. 'CSV UTF-8'로 다시 저장해 주세요",
        "a spreadsheet: save it as CSV",
    ),
    Fault.ENCODING: ("UTF-8도 CP949도 아닙니다", "neither UTF-8 nor CP949"),
    Fault.NOT_CSV: ("CSV 형식이 아닙니다. 이 줄부터 읽지 못했습니다", "no CSV from this line on"),
    Fault.NO_KEY_COLUMN: (
        "거래키·취소요청id·결제키·주문번호 가운데 어느 열도 없습니다",
        "no column for transactionKey, cancelRequestId, paymentKey or orderId",
    ),
    Fault.SAME_COLUMN_TWICE: ("같은 뜻의 열이 둘 이상입니다", "more than one column for the same thing"),
    Fault.FIELD_COUNT: ("칸 수가 머리글과 다릅니다", "not as many cells as the header has"),
    Fault.NO_KEY: ("취소를 찾을 키가 하나도 없습니다", "no key to find the cancel by"),
    Fault.NO_AMOUNT: (
        "결제키나 주문번호로 찾으려면 취소 금액이 있어야 합니다",
        "by payment key or order id a cancel is found only with its amount",
    ),
    Fault.NOT_AN_AMOUNT: ("금액이 아닙니다", "is no amount above zero"),
    Fault.NOT_A_TIME: ("날짜나 시각이 아닙니다", "is no date or time"),
    Fault.SERIAL_NUMBER: (
        "엑셀의 날짜 일련번호입니다. 셀 서식을 날짜로 바꾸어 다시 저장해 주세요",
        "is a spreadsheet's serial number of a date: format the column as a date and save it again",
    ),
    Fault.UNKNOWN_COLUMNS: (
        "알 수 없는 열이라 읽지 않았습니다",
        "columns that are not known and were not read",
    ),
    Fault.TOTAL_LINE: ("합계 줄이라 취소로 보지 않았습니다", "a total, not taken for a cancel"),
}
_CHANNELS = {
    "api": ("API", "API"),
    "merchant-admin": ("상점관리자", "merchant admin"),
    "developer-centre": ("개발자센터", "developer centre"),
    "network-cancel": ("망취소", "network cancel"),
    "gateway-forced": ("직권취소", "forced cancel"),
}


def pick(words: tuple[str, str], language: Language) -> str:
    """One of (Korean, English)."""
    return words[0] if language is Language.KO else words[1]


def sentence(note: Note, language: Language) -> str:
    """What a note says."""
    return _filled(pick(_NOTES[note.code], language), note.values, language)


def kind(note: Note, language: Language) -> str:
    """Whether it is a difference, an inference or a remark."""
    return pick(KINDS[type(note.code)], language)


def no_row_sentence(no_row: NoRow, values: Mapping[str, Value], language: Language) -> str:
    """Why there is no settlement row; `values` may name readableFrom and status."""
    return _filled(pick(_NO_ROW_SENTENCES[no_row], language), values, language)


def record_sentence(recorded: RecordedCancel, language: Language) -> str:
    """Who cancelled, as the gateway recorded it."""
    channel = pick(_CHANNELS.get(recorded.channel, (recorded.channel,) * 2), language)
    parts = (channel, recorded.actor, recorded.key, recorded.address)
    return printable(" · ".join(part for part in parts if part))


def problem_sentence(problem: Problem, language: Language) -> str:
    """Where a file cannot be read, and why."""
    where = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
    field = "" if problem.field is None else f" {problem.field}"
    value = f" ({problem.value})" if problem.value else ""
    return f"{printable(where)}{field}: {pick(_FAULTS[problem.fault], language)}{value}"


def _filled(template: str, values: Mapping[str, Value], language: Language) -> str:
    shown = {name: in_words(value, language) for name, value in values.items()}
    return re.sub(r"\{(\w+)\}", lambda found: shown[found[1]], template)


def in_words(value: Value, language: Language) -> str:
    """A value as people write it: 15,000; 2025-03-13 13:35:03; 42일 21시간."""
    if isinstance(value, datetime):
        fine = "milliseconds" if value.microsecond else "seconds"
        return value.replace(tzinfo=None).isoformat(" ", timespec=fine)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value, language)
    if isinstance(value, int | Decimal):
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return printable(value)


# How long, Korean, English; the two largest are enough for a person.
_UNITS = ((86_400, "일", "d"), (3_600, "시간", "h"), (60, "분", "min"), (1, "초", "s"))


def _duration(value: timedelta, language: Language) -> str:
    if timedelta() < value < timedelta(seconds=1):
        return f"0.{value.microseconds // 1_000:03}{pick(('초', ' s'), language)}"
    seconds = value.days * 86_400 + value.seconds
    parts = []
    for size, korean, english in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{korean}" if language is Language.KO else f"{count} {english}")
    return " ".join(parts[:2]) or pick(("0초", "0 s"), language)
