"""The words of a learned contract, Korean and English: terms, answers, what is open, what could not be
read."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, in_words, pick
from jeongsan.reconcile.due_days import BusinessDays, CalendarDays, Cycle, Holiday, PayoutRule
from jeongsan.reconcile.fee_rates import Tariff, percent
from jeongsan.reconcile.learn import Deviation, Rule
from jeongsan.reconcile.learn_answers import Answer, Answered
from jeongsan.reconcile.learn_cancels import LearnedCancels, Returned
from jeongsan.reconcile.learn_undecided import Part, Undecided
from jeongsan.reconcile.settled_rows import WON, RowFault, RowProblem, minor_digits

METHODS = {
    "CARD": ("카드", "Card"),
    "VIRTUAL_ACCOUNT": ("가상계좌", "Virtual account"),
    "TRANSFER": ("계좌이체", "Transfer"),
    "MOBILE_PHONE": ("휴대폰", "Mobile phone"),
    "CULTURE_GIFT_CERTIFICATE": ("문화상품권", "Culture gift certificate"),
    "BOOK_GIFT_CERTIFICATE": ("도서문화상품권", "Book gift certificate"),
    "GAME_GIFT_CERTIFICATE": ("게임문화상품권", "Game gift certificate"),
    "EASY_PAY": ("간편결제", "Easy pay"),
    "FOREIGN_EASY_PAY": ("해외간편결제", "Foreign easy pay"),
}
CARD_KINDS = {
    "CREDIT": ("신용", "credit"),
    "CHECK": ("체크", "check"),
    "GIFT": ("기프트", "gift"),
    "UNKNOWN": ("미확인", "unknown"),
}
_CYCLES = {
    Cycle.DAILY: ("일정산", "daily"),
    Cycle.WEEKLY: ("주정산(일요일)", "weekly (to Sunday)"),
    Cycle.MONTHLY: ("월정산", "monthly"),
}
_HOLIDAYS = {
    Holiday.AFTER: ("휴일이면 다음 영업일", "the open day after a holiday"),
    Holiday.BEFORE: ("휴일이면 앞 영업일", "the open day before a holiday"),
    Holiday.IGNORE: ("휴일 무관", "holidays ignored"),
}
_RETURNED = {
    Returned.DIFFERENCE: ("수수료 반환(취소 전 − 취소 후)", "fee returned (before less after)"),
    Returned.PROPORTIONAL: ("수수료 반환(취소 금액 기준)", "fee returned (of the cancelled amount)"),
    Returned.KEPT: ("수수료 미반환", "fee kept"),
}
PARTS = {
    Part.RATE: ("요율", "rate"),
    Part.TARIFF: ("수수료 방식", "kind of tariff"),
    Part.CYCLE: ("정산 주기", "cycle"),
    Part.PAYOUT: ("지급일 규칙", "payout rule"),
    Part.CANCEL: ("취소 수수료", "fee of a cancel"),
}
_RULES = {
    Rule.FEE: ("수수료", "fee"),
    Rule.CANCEL_FEE: ("취소 수수료", "fee of a cancel"),
    Rule.CYCLE: ("정산 매출일", "sold date"),
    Rule.PAYOUT: ("정산 지급일", "paid-out date"),
}
_QUESTIONS = {
    "anchor": ("주말 기준", "weekend anchor"),
    "rounding": ("수수료 반올림", "rounding of the fee"),
    "networkCancel": ("망취소", "network cancel"),
    "sameDay": ("당일 취소", "same-day cancel"),
    "lateMethods": ("휴대폰·상품권", "phone and gift certificates"),
    "escrow": ("에스크로", "escrow"),
    "cashCancel": ("이체·가상계좌 취소", "cancel of a transfer or virtual account"),
    "lateHoliday": ("늦게 정해진 휴일", "late holiday"),
    "withoutPayment": ("결제 없는 건", "row without a payment"),
    "oddWon": ("부분 취소의 끝전", "odd won of partial cancels"),
    "cutOff": ("하루의 경계", "cut of the day"),
    "vat": ("부가세", "VAT"),
    "acquireStatus": ("매입 상태", "acquireStatus"),
    "sums": ("합", "sums"),
}
_ANSWERS = {
    Answer.ANCHOR: ("{anchor} ({agree}/{rows})", "{anchor} ({agree}/{rows})"),
    Answer.ANCHOR_OPEN: (
        "미정: 주말이나 휴일 매출이 한 건 있으면 알 수 있습니다",
        "undecided: one sale of a weekend or holiday would tell",
    ),
    Answer.ROUNDING: ("{rounding} ({agree}/{rows})", "{rounding} ({agree}/{rows})"),
    Answer.ROUNDING_OPEN: (
        "미정: 방식에 따라 수수료가 달라지는 금액의 결제가 없습니다",
        "undecided: no payment of an amount of which the kinds make different fees",
    ),
    Answer.AT_ONCE: (
        "승인 60초 안의 전액 취소 {rows}건이 정산에 있습니다 ({name})",
        "{rows} whole cancels within 60 s of their approval are settled ({name})",
    ),
    Answer.AT_ONCE_OPEN: (
        "미정: 승인 60초 안의 전액 취소가 없습니다. 망취소된 결제 한 건의 정산을 찾아보면 알 수 있습니다",
        "undecided: no whole cancel within 60 s; the rows of one network-cancelled payment would tell",
    ),
    Answer.TWO_ROWS: (
        "승인과 취소가 따로 두 건입니다: 결제 {rows}건 (취소 건만 있는 결제 {lone}건)",
        "two rows, approval and cancel: {rows} payments ({lone} with the cancel alone)",
    ),
    Answer.LONE_ROWS: (
        "취소 건만 있는 결제 {rows}건 ({name})",
        "{rows} payments have the cancel's row alone ({name})",
    ),
    Answer.SAME_DAY_OPEN: ("미정: 당일 취소가 없습니다", "undecided: no cancel on the day of its approval"),
    Answer.LATE_METHODS: (
        "지급일 규칙은 위와 같습니다: {methods}",
        "their payout rules are above: {methods}",
    ),
    Answer.LATE_METHODS_OPEN: (
        "미정: 휴대폰·상품권 결제의 정산 건이 없습니다",
        "undecided: no row of a phone or gift certificate payment",
    ),
    Answer.ESCROW_OPEN: (
        "미정: 정산 건에는 에스크로 여부가 없습니다. 거래 조회의 useEscrow와 구매 확정일이 있어야 합니다",
        "undecided: rows do not say which payment is escrow; useEscrow of the transactions and the day of "
        "confirmation would",
    ),
    Answer.CASH_KEPT: (
        "{method}: 수수료를 돌려주지 않음, 환불 수수료 {refundFee} ({agree}/{rows})",
        "{method}: the fee is kept, refund fee {refundFee} ({agree}/{rows})",
    ),
    Answer.CASH_RETURNED: (
        "{method}: 수수료를 돌려줌, 환불 수수료 {refundFee} ({agree}/{rows})",
        "{method}: the fee is returned, refund fee {refundFee} ({agree}/{rows})",
    ),
    Answer.CASH_OPEN: (
        "미정: 계좌이체나 가상계좌의 취소 한 건이 있으면 알 수 있습니다",
        "undecided: one cancel of a transfer or virtual account would tell",
    ),
    Answer.MOVED: (
        "지급일이 바뀐 건 {rows}건 ({name}): 나중의 날짜를 씁니다",
        "{rows} rows were seen with several payout dates ({name}); the last is used",
    ),
    Answer.OLD_CALENDAR: (
        "{day} {name}을(를) 영업일로 센 건 {rows}건: 공표 전에 만들어져 바뀌지 않은 것으로 보입니다",
        "{rows} rows count {day} ({name}) as a business day: made before it was announced, and not moved",
    ),
    Answer.MOVED_OPEN: (
        "미정: 휴일이 늦게 정해진 뒤 같은 날짜를 다시 조회해 함께 읽히면 알 수 있습니다",
        "undecided: the same dates read again after a late holiday, given together, would tell",
    ),
    Answer.WITHOUT_PAYMENT: (
        "결제 키 없는 건 {rows}건 ({name}), 비어 있는 항목: {fields}",
        "{rows} rows without a payment key ({name}), empty fields: {fields}",
    ),
    Answer.WITHOUT_PAYMENT_OPEN: ("{rows}건 가운데 없음", "none among {rows} rows"),
    Answer.PARTS_EVEN: (
        "모두 취소된 결제 {payments}건의 수수료 합은 0: 끝전이 남지 않습니다",
        "the fees of {payments} wholly cancelled payments sum to nothing: no odd won is left",
    ),
    Answer.PARTS_LEFT: (
        "모두 취소된 결제 {payments}건 가운데 {left}건에 수수료가 남음, 합계 {total}",
        "of {payments} wholly cancelled payments {left} keep some fee, {total} together",
    ),
    Answer.PARTS_OPEN: (
        "미정: 승인부터 전액 취소까지 모든 건이 있는 결제가 없습니다",
        "undecided: no wholly cancelled payment has all its rows here",
    ),
    Answer.MIDNIGHT: (
        "한국 시간 자정이 {agree}/{rows}건과 맞음: 당일 매출로 잡힌 시각은 {earliest}부터 {latest}까지",
        "midnight in Korea fits {agree}/{rows}: sold on their own day from {earliest} to {latest}",
    ),
    Answer.MIDNIGHT_OPEN: (
        "미정: 시각을 아는 일정산 매출이 없습니다",
        "undecided: no daily sale with a time of day",
    ),
    Answer.VAT: (
        "수수료의 1/11 {eleventh}/{rows}, 공급가의 1/10 {tenth}/{rows} (둘이 다른 건 {telling}건)",
        "an eleventh of the fee {eleventh}/{rows}, a tenth of the supply {tenth}/{rows} ({telling} rows tell "
        "them apart)",
    ),
    Answer.VAT_OPEN: (
        "미정: 1/11과 1/10이 모두 맞습니다 ({eleventh}/{rows}). 11로 나눈 나머지가 5인 수수료면 압니다",
        "undecided: an eleventh and a tenth both fit ({eleventh}/{rows}); a fee that leaves 5 when divided "
        "by 11 would tell",
    ),
    Answer.ACQUIRE: (
        "걸러지지 않음: 매입 전 상태의 건도 있습니다 ({statuses})",
        "filters nothing: rows are there before acquisition ({statuses})",
    ),
    Answer.ACQUIRE_OPEN: (
        "미정: 매입이 끝나지 않은 건이 없습니다",
        "undecided: no row whose acquisition is not complete",
    ),
    Answer.SUMS: (
        "금액 − 수수료 = 지급액 {sums}/{sumRows}, 공급가 + 부가세 = 수수료 {split}/{splitRows}{names}",
        "amount − fee = payout {sums}/{sumRows}, supply + VAT = fee {split}/{splitRows}{names}",
    ),
}
_FAULTS = {
    RowFault.NO_FILE: ("파일을 읽을 수 없습니다", "the file cannot be read"),
    RowFault.SPREADSHEET: ("엑셀 파일입니다. CSV로 다시 저장해 주세요", "a spreadsheet: save it as CSV"),
    RowFault.ENCODING: ("UTF-8도 CP949도 아닙니다", "neither UTF-8 nor CP949"),
    RowFault.NOT_JSON: ("JSON이 아닙니다", "no JSON"),
    RowFault.NOT_CSV: ("CSV 형식이 아닙니다. 이 줄부터 읽지 못했습니다", "no CSV from this line on"),
    RowFault.NO_COLUMNS: ("amount도 soldDate도 없는 표입니다", "a table with neither amount nor soldDate"),
    RowFault.SAME_COLUMN_TWICE: ("같은 열이 둘 이상입니다", "more than one column for the same thing"),
    RowFault.FIELD_COUNT: ("칸 수가 머리글과 다릅니다", "not as many cells as the header has"),
    RowFault.WRONG_VALUE: ("값이 맞지 않습니다", "is not what it should be"),
    RowFault.NOT_AN_AMOUNT: ("금액이 아닙니다", "is no amount"),
    RowFault.TOO_FINE: ("통화의 최소 단위보다 작습니다", "is finer than the currency's smallest unit"),
    RowFault.NOT_A_TIME: ("날짜나 시각이 아닙니다", "is no date or time"),
    RowFault.CONTRADICTION: ("같은 거래 키의 건들이 서로 다릅니다", "rows of one key say different things"),
}
_OPEN = (
    "{part} 미정: 후보 {count}개가 모두 맞음 ({candidates}).",
    "{part} undecided: {count} candidates fit all ({candidates}).",
)
_DECIDED_BY = {
    "amount": ("{amount} 결제 한 건이면 알 수 있습니다", "One payment of {amount} would tell"),
    "cancelled": (
        "{amount} 결제의 {cancelled} 부분 취소 한 건이면 알 수 있습니다",
        "One cancel of {cancelled} out of {amount} would tell",
    ),
    "day": ("{day} 매출 한 건이면 알 수 있습니다", "One sale of {day} would tell"),
    "": ("어떤 건으로도 갈리지 않습니다", "No row would tell them apart"),
}
_DEVIATION = ("{rule} {seen}, 배운 대로면 {expected}", "{rule} {seen}, as learned {expected}")
_BECAUSE = (" ({because}을(를) 영업일로 셈)", " (counts {because} as a business day)")


def method_words(method: str, language: Language) -> str:
    """A method's name; one that is not known as it was answered."""
    return printable(pick(METHODS.get(method, (method, method)), language))


