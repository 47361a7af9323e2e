"""A learned contract as plain values: what `--json` prints."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from jeongsan.reconcile.cancel_words import Language
from jeongsan.reconcile.due_days import Cycle, OpenDays, PayoutRule
from jeongsan.reconcile.effective_periods import Period
from jeongsan.reconcile.fee_rates import Tariff, percent
from jeongsan.reconcile.learn import Deviation, Learned, LearnedTerms
from jeongsan.reconcile.learn_answers import Answered, answers
from jeongsan.reconcile.learn_cancels import LearnedCancels, Returned
from jeongsan.reconcile.learn_fees import FeePeriod
from jeongsan.reconcile.learn_undecided import Undecided, undecided
from jeongsan.reconcile.learn_words import answer_words
from jeongsan.reconcile.learned_contract import as_contract
from jeongsan.reconcile.learned_entries import payout_view
from jeongsan.reconcile.learned_notes import Note
from jeongsan.reconcile.learned_words import note_words
from jeongsan.reconcile.settled_rows import RowProblem


def learned_view(learned: Learned, problems: Sequence[RowProblem], banks: OpenDays) -> dict[str, Any]:
    """Everything that was learned; amounts in minor units, rates in percent."""
    history, contract = learned.history, as_contract(learned)
    return {
        "rows": len(history.rows),
        "repeated": history.repeated,
        "moved": list(history.moved),
        "contract": contract.document,
        "contractNotes": [_note(one) for one in contract.notes],
        "terms": [_terms(one, banks) for one in learned.terms],
        "answers": [_answer(one) for one in answers(learned)],
        "problems": [problem_view(one) for one in (*problems, *history.contradictions)],
    }


def problem_view(problem: RowProblem) -> dict[str, Any]:
    """What could not be read; `place` and `field` are null where it is about the whole file."""
    return {
        "file": problem.file,
        "place": problem.place,
        "field": problem.field,
        "reason": problem.fault.value,
        "value": problem.value,
    }


def _terms(terms: LearnedTerms, banks: OpenDays) -> dict[str, Any]:
    return {
        "mId": terms.mid,
        "currency": terms.currency,
        "method": terms.method,
        "card": list(terms.card_kinds),
        "rows": terms.rows,
        "charges": terms.charges,
        "itemised": terms.itemised,
        "fees": [_fees(one) for one in terms.fees],
        "instalments": {
            str(months): [_fees(one) for one in periods] for months, periods in terms.instalments.items()
        },
        "cycles": [_period(one) for one in terms.cycles],
        "payouts": [_period(one) for one in terms.payouts],
        "redated": [
            {"day": one.day.isoformat(), "name": one.name, "rows": one.rows} for one in terms.redated
        ],
        "cancels": None if terms.cancels is None else _cancels(terms.cancels),
        "undecided": [_undecided(one) for one in undecided(terms, banks)],
        "deviations": [_deviation(one) for one in terms.deviations],
    }


def _fees(period: FeePeriod) -> dict[str, Any]:
    ranges = [
        {
            **_candidate(one.tariff),
            "lowest": percent(one.low),
            "highest": percent(one.high),
        }
        for one in period.ranges
    ]
    return _span(period) | {"candidates": ranges}


def _period(period: Period[Cycle] | Period[PayoutRule]) -> dict[str, Any]:
    return _span(period) | {"candidates": [_candidate(one) for one in period.candidates]}


def _span(period: FeePeriod | Period[Any]) -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "agree": period.agree,
        "rows": period.rows,
    }


def _cancels(cancels: LearnedCancels) -> dict[str, Any]:
    return {
        "rows": cancels.rows,
        "judged": cancels.judged,
        "agree": cancels.agree,
        "candidates": [one.value for one in cancels.candidates],
        "refundFee": cancels.refund_fee,
        "closedPayments": cancels.closed,
        "leftovers": {str(fee): rows for fee, rows in cancels.leftovers.items()},
    }


def _undecided(one: Undecided) -> dict[str, Any]:
    return {
        "part": one.part.value,
        "count": one.count,
        "candidates": [_candidate(each) for each in one.candidates],
        "amount": one.amount,
        "cancelled": one.cancelled,
        "day": None if one.day is None else one.day.isoformat(),
    }


def _candidate(one: Tariff | Cycle | PayoutRule | Returned) -> Any:
    if isinstance(one, Tariff):
        return {"rate": percent(one.rate), "fixed": one.fixed, "rounding": one.rounding.value}
    return one.value if isinstance(one, Cycle | Returned) else payout_view(one)


def _deviation(one: Deviation) -> dict[str, Any]:
    return {
        "name": one.name,
        "rule": one.rule.value,
        "seen": _plain(one.seen),
        "expected": _plain(one.expected),
        "because": one.because,
    }


def _plain(value: int | date) -> int | str:
    return value if isinstance(value, int) else value.isoformat()


def _answer(answered: Answered) -> dict[str, Any]:
    words = {language.value: answer_words(answered, language)[1] for language in Language}
    return {"question": answered.question, "answer": answered.answer.value, **answered.values, **words}


def _note(note: Note) -> dict[str, Any]:
    words = {language.value: note_words(note, language) for language in Language}
    about = {"method": note.method, "card": list(note.card_kinds), "currency": note.currency}
    return {"note": note.said.value, **(about if note.method is not None else {}), **note.values, **words}
