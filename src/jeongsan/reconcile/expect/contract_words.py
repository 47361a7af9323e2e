"""The words of a contract document (docs/contracts.md), in Korean and as codes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Method(StrEnum):
    """The methods that have terms."""

    CARD = "CARD"
    EASY_PAY = "EASY_PAY"
    TRANSFER = "TRANSFER"
    VIRTUAL_ACCOUNT = "VIRTUAL_ACCOUNT"
    MOBILE_PHONE = "MOBILE_PHONE"
    GIFT_CERTIFICATE = "GIFT_CERTIFICATE"
    FOREIGN_EASY_PAY = "FOREIGN_EASY_PAY"


class CardKind(StrEnum):
    """The kinds of card that have terms of their own. No row shows that a card is OVERSEAS."""

    CREDIT = "CREDIT"
    CHECK = "CHECK"
    GIFT = "GIFT"
    OVERSEAS = "OVERSEAS"


class Grade(StrEnum):
    """Size of a merchant, which sets its card rates."""

    GENERAL = "general"
    SMALL = "small"
    MEDIUM1 = "medium1"
    MEDIUM2 = "medium2"
    MEDIUM3 = "medium3"


class Vat(StrEnum):
    """Whether prices are quoted with VAT."""

    EXCLUDED = "excluded"
    INCLUDED = "included"


class Situation(StrEnum):
    """What a surcharge is for; no row shows it."""

    ESCROW = "ESCROW"
    KEY_IN = "KEY_IN"
    BILLING = "BILLING"
    OVERSEAS = "OVERSEAS"
    CARD_POINT = "CARD_POINT"


class Line(StrEnum):
    """The entry of `fees[]` in which a surcharge stands."""

    BASE = "BASE"
    INSTALLMENT_DISCOUNT = "INSTALLMENT_DISCOUNT"
    INSTALLMENT = "INSTALLMENT"
    POINT_SAVING = "POINT_SAVING"
    ETC = "ETC"


class Kept(StrEnum):
    """Whether a cancel gives the fee back."""

    RETURNED = "returned"
    KEPT = "kept"


class RefundFeeOn(StrEnum):
    """Where a refund fee stands."""

    ROW = "row"
    ADJUSTMENT = "adjustment"


class Release(StrEnum):
    """What a transaction waits for."""

    AT_ONCE = "at-once"
    ON_REQUEST = "on-request"
    ON_CONFIRMATION = "on-confirmation"
    ON_COLLECTION = "on-collection"


class SoldOn(StrEnum):
    """The day on which what waited is sold."""

    RELEASE = "release"
    TRANSACTION = "transaction"


def words_of(kind: type[StrEnum], also: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The words of a document for an enumeration: its values, and these others for some of them."""
    return {one.value: one for one in kind} | {word: kind(value) for word, value in (also or {}).items()}


METHOD_WORDS: Mapping[str, Method] = words_of(
    Method,
    {
        "카드": "CARD",
        "간편결제": "EASY_PAY",
        "계좌이체": "TRANSFER",
        "가상계좌": "VIRTUAL_ACCOUNT",
        "휴대폰": "MOBILE_PHONE",
        "상품권": "GIFT_CERTIFICATE",
        "문화상품권": "GIFT_CERTIFICATE",
        "도서문화상품권": "GIFT_CERTIFICATE",
        "게임문화상품권": "GIFT_CERTIFICATE",
        "CULTURE_GIFT_CERTIFICATE": "GIFT_CERTIFICATE",
        "BOOK_GIFT_CERTIFICATE": "GIFT_CERTIFICATE",
        "GAME_GIFT_CERTIFICATE": "GIFT_CERTIFICATE",
        "해외간편결제": "FOREIGN_EASY_PAY",
    },
)
KIND_WORDS: Mapping[str, CardKind] = words_of(
    CardKind, {"신용": "CREDIT", "체크": "CHECK", "기프트": "GIFT", "해외": "OVERSEAS"}
)
GRADE_WORDS = words_of(
    Grade, {"일반": "general", "영세": "small", "중소1": "medium1", "중소2": "medium2", "중소3": "medium3"}
)
