"""Close a settle day: mark it, settle its transactions chunk by chunk, check the totals, publish.

Each step is its own commit and safe to repeat: a crash between any two leaves a day that goes on
closing where it stopped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from jeongsan.domain.adjustments import Adjustment, refund_fee_of
from jeongsan.domain.business_days import Calendar
from jeongsan.domain.ledger import Posting, day_close_moves
from jeongsan.domain.settlement import SettlementRow, arithmetic_problems, payout_of, row_paid_on
from jeongsan.domain.terms import Terms
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.adjust import book_adjustments
from jeongsan.operations.books import post
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import day_close as sql
from jeongsan.store.session import Session

MakeCalendar = Callable[[Mapping[date, str | None]], Calendar]

# Per chunk: three postings for each shop and currency, at worst one shop per transaction; and where each is a
# refund with a fee of its own, an adjustment and its two postings.
_IDS_PER_CHUNK = 6 * sql.CHUNK_ROWS
_ACTOR = "day close"


class BooksDisagree(AssertionError):
    """A day's rows and its ledger do not match: the close stops before anything is published."""


async def mark_next_day(loop: CommitLoop, until: date) -> date | None:
    """Mark the day after the last closed one, if it lies before `until`; the day marked, or None."""

    async def work(session: Session, stamp: Stamp) -> date | None:
        clock = await clock_sql.lock_clock(session)
        day = clock.closed_through + timedelta(days=1)
        if day >= until or clock.readable_through < clock.closed_through:
            return None
        await sql.mark(session, day, now=stamp.now)
        return day

    return await loop.alone("DayClose.mark", work, exclusive=True)


async def close_day(loop: CommitLoop, day: date, make_calendar: MakeCalendar) -> None:
    """Settle everything of a marked day and publish it. Raises BooksDisagree."""
    while await _settle_chunk(loop, day, make_calendar):
        pass
    await _finish(loop, day)


async def _settle_chunk(loop: CommitLoop, day: date, make_calendar: MakeCalendar) -> bool:
    async def work(session: Session, stamp: Stamp) -> bool:
        cursor = await sql.lock_cursor(session, day)
        if cursor is None:
            return False
        transactions = await sql.chunk(session, cursor, sql.CHUNK_ROWS)
        if not transactions:
            return False
        calendar = make_calendar(stamp.config.overrides)
        terms = await sql.terms_by_id(session, (one.terms_id for one in transactions))
        # The dates of a day depend on nothing but the terms: counted once for each, not once for each row.
        paid_out = {key: payout_of(day, one.conditions, calendar)[0] for key, one in terms.items()}
        settled = [
            _checked(row_paid_on(one, terms[one.terms_id], paid_out[one.terms_id])) for one in transactions
        ]
        last = transactions[-1]
        after = replace(cursor, at=last.transacted_at, transaction_id=last.transaction_id)
        held = await sql.disputed(session, transactions)
        await sql.write_chunk(session, after, settled, _postings(settled, day, stamp), held=held)
        await book_adjustments(session, stamp, _refund_fees(transactions, settled, terms, stamp))
        return True

    return await loop.alone("DayClose.chunk", work, ids=_IDS_PER_CHUNK)


def _checked(settled: SettlementRow) -> SettlementRow:
    problems = arithmetic_problems(
        amount=settled.amount,
        fees=tuple(line.fee for line in settled.fees),
        fee=settled.fee,
        supply_amount=settled.supply_amount,
        vat=settled.vat,
        pay_out_amount=settled.pay_out_amount,
    )
    if problems:
        raise BooksDisagree(f"transaction {settled.transaction_id}: {'; '.join(problems)}")
    return settled


def _postings(settled: list[SettlementRow], day: date, stamp: Stamp) -> list[Posting]:
    groups: dict[tuple[int, str], list[SettlementRow]] = {}
    for one in settled:
        groups.setdefault((one.shop_id, one.currency), []).append(one)
    return [
        posting
        for (shop_id, currency), group in groups.items()
        for posting in post(
            day_close_moves(group),
            shop_id=shop_id,
            currency=currency,
            cause="day-close",
            stamp=stamp,
            settle_day=day,
        )
    ]


def _refund_fees(
    transactions: Sequence[Transaction],
    settled: Sequence[SettlementRow],
    terms: Mapping[int, Terms],
    stamp: Stamp,
) -> list[Adjustment]:
    """The fees of refunds that contracts charge beside the rows, one for each cancel."""
    found = [
        refund_fee_of(
            transaction,
            one,
            terms[one.terms_id].conditions,
            adjustment_id=stamp.mint.row_id(),
            now=stamp.now,
            actor_name=_ACTOR,
        )
        for transaction, one in zip(transactions, settled, strict=True)
        if transaction.kind is Kind.CANCEL
    ]
    return [one for one in found if one is not None]


async def _finish(loop: CommitLoop, day: date) -> None:
    async def work(session: Session, stamp: Stamp) -> None:
        if await sql.lock_cursor(session, day) is None:
            return
        totals = await sql.totals(session, day)
        if totals.transactions != totals.settled_rows or totals.unsettled != 0:
            raise BooksDisagree(
                f"{day}: {totals.transactions} transactions, {totals.settled_rows} rows, "
                f"{totals.unsettled} left unsettled in the ledger"
            )
        await sql.finish(session, day, now=stamp.now)

    await loop.alone("DayClose.finish", work)
