"""A shop's contract: agreements per method and kind of card with effective dates, and the shop's grades.

A contract is one value and replaced as a whole; `terms_of` makes the dated terms that approvals freeze.
Sources: published price lists (rates by grade), the half-yearly lists of small merchants.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.terms import Conditions, Grade, InvalidTerms, Price, Terms

_ONE_DAY = timedelta(days=1)
# Agreements cut by kinds of cards and by grades.
TERMS_MAX = 500

Subject = tuple[Method, CardKind | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What holds for a method, or some kinds of card (none named: any), from `start` to `end`, both included.

    `rates` (grade, ppm) replaces the base rate where the contract has rates by grade.
    """

    method: Method
    card_kinds: tuple[CardKind, ...] = ()
    start: date
    end: date | None = None
    rates: tuple[tuple[Grade, int], ...] = ()
    conditions: Conditions

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What it is about, one by one."""
        return tuple((self.method, kind) for kind in self.card_kinds) or ((self.method, None),)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """`grades`: (first day, grade) in order of days; before the first one the shop is general (일반).
    `source`: where it was taken from, for people."""

    agreements: tuple[Agreement, ...]
    grades: tuple[tuple[date, Grade], ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        if not self.agreements:
            raise InvalidTerms("terms", "must have at least one entry")
        pieces = sum(len(one.subjects) * (1 + bool(one.rates) * len(self.grades)) for one in self.agreements)
        if pieces > TERMS_MAX:
            raise InvalidTerms("terms", f"come to {pieces} with their kinds and grades; at most {TERMS_MAX}")
        for place, agreement in enumerate(self.agreements):
            _check_agreement(f"terms[{place}]", agreement)
        _check_overlaps(self.agreements)
        days = [day for day, _ in self.grades]
        if days != sorted(set(days)):
            raise InvalidTerms("grades", "must have each day once, in order")

    def grade_at(self, day: date) -> Grade:
        """The shop's grade on a day."""
        grade = Grade.GENERAL
        for since, then in self.grades:
            if since <= day:
                grade = then
        return grade


def _check_agreement(place: str, agreement: Agreement) -> None:
    if agreement.end is not None and agreement.end < agreement.start:
        raise InvalidTerms(f"{place}.until", "lies before from")
    if agreement.card_kinds and agreement.method is not Method.CARD:
        raise InvalidTerms(f"{place}.card", f"is only for {Method.CARD}")
    if len(set(agreement.card_kinds)) != len(agreement.card_kinds):
        raise InvalidTerms(f"{place}.card", "names a kind twice")
    if agreement.rates and Grade.GENERAL not in dict(agreement.rates):
        raise InvalidTerms(f"{place}.rate", f"has no rate for the grade {Grade.GENERAL}")


def _check_overlaps(agreements: Iterable[Agreement]) -> None:
    """Each subject has one agreement a day, without a gap up to the last one, which has no end; and cards of
    kinds that no agreement names have one too."""
    by_subject: dict[Subject, list[tuple[int, Agreement]]] = {}
    for place, agreement in enumerate(agreements):
        for subject in agreement.subjects:
            by_subject.setdefault(subject, []).append((place, agreement))
    for periods in by_subject.values():
        periods.sort(key=lambda one: one[1].start)
        for (_, earlier), (place, later) in pairwise(periods):
            if earlier.end is None or later.start <= earlier.end:
                raise InvalidTerms(f"terms[{place}].from", "overlaps another entry for the same method")
            if later.start != earlier.end + _ONE_DAY:
                raise InvalidTerms(f"terms[{place}].from", "leaves days without an entry before it")
        place, last = periods[-1]
        if last.end is not None:
            raise InvalidTerms(f"terms[{place}].until", "ends with nothing to follow it")
    for method in {method for method, _ in by_subject}:
        if (method, None) not in by_subject:
            raise InvalidTerms("terms", f"has no {method} entry for cards of every other kind")


def terms_of(contract: Contract) -> tuple[Terms, ...]:
    """Its terms, one for each subject, period and grade, without ids; in order of subject and day."""
    found = []
    for agreement in contract.agreements:
        for method, kind in agreement.subjects:
            for start, end, grade in _periods(contract, agreement):
                rates = dict(agreement.rates)
                conditions = agreement.conditions
                if rates:
                    rate_ppm = rates.get(grade, rates[Grade.GENERAL])
                    conditions = replace(conditions, base=Price(rate_ppm, conditions.base.fixed))
                found.append(
                    Terms(
                        terms_id=0,
                        shop_id=0,
                        method=method,
                        card_kind=kind,
                        start=start,
                        end=end,
                        grade=grade if rates else None,
                        conditions=conditions,
                    )
                )
    return tuple(sorted(found, key=lambda one: (one.method, one.card_kind or "", one.start)))


def _periods(contract: Contract, agreement: Agreement) -> Iterable[tuple[date, date | None, Grade]]:
    """The agreement's days, cut where the grade changes; uncut where no rate depends on it."""
    cuts = [agreement.start]
    if agreement.rates:
        cuts += [
            day
            for day, _ in contract.grades
            if agreement.start < day and (agreement.end is None or day <= agreement.end)
        ]
    ends: list[date | None] = [day - _ONE_DAY for day in cuts[1:]]
    for start, end in zip(cuts, [*ends, agreement.end], strict=True):
        yield start, end, contract.grade_at(start)
