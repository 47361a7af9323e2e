"""What a layout can find in a file, per side, and the words that stand for codes everywhere."""

from enum import StrEnum

from jeongsan.reconcile.match.codes import Side


class Kind(StrEnum):
    """How a cell is read. ENTRIES: fees with their types, as JSON or in columns of their own. CLOCK: a time
    of day beside a day."""

    TEXT = "TEXT"
    AMOUNT = "AMOUNT"
    MOMENT = "MOMENT"
    DAY = "DAY"
    CLOCK = "CLOCK"
    WORD = "WORD"
    ENTRIES = "ENTRIES"


KEYS = ("order_id", "payment_key", "transaction_key")
_WHOSE = {"shop": Kind.TEXT, "kind": Kind.WORD}
_WHAT = {**dict.fromkeys(KEYS, Kind.TEXT), "method": Kind.WORD}
_MONEY = {"currency": Kind.WORD, "amount": Kind.AMOUNT}
_TAX = {"tax_free": Kind.AMOUNT, "vat": Kind.AMOUNT}
_WHEN = {"occurred_at": Kind.MOMENT, "day": Kind.DAY, "time": Kind.CLOCK}

FIELDS: dict[Side, dict[str, Kind]] = {
    Side.ORDERS: {**_WHOSE, **_WHAT, **_MONEY, **_TAX, **_WHEN},
    Side.TRANSACTIONS: {**_WHOSE, **_WHAT, **_MONEY, **_TAX, **_WHEN, "status": Kind.WORD},
    Side.SETTLEMENTS: {
        **_WHOSE, **_WHAT, **_MONEY, **_TAX, **_WHEN,
        "approved_at": Kind.MOMENT,
        # What only the row of a cancel has.
        "canceled_at": Kind.MOMENT,
        "cancel_key": Kind.TEXT,
        "cancel_amount": Kind.AMOUNT,
        "cancel_tax_free": Kind.AMOUNT,
        **dict.fromkeys(("fee", "base_fee", "supply_amount", "fee_vat"), Kind.AMOUNT),
        **dict.fromkeys(("interest_fee", "pay_out_amount"), Kind.AMOUNT),
        "fees": Kind.ENTRIES,
        "sold_date": Kind.DAY,
        "paid_out_date": Kind.DAY,
        "card_kind": Kind.WORD,
    },
    Side.BANK: {
        "account": Kind.TEXT, **_MONEY,
        # Of a list that has a column for money in and one for money out.
        "paid_in": Kind.AMOUNT,
        "paid_out": Kind.AMOUNT,
        **_WHEN,
        "memo": Kind.TEXT,
    },
}  # fmt: skip

# A table has to have one column of each of these groups to be one of the side at all.
NEEDED: dict[Side, tuple[tuple[str, ...], ...]] = {
    Side.ORDERS: (("amount",), KEYS),
    Side.TRANSACTIONS: (("amount",), KEYS, ("status", "kind")),
    Side.SETTLEMENTS: (("amount",), KEYS),
    Side.BANK: (("amount", "paid_in", "paid_out"), ("occurred_at", "day")),
}

# Compared in capital letters. A layout may add words and give others another meaning.
WORDS: dict[str, dict[str, str]] = {
    "kind": {
        **dict.fromkeys(
            ("APPROVAL", "PAYMENT", "PAID", "DONE", "승인", "결제", "결제완료", "매출"), "APPROVAL"
        ),
        **dict.fromkeys(("CANCEL", "CANCELED", "CANCELLED", "PARTIAL_CANCELED", "REFUND"), "CANCEL"),
        **dict.fromkeys(
            ("취소", "부분취소", "전체취소", "승인취소", "결제취소", "환불", "부분환불"), "CANCEL"
        ),
    },
    "status": {
        **dict.fromkeys(("DONE", "완료", "결제완료", "승인", "결제"), "DONE"),
        **dict.fromkeys(("CANCELED", "취소", "전체취소", "결제취소", "승인취소", "취소완료"), "CANCELED"),
        **dict.fromkeys(("PARTIAL_CANCELED", "부분취소", "부분 취소"), "PARTIAL_CANCELED"),
        **dict.fromkeys(("WAITING_FOR_DEPOSIT", "입금대기", "입금 대기"), "WAITING_FOR_DEPOSIT"),
        **dict.fromkeys(("EXPIRED", "만료", "결제만료"), "EXPIRED"),
        **dict.fromkeys(("ABORTED", "실패", "승인실패", "결제실패"), "ABORTED"),
    },
    "method": {
        **dict.fromkeys(("CARD", "카드", "신용카드", "카드결제"), "CARD"),
        **dict.fromkeys(("VIRTUAL_ACCOUNT", "가상계좌", "무통장입금"), "VIRTUAL_ACCOUNT"),
        **dict.fromkeys(("TRANSFER", "계좌이체", "실시간계좌이체"), "TRANSFER"),
        **dict.fromkeys(("MOBILE_PHONE", "휴대폰", "휴대폰결제", "휴대폰소액결제"), "MOBILE_PHONE"),
        **dict.fromkeys(("GIFT_CERTIFICATE", "상품권", "문화상품권", "도서문화상품권"), "GIFT_CERTIFICATE"),
        **dict.fromkeys(("게임문화상품권", "CULTURE_GIFT_CERTIFICATE"), "GIFT_CERTIFICATE"),
        **dict.fromkeys(("BOOK_GIFT_CERTIFICATE", "GAME_GIFT_CERTIFICATE"), "GIFT_CERTIFICATE"),
        **dict.fromkeys(("EASY_PAY", "간편결제", "해외간편결제", "FOREIGN_EASY_PAY"), "EASY_PAY"),
    },
    "currency": {"KRW": "KRW", "원": "KRW", "원화": "KRW", "₩": "KRW"},
    "card_kind": {
        **dict.fromkeys(("CREDIT", "신용", "신용카드"), "CREDIT"),
        **dict.fromkeys(("CHECK", "체크", "체크카드"), "CHECK"),
        **dict.fromkeys(("GIFT", "기프트", "기프트카드"), "GIFT"),
        **dict.fromkeys(("UNKNOWN", "미확인"), "UNKNOWN"),
    },
}
# A word nobody knows stays as it is written.
KEPT_WORDS = {"method", "card_kind"}
# A word nobody knows is a code if it looks like one; a status of that kind moves no money.
CODE_PATTERNS = {"status": "[A-Z][A-Z_]*", "currency": "[A-Z]{3,4}"}
