"""The words of parity: sources, reasons and differences, Korean first."""

from jeongsan.inquiry.differences import What
from jeongsan.inquiry.parity import Part, Source
from jeongsan.inquiry.parity_reasons import Reason
from jeongsan.inquiry.parity_sources import Missing, Why
from jeongsan.inquiry.words import say

_PARTS = {
    Part.ANSWER: ("취소 응답", "cancel answer"),
    Part.WEBHOOK: ("웹훅", "webhook"),
    Part.LOOK_UP: ("결제 조회", "look-up"),
    Part.SETTLEMENT_ROW: ("정산 행의 cancel", "settlement row's cancel"),
}
_SOURCES = {
    Source.RECEIVED: ("받은 그대로", "as received"),
    Source.STORED: ("저장된 그대로", "as stored"),
    Source.UNHEARD: ("저장됨, 받을 곳 없었음", "stored, nobody listened"),
    Source.RENDERED: ("다시 만든 응답", "rendered again"),
    Source.NOW: ("지금 조회", "as of now"),
}
_WHATS = {
    What.ONLY_LEFT: ("없는 키", "missing"),
    What.ONLY_RIGHT: ("더 있는 키", "added"),
    What.ORDER: ("키 순서", "key order"),
    What.TYPE: ("타입", "type"),
    What.VALUE: ("값", "value"),
}
_REASONS = {
    Reason.LANGUAGE: ("언어: 한국어와 영어", "the language asked for"),
    Reason.LATER_CANCEL: ("그 뒤의 취소", "a later cancel"),
    Reason.NOT_IN_ROW: ("정산 행에 없는 키", "not in settlement rows"),
    Reason.OWN_SHOP: ("주문마다 다른 상점", "each order's shop"),
    Reason.OWN_KEY: ("주문마다 다른 키", "each order's keys"),
    Reason.OWN_TEXT: ("주문마다 다른 글", "each order's own text"),
    Reason.OWN_TIME: ("주문마다 다른 시각", "each order's times"),
    Reason.OWN_APPROVAL: ("주문마다 다른 승인번호", "each approval's number"),
    Reason.OWN_CARD: ("다른 카드", "another card"),
    Reason.OWN_ADDRESS: ("주소 안의 paymentKey", "paymentKey in the address"),
    Reason.OWN_AMOUNT: ("주문마다 다른 금액", "each order's amounts"),
    Reason.OWN_CURRENCY: ("다른 통화", "another currency"),
    Reason.OWN_STATUS: ("취소한 만큼의 상태", "what was cancelled"),
    Reason.OWN_CANCELS: ("취소 횟수", "number of cancels"),
}
_WHYS = {
    Why.NOT_CANCELLED: ("아직 취소되지 않음", "not cancelled yet"),
    Why.PERSON: ("사람이 취소해 응답받은 프로그램이 없음", "cancelled by hand: no program was answered"),
    Why.NOT_CLOSED: ("아직 없음", "not there yet"),
    Why.WAITING: ("정산 대기", "it waits for its release"),
    Why.NEVER_SETTLES: ("정산되지 않는 결제", "this payment never settles"),
}


def part_word(part: Part, language: str) -> str:
    """Who tells."""
    return say(language, *_PARTS[part])


def source_word(source: Source, language: str) -> str:
    """Where the body comes from."""
    return say(language, *_SOURCES[source])


def what_word(what: What, language: str) -> str:
    """In what a column differs from the webhook."""
    return say(language, *_WHATS[what])


def reason_word(reason: Reason | None, language: str) -> str:
    """Why it differs."""
    return say(language, *(("설명되지 않음", "unexplained") if reason is None else _REASONS[reason]))


def why_word(missing: Missing, language: str) -> str:
    """Why a part is missing, and from which day on it is not."""
    words = say(language, *_WHYS[missing.why])
    if missing.readable_from is None:
        return words
    day = missing.readable_from.isoformat()
    return f"{words}: {say(language, f'{day}부터 조회됨', f'readable from {day} on')}"
