"""A transaction (거래): one approval or one cancel, with all that its settlement needs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jeongsan.domain.methods import PLAIN, Traits
from jeongsan.domain.payment_states import Status


class Kind(StrEnum):
    """`issue`, `void` and `deposit_reversal` belong to virtual accounts."""

    ISSUE = "issue"
    APPROVAL = "approval"
    CANCEL = "cancel"
    VOID = "void"
    DEPOSIT_REVERSAL = "deposit_reversal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Amounts are positive minor units of `currency`. `status` is the payment status it produced.
    `settle_day` is None while it waits, or forever when the shop's test payments do not settle.
    `traits` are the payment's, frozen at its approval like the terms."""

    transaction_id: int
    transaction_key: str
    payment_id: int
    shop_id: int
    kind: Kind
    status: Status
    currency: str
    amount: int
    tax_free: int
    tax_exemption: int
    balance_before: int
    balance_after: int
    approved_at: int
    transacted_at: int
    terms_id: int
    settle_day: date | None
    reason: str | None = None
    cancel_request_id: str | None = None
    traits: Traits = PLAIN
