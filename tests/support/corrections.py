"""Corrections by hand, as an operator books them."""

from typing import Any

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.adjustments import Adjustment
from jeongsan.domain.money import Money
from jeongsan.domain.shop import Mode
from jeongsan.operations.adjust import Asked, correct
from support.sandbox import MID, Sandbox


def asked(sandbox: Sandbox, reason: str = "영세 소급") -> Asked:
    """Kim asks for the sandbox's live shop."""
    shop = sandbox.gateway.loop.config.shop_of(MID, Mode.LIVE)
    assert shop is not None
    return Asked(shop, reason, "kim")


async def correction(sandbox: Sandbox, amount: int, **options: Any) -> Adjustment | None:
    """So many won to the merchant, or from it."""
    given = {"reference": None} | options
    return await correct(
        sandbox.gateway.loop, asked(sandbox, "손으로"), Money(amount, "KRW"), korean_calendar, **given
    )
