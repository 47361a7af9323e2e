"""Questions about a gateway that documents leave open, answered from a history where it can: yes with the
rows that say it, or undecided with the row that would.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jeongsan.reconcile.due_days import Anchor, BusinessDays
from jeongsan.reconcile.learn import Learned, LearnedTerms
from jeongsan.reconcile.learn_cancels import Returned
from jeongsan.reconcile.learn_fees import FeePeriod

_CASH = ("TRANSFER", "VIRTUAL_ACCOUNT")
_LATE = ("MOBILE_PHONE", "CULTURE_GIFT_CERTIFICATE", "BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE")


class Answer(StrEnum):
    """What can be said to a question. The part before the first dot is the question."""

    ANCHOR = "anchor.decided"
    ANCHOR_OPEN = "anchor.undecided"
    ROUNDING = "rounding.decided"
    ROUNDING_OPEN = "rounding.undecided"
    AT_ONCE = "networkCancel.settled"
    AT_ONCE_OPEN = "networkCancel.undecided"
    LATE_METHODS = "lateMethods.seen"
    LATE_METHODS_OPEN = "lateMethods.undecided"
    ESCROW_OPEN = "escrow.undecided"
    CASH_KEPT = "cashCancel.kept"
    CASH_RETURNED = "cashCancel.returned"
    CASH_OPEN = "cashCancel.undecided"
    MOVED = "lateHoliday.moved"
    OLD_CALENDAR = "lateHoliday.notMoved"
    MOVED_OPEN = "lateHoliday.undecided"
    WITHOUT_PAYMENT = "withoutPayment.seen"
    WITHOUT_PAYMENT_OPEN = "withoutPayment.none"
    PARTS_EVEN = "oddWon.none"
    PARTS_LEFT = "oddWon.left"
    PARTS_OPEN = "oddWon.undecided"
    MIDNIGHT = "cutOff.seen"
    MIDNIGHT_OPEN = "cutOff.undecided"
    VAT = "vat.decided"
    VAT_OPEN = "vat.undecided"
    ACQUIRE = "acquireStatus.noFilter"
    ACQUIRE_OPEN = "acquireStatus.undecided"
    TWO_ROWS = "sameDay.twoRows"
    LONE_ROWS = "sameDay.oneRow"
    SAME_DAY_OPEN = "sameDay.undecided"
    SUMS = "sums.counted"


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with the figures and names in it."""

    answer: Answer
    values: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def question(self) -> str:
        """Which question it answers."""
        return self.answer.value.partition(".")[0]


def answers(learned: Learned) -> tuple[Answered, ...]:
    """One answer per question, in a fixed order."""
    return (
        _anchor(learned),
        _rounding(learned),
        *_of_pairs(learned),
        _late_methods(learned),
        Answered(Answer.ESCROW_OPEN),
        _cash_cancels(learned),
        _late_holiday(learned),
        _without_payment(learned),
        _odd_won(learned),
        *_of_figures(learned),
    )


def _anchor(learned: Learned) -> Answered:
    """Decided when no rule of the other anchor fits as well."""
    for anchor in Anchor:
        periods = [one for terms in learned.terms for one in terms.payouts if one.holds]
        sure = [one for one in periods if _anchors(one.candidates) == {anchor}]
        if sure:
            agree, rows = sum(one.agree for one in sure), sum(one.rows for one in sure)
            return Answered(Answer.ANCHOR, {"anchor": anchor.value.upper(), "agree": agree, "rows": rows})
    return Answered(Answer.ANCHOR_OPEN)


def _anchors(candidates: tuple[object, ...]) -> set[Anchor]:
    return {one.anchor for one in candidates if isinstance(one, BusinessDays)}


def _rounding(learned: Learned) -> Answered:
    periods = [one for terms in learned.terms for one in terms.fees if one.holds]
    sure = [one for one in periods if _sure(one)]
    if not sure:
        return Answered(Answer.ROUNDING_OPEN)
    best = max(sure, key=lambda one: one.agree)
    rounding = best.ranges[0].rounding
    return Answered(Answer.ROUNDING, {"rounding": rounding.value, "agree": best.agree, "rows": best.rows})


def _sure(period: FeePeriod) -> bool:
    """A rate of one rounding alone; a fixed fee alone rounds nothing."""
    return bool(period.ranges[0].rate) and len({one.rounding for one in period.ranges}) == 1


def _of_pairs(learned: Learned) -> Iterator[Answered]:
    facts = learned.facts
    if facts.at_once:
        yield Answered(Answer.AT_ONCE, {"rows": len(facts.at_once), "name": facts.at_once[0]})
    else:
        yield Answered(Answer.AT_ONCE_OPEN)
    if facts.same_day:
        yield Answered(Answer.TWO_ROWS, {"rows": facts.same_day, "lone": len(facts.lone_cancels)})
    elif facts.lone_cancels:
        yield Answered(Answer.LONE_ROWS, {"rows": len(facts.lone_cancels), "name": facts.lone_cancels[0]})
    else:
        yield Answered(Answer.SAME_DAY_OPEN)


