"""What a reconciliation can say of a row: sides, comparisons, states and reasons by their codes."""

from enum import StrEnum


class Side(StrEnum):
    """Where rows come from."""

    ORDERS = "ORDERS"
    TRANSACTIONS = "TRANSACTIONS"
    SETTLEMENTS = "SETTLEMENTS"
    BANK = "BANK"


class Comparison(StrEnum):
    """거래 대사: orders against transactions. 정산 대사: transactions (orders, where there are none) against
    settlements. 입금 대사: payouts, which are settlements of a shop, currency and paid-out date, against bank
    lines. Left and right are in this order."""

    TRANSACTION = "TRANSACTION"
    SETTLEMENT = "SETTLEMENT"
    DEPOSIT = "DEPOSIT"


class State(StrEnum):
    """What became of a row. SET_ASIDE: it is no money of this comparison, and the reason says why."""

    MATCHED = "MATCHED"
    DIFFERENT = "DIFFERENT"
    ONE_SIDED = "ONE_SIDED"
    NOT_YET_DUE = "NOT_YET_DUE"
    OLDER = "OLDER"
    AMBIGUOUS = "AMBIGUOUS"
    SET_ASIDE = "SET_ASIDE"


class Reason(StrEnum):
    """Why a row is not simply matched, or (MATCHED) by what detour it is."""

    # One side only: transactions.
    CANCELED_OUTSIDE = "CANCELED_OUTSIDE"
    PAID_UNKNOWN_HERE = "PAID_UNKNOWN_HERE"
    NOT_AT_GATEWAY = "NOT_AT_GATEWAY"
    CANCEL_NOT_AT_GATEWAY = "CANCEL_NOT_AT_GATEWAY"
    # One side only: settlements.
    NOT_SETTLED = "NOT_SETTLED"
    SETTLED_UNKNOWN = "SETTLED_UNKNOWN"
    # One side only: any.
    DUPLICATE = "DUPLICATE"
    # Fields that differ.
    AMOUNT = "AMOUNT"
    SIGN = "SIGN"
    TAX_FREE = "TAX_FREE"
    VAT = "VAT"
    CURRENCY = "CURRENCY"
    METHOD = "METHOD"
    ORDER_ID = "ORDER_ID"
    PAYMENT_KEY = "PAYMENT_KEY"
    TRANSACTION_KEY = "TRANSACTION_KEY"
    # Identifiers that were damaged on the way.
    ENCODING_DAMAGE = "ENCODING_DAMAGE"
    CUT_ID = "CUT_ID"
    # Days that differ.
    MIDNIGHT = "MIDNIGHT"
    REQUESTED_TIME = "REQUESTED_TIME"
    TIME_ZONE = "TIME_ZONE"
    DAY = "DAY"
    # What a settlement row says of itself, and what terms say of it.
    FEE_RATE = "FEE_RATE"
    FEE_ROUNDING = "FEE_ROUNDING"
    FEE_VAT = "FEE_VAT"
    PAY_OUT_SUM = "PAY_OUT_SUM"
    INTEREST_FEE = "INTEREST_FEE"
    SOLD_DATE = "SOLD_DATE"
    HOLIDAY = "HOLIDAY"
    PAID_OUT_DATE = "PAID_OUT_DATE"
    # One against several, one sum.
    IN_PARTS = "IN_PARTS"
    # Not a difference, or not one yet.
    TOO_YOUNG = "TOO_YOUNG"
    BEFORE_COLLECTION = "BEFORE_COLLECTION"
    CANCELED_WITHOUT_DONE = "CANCELED_WITHOUT_DONE"
    NO_MONEY = "NO_MONEY"
    SEVERAL_CANDIDATES = "SEVERAL_CANDIDATES"
    # Deposits.
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    REGROUPED = "REGROUPED"
    CARRIED_OVER = "CARRIED_OVER"
    DEPOSIT_LATE = "DEPOSIT_LATE"
    DEPOSIT_EARLY = "DEPOSIT_EARLY"
    DEPOSIT_MISSING = "DEPOSIT_MISSING"
    DEPOSIT_AMOUNT = "DEPOSIT_AMOUNT"
    DEPOSIT_LACKS_ROW = "DEPOSIT_LACKS_ROW"
    DEPOSIT_UNKNOWN = "DEPOSIT_UNKNOWN"
    OTHER_DEPOSIT = "OTHER_DEPOSIT"
