"""Operations handed straight to the loop, without HTTP."""

import asyncio
from typing import Any

from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.money import Money
from jeongsan.domain.payment import Card
from jeongsan.operations.caller import Caller
from jeongsan.operations.create_payment import CreatePayment
from support.sandbox import Sandbox


def _live_shop(sandbox: Sandbox) -> int:
    return next(shop.shop_id for shop in sandbox.gateway.loop.config.shops.values() if shop.mode == "live")


def creation(sandbox: Sandbox, order_id: str, card: Card | None = None) -> CreatePayment:
    """A payment paid with the card; without one its window is still open."""
    caller = Caller(_live_shop(sandbox), Actor(Channel.SYSTEM, "test"), None, "0" * 32, "ko")
    return CreatePayment(caller, order_id, "티셔츠", Money(1_000, "KRW"), Money(0, "KRW"), card)


async def together(sandbox: Sandbox, *operations: Any) -> list[Any]:
    """Submit at once: all of them are waiting when the loop looks, so they share a batch."""
    return await asyncio.gather(
        *(sandbox.gateway.loop.submit(operation) for operation in operations), return_exceptions=True
    )
