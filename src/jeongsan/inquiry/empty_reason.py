"""Why a list of GET /v1/settlements is empty: the first reason that applies, in the order a reader asks."""

from datetime import date
from enum import StrEnum

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.config import Config
from jeongsan.domain.settlement import payout_of, sold_date_of
from jeongsan.domain.shop import Mode, Shop
from jeongsan.inquiry.words import day_after
from jeongsan.store.reads import settlements
from jeongsan.store.session import Store
from jeongsan.wire.requests import SettlementsQuery


class EmptyReason(StrEnum):
    """TEST_KEY: this shop's payments settle nothing. PAGE_BEYOND: fewer rows than this page. NOT_CLOSED: the
    day is not over. DATE_TYPE: there are rows under the other kind of date. OTHER_KEY: the key of the other
    mode finds some. NONE: there is nothing."""

    TEST_KEY = "TEST_KEY"
    PAGE_BEYOND = "PAGE_BEYOND"
    NOT_CLOSED = "NOT_CLOSED"
    DATE_TYPE = "DATE_TYPE"
    OTHER_KEY = "OTHER_KEY"
    NONE = "NONE"


async def empty_reason(
    store: Store, config: Config, shop: Shop, query: SettlementsQuery, *, total: int
) -> tuple[EmptyReason, date | None]:
    """The reason, and for NOT_CLOSED the first day on which there is something. `total`: visible rows in
    the whole range, whatever the page."""
    if not shop.settles:
        return EmptyReason.TEST_KEY, None
    if total:
        return EmptyReason.PAGE_BEYOND, None
    for day, traded_on, conditions in await settlements.unread_days(store, shop.shop_id):
        found = sold_date_of(day, traded_on, conditions)
        if query.date_type == "paid":
            found, _ = payout_of(day, conditions, korean_calendar(config.overrides))
        if query.start <= found <= query.end:
            return EmptyReason.NOT_CLOSED, day_after(day)
    other_date = "paid" if query.date_type == "sold" else "sold"
    if await settlements.has_rows(
        store, shop.shop_id, date_type=other_date, start=query.start, end=query.end
    ):
        return EmptyReason.DATE_TYPE, None
    other_mode = Mode.TEST if shop.mode is Mode.LIVE else Mode.LIVE
    other = config.shop_of(shop.mid, other_mode)
    if other is not None and await settlements.has_rows(
        store, other.shop_id, date_type=query.date_type, start=query.start, end=query.end
    ):
        return EmptyReason.OTHER_KEY, None
    return EmptyReason.NONE, None
