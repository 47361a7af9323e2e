"""A priced payment as plain JSON values, and for a terminal. Amounts in whole units."""

from collections.abc import Iterator
from typing import Any

from jeongsan.domain.money import Money, zero
from jeongsan.domain.release import CAUSES
from jeongsan.domain.tax import split
from jeongsan.domain.terms import Release
from jeongsan.inquiry.fee_explanation import FeeFigures
from jeongsan.inquiry.fee_text import agreed_lines, figure_lines, item
from jeongsan.inquiry.fee_view import dates_view, figures_view, terms_figures, traits_view
from jeongsan.inquiry.fee_words import Sums
from jeongsan.inquiry.priced import CURRENCY, Priced, Sale
from jeongsan.inquiry.words import cause_word, say

_APPROVAL, _CANCEL = ("승인", "approval"), ("취소", "cancel")


def priced_view(priced: Priced, source: str, language: str) -> dict[str, Any]:
    """The terms it falls under, the payment's own VAT, and the figures of its approval and of its cancel."""
    sums = Sums(language, CURRENCY)
    return {
        "at": priced.sale.day.isoformat(),
        "source": source,
        "terms": terms_figures(priced.terms, sums),
        "traits": traits_view(priced.sale.traits),
        "payment": _payment(priced.sale),
        "awaits": None if priced.awaits is Release.AT_ONCE else priced.awaits.value,
        "approval": _figures(priced.approval, language),
        "cancel": None if priced.cancel is None else _figures(priced.cancel, language),
    }


def _payment(sale: Sale) -> dict[str, Any]:
    amount, tax_free = Money(sale.amount, CURRENCY), Money(sale.tax_free, CURRENCY)
    parts = split(amount, tax_free=tax_free, tax_exemption=zero(CURRENCY))
    return {
        "currency": CURRENCY,
        "amount": amount.number(),
        "suppliedAmount": parts.supplied.number(),
        "vat": parts.vat.number(),
        "taxFreeAmount": tax_free.number(),
    }


def _figures(figures: FeeFigures, language: str) -> dict[str, Any]:
    sums = Sums(language, CURRENCY)
    return {
        "amount": sums.number(figures.amount),
        **figures_view(figures, sums),
        "dates": dates_view(figures, figures.expected, language),
    }


def priced_lines(view: dict[str, Any], language: str) -> Iterator[str]:
    """The whole answer, Korean words with the wire's English names beside them."""
    source = f" · {view['source']}" if view["source"] else ""
    yield say(language, f"{view['at']} 승인", f"approved on {view['at']}") + source
    yield from agreed_lines(view, language)
    paid = view["payment"]
    parts = (
        f"{paid['amount']:,} {paid['currency']} = suppliedAmount {paid['suppliedAmount']:,} + "
        f"vat {paid['vat']:,} + taxFreeAmount {paid['taxFreeAmount']:,}"
    )
    yield item(language, "결제 금액", "amount", parts)
    if view["awaits"] is not None:
        yield item(language, "대기", "awaits", _awaits(Release(view["awaits"]), language))
    for name, words in (("approval", _APPROVAL), ("cancel", _CANCEL)):
        if view[name] is not None:
            yield ""
            yield f"{say(language, f'{words[0]} {words[1]}', words[1])} · {view[name]['amount']:,}"
            yield from figure_lines({"terms": view["terms"]} | view[name], language)


def _awaits(release: Release, language: str) -> str:
    cause = cause_word(CAUSES[release], language)
    return say(
        language,
        f"{cause}; 날짜는 승인 당일에 해제될 때입니다",
        f"{cause}; the days are those of a release on the day of the approval",
    )
