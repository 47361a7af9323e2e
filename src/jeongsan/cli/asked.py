"""What several commands ask for: a shop in one of its worlds, a day, who acts."""

from datetime import date
from typing import Annotated

import typer

from jeongsan.app import Gateway
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import parse_day
from jeongsan.domain.shop import Mode, Shop
from jeongsan.wire.numbers import Fields

ACTOR_LENGTH_MAX = 40

ModeOption = Annotated[Mode, typer.Option(help="Which of the shop's two worlds.")]


def shop_asked(gateway: Gateway, mid: str, mode: Mode = Mode.LIVE) -> Shop:
    """The shop of a MID. Raises Refusal NOT_FOUND_MERCHANT."""
    shop = gateway.loop.config.shop_of(mid, mode)
    if shop is None:
        raise Refusal(Code.NOT_FOUND_MERCHANT, field="mId", detail=f"no shop {mid}")
    return shop


def day_asked(text: str, field: str) -> date:
    """A day. Raises Refusal INVALID_DATE."""
    try:
        return parse_day(text)
    except ValueError as error:
        raise Refusal(Code.INVALID_DATE, field=field, detail=str(error)) from error


def actor_asked(text: str) -> str:
    """The name of whoever acts by hand. Raises Refusal."""
    name = Fields({"actor": text}).text("actor", longest=ACTOR_LENGTH_MAX)
    if not name.isprintable() or name != name.strip():
        raise Refusal(Code.INVALID_REQUEST, field="actor", detail="must have visible characters only")
    return name