def kind_words(kind: str, language: Language) -> str:
    """A kind of card."""
    return printable(pick(CARD_KINDS.get(kind, (kind, kind)), language))


def subject_words(method: str, card_kinds: Sequence[str], currency: str, language: Language) -> str:
    """A method, with the kinds of card it is about and a currency that is not the usual one."""
    name = method_words(method, language)
    if card_kinds:
        name += f"({', '.join(kind_words(one, language) for one in card_kinds)})"
    return name if currency == WON else f"{name} {printable(currency)}"


def tariff_words(tariff: Tariff, currency: str, language: Language) -> str:
    """`3.2 % (VAT 별도), 반올림 B`."""
    included = tariff.rounding.vat_included
    vat = pick(("VAT 포함", "VAT included") if included else ("VAT 별도", "VAT excluded"), language)
    parts = [f"{percent(tariff.rate)} %"] if tariff.rate or not tariff.fixed else []
    if tariff.fixed:
        fixed = money(tariff.fixed, currency)
        parts.append(pick((f"건당 {fixed}", f"{fixed} each"), language))
    rounding = pick(("반올림", "rounding"), language)
    shown = f"{' + '.join(parts)} ({vat})"
    return f"{shown}, {rounding} {tariff.rounding.value}" if tariff.rate else shown


