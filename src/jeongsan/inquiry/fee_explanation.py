"""Why a transaction's fee is what it is: its terms, every step, and whether the stored row says the same."""

from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.business_days import Calendar, Step
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.fee_steps import ExplainedLine, Holding, explained_lines, refund_holding
from jeongsan.domain.row_differences import PAID_OUT_DATE, Difference, differences
from jeongsan.domain.settlement import SettlementRow, payout_of, row
from jeongsan.domain.shop import Shop
from jeongsan.domain.terms import RefundFeeOn, Terms
from jeongsan.domain.transactions import Kind, Transaction
from jeongsan.inquiry.kept_dates import is_kept, past_calendars
from jeongsan.inquiry.records import Records
from jeongsan.store.reads import settled as reads
from jeongsan.store.reads.settled import Charged

# What never moves the balance has no fee.
_MOVES_MONEY = (Kind.APPROVAL, Kind.CANCEL, Kind.DEPOSIT_REVERSAL)


class FeeState(StrEnum):
    """Whether there is a row with this fee: one to compare with, one to come, one that waits for its
    release, or none ever."""

    SETTLED = "settled"
    FORECAST = "forecast"
    WAITING = "waiting"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class FeeFigures:
    """What a transaction comes to under its terms. `expected` and `steps`: the row and its payout day by the
    rules, where it has a settle day. `apart`: the fee of a refund that is an adjustment and no line."""

    transaction: Transaction
    terms: Terms
    lines: tuple[ExplainedLine, ...]
    apart: Holding | None
    expected: SettlementRow | None
    steps: tuple[Step, ...]

    @property
    def amount(self) -> int:
        """What the balance moved by."""
        return self.transaction.balance_after - self.transaction.balance_before

    @property
    def fee(self) -> int:
        """The sum of the lines."""
        return sum(line.fee for line in self.lines)


def figures_of(transaction: Transaction, terms: Terms, calendar: Calendar) -> FeeFigures:
    """By the rules that settle it."""
    conditions = terms.conditions
    expected: SettlementRow | None = None
    steps: tuple[Step, ...] = ()
    if transaction.settle_day is not None:
        expected = row(transaction, terms, calendar)
        _, steps = payout_of(transaction.settle_day, conditions, calendar)
    is_apart = conditions.refund_fee_on is RefundFeeOn.ADJUSTMENT
    return FeeFigures(
        transaction=transaction,
        terms=terms,
        lines=explained_lines(transaction, conditions),
        apart=refund_holding(transaction, conditions) if is_apart else None,
        expected=expected,
        steps=steps,
    )


@dataclass(frozen=True, slots=True)
class FeeExplanation:
    """`differences`: where the stored row is another than the figures; `redated`: its payout day is another
    too, rightly, because it was moved there or has kept it."""

    shop: Shop
    charged: Charged
    state: FeeState
    figures: FeeFigures
    differences: tuple[Difference, ...]
    redated: bool


async def explain_fee(records: Records, transaction_key: str) -> FeeExplanation:
    """Raises Refusal NOT_FOUND when no permitted shop has the transaction, or nothing was charged on it."""
    asked = transaction_key.replace("\x00", "")
    found = await reads.charged(records.store, asked, records.shop_ids)
    if found is None:
        raise Refusal(Code.NOT_FOUND, field="transactionKey", detail="is no transaction of the shops asked")
    transaction = found.transaction
    if transaction.kind not in _MOVES_MONEY:
        raise Refusal(Code.NOT_FOUND, field="transactionKey", detail="moved no money: it has no fee")
    figures = figures_of(transaction, found.terms, records.calendar())
    found_differences = _differences(found, figures.expected)
    kept = False
    if found.row is not None and any(one.field == PAID_OUT_DATE for one in found_differences):
        kept = is_kept(found.row, found.terms, found.made, await past_calendars(records))
    return FeeExplanation(
        shop=next(shop for shop in records.shops if shop.shop_id == transaction.shop_id),
        charged=found,
        state=_state(records, found),
        figures=figures,
        differences=tuple(one for one in found_differences if not (kept and one.field == PAID_OUT_DATE)),
        redated=kept,
    )


def _state(records: Records, found: Charged) -> FeeState:
    day = found.transaction.settle_day
    if day is None:
        return FeeState.WAITING if found.waits else FeeState.NEVER
    if found.row is None or day > records.clock.readable_through:
        return FeeState.FORECAST
    return FeeState.SETTLED


def _differences(found: Charged, expected: SettlementRow | None) -> tuple[Difference, ...]:
    if found.row is None:
        return ()
    if expected is None:
        return (Difference("settleDay", found.row.settle_day, None),)
    return differences(found.row, expected)
