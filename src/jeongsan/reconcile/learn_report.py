"""A learned contract for people: a line per method, what is open about it, the answers, the exceptions."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from jeongsan.reconcile.cancel_words import Language, pick
from jeongsan.reconcile.due_days import Cycle, OpenDays, PayoutRule
from jeongsan.reconcile.effective_periods import Period
from jeongsan.reconcile.learn import Learned, LearnedTerms
from jeongsan.reconcile.learn_answers import answers
from jeongsan.reconcile.learn_fees import FeePeriod
from jeongsan.reconcile.learn_undecided import undecided
from jeongsan.reconcile.learn_words import (
    answer_words,
    cancel_words,
    cycle_words,
    deviation_words,
    payout_words,
    problem_words,
    subject_words,
    tariff_words,
    undecided_words,
)
from jeongsan.reconcile.learned_contract import as_contract
from jeongsan.reconcile.learned_words import note_words
from jeongsan.reconcile.settled_rows import RowProblem

SHOWN_MAX = 10

_TITLE = ("계약 학습", "Learned contract")
_ROWS = ("{}건", "{} rows")
_REPEATED = ("되풀이 {}건", "{} repeated")
_SHOP = ("상점 {}", "shop {}")
_NO_CHARGES = ("수수료를 배울 승인 건 없음", "no approval to learn a fee from")
_NOTHING_FITS = ("맞는 규칙 없음", "no rule fits")
_HARDLY = ("절반 이상을 설명하지 못함", "explains no more than half")
_FROM_TOTAL = (
    "fees[] 없이 fee만 있는 {}건은 총액에서 배움",
    "{} rows without fees[]: learned from their whole fee",
)
_MONTHS = ("할부 {}개월 INSTALLMENT", "{} months INSTALLMENT")
_AS_IF_OPEN = ("{} {}을(를) 영업일로 센 {}건", "{2} rows count {0} ({1}) as a business day")
_AS_IF_SHUT = ("{}을(를) 쉬는 날로 센 {}건", "{1} rows count {0} as a holiday")
_DEVIATING = ("이탈 {}건", "{} deviations")
_DOCUMENT = ("계약 문서", "Contract document")
_PROBLEMS = ("읽지 못한 것 {}건", "{} could not be read")
_MORE = ("외 {}건", "{} more")
P = TypeVar("P", bound=FeePeriod | Period[Any])

_NONE = ("배울 정산 건이 없습니다.", "There are no settlement rows to learn from.")


def terminal_text(
    learned: Learned, problems: Sequence[RowProblem], banks: OpenDays, language: Language
) -> str:
    """The whole report."""
    history = learned.history
    title = f"{pick(_TITLE, language)} · {_of(_ROWS, language, f'{len(history.rows):,}')}"
    if history.repeated:
        title += f" · {_of(_REPEATED, language, f'{history.repeated:,}')}"
    lines = [title]
    shops = {one.mid for one in learned.terms}
    for terms in learned.terms:
        lines += ["", *_terms(terms, banks, language, named=len(shops) > 1)]
    if history.rows:
        lines += ["", *_answers(learned, language), *_document(learned, language)]
    else:
        lines.append(pick(_NONE, language))
    unread = [problem_words(one, language) for one in (*problems, *history.contradictions)]
    lines += _some(unread, _PROBLEMS, language)
    return "\n".join(lines)


def _terms(terms: LearnedTerms, banks: OpenDays, language: Language, *, named: bool) -> Iterator[str]:
    name = subject_words(terms.method, terms.card_kinds, terms.currency, language)
    if named:
        name += f" [{_of(_SHOP, language, terms.mid or '–')}]"
    yield f"{name}  {' · '.join(part[-1] for part in _parts(terms, language) if part)}"
    for part in _parts(terms, language):
        yield from (f"  {line}" for line in part[:-1])
    yield from (f"  {line}" for line in _notes(terms, language))
    for one in undecided(terms, banks):
        yield f"  {undecided_words(one, terms.currency, language)}"
    deviations = [deviation_words(one, terms.currency, language) for one in terms.deviations]
    yield from (f"  {line}" for line in _some(deviations, _DEVIATING, language))


def _parts(terms: LearnedTerms, language: Language) -> tuple[list[str], ...]:
    """Fee, cycle, payout and cancel, each with earlier periods first and the one in force last."""

    def tariff(one: FeePeriod) -> str | None:
        return tariff_words(one.ranges[0].tariff, terms.currency, language) if one.ranges else None

    def cycle(one: Period[Cycle]) -> str | None:
        return cycle_words(one.candidates[0], language) if one.candidates else None

    def payout(one: Period[PayoutRule]) -> str | None:
        return payout_words(one.candidates[0], language) if one.candidates else None

    fees = _of_periods(terms.fees, tariff, language) or [pick(_NO_CHARGES, language)]
    cancels = terms.cancels
    given_back = [] if cancels is None else [cancel_words(cancels, terms.currency, language)]
    return (
        fees,
        _of_periods(terms.cycles, cycle, language),
        _of_periods(terms.payouts, payout, language),
        [f"{one}, {cancels.agree}/{cancels.judged}" for one in given_back if cancels is not None],
    )


def _of_periods(periods: Sequence[P], say: Callable[[P], str | None], language: Language) -> list[str]:
    """What was in force, how many rows agree, and from when, where it changed."""
    lines = []
    for one in periods:
        words = f"{say(one) or pick(_NOTHING_FITS, language)}, {one.agree}/{one.rows}"
        if not one.holds:
            words += f" ({pick(_HARDLY, language)})"
        lines.append(words if len(periods) == 1 else f"{one.first} – {one.last} {words}")
    return lines


def _notes(terms: LearnedTerms, language: Language) -> Iterator[str]:
    total = terms.charges - terms.itemised
    if total > 0:
        yield _of(_FROM_TOTAL, language, total)
    for months, periods in terms.instalments.items():
        for one in periods:
            if one.ranges:
                words = tariff_words(one.ranges[0].tariff, terms.currency, language)
                yield f"{_of(_MONTHS, language, months)}: {words}, {one.agree}/{one.rows}"
    for day in terms.redated:
        if day.name is not None:
            yield _of(_AS_IF_OPEN, language, day.day, day.name, day.rows)
        else:
            yield _of(_AS_IF_SHUT, language, day.day, day.rows)


def _answers(learned: Learned, language: Language) -> Iterator[str]:
    for one in answers(learned):
        yield ": ".join(answer_words(one, language))


def _document(learned: Learned, language: Language) -> list[str]:
    """All of them: what a document leaves out has to be seen before it is used."""
    notes = [f"  {note_words(one, language)}" for one in as_contract(learned).notes]
    return [pick(_DOCUMENT, language), *notes] if notes else []


def _some(lines: Sequence[str], title: tuple[str, str], language: Language) -> list[str]:
    """Under a title with their number; the first of them, and how many more there are."""
    if not lines:
        return []
    more = [f"  {_of(_MORE, language, len(lines) - SHOWN_MAX)}"] if len(lines) > SHOWN_MAX else []
    return [_of(title, language, len(lines)), *(f"  {one}" for one in lines[:SHOWN_MAX]), *more]


def _of(words: tuple[str, str], language: Language, *values: object) -> str:
    return pick(words, language).format(*values)
