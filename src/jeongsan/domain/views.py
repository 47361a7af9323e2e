"""What the lists show: rows of reads, independent of tables and of the wire."""

from dataclasses import dataclass

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
    status: str
    transacted_at: int
    amount: Money


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
