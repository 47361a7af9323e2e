"""The page of one payment: its trace, and the form that cancels it."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from jeongsan.api.exchange import gateway_of
from jeongsan.console.cancel_form import CHANNELS, Typed, untouched
from jeongsan.console.guards import keep_token, token_of
from jeongsan.console.page import ROOT, Frame, frame_of, html, records_of, words_of
from jeongsan.domain.channels import CancelWarning, Channel, cancel_warnings
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment import Payment
from jeongsan.domain.payment_states import Action, may
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.trace import trace_payment
from jeongsan.inquiry.trace_view import trace_view
from jeongsan.store.reads.payments import shop_of

# What payment keys consist of; a database need not be asked for anything else.
_PAYMENT_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a cancel was not made: the code and the message the API would have answered."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Made:
    """The cancel that led back to this page: its timeline entry, and what to know about it."""

    entry: dict[str, Any]
    warnings: tuple[CancelWarning, ...]


@dataclass(frozen=True, slots=True)
class DetailPage:
    """`detail.html`. `trace`: see `inquiry.trace_view`. `token`: proves to the form's receiver that this
    browser was shown the page; `typed`: what the form holds; `warnings`: for each path of a cancel what to
    know beforehand."""

    frame: Frame
    trace: dict[str, Any]
    cancellable: bool
    channels: tuple[Channel, ...]
    warnings: tuple[CancelWarning, ...]
    token: str
    typed: Typed
    made: Made | None
    refused: Refused | None


async def show(request: Request) -> Response:
    """GET /console/payments/{paymentKey}"""
    return await detail(request, untouched(), refused=None, status=200)


def payment_key_of(request: Request) -> str:
    """The payment key of the path. Raises Refusal NOT_FOUND_PAYMENT for what cannot be one."""
    payment_key: str = request.path_params["paymentKey"]
    if not _PAYMENT_KEY.fullmatch(payment_key):
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    return payment_key


def path_of(payment_key: str) -> str:
    """Where a payment's page is."""
    return f"{ROOT}/payments/{payment_key}"


async def shop_with(request: Request, payment_key: str) -> Shop:
    """The shop a payment belongs to. Raises Refusal NOT_FOUND_PAYMENT."""
    gateway = gateway_of(request)
    shop_id = await shop_of(gateway.store, payment_key)
    if shop_id is None:
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    return gateway.loop.config.shops[shop_id]


async def detail(request: Request, typed: Typed, *, refused: Refused | None, status: int) -> Response:
    """The page, with a form that holds what was typed. Raises Refusal NOT_FOUND_PAYMENT."""
    words = words_of(request)
    payment_key = payment_key_of(request)
    shop = await shop_with(request, payment_key)
    records = await records_of(request, words)
    trace = await trace_payment(records, shop, payment_key)
    if trace is None:
        raise Refusal(Code.NOT_FOUND_PAYMENT)
    view = trace_view(trace, words.language)
    token = token_of(request)
    content = DetailPage(
        frame=frame_of(words, records, shop.mode, path_of(payment_key), {}),
        trace=view,
        cancellable=_cancellable(trace.payment),
        channels=CHANNELS,
        warnings=_warnings(shop),
        token=token,
        typed=typed,
        made=_made(request.query_params.get("cancelled"), view, shop),
        refused=refused,
    )
    response = html("detail.html", content, words, status=status)
    keep_token(response, token)
    return response


def _cancellable(payment: Payment) -> bool:
    return may(payment.status, Action.CANCEL) and payment.balance.minor > 0


def _warnings(shop: Shop) -> tuple[CancelWarning, ...]:
    """Of all the paths a person can choose, each warning once."""
    return tuple(dict.fromkeys(one for channel in CHANNELS for one in cancel_warnings(channel, shop)))


def _made(transaction_key: str | None, view: dict[str, Any], shop: Shop) -> Made | None:
    """What the address says was cancelled, if the books agree: nobody can make up a success by a link."""
    for entry in view["timeline"]:
        if entry["what"] == "cancelled" and entry["transactionKey"] == transaction_key:
            return Made(entry, cancel_warnings(Channel(entry["channel"]), shop))
    return None
