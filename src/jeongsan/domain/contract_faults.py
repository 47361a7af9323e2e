"""What can be wrong with a contract: a stable code each, worded in Korean for a clerk and in English for
programs; and a problem, which is one of them at a place.

`{0}` and so on are the arguments of a problem: figures, days, and words of the document, which are alike in
both languages.
"""

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """The name is the code; (Korean, English)."""

    # The text.
    TOO_LARGE = "{0}바이트를 넘습니다", "is larger than {0} bytes"
    NOT_UTF8 = "UTF-8이 아닙니다", "is not in UTF-8"
    UNREADABLE = "올바른 {0}이 아닙니다: {1}", "is not valid {0}: {1}"
    UNREADABLE_KEY = (
        "올바른 {0}이 아닙니다: {1}; 한글 키에는 따옴표가 필요합니다",
        "is not valid {0}: {1}; a key in Korean needs quotes",
    )
    TOO_DEEP = "올바른 {0}이 아닙니다: 너무 깊게 겹쳐 있습니다", "is not valid {0}: nested too deeply"
    IMPOSSIBLE_NUMBER = (
        "올바른 {0}이 아닙니다: 있을 수 없는 숫자가 있습니다",
        "is not valid {0}: a number that cannot be",
    )
    NOT_AN_OBJECT = "JSON 객체여야 합니다", "must be a JSON object"
    # Keys and the kinds of their values.
    STANDS_TWICE = "두 번 적혀 있습니다", "stands twice"
    NO_SETTING = "없는 설정입니다", "is no setting"
    NO_SETTING_BUT = "없는 설정입니다; {0} 설정이 있습니다", "is no setting; {0} is"
    REQUIRED = "필요합니다", "is required"
    PRICE_REQUIRED = "필요합니다; 아니면 fixed가 필요합니다", "is required, or fixed"
    NOT_A_TABLE = "표여야 합니다", "must be a table"
    NOT_A_LIST = "목록이어야 합니다", "must be a list"
    NOT_A_TEXT = "글자여야 합니다", "must be a text"
    NOT_WHOLE = "정수여야 합니다", "must be a whole number"
    NOT_A_CHOICE = "다음 가운데 하나여야 합니다: {0}", "is one of {0}"
    NOT_MONTHS = "개월 수여야 합니다, 예: 2", "must be a number of months such as 2"
    NOT_A_DAY = "날짜여야 합니다, 예: 2025-02-14", "must be a day such as 2025-02-14"
    NO_SUCH_DAY = (
        "{0}: 날짜로 읽을 수 없습니다, 예: 2025-02-14 ({1}번째 줄)",
        "{0} is no day such as 2025-02-14 (line {1})",
    )
    NOT_A_PERCENTAGE = "퍼센트여야 합니다, 예: 3.2", "must be a percentage such as 3.2"
    TOO_LONG = "{0}자 이하여야 합니다", "has at most {0} characters"
    NOT_ONE_LINE = (
        "한 줄로 보일 수 없는 글자가 있습니다",
        "has a character that cannot be shown on one line",
    )
    # Figures.
    NOT_WITHIN = "{0}에서 {1} 사이여야 합니다", "must be between {0} and {1}"
    NOT_WITHIN_PERCENT = "0에서 100퍼센트 사이여야 합니다", "must be between 0 and 100 percent"
    TOO_FINE = "소수점 아래 네 자리까지입니다", "has at most four decimal places"
    MONTHS_NOT_WITHIN = "2에서 {0}개월까지입니다", "is for 2 to {0} months"
    NAMED_TWICE = "두 번 나옵니다", "is named twice"
    NOT_ONE_COUNT = "다음 가운데 하나만 적습니다: {0}", "states one of {0}"
    # Settings that their entry does not look at.
    ONLY_BUSINESS_DAYS = "영업일로 셀 때만 쓰입니다", "is for business days"
    ONLY_DATES = "달력일과 월말로 셀 때만 쓰입니다", "is for calendar days and ends of months"
    ONLY_METHODS = "다음 결제수단에만 쓰입니다: {0}", "is only for {0}"
    ONLY_KIND = "다음 종류의 카드에만 쓰입니다: {0}", "is only for cards of the kind {0}"
    ONLY_VAT = "vat = {0}일 때만 쓰입니다", "is only for vat = {0}"
    ONLY_REFUND_FEE = "refundFee가 있을 때만 쓰입니다", "is only for a refundFee"
    ONLY_WAITING = (
        "정산을 기다리는 거래에만 쓰입니다: release가 {0}이 아니거나 에스크로일 때",
        "is only for what waits: a release other than {0}, or escrow",
    )
    # Grades and rates by grade.
    GRADE_NOT_AFTER = "{0}의 날짜 {1}보다 뒤여야 합니다", "must lie after the day of {0}, {1}"
    GRADE_TWICE = "같은 등급이 두 번 나옵니다", "names a grade twice"
    GRADE_WITHOUT_RATE = "등급 {0}의 요율이 없습니다", "has no rate for the grade {0}"
    GRADE_WITH_OTHER_BASE = (
        "기본 요율이 등급 {0}의 요율과 다릅니다",
        "has another base than the rate of the grade {0}",
    )
    # Entries, alone and together.
    DAY_NOT_WITHIN = "{0}에서 {1} 사이여야 합니다", "must lie between {0} and {1}"
    UNTIL_BEFORE_FROM = "from보다 앞섭니다", "lies before from"
    NO_KIND = (
        "카드 종류가 없습니다; 모든 카드라면 지우세요",
        "names no kind; leave it out for cards of any kind",
    )
    KIND_TWICE = "같은 카드 종류가 두 번 나옵니다", "names a kind twice"
    NO_ENTRY = "항목이 하나는 있어야 합니다", "must have at least one entry"
    NOT_COVERED = "{1}에 {0} 항목이 없습니다", "{0} has no entry that is in force on {1}"
    MONTHS_REQUIRED = "할부 2개월 이상이어야 합니다", "needs instalments of 2 months or more"
    NO_ENTRY_FOR = "{0} 항목이 없습니다", "has no {0} entry"
    NO_ENTRY_FOR_OTHERS = (
        "나머지 모든 카드에 대한 {0} 항목이 없습니다",
        "has no {0} entry for cards of every other kind",
    )
    TOO_MANY = (
        "카드 종류와 등급까지 {0}개입니다; {1}개까지입니다",
        "come to {0} with their kinds and grades; at most {1}",
    )
    OVERLAPS = (
        "같은 결제수단의 {0} 항목과 겹치는 날이 있습니다: {1}",
        "overlaps {0}, for the same method: {1}",
    )
    GAP = "{0} 다음에 비는 날이 있습니다: {1}", "leaves days without an entry after {0}: {1}"
    NOTHING_FOLLOWS = "{0} 뒤에 이어지는 항목이 없습니다", "ends on {0} with nothing to follow it"
    NOT_IN_FORCE = (
        "{0}에 유효한 카드 항목이 없습니다",
        "has no entry for cards that is in force on {0}",
    )

    @property
    def korean(self) -> str:
        """The wording for a clerk."""
        return self.value[0]

    @property
    def english(self) -> str:
        """The wording for programs, and for whoever asks for English."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Problem:
    """`field`: the path to what is wrong, such as `terms[2].payout.businessDays`."""

    field: str
    fault: Fault
    arguments: tuple[str | int, ...] = ()

    @property
    def detail(self) -> str:
        """What is wrong, in English."""
        return self.fault.english.format(*self.arguments)

    @property
    def korean(self) -> str:
        """What is wrong, in Korean."""
        return self.fault.korean.format(*self.arguments)


class InvalidTerms(ValueError):
    """A contract that cannot be. `field` names the setting at fault, `detail` what is wrong with it."""

    def __init__(self, field: str, fault: Fault, *arguments: str | int) -> None:
        self.problem = Problem(field, fault, arguments)
        super().__init__(f"{field}: {self.problem.detail}")
        self.field = field
        self.detail = self.problem.detail
