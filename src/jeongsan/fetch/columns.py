"""The columns of the Parquet files: names as in the answers, types, and the value a row has in each.

Amounts are DECIMAL(18,2), days DATE, moments TIMESTAMP on the wall clock of Seoul with the text they were
written as beside them, nested objects STRUCT. What does not fit a type is an error, never rounded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from jeongsan.fetch.slices import What

TEXT, FLAG, WHOLE, DAY, MOMENT, AMOUNT = (
    "VARCHAR", "BOOLEAN", "INTEGER", "DATE", "TIMESTAMP", "DECIMAL(18,2)",
)  # fmt: skip
_AMOUNT_STEP = Decimal("0.01")
_AMOUNT_END = Decimal(10) ** 16
# Keys in order, so that the same value is the same text.
_encode = msgspec.json.Encoder(decimal_format="number", order="sorted").encode


class Unstorable(ValueError):
    """A value that its column cannot hold as it is. Names the field."""


@dataclass(frozen=True, slots=True)
class Column:
    """`value` is what a row, or a nested object, has in it; `parts` are the columns of a nested object."""

    name: str
    type: str
    value: Callable[[Any], Any]
    parts: "tuple[Column, ...]" = ()
    is_list: bool = False

    @property
    def full_type(self) -> str:
        """The type as DuckDB writes it."""
        if not self.parts:
            return self.type
        inner = ", ".join(f'"{part.name}" {part.full_type}' for part in self.parts)
        return f"STRUCT({inner})" + ("[]" if self.is_list else "")


def _attribute(field: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, field)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _columns(*described: str) -> tuple[Column, ...]:
    """Columns whose field is their name in snake case: `name TYPE`."""
    pairs = (one.split(" ", 1) for one in described)
    return tuple(Column(name, type_, _attribute(_snake(name))) for name, type_ in pairs)


def _nested(name: str, parts: tuple[Column, ...], *, is_list: bool = False) -> Column:
    return Column(name, "STRUCT", _attribute(_snake(name)), parts, is_list)


def _texts(names: str) -> tuple[Column, ...]:
    return _columns(*(f"{name} {TEXT}" for name in names.split()))


_MID = Column("mId", TEXT, _attribute("mid"))
# What the columns before it do not say: recorded keys that are not there, and JSON of those not known.
_ASIDE = (
    Column("absent", f"{TEXT}[]", lambda row: list(row.absent)),
    Column("extra", TEXT, lambda row: _encode(row.extra).decode() if row.extra else None),
)
_CARD = (
    *_texts("issuerCode acquirerCode number"),
    *_columns(f"installmentPlanMonths {WHOLE}", f"isInterestFree {FLAG}"),
    *_texts("interestPayer approveNo"),
    *_columns(f"useCardPoint {FLAG}"),
    *_texts("cardType ownerType acquireStatus"),
    *_columns(f"amount {AMOUNT}"),
    *_texts("company receiptUrl"),
)
_VIRTUAL_ACCOUNT = (
    *_texts("accountNumber accountType bankCode customerName"),
    *_columns(f"dueDate {MOMENT}", f"dueDateText {TEXT}", f"expired {FLAG}"),
    *_texts("settlementStatus refundStatus"),
    _nested("refundReceiveAccount", _texts("bankCode accountNumber holderName")),
    *_texts("depositorName"),
)
_CANCEL = (
    *_texts("transactionKey"),
    Column("cancelReason", TEXT, _attribute("reason")),
    *_columns(f"taxExemptionAmount {AMOUNT}", f"canceledAt {MOMENT}", f"canceledAtText {TEXT}"),
    *_columns(f"cardDiscountAmount {AMOUNT}", f"transferDiscountAmount {AMOUNT}"),
    *_columns(f"easyPayDiscountAmount {AMOUNT}", f"receiptKey {TEXT}", f"cancelAmount {AMOUNT}"),
    *_columns(f"taxFreeAmount {AMOUNT}", f"refundableAmount {AMOUNT}"),
    Column("cancelStatus", TEXT, _attribute("status")),
    Column("cancelRequestId", TEXT, _attribute("request_id")),
)
COLUMNS: dict[What, tuple[Column, ...]] = {
    What.TRANSACTIONS: (
        _MID,
        *_texts("transactionKey paymentKey orderId method customerKey"),
        *_columns(f"useEscrow {FLAG}", f"receiptUrl {TEXT}", f"status {TEXT}"),
        *_columns(f"transactionAt {MOMENT}", f"transactionAtText {TEXT}"),
        *_columns(f"currency {TEXT}", f"amount {AMOUNT}"),
        *_ASIDE,
    ),
    What.SETTLEMENTS: (
        _MID,
        *_texts("paymentKey transactionKey orderId currency method"),
        _nested("fees", _columns(f"type {TEXT}", f"fee {AMOUNT}"), is_list=True),
        *_columns(f"approvedAt {MOMENT}", f"approvedAtText {TEXT}"),
        *_columns(f"soldDate {DAY}", f"paidOutDate {DAY}"),
        _nested("card", _CARD),
        _nested("virtualAccount", _VIRTUAL_ACCOUNT),
        _nested("transfer", _texts("bankCode settlementStatus")),
        _nested("mobilePhone", _texts("customerMobilePhone settlementStatus receiptUrl")),
        _nested("giftCertificate", _texts("approveNo settlementStatus")),
        _nested("easyPay", _columns(f"provider {TEXT}", f"amount {AMOUNT}", f"discountAmount {AMOUNT}")),
        _nested("cancel", _CANCEL),
        *_columns(f"amount {AMOUNT}", f"interestFee {AMOUNT}", f"fee {AMOUNT}"),
        *_columns(f"supplyAmount {AMOUNT}", f"vat {AMOUNT}", f"payOutAmount {AMOUNT}"),
        *_ASIDE,
    ),
}
# Rows stand in this order in a file; the key makes it one order only.
SORTED_BY = {
    What.TRANSACTIONS: ("transactionAt", "transactionKey"),
    What.SETTLEMENTS: ("transactionKey",),
}
# What the manifest sums per currency.
SUMMED = {What.TRANSACTIONS: ("amount",), What.SETTLEMENTS: ("amount", "fee", "payOutAmount")}


def line_of(what: What, row: Any) -> bytes:
    """A row as one line of JSON, which DuckDB reads by the types above. Raises Unstorable."""
    try:
        return _encode(_values(COLUMNS[what], row, ""))
    except (UnicodeEncodeError, OverflowError) as error:
        raise Unstorable(f"a value cannot be written ({type(error).__name__})") from error


def _values(columns: tuple[Column, ...], row: Any, where: str) -> dict[str, Any]:
    return {column.name: _value(column, column.value(row), where) for column in columns}


def _value(column: Column, value: Any, where: str) -> Any:
    if value is None:
        return None
    name = f"{where}{column.name}"
    if column.is_list:
        return [_values(column.parts, one, f"{name}.") for one in value]
    if column.parts:
        return _values(column.parts, value, f"{name}.")
    if isinstance(value, Decimal):
        return _amount(value, name)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value


def _amount(value: Decimal, name: str) -> str:
    """As text, because JSON readers take numbers for floats."""
    if abs(value) >= _AMOUNT_END or value != value.quantize(_AMOUNT_STEP):
        raise Unstorable(f"{name} {value} does not fit {AMOUNT}")
    return f"{value:f}"
