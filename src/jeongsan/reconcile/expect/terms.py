"""Terms of a shop as far as they decide what a settlement row says: a price, what a cancel gives back, and
the dates; given by a contract or learned from rows. Figures are integers of minor units, rates are in
millionths.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jeongsan.reconcile.due_days import Cycle, PayoutRule
from jeongsan.reconcile.fee_rates import Tariff


class CancelFee(StrEnum):
    """What a cancel gives back of the base fee: the fee of the balance before it less that of the balance
    after it, the fee of the cancelled amount by itself, nothing, or nobody knows."""

    RETURNED = "RETURNED"
    PROPORTIONAL = "PROPORTIONAL"
    KEPT = "KEPT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Rules:
    """When sales are sold and paid out. `payout` is None where rows do not show from which day it counts."""

    cycle: Cycle
    payout: PayoutRule | None


# From which day of a transaction on; None: nothing is known. The first also holds before, the last without
# end.
Schedule = tuple[tuple[date, Rules | None], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One reading of the terms for a row. `situation`: what a payment must be for it, as no row shows it;
    None is the plain one. `tariff` and `schedule` are None where nothing is expected. `refund_fee` is charged
    for each cancel, VAT included. `has_other_fees`: other entries than BASE are agreed. `waits`: sold on the
    day of a release."""

    situation: str | None
    tariff: Tariff | None
    cancel: CancelFee
    schedule: Schedule | None
    refund_fee: int = 0
    has_other_fees: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    """What settlement rows say of themselves that terms go by; "" and None as in the table."""

    shop: str
    method: str
    currency: str
    card_kind: str | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """The readings, the plain one first, for rows of a group whose payment was approved on one of these
    days."""

    group: RowGroup
    first: date
    last: date
    choices: Sequence[Choice]
