"""Which line of the merchant's book is which cancel at the gateway. Pure.

Every line and every cancel is used at most once. A line that names a transaction key is matched by nothing
else: another cancel of the same payment and amount is another cancel.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jeongsan.client.keys import transaction_moment
from jeongsan.client.moments import kst_day
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.found_cancels import FoundCancel

# Without a key of the cancel itself, only a line of about the same time can mean it: the same amount of the
# same payment may well have been cancelled in another month. A day covers a book kept in UTC, too.
NEAR = timedelta(days=1)


class MatchedBy(StrEnum):
    """What a line and a cancel have in common, the surest first."""

    TRANSACTION_KEY = "transactionKey"
    CANCEL_REQUEST_ID = "cancelRequestId"
    PAYMENT_KEY = "paymentKey"
    ORDER_ID = "orderId"


@dataclass(frozen=True, slots=True)
class Match:
    """One line, one cancel."""

    line: BookLine
    found: FoundCancel
    by: MatchedBy


@dataclass(frozen=True, slots=True)
class _Step:
    by: MatchedBy
    of_line: Callable[[BookLine], str | None]
    of_found: Callable[[FoundCancel], str | None]
    fits: Callable[[BookLine, FoundCancel], bool]


def matches(found: Iterable[FoundCancel], lines: Iterable[BookLine]) -> tuple[Match, ...]:
    """Match lines and cancels: by transaction key, then by cancel request id, then by payment key or else
    order id with an equal amount and at most a day apart; the nearest in time first. At last a line and a
    cancel of other amounts, where each is the only one left that the other can mean."""
    free_found = {one.transaction_key: one for one in found}
    free_lines = {line.line: line for line in lines}
    made: list[Match] = []
    for step in _STEPS:
        for match in _nearest_first(step, free_found.values(), free_lines.values()):
            if match.line.line in free_lines and match.found.transaction_key in free_found:
                made.append(match)
                del free_lines[match.line.line], free_found[match.found.transaction_key]
    return (*made, *_only_ones_left(free_found.values(), free_lines.values()))


def line_moment(line: BookLine) -> datetime | None:
    """When the line's cancel was: as written, or as its transaction key says."""
    if line.canceled_at is not None or line.transaction_key is None:
        return line.canceled_at
    return transaction_moment(line.transaction_key)


def _nearest_first(step: _Step, found: Iterable[FoundCancel], lines: Iterable[BookLine]) -> list[Match]:
    by_value: dict[str, list[FoundCancel]] = defaultdict(list)
    for one in found:
        value = step.of_found(one)
        if value is not None:
            by_value[value].append(one)
    candidates = [match for line in lines for match in _candidates(step, line, by_value)]
    return sorted(candidates, key=_distance)


def _candidates(step: _Step, line: BookLine, by_value: dict[str, list[FoundCancel]]) -> Iterator[Match]:
    value = step.of_line(line)
    if value is None:
        return
    for one in by_value.get(value, ()):
        if step.fits(line, one):
            yield Match(line, one, step.by)


def _only_ones_left(found: Collection[FoundCancel], lines: Collection[BookLine]) -> list[Match]:
    """Of several lines or several cancels any choice would be a guess, so they stay apart."""
    candidates = [match for step in _LAST_STEPS for match in _nearest_first(step, found, lines)]
    of_line = Counter(match.line.line for match in candidates)
    of_found = Counter(match.found.transaction_key for match in candidates)
    return [
        match
        for match in candidates
        if of_line[match.line.line] == of_found[match.found.transaction_key] == 1
        and None not in (match.line.cancel_amount, match.found.cancel_amount)
    ]


def _distance(match: Match) -> tuple[bool, timedelta, int, str]:
    """Sorts by time apart, lines without a time last; then by line and key, so that ties are stable."""
    moment = line_moment(match.line)
    apart = timedelta() if moment is None else abs(moment - match.found.canceled_at)
    return moment is None, apart, match.line.line, match.found.transaction_key


def _no_other_request(line: BookLine, found: FoundCancel) -> bool:
    return line.request_id is None or found.request_id in (None, line.request_id)


def _same_money_and_time(line: BookLine, found: FoundCancel) -> bool:
    return (
        line.cancel_amount is not None
        and line.cancel_amount == found.cancel_amount
        and _same_but_amount(line, found)
    )


def _same_but_amount(line: BookLine, found: FoundCancel) -> bool:
    return (
        line.transaction_key is None
        and _no_other_request(line, found)
        and (line.currency is None or found.currency in (None, line.currency))
        and _near(line, found)
    )


def _near(line: BookLine, found: FoundCancel) -> bool:
    if line.canceled_at is None:
        return True
    if line.day_only:
        return abs(kst_day(line.canceled_at) - kst_day(found.canceled_at)) <= NEAR
    return abs(line.canceled_at - found.canceled_at) <= NEAR


_STEPS = (
    _Step(
        MatchedBy.TRANSACTION_KEY,
        lambda line: line.transaction_key,
        lambda found: found.transaction_key,
        lambda line, found: True,
    ),
    _Step(
        MatchedBy.CANCEL_REQUEST_ID,
        lambda line: line.request_id if line.transaction_key is None else None,
        lambda found: found.request_id,
        lambda line, found: True,
    ),
    _Step(
        MatchedBy.PAYMENT_KEY,
        lambda line: line.payment_key,
        lambda found: found.payment_key,
        _same_money_and_time,
    ),
    _Step(
        MatchedBy.ORDER_ID,
        lambda line: line.order_id if line.payment_key is None else None,
        lambda found: found.order_id,
        _same_money_and_time,
    ),
)
# Payment key and order id once more, whatever the amounts.
_LAST_STEPS = tuple(replace(step, fits=_same_but_amount) for step in _STEPS[2:])