def cycle_words(cycle: Cycle, language: Language) -> str:
    """`일정산`."""
    return pick(_CYCLES[cycle], language)


def payout_words(rule: PayoutRule, language: Language) -> str:
    """`D+6 영업일, 주말 기준 EXCLUSIVE`."""
    if isinstance(rule, BusinessDays):
        anchor = rule.anchor.value.upper()
        words = (f"D+{rule.days} 영업일, 주말 기준 {anchor}", f"D+{rule.days} business days, anchor {anchor}")
        return pick(words, language)
    holiday = pick(_HOLIDAYS[rule.holiday], language)
    if isinstance(rule, CalendarDays):
        return f"{pick((f'D+{rule.days} 달력일', f'D+{rule.days} calendar days'), language)}, {holiday}"
    return f"{pick((f'M+{rule.months} 월말', f'end of month M+{rule.months}'), language)}, {holiday}"


def cancel_words(cancels: LearnedCancels, currency: str, language: Language) -> str:
    """What a cancel gives back and costs."""
    if not cancels.candidates:
        return pick(("취소 수수료 규칙 없음", "no rule of cancels fits"), language)
    words = pick(_RETURNED[cancels.candidates[0]], language)
    if not cancels.refund_fee:
        return words
    fee = money(cancels.refund_fee, currency)
    return f"{words}, {pick((f'환불 수수료 {fee} (VAT 포함)', f'refund fee {fee} (VAT included)'), language)}"


