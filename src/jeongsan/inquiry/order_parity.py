"""Parity of an order in a gateway's books: every cancel of it against itself, and beside another order."""

from dataclasses import dataclass, replace

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.payment import Payment
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.find import Match, find
from jeongsan.inquiry.parity import CancelParity, Column, compare
from jeongsan.inquiry.parity_sources import ToldCancel, look_up, told_cancels
from jeongsan.inquiry.records import Records
from jeongsan.store.reads.payments import by_key


class AmbiguousOrder(LookupError):
    """Several shops have this order id; the message names them."""


@dataclass(frozen=True, slots=True)
class OrderFound:
    """A payment, its shop, and the other shops in which its order id exists too."""

    shop: Shop
    payment: Payment
    also: tuple[Shop, ...]


@dataclass(frozen=True, slots=True)
class ComparedCancel:
    """A cancel, the cancel of the other order it was compared with, and what came of it."""

    told: ToldCancel
    beside: ToldCancel | None
    parity: CancelParity


@dataclass(frozen=True, slots=True)
class OrderParity:
    """An order against itself, and against the `other` where one was named."""

    order: OrderFound
    other: OrderFound | None
    cancels: tuple[ComparedCancel, ...]

    @property
    def holds(self) -> bool:
        """Whether every cancel holds."""
        return all(one.parity.holds for one in self.cancels)


async def order_parity(records: Records, order_id: str, other_id: str | None = None) -> OrderParity:
    """Compare every cancel of an order; with `other_id` also with that order's cancels, the first with the
    first and so on, the last one standing in where it has fewer.

    Raises Refusal NOT_FOUND_PAYMENT, AmbiguousOrder, NothingTold, and InvalidJson for a stored body that
    cannot be read."""
    order = await find_order(records, order_id)
    other = None if other_id is None else await find_order(records, other_id, beside=order.shop)
    others = [] if other is None else await told_cancels(records, other.payment)
    now = look_up(order.payment)
    compared = []
    for index, told in enumerate(await told_cancels(records, order.payment)):
        beside = others[min(index, len(others) - 1)] if others else None
        compared.append(ComparedCancel(told, beside, _compare(told, now, beside)))
    return OrderParity(order, other, tuple(compared))


async def find_order(records: Records, order_id: str, *, beside: Shop | None = None) -> OrderFound:
    """The payment of an order in the permitted shops: in the shop `beside` it, else live before test.

    Raises Refusal NOT_FOUND_PAYMENT or AmbiguousOrder."""
    (finding,) = await find(records, [order_id])
    if finding.match is not Match.EXACT:
        raise Refusal(Code.NOT_FOUND_PAYMENT, field="orderId", detail=f"no payment has {order_id!r}")
    keys = {shop.shop_id: key for shop, key in finding.payments}
    shops = [shop for shop, _ in finding.payments]
    first = beside if beside is not None and beside.shop_id in keys else shops[0]
    rivals = [shop for shop in shops if shop.mode is first.mode]
    if first is not beside and len(rivals) > 1:
        names = ", ".join(shop.mid for shop in rivals)
        raise AmbiguousOrder(f"{order_id} is an order of {names} in {first.mode} mode: name one with --mid")
    payment = await by_key(records.store, first.shop_id, keys[first.shop_id])
    assert payment is not None
    return OrderFound(first, payment, tuple(shop for shop in shops if shop is not first))


def _compare(told: ToldCancel, now: Column, beside: ToldCancel | None) -> CancelParity:
    columns = [told.answer, now, told.row]
    words = _words(told)
    if beside is not None:
        columns += [_as_other(beside.answer), _as_other(beside.webhook)]
        words += _words(beside)
    return compare(told.webhook, [column for column in columns if column is not None], words)


def _as_other(column: Column | None) -> Column | None:
    return None if column is None else replace(column, other=True)


def _words(told: ToldCancel) -> list[str]:
    """The path and the person, which no body may give away."""
    if told.audit is None:
        return []
    actor = told.audit.actor
    return [word for word in (actor.channel.value, actor.name, actor.key_hint, actor.address) if word]
