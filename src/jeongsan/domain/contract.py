"""A shop's contract: agreements per method and kind of card with effective dates, and the shop's grades.

A contract is one value and replaced as a whole; `terms_of` makes the dated terms that approvals freeze.
Sources: published price lists (rates by grade), the half-yearly lists of small merchants.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jeongsan.domain.contract_faults import Fault, InvalidTerms
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.terms import Conditions, Grade, Price, Terms

_ONE_DAY = timedelta(days=1)
# A day outside is a slip of the hand.
DAY_MIN = date(2000, 1, 1)
DAY_MAX = date(2100, 12, 31)
# Agreements cut by kinds of cards and by grades.
TERMS_MAX = 500
SOURCE_LENGTH_MAX = 500

Subject = tuple[Method, CardKind | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A method, or some kinds of card (none named: any), from `start` to `end`, both included."""

    method: Method
    card_kinds: tuple[CardKind, ...] = ()
    start: date
    end: date | None = None

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What it is about, one by one."""
        return tuple((self.method, kind) for kind in self.card_kinds) or ((self.method, None),)

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Scope):
    """What holds within a scope. `rates` (grade, ppm) replaces the base rate where the contract has rates by
    grade; the base rate is then that of the grade 일반."""

    rates: tuple[tuple[Grade, int], ...] = ()
    conditions: Conditions


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """`grades`: (first day, grade) in order of days; before the first one the shop is general (일반).
    `source`: where it was taken from, for people."""

    agreements: tuple[Agreement, ...]
    grades: tuple[tuple[date, Grade], ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        check_source(self.source)
        if not self.agreements:
            raise InvalidTerms("terms", Fault.NO_ENTRY)
        pieces = sum(len(one.subjects) * (1 + bool(one.rates) * len(self.grades)) for one in self.agreements)
        if pieces > TERMS_MAX:
            raise InvalidTerms("terms", Fault.TOO_MANY, pieces, TERMS_MAX)
        for place, agreement in enumerate(self.agreements):
            check_scope(f"terms[{place}].", agreement)
            check_rates(f"terms[{place}].", agreement.rates, agreement.conditions.base)
        for problem in (*overlaps(self.agreements), *grade_problems(self.grades)):
            raise problem

    def grade_at(self, day: date) -> Grade:
        """The shop's grade on a day."""
        grade = Grade.GENERAL
        for since, then in self.grades:
            if since <= day:
                grade = then
        return grade

    def with_grade(self, day: date, grade: Grade) -> "Contract":
        """The contract with a grade from `day` on, in place of another one from the same day. Raises
        InvalidTerms."""
        others = [one for one in self.grades if one[0] != day]
        return replace(self, grades=tuple(sorted([*others, (day, grade)])))


def check_source(source: str) -> None:
    """Whether a contract may say this of where it comes from: one line. Raises InvalidTerms."""
    if len(source) > SOURCE_LENGTH_MAX:
        raise InvalidTerms("source", Fault.TOO_LONG, SOURCE_LENGTH_MAX)
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in source):
        raise InvalidTerms("source", Fault.NOT_ONE_LINE)


def check_scope(place: str, scope: Scope) -> None:
    """Whether a contract may have this scope. Raises InvalidTerms; `place` stands before its field."""
    check_day(f"{place}from", scope.start)
    if scope.end is not None:
        check_day(f"{place}until", scope.end)
        if scope.end < scope.start:
            raise InvalidTerms(f"{place}until", Fault.UNTIL_BEFORE_FROM)
    if scope.card_kinds and scope.method is not Method.CARD:
        raise InvalidTerms(f"{place}card", Fault.ONLY_METHODS, Method.CARD)
    if len(set(scope.card_kinds)) != len(scope.card_kinds):
        raise InvalidTerms(f"{place}card", Fault.KIND_TWICE)


def check_day(field: str, day: date) -> None:
    """Whether a contract may name this day. Raises InvalidTerms."""
    if not DAY_MIN <= day <= DAY_MAX:
        raise InvalidTerms(field, Fault.DAY_NOT_WITHIN, str(DAY_MIN), str(DAY_MAX))


