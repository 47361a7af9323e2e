"""Payouts: what is transferred to a shop on a day, and what is carried over.

One payout per shop and currency on a paid-out date: the rows of the day plus what earlier days left
owing. A negative sum is not transferred; it is carried over as merchant receivable (미수금).
"""

from dataclasses import dataclass

from jeongsan.domain.ledger import Account, Move


@dataclass(frozen=True, slots=True)
class PayoutSum:
    """`transferred = max(0, due + carried_in)`; `carried_in` and `carried_out` are never positive."""

    acquired: int
    due: int
    carried_in: int
    transferred: int
    carried_out: int


def sum_up(*, acquired: int, due: int, carried_in: int) -> PayoutSum:
    """`acquired`: sum of the rows' amounts; `due`: of their payout amounts; both may be negative."""
    if carried_in > 0:
        raise ValueError("only debts are carried over")
    total = due + carried_in
    return PayoutSum(
        acquired=acquired,
        due=due,
        carried_in=carried_in,
        transferred=max(0, total),
        carried_out=min(0, total),
    )


def payout_moves(payout: PayoutSum) -> tuple[Move, ...]:
    """The acquirer pays us, payable money goes through clearing to the bank, debts move to and from
    1300. Clearing (2300) ends at zero. Assumed: acquisition reaches the bank on the payout day."""
    carried = payout.carried_in - payout.carried_out
    return (
        Move(Account.BANK, Account.ACQUIRER_RECEIVABLE, payout.acquired),
        Move(Account.MERCHANT_PAYABLE, Account.PAYOUT_CLEARING, payout.due),
        Move(Account.MERCHANT_RECEIVABLE, Account.PAYOUT_CLEARING, carried),
        Move(Account.PAYOUT_CLEARING, Account.BANK, payout.transferred),
    )
