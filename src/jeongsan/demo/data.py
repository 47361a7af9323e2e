"""Demo data for `make serve`: ten days of a small shop, so that every list has something to show."""

from jeongsan.app import Gateway
from jeongsan.domain.channels import Actor, Channel
from jeongsan.domain.instants import DAY_MS, HOUR_MS, kst_day, kst_midnight
from jeongsan.domain.money import Money, zero
from jeongsan.domain.payment import SANDBOX_CARD
from jeongsan.domain.shop import Mode, Shop
from jeongsan.operations import set_clock
from jeongsan.operations.caller import Caller
from jeongsan.operations.cancel import CancelCommand
from jeongsan.operations.confirm import ConfirmCommand
from jeongsan.operations.create_payment import CreatePayment
from jeongsan.settings import SANDBOX_MID

_DAYS = 10
_SALES = (("티셔츠", 15_000), ("머그컵 외 2건", 34_000), ("장비 사용료", 150_000))
_BUYER = Actor(Channel.SANDBOX_BUYER, "demo")
_PERSON = Actor(Channel.MERCHANT_ADMIN, "담당자 1")


async def fill(gateway: Gateway, *, now: int) -> int:
    """Sell for ten days up to `now` and cancel one sale of each day on the next; returns the sales.

    Does nothing where payments exist already."""
    start = kst_midnight(kst_day(now - _DAYS * DAY_MS)) + 10 * HOUR_MS
    shop = gateway.loop.config.shop_of(SANDBOX_MID, Mode.LIVE)
    if shop is None or not await set_clock.set_before_facts(gateway.loop, start):
        return 0
    sales = 0
    to_cancel: str | None = None
    for day in range(_DAYS):
        if day:
            await gateway.mover.move(start + day * DAY_MS)
        if to_cancel is not None:
            await gateway.flow.cancel(CancelCommand(to_cancel, "고객 변심"), _caller(shop, _PERSON))
        for number, (name, amount) in enumerate(_SALES):
            to_cancel = await _sell(gateway, shop, f"demo-{day:02d}-{number}", name, amount)
            sales += 1
    await gateway.mover.move(now)
    return sales


async def _sell(gateway: Gateway, shop: Shop, order_id: str, name: str, amount: int) -> str:
    caller = _caller(shop, _BUYER)
    money = Money(amount, "KRW")
    payment = await gateway.loop.submit(
        CreatePayment(caller, order_id, name, money, zero("KRW"), SANDBOX_CARD)
    )
    await gateway.flow.confirm(ConfirmCommand(payment.payment_key, order_id, amount), caller)
    return payment.payment_key


def _caller(shop: Shop, actor: Actor) -> Caller:
    return Caller.by_hand(shop.shop_id, actor, "ko")
