"""Domain values for the tests of pure rules: a card, a contract, and a payment at each point of its life.

The payments are made by the rules themselves, in the order in which they happen to a merchant.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from jeongsan.domain.business_days import Cycle
from jeongsan.domain.cancel import CancelTerms, cancel, check_cancel
from jeongsan.domain.contract import Agreement, Contract
from jeongsan.domain.instants import MINUTE_MS, parse_instant
from jeongsan.domain.methods import CardKind, Method
from jeongsan.domain.money import Money, zero
from jeongsan.domain.payment import SANDBOX_CARD, Cancel, Card, Payment, approve, authenticate
from jeongsan.domain.payment_states import Status
from jeongsan.domain.payout_dates import Anchor, PayoutRule
from jeongsan.domain.shop import Mode, Shop
from jeongsan.domain.terms import Conditions, Price, Rounding, Terms
from jeongsan.domain.transactions import Kind, Transaction

REQUESTED_AT = parse_instant("2025-06-26T19:48:53+09:00")
APPROVED_AT = parse_instant("2025-06-26T19:49:06+09:00")
CANCELED_AT = parse_instant("2025-06-27T10:00:00+09:00")
PAYMENT_KEY = "tmock20250626194853Ab1cD"
APPROVAL_KEY = "txrd_a01jymz6v3500000000000000ap"
CANCEL_KEY = "txrd_a01jyphyc0000000000000000ca"
SECRET = "ps_0123456789abcdefghijABCDEFGH"


def krw(minor: int) -> Money:
    return Money(minor, "KRW")


def a_card() -> Card:
    return replace(SANDBOX_CARD, number="12345678****789*")


def a_contract(
    *,
    rate_ppm: int = 32_000,
    rounding: Rounding = Rounding.B,
    cycle: Cycle = Cycle.DAILY,
    business_days: int = 6,
    anchor: Anchor = Anchor.EXCLUSIVE,
    **conditions: Any,
) -> Terms:
    """Terms for cards; `conditions`: anything else that was agreed."""
    agreed: dict[str, Any] = {
        "base": Price(rate_ppm),
        "rounding": rounding,
        "cycle": cycle,
        "payout": PayoutRule(count=business_days, anchor=anchor),
    }
    return terms_with(Conditions(**(agreed | conditions)))


def terms_with(
    conditions: Conditions, method: Method = Method.CARD, card_kind: CardKind | None = None
) -> Terms:
    return Terms(
        terms_id=1,
        shop_id=1,
        method=method,
        card_kind=card_kind,
        start=date(2000, 1, 1),
        conditions=conditions,
    )


def a_shop(terms: Terms | None = None, **changes: Any) -> Shop:
    """A live shop that has agreed to these terms and nothing else."""
    agreed = terms or a_contract()
    agreement = Agreement(method=agreed.method, start=agreed.start, conditions=agreed.conditions)
    values: dict[str, Any] = {
        "shop_id": 1,
        "mid": "tjeongsan",
        "mode": Mode.LIVE,
        "settle_test_payments": False,
        "contract": Contract(agreements=(agreement,)),
        "terms": (agreed,),
        "has_endpoints": False,
    }
    return Shop(**(values | changes))


def a_ready_payment(
    total: Money | None = None, *, tax_free: int = 0, tax_exemption: int = 0, **changes: Any
) -> Payment:
    total = total or krw(15_000)
    values: dict[str, Any] = {
        "payment_id": 1,
        "shop_id": 1,
        "mid": "tmockshop1",
        "payment_key": PAYMENT_KEY,
        "order_id": "order-000001",
        "order_name": "티셔츠 외 2건",
        "status": Status.READY,
        "method": None,
        "total": total,
        "balance": total,
        "tax_free": Money(tax_free, total.currency),
        "tax_exemption": Money(tax_exemption, total.currency),
        "requested_at": REQUESTED_AT,
        "expires_at": REQUESTED_AT + 30 * MINUTE_MS,
        "version": 1,
    }
    return Payment(**(values | changes))


def an_authenticated_payment(total: Money | None = None, **options: Any) -> Payment:
    return authenticate(a_ready_payment(total, **options), now=REQUESTED_AT, card=a_card())


def an_approved_payment(total: Money | None = None, **options: Any) -> Payment:
    return approve(
        an_authenticated_payment(total, **options),
        now=APPROVED_AT,
        transaction_key=APPROVAL_KEY,
        secret=SECRET,
        approve_no="12345678",
        terms=a_contract(),
        settles=True,
    )


def cancelled(
    payment: Payment,
    amount: int | None = None,
    *,
    key: str = CANCEL_KEY,
    at: int = CANCELED_AT,
    reserved: int = 0,
    **terms: Any,
) -> Payment:
    """Cancel as the gateway does: check what it takes, then take it."""
    currency = payment.total.currency
    asked = CancelTerms(
        reason="단순 변심", amount=None if amount is None else Money(amount, currency), **terms
    )
    parts = check_cancel(payment, asked, reserved=Money(reserved, currency))
    entry = Cancel(
        transaction_key=key,
        reason=asked.reason,
        canceled_at=at,
        amount=parts.amount,
        tax_free=parts.tax_free,
        tax_exemption=parts.tax_exemption,
        refundable=payment.balance - parts.amount,
        cancel_request_id=asked.cancel_request_id,
    )
    return cancel(payment, parts, entry=entry)


def a_transaction(
    before: int,
    after: int,
    *,
    settle_day: date | None,
    approved_at: int = APPROVED_AT,
    transacted_at: int = APPROVED_AT,
    currency: str = "KRW",
    **changes: Any,
) -> Transaction:
    """A move of the balance: an approval when it grows, a cancel when it shrinks."""
    nothing = zero(currency).minor
    values: dict[str, Any] = {
        "transaction_id": 1,
        "transaction_key": APPROVAL_KEY,
        "payment_id": 1,
        "shop_id": 1,
        "kind": Kind.APPROVAL if after > before else Kind.CANCEL,
        "status": Status.DONE if after > before else Status.PARTIAL_CANCELED,
        "currency": currency,
        "amount": abs(after - before),
        "tax_free": nothing,
        "tax_exemption": nothing,
        "balance_before": before,
        "balance_after": after,
        "approved_at": approved_at,
        "transacted_at": transacted_at,
        "terms_id": 1,
        "settle_day": settle_day,
    }
    return Transaction(**(values | changes))
