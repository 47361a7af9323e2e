"""An explained fee for a terminal, from the plain values of `fee_view`; and the rows that a check names."""

from collections.abc import Iterator
from typing import Any

from jeongsan.domain.methods import CardKind, InterestPayer, Method, Situation
from jeongsan.domain.terms import Grade
from jeongsan.inquiry.fee_words import CARD_KINDS, GRADES, METHODS, PAYERS, SITUATIONS
from jeongsan.inquiry.words import say

_INDENT = "   "
_KINDS = {
    "approval": ("승인", "approval"),
    "cancel": ("취소", "cancel"),
    "deposit_reversal": ("입금 취소", "deposit reversal"),
}
_STATES = {
    "forecast": ("정산 건은 마감 뒤에 생깁니다", "the row comes with the day close"),
    "waiting": ("정산 대기 중입니다: 해제된 뒤 정산됩니다", "waits for its release, then settles"),
    "never": (
        "정산되지 않는 거래입니다: 정산되었다면 이 수수료입니다",
        "never settles; this would be its fee",
    ),
}


def fee_lines(view: dict[str, Any], language: str) -> Iterator[str]:
    """The whole explanation, Korean words with the wire's English names beside them."""
    kind = say(language, *_KINDS[view["kind"]])
    yield f"{view['mode']}  {view['mId']}  {view['orderId']}  {view['transactionKey']}"
    yield f"{_INDENT}{kind} · amount {_n(view['amount'])} {view['currency']} · {view['transactedAt']}"
    yield ""
    yield from _agreed(view, language)
    yield ""
    yield from figure_lines(view, language)
    yield from _row(view, language)


def figure_lines(view: dict[str, Any], language: str) -> Iterator[str]:
    """Lines, sums and dates, of a view that has them beside its terms."""
    for line in view["lines"]:
        yield from _line(line, language)
    yield from _sums(view, language)
    yield from _dates(view, language)


def _n(number: Any) -> str:
    return f"{number:,}"


def _of(number: Any) -> str:
    """An amount behind an operator."""
    return f"({number:,})" if number < 0 else f"{number:,}"


def item(language: str, korean: str, english: str, content: str) -> str:
    """`수수료 fee: 352`: the Korean word with the wire's beside it."""
    return f"{_INDENT}{say(language, f'{korean} {english}', english)}: {content}"


def _agreed(view: dict[str, Any], language: str) -> Iterator[str]:
    contract = view["contract"]
    version = say(language, f"{contract['version']}번째", f"version {contract['version']}")
    source = f" · {contract['source']}" if contract["source"] else ""
    yield item(language, "계약", "contract", f"{version} · {contract['setBy']} · {contract['setAt']}{source}")
    yield from agreed_lines(view, language)
    yield item(language, "잔액", "basis", f"{_n(view['basis']['before'])} → {_n(view['basis']['after'])}")


def agreed_lines(view: dict[str, Any], language: str) -> Iterator[str]:
    """The terms, and what of the payment changes its fee."""
    yield item(language, "조건", "terms", " · ".join(_terms(view["terms"], language)))
    yield item(language, "특성", "traits", " · ".join(_traits(view["traits"], language)))


def _terms(terms: dict[str, Any], language: str) -> Iterator[str]:
    if "termsId" in terms:
        yield f"#{terms['termsId']}"
    subject = say(language, *METHODS[Method(terms["method"])])
    if terms["cardKind"] is not None:
        subject += f" {say(language, *CARD_KINDS[CardKind(terms['cardKind'])])}"
    yield subject
    yield f"{terms['from']} ~ {terms['until'] or ''}".rstrip()
    if terms["grade"] is not None:
        yield say(language, *GRADES[Grade(terms["grade"])])
    included = terms["vat"] == "included"
    yield say(language, "VAT 포함" if included else "VAT 별도", f"VAT {terms['vat']}")
    yield say(language, f"반올림 {terms['rounding']}", f"rounding {terms['rounding']}")
    yield terms["payout"]


def _traits(traits: dict[str, Any], language: str) -> list[str]:
    found = [say(language, *SITUATIONS[Situation(one)]) for one in traits["situations"]]
    if traits["installmentMonths"]:
        months = traits["installmentMonths"]
        found.append(say(language, f"할부 {months}개월", f"{months} instalments"))
    if traits["interestPayer"] is not None:
        found.append(say(language, *PAYERS[InterestPayer(traits["interestPayer"])]))
    return found or [say(language, "없음", "none")]


