"""The object of the method that was paid with, in a settlement row: card, virtual account, transfer, mobile
phone, gift certificate, easy pay. Exactly those of one payment are there, the others are null.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from jeongsan.client.fields import Fields

# Recorded keys in recorded order. `company` and `receiptUrl`: only keys of old API versions get them.
CARD_KEYS = (
    "issuerCode", "acquirerCode", "number", "installmentPlanMonths", "isInterestFree", "interestPayer",
    "approveNo", "useCardPoint", "cardType", "ownerType", "acquireStatus", "amount", "company", "receiptUrl",
)  # fmt: skip
VIRTUAL_ACCOUNT_KEYS = (
    "accountNumber", "accountType", "bankCode", "customerName", "dueDate", "expired", "settlementStatus",
    "refundStatus", "refundReceiveAccount", "depositorName",
)  # fmt: skip
REFUND_ACCOUNT_KEYS = ("bankCode", "accountNumber", "holderName")
TRANSFER_KEYS = ("bankCode", "settlementStatus")
MOBILE_PHONE_KEYS = ("customerMobilePhone", "settlementStatus", "receiptUrl")
GIFT_CERTIFICATE_KEYS = ("approveNo", "settlementStatus")
EASY_PAY_KEYS = ("provider", "amount", "discountAmount")


@dataclass(frozen=True, slots=True)
class Card:
    """`amount` is positive in the row of a cancel too."""

    issuer_code: str | None
    acquirer_code: str | None
    number: str | None
    installment_plan_months: int | None
    is_interest_free: bool | None
    interest_payer: str | None
    approve_no: str | None
    use_card_point: bool | None
    card_type: str | None
    owner_type: str | None
    acquire_status: str | None
    amount: Decimal | None
    company: str | None
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class RefundAccount:
    """Where a virtual account's refund goes; readable only for a short time."""

    bank_code: str | None
    account_number: str | None
    holder_name: str | None


@dataclass(frozen=True, slots=True)
class VirtualAccount:
    """An account that was opened for one payment."""

    account_number: str | None
    account_type: str | None
    bank_code: str | None
    customer_name: str | None
    due_date: datetime | None
    due_date_text: str | None
    expired: bool | None
    settlement_status: str | None
    refund_status: str | None
    refund_receive_account: RefundAccount | None
    depositor_name: str | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """From a bank account of the buyer's."""

    bank_code: str | None
    settlement_status: str | None


@dataclass(frozen=True, slots=True)
class MobilePhone:
    """On a phone bill."""

    customer_mobile_phone: str | None
    settlement_status: str | None
    receipt_url: str | None


@dataclass(frozen=True, slots=True)
class GiftCertificate:
    """With a gift certificate."""

    approve_no: str | None
    settlement_status: str | None


@dataclass(frozen=True, slots=True)
class EasyPay:
    """A wallet: `amount` was paid with its money, `discount_amount` with points and coupons; what its card
    paid is in `card`."""

    provider: str | None
    amount: Decimal | None
    discount_amount: Decimal | None


def card(row: Fields) -> Card:
    """Raises UnreadableAnswer."""
    return Card(
        issuer_code=row.optional_text("issuerCode"),
        acquirer_code=row.optional_text("acquirerCode"),
        number=row.optional_text("number"),
        installment_plan_months=row.optional_whole("installmentPlanMonths"),
        is_interest_free=row.optional_flag("isInterestFree"),
        interest_payer=row.optional_text("interestPayer"),
        approve_no=row.optional_text("approveNo"),
        use_card_point=row.optional_flag("useCardPoint"),
        card_type=row.optional_text("cardType"),
        owner_type=row.optional_text("ownerType"),
        acquire_status=row.optional_text("acquireStatus"),
        amount=row.optional_amount("amount"),
        company=row.optional_text("company"),
        receipt_url=row.optional_text("receiptUrl"),
    )


def virtual_account(row: Fields) -> VirtualAccount:
    """Raises UnreadableAnswer."""
    return VirtualAccount(
        account_number=row.optional_text("accountNumber"),
        account_type=row.optional_text("accountType"),
        bank_code=row.optional_text("bankCode"),
        customer_name=row.optional_text("customerName"),
        due_date=row.optional_moment("dueDate"),
        due_date_text=row.optional_text("dueDate"),
        expired=row.optional_flag("expired"),
        settlement_status=row.optional_text("settlementStatus"),
        refund_status=row.optional_text("refundStatus"),
        refund_receive_account=row.made("refundReceiveAccount", _refund_account),
        depositor_name=row.optional_text("depositorName"),
    )


def _refund_account(row: Fields) -> RefundAccount:
    return RefundAccount(
        bank_code=row.optional_text("bankCode"),
        account_number=row.optional_text("accountNumber"),
        holder_name=row.optional_text("holderName"),
    )


def transfer(row: Fields) -> Transfer:
    """Raises UnreadableAnswer."""
    return Transfer(
        bank_code=row.optional_text("bankCode"), settlement_status=row.optional_text("settlementStatus")
    )


def mobile_phone(row: Fields) -> MobilePhone:
    """Raises UnreadableAnswer."""
    return MobilePhone(
        customer_mobile_phone=row.optional_text("customerMobilePhone"),
        settlement_status=row.optional_text("settlementStatus"),
        receipt_url=row.optional_text("receiptUrl"),
    )


def gift_certificate(row: Fields) -> GiftCertificate:
    """Raises UnreadableAnswer."""
    return GiftCertificate(
        approve_no=row.optional_text("approveNo"), settlement_status=row.optional_text("settlementStatus")
    )


def easy_pay(row: Fields) -> EasyPay:
    """Raises UnreadableAnswer."""
    return EasyPay(
        provider=row.optional_text("provider"),
        amount=row.optional_amount("amount"),
        discount_amount=row.optional_amount("discountAmount"),
    )
