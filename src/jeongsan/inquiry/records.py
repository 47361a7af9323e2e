"""What an inquiry may look at: the shops it is permitted, the settings, and the time."""

from collections.abc import Collection
from dataclasses import dataclass

from jeongsan.bank_calendar import korean_calendar
from jeongsan.domain.business_clock import BusinessClock
from jeongsan.domain.business_days import Calendar
from jeongsan.domain.config import Config
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Mode, Shop
from jeongsan.store.bulk.clock import read_clock
from jeongsan.store.session import Store
from jeongsan.wire.errors import KO


@dataclass(frozen=True, slots=True)
class Records:
    """One look at a gateway's books. `now`: the business clock's time, epoch ms; `shops`: live ones first;
    `language`: "ko" or "en", of names and words."""

    store: Store
    config: Config
    clock: BusinessClock
    now: int
    shops: tuple[Shop, ...]
    language: str = KO

    @property
    def shop_ids(self) -> list[int]:
        """The permitted shops."""
        return [shop.shop_id for shop in self.shops]

    def calendar(self) -> Calendar:
        """The bank calendar in force."""
        return korean_calendar(self.config.overrides, self.language)


async def open_records(
    store: Store,
    config: Config,
    machine_now: int,
    *,
    mids: Collection[str] = (),
    modes: Collection[Mode] = (),
    language: str = KO,
) -> Records:
    """The records of all shops, or only of these MIDs and modes. Raises Refusal NOT_FOUND_MERCHANT."""
    known = {shop.mid for shop in config.shops.values()}
    for mid in mids:
        if mid not in known:
            raise Refusal(Code.NOT_FOUND_MERCHANT, field="mId", detail=f"no shop {mid}")
    permitted = [
        shop
        for shop in config.shops.values()
        if (not mids or shop.mid in mids) and (not modes or shop.mode in modes)
    ]
    permitted.sort(key=lambda shop: (shop.mode is Mode.TEST, shop.mid))
    clock = await read_clock(store)
    assert clock is not None
    return Records(store, config, clock, clock.now(machine_now), tuple(permitted), language)
