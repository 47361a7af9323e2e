"""Recompute the settlement rows of a period and name those that say something else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.row_differences import PAID_OUT_DATE, Difference, differences
from jeongsan.domain.settlement import row
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.kept_dates import PastCalendars, is_kept, past_calendars
from jeongsan.inquiry.records import Records
from jeongsan.store.reads import settled as reads
from jeongsan.store.reads.settled import START, Settled

ROWS_PER_READ = 1_000


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row that was recomputed. `redated`: only its payout day is another, to which it was moved or which
    it has kept from before the calendar was changed."""

    shop: Shop
    settled: Settled
    differences: tuple[Difference, ...]
    redated: bool


async def check_rows(records: Records, start: date, end: date) -> AsyncIterator[list[CheckedRow]]:
    """The rows whose sold date lies in [start, end], recomputed, a read's worth at a time: shop by shop, in
    order of sold date and number."""
    calendar, past = records.calendar(), await past_calendars(records)
    for shop in records.shops:
        after = START
        while found := await reads.rows_after(
            records.store, shop.shop_id, after=after, start=start, end=end, limit=ROWS_PER_READ
        ):
            yield [_checked(shop, one, _differences(one, calendar), past) for one in found]
            after = found[-1].place


def _checked(shop: Shop, settled: Settled, found: tuple[Difference, ...], past: PastCalendars) -> CheckedRow:
    only_the_date = [one.field for one in found] == [PAID_OUT_DATE]
    redated = only_the_date and is_kept(settled.row, settled.terms, settled.made, past)
    return CheckedRow(shop, settled, found, redated)


def _differences(settled: Settled, calendar: Calendar) -> tuple[Difference, ...]:
    if settled.transaction.settle_day is None:
        return (Difference("settleDay", settled.row.settle_day, None),)
    return differences(settled.row, row(settled.transaction, settled.terms, calendar))


async def count_rows(records: Records, start: date, end: date) -> int:
    """How many rows there are to check."""
    return await reads.count_rows(records.store, records.shop_ids, start=start, end=end)
