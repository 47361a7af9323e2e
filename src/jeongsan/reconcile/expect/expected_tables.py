"""Fills the tables of `match/terms.sql` from terms, and finds the rows that are not as expected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import date
from typing import Any

from jeongsan.reconcile.due_days import OpenDays
from jeongsan.reconcile.expect.schedules import DueDay, due_days, moved_dates
from jeongsan.reconcile.expect.shut_days import shut_days
from jeongsan.reconcile.expect.statements import rows, run_rules
from jeongsan.reconcile.expect.terms import Agreed, Choice, RowGroup, Schedule

_TARIFF_COLUMNS = (
    *("shop", "method", "currency", "card_kind", "first_day", "last_day", "choice", "situation"),
    *("rate", "fixed", "rounding", "cancel", "refund_fee", "has_other_fees", "schedule", "waits"),
)
_DUE_COLUMNS = ("schedule", "day", "sold_date", "paid_out_date")
_HOLIDAY_COLUMNS = ("schedule", "day", "paid_out_date")

# Schedule number → day → when it is due.
Calendar = Mapping[int, Mapping[date, DueDay]]


def row_groups(connection: Any) -> list[RowGroup]:
    """The groups of the settlement rows, in order."""
    return [RowGroup(*one) for one in rows(connection, "row_groups")]


def fill_tables(connection: Any, terms: Iterable[Agreed], banks: OpenDays) -> Calendar:
    """Put terms into `tariffs`, `due_dates` and `holiday_dates`, which were empty. The days are those that
    settlement rows have; the calendar is what was written."""
    numbers: dict[Schedule, int] = {}
    tariffs = [
        (*astuple(one.group), one.first, one.last, place, *_columns(choice, numbers))
        for one in terms
        for place, choice in enumerate(one.choices, 1)
    ]
    days = [day for (day,) in rows(connection, "row_days")]
    calendar = {
        number: {one.day: one for one in due_days(schedule, days, banks)}
        for schedule, number in numbers.items()
    }
    _insert(connection, "tariffs", _TARIFF_COLUMNS, tariffs)
    dues = [
        (number, one.day, one.sold, one.paid) for number, found in calendar.items() for one in found.values()
    ]
    _insert(connection, "due_dates", _DUE_COLUMNS, dues)
    _insert_moved(connection, calendar, banks, ())
    return calendar


def _columns(choice: Choice, numbers: dict[Schedule, int]) -> tuple[Any, ...]:
    """What `tariffs` says of a choice. Equal schedules have one number."""
    schedule, tariff = choice.schedule, choice.tariff
    number = None if schedule is None else numbers.setdefault(schedule, len(numbers) + 1)
    price = (None, None, None) if tariff is None else (tariff.rate, tariff.fixed, tariff.rounding.value)
    fees = (choice.cancel.value, choice.refund_fee, choice.has_other_fees)
    return (choice.situation, *price, *fees, number, choice.waits)


def _insert_moved(connection: Any, calendar: Calendar, banks: OpenDays, shut: Sequence[date]) -> None:
    found = [
        (number, one.day, paid)
        for number, days in calendar.items()
        for one in days.values()
        for paid in sorted(moved_dates(one, banks, shut))
    ]
    _insert(connection, "holiday_dates", _HOLIDAY_COLUMNS, found)


def _insert(connection: Any, table: str, columns: Sequence[str], found: Sequence[tuple[Any, ...]]) -> None:
    if found:
        values = dict(zip(columns, (list(column) for column in zip(*found, strict=True)), strict=True))
        rows(connection, f"insert_{table}", **values)


def find_exceptions(connection: Any, calendar: Calendar, banks: OpenDays) -> tuple[date, ...]:
    """Fill `terms_exceptions`. Answers the days on no list of holidays on which, as most rows that pass them
    say, banks were closed."""
    rows(connection, "forget_exceptions")
    run_rules(connection, "exceptions")
    late = [(calendar[number][day], *rest) for number, day, *rest in rows(connection, "paid_otherwise")]
    shut = shut_days(late, lambda first, last: _passing(connection, calendar, first, last), banks)
    if shut:
        _insert_moved(connection, calendar, banks, shut)
        rows(connection, "forget_exceptions")
        run_rules(connection, "exceptions")
    return shut


def _passing(connection: Any, calendar: Calendar, first: date, last: date) -> list[tuple[DueDay, int]]:
    counted = rows(connection, "rows_of_days", first=first, last=last)
    return [(calendar[number][day], count) for number, day, count in counted if day in calendar[number]]
