"""What was learned as a contract document. The one place that knows the document's words."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from jeongsan.reconcile.due_days import BusinessDays, CalendarDays, PayoutRule
from jeongsan.reconcile.fee_rates import Tariff, eleventh, percent
from jeongsan.reconcile.learn import Learned, LearnedTerms
from jeongsan.reconcile.learn_cancels import LearnedCancels, Returned, tariff_on

_CANCEL_WORDS = {
    Returned.DIFFERENCE: "returned",
    Returned.PROPORTIONAL: "proportional",
    Returned.KEPT: "kept",
}


def as_contract(learned: Learned) -> dict[str, Any]:
    """The likeliest contract; what no majority of rows says is left out. A shop's id stands in its terms only
    where the history has several shops."""
    shops = {one.mid for one in learned.terms}
    return {"terms": [term for one in learned.terms for term in _terms(one, named=len(shops) > 1)]}


def _terms(terms: LearnedTerms, *, named: bool) -> Iterator[dict[str, Any]]:
    """One entry per stretch of days in which nothing changes."""
    starts = _starts(terms)
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        entry: dict[str, Any] = {"mId": terms.mid} if named else {}
        entry["method"] = terms.method
        if terms.currency != "KRW":
            entry["currency"] = terms.currency
        if terms.card_kinds:
            entry["card"] = list(terms.card_kinds)
        entry["from"] = start.isoformat()
        if following is not None:
            entry["until"] = (following - timedelta(days=1)).isoformat()
        fees = [one for one in terms.fees if one.holds]
        entry |= _tariff(tariff_on(fees, start)) | _days(terms, start)
        if terms.cancels is not None and terms.cancels.holds:
            entry["cancel"] = _cancel(terms.cancels)
        yield entry


def _starts(terms: LearnedTerms) -> list[date]:
    """The first day of all, and every day on which fee, cycle or payout change."""
    each: Sequence[Sequence[Any]] = (terms.fees, terms.cycles, terms.payouts)
    firsts = [periods[0].first for periods in each if periods]
    return sorted({*([min(firsts)] if firsts else []), *(one.first for ps in each for one in ps[1:])})


def _tariff(tariff: Tariff | None) -> dict[str, Any]:
    if tariff is None:
        return {}
    included = tariff.rounding.vat_included
    rounding = tariff.rounding.value
    if included:
        rounding = "half-up" if tariff.rounding.half_up else "floor"
    return {
        "rate": percent(tariff.rate),
        "fixed": tariff.fixed,
        "vat": "included" if included else "excluded",
        "rounding": rounding,
    }


def _days(terms: LearnedTerms, day: date) -> dict[str, Any]:
    cycle = next((one for one in reversed(terms.cycles) if one.first <= day), None) or _first(terms.cycles)
    payout = next((one for one in reversed(terms.payouts) if one.first <= day), None) or _first(terms.payouts)
    found: dict[str, Any] = {}
    if cycle is not None and cycle.holds:
        found["cycle"] = cycle.candidates[0].value
    if payout is not None and payout.holds:
        found["payout"] = payout_view(payout.candidates[0])
    return found


def _first(periods: Sequence[Any]) -> Any:
    return periods[0] if periods else None


def payout_view(rule: PayoutRule) -> dict[str, Any]:
    """A payout rule as plain values."""
    if isinstance(rule, BusinessDays):
        return {"businessDays": rule.days, "anchor": rule.anchor.value}
    if isinstance(rule, CalendarDays):
        return {"calendarDays": rule.days, "holiday": rule.holiday.value}
    return {"monthEnd": rule.months, "holiday": rule.holiday.value}


def _cancel(cancels: LearnedCancels) -> dict[str, Any]:
    """The refund fee as contracts quote it, without VAT."""
    fee = cancels.refund_fee
    return {"fee": _CANCEL_WORDS[cancels.candidates[0]], "refundFee": fee - eleventh(fee)}