def answer_words(answered: Answered, language: Language) -> tuple[str, str]:
    """(question, answer)."""
    question = pick(_QUESTIONS[answered.question], language)
    return question, _filled(pick(_ANSWERS[answered.answer], language), answered.values)


def undecided_words(one: Undecided, currency: str, language: Language) -> str:
    """What is open, and the row that would decide."""
    shown = [candidate_words(each, currency, language) for each in one.candidates]
    rest = " · …" if one.count > len(shown) else ""
    values: dict[str, int | str] = {
        "part": pick(PARTS[one.part], language),
        "count": one.count,
        "candidates": " · ".join(shown) + rest,
    }
    by = "cancelled" if one.cancelled else "amount" if one.amount else "day" if one.day else ""
    values["amount"] = "" if one.amount is None else money(one.amount, currency)
    values["cancelled"] = "" if one.cancelled is None else money(one.cancelled, currency)
    values["day"] = "" if one.day is None else one.day.isoformat()
    return f"{_filled(pick(_OPEN, language), values)} {_filled(pick(_DECIDED_BY[by], language), values)}"


def candidate_words(
    candidate: Tariff | Cycle | PayoutRule | Returned, currency: str, language: Language
) -> str:
    """One of several candidates."""
    if isinstance(candidate, Tariff):
        return tariff_words(candidate, currency, language)
    if isinstance(candidate, Cycle):
        return cycle_words(candidate, language)
    if isinstance(candidate, Returned):
        return pick(_RETURNED[candidate], language)
    return payout_words(candidate, language)


