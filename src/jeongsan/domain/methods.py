"""How a buyer pays, and what about a payment changes its fee.

Sources: the code tables of the reference (methods, card types, interest payers).
"""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """The methods a contract knows, by the wire's English codes."""

    CARD = "CARD"
    EASY_PAY = "EASY_PAY"
    TRANSFER = "TRANSFER"
    VIRTUAL_ACCOUNT = "VIRTUAL_ACCOUNT"
    MOBILE_PHONE = "MOBILE_PHONE"
    GIFT_CERTIFICATE = "GIFT_CERTIFICATE"
    FOREIGN_EASY_PAY = "FOREIGN_EASY_PAY"


class CardKind(StrEnum):
    """Kinds of cards that contracts price apart; a card of unknown kind (미확인) has none of them."""

    CREDIT = "CREDIT"
    CHECK = "CHECK"
    GIFT = "GIFT"
    OVERSEAS = "OVERSEAS"


class Situation(StrEnum):
    """What a surcharge is for: escrow (에스크로), a card keyed in or billed without its owner, a card
    issued abroad, card points used."""

    ESCROW = "ESCROW"
    KEY_IN = "KEY_IN"
    BILLING = "BILLING"
    OVERSEAS = "OVERSEAS"
    CARD_POINT = "CARD_POINT"


class InterestPayer(StrEnum):
    """Who bears the interest of instalments; only the other two are interest-free to the buyer."""

    BUYER = "BUYER"
    CARD_COMPANY = "CARD_COMPANY"
    MERCHANT = "MERCHANT"


# The wire's words → ours; 미확인 is no kind.
METHOD_NAMES = {
    "카드": Method.CARD,
    "간편결제": Method.EASY_PAY,
    "계좌이체": Method.TRANSFER,
    "가상계좌": Method.VIRTUAL_ACCOUNT,
    "휴대폰": Method.MOBILE_PHONE,
    "문화상품권": Method.GIFT_CERTIFICATE,
    "도서문화상품권": Method.GIFT_CERTIFICATE,
    "게임문화상품권": Method.GIFT_CERTIFICATE,
    "해외간편결제": Method.FOREIGN_EASY_PAY,
}
CARD_TYPES = {"신용": CardKind.CREDIT, "체크": CardKind.CHECK, "기프트": CardKind.GIFT}


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a payment changes its fee beside the amount. Frozen on every transaction of the payment.

    `installment_months`: 0 unless paid in instalments; `interest_payer` is None without them.
    """

    situations: tuple[Situation, ...] = ()
    installment_months: int = 0
    interest_payer: InterestPayer | None = None


PLAIN = Traits()
