"""Adjust (정산 조정): refund the fee difference of a grade, correct by hand, book what a day close found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jeongsan.domain.adjustments import (
    Adjustment,
    AdjustmentKind,
    InvalidAdjustment,
    Owed,
    Period,
    adjustment_moves,
    check_correction,
    check_same,
    check_words,
    fee_difference,
    grade_refund_cause,
    graded,
    sum_differences,
)
from jeongsan.domain.business_days import Calendar
from jeongsan.domain.fees import FeeSplit
from jeongsan.domain.instants import kst_day, kst_midnight
from jeongsan.domain.ledger import Posting
from jeongsan.domain.money import Money
from jeongsan.domain.payout_dates import payout_date
from jeongsan.domain.shop import Shop
from jeongsan.domain.terms import Conditions
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.books import post
from jeongsan.store.bulk import adjustments as sql
from jeongsan.store.session import Session, Store

MakeCalendar = Callable[[Mapping[date, str | None]], Calendar]
Tell = Callable[[int], None]

# An adjustment and two postings for each currency; five currencies exist.
_IDS_PER_REFUND = 15


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for an adjustment of which shop, and why."""

    shop: Shop
    reason: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What a grade comes to for a period. `owed`: in all; `missing`: what was not booked yet. `rows` were
    looked at, `ungraded` of them were agreed without rates by grade. `known`: bookings that were counted."""

    owed: tuple[Owed, ...]
    missing: tuple[Owed, ...]
    rows: int
    ungraded: int
    known: int


async def compute(store: Store, shop: Shop, period: Period, tell: Tell) -> Computed:
    """Recompute every published row of card payments approved in the period under the rate that their own
    contract has for the grade. Books nothing. Raises InvalidAdjustment when another period overlaps."""
    booked = await sql.grade_refunds(store, shop.shop_id)
    _check_overlaps(period, booked)
    end = kst_midnight(period.end + timedelta(days=1))
    first = kst_midnight(period.start)
    owed: dict[str, Owed] = {}
    conditions: dict[int, Conditions | None] = {}
    rows = ungraded = 0
    after = (first - 1, 0)
    while found := await sql.card_rows(store, shop.shop_id, first=first, end=end, after=after):
        await _learn(store, found, period, conditions)
        differences = []
        for one in found:
            agreed = conditions[one.terms.terms_id]
            if agreed is None:
                ungraded += 1
                continue
            differences.append(
                (one.transaction.currency, fee_difference(one.transaction, one.charged, agreed))
            )
        owed = sum_differences([*_as_differences(owed), *differences])
        rows += len(found)
        after = found[-1].place
        tell(rows)
    same = [one for one in booked if _same_days(one, period)]
    missing = (one.less(_booked_in(one.currency, same)) for one in _with_booked(owed, same))
    return Computed(
        owed=tuple(owed[currency] for currency in sorted(owed)),
        missing=tuple(one for one in missing if one.fee_amount),
        rows=rows,
        ungraded=ungraded,
        known=len(booked),
    )


async def _learn(
    store: Store, found: Sequence[sql.ChargedRow], period: Period, known: dict[int, Conditions | None]
) -> None:
    """The conditions under the grade, for terms not met before."""
    new = {one.terms.terms_id: one.terms for one in found if one.terms.terms_id not in known}
    contracts = await sql.contracts_of(store, new) if new else {}
    for terms_id, terms in new.items():
        known[terms_id] = graded(terms, contracts[terms_id], period.grade)


def _as_differences(owed: dict[str, Owed]) -> list[tuple[str, FeeSplit]]:
    return [(one.currency, FeeSplit(one.supply_amount, one.vat)) for one in owed.values()]


def _same_days(adjustment: Adjustment, period: Period) -> bool:
    return (adjustment.start, adjustment.end) == (period.start, period.end)


def _check_overlaps(period: Period, booked: Sequence[Adjustment]) -> None:
    """The same days may be computed again; other days must not share any with them, or they would be
    refunded twice."""
    for one in booked:
        assert one.start is not None
        assert one.end is not None
        if not _same_days(one, period) and period.overlaps(one.start, one.end):
            detail = f"and to share days with {one.start} to {one.end}, which was adjusted: take those days"
            raise InvalidAdjustment("from", f"{detail} again, or others")


def _with_booked(owed: dict[str, Owed], same: Sequence[Adjustment]) -> list[Owed]:
    """What is owed in every currency in which anything is owed or was booked."""
    currencies = {*owed, *(one.currency for one in same)}
    return [owed.get(currency, Owed(currency, 0, 0)) for currency in sorted(currencies)]


def _booked_in(currency: str, same: Sequence[Adjustment]) -> FeeSplit:
    found = [one for one in same if one.currency == currency]
    return FeeSplit(sum(one.supply_amount for one in found), sum(one.vat for one in found))


async def refund_grade(
    loop: CommitLoop, store: Store, asked: Asked, period: Period, make_calendar: MakeCalendar, tell: Tell
) -> tuple[Computed, list[Adjustment]]:
    """Book what a grade's refund for a period still lacks: one adjustment per currency, or none. Whatever is
    booked meanwhile by somebody else is counted first. Raises InvalidAdjustment."""
    check_words("actor", asked.actor_name)
    while True:
        computed = await compute(store, asked.shop, period, tell)
        booked = await _book_refund(loop, asked, period, computed, make_calendar)
        if booked is not None:
            return computed, booked


async def _book_refund(
    loop: CommitLoop, asked: Asked, period: Period, computed: Computed, make_calendar: MakeCalendar
) -> list[Adjustment] | None:
    """None: somebody else booked since it was computed."""

    async def work(session: Session, stamp: Stamp) -> list[Adjustment] | None:
        known = await sql.grade_refunds_now(session, asked.shop.shop_id)
        if len(known) != computed.known:
            return None
        number = len([one for one in known if _same_days(one, period)])
        due = _due_date(asked.shop, stamp, make_calendar)
        made = [_grade_refund(asked, period, owed, number, due, stamp) for owed in computed.missing]
        await book_adjustments(session, stamp, made)
        return made

    return await loop.alone("Adjust.grade", work, exclusive=True, ids=_IDS_PER_REFUND)


def _grade_refund(
    asked: Asked, period: Period, owed: Owed, number: int, due: date, stamp: Stamp
) -> Adjustment:
    return Adjustment(
        adjustment_id=stamp.mint.row_id(),
        shop_id=asked.shop.shop_id,
        kind=AdjustmentKind.GRADE_REFUND,
        currency=owed.currency,
        fee_amount=owed.fee_amount,
        supply_amount=owed.supply_amount,
        vat=owed.vat,
        amount=-owed.fee_amount,
        due_date=due,
        paid_out_date=due,
        cause=grade_refund_cause(asked.shop.shop_id, owed.currency, period, number),
        reason=asked.reason,
        actor_name=asked.actor_name,
        created_at=stamp.now,
        start=period.start,
        end=period.end,
        grade=period.grade,
    )


async def correct(
    loop: CommitLoop, asked: Asked, amount: Money, make_calendar: MakeCalendar, *, reference: str | None
) -> Adjustment | None:
    """Book a correction by hand: to the merchant when positive. `reference`: the same again books nothing and
    answers None. Raises InvalidAdjustment, also for another amount under a known reference."""
    check_correction(amount.minor, asked.reason)
    check_words("actor", asked.actor_name)
    if reference is not None:
        check_words("reference", reference)

    async def work(session: Session, stamp: Stamp) -> Adjustment | None:
        made = _correction(asked, amount, stamp, _due_date(asked.shop, stamp, make_calendar))
        if reference is not None:
            made = replace(made, cause=f"{AdjustmentKind.CORRECTION}:{asked.shop.shop_id}:{reference}")
            known = await sql.booked_for(session, made.cause)
            if known is not None:
                check_same(known, amount)
                return None
        await book_adjustments(session, stamp, [made])
        return made

    return await loop.alone("Adjust.correct", work, exclusive=True)


def _correction(asked: Asked, amount: Money, stamp: Stamp, due: date) -> Adjustment:
    adjustment_id = stamp.mint.row_id()
    return Adjustment(
        adjustment_id=adjustment_id,
        shop_id=asked.shop.shop_id,
        kind=AdjustmentKind.CORRECTION,
        currency=amount.currency,
        fee_amount=0,
        supply_amount=0,
        vat=0,
        amount=amount.minor,
        due_date=due,
        paid_out_date=due,
        # A reference begins with its shop, so the two never meet.
        cause=f"{AdjustmentKind.CORRECTION}#{adjustment_id}",
        reason=asked.reason,
        actor_name=asked.actor_name,
        created_at=stamp.now,
    )


def _due_date(shop: Shop, stamp: Stamp, make_calendar: MakeCalendar) -> date:
    """Counted from today by the payout rule for cards (assumed); so it lies after today."""
    today = kst_day(stamp.now)
    rule = stamp.config.shops[shop.shop_id].payout_rule_on(today)
    return payout_date(today, rule, make_calendar(stamp.config.overrides))[0]


async def book_adjustments(session: Session, stamp: Stamp, adjustments: Sequence[Adjustment]) -> None:
    """Store adjustments and post each of them."""
    if not adjustments:
        return
    postings: list[Posting] = []
    for one in adjustments:
        postings.extend(
            post(
                adjustment_moves(one),
                shop_id=one.shop_id,
                currency=one.currency,
                cause="adjustment",
                stamp=stamp,
                settle_day=None,
            )
        )
    await sql.book(session, adjustments, postings)
