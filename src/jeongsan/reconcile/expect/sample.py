"""A part of the settlement rows that is small enough to learn from, as the learner takes rows."""

from datetime import date, datetime, time
from typing import Any

from jeongsan.client.moments import KST
from jeongsan.reconcile.expect.statements import rows
from jeongsan.reconcile.settled_history import History, history_of
from jeongsan.reconcile.settled_rows import SettledRow

# Payments that are learned from, of all groups of rows together, and of each where there are many groups. A
# thousand rows take the learner about 40 ms.
SAMPLE_MAX = 20_000
GROUP_MIN = 1_000


def sampled_history(connection: Any, groups: int) -> History:
    """At most about SAMPLE_MAX payments with all their rows, or GROUP_MIN of each group. `cancel_balances` is
    filled."""
    most = max(GROUP_MIN, SAMPLE_MAX // max(groups, 1))
    return history_of(_settled(one) for one in rows(connection, "sample", payments_max=most))


def _settled(values: tuple[Any, ...]) -> SettledRow:
    file_id, row_number, shop, payment_key, transaction_key, currency, method, card_kind = values[:8]
    is_cancel, amount, fee, base, itemised, approved_at, occurred_at, day, sold, paid, after = values[8:]
    moment = _moment(occurred_at, day)
    return SettledRow(
        file=str(file_id),
        place=row_number,
        mid=shop or None,
        payment_key=payment_key,
        transaction_key=transaction_key,
        currency=currency,
        method=method,
        card_kind=card_kind,
        months=0,
        is_cancel=is_cancel,
        itemised=itemised,
        timed=occurred_at is not None,
        amount=amount,
        fee=fee,
        base=base,
        installment=0,
        # What a cancel costs; of an approval nothing is learned of it here.
        extra=fee - base if itemised and is_cancel else 0,
        supply=None,
        vat=None,
        pays_out=None,
        approved_at=_moment(approved_at, None) if is_cancel else _moment(approved_at, None) or moment,
        canceled_at=moment if is_cancel else None,
        sold=sold,
        paid=paid,
        cancel_amount=None,
        refundable=after,
        acquire_status=None,
    )


def _moment(moment: datetime | None, day: date | None) -> datetime | None:
    """In Korean time; of a day alone its midnight."""
    if moment is not None:
        return moment.replace(tzinfo=KST)
    return None if day is None else datetime.combine(day, time(), KST)
