"""Holds (지급보류): why money that is due is not paid out, what a hold covers, and when it moves again.

A hold of a shop stops its payouts; a hold of a payment stops that payment's settlement rows, and the rest of
the payout goes on. Several may stand at once: money moves when the last one is released. Sources: the reasons
are those the gateway's and other payment companies' guides name; what a release does to dates is assumed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jeongsan.domain.business_days import Calendar
from jeongsan.domain.channels import Actor
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payout_dates import PayoutRule, payout_date

NOTE_LENGTH_MAX = 200
# What the record of a moved row says.
RELEASE_CAUSE = "hold-released"
_NEXT_BUSINESS_DAY = PayoutRule(count=1)


class HoldReason(StrEnum):
    """Why money is held. Only DISPUTE is about a payment; the others are about a shop."""

    CONTRACT_INCOMPLETE = "CONTRACT_INCOMPLETE"
    SETTLEMENT_LIMIT = "SETTLEMENT_LIMIT"
    KYC = "KYC"
    ACCOUNT_FAILURE = "ACCOUNT_FAILURE"
    DISPUTE = "DISPUTE"


class HoldState(StrEnum):
    """`releasing`: rows are being given their new date; nothing is paid before all have it."""

    STANDING = "standing"
    RELEASING = "releasing"
    RELEASED = "released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """`payment_id` None: the whole shop. Instants in epoch ms. `released_by` is known from the moment
    somebody asks for the release, `released_at` once it is complete."""

    hold_id: int
    shop_id: int
    payment_id: int | None
    reason: HoldReason
    note: str | None
    state: HoldState
    placed_at: int
    placed_by: Actor
    released_at: int | None = None
    released_by: Actor | None = None

    @property
    def in_force(self) -> bool:
        """Whether it still keeps money back."""
        return self.state is not HoldState.RELEASED


def check_scope(reason: HoldReason, *, of_payment: bool) -> None:
    """Whether a hold for this reason may cover this. Raises Refusal INVALID_REQUEST with the field."""
    about_payment = reason is HoldReason.DISPUTE
    if about_payment and not of_payment:
        detail = f"is required: {reason} holds one payment"
        raise Refusal(Code.INVALID_REQUEST, field="paymentKey", detail=detail)
    if of_payment and not about_payment:
        detail = f"is only for {HoldReason.DISPUTE}: {reason} holds the whole shop"
        raise Refusal(Code.INVALID_REQUEST, field="paymentKey", detail=detail)


def check_holdable(*, approved: bool, settles: bool, unpaid: bool) -> None:
    """Whether there is money of a payment to keep back. `unpaid`: of its transactions at least one.

    Raises Refusal INVALID_REQUEST for the field paymentKey."""
    detail = None
    if not approved:
        detail = "was not approved"
    elif not settles:
        detail = "never settles: a test payment of a shop whose test payments do not"
    elif not unpaid:
        detail = "was paid out already; nothing of it is left to hold"
    if detail is not None:
        raise Refusal(Code.INVALID_REQUEST, field="paymentKey", detail=detail)


def check_releasable(hold: Hold) -> None:
    """Raises Refusal INVALID_REQUEST when it was released before. One that a crash left half released may
    be asked for again."""
    if not hold.in_force:
        raise Refusal(Code.INVALID_REQUEST, field="holdId", detail="was released already")


def date_after_release(today: date, calendar: Calendar) -> date:
    """Where rows go that should have been paid by `today`: the next business day (assumed)."""
    day, _ = payout_date(today, _NEXT_BUSINESS_DAY, calendar)
    return day
