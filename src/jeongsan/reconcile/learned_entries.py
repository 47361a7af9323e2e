"""What was learned of one method as entries of a contract document, one per stretch of days in which nothing
changes. Knows the document's keys, words and limits; the format is data, its reader is the gateway's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from jeongsan.reconcile.due_days import (
    ONE_DAY,
    BusinessDays,
    CalendarDays,
    Cycle,
    MonthEnd,
    PayoutRule,
    bucket_start,
)
from jeongsan.reconcile.effective_periods import Period
from jeongsan.reconcile.fee_rates import MILLION, Rounding, Tariff, fixed_fee, percent
from jeongsan.reconcile.learn import LearnedTerms
from jeongsan.reconcile.learn_cancels import LearnedCancels, Returned
from jeongsan.reconcile.learn_fees import FeePeriod, TariffRange
from jeongsan.reconcile.learn_undecided import Part
from jeongsan.reconcile.learned_notes import Notes, Said

# docs/contracts.md: percent to 100, fixed fees to 10**9, counts of 1 to 60, instalments of 2 to 36 months.
_FIXED_MAX = 10**9
_COUNTS = range(1, 61)
_MONTHS = range(2, 37)
_CUT = {
    Rounding.B_HALF_UP: Rounding.B,
    Rounding.A_HALF_UP: Rounding.A,
    Rounding.INCLUDED_HALF_UP: Rounding.INCLUDED,
}
_CANCEL_WORDS = {Returned.DIFFERENCE: "returned", Returned.PROPORTIONAL: "returned", Returned.KEPT: "kept"}

Entry = dict[str, Any]
V = TypeVar("V")
P = TypeVar("P", bound=FeePeriod | Period[Any])
# From a day of approval on; the first value also holds for days before its rows.
Steps = Sequence[tuple[date, V]]


@dataclass(frozen=True, slots=True)
class _Known:
    """What can be stated, each from which day on. `months`: months → what was learned of the merchant's
    interest."""

    prices: Steps[Tariff]
    cycles: Steps[Cycle]
    payouts: Steps[PayoutRule]
    months: Mapping[int, Steps[FeePeriod]]

    @property
    def starts(self) -> list[date]:
        """The first day of all, and every day on which something changes."""
        each: list[Steps[Any]] = [steps for steps in (self.prices, self.cycles, self.payouts) if steps]
        changes = {day for steps in (*each, *self.months.values()) for day, _ in steps[1:]}
        return sorted({min(steps[0][0] for steps in each), *changes})


def entries_of(terms: LearnedTerms, notes: Notes) -> list[Entry]:
    """In order of days, without `method` and `card`; none without a price and a payout rule that can be
    stated. What no majority of rows says, or a document cannot say, is noted."""
    cycles = _cycles(terms, notes)
    known = _Known(_prices(terms, notes), cycles, _payouts(terms, cycles, notes), _instalments(terms, notes))
    for said, steps in ((Said.NO_PRICE, known.prices), (Said.NO_PAYOUT, known.payouts)):
        if not steps:
            notes.add(said, terms)
    if not known.prices or not known.payouts:
        return []
    if not cycles:
        notes.add(Said.NO_CYCLE, terms)
    starts = known.starts
    return [
        _days(start, following) | _agreed(terms, known, start, notes)
        for start, following in zip(starts, [*starts[1:], None], strict=True)
    ]


def _days(start: date, following: date | None) -> Entry:
    days = {"from": start.isoformat()}
    return days if following is None else days | {"until": (following - ONE_DAY).isoformat()}


def _agreed(terms: LearnedTerms, known: _Known, day: date, notes: Notes) -> Entry:
    """What holds on a day."""
    tariff = _on(known.prices, day)
    cycle = {"cycle": _on(known.cycles, day).value} if known.cycles else {}
    return {
        **_price(tariff),
        **cycle,
        "payout": payout_view(_on(known.payouts, day)),
        **_cancel(terms, tariff, notes),
        **_installments(terms, known, day, notes),
    }


def payout_view(rule: PayoutRule) -> Entry:
    """A payout rule as plain values."""
    if isinstance(rule, BusinessDays):
        return {"businessDays": rule.days, "anchor": rule.anchor.value}
    if isinstance(rule, CalendarDays):
        return {"calendarDays": rule.days, "holiday": rule.holiday.value}
    return {"monthEnds": rule.months, "holiday": rule.holiday.value}


def _on(steps: Steps[V], day: date) -> V:
    return next((value for start, value in reversed(steps) if start <= day), steps[0][1])


def _steps(
    terms: LearnedTerms, periods: Iterable[P], part: Part, notes: Notes, say: Callable[[P], V | None]
) -> list[tuple[date, V]]:
    """A period that says nothing keeps what was before it."""
    found: list[tuple[date, V]] = []
    for one in periods:
        value = say(one) if one.holds else None
        if not one.holds:
            days = {"from": one.first.isoformat(), "to": one.last.isoformat()}
            notes.add(Said.UNEXPLAINED, terms, part=part.value, **days)
        if value is not None and (not found or found[-1][1] != value):
            found.append((one.first, value))
    return found


def _prices(terms: LearnedTerms, notes: Notes) -> list[tuple[date, Tariff]]:
    def say(one: FeePeriod) -> Tariff | None:
        stated = _stated(one.ranges)
        if stated is None:
            _note_from(Said.LIMITS, Part.TARIFF, one, terms, notes)
            return None
        tariff = Tariff(stated.rate, stated.fixed, _CUT.get(stated.rounding, stated.rounding))
        if one.ranges[0].rounding.half_up:
            _note_rounding(one, stated, tariff, terms, notes)
        elif stated is not one.ranges[0]:
            _note_from(Said.OTHER_FITS, Part.TARIFF, one, terms, notes)
        return tariff

    return _steps(terms, terms.fees, Part.TARIFF, notes, say)


def _note_from(
    said: Said, part: Part, period: FeePeriod | Period[Any], terms: LearnedTerms, notes: Notes
) -> None:
    notes.add(said, terms, part=part.value, **{"from": period.first.isoformat()})


def _note_rounding(
    period: FeePeriod, stated: TariffRange, written: Tariff, terms: LearnedTerms, notes: Notes
) -> None:
    values = {"from": period.first.isoformat(), "rounding": period.ranges[0].rounding.value}
    values |= {"rate": percent(written.rate), "written": written.rounding.value}
    notes.add(Said.ROUNDING_NEAR if stated.rounding.half_up else Said.ROUNDING_FITS, terms, **values)


def _stated(ranges: Iterable[TariffRange]) -> TariffRange | None:
    """The likeliest that a document can say; where all round half up, the likeliest of those."""
    within = [one for one in ranges if one.rate <= MILLION and one.fixed <= _FIXED_MAX]
    return next((one for one in within if not one.rounding.half_up), next(iter(within), None))


def _price(tariff: Tariff) -> Entry:
    price: Entry = {"rate": percent(tariff.rate), "fixed": tariff.fixed}
    if tariff.rounding.vat_included:
        return price | {"vat": "included"}
    return price | {"vat": "excluded", "rounding": tariff.rounding.value}


def _cycles(terms: LearnedTerms, notes: Notes) -> list[tuple[date, Cycle]]:
    return _steps(terms, terms.cycles, Part.CYCLE, notes, lambda one: one.candidates[0])


def _payouts(terms: LearnedTerms, cycles: Steps[Cycle], notes: Notes) -> list[tuple[date, PayoutRule]]:
    """By days of approval: a rule that is first seen on a sold date holds for all sales gathered in it."""

    def say(one: Period[PayoutRule]) -> PayoutRule | None:
        within = (rule for rule in one.candidates if _count(rule) in _COUNTS)
        stated = next(within, None)
        if stated != one.candidates[0]:
            said = Said.LIMITS if stated is None else Said.OTHER_FITS
            _note_from(said, Part.PAYOUT, one, terms, notes)
        return stated

    steps: list[tuple[date, PayoutRule]] = _steps(terms, terms.payouts, Part.PAYOUT, notes, say)
    if not cycles:
        return steps
    return [
        (max(bucket_start(sold, _on(cycles, sold)), _begun(cycles, sold, steps[0][0])), rule)
        for sold, rule in steps
    ]


def _count(rule: PayoutRule) -> int:
    return rule.months if isinstance(rule, MonthEnd) else rule.days


def _begun(cycles: Steps[Cycle], sold: date, first: date) -> date:
    """Since when the cycle of a sold date has been in force."""
    return max((day for day, _ in cycles if day <= sold), default=first)


def _cancel(terms: LearnedTerms, tariff: Tariff, notes: Notes) -> Entry:
    cancels = terms.cancels
    if cancels is None or not cancels.holds:
        notes.add(Said.NO_CANCEL, terms)
        return {}
    likely = [one for one in cancels.candidates if one is not Returned.PROPORTIONAL]
    if not likely:
        notes.add(Said.PROPORTIONAL, terms)
    how = (likely or cancels.candidates)[0]
    stated: Entry = {"fee": _CANCEL_WORDS[how]}
    refund_fee = _refund_fee(cancels, tariff)
    if refund_fee is None:
        notes.add(Said.REFUND_FEE, terms, refundFee=cancels.refund_fee)
    else:
        stated["refundFee"] = refund_fee
    return {"cancel": stated}


def _refund_fee(cancels: LearnedCancels, tariff: Tariff) -> int | None:
    """As the entry quotes its fees, with or without VAT; None when no figure makes what was charged."""
    fee = fixed_fee(cancels.refund_fee, tariff.rounding) if cancels.refund_fee else 0
    return fee if fee is not None and fee <= _FIXED_MAX else None


def _instalments(terms: LearnedTerms, notes: Notes) -> dict[int, Steps[FeePeriod]]:
    found: dict[int, Steps[FeePeriod]] = {}
    for months, periods in terms.instalments.items():
        steps = [(one.first, one) for one in periods if one.holds]
        if steps and months in _MONTHS:
            found[months] = steps
        if len(steps) < len(periods) or months not in _MONTHS:
            notes.add(Said.INSTALMENTS, terms, months=months)
    return found


def _installments(terms: LearnedTerms, known: _Known, day: date, notes: Notes) -> Entry:
    tariff, stated = _on(known.prices, day), {}
    for months, steps in known.months.items():
        rate = _rate_alone(_on(steps, day), tariff.rounding)
        if rate is None:
            notes.add(Said.INSTALMENTS, terms, months=months)
        else:
            stated[str(months)] = percent(rate)
    return {"installments": stated} if stated else {}


def _rate_alone(period: FeePeriod, rounding: Rounding) -> int | None:
    """A rate without a fixed fee, rounded as the entry is; None when there is none."""
    alike = (one.rate for one in period.ranges if one.rounding is rounding and not one.fixed)
    return next((rate for rate in alike if rate <= MILLION), None)