def deviation_words(one: Deviation, currency: str, language: Language) -> str:
    """How a row is not as learned."""
    values = {
        "rule": pick(_RULES[one.rule], language),
        "seen": _seen(one.seen, currency),
        "expected": _seen(one.expected, currency),
    }
    because = "" if one.because is None else _filled(pick(_BECAUSE, language), {"because": one.because})
    return f"{printable(one.name)}: {_filled(pick(_DEVIATION, language), values)}{because}"


def problem_words(problem: RowProblem, language: Language) -> str:
    """Where a history cannot be read, and why."""
    where = problem.file if problem.place is None else f"{problem.file}:{problem.place}"
    field = "" if problem.field is None else f" {problem.field}"
    value = f" ({problem.value})" if problem.value else ""
    return f"{printable(where + field)}: {pick(_FAULTS[problem.fault], language)}{value}"


def money(minor: int, currency: str) -> str:
    """Minor units as people write them."""
    digits = minor_digits(currency)
    whole, rest = divmod(abs(minor), 10**digits)
    shown = f"{whole:,}" + (f".{rest:0{digits}}" if digits else "")
    return f"{'-' if minor < 0 else ''}{shown}"


def _seen(value: int | date, currency: str) -> str:
    return money(value, currency) if isinstance(value, int) else value.isoformat()


def _filled(template: str, values: Mapping[str, int | str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: in_words(values[found[1]], Language.EN), template)
