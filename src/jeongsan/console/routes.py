"""The addresses of the console, and which gateway has them."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from jeongsan.api.gateway import Gateway
from jeongsan.console import cancel, payment_detail, payment_list
from jeongsan.console.page import ROOT, Page


@lru_cache(maxsize=1)
def _stylesheet() -> bytes:
    return Path(__file__).with_name("style.css").read_bytes()


async def style(request: Request) -> Response:
    """GET /console/style.css"""
    return Response(_stylesheet(), media_type="text/css")


PAGES = [
    Route(ROOT, Page(payment_list.show), methods=["GET"]),
    Route(f"{ROOT}/style.css", Page(style), methods=["GET"]),
    Route(f"{ROOT}/payments/{{paymentKey}}", Page(payment_detail.show), methods=["GET"]),
    Route(f"{ROOT}/payments/{{paymentKey}}/cancel", Page(cancel.press), methods=["POST"]),
]


def pages_of(gateway: Gateway) -> Sequence[BaseRoute]:
    """The console of a sandbox; outside of one there is none."""
    return PAGES if gateway.sandbox else ()
