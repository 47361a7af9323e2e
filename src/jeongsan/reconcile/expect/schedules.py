"""The days that terms lead to: for each day its sold date and paid-out date, and the other dates that one
closed day more or less would make of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from jeongsan.reconcile.due_days import ONE_DAY, BusinessDays, Holiday, OpenDays, PayoutRule, bucket, due
from jeongsan.reconcile.expect.terms import Rules, Schedule

_HOLIDAYS_BEHIND = 8


@dataclass(frozen=True, slots=True)
class DueDay:
    """When the sales of a day are sold and paid out, by which rule; None: not known."""

    day: date
    sold: date
    paid: date | None
    rule: PayoutRule | None


def due_days(schedule: Schedule, days: Iterable[date], banks: OpenDays) -> Iterator[DueDay]:
    """Of each day of which the schedule says something."""
    for day in days:
        rules = _rules_on(schedule, day)
        if rules is not None:
            sold = bucket(day, rules.cycle)
            paid = None if rules.payout is None else _paid(rules.payout, sold, banks)
            yield DueDay(day, sold, paid, rules.payout)


def _paid(rule: PayoutRule, sold: date, banks: OpenDays) -> date | None:
    """None where the holiday policy leads back to the sold date, whose sales are not closed yet: no contract
    says when they are paid then."""
    paid = due(rule, sold, banks)
    if (
        isinstance(rule, BusinessDays)
        or paid > sold
        or paid == due(replace(rule, holiday=Holiday.IGNORE), sold, banks)
    ):
        return paid
    return None


def _rules_on(schedule: Schedule, day: date) -> Rules | None:
    return next((rules for first, rules in reversed(schedule) if first <= day), schedule[0][1])


def moved_dates(one: DueDay, banks: OpenDays, shut: Iterable[date] = ()) -> frozenset[date]:
    """The other dates on which the sales of a day are paid out: if one listed holiday on the way is taken for
    open (it was announced late), if one of the days `shut` is taken for closed, or if the date goes to the
    open day before or after it with nothing but closed days in between."""
    if one.rule is None or one.paid is None:
        return frozenset()
    after, before = banks.forward(one.paid + ONE_DAY), banks.backward(one.paid - ONE_DAY)
    found = {after} if (after - one.paid).days > 1 or not banks.open(one.paid) else set()
    found |= {before} if (one.paid - before).days > 1 or not banks.open(one.paid) else set()
    # With the policy "before" the holiday lies behind the date.
    for number in range((one.paid - one.sold).days + _HOLIDAYS_BEHIND):
        day = one.sold + number * ONE_DAY
        if banks.holiday(day) is not None:
            found.add(due(one.rule, one.sold, replace(banks, opened=banks.opened | {day})))
    found |= {due_if_shut(one, day, banks) for day in shut if one.sold <= day <= one.paid}
    return frozenset(found - {one.paid})


def due_if_shut(one: DueDay, day: date, banks: OpenDays) -> date:
    """The paid-out date if the banks were closed on one more day. Only where there is a rule."""
    assert one.rule is not None
    return due(one.rule, one.sold, replace(banks, shut=banks.shut | {day}))
