"""Corrections by hand, as an operator books them."""

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.adjustments import Adjustment
from jeongsan.domain.money import Money
from jeongsan.domain.shop import Mode
from jeongsan.operations.adjust import Asked, correct
from support.sandbox import MID, Sandbox


def asked(sandbox: Sandbox, reason: str = "영세 소급", mode: Mode = Mode.LIVE) -> Asked:
    """Kim asks for the sandbox's shop."""
    shop = sandbox.gateway.loop.config.shop_of(MID, mode)
    assert shop is not None
    return Asked(shop, reason, "kim")


async def correction(
    sandbox: Sandbox, amount: int, *, reference: str | None = None, mode: Mode = Mode.LIVE
) -> Adjustment | None:
    """So many won to the merchant, or from it."""
    who, money = asked(sandbox, "손으로", mode), Money(amount, "KRW")
    return await correct(sandbox.gateway.loop, who, money, korean_calendar, reference=reference)
