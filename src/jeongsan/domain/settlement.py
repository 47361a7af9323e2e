"""Settlement rows: what a transaction is worth to the merchant, and when.

A row is a function of its transaction, the frozen terms and the calendar: no sibling is read, so
order and chunking cannot matter. Cancel rows are negative (recorded).
"""

from dataclasses import dataclass
from datetime import date

from jeongsan.domain.business_days import Calendar, Step, bucket
from jeongsan.domain.fees import FeeLine, fee_lines, split_fee
from jeongsan.domain.instants import kst_day
from jeongsan.domain.payout_dates import payout_date
from jeongsan.domain.terms import Conditions, SoldOn, Terms
from jeongsan.domain.transactions import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementRow:
    """One settled transaction. `interest_fee` is informational and never subtracted (recorded)."""

    transaction_id: int
    shop_id: int
    terms_id: int
    settle_day: date
    sold_date: date
    paid_out_date: date
    currency: str
    amount: int
    fees: tuple[FeeLine, ...]
    fee: int
    supply_amount: int
    vat: int
    interest_fee: int
    pay_out_amount: int


class UnsettledTransaction(ValueError):
    """The transaction has no settle day yet: it waits, or its test payment never settles."""


def settle_day(transacted_at: int, closed_through: date) -> date:
    """The day a transaction settles on: its Korean day, but never one that is already closed."""
    day = kst_day(transacted_at)
    return day if day > closed_through else date.fromordinal(closed_through.toordinal() + 1)


def payout_of(settle_day: date, conditions: Conditions, calendar: Calendar) -> tuple[date, tuple[Step, ...]]:
    """When what settles on this day is paid out, counted from the end of its bucket, and the steps to it."""
    return payout_date(bucket(settle_day, conditions.cycle), conditions.payout, calendar)


def sold_date_of(settle_day: date, transaction_day: date, conditions: Conditions) -> date:
    """The sold date of what was traded on one Korean day and settles on another, which is later where it
    waited. Within the bucket of the day that was agreed to count."""
    by_transaction = conditions.sold_on is SoldOn.TRANSACTION
    return bucket(transaction_day if by_transaction else settle_day, conditions.cycle)


def row(transaction: Transaction, terms: Terms, calendar: Calendar) -> SettlementRow:
    """The settlement row of a transaction. Raises UnsettledTransaction without a settle day."""
    if transaction.settle_day is None:
        raise UnsettledTransaction(transaction.transaction_key)
    return row_paid_on(transaction, terms, payout_of(transaction.settle_day, terms.conditions, calendar)[0])


def row_paid_on(transaction: Transaction, terms: Terms, paid_out_date: date) -> SettlementRow:
    """The row, where its payout date is known: that of all transactions of its settle day and its terms."""
    if transaction.settle_day is None:
        raise UnsettledTransaction(transaction.transaction_key)
    conditions = terms.conditions
    lines = fee_lines(transaction, conditions)
    fee = sum(line.fee for line in lines)
    parts = split_fee(fee)
    amount = transaction.balance_after - transaction.balance_before
    sold_date = sold_date_of(transaction.settle_day, kst_day(transaction.transacted_at), conditions)
    return SettlementRow(
        transaction_id=transaction.transaction_id,
        shop_id=transaction.shop_id,
        terms_id=transaction.terms_id,
        settle_day=transaction.settle_day,
        sold_date=sold_date,
        paid_out_date=paid_out_date,
        currency=transaction.currency,
        amount=amount,
        fees=lines,
        fee=fee,
        supply_amount=parts.supply_amount,
        vat=parts.vat,
        interest_fee=0,
        pay_out_amount=amount - fee,
    )


def arithmetic_problems(
    *, amount: int, fees: tuple[int, ...], fee: int, supply_amount: int, vat: int, pay_out_amount: int
) -> list[str]:
    """Which of the published sums a row breaks, one sentence each; empty when it is sound."""
    problems = []
    if amount - fee != pay_out_amount:
        problems.append(f"amount {amount} - fee {fee} is not payOutAmount {pay_out_amount}")
    if supply_amount + vat != fee:
        problems.append(f"supplyAmount {supply_amount} + vat {vat} is not fee {fee}")
    if sum(fees) != fee:
        problems.append(f"the fee lines {list(fees)} do not sum to fee {fee}")
    if vat != split_fee(fee).vat:
        problems.append(f"vat {vat} is not an eleventh of fee {fee}")
    return problems
