"""A payment and what may become of it until it is approved, aborted or expired.

Cancelling lives in `domain.cancel`. Values in, values out: each function returns a new Payment.
"""

from dataclasses import dataclass, replace

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import MINUTE_MS
from jeongsan.domain.methods import (
    CARD_TYPES,
    METHOD_NAMES,
    PLAIN,
    CardKind,
    InterestPayer,
    Method,
    Situation,
    Traits,
)
from jeongsan.domain.money import Money
from jeongsan.domain.payment_states import Action, Status, check, next_status
from jeongsan.domain.terms import Terms

READY_EXPIRY_MS = 30 * MINUTE_MS
IN_PROGRESS_EXPIRY_MS = 10 * MINUTE_MS
CARD_MINIMUM_KRW = 100


@dataclass(frozen=True, slots=True)
class Card:
    """The card as the buyer's window knows it; the amount and the approval number come on approval."""

    issuer_code: str
    acquirer_code: str | None
    number: str
    installment_plan_months: int
    is_interest_free: bool
    interest_payer: str | None
    approve_no: str
    use_card_point: bool
    card_type: str
    owner_type: str
    acquire_status: str


# What the sandbox's buyer pays with unless asked for something else; the number is invented.
SANDBOX_CARD = Card(
    issuer_code="61",
    acquirer_code="31",
    number="12345678****123*",
    installment_plan_months=0,
    is_interest_free=False,
    interest_payer=None,
    approve_no="00000000",
    use_card_point=False,
    card_type="신용",
    owner_type="개인",
    acquire_status="READY",
)


@dataclass(frozen=True, slots=True)
class Cancel:
    """One cancel of a payment, with a positive amount and the balance it left behind."""

    transaction_key: str
    reason: str
    canceled_at: int
    amount: Money
    tax_free: Money
    tax_exemption: Money
    refundable: Money
    cancel_request_id: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a payment was aborted or expired: a code, worded where it is shown."""

    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment in full. Instants in epoch ms; `balance`, `tax_free` and `tax_exemption` are what is
    left. `settles` and `terms_id` are frozen on approval. `waits`: its transactions settle only after
    somebody releases them. `version` counts the stored states and orders its webhooks; 0 means never
    stored."""

    payment_id: int
    shop_id: int
    mid: str
    payment_key: str
    order_id: str
    order_name: str
    status: Status
    method: str | None
    total: Money
    balance: Money
    tax_free: Money
    tax_exemption: Money
    requested_at: int
    expires_at: int | None
    approved_at: int | None = None
    last_transaction_key: str | None = None
    secret: str | None = None
    card: Card | None = None
    cancels: tuple[Cancel, ...] = ()
    failure: Failure | None = None
    terms_id: int | None = None
    settles: bool = False
    waits: bool = False
    situations: tuple[Situation, ...] = ()
    version: int = 0

    @property
    def settles_now(self) -> bool:
        """Whether a transaction of it settles on its own day."""
        return self.settles and not self.waits


def subject_of(payment: Payment) -> tuple[Method, CardKind | None]:
    """Which terms of a contract the payment falls under: its method, and the kind of its card if known.

    A payment without a method falls under cards; none is approved."""
    if Situation.OVERSEAS in payment.situations:
        return Method.CARD, CardKind.OVERSEAS
    kind = None if payment.card is None else CARD_TYPES.get(payment.card.card_type)
    return METHOD_NAMES.get(payment.method or "", Method.CARD), kind


def traits_of(payment: Payment) -> Traits:
    """What of the payment changes its fee."""
    card = payment.card
    if card is None:
        return Traits(payment.situations) if payment.situations else PLAIN
    situations = payment.situations + ((Situation.CARD_POINT,) if card.use_card_point else ())
    if not situations and not card.installment_plan_months:
        return PLAIN
    payer = None if card.interest_payer is None else InterestPayer(card.interest_payer)
    return Traits(situations, card.installment_plan_months, payer)


def authenticate(payment: Payment, *, now: int, card: Card) -> Payment:
    """The buyer finished the window with this card: ten minutes remain to confirm."""
    return replace(
        payment,
        status=next_status(payment.status, Action.AUTHENTICATE),
        method="카드",
        card=card,
        expires_at=now + IN_PROGRESS_EXPIRY_MS,
        version=payment.version + 1,
    )


def check_confirm(payment: Payment, *, order_id: str, amount: Money, now: int) -> None:
    """Whether the merchant may confirm this payment like this. Raises Refusal.

    A payment that stands finished or expired answers so before its amount is compared; a wrong
    amount or order id is INVALID_REQUEST (assumed, the recordings are silent).
    """
    check(payment.status, Action.APPROVE)
    if payment.expires_at is not None and now >= payment.expires_at:
        raise Refusal(Code.NOT_FOUND_PAYMENT_SESSION)
    if order_id != payment.order_id:
        raise Refusal(Code.INVALID_REQUEST, field="orderId", detail="differs from the order that was paid")
    if amount != payment.total:
        raise Refusal(Code.INVALID_REQUEST, field="amount", detail="differs from the amount that was paid")


def check_minimum(amount: Money) -> None:
    """Refuse an amount below what a card can pay (documented: 100 KRW), or none at all."""
    if amount.minor <= 0 or (amount.currency == "KRW" and amount.minor < CARD_MINIMUM_KRW):
        raise Refusal(Code.BELOW_MINIMUM_AMOUNT, field="amount", detail="is below the minimum")


def hold(payment: Payment) -> Payment:
    """A confirm went to the network: from now on the attempt decides, not the ten-minute expiry.

    The status does not change, so the version, which orders announcements, does not either."""
    return replace(payment, expires_at=None)


def approve(
    payment: Payment,
    *,
    now: int,
    transaction_key: str,
    secret: str,
    approve_no: str,
    terms: Terms,
    settles: bool,
) -> Payment:
    """The network approved: the payment is DONE. `terms`: those in force for it now."""
    card = payment.card and replace(payment.card, approve_no=approve_no)
    return replace(
        payment,
        status=next_status(payment.status, Action.APPROVE),
        approved_at=now,
        expires_at=None,
        last_transaction_key=transaction_key,
        secret=secret,
        card=card,
        terms_id=terms.terms_id,
        settles=settles,
        waits=settles and terms.conditions.waits(traits_of(payment)),
        version=payment.version + 1,
    )


def abort(payment: Payment, code: Code) -> Payment:
    """The confirm failed for good."""
    return replace(
        payment,
        status=next_status(payment.status, Action.ABORT),
        failure=Failure(code),
        expires_at=None,
        version=payment.version + 1,
    )


def expire(payment: Payment) -> Payment:
    """30 minutes without authentication, or 10 without a confirm."""
    return replace(
        payment,
        status=next_status(payment.status, Action.EXPIRE),
        failure=Failure(Code.EXPIRED_PAYMENT),
        expires_at=None,
        version=payment.version + 1,
    )
