"""Reading everything a check of cancels needs from a gateway, and no more than it needs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from jeongsan.client.gateway_client import SETTLEMENT_SLICE_DAYS, GatewayClient, slices
from jeongsan.client.moments import kst_day
from jeongsan.client.rows import Payment, SettlementRow, Transaction
from jeongsan.reconcile.found_cancels import (
    APPROVED_STATUS,
    CANCEL_STATUSES,
    Answers,
    FoundCancel,
    found_cancels,
)
from jeongsan.reconcile.period import ONE_DAY, Period

_TEST_KEY_REASON = "TEST_KEY"

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """`now` is the gateway's time where it has one of its own, else the machine's; `settles` is False when
    the key is one for which settlement rows are never made."""

    found: tuple[FoundCancel, ...]
    now: datetime
    settles: bool
    recorded: bool


@dataclass(frozen=True, slots=True)
class _Listed:
    """The settlement rows kept; whether there were none at all, and why, where the gateway says so."""

    rows: tuple[SettlementRow, ...]
    empty: bool
    empty_reason: str | None


def gather(
    client: GatewayClient, period: Period, *, machine_now: datetime, test_key: bool, tell: Tell
) -> Gathered:
    """Read the cancels of a period, with a day of margin on both sides. Raises the errors of
    `client.errors`. `tell` is told in a few words what is being read."""
    now = client.business_time() or machine_now
    wide, today = period.widened(), kst_day(now)
    transactions = _transactions(client, wide, today, tell)
    tell("cancels")
    recorded = client.recorded_cancels(wide.first, wide.last)
    cancelled = {one.payment_key for one in transactions if one.status in CANCEL_STATUSES}
    listed = _settlements(client, wide.first, wide.last, cancelled, tell)
    answers = Answers(transactions, listed.rows, recorded)
    settles = not (test_key and _settles_nothing(listed))
    if settles and _lacks_old_row(found_cancels(answers), period, today):
        # A weekly or monthly contract puts the row under a later sold date than its day.
        more = _settlements(client, wide.last + ONE_DAY, wide.last_sold_date(), cancelled, tell)
        answers = replace(answers, rows=listed.rows + more.rows)
    payments = _payments(client, found_cancels(answers), period, tell)
    found = found_cancels(replace(answers, payments=payments))
    return Gathered(found, now, settles, recorded is not None)


def _transactions(client: GatewayClient, wide: Period, today: date, tell: Tell) -> tuple[Transaction, ...]:
    """Cancels, and approvals of the same days for the time of approval. Days to come have none."""
    kept: list[Transaction] = []
    for day in wide.days():
        if day > today:
            break
        tell(f"transactions {day}")
        kept += [one for one in client.transactions(day) if one.status in (*CANCEL_STATUSES, APPROVED_STATUS)]
    return tuple(kept)


def _settlements(client: GatewayClient, first: date, last: date, cancelled: set[str], tell: Tell) -> _Listed:
    """Rows of cancels, and those of their payments' approvals. `cancelled`: keys of payments known to be
    cancelled; those of rows come in. No more than a slice is held whole, so the last comes first: a cancel is
    read before its approval."""
    kept: list[Sequence[SettlementRow]] = []
    reason, empty = None, True
    for start, end in reversed(list(slices(first, last, SETTLEMENT_SLICE_DAYS))):
        tell(f"settlements {start} – {end}")
        listed = client.settlements(start, end)
        cancelled |= {row.payment_key for row in listed.rows if row.cancel is not None}
        kept.append([row for row in listed.rows if row.payment_key in cancelled])
        reason, empty = reason or listed.empty_reason, empty and not listed.rows
    return _Listed(tuple(row for rows in reversed(kept) for row in rows), empty, reason)


def _settles_nothing(listed: _Listed) -> bool:
    """With a test key an empty list means so, unless the gateway gives another reason for it: ours can be
    told to settle test payments too."""
    return listed.empty and (listed.empty_reason or _TEST_KEY_REASON).startswith(_TEST_KEY_REASON)


def _lacks_old_row(found: Iterable[FoundCancel], period: Period, today: date) -> bool:
    return any(
        not one.rows and period.has(one.canceled_at) and kst_day(one.canceled_at) < today for one in found
    )


def _payments(
    client: GatewayClient, found: Iterable[FoundCancel], period: Period, tell: Tell
) -> dict[str, Payment | None]:
    """Those payments of which neither a settlement row nor a record tells the approval and the reason."""
    wanted = {
        one.payment_key
        for one in found
        if not one.rows and one.recorded is None and period.has(one.canceled_at)
    }
    payments = {}
    for number, payment_key in enumerate(sorted(wanted), 1):
        tell(f"payments {number} / {len(wanted)}")
        payments[payment_key] = client.payment(payment_key)
    return payments
