"""A contract learned from a history of settlement rows: per shop, currency and method, and per kind of card
where the kinds differ. The answer does not depend on the order of the rows or on how files cut them.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from jeongsan.reconcile.due_days import Cycle, OpenDays, PayoutRule, bucket, due
from jeongsan.reconcile.effective_periods import Period
from jeongsan.reconcile.fee_rates import Tariff
from jeongsan.reconcile.learn_cancels import LearnedCancels, fees_by_cancels, tariff_of
from jeongsan.reconcile.learn_days import Redated, learn_cycle, learn_payout, redated
from jeongsan.reconcile.learn_fees import SAMPLE_MAX, FeePeriod, learn_fees
from jeongsan.reconcile.settled_history import Facts, History, facts_of
from jeongsan.reconcile.settled_rows import UNKNOWN, SettledRow

C = TypeVar("C", bound=Hashable)


class Rule(StrEnum):
    """What of a contract a row deviates from."""

    FEE = "fee"
    CANCEL_FEE = "cancel fee"
    CYCLE = "cycle"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One row that is not as learned. `because`: the name of a holiday that explains it."""

    name: str
    rule: Rule
    seen: int | date
    expected: int | date
    because: str | None = None


@dataclass(frozen=True, slots=True)
class LearnedTerms:
    """What one method's rows say; `card_kinds` is empty where kinds do not matter. `charges`: approvals with
    an amount and a fee, `itemised` of them with `fees[]`. `instalments`: months → the tariff of the
    INSTALLMENT fee."""

    mid: str | None
    currency: str
    method: str
    card_kinds: tuple[str, ...]
    rows: int
    charges: int
    itemised: int
    fees: tuple[FeePeriod, ...]
    instalments: Mapping[int, tuple[FeePeriod, ...]]
    cycles: tuple[Period[Cycle], ...]
    payouts: tuple[Period[PayoutRule], ...]
    redated: tuple[Redated, ...]
    cancels: LearnedCancels | None
    deviations: tuple[Deviation, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything a history says."""

    terms: tuple[LearnedTerms, ...]
    facts: Facts
    history: History


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Kinds of card that have one tariff, with what was learned of it."""

    kinds: tuple[str | None, ...]
    rows: Sequence[SettledRow]
    charges: Counter[tuple[date, int, int]]
    fees: tuple[FeePeriod, ...]

    @classmethod
    def of(cls, kinds: Iterable[str | None], rows: Sequence[SettledRow]) -> "_Cluster":
        charges = _charges(rows)
        return cls(tuple(kinds), rows, charges, learn_fees(charges))

    @property
    def unexplained(self) -> int:
        return sum(one.rows - one.agree for one in self.fees)

    def joined(self, other: "_Cluster") -> "_Cluster | None":
        """Both as one; None when one tariff explains them worse than one each."""
        both = _Cluster.of((*self.kinds, *other.kinds), [*self.rows, *other.rows])
        more_periods = len(both.fees) > max(len(self.fees), len(other.fees))
        return None if more_periods or both.unexplained > self.unexplained + other.unexplained else both


def learn(history: History, banks: OpenDays) -> Learned:
    """The contract behind a history. Rows without a payment are no sales: only the facts tell of them."""
    methods: dict[tuple[str, str, str], list[SettledRow]] = defaultdict(list)
    for row in history.rows:
        if row.payment_key is not None:
            methods[row.mid or "", row.currency, row.method].append(row)
    terms = [_terms(cluster, banks) for key in sorted(methods) for cluster in _by_card_kind(methods[key])]
    return Learned(tuple(terms), facts_of(history.rows), history)


def _by_card_kind(rows: Sequence[SettledRow]) -> list[_Cluster]:
    """One cluster without kinds as long as one tariff explains everything. Which kinds belong together shows
    in a part of their rows; what is learned of each cluster comes from all of its rows."""
    kinds: dict[str | None, list[SettledRow]] = defaultdict(list)
    for row in rows:
        kinds[row.card_kind].append(row)
    if len(kinds) == 1:
        return [_Cluster.of((), rows)]
    clusters: list[_Cluster] = []
    for kind in sorted(kinds, key=lambda one: (-len(kinds[one]), one or "")):
        alone = _Cluster.of((kind,), _sampled(kinds[kind]))
        joined = ((number, one.joined(alone)) for number, one in enumerate(clusters))
        place, both = next(((n, both) for n, both in joined if both is not None), (len(clusters), alone))
        clusters[place : place + 1] = [both]
    if len(clusters) == 1:
        return [_Cluster.of((), rows)]
    return [_Cluster.of(one.kinds, [row for kind in one.kinds for row in kinds[kind]]) for one in clusters]


def _sampled(rows: Sequence[SettledRow]) -> Sequence[SettledRow]:
    return rows[:: -(-len(rows) // SAMPLE_MAX)]


def _charges(rows: Iterable[SettledRow]) -> Counter[tuple[date, int, int]]:
    charges = Counter[tuple[date, int, int]]()
    for row in rows:
        day = _approved_on(row)
        if not row.is_cancel and row.amount is not None and row.base is not None and day is not None:
            charges[day, row.amount, row.base] += 1
    return charges


def _terms(cluster: _Cluster, banks: OpenDays) -> LearnedTerms:
    rows = cluster.rows
    fees, cancels = fees_by_cancels(rows, cluster.fees)
    sales, dates = _date_pairs(rows)
    cycles, payouts = learn_cycle(sales), learn_payout(dates, banks)
    moved = _redated(dates, payouts, banks)
    deviations = [
        *(() if _all_agree(fees) else _fee_deviations(rows, fees)),
        *_cancel_deviations(cancels),
        *(() if _all_agree(cycles) else _cycle_deviations(rows, cycles)),
        *(() if _all_agree(payouts) else _payout_deviations(rows, payouts, moved, banks)),
    ]
    first = rows[0]
    return LearnedTerms(
        mid=first.mid,
        currency=first.currency,
        method=first.method,
        card_kinds=tuple(sorted(one or UNKNOWN for one in cluster.kinds)),
        rows=len(rows),
        charges=sum(cluster.charges.values()),
        itemised=sum(row.itemised and not row.is_cancel for row in rows),
        fees=fees,
        instalments=_instalments(rows),
        cycles=cycles,
        payouts=payouts,
        redated=moved,
        cancels=cancels,
        deviations=tuple(sorted(deviations, key=lambda one: (one.name, one.rule))),
    )


def _all_agree(periods: Iterable[FeePeriod | Period[C]]) -> bool:
    """Whether there is nothing to look for among the rows."""
    return all(one.agree == one.rows for one in periods)


def _instalments(rows: Iterable[SettledRow]) -> Mapping[int, tuple[FeePeriod, ...]]:
    charges: dict[int, Counter[tuple[date, int, int]]] = defaultdict(Counter)
    for row in rows:
        day = _approved_on(row)
        if not row.is_cancel and row.installment > 0 and row.amount is not None and day is not None:
            charges[row.months][day, row.amount, row.installment] += 1
    return {months: learn_fees(charges[months]) for months in sorted(charges)}


def _date_pairs(
    rows: Iterable[SettledRow],
) -> tuple[Counter[tuple[date, date]], Counter[tuple[date, date]]]:
    """(day of the transaction, sold date) and (sold date, paid-out date), with their rows."""
    sales, dates = Counter[tuple[date, date]](), Counter[tuple[date, date]]()
    for row in rows:
        moment = row.happened_at
        if row.sold is not None and moment is not None:
            sales[moment.date(), row.sold] += 1
        if row.sold is not None and row.paid is not None:
            dates[row.sold, row.paid] += 1
    return sales, dates


def _redated(
    dates: Mapping[tuple[date, date], int], periods: Iterable[Period[PayoutRule]], banks: OpenDays
) -> tuple[Redated, ...]:
    found: list[Redated] = []
    for period in periods:
        part = {one: rows for one, rows in dates.items() if period.first <= one[0] <= period.last}
        found += redated(part, period.candidates[0], banks) if period.candidates else ()
    return tuple(found)


def _approved_on(row: SettledRow) -> date | None:
    return row.sold if row.approved_at is None else row.approved_at.date()


def _fee_deviations(rows: Iterable[SettledRow], periods: Sequence[FeePeriod]) -> Iterator[Deviation]:
    tariffs: dict[date, Tariff | None] = {}
    for row in rows:
        day = _approved_on(row)
        if row.is_cancel or row.base is None or not row.amount or day is None:
            continue
        if day not in tariffs:
            tariffs[day] = tariff_of(periods, row)
        tariff = tariffs[day]
        expected = None if tariff is None else tariff.fee(row.amount)
        if expected is not None and expected != row.base:
            yield Deviation(row.name, Rule.FEE, row.base, expected)


def _cancel_deviations(cancels: LearnedCancels | None) -> Iterator[Deviation]:
    for row, expected in () if cancels is None else cancels.deviating:
        yield Deviation(row.name, Rule.CANCEL_FEE, row.base or 0, expected)


def _cycle_deviations(rows: Iterable[SettledRow], periods: Sequence[Period[Cycle]]) -> Iterator[Deviation]:
    for row in rows:
        if row.sold is None or row.happened_at is None:
            continue
        day = row.happened_at.date()
        period = _covering(periods, day)
        if period is not None and period.candidates and bucket(day, period.candidates[0]) != row.sold:
            yield Deviation(row.name, Rule.CYCLE, row.sold, bucket(day, period.candidates[0]))


def _payout_deviations(
    rows: Iterable[SettledRow],
    periods: Sequence[Period[PayoutRule]],
    moved: Iterable[Redated],
    banks: OpenDays,
) -> Iterator[Deviation]:
    because = {pair: one.name for one in moved for pair in one.pairs}
    expected: dict[date, date | None] = {}
    for row in rows:
        if row.sold is None or row.paid is None:
            continue
        if row.sold not in expected:
            period = _covering(periods, row.sold)
            rule = period.candidates[0] if period is not None and period.candidates else None
            expected[row.sold] = None if rule is None else due(rule, row.sold, banks)
        wanted = expected[row.sold]
        if wanted is not None and wanted != row.paid:
            yield Deviation(row.name, Rule.PAYOUT, row.paid, wanted, because.get((row.sold, row.paid)))


def _covering(periods: Iterable[Period[C]], day: date) -> Period[C] | None:
    return next((one for one in periods if one.first <= day <= one.last), None)
