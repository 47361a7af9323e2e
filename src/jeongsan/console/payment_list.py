"""The payment list (결제내역): one shop in one mode, newest first, with a search by the ids people hold."""

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import gateway_of
from jeongsan.console.page import ROOT, Frame, frame_of, html, records_of, words_of
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode, Shop
from jeongsan.domain.views import CancelView
from jeongsan.inquiry.records import Records
from jeongsan.store.reads.cancels import forced
from jeongsan.store.reads.payment_list import PaymentPage, page

PAGE_SIZE = 50
# The latest ones stand above the list; `GET /jeongsan/v1/notices` has them all.
_NOTICES_SHOWN_MAX = 3
# What order ids and payment keys consist of; nothing else can be found.
_SEARCHABLE = re.compile(r"[A-Za-z0-9_=-]{1,200}", re.ASCII)
_ROW_ID = re.compile(r"[0-9]{1,18}", re.ASCII)
# What an address of this page says; anything else in one is nobody's and not carried on.
_PARAMETERS = ("mid", "mode", "q", "before")
_NOTHING = PaymentPage((), None)


@dataclass(frozen=True, slots=True)
class ListPage:
    """`list.html`. `mid`: the shop shown, None when the sandbox has none at all; `mids`: all to choose from,
    oldest first; `shop_exists`: it exists in this mode; `searched`: what was typed, perhaps nothing;
    `first`: the newest payments are shown; `notices`: the latest cancels by the gateway itself."""

    frame: Frame
    mid: str | None
    mids: tuple[str, ...]
    shop_exists: bool
    searched: str
    found: PaymentPage
    first: bool
    notices: tuple[CancelView, ...]

    def url(self, mode: str, before: int | None = None) -> str:
        """This list in a mode, from a row id on. A search stays within its mode."""
        searched = self.searched if mode == self.frame.mode else ""
        return self.frame.url(ROOT, mid=self.mid, mode=mode, q=searched or None, before=before)


async def show(request: Request) -> Response:
    """GET /console"""
    words = words_of(request)
    records = await records_of(request, words)
    query = request.query_params
    mode = _mode(query.get("mode", Mode.LIVE.value))
    mids = _mids(records)
    mid = query.get("mid") or (mids[0] if mids else None)
    if mid is not None and mid not in mids:
        raise Refusal(Code.NOT_FOUND_MERCHANT)
    shop = next((shop for shop in records.shops if (shop.mid, shop.mode) == (mid, mode)), None)
    before = _before(query.get("before"))
    searched = query.get("q", "").strip()
    parameters = {name: query[name] for name in _PARAMETERS if name in query}
    content = ListPage(
        frame=frame_of(words, records, mode, ROOT, parameters),
        mid=mid,
        mids=mids,
        shop_exists=shop is not None,
        searched=searched,
        found=_NOTHING if shop is None else await _found(request, shop, searched, before),
        first=before is None,
        notices=() if shop is None else await _notices(request, shop),
    )
    return html("list.html", content, words)


def _mode(text: str) -> Mode:
    if text not in set(Mode):
        raise Refusal(Code.INVALID_REQUEST, field="mode", detail="is live or test")
    return Mode(text)


def _mids(records: Records) -> tuple[str, ...]:
    by_age = sorted(records.shops, key=lambda shop: shop.shop_id)
    return tuple(dict.fromkeys(shop.mid for shop in by_age))


def _before(text: str | None) -> int | None:
    if text is None:
        return None
    if not _ROW_ID.fullmatch(text):
        raise Refusal(Code.INVALID_REQUEST, field="before", detail="is no row id")
    return int(text)


async def _found(request: Request, shop: Shop, searched: str, before: int | None) -> PaymentPage:
    if searched and not _SEARCHABLE.fullmatch(searched):
        return _NOTHING
    store = gateway_of(request).store
    return await page(store, shop.shop_id, before=before, beginning=searched or None, size=PAGE_SIZE)


async def _notices(request: Request, shop: Shop) -> tuple[CancelView, ...]:
    return tuple(await forced(gateway_of(request).store, shop.shop_id, limit=_NOTICES_SHOWN_MAX))