def _late_methods(learned: Learned) -> Answered:
    seen = sorted({one.method for one in learned.terms if one.method in _LATE and one.payouts})
    if not seen:
        return Answered(Answer.LATE_METHODS_OPEN)
    return Answered(Answer.LATE_METHODS, {"methods": ", ".join(seen)})


def _cash_cancels(learned: Learned) -> Answered:
    for terms in sorted(learned.terms, key=lambda one: one.method, reverse=True):
        cancels = terms.cancels
        if terms.method in _CASH and cancels is not None and cancels.holds and len(cancels.candidates) == 1:
            kept = cancels.candidates[0] is Returned.KEPT
            values: dict[str, int | str] = {"method": terms.method, "refundFee": cancels.refund_fee}
            values |= {"agree": cancels.agree, "rows": cancels.judged}
            return Answered(Answer.CASH_KEPT if kept else Answer.CASH_RETURNED, values)
    return Answered(Answer.CASH_OPEN)


def _late_holiday(learned: Learned) -> Answered:
    if learned.history.moved:
        moved = learned.history.moved
        return Answered(Answer.MOVED, {"rows": len(moved), "name": moved[0]})
    old = [one for terms in learned.terms for one in terms.redated if one.name is not None]
    if old:
        rows = sum(one.rows for one in old)
        return Answered(
            Answer.OLD_CALENDAR, {"rows": rows, "day": old[0].day.isoformat(), "name": old[0].name or ""}
        )
    return Answered(Answer.MOVED_OPEN)


def _without_payment(learned: Learned) -> Answered:
    facts = learned.facts
    if not facts.without_payment:
        return Answered(Answer.WITHOUT_PAYMENT_OPEN, {"rows": len(learned.history.rows)})
    values: dict[str, int | str] = {"rows": len(facts.without_payment), "name": facts.without_payment[0]}
    return Answered(Answer.WITHOUT_PAYMENT, values | {"fields": ", ".join(facts.empty_fields) or "–"})


def _odd_won(learned: Learned) -> Answered:
    returning = [one for one in learned.terms if _returns(one)]
    leftovers = [one.cancels.leftovers for one in returning if one.cancels is not None]
    payments = sum(sum(one.values()) for one in leftovers)
    left = sum(rows for one in leftovers for fee, rows in one.items() if fee)
    if not payments:
        return Answered(Answer.PARTS_OPEN)
    if not left:
        return Answered(Answer.PARTS_EVEN, {"payments": payments})
    total = sum(fee * rows for one in leftovers for fee, rows in one.items())
    return Answered(Answer.PARTS_LEFT, {"payments": payments, "left": left, "total": total})


def _returns(terms: LearnedTerms) -> bool:
    return terms.cancels is not None and Returned.KEPT not in terms.cancels.candidates[:1]


def _of_figures(learned: Learned) -> Iterator[Answered]:
    facts = learned.facts
    if facts.earliest is None or facts.latest is None:
        yield Answered(Answer.MIDNIGHT_OPEN)
    else:
        cycles = [one for terms in learned.terms for one in terms.cycles]
        times: dict[str, int | str] = {"earliest": _time(facts.earliest), "latest": _time(facts.latest)}
        agree, rows = sum(one.agree for one in cycles), sum(one.rows for one in cycles)
        yield Answered(Answer.MIDNIGHT, times | {"agree": agree, "rows": rows})
    vat: dict[str, int | str] = {"eleventh": facts.eleventh.agree, "tenth": facts.tenth.agree}
    vat |= {"rows": facts.eleventh.rows, "telling": facts.telling}
    yield Answered(Answer.VAT if facts.telling else Answer.VAT_OPEN, vat)
    statuses = facts.acquire_statuses
    shown: dict[str, int | str] = {"statuses": ", ".join(f"{name} {rows}" for name, rows in statuses.items())}
    early = any(name not in ("COMPLETED", "CANCELED") for name in statuses)
    yield Answered(Answer.ACQUIRE, shown) if early else Answered(Answer.ACQUIRE_OPEN)
    sums: dict[str, int | str] = {"sums": facts.sums.agree, "sumRows": facts.sums.rows}
    wrong = dict.fromkeys((*facts.sums.deviating, *facts.split.deviating))
    sums["names"] = f" ({', '.join(wrong)})" if wrong else ""
    yield Answered(Answer.SUMS, sums | {"split": facts.split.agree, "splitRows": facts.split.rows})


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
