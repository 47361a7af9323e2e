"""A history of settlement rows put together from any number of files: each row once, and what the rows say
about the gateway as a whole.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

from jeongsan.reconcile.fee_rates import eleventh, with_vat
from jeongsan.reconcile.settled_rows import RowFault, RowProblem, SettledRow

NETWORK_CANCEL_MAX = timedelta(seconds=60)
# These may change from one reading to the next.
_MOVING = ("file", "place", "paid", "acquire_status")

_NAMED_MAX = 20

_Check = Callable[[SettledRow], bool | None]


@dataclass(frozen=True, slots=True)
class History:
    """`rows`: each transaction once. `repeated`: rows read again with nothing new; `moved`: keys of rows seen
    with several payout dates, of which the last is kept. Rows of one key that say different things are in
    `contradictions` and nowhere else."""

    rows: tuple[SettledRow, ...]
    repeated: int
    moved: tuple[str, ...]
    contradictions: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """So many rows say it, of so many that say anything about it; `deviating` names some of the others."""

    agree: int
    rows: int
    deviating: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What all rows together say, whatever the contract.

    `sums`: amount − fee = payOutAmount. `split`: supplyAmount + vat = fee. `eleventh`: the VAT is fee / 11,
    half up; `tenth`: it is supplyAmount / 10, half up; `telling`: rows in which the two differ. `same_day`:
    payments approved and cancelled on one day with both rows; `lone_cancels`: cancels of their day of
    approval whose approval has no row although others of that day have; `at_once`: whole cancels at most a
    minute after the approval. `without_payment`: rows without a payment key, and which of their fields are
    empty. `earliest` and `latest`: seconds of the day of the first and last transaction sold on its own
    day."""

    sums: Agreement
    split: Agreement
    eleventh: Agreement
    tenth: Agreement
    telling: int
    same_day: int
    lone_cancels: tuple[str, ...]
    at_once: tuple[str, ...]
    without_payment: tuple[str, ...]
    empty_fields: tuple[str, ...]
    acquire_statuses: Mapping[str, int]
    earliest: int | None
    latest: int | None


def history_of(rows: Iterable[SettledRow]) -> History:
    """Each row once, whatever the order of files. Rows without a transaction key are never taken for the
    same."""
    by_key: dict[str, SettledRow] = {}
    again: dict[str, list[SettledRow]] = defaultdict(list)
    single: list[SettledRow] = []
    for row in rows:
        if row.transaction_key is None:
            single.append(row)
        elif row.transaction_key in by_key:
            again[row.transaction_key].append(row)
        else:
            by_key[row.transaction_key] = row
    moved, contradictions, repeated = [], [], 0
    for key in sorted(again):
        same = [by_key[key], *again[key]]
        if len({_lasting(row) for row in same}) > 1:
            contradictions.append(_contradiction(by_key.pop(key)))
            continue
        repeated += len(again[key])
        if len({row.paid for row in same}) > 1:
            moved.append(key)
        by_key[key] = max(same, key=lambda row: (row.paid or date.min, row.file, row.place))
    found = sorted((*by_key.values(), *single), key=_in_order)
    return History(tuple(found), repeated, tuple(moved), tuple(contradictions))


def facts_of(rows: Sequence[SettledRow]) -> Facts:
    """What all rows together say."""
    approvals: dict[str | None, SettledRow] = {
        row.payment_key: row for row in rows if not row.is_cancel and row.payment_key
    }
    days_with_approvals = {(row.mid, _day(row)) for row in rows if not row.is_cancel}
    cancels = [row for row in rows if row.is_cancel]
    same_day = [row for row in cancels if row.canceled_at and row.approved_at and _day(row) == _approved(row)]
    lone = [
        row.name
        for row in same_day
        if row.payment_key not in approvals and (row.mid, _day(row)) in days_with_approvals
    ]
    unpaid = [row for row in rows if row.payment_key is None]
    times = [row for row in rows if row.timed and row.sold is not None and _day(row) == row.sold]
    seconds = [_second(row) for row in times]
    return Facts(
        sums=_agreement(rows, _sums),
        split=_agreement(rows, _split),
        eleventh=_agreement(rows, _is_eleventh),
        tenth=_agreement(rows, _is_tenth),
        telling=sum(_is_eleventh(row) is not None and abs(row.fee or 0) % 11 == 5 for row in rows),
        same_day=sum(row.payment_key in approvals for row in same_day),
        lone_cancels=tuple(lone),
        at_once=tuple(row.name for row in same_day if _at_once(row, approvals.get(row.payment_key))),
        without_payment=tuple(row.name for row in unpaid),
        empty_fields=_empty(unpaid),
        acquire_statuses=dict(
            sorted(Counter(one.acquire_status for one in rows if one.acquire_status).items())
        ),
        earliest=min(seconds, default=None),
        latest=max(seconds, default=None),
    )


def _in_order(row: SettledRow) -> tuple[date, str, str, int]:
    return (row.sold or date.min, row.transaction_key or "", row.file, row.place)


def _lasting(row: SettledRow) -> tuple[object, ...]:
    return tuple(value for name, value in msgspec.structs.asdict(row).items() if name not in _MOVING)


def _contradiction(row: SettledRow) -> RowProblem:
    return RowProblem(row.file, row.place, "transactionKey", RowFault.CONTRADICTION, row.name)


def _agreement(rows: Iterable[SettledRow], check: _Check) -> Agreement:
    agree = total = 0
    deviating: list[str] = []
    for row in rows:
        holds = check(row)
        if holds is None:
            continue
        total += 1
        agree += holds
        if not holds and len(deviating) < _NAMED_MAX:
            deviating.append(row.name)
    return Agreement(agree, total, tuple(deviating))


def _sums(row: SettledRow) -> bool | None:
    if row.amount is None or row.fee is None or row.pays_out is None:
        return None
    return row.amount - row.fee == row.pays_out


def _split(row: SettledRow) -> bool | None:
    if row.supply is None or row.vat is None or row.fee is None:
        return None
    return row.supply + row.vat == row.fee


def _is_eleventh(row: SettledRow) -> bool | None:
    return None if row.vat is None or row.fee is None else row.vat == eleventh(row.fee)


def _is_tenth(row: SettledRow) -> bool | None:
    if row.vat is None or row.fee is None:
        return None
    supply = abs(row.fee) - abs(row.vat)
    return supply >= 0 and with_vat(supply) == abs(row.fee)


def _day(row: SettledRow) -> date | None:
    return None if row.happened_at is None else row.happened_at.date()


def _approved(row: SettledRow) -> date | None:
    return None if row.approved_at is None else row.approved_at.date()


def _second(row: SettledRow) -> int:
    moment = row.happened_at
    return 0 if moment is None else moment.hour * 3600 + moment.minute * 60 + moment.second


def _at_once(row: SettledRow, approval: SettledRow | None) -> bool:
    """A network cancel takes the whole payment back."""
    if not row.timed or row.approved_at is None or row.canceled_at is None:
        return False
    whole = row.refundable == 0 if approval is None else approval.amount == -(row.amount or 0)
    return whole and timedelta() <= row.canceled_at - row.approved_at <= NETWORK_CANCEL_MAX


def _empty(rows: Sequence[SettledRow]) -> tuple[str, ...]:
    """The fields that none of the rows has."""
    names = {"mId": "mid", "approvedAt": "approved_at", "amount": "amount", "fee": "fee", "soldDate": "sold",
             "paidOutDate": "paid", "payOutAmount": "pays_out"}  # fmt: skip
    return tuple(
        wire for wire, name in names.items() if rows and all(getattr(row, name) is None for row in rows)
    )
