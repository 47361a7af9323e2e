"""What was learned as a contract document, and what of it no document can say. The one place that knows the
document's words and bounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from jeongsan.reconcile.due_days import BusinessDays, CalendarDays, PayoutRule
from jeongsan.reconcile.effective_periods import Period
from jeongsan.reconcile.fee_rates import Rounding, Tariff, fixed_fee, percent
from jeongsan.reconcile.learn import Learned, LearnedTerms
from jeongsan.reconcile.learn_cancels import Returned
from jeongsan.reconcile.learn_fees import FeePeriod

P = TypeVar("P", bound=FeePeriod | Period[Any])

_METHODS = {
    "CARD": "CARD",
    "EASY_PAY": "EASY_PAY",
    "TRANSFER": "TRANSFER",
    "VIRTUAL_ACCOUNT": "VIRTUAL_ACCOUNT",
    "MOBILE_PHONE": "MOBILE_PHONE",
    "CULTURE_GIFT_CERTIFICATE": "GIFT_CERTIFICATE",
    "BOOK_GIFT_CERTIFICATE": "GIFT_CERTIFICATE",
    "GAME_GIFT_CERTIFICATE": "GIFT_CERTIFICATE",
}
_CARD_KINDS = {"CREDIT", "CHECK", "GIFT", "OVERSEAS"}
# Fractions are cut; a document has no word for rounding them half up.
_ROUNDINGS = {
    Rounding.A: {"vat": "excluded", "rounding": "A"},
    Rounding.B: {"vat": "excluded", "rounding": "B"},
    Rounding.INCLUDED: {"vat": "included"},
}
_CANCEL_WORDS = {Returned.DIFFERENCE: "returned", Returned.KEPT: "kept"}
_COUNTS = range(1, 61)
_FIXED_MAX = 10**9
_MONTHS = range(2, 37)


class Unsaid(StrEnum):
    """Why something that was learned is not in the document."""

    SHOPS = "SHOPS"
    NO_CARDS = "NO_CARDS"
    CURRENCY = "CURRENCY"
    METHOD = "METHOD"
    SAME_METHOD = "SAME_METHOD"
    KIND = "KIND"
    FEE = "FEE"
    ROUNDING = "ROUNDING"
    CYCLE = "CYCLE"
    PAYOUT = "PAYOUT"
    CANCEL = "CANCEL"
    INSTALMENTS = "INSTALMENTS"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something learned that the document does not say. `terms`: of which terms, None: of all. `until`: the
    last day of what is left out where a later entry is there; a document has no gap, so nothing before is
    in it either."""

    reason: Unsaid
    terms: LearnedTerms | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LearnedDocument:
    """`contract`: the likeliest contract in the document's own format; None when none can be written."""

    contract: dict[str, Any] | None
    left_out: tuple[LeftOut, ...]


class _Unsayable(Exception):
    def __init__(self, reason: Unsaid) -> None:
        self.reason = reason


def document_of(learned: Learned) -> LearnedDocument:
    """The document of one shop. Of each method the terms with the most rows hold for cards of any kind, also
    for kinds that were never seen; the others name their kinds."""
    if len({one.mid for one in learned.terms}) > 1:
        return LearnedDocument(None, (LeftOut(Unsaid.SHOPS),))
    left_out: list[LeftOut] = []
    entries: list[dict[str, Any]] = []
    begun: set[str] = set()
    for terms in sorted(learned.terms, key=lambda one: (-one.rows, one.method, one.card_kinds)):
        try:
            scope = _scope(terms, begun)
        except _Unsayable as unsayable:
            left_out.append(LeftOut(unsayable.reason, terms))
            continue
        found = list(_entries(terms, scope, left_out))
        entries += found
        begun |= {scope["method"]} if found else set()
    if "CARD" not in begun:
        return LearnedDocument(None, (LeftOut(Unsaid.NO_CARDS), *left_out))
    entries.sort(key=lambda one: (one["method"], one.get("card", []), one["from"]))
    rows = sum(one.rows for one in learned.terms)
    return LearnedDocument(
        {"source": f"learned from {rows} settlement rows", "terms": entries}, tuple(left_out)
    )


def _scope(terms: LearnedTerms, begun: set[str]) -> dict[str, Any]:
    if terms.currency != "KRW":
        raise _Unsayable(Unsaid.CURRENCY)
    method = _METHODS.get(terms.method)
    if method is None:
        raise _Unsayable(Unsaid.METHOD)
    if method not in begun:
        return {"method": method}
    if method != "CARD":
        raise _Unsayable(Unsaid.SAME_METHOD)
    kinds = [kind for kind in terms.card_kinds if kind in _CARD_KINDS]
    if not kinds:
        raise _Unsayable(Unsaid.KIND)
    return {"method": method, "card": kinds}


