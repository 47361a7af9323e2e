"""How adjustments are shown: plain JSON values, amounts in whole units."""

from typing import Any

from jeongsan.domain.adjustments import Adjustment, Owed
from jeongsan.domain.instants import iso_kst
from jeongsan.domain.money import Money


def adjustment_view(
    adjustment: Adjustment, *, transaction_key: str | None = None, paid_at: int | None = None
) -> dict[str, Any]:
    """An adjustment; `amount` is to the merchant when positive."""
    period = None
    if adjustment.start is not None and adjustment.end is not None and adjustment.grade is not None:
        period = {
            "from": adjustment.start.isoformat(),
            "to": adjustment.end.isoformat(),
            "grade": adjustment.grade.value,
        }
    return {
        "adjustmentId": str(adjustment.adjustment_id),
        "kind": adjustment.kind.value,
        "currency": adjustment.currency,
        "amount": _number(adjustment.amount, adjustment.currency),
        "fee": _number(adjustment.fee_amount, adjustment.currency),
        "supplyAmount": _number(adjustment.supply_amount, adjustment.currency),
        "vat": _number(adjustment.vat, adjustment.currency),
        "dueDate": adjustment.due_date.isoformat(),
        "paidOutDate": adjustment.paid_out_date.isoformat(),
        "paidAt": None if paid_at is None else iso_kst(paid_at),
        "period": period,
        "transactionKey": transaction_key,
        "reason": adjustment.reason,
        "actor": adjustment.actor_name,
        "createdAt": iso_kst(adjustment.created_at),
    }


def owed_view(owed: Owed) -> dict[str, Any]:
    """A change of fees in one currency, and what of it the merchant gets."""
    return {
        "currency": owed.currency,
        "amount": _number(-owed.fee_amount, owed.currency),
        "fee": _number(owed.fee_amount, owed.currency),
        "supplyAmount": _number(owed.supply_amount, owed.currency),
        "vat": _number(owed.vat, owed.currency),
    }


def _number(minor: int, currency: str) -> Any:
    return Money(minor, currency).number()
