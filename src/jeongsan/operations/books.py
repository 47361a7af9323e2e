"""Turning moves into postings, and a payment's change into its transaction."""

from collections.abc import Iterable
from datetime import date

from jeongsan.domain.channels import Actor, Audit
from jeongsan.domain.ledger import Move, Posting
from jeongsan.domain.payment import Payment
from jeongsan.loop.operation import Stamp


def post(
    moves: Iterable[Move],
    *,
    shop_id: int,
    currency: str,
    cause: str,
    stamp: Stamp,
    settle_day: date | None,
    transaction_id: int | None = None,
) -> tuple[Posting, ...]:
    """Postings for the moves that move anything."""
    oriented = [move for move in (move.oriented() for move in moves) if move is not None]
    return tuple(
        Posting(
            posting_id=stamp.mint.row_id(),
            shop_id=shop_id,
            debit=move.debit,
            credit=move.credit,
            amount=move.amount,
            currency=currency,
            cause=cause,
            transaction_id=transaction_id,
            settle_day=settle_day,
            posted_at=stamp.now,
        )
        for move in oriented
    )


def audit(action: str, payment: Payment, actor: Actor, *, stamp: Stamp, reason: str | None = None) -> Audit:
    """The audit line of what was just done to a payment."""
    return Audit(
        audit_id=stamp.mint.row_id(),
        shop_id=payment.shop_id,
        payment_id=payment.payment_id,
        transaction_key=payment.last_transaction_key,
        action=action,
        actor=actor,
        reason=reason,
        acted_at=stamp.now,
    )