def check_rates(place: str, rates: Sequence[tuple[Grade, int]], base: Price) -> None:
    """Whether a contract may have these rates by grade. Raises InvalidTerms."""
    if not rates:
        return
    by_grade = dict(rates)
    if len(by_grade) != len(rates):
        raise InvalidTerms(f"{place}rate", Fault.GRADE_TWICE)
    for grade, rate_ppm in rates:
        Price(rate_ppm).check(f"{place}rate.{grade}.")
    if Grade.GENERAL not in by_grade:
        raise InvalidTerms(f"{place}rate", Fault.GRADE_WITHOUT_RATE, Grade.GENERAL)
    if by_grade[Grade.GENERAL] != base.rate_ppm:
        raise InvalidTerms(f"{place}rate", Fault.GRADE_WITH_OTHER_BASE, Grade.GENERAL)


def grade_problems(grades: Sequence[tuple[date, Grade]]) -> Iterator[InvalidTerms]:
    """What is wrong with the days of grades: one that cannot be, or that does not lie after the last."""
    for place, (day, _) in enumerate(grades):
        try:
            check_day(f"grades[{place}].from", day)
        except InvalidTerms as problem:
            yield problem
        if place and day <= (before := grades[place - 1][0]):
            name = f"grades[{place - 1}]"
            yield InvalidTerms(f"grades[{place}].from", Fault.GRADE_NOT_AFTER, name, str(before))


def overlaps(scopes: Iterable[Scope]) -> Iterator[InvalidTerms]:
    """What keeps scopes from giving each subject one agreement a day, without a gap up to the last one, which
    has no end; and cards of kinds that no agreement names one too."""
    by_subject: dict[Subject, list[tuple[int, Scope]]] = {}
    for place, scope in enumerate(scopes):
        for subject in scope.subjects:
            by_subject.setdefault(subject, []).append((place, scope))
    for periods in by_subject.values():
        yield from _breaks(sorted(periods, key=lambda one: one[1].start))
    # In the order in which the contract names them, so that what is said first does not change.
    for method in dict.fromkeys(method for method, _ in by_subject):
        if (method, None) not in by_subject:
            yield InvalidTerms("terms", Fault.NO_ENTRY_FOR_OTHERS, method)


def _breaks(periods: Sequence[tuple[int, Scope]]) -> Iterator[InvalidTerms]:
    """What is wrong with the periods of one subject, in order of their first days. Each is measured at the
    one before it that reaches furthest."""
    other, last = periods[0]
    for place, later in periods[1:]:
        field, name = f"terms[{place}].from", f"terms[{other}]"
        if last.end is None or later.start <= last.end:
            yield InvalidTerms(field, Fault.OVERLAPS, name, _days(later.start, _earlier(last.end, later.end)))
        elif later.start != last.end + _ONE_DAY:
            yield InvalidTerms(field, Fault.GAP, name, _days(last.end + _ONE_DAY, later.start - _ONE_DAY))
        if _earlier(last.end, later.end) == last.end:
            other, last = place, later
    if last.end is not None:
        yield InvalidTerms(f"terms[{other}].until", Fault.NOTHING_FOLLOWS, str(last.end))


def _earlier(one: date | None, other: date | None) -> date | None:
    """The end that comes first; None is none at all."""
    return min((end for end in (one, other) if end is not None), default=None)


def _days(first: date, last: date | None) -> str:
    """`2025-06-30`, `2025-06-30 ~ 2025-07-04`, `2025-06-30 ~`."""
    if last is None:
        return f"{first} ~"
    return str(first) if first == last else f"{first} ~ {last}"


def terms_of(contract: Contract) -> tuple[Terms, ...]:
    """Its terms, one for each subject, period and grade, without ids; in order of subject and day."""
    found = []
    for agreement in contract.agreements:
        rates = dict(agreement.rates)
        for start, end, grade in _periods(contract, agreement):
            conditions = agreement.conditions
            if rates:
                rate_ppm = rates.get(grade, rates[Grade.GENERAL])
                conditions = replace(conditions, base=Price(rate_ppm, conditions.base.fixed))
            for method, kind in agreement.subjects:
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


def terms_on(terms: Iterable[Terms], day: date, method: Method, kind: CardKind | None = None) -> Terms | None:
    """Among the terms of a contract those of an approval on this day: for the kind of card, or else for any
    kind. None: there are none for the method."""
    general = None
    for one in terms:
        if one.method is method and one.holds_on(day):
            if one.card_kind is kind:
                return one
            if one.card_kind is None:
                general = one
    return general


def check_in_force(contract: Contract, today: date) -> None:
    """Whether a contract can be put in force today: it has terms for cards. Raises InvalidTerms."""
    if terms_on(terms_of(contract), today, Method.CARD) is None:
        raise InvalidTerms("terms", Fault.NOT_IN_FORCE, str(today))
