"""Request bodies and query strings → what the operations and reads want. One function per request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jeongsan.domain.channels import Channel
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import DAY_MS, SECOND_MS, kst_midnight, parse_instant
from jeongsan.domain.methods import Situation
from jeongsan.domain.money import EXPONENTS, InvalidAmount, Money, from_number
from jeongsan.domain.payment import Card, check_minimum
from jeongsan.domain.views import CancelsQuery
from jeongsan.wire.buyer import buyers_card, buyers_situations
from jeongsan.wire.numbers import Fields, parse_object

PAGE_SIZE_DEFAULT = 100
PAGE_SIZE_MAX = 5_000
PAGE_MAX = 10_000_000
_CANCELS_DAYS_DEFAULT = 31
# Cancels are found among all transactions of the days: a leap year of them at a time.
CANCELS_DAYS_MAX = 366
_ORDER_ID = re.compile(r"[A-Za-z0-9_=-]{6,64}")
_METHODS = {"카드", "CARD"}
_CANCEL_REQUEST_ID = re.compile(r"[A-Za-z0-9_=-]{6,64}")


@dataclass(frozen=True, slots=True)
class ConfirmBody:
    """`POST /v1/payments/confirm`."""

    payment_key: str
    order_id: str
    amount: int | Decimal


def confirm_body(body: bytes) -> ConfirmBody:
    """Raises Refusal INVALID_REQUEST with the field at fault."""
    fields = Fields(parse_object(body))
    return ConfirmBody(
        payment_key=fields.text("paymentKey", longest=200),
        order_id=fields.text("orderId", longest=64),
        amount=fields.number("amount"),
    )


@dataclass(frozen=True, slots=True)
class CancelBody:
    """`POST /v1/payments/{paymentKey}/cancel`."""

    reason: str
    amount: int | Decimal | None
    tax_free: int | Decimal | None
    tax_exemption: int | Decimal | None
    refundable: int | Decimal | None
    currency: str | None
    cancel_request_id: str | None


def cancel_body(body: bytes) -> CancelBody:
    """Raises Refusal INVALID_REQUEST with the field at fault."""
    fields = Fields(parse_object(body))
    request_id = fields.optional_text("cancelRequestId", longest=64, shortest=6)
    if request_id is not None and not _CANCEL_REQUEST_ID.fullmatch(request_id):
        raise Refusal(Code.INVALID_REQUEST, field="cancelRequestId", detail="has letters, digits, -, _ and =")
    return CancelBody(
        reason=fields.text("cancelReason", longest=200),
        amount=fields.optional_number("cancelAmount"),
        tax_free=fields.optional_number("taxFreeAmount"),
        tax_exemption=fields.optional_number("taxExemptionAmount"),
        refundable=fields.optional_number("refundableAmount"),
        currency=fields.optional_text("currency", longest=4),
        cancel_request_id=request_id,
    )


@dataclass(frozen=True, slots=True)
class SandboxPaymentBody:
    """`POST /jeongsan/v1/sandbox/payments`: what the buyer does. `card` None: the window stays open."""

    order_id: str
    order_name: str
    amount: Money
    tax_free: Money
    card: Card | None
    situations: tuple[Situation, ...]


def sandbox_payment_body(body: bytes) -> SandboxPaymentBody:
    """Raises Refusal: INVALID_ORDER_ID, INVALID_ORDER_NAME, INVALID_CURRENCY, NOT_SUPPORTED_METHOD,
    BELOW_MINIMUM_AMOUNT or INVALID_REQUEST with the field at fault."""
    fields = Fields(parse_object(body))
    order_id = fields.text("orderId", longest=1_000)
    if not _ORDER_ID.fullmatch(order_id):
        raise Refusal(Code.INVALID_ORDER_ID)
    order_name = fields.text("orderName", longest=1_000)
    if len(order_name) > 100:
        raise Refusal(Code.INVALID_ORDER_NAME)
    if fields.has("method") and fields.text("method", longest=40) not in _METHODS:
        raise Refusal(Code.NOT_SUPPORTED_METHOD)
    currency = fields.optional_text("currency", longest=4) or "KRW"
    if currency not in EXPONENTS:
        raise Refusal(Code.INVALID_CURRENCY)
    amount = _money("amount", fields.number("amount"), currency)
    check_minimum(amount)
    tax_free = _money("taxFreeAmount", fields.optional_number("taxFreeAmount") or 0, currency)
    if tax_free.minor < 0 or amount < tax_free:
        raise Refusal(Code.INVALID_REQUEST, field="taxFreeAmount", detail="must be between 0 and the amount")
    # What the buyer would pay with is checked even if he leaves the window open.
    card = buyers_card(fields)
    return SandboxPaymentBody(
        order_id=order_id,
        order_name=order_name,
        amount=amount,
        tax_free=tax_free,
        card=card if fields.flag("authenticated", default=True) else None,
        situations=buyers_situations(fields),
    )


def _money(name: str, number: int | Decimal, currency: str) -> Money:
    try:
        return from_number(number, currency)
    except InvalidAmount as error:
        raise Refusal(Code.INVALID_REQUEST, field=name, detail=str(error)) from error


@dataclass(frozen=True, slots=True)
class TransactionsQuery:
    """`GET /v1/transactions`. `start` and `end`: epoch ms, both included at whole seconds."""

    start: int
    end: int
    starting_after: str | None
    limit: int


def transactions_query(query: Mapping[str, str]) -> TransactionsQuery:
    """Raises Refusal: INVALID_REQUEST, INVALID_ISO_DATE_FORMAT, INVALID_DATE, EXCEED_MAX_QUERY_LIMIT,
    INVALID_TRANSACTION_KEY."""
    start = _instant(query, "startDate")
    end = _instant(query, "endDate")
    if end < start:
        raise Refusal(Code.INVALID_DATE, field="endDate", detail="lies before startDate")
    starting_after, limit = page_after_key(query)
    return TransactionsQuery(start, end, starting_after, limit)


def page_after_key(query: Mapping[str, str]) -> tuple[str | None, int]:
    """(`startingAfter`, `limit`) of a list that is paged by transaction key. Raises Refusal:
    EXCEED_MAX_QUERY_LIMIT, INVALID_REQUEST, INVALID_TRANSACTION_KEY."""
    limit = _page_size(query, "limit")
    starting_after = query.get("startingAfter")
    if starting_after is not None and "\x00" in starting_after:
        # PostgreSQL has no such text; no key contains it.
        raise Refusal(Code.INVALID_TRANSACTION_KEY)
    return starting_after, limit


def _instant(query: Mapping[str, str], name: str) -> int:
    try:
        return parse_instant(_required(query, name))
    except (ValueError, OverflowError) as error:
        raise Refusal(Code.INVALID_ISO_DATE_FORMAT, field=name, detail="is no date-time") from error


def whole_seconds(query: TransactionsQuery) -> tuple[int, int]:
    """The half-open range of milliseconds whose printed second lies within the query."""
    first = -(-query.start // SECOND_MS) * SECOND_MS
    return first, (query.end // SECOND_MS + 1) * SECOND_MS


@dataclass(frozen=True, slots=True)
class SettlementsQuery:
    """`GET /v1/settlements`. Both days are included; `date_type` is "sold" or "paid"."""

    start: date
    end: date
    date_type: str
    page: int
    size: int


def settlements_query(query: Mapping[str, str]) -> SettlementsQuery:
    """Raises Refusal: INVALID_REQUEST (missing, wrong dateType or page), INVALID_DATE,
    EXCEED_MAX_QUERY_LIMIT."""
    start = _day(query, "startDate")
    end = _day(query, "endDate")
    if end < start:
        raise Refusal(Code.INVALID_DATE, field="endDate", detail="lies before startDate")
    date_type = {"soldDate": "sold", "paidOutDate": "paid"}.get(query.get("dateType", "soldDate"))
    if date_type is None:
        raise Refusal(Code.INVALID_REQUEST, field="dateType", detail="is soldDate or paidOutDate")
    size = _page_size(query, "size")
    page = _page_number(query, "page", default=1, most=PAGE_MAX)
    return SettlementsQuery(start, end, date_type, page, size)


def cancels_query(query: Mapping[str, str], *, today: date) -> CancelsQuery:
    """`GET /jeongsan/v1/cancels`: Korean days, both included, by default the last 31 up to `today`,
    CANCELS_DAYS_MAX at most. Raises Refusal: INVALID_DATE, INVALID_REQUEST, EXCEED_MAX_QUERY_LIMIT,
    INVALID_TRANSACTION_KEY."""
    last = kst_midnight(_day(query, "to") if "to" in query else today)
    first = last - (_CANCELS_DAYS_DEFAULT - 1) * DAY_MS
    if "from" in query:
        first = kst_midnight(_day(query, "from"))
    if last < first:
        raise Refusal(Code.INVALID_DATE, field="to", detail="lies before from")
    if last - first >= CANCELS_DAYS_MAX * DAY_MS:
        detail = f"lies too early: from and to are at most {CANCELS_DAYS_MAX} days"
        raise Refusal(Code.INVALID_REQUEST, field="from", detail=detail)
    starting_after, limit = page_after_key(query)
    return CancelsQuery(first, last + DAY_MS, _channel(query), starting_after, limit)


def _channel(query: Mapping[str, str]) -> Channel | None:
    text = query.get("channel")
    if text is None:
        return None
    try:
        return Channel(text)
    except ValueError as error:
        detail = f"is one of {', '.join(Channel)}"
        raise Refusal(Code.INVALID_REQUEST, field="channel", detail=detail) from error


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(query: Mapping[str, str], name: str) -> date:
    text = _required(query, name)
    if not _DAY.fullmatch(text):
        raise Refusal(Code.INVALID_DATE, field=name, detail="is yyyy-MM-dd")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(Code.INVALID_DATE, field=name, detail="is no calendar day") from error


def _required(query: Mapping[str, str], name: str) -> str:
    value = query.get(name)
    if not value:
        raise Refusal(Code.INVALID_REQUEST, field=name, detail="is required")
    return value


def _page_number(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,10}", text) or not 1 <= int(text) <= most:
        raise Refusal(Code.INVALID_REQUEST, field=name, detail="must be a whole number from 1")
    return int(text)


def _page_size(query: Mapping[str, str], name: str) -> int:
    size = _page_number(query, name, default=PAGE_SIZE_DEFAULT, most=10**9)
    if size > PAGE_SIZE_MAX:
        raise Refusal(Code.EXCEED_MAX_QUERY_LIMIT, field=name, detail=f"is at most {PAGE_SIZE_MAX}")
    return size
