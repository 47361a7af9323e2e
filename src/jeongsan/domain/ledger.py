"""The books: a chart of accounts and postings that cannot be unbalanced.

A posting is one row with a debit and a credit account and an amount above zero. Append-only; a
mistake is reversed, never edited.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jeongsan.domain.settlement import SettlementRow


class Account(StrEnum):
    """The chart of accounts: 1 assets, 2 liabilities, 4 revenue."""

    ACQUIRER_RECEIVABLE = "1100"
    BANK = "1200"
    MERCHANT_RECEIVABLE = "1300"
    MERCHANT_UNSETTLED = "2100"
    MERCHANT_WAITING = "2150"
    MERCHANT_PAYABLE = "2200"
    PAYOUT_CLEARING = "2300"
    VAT_PAYABLE = "2400"
    BUYER_REFUND_PAYABLE = "2500"
    FEE_REVENUE = "4100"


@dataclass(frozen=True, slots=True)
class Posting:
    """`amount` minor units of `currency` moved from `credit` to `debit`. `settle_day` groups what
    must be zero once that day is closed; None for money that never settles."""

    posting_id: int
    shop_id: int
    debit: Account
    credit: Account
    amount: int
    currency: str
    cause: str
    transaction_id: int | None
    settle_day: date | None
    posted_at: int

    def __post_init__(self) -> None:
        if self.amount <= 0:
            raise ValueError("a posting moves an amount above zero")
        if self.debit is self.credit:
            raise ValueError("a posting has two different accounts")


@dataclass(frozen=True, slots=True)
class Move:
    """A signed wish to post: a negative amount swaps the accounts, zero posts nothing."""

    debit: Account
    credit: Account
    amount: int

    def oriented(self) -> "Move | None":
        """The same move with an amount above zero, or None when there is nothing to move."""
        if self.amount == 0:
            return None
        if self.amount < 0:
            return Move(self.credit, self.debit, -self.amount)
        return self


def approval_moves(amount: int, *, waits: bool) -> tuple[Move, ...]:
    """The acquirer owes us, we owe the merchant; what waits for its release stands apart (2150)."""
    return (Move(Account.ACQUIRER_RECEIVABLE, _owed(waits), amount),)


def cancel_moves(amount: int, *, waits: bool) -> tuple[Move, ...]:
    """The reverse of an approval."""
    return (Move(_owed(waits), Account.ACQUIRER_RECEIVABLE, amount),)


def release_moves(amount: int) -> tuple[Move, ...]:
    """What waited is to settle now. `amount`: approvals less cancels."""
    return (Move(Account.MERCHANT_WAITING, Account.MERCHANT_UNSETTLED, amount),)


def _owed(waits: bool) -> Account:
    return Account.MERCHANT_WAITING if waits else Account.MERCHANT_UNSETTLED


def day_close_moves(rows: list[SettlementRow]) -> tuple[Move, ...]:
    """Unsettled money becomes payable, fee revenue and VAT. VAT per row as published; the odd won
    lies between revenue and VAT, never with the merchant."""
    return (
        Move(Account.MERCHANT_UNSETTLED, Account.MERCHANT_PAYABLE, sum(r.pay_out_amount for r in rows)),
        Move(Account.MERCHANT_UNSETTLED, Account.FEE_REVENUE, sum(r.supply_amount for r in rows)),
        Move(Account.MERCHANT_UNSETTLED, Account.VAT_PAYABLE, sum(r.vat for r in rows)),
    )
