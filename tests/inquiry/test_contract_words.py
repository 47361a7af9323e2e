"""A contract in words: every setting that is not the default is said, in both languages."""

from datetime import date

import pytest

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
)
from jeongsan.inquiry.contract_words import (
    BESIDE,
    CANCEL,
    FEE,
    SETTLEMENT,
    change_words,
    days_word,
    facts,
    grade_word,
    subject_word,
)

PLAIN = Conditions(base=Price(32_000), payout=PayoutRule(count=4))
RICH = Conditions(
    base=Price(29_000, 1_000),
    vat=Vat.INCLUDED,
    rounding=Rounding.A,
    surcharges=(
        Surcharge(Situation.ESCROW, Price(2_000)),
        Surcharge(Situation.KEY_IN, Price(0, 50), LineType.ETC),
    ),
    installment=((2, 12_000), (3, 20_000)),
    installment_discount=((6, 10_000),),
    point_saving=Price(5_000),
    other=Price(0, 100),
    fee_on_cancel=FeeOnCancel.KEPT,
    refund_fee=3_000,
    refund_fee_on=RefundFeeOn.ADJUSTMENT,
    cycle=Cycle.WEEKLY,
    payout=PayoutRule(Counted.CALENDAR_DAYS, 2, holiday=HolidayPolicy.BEFORE),
    release=Release.ON_REQUEST,
    sold_on=SoldOn.TRANSACTION,
)


def test_a_plain_contract_in_a_line() -> None:
    assert facts(PLAIN, "ko") == {
        FEE: "3.2% (VAT 별도)",
        SETTLEMENT: "일정산 D+4",
        CANCEL: "수수료 반환",
        BESIDE: "",
    }
    assert facts(PLAIN, "en") == {
        FEE: "3.2% (VAT excluded)",
        SETTLEMENT: "daily D+4",
        CANCEL: "fee returned",
        BESIDE: "",
    }


def test_everything_that_was_agreed_is_said() -> None:
    assert facts(RICH, "ko") == {
        FEE: "2.9% + 건당 1,000 (VAT 포함, 반올림 A)",
        SETTLEMENT: "주정산 D+2 달력일 (휴일이면 앞 영업일)",
        CANCEL: "수수료 미반환, 환불수수료 3,000 (조정으로)",
        BESIDE: "에스크로 +0.2%, 수기결제 +건당 50 [ETC], 무이자 (가맹점 부담) 2개월 1.2%, 3개월 2%, "
        "무이자 (카드사 부담) 6개월 1%, 포인트 적립 0.5%, 기타 건당 100, 수동 정산, 매출일은 거래일",
    }
    english = " ".join(facts(RICH, "en").values())
    assert "refund fee 3,000 (as an adjustment)" in english
    assert "interest-free (borne by the card company) 6 months 1%" in english
    assert not any("가" <= character <= "힣" for character in english)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (PayoutRule(count=3, anchor=Anchor.ROLL), "D+3 (영업일로 넘긴 뒤)"),
        (PayoutRule(Counted.MONTH_ENDS, 2), "M+2 (휴일이면 다음 영업일)"),
        (PayoutRule(Counted.CALENDAR_DAYS, 11, holiday=HolidayPolicy.IGNORE), "D+11 달력일 (휴일과 무관)"),
    ],
    ids=str,
)
def test_every_way_of_counting_has_its_words(rule: PayoutRule, words: str) -> None:
    assert facts(Conditions(base=Price(1), payout=rule), "ko")[SETTLEMENT] == f"일정산 {words}"


def test_every_member_has_its_word_in_both_languages() -> None:
    for language in ("ko", "en"):
        assert len({subject_word(method, None, language) for method in Method}) == len(Method)
        assert len({subject_word(Method.CARD, kind, language) for kind in CardKind}) == len(CardKind)
        assert len({grade_word(grade, language) for grade in Grade}) == len(Grade)
    assert grade_word(None, "ko") == ""


def test_days_have_an_end_only_where_there_is_one() -> None:
    assert days_word(date(2025, 1, 1), None) == "2025-01-01 ~"
    assert days_word(date(2025, 1, 1), date(2025, 6, 30)) == "2025-01-01 ~ 2025-06-30"


def change(old: Conditions | None, new: Conditions | None) -> str:
    return change_words(Change(Method.CARD, None, date(2025, 1, 1), None, old, new), "ko")


def test_a_change_names_what_differs_and_nothing_else() -> None:
    cheaper = Conditions(base=Price(30_000), payout=PayoutRule(count=6))
    assert change(PLAIN, cheaper) == ("수수료 3.2% (VAT 별도) → 3% (VAT 별도); 정산 일정산 D+4 → 일정산 D+6")
    assert change(PLAIN, None) == "3.2% (VAT 별도), 일정산 D+4, 수수료 반환 → 계약 없음"
    assert change(None, PLAIN) == "계약 없음 → 3.2% (VAT 별도), 일정산 D+4, 수수료 반환"
