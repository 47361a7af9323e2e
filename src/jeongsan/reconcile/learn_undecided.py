"""What a history leaves open: the candidates that fit equally well, and the row that would decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jeongsan.reconcile.due_days import Cycle, OpenDays, PayoutRule
from jeongsan.reconcile.fee_rates import Tariff, plainest
from jeongsan.reconcile.learn import LearnedTerms
from jeongsan.reconcile.learn_cancels import Returned, telling_cancel
from jeongsan.reconcile.learn_days import deciding_sale
from jeongsan.reconcile.learn_fees import FeePeriod, deciding_amount

_COMPARED_MAX = 12


class Part(StrEnum):
    """A part of a contract that may be open."""

    RATE = "rate"
    TARIFF = "tariff"
    CYCLE = "cycle"
    PAYOUT = "payout"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Undecided:
    """`count` candidates fit all rows that the best one fits; some of them are given. `amount`: an approval
    of it would decide; `cancelled`: with this part of it cancelled; `day`: a sale on it would decide."""

    part: Part
    count: int
    candidates: tuple[Tariff | Cycle | PayoutRule | Returned, ...]
    amount: int | None = None
    cancelled: int | None = None
    day: date | None = None


def undecided(terms: LearnedTerms, banks: OpenDays) -> tuple[Undecided, ...]:
    """Everything that is open about the terms in force at the end of the history."""
    return (*_of_fees(terms.fees), *_of_days(terms, banks), *_of_cancels(terms))


def _of_fees(periods: tuple[FeePeriod, ...]) -> Iterator[Undecided]:
    if not periods or not periods[-1].ranges:
        return
    ranges = periods[-1].ranges
    likeliest, rates = ranges[0], ranges[0].usual_rates
    if len(rates) > 1:
        some = sorted({rates[0], likeliest.rate, rates[-1]})
        tariffs = tuple(Tariff(rate, likeliest.fixed, likeliest.rounding) for rate in some)
        yield Undecided(Part.RATE, len(rates), tariffs, deciding_amount(tariffs))
    kinds = tuple(dict.fromkeys(plainest(one.tariff) for one in ranges))
    if len(kinds) > 1:
        some_kinds = kinds[:_COMPARED_MAX]
        yield Undecided(Part.TARIFF, len(kinds), some_kinds, deciding_amount(some_kinds))


def _of_days(terms: LearnedTerms, banks: OpenDays) -> Iterator[Undecided]:
    cycles = terms.cycles[-1].candidates if terms.cycles else ()
    if len(cycles) > 1:
        # A Sunday may end a week and a month; the day after ends neither.
        last = terms.cycles[-1].last
        yield Undecided(Part.CYCLE, len(cycles), cycles, day=date.fromordinal(last.toordinal() + 1))
    rules = terms.payouts[-1].candidates if terms.payouts else ()
    if len(rules) > 1:
        cycle = cycles[0] if cycles else Cycle.DAILY
        some = rules[:_COMPARED_MAX]
        day = deciding_sale(some, cycle, terms.payouts[-1].last, banks)
        yield Undecided(Part.PAYOUT, len(rules), some, day=day)


def _of_cancels(terms: LearnedTerms) -> Iterator[Undecided]:
    cancels = terms.cancels
    if cancels is None or len(cancels.candidates) < 2 or not terms.fees or not terms.fees[-1].ranges:
        return
    amount, cancelled = telling_cancel(terms.fees[-1].ranges[0].tariff) or (None, None)
    candidates = cancels.candidates
    yield Undecided(Part.CANCEL, len(candidates), candidates, amount=amount, cancelled=cancelled)
