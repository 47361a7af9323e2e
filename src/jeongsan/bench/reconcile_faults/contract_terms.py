"""What the made-up merchant agreed with its gateway: shops, tariffs, and when money is due.

Plain arithmetic of its own, so that a mistake in the measured rules is not repeated here. Sources: published
rates of Korean gateways; a supply value is cut and its tenth added half up; N business days after the sold
date.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jeongsan.calendar_kr import korean_holidays

ONE_DAY = timedelta(days=1)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Shop:
    """`share_from` to `share_to` of a hundred payments are its own. `order_ids` is the form of its order
    numbers; `tells_tax`: its orders state tax-free amount and VAT."""

    shop: str
    currency: str
    share_from: int
    share_to: int
    order_ids: str
    tells_tax: bool
    card_days: int


SHOPS = (
    Shop("saebyeok", "KRW", 0, 45, "LETTERS", True, 4),
    Shop("saebyeokmall", "KRW", 45, 72, "KOREAN", True, 6),
    Shop("saebyeokapp", "KRW", 72, 92, "DIGITS", False, 5),
    Shop("saebyeokglobal", "USD", 92, 100, "LETTERS", True, 5),
)
METHODS = ("CARD", "EASY_PAY", "VIRTUAL_ACCOUNT", "TRANSFER", "MOBILE_PHONE", "GIFT_CERTIFICATE")


@dataclass(frozen=True, slots=True)
class Tariff:
    """`rate` in millionths, `fixed` in minor units, both without VAT. `cancel`: RETURNED gives back the fee
    before the cancel less the fee after it, KEPT nothing."""

    shop: str
    method: str
    card_kind: str | None
    rate: int
    fixed: int
    cancel: str

    def fee(self, minor: int) -> int:
        """The fee of an amount of zero or more, VAT included, in minor units."""
        if minor == 0:
            return 0
        supply = minor * self.rate // 1_000_000 + self.fixed
        return supply + half_up(supply, 10)


def half_up(value: int, divisor: int) -> int:
    """A quotient of a value of zero or more, rounded half up."""
    return (2 * value + divisor) // (2 * divisor)


def eleventh(fee: Decimal, currency: str) -> Decimal:
    """The VAT in a fee, half up on the absolute value, with its sign."""
    step = minor_unit(currency)
    vat = half_up(int(abs(fee) / step), 11) * step
    return -vat if fee < 0 else vat


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency."""
    return Decimal("0.01") if currency == "USD" else Decimal(1)


def tariffs() -> tuple[Tariff, ...]:
    """One for each shop, method and kind of card."""
    found = []
    for shop in SHOPS:
        if shop.currency == "USD":
            kinds = ("CREDIT", "CHECK", "GIFT")
            found += [Tariff(shop.shop, "CARD", kind, 45_000, 0, "RETURNED") for kind in kinds]
            continue
        found += [
            Tariff(shop.shop, "CARD", "CREDIT", 32_000, 0, "RETURNED"),
            Tariff(shop.shop, "CARD", "CHECK", 29_500, 0, "RETURNED"),
            Tariff(shop.shop, "CARD", "GIFT", 32_000, 0, "RETURNED"),
            Tariff(shop.shop, "EASY_PAY", None, 34_000, 0, "RETURNED"),
            Tariff(shop.shop, "VIRTUAL_ACCOUNT", None, 0, 300, "KEPT"),
            Tariff(shop.shop, "TRANSFER", None, 18_000, 0, "KEPT"),
            Tariff(shop.shop, "MOBILE_PHONE", None, 45_000, 0, "RETURNED"),
            Tariff(shop.shop, "GIFT_CERTIFICATE", None, 95_000, 0, "RETURNED"),
        ]
    return tuple(found)


class Banks:
    """Which days banks are open in Korea."""

    def __init__(self) -> None:
        self._holidays: Mapping[date, str] = korean_holidays()

    def open(self, day: date) -> bool:
        """Neither a weekend nor a holiday."""
        return day.weekday() < _SATURDAY and day not in self._holidays

    def is_holiday(self, day: date) -> bool:
        """A holiday that closes a day which is no weekend."""
        return day.weekday() < _SATURDAY and day in self._holidays

    def after(self, day: date, count: int) -> date:
        """The count-th open day after a day."""
        while count:
            day += ONE_DAY
            count -= self.open(day)
        return day

    def before(self, day: date, count: int) -> date:
        """The count-th open day before a day."""
        while count:
            day -= ONE_DAY
            count -= self.open(day)
        return day


def due(shop: Shop, method: str, day: date, banks: Banks) -> tuple[date, date]:
    """(sold date, paid-out date) of what happened on a day."""
    sunday = day + timedelta(days=7 - day.isoweekday())
    if shop.currency == "USD":
        return sunday, banks.after(sunday, shop.card_days)
    if method == "GIFT_CERTIFICATE":
        return sunday, banks.after(sunday, 7)
    if method == "MOBILE_PHONE":
        sold = _month_end(day, 0)
        return sold, banks.after(_month_end(day, 2) - ONE_DAY, 1)
    count = shop.card_days if method in ("CARD", "EASY_PAY") else 3
    return day, banks.after(day, count)


def _month_end(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def due_dates(first: date, last: date) -> Iterator[dict[str, Any]]:
    """A row for each shop, method and day."""
    banks = Banks()
    for shop in SHOPS:
        for method in METHODS if shop.currency == "KRW" else ("CARD",):
            day = first
            while day <= last:
                sold, paid = due(shop, method, day, banks)
                yield {
                    "shop": shop.shop,
                    "method": method,
                    "day": day,
                    "sold_date": sold,
                    "paid_out_date": paid,
                }
                day += ONE_DAY
