"""The words of what a learned contract document leaves out, Korean and English."""

from jeongsan.client.keys import printable
from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.learn_undecided import Part
from jeongsan.reconcile.learn_words import PARTS, kind_words, subject_words
from jeongsan.reconcile.learned_notes import Note, Said

_SAID = {
    Said.SHOPS: (
        "없음: 여러 상점의 정산 건입니다 ({shops}). --mid로 한 상점씩 배워 주세요",
        "none: the rows are of several shops ({shops}); learn one at a time with --mid",
    ),
    Said.NO_CARD: (
        "없음: 계약에는 카드 항목이 있어야 하는데 배운 것이 없습니다",
        "none: a contract needs an entry for cards, and none was learned",
    ),
    Said.TOO_MANY: (
        "없음: 항목이 {entries}개로 한 계약의 한도를 넘습니다",
        "none: {entries} entries are more than a contract may have",
    ),
    Said.ANY_KIND: (
        "건수가 가장 많아 모든 종류의 카드에 적용되는 항목으로 적었습니다",
        "has the most rows and is written as the entry for cards of any kind",
    ),
    Said.CURRENCY: (
        "적지 않았습니다: 문서의 금액은 원화입니다",
        "left out: the amounts of a document are in won",
    ),
    Said.METHOD: (
        "적지 않았습니다: 문서에 없는 결제수단입니다",
        "left out: a document has no such method",
    ),
    Said.KIND: (
        "{kind} 카드는 적지 않았습니다: 문서에 그런 종류가 없어, 모든 종류의 항목을 따릅니다",
        "{kind} cards are left out: a document has no such kind, and they follow the entry for any kind",
    ),
    Said.ONE_ENTRY: (
        "적지 않았습니다: 같은 결제수단의 더 많은 건과 조건이 다른데, 문서에는 하나만 적을 수 있습니다",
        "left out: more rows of the same method say something else, and a document has one entry for all",
    ),
    Said.NO_PRICE: (
        "적지 않았습니다: 문서에 적을 수 있는 수수료를 배우지 못했습니다",
        "left out: no fee that a document can state was learned",
    ),
    Said.NO_PAYOUT: (
        "적지 않았습니다: 문서에 적을 수 있는 지급일 규칙을 배우지 못했습니다",
        "left out: no payout rule that a document can state was learned",
    ),
    Said.NO_CYCLE: (
        "정산 주기를 배우지 못해 적지 않았습니다: 일정산으로 적용됩니다",
        "no cycle was learned and none is written, which means daily",
    ),
    Said.NO_CANCEL: (
        "취소 조건을 배우지 못해 적지 않았습니다: 수수료 반환으로 적용됩니다",
        "nothing was learned of cancels and nothing is written, which means that the fee is returned",
    ),
    Said.UNEXPLAINED: (
        "{from} – {to} {part}: 절반 넘게 맞는 규칙이 없어 이웃한 기간의 것을 적었습니다",
        "{from} – {to} {part}: no rule fits more than half; that of the days next to them is written",
    ),
    Said.LIMITS: (
        "{from}부터의 {part}: 문서의 한도를 벗어나 적지 않았습니다",
        "{part} from {from}: left out, it is beyond what a document may state",
    ),
    Said.OTHER_FITS: (
        "{from}부터의 {part}: 가장 그럴듯한 것이 문서의 한도를 벗어나, 같은 건수와 맞는 다른 것을 적었습니다",
        "{part} from {from}: the likeliest is beyond what a document may state; another is written, which "
        "fits as many rows",
    ),
    Said.ROUNDING_FITS: (
        "{from}부터의 반올림 {rounding}: 문서에 없어, 같은 건수와 맞는 {rate} %, 반올림 {written}로 "
        "적었습니다",
        "rounding {rounding} from {from}: not in documents; {rate} %, rounding {written} is written, which "
        "fits as many rows",
    ),
    Said.ROUNDING_NEAR: (
        "{from}부터의 반올림 {rounding}: 문서에 없어 {rate} %, 반올림 {written}로 적었습니다. 수수료가 조금 "
        "적을 수 있습니다",
        "rounding {rounding} from {from}: not in documents; {rate} %, rounding {written} is written, which "
        "may charge a little less",
    ),
    Said.PROPORTIONAL: (
        "취소 금액 기준의 수수료 반환: 문서에 없어 취소 전 − 취소 후로 적었습니다. 끝전이 다를 수 있습니다",
        "fee returned of the cancelled amount: not in documents; before less after is written, an odd won "
        "may differ",
    ),
    Said.REFUND_FEE: (
        "환불 수수료 {refundFee} (VAT 포함): 이 금액이 되는 값이 없어 적지 않았습니다",
        "refund fee {refundFee} (VAT included): left out, no figure of a document makes it",
    ),
    Said.INSTALMENTS: (
        "할부 {months}개월 INSTALLMENT: 문서에 적을 수 없는 것이 있어 뺐습니다",
        "{months} months INSTALLMENT: left out where a document cannot state it",
    ),
}


def note_words(note: Note, language: Language) -> str:
    """A sentence, with the method it is about before it."""
    values = {name: printable(str(value)) for name, value in note.values.items()}
    if "part" in values:
        values["part"] = pick(PARTS[Part(values["part"])], language)
    if "kind" in values:
        values["kind"] = kind_words(values["kind"], language)
    words = pick(_SAID[note.said], language).format(**values)
    if note.method is None:
        return words
    return f"{subject_words(note.method, note.card_kinds, note.currency, language)}: {words}"
