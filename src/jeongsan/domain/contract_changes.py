"""What another contract changes: per method and kind of card, from which day to which, old terms and new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jeongsan.domain.contract import Contract, Subject, terms_of, terms_on
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.terms import Conditions, Terms

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """For approvals from `start` to `end`, both included; `end` None: from then on. `old` or `new` is None
    where that contract has nothing for the method."""

    method: Method
    card_kind: CardKind | None
    start: date
    end: date | None
    old: Conditions | None
    new: Conditions | None


def changes(old: Contract, new: Contract, since: date) -> tuple[Change, ...]:
    """What changes for approvals of `since` and later, in order of subject and day."""
    before, after = terms_of(old), terms_of(new)
    subjects = {(one.method, one.card_kind) for one in (*before, *after)}
    found: list[Change] = []
    for subject in sorted(subjects, key=lambda one: (one[0], one[1] or "")):
        found += _changes_of(subject, before, after, since)
    return tuple(found)


def _changes_of(
    subject: Subject, before: Sequence[Terms], after: Sequence[Terms], since: date
) -> Iterator[Change]:
    method, kind = subject
    last: Change | None = None
    for start, end in _spans([one for one in (*before, *after) if one.method is method], since):
        old, new = (_agreed(terms, start, method, kind) for terms in (before, after))
        if last is not None and (last.old, last.new) == (old, new):
            last = replace(last, end=end)
            continue
        if last is not None and last.old != last.new:
            yield last
        last = Change(method, kind, start, end, old, new)
    if last is not None and last.old != last.new:
        yield last


def _spans(terms: Sequence[Terms], since: date) -> Iterator[tuple[date, date | None]]:
    """The days from `since` on, cut wherever some terms begin or end."""
    cuts = {
        since,
        *(one.start for one in terms),
        *(one.end + _ONE_DAY for one in terms if one.end is not None),
    }
    days = sorted(day for day in cuts if day >= since)
    ends: list[date | None] = [day - _ONE_DAY for day in days[1:]]
    yield from zip(days, [*ends, None], strict=True)


def _agreed(terms: Sequence[Terms], day: date, method: Method, kind: CardKind | None) -> Conditions | None:
    """What is agreed, in one order: which surcharge a document names first means nothing."""
    found = terms_on(terms, day, method, kind)
    if found is None:
        return None
    agreed = found.conditions
    return replace(
        agreed,
        surcharges=tuple(sorted(agreed.surcharges, key=lambda one: one.situation)),
        installment=tuple(sorted(agreed.installment)),
        installment_discount=tuple(sorted(agreed.installment_discount)),
    )
