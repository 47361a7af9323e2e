"""What a learned document leaves out, in words."""

from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.learn_words import kind_words, method_words
from jeongsan.reconcile.learned_contract import LeftOut, Unsaid

_REASONS = {
    Unsaid.SHOPS: (
        "계약서를 쓰지 못함: 상점이 여럿입니다. 한 상점의 건만 읽으면 됩니다",
        "no document: the rows are of several shops; read those of one",
    ),
    Unsaid.NO_CARDS: (
        "계약서를 쓰지 못함: 카드 조건이 있어야 하는데 건들로는 쓸 수 없습니다",
        "no document: it must have terms for cards, and the rows do not give any that it can say",
    ),
    Unsaid.CURRENCY: ("한 통화만의 조건은 쓸 수 없습니다", "a document has no terms of a single currency"),
    Unsaid.METHOD: ("계약서에 없는 결제수단입니다", "a document does not know the method"),
    Unsaid.SAME_METHOD: (
        "계약서에서 상품권은 한 수단입니다: 건이 더 많은 쪽을 썼습니다",
        "gift certificates are one method of a document; the one with more rows is there",
    ),
    Unsaid.KIND: (
        "종류를 모르는 카드의 조건은 따로 쓸 수 없습니다",
        "cards of unknown kind cannot be named",
    ),
    Unsaid.FEE: ("수수료를 배우지 못했습니다", "no fee was learned"),
    Unsaid.ROUNDING: ("이 반올림은 쓸 수 없습니다", "a document has no word for the rounding"),
    Unsaid.CYCLE: ("정산 주기를 배우지 못했습니다", "no cycle was learned"),
    Unsaid.PAYOUT: ("지급일 규칙을 배우지 못했습니다", "no payout rule was learned that a document can say"),
    Unsaid.CANCEL: (
        "취소 수수료는 쓰지 못함: 계약서의 기본값(반환)이 됩니다",
        "the fee of a cancel is left to the document's default, which returns it",
    ),
    Unsaid.INSTALMENTS: ("일부 할부 개월 수는 쓰지 못함", "some months of instalments are not in it"),
}


def left_out_words(one: LeftOut, language: Language) -> str:
    """`카드(체크) 2025-02-13까지: 수수료를 배우지 못했습니다`."""
    reason = pick(_REASONS[one.reason], language)
    if one.terms is None:
        return reason
    name = method_words(one.terms.method, language)
    if one.terms.card_kinds:
        name += f"({', '.join(kind_words(kind, language) for kind in one.terms.card_kinds)})"
    if one.terms.currency != "KRW":
        name += f" {one.terms.currency}"
    if one.until is not None:
        name += pick((f" {one.until}까지", f" until {one.until}"), language)
    return f"{name}: {reason}"
