"""Which slices a period is read in, and from when a slice changes no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jeongsan.client.moments import kst_day, kst_midnight
from jeongsan.reconcile.period import ONE_DAY, Period

# The day itself (documentation). Assumed: what is late is there a day later, when a daily run reads it again.
LISTED_WITHIN = ONE_DAY
# Rows can be read from the day after their transaction (documentation); assumed: at some time of that day.
SETTLED_WITHIN = 2 * ONE_DAY
_NOT_CLOSED = "NOT_CLOSED"


class What(StrEnum):
    """The lists that are fetched; the names of their folders."""

    TRANSACTIONS = "transactions"
    SETTLEMENTS = "settlements"


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """One day of one list: transactions by their time, settlement rows by their sold date."""

    what: What
    day: date

    def __str__(self) -> str:
        return f"{self.what} {self.day}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a slice was found to hold. `unpaid`: settlement rows that were not paid out yet, whose dates a
    late holiday may move."""

    unpaid: int = 0
    empty_reason: str | None = None


def slices_of(period: Period, whats: Iterable[What], today: date) -> Iterator[Slice]:
    """The slices that hold what happened in a period, in order.

    Days to come have no transactions. Settlement rows may stand under a sold date that is still to come: a
    weekly or monthly contract puts them under the end of its week or month, readable from the next day.
    """
    for what in whats:
        if what is What.TRANSACTIONS:
            yield from (Slice(what, day) for day in period.days() if day <= today)
        else:
            yield from (Slice(what, day) for day in Period(period.first, period.last_sold_date()).days())


def is_final(one: Slice, seen: Seen, now: datetime) -> bool:
    """Whether a slice that was read at `now` needs no other reading."""
    if (seen.empty_reason or "").startswith(_NOT_CLOSED):
        return False
    if one.what is What.TRANSACTIONS:
        return now >= kst_midnight(one.day + ONE_DAY) + LISTED_WITHIN
    return kst_day(now) >= one.day + SETTLED_WITHIN and seen.unpaid == 0