def _line(line: dict[str, Any], language: str) -> Iterator[str]:
    priced = [f"{one['nameInWords']} {_price(one)}" for one in line["prices"]]
    behind = f": {' + '.join(priced)}" if priced else ""
    if len(priced) > 1:
        behind += f" = {_price(line)}"
    yield f"{_INDENT}{line['type']} ({line['typeInWords']}){behind}"
    if priced:
        before, after = line["before"], line["after"]
        for holding in (before, after):
            yield f"{_INDENT * 2}{_n(holding['amount'])}: {holding['inWords']}"
        moved = f"{_n(after['fee'])} − {_of(before['fee'])} = {_n(line['difference'])}"
        if line["kept"]:
            moved += say(language, " → 0 (취소해도 돌려주지 않음)", " → 0 (kept on a cancel)")
        yield _INDENT * 2 + moved
    if line["refundFee"] is not None:
        refund = say(language, "환불 수수료 refund fee", "refund fee")
        yield f"{_INDENT * 2}{refund}: {line['refundFee']['inWords']}"


def _price(price: dict[str, Any]) -> str:
    rate, fixed = f"{price['rate']}%", _n(price["fixed"])
    if not price["fixed"]:
        return rate
    return fixed if price["rate"] == "0" else f"{rate} + {fixed}"


def _sums(view: dict[str, Any], language: str) -> Iterator[str]:
    split = view["split"]
    rounded = say(language, " (반올림)", " (half up)") if split["roundedUp"] else ""
    eleventh = (
        f"{_n(view['fee'])} = 11 × {_of(split['quotient'])} + {_of(split['remainder'])} "
        f"→ {_n(view['vat'])}{rounded}"
    )
    yield ""
    if len(view["lines"]) > 1:
        added = " + ".join(_of(line["fee"]) for line in view["lines"])
        yield item(language, "수수료", "fee", f"{added} = {_n(view['fee'])}")
    else:
        yield item(language, "수수료", "fee", _n(view["fee"]))
    yield item(language, "부가세", "vat", eleventh)
    supply = f"{_n(view['fee'])} − {_of(view['vat'])} = {_n(view['supplyAmount'])}"
    yield item(language, "공급가액", "supplyAmount", supply)
    paid = f"{_n(view['amount'])} − {_of(view['fee'])} = {_n(view['payOutAmount'])}"
    yield item(language, "지급액", "payOutAmount", paid)
    if view["refundFeeApart"] is not None:
        apart = say(language, "정산 조정으로 따로", "apart, as an adjustment")
        yield item(language, "환불 수수료", "refund fee", f"{view['refundFeeApart']['inWords']} ({apart})")


def _dates(view: dict[str, Any], language: str) -> Iterator[str]:
    dates = view["dates"]
    if dates is None:
        return
    cycle, payout = view["terms"]["cycle"], view["terms"]["payout"]
    yield ""
    yield item(language, "정산 매출일", "soldDate", f"{dates['soldDate']} ({cycle})")
    counted = f"{dates['paidOutDate']} ({payout}: {dates['stepsInWords']})"
    yield item(language, "정산 지급일", "paidOutDate", counted)
    if dates["redated"]:
        yield _INDENT * 2 + say(
            language,
            "지급일은 옮겨졌거나 달력이 바뀌기 전에 센 날입니다: jeongsan trace에 이유가 있습니다",
            "the date was moved, or counted before the calendar was changed: jeongsan trace says why",
        )


def _row(view: dict[str, Any], language: str) -> Iterator[str]:
    row = view["row"]
    yield ""
    if row["differences"]:
        yield item(
            language, "정산 건", "row", say(language, "저장된 값이 다릅니다", "what is stored differs")
        )
        yield from (f"{_INDENT * 2}{line}" for line in difference_lines(row["differences"], language))
    elif row["state"] == "settled":
        words = say(language, "저장된 값과 모두 같습니다", "everything stored is the same")
        yield item(language, "정산 건", "row", words)
    else:
        yield item(language, "정산 건", "row", say(language, *_STATES[row["state"]]))


def difference_lines(found: list[dict[str, Any]], language: str) -> Iterator[str]:
    """`fee: 저장 stored 64, 계산 expected 63`."""
    stored = say(language, "저장 stored", "stored")
    expected = say(language, "계산 expected", "expected")
    for one in found:
        values = (f"{value:,}" if not isinstance(value, str | None) else value for value in one.values())
        field, there, wanted = values
        yield f"{field}: {stored} {there or '-'}, {expected} {wanted or '-'}"