def _entries(terms: LearnedTerms, scope: dict[str, Any], left_out: list[LeftOut]) -> list[dict[str, Any]]:
    """One entry per stretch of days in which nothing changes, after the last one that cannot be said."""
    starts = _starts(terms)
    found: list[dict[str, Any]] = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = None if following is None else following - timedelta(days=1)
        try:
            agreed = _agreed(terms, start)
        except _Unsayable as unsayable:
            left_out.append(LeftOut(unsayable.reason, terms, end))
            found = []
            continue
        days = {"from": start.isoformat()} | ({} if end is None else {"until": end.isoformat()})
        found.append(scope | days | agreed)
    if found:
        left_out += _unsaid_beside(terms)
    return found


def _starts(terms: LearnedTerms) -> list[date]:
    """The first day of all, and every day on which fee, cycle or payout change."""
    each: Sequence[Sequence[Any]] = (terms.fees, terms.cycles, terms.payouts)
    firsts = [periods[0].first for periods in each if periods]
    return sorted({*([min(firsts)] if firsts else []), *(one.first for ps in each for one in ps[1:])})


def _agreed(terms: LearnedTerms, day: date) -> dict[str, Any]:
    """What an entry says of the days from this one on. Raises _Unsayable."""
    tariff = _tariff(terms, day)
    cycle, payout = _in_force(terms.cycles, day), _in_force(terms.payouts, day)
    if cycle is None or not cycle.candidates:
        raise _Unsayable(Unsaid.CYCLE)
    rules = [] if payout is None else [one for one in payout.candidates if _count(one) in _COUNTS]
    if not rules:
        raise _Unsayable(Unsaid.PAYOUT)
    found = {"rate": percent(tariff.rate), "fixed": tariff.fixed} | _ROUNDINGS[tariff.rounding]
    found |= {"cycle": cycle.candidates[0].value, "payout": payout_view(rules[0])}
    return found | _cancel(terms, tariff) | _instalments(terms, tariff)


def _in_force(periods: Sequence[P], day: date) -> P | None:
    """The period that a day lies in, the first one for days before it; None when it holds for no more than
    half of its rows."""
    found = next((one for one in reversed(periods) if one.first <= day), periods[0] if periods else None)
    return found if found is not None and found.holds else None


def _tariff(terms: LearnedTerms, day: date) -> Tariff:
    period = _in_force(terms.fees, day)
    if period is None or not period.ranges:
        raise _Unsayable(Unsaid.FEE)
    sayable = [one.tariff for one in period.ranges if one.rounding in _ROUNDINGS and one.fixed <= _FIXED_MAX]
    if not sayable:
        raise _Unsayable(Unsaid.ROUNDING)
    return sayable[0]


def _cancel(terms: LearnedTerms, tariff: Tariff) -> dict[str, Any]:
    """How fees come back, and the refund fee as contracts quote it."""
    cancels = terms.cancels
    if cancels is None or not cancels.holds:
        return {}
    words = [_CANCEL_WORDS[one] for one in cancels.candidates if one in _CANCEL_WORDS]
    refund_fee = fixed_fee(cancels.refund_fee, tariff.rounding)
    if not words or refund_fee is None or refund_fee > _FIXED_MAX:
        return {}
    return {"cancel": {"fee": words[0], "refundFee": refund_fee}}


def _instalments(terms: LearnedTerms, tariff: Tariff) -> dict[str, Any]:
    rates = {
        str(months): percent(one.rate)
        for months, periods in sorted(terms.instalments.items())
        if (one := _instalment(months, periods, tariff)) is not None
    }
    return {"installments": rates} if rates else {}


def _instalment(months: int, periods: Sequence[FeePeriod], tariff: Tariff) -> Tariff | None:
    """A document has one rate without a fixed part for a number of months, rounded like the fee itself."""
    if months not in _MONTHS or len(periods) != 1 or not periods[0].holds:
        return None
    ranges = periods[0].ranges
    return next((one.tariff for one in ranges if not one.fixed and one.rounding is tariff.rounding), None)


def _unsaid_beside(terms: LearnedTerms) -> Iterator[LeftOut]:
    """What entries that are there do not say of cancels and instalments."""
    tariff = _tariff(terms, _starts(terms)[-1])
    if terms.cancels is not None and not _cancel(terms, tariff):
        yield LeftOut(Unsaid.CANCEL, terms)
    said = _instalments(terms, tariff).get("installments", {})
    if len(said) < len(terms.instalments):
        yield LeftOut(Unsaid.INSTALMENTS, terms)


def payout_view(rule: PayoutRule) -> dict[str, Any]:
    """A payout rule as plain values."""
    if isinstance(rule, BusinessDays):
        return {"businessDays": rule.days, "anchor": rule.anchor.value}
    if isinstance(rule, CalendarDays):
        return {"calendarDays": rule.days, "holiday": rule.holiday.value}
    return {"monthEnds": rule.months, "holiday": rule.holiday.value}


def _count(rule: PayoutRule) -> int:
    return rule.days if isinstance(rule, BusinessDays | CalendarDays) else rule.months
