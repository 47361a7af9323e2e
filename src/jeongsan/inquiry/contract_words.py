"""A contract in words: methods, grades, what was agreed, and what another contract changes."""

from collections.abc import Iterator
from datetime import date

from jeongsan.domain.business_days import Counted, Cycle
from jeongsan.domain.contract_changes import Change
from jeongsan.domain.methods import CardKind, Method, Situation
from jeongsan.domain.payout_dates import Anchor, HolidayPolicy, PayoutRule
from jeongsan.domain.terms import (
    Conditions,
    FeeOnCancel,
    Grade,
    LineType,
    Price,
    RefundFeeOn,
    Release,
    Rounding,
    SoldOn,
    Surcharge,
    Vat,
    percent_from_rate,
)
from jeongsan.inquiry.words import say

_METHODS = {
    Method.CARD: ("카드", "card"),
    Method.EASY_PAY: ("간편결제", "easy pay"),
    Method.TRANSFER: ("계좌이체", "transfer"),
    Method.VIRTUAL_ACCOUNT: ("가상계좌", "virtual account"),
    Method.MOBILE_PHONE: ("휴대폰", "mobile phone"),
    Method.GIFT_CERTIFICATE: ("상품권", "gift certificate"),
    Method.FOREIGN_EASY_PAY: ("해외간편결제", "foreign easy pay"),
}
_KINDS = {
    CardKind.CREDIT: ("신용", "credit"),
    CardKind.CHECK: ("체크", "check"),
    CardKind.GIFT: ("기프트", "gift"),
    CardKind.OVERSEAS: ("해외", "overseas"),
}
_GRADES = {
    Grade.GENERAL: ("일반", "general"),
    Grade.SMALL: ("영세", "small"),
    Grade.MEDIUM1: ("중소1", "medium 1"),
    Grade.MEDIUM2: ("중소2", "medium 2"),
    Grade.MEDIUM3: ("중소3", "medium 3"),
}
_CYCLES = {
    Cycle.DAILY: ("일정산", "daily"),
    Cycle.WEEKLY: ("주정산", "weekly"),
    Cycle.MONTHLY: ("월정산", "monthly"),
}
_HOLIDAYS = {
    HolidayPolicy.BEFORE: ("휴일이면 앞 영업일", "before a holiday"),
    HolidayPolicy.AFTER: ("휴일이면 다음 영업일", "after a holiday"),
    HolidayPolicy.IGNORE: ("휴일과 무관", "on holidays too"),
}
_SITUATIONS = {
    Situation.ESCROW: ("에스크로", "escrow"),
    Situation.KEY_IN: ("수기결제", "key-in"),
    Situation.BILLING: ("자동결제", "billing"),
    Situation.OVERSEAS: ("해외 발급", "issued abroad"),
    Situation.CARD_POINT: ("카드 포인트", "card points"),
}
_RELEASES = {
    Release.ON_REQUEST: ("수동 정산", "settles on request"),
    Release.ON_CONFIRMATION: ("구매확정 뒤 정산", "settles when confirmed"),
    Release.ON_COLLECTION: ("수납 뒤 정산", "settles when collected"),
}
FEE, SETTLEMENT, CANCEL, BESIDE = "fee", "settlement", "cancel", "beside"
_LABELS = {
    FEE: ("수수료", "fee"),
    SETTLEMENT: ("정산", "settlement"),
    CANCEL: ("취소", "cancel"),
    BESIDE: ("그 밖에", "beside"),
}


def subject_word(method: Method, kind: CardKind | None, language: str) -> str:
    """`카드`, `카드 해외`."""
    word = say(language, *_METHODS[method])
    return word if kind is None else f"{word} {say(language, *_KINDS[kind])}"


def grade_word(grade: Grade | None, language: str) -> str:
    """The grade as people call it; nothing where no rate depends on it."""
    return "" if grade is None else say(language, *_GRADES[grade])


def label(fact: str, language: str) -> str:
    """The head of a fact's column."""
    return say(language, *_LABELS[fact])


def days_word(start: date, end: date | None) -> str:
    """`2025-01-01 ~ 2025-06-30`; without an end `2025-01-01 ~`."""
    return f"{start} ~" if end is None else f"{start} ~ {end}"


