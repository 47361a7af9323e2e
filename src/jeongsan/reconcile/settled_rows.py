"""One settlement row as a history has it, whatever file or gateway it came from.

What cannot be read is a `RowProblem` with its file, place, field and reason; never a zero. Fields that a row
does not have stay None: a row without amounts can still tell its days.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from jeongsan.client.keys import printable
from jeongsan.client.moments import END, FIRST, KST

WON = "KRW"
UNKNOWN = "?"
# Currencies without a smaller unit; all others have hundredths.
_WHOLE = {"KRW", "JPY", "MUSD"}
_DIGITS_MAX = 18
_TOO_MUCH = 10**_DIGITS_MAX
_FIRST_DAY, _END_DAY = FIRST.date(), END.date()
_VALUE_SHOWN_MAX = 60
_METHODS = {
    "카드": "CARD",
    "가상계좌": "VIRTUAL_ACCOUNT",
    "계좌이체": "TRANSFER",
    "휴대폰": "MOBILE_PHONE",
    "문화상품권": "CULTURE_GIFT_CERTIFICATE",
    "도서문화상품권": "BOOK_GIFT_CERTIFICATE",
    "게임문화상품권": "GAME_GIFT_CERTIFICATE",
    "간편결제": "EASY_PAY",
    "해외간편결제": "FOREIGN_EASY_PAY",
}
_CARD_KINDS = {"신용": "CREDIT", "체크": "CHECK", "기프트": "GIFT", "미확인": "UNKNOWN"}
# "Expected `int`, got `str` - at `$[...].fee`".
_FAULT_OF_VALIDATION = re.compile(r"(?P<reason>.*?)(?: - at `\$\.?(?P<field>.*)`)?", re.DOTALL)

Amount = int | Decimal | None


class RowFault(StrEnum):
    """What is wrong with a file or a row of it."""

    NO_FILE = "NO_FILE"
    SPREADSHEET = "SPREADSHEET"
    ENCODING = "ENCODING"
    NOT_JSON = "NOT_JSON"
    NOT_CSV = "NOT_CSV"
    NO_COLUMNS = "NO_COLUMNS"
    SAME_COLUMN_TWICE = "SAME_COLUMN_TWICE"
    FIELD_COUNT = "FIELD_COUNT"
    WRONG_VALUE = "WRONG_VALUE"
    NOT_AN_AMOUNT = "NOT_AN_AMOUNT"
    TOO_FINE = "TOO_FINE"
    NOT_A_TIME = "NOT_A_TIME"
    CONTRADICTION = "CONTRADICTION"


class RowProblem(msgspec.Struct, frozen=True):
    """What could not be read, and where: the line of a text, the number of a row in a JSON array; None is
    the file itself. `value` is the beginning of what stands there."""

    file: str
    place: int | None
    field: str | None
    fault: RowFault
    value: str = ""


class NotARow(ValueError):
    """A row that cannot be read. Knows the field."""

    def __init__(self, field: str | None, fault: RowFault, value: object) -> None:
        super().__init__(f"{field}: {fault}")
        self.field, self.fault = field, fault
        self.value = printable(str(value))[:_VALUE_SHOWN_MAX]

    def at(self, file: str, place: int) -> RowProblem:
        """The problem, where it stands."""
        return RowProblem(file, place, self.field, self.fault, self.value)


class SettledRow(msgspec.Struct, frozen=True, gc=False):
    """Amounts are integers of the currency's minor unit, negative for cancels. `fee` is the whole fee, VAT
    included; `base`, `installment` and `extra` (ETC) are its parts where `itemised` says there are any, else
    `base` is the whole. `timed`: the moments, which are Korean time, are known to more than their day. A
    Struct because there may be millions of them."""

    file: str
    place: int
    mid: str | None
    payment_key: str | None
    transaction_key: str | None
    currency: str
    method: str
    card_kind: str | None
    months: int
    is_cancel: bool
    itemised: bool
    timed: bool
    amount: int | None
    fee: int | None
    base: int | None
    installment: int
    extra: int
    supply: int | None
    vat: int | None
    pays_out: int | None
    approved_at: datetime | None
    canceled_at: datetime | None
    sold: date | None
    paid: date | None
    cancel_amount: int | None
    refundable: int | None
    acquire_status: str | None

    @property
    def happened_at(self) -> datetime | None:
        """When the transaction was: a cancel's own time, not that of its payment's approval."""
        return self.canceled_at if self.is_cancel else self.approved_at

    @property
    def name(self) -> str:
        """What a person finds it by."""
        return self.transaction_key or f"{self.file}:{self.place}"


class _Fee(msgspec.Struct, gc=False):
    type: str
    fee: Amount = None


class _Card(msgspec.Struct, gc=False, rename="camel"):
    card_type: str | None = None
    installment_plan_months: int | None = None
    acquire_status: str | None = None


class _Cancel(msgspec.Struct, gc=False, rename="camel"):
    cancel_amount: Amount = None
    refundable_amount: Amount = None
    canceled_at: datetime | None = None


class WireRow(msgspec.Struct, gc=False, rename="camel"):
    """The fields of a row as they are answered; others are not read, since new ones may come any time."""

    m_id: str | None = None
    payment_key: str | None = None
    transaction_key: str | None = None
    currency: str | None = None
    method: str | None = None
    amount: Amount = None
    fees: list[_Fee] | None = None
    fee: Amount = None
    supply_amount: Amount = None
    vat: Amount = None
    pay_out_amount: Amount = None
    approved_at: datetime | None = None
    sold_date: date | None = None
    paid_out_date: date | None = None
    card: _Card | None = None
    cancel: _Cancel | None = None
    day_only: bool = False


_decoder = msgspec.json.Decoder(WireRow)


def row_of_json(data: msgspec.Raw | bytes | str, file: str, place: int) -> SettledRow:
    """A row from its JSON text. Raises NotARow."""
    try:
        wire = _decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise _invalid(error) from error
    return settled(wire, file, place)


def row_of_values(values: Mapping[str, Any], file: str, place: int) -> SettledRow:
    """A row from values that are read already: numbers, days, moments. Raises NotARow."""
    try:
        wire = msgspec.convert(values, WireRow)
    except msgspec.ValidationError as error:
        raise _invalid(error) from error
    return settled(wire, file, place)


def settled(wire: WireRow, file: str, place: int) -> SettledRow:
    """The row in whole minor units and Korean time. Raises NotARow."""
    currency = wire.currency or WON
    unit = 10 ** minor_digits(currency)
    parts = _parts(wire.fees, unit) if wire.fees else {}
    fee = _minor(wire.fee, unit, "fee")
    card, cancel, amount = wire.card, wire.cancel, _minor(wire.amount, unit, "amount")
    if fee is None and parts:
        fee = sum(parts.values())
    return SettledRow(
        file=file,
        place=place,
        mid=wire.m_id,
        payment_key=wire.payment_key or None,
        transaction_key=wire.transaction_key or None,
        currency=currency,
        method=_METHODS.get(wire.method or UNKNOWN, wire.method or UNKNOWN),
        card_kind=None if card is None or not card.card_type else _kind(card.card_type),
        months=0 if card is None else card.installment_plan_months or 0,
        is_cancel=cancel is not None or (amount or 0) < 0,
        itemised=bool(parts),
        timed=not wire.day_only,
        amount=amount,
        fee=fee,
        base=parts.get("BASE", 0) if parts else fee,
        installment=parts.get("INSTALLMENT", 0),
        extra=parts.get("ETC", 0),
        supply=_minor(wire.supply_amount, unit, "supplyAmount"),
        vat=_minor(wire.vat, unit, "vat"),
        pays_out=_minor(wire.pay_out_amount, unit, "payOutAmount"),
        approved_at=_moment(wire.approved_at, "approvedAt"),
        canceled_at=None if cancel is None else _moment(cancel.canceled_at, "cancel.canceledAt"),
        sold=_day(wire.sold_date, "soldDate"),
        paid=_day(wire.paid_out_date, "paidOutDate"),
        cancel_amount=None if cancel is None else _minor(cancel.cancel_amount, unit, "cancel.cancelAmount"),
        refundable=None
        if cancel is None
        else _minor(cancel.refundable_amount, unit, "cancel.refundableAmount"),
        acquire_status=None if card is None else card.acquire_status,
    )


def _parts(fees: Sequence[_Fee], unit: int) -> dict[str, int]:
    """Type → sum of the entries that have a figure."""
    parts: dict[str, int] = {}
    for number, one in enumerate(fees):
        try:
            figure = _minor(one.fee, unit, "fee")
        except NotARow as error:
            raise NotARow(f"fees[{number}].fee", error.fault, error.value) from error
        if figure is not None:
            parts[one.type] = parts.get(one.type, 0) + figure
    return parts


def minor_digits(currency: str) -> int:
    """How many decimals of a currency are its smallest unit."""
    return 0 if currency in _WHOLE else 2


def _kind(card_type: str) -> str:
    return _CARD_KINDS.get(card_type, card_type)


def _minor(value: Amount, unit: int, field: str) -> int | None:
    """An amount in whole units, of which `unit` make one of the currency."""
    if value is None:
        return None
    if isinstance(value, int):
        minor = value * unit
    else:
        # Comparing before scaling: 1e999999999 would fill the memory.
        if not value.is_finite() or value.adjusted() >= _DIGITS_MAX:
            raise NotARow(field, RowFault.NOT_AN_AMOUNT, value)
        scaled = value * unit
        minor = int(scaled)
        if minor != scaled:
            raise NotARow(field, RowFault.TOO_FINE, value)
    if not -_TOO_MUCH < minor < _TOO_MUCH:
        raise NotARow(field, RowFault.NOT_AN_AMOUNT, value)
    return minor


def _moment(value: datetime | None, field: str) -> datetime | None:
    """Without an offset it is Korean time."""
    if value is None:
        return None
    moment = value.replace(tzinfo=KST) if value.tzinfo is None else value.astimezone(KST)
    if not FIRST <= moment < END:
        raise NotARow(field, RowFault.NOT_A_TIME, value)
    return moment


def _day(value: date | None, field: str) -> date | None:
    if value is not None and not _FIRST_DAY <= value < _END_DAY:
        raise NotARow(field, RowFault.NOT_A_TIME, value)
    return value


def _invalid(error: msgspec.MsgspecError) -> NotARow:
    found = _FAULT_OF_VALIDATION.fullmatch(str(error))
    field, reason = (None, str(error)) if found is None else (found["field"], found["reason"])
    fault = RowFault.WRONG_VALUE if isinstance(error, msgspec.ValidationError) else RowFault.NOT_JSON
    return NotARow(field or None, fault, reason)
