"""Cancels and book lines for the rules of the check, with everything as it should be unless told."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jeongsan.client.fields import Fields
from jeongsan.client.moments import moment_of
from jeongsan.client.rows import RecordedCancel, SettlementRow
from jeongsan.client.rows import settlement_row as read_row
from jeongsan.reconcile.cancel_book import BookLine
from jeongsan.reconcile.cancel_outcomes import Circumstances
from jeongsan.reconcile.found_cancels import FoundCancel
from jeongsan.reconcile.period import Period
from support.recorded_gateway import (
    APPROVED_AT,
    CANCELED_AT,
    THREAD_CANCEL,
    THREAD_ORDER,
    THREAD_PAYMENT,
    settlement_row,
)

APRIL = Period(date(2025, 4, 1), date(2025, 4, 30))


def row(*absent: str, **changes: Any) -> SettlementRow:
    """A settlement row, without the keys named."""
    raw = settlement_row(**changes)
    for name in absent:
        del raw[name]
    return read_row(Fields(raw, "row"))


def found(**changes: Any) -> FoundCancel:
    """The help thread's cancel, weeks after its approval, settled."""
    return FoundCancel(
        **{
            "transaction_key": THREAD_CANCEL,
            "payment_key": THREAD_PAYMENT,
            "order_id": THREAD_ORDER,
            "canceled_at": moment_of(CANCELED_AT),
            "approved_at": moment_of(APPROVED_AT),
            "cancel_amount": Decimal(150_000),
            "currency": "KRW",
            "reason": "고객 변심",
            "request_id": None,
            "status": "DONE",
            "rows": (row(),),
            "approval_row": None,
            "recorded": None,
            "in_transactions": True,
            "never_approved": False,
        }
        | changes
    )


def line(number: int = 2, **changes: Any) -> BookLine:
    """A line that knows nothing but its number unless told."""
    return BookLine(**{"line": number} | changes)


def recorded(channel: str = "merchant-admin", **changes: Any) -> RecordedCancel:
    """What our gateway records of the cancel."""
    return RecordedCancel(
        **{
            "transaction_key": THREAD_CANCEL,
            "payment_key": THREAD_PAYMENT,
            "order_id": THREAD_ORDER,
            "canceled_at": moment_of(CANCELED_AT),
            "cancel_amount": Decimal(150_000),
            "currency": "KRW",
            "reason": "고객 변심",
            "channel": channel,
            "actor": "김차장",
            "key": None,
            "address": "203.0.113.7",
            "approved_at": moment_of(APPROVED_AT),
        }
        | changes
    )


def circumstances(**changes: Any) -> Circumstances:
    """April, looked at in June, with a live key and a book of one line."""
    return Circumstances(**{"period": APRIL, "today": date(2025, 6, 1), "book_lines": 1} | changes)


def later(seconds: int) -> Any:
    """A moment so long after the approval."""
    return moment_of(APPROVED_AT) + timedelta(seconds=seconds)
