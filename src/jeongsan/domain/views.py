"""What the lists show: rows of reads, independent of tables and of the wire."""

from dataclasses import dataclass

from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.fees import FeeLine
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Cancel, Card


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionView:
    """What a transaction row shows. The amount is positive, also on a cancel (recorded)."""

    mid: str
    transaction_key: str
    payment_key: str
    order_id: str
    method: str
    use_escrow: bool
    status: str
    transacted_at: int
    amount: Money


@dataclass(frozen=True, slots=True)
class CancelsQuery:
    """Cancels in [first, end) epoch ms, of one channel or of all; the `limit` first ones after the
    cancel with the transaction key `starting_after`."""

    first: int
    end: int
    channel: Channel | None
    starting_after: str | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelView:
    """A cancel with who made it and by which path. `status` is the payment's after it; the amount is
    positive; instants in epoch ms."""

    transaction_key: str
    payment_key: str
    order_id: str
    canceled_at: int
    amount: Money
    reason: str
    status: str
    approved_at: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementView:
    """What a settlement row shows. Amounts are minor units of `currency`, negative on a cancel row;
    `total` is the payment's original amount, which the card keeps showing."""

    mid: str
    payment_key: str
    transaction_key: str
    order_id: str
    currency: str
    method: str
    fees: tuple[FeeLine, ...]
    approved_at: int
    sold_date: str
    paid_out_date: str
    card: Card | None
    total: int
    cancel: Cancel | None
    amount: int
    interest_fee: int
    fee: int
    supply_amount: int
    vat: int
    pay_out_amount: int
