"""Place and release holds (지급보류).

A release moves what should have been paid by now to the next business day, each row with a record. It is one
commit; only where very many rows wait it is several, and no payout is made before the last one. A crash
between two leaves a hold that is being released: `finish_release` goes on with it.
"""

from dataclasses import dataclass, replace
from datetime import date

from jeongsan.domain.channels import Actor
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.holds import (
    RELEASE_CAUSE,
    Hold,
    HoldReason,
    HoldState,
    check_holdable,
    check_releasable,
    check_scope,
    date_after_release,
)
from jeongsan.domain.instants import kst_day
from jeongsan.domain.shop import Shop
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.day_close import MakeCalendar
from jeongsan.store.bulk import adjustments
from jeongsan.store.bulk import holds as sql
from jeongsan.store.bulk.redating import Redating, move_rows
from jeongsan.store.session import Session

ROWS_PER_COMMIT = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hold somebody asks for. `payment_key` None: of the whole shop."""

    reason: HoldReason
    payment_key: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Released:
    """A hold after its release, the rows moved by it, and the date that they and adjustments went to; None
    where nothing moved.

    While its state is `releasing` a day is being closed, and the worker goes on once that is done."""

    hold: Hold
    moved: int
    paid_out_date: date | None


async def place(loop: CommitLoop, shop: Shop, wanted: Wanted, actor: Actor) -> Hold:
    """Keep a shop's payouts or a payment's rows back from now on, in one commit.

    Raises Refusal NOT_FOUND_PAYMENT, or INVALID_REQUEST with the field at fault."""
    check_scope(wanted.reason, of_payment=wanted.payment_key is not None)

    async def work(session: Session, stamp: Stamp) -> Hold:
        hold = Hold(
            hold_id=stamp.mint.row_id(),
            shop_id=shop.shop_id,
            payment_id=await _payment_id(session, shop, wanted.payment_key),
            reason=wanted.reason,
            note=wanted.note,
            state=HoldState.STANDING,
            placed_at=stamp.now,
            placed_by=actor,
        )
        await sql.insert(session, hold)
        return hold

    return await loop.alone("Hold.place", work, exclusive=True)


async def _payment_id(session: Session, shop: Shop, payment_key: str | None) -> int | None:
    if payment_key is None:
        return None
    found = await sql.payment_to_hold(session, shop.shop_id, payment_key)
    if found is None:
        raise Refusal(Code.NOT_FOUND_PAYMENT, field="paymentKey", detail="no payment of this shop has it")
    check_holdable(approved=found.approved, settles=found.settles, unpaid=found.unpaid)
    return found.payment_id


async def release(
    loop: CommitLoop, hold_id: int, actor: Actor, make_calendar: MakeCalendar, *, shop: Shop | None = None
) -> Released:
    """Let go of what a hold keeps back, as far as no other one does too. `shop`: it must be this shop's.

    Raises Refusal NOT_FOUND, or INVALID_REQUEST when it was released before."""
    released = await _commit(loop, hold_id, make_calendar, asked_by=actor, shop=shop)
    return await _go_on(loop, released, make_calendar)


async def finish_release(loop: CommitLoop, hold_id: int, make_calendar: MakeCalendar) -> Released:
    """Go on with a release that was begun; nothing is left to do for one that is complete."""
    released = await _commit(loop, hold_id, make_calendar)
    return await _go_on(loop, released, make_calendar)


async def _go_on(loop: CommitLoop, released: Released, make_calendar: MakeCalendar) -> Released:
    moved, before = released.moved, -1
    while released.hold.state is HoldState.RELEASING and moved != before:
        before = moved
        more = await _commit(loop, released.hold.hold_id, make_calendar)
        moved += more.moved
        released = Released(more.hold, moved, more.paid_out_date or released.paid_out_date)
    return released


async def _commit(
    loop: CommitLoop,
    hold_id: int,
    make_calendar: MakeCalendar,
    *,
    asked_by: Actor | None = None,
    shop: Shop | None = None,
) -> Released:
    async def work(session: Session, stamp: Stamp) -> Released:
        hold = await sql.lock(session, hold_id)
        if hold is None or (shop is not None and hold.shop_id != shop.shop_id):
            raise Refusal(Code.NOT_FOUND, field="holdId", detail="there is no such hold")
        if asked_by is not None:
            check_releasable(hold)
            hold = replace(hold, released_by=hold.released_by or asked_by)
        elif not hold.in_force:
            return Released(hold, 0, None)
        target = date_after_release(kst_day(stamp.now), make_calendar(stamp.config.overrides))
        moved, postponed, left = await _let_go(session, stamp, hold, target)
        if left:
            hold = replace(hold, state=HoldState.RELEASING)
        else:
            hold = replace(hold, state=HoldState.RELEASED, released_at=stamp.now)
        await sql.store(session, hold)
        return Released(hold, moved, target if moved or postponed else None)

    return await loop.alone("Hold.release", work, exclusive=True)


async def _let_go(session: Session, stamp: Stamp, hold: Hold, target: date) -> tuple[int, bool, bool]:
    """(rows moved in this commit, whether adjustments moved, whether anything is left for the next one)."""
    if await sql.others_in_force(session, hold):
        return 0, False, False
    if await sql.day_is_closing(session):
        return 0, False, True
    by = Redating(stamp.mint.row_id(), RELEASE_CAUSE, stamp.now)
    today = kst_day(stamp.now)
    moved = 0
    while found := await sql.overdue(session, hold, today, ROWS_PER_COMMIT - moved):
        day, transactions = found
        new_dates = dict.fromkeys(transactions, target)
        moved += await move_rows(session, shop_id=hold.shop_id, day=day, new_dates=new_dates, by=by)
        if moved >= ROWS_PER_COMMIT:
            return moved, False, True
    if hold.payment_id is not None:
        await sql.free_rows(session, hold.payment_id)
        return moved, False, False
    overdue = await adjustments.unpaid_days(session, through=today)
    days = [day for shop_id, day in overdue if shop_id == hold.shop_id]
    for day in days:
        await adjustments.postpone(session, hold.shop_id, day, target)
    return moved, bool(days), False