def facts(conditions: Conditions, language: str) -> dict[str, str]:
    """What was agreed as one text per fact; `beside` may be empty."""
    return {
        FEE: _fee(conditions, language),
        SETTLEMENT: f"{say(language, *_CYCLES[conditions.cycle])} {_payout(conditions.payout, language)}",
        CANCEL: _cancel(conditions, language),
        BESIDE: ", ".join(_beside(conditions, language)),
    }


def _price(price: Price, language: str) -> str:
    fixed = say(language, f"건당 {price.fixed:,}", f"{price.fixed:,} each")
    if price.fixed and not price.rate_ppm:
        return fixed
    rate = f"{percent_from_rate(price.rate_ppm)}%"
    return f"{rate} + {fixed}" if price.fixed else rate


def _fee(conditions: Conditions, language: str) -> str:
    vat = say(language, "VAT 별도", "VAT excluded")
    if conditions.vat is Vat.INCLUDED:
        vat = say(language, "VAT 포함", "VAT included")
    if conditions.rounding is Rounding.A:
        vat += say(language, ", 반올림 A", ", rounding A")
    return f"{_price(conditions.base, language)} ({vat})"


def _payout(rule: PayoutRule, language: str) -> str:
    if rule.counted is Counted.MONTH_ENDS:
        return f"M+{rule.count} ({say(language, *_HOLIDAYS[rule.holiday])})"
    if rule.counted is Counted.CALENDAR_DAYS:
        days = say(language, "달력일", "calendar days")
        return f"D+{rule.count} {days} ({say(language, *_HOLIDAYS[rule.holiday])})"
    rolled = say(language, " (영업일로 넘긴 뒤)", " (rolled first)")
    return f"D+{rule.count}{rolled if rule.anchor is Anchor.ROLL else ''}"


def _cancel(conditions: Conditions, language: str) -> str:
    returned = conditions.fee_on_cancel is FeeOnCancel.RETURNED
    words = (
        say(language, "수수료 반환", "fee returned")
        if returned
        else say(language, "수수료 미반환", "fee kept")
    )
    if not conditions.refund_fee:
        return words
    words += say(
        language, f", 환불수수료 {conditions.refund_fee:,}", f", refund fee {conditions.refund_fee:,}"
    )
    if conditions.refund_fee_on is RefundFeeOn.ADJUSTMENT:
        words += say(language, " (조정으로)", " (as an adjustment)")
    return words


def _beside(conditions: Conditions, language: str) -> Iterator[str]:
    for surcharge in conditions.surcharges:
        yield _surcharge(surcharge, language)
    bearers = (
        (("가맹점 부담", "borne by the shop"), conditions.installment),
        (("카드사 부담", "borne by the card company"), conditions.installment_discount),
    )
    for bearer, rates in bearers:
        if rates:
            months = say(language, "개월", " months")
            each = ", ".join(f"{count}{months} {percent_from_rate(rate)}%" for count, rate in rates)
            yield f"{say(language, '무이자', 'interest-free')} ({say(language, *bearer)}) {each}"
    if conditions.point_saving is not None:
        yield f"{say(language, '포인트 적립', 'point saving')} {_price(conditions.point_saving, language)}"
    if conditions.other is not None:
        yield f"{say(language, '기타', 'other')} {_price(conditions.other, language)}"
    if conditions.release in _RELEASES:
        yield say(language, *_RELEASES[conditions.release])
    if conditions.sold_on is SoldOn.TRANSACTION:
        yield say(language, "매출일은 거래일", "sold on the day of the transaction")


def _surcharge(surcharge: Surcharge, language: str) -> str:
    words = f"{say(language, *_SITUATIONS[surcharge.situation])} +{_price(surcharge.price, language)}"
    return words if surcharge.line is LineType.BASE else f"{words} [{surcharge.line}]"


def change_words(change: Change, language: str) -> str:
    """`수수료 3.2% (VAT 별도) → 3% (VAT 별도); 정산 일정산 D+4 → 일정산 D+6`."""
    if change.old is None or change.new is None:
        no_contract = say(language, "계약 없음", "no contract")
        return " → ".join(
            no_contract if one is None else ", ".join(filter(None, facts(one, language).values()))
            for one in (change.old, change.new)
        )
    none = say(language, "없음", "none")
    old, new = facts(change.old, language), facts(change.new, language)
    return "; ".join(
        f"{label(fact, language)} {old[fact] or none} → {new[fact] or none}"
        for fact in old
        if old[fact] != new[fact]
    )
