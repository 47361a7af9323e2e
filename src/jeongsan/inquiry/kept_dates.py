"""Whether a row may be due on a date that the calendar in force does not give it: it was moved on record, or
its date was right when it was made and has been kept since."""

from dataclasses import dataclass

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_days import Calendar
from jeongsan.domain.settlement import SettlementRow, payout_of
from jeongsan.domain.terms import Terms
from jeongsan.inquiry.records import Records
from jeongsan.store.bulk.calendar import overrides_through
from jeongsan.store.reads.calendar import versions
from jeongsan.store.reads.settled import Made


@dataclass(frozen=True, slots=True)
class PastCalendars:
    """Every calendar there was, oldest first: since when (epoch ms, 0 for the base), and the calendar."""

    in_order: tuple[tuple[int, Calendar], ...]

    def since(self, instant: int) -> list[Calendar]:
        """Those that were in force at an instant or came after it."""
        earlier = [one for one in self.in_order if one[0] < instant]
        return [calendar for at, calendar in self.in_order if at >= instant or (at, calendar) in earlier[-1:]]


async def past_calendars(records: Records) -> PastCalendars:
    """The base and all versions."""
    found = [(0, korean_calendar({}))]
    for one in await versions(records.store):
        overrides = await overrides_through(records.store, one.version)
        found.append((one.created_at, korean_calendar(overrides)))
    return PastCalendars(tuple(found))


def is_kept(row: SettlementRow, terms: Terms, made: Made, past: PastCalendars) -> bool:
    """Whether the row's paid-out date is one of these."""
    if made.moved:
        return True
    dates = {payout_of(row.settle_day, terms.conditions, one)[0] for one in past.since(made.started_at)}
    return row.paid_out_date in dates
