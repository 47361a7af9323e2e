"""Shops, their terms and keys, and the calendar's dated overrides."""

from datetime import date

from jeongsan.domain.shop import ApiKey, Shop
from jeongsan.domain.terms import Terms
from jeongsan.store import tables
from jeongsan.store.session import Session


async def insert_terms(session: Session, terms: Terms, *, now: int) -> None:
    """A new version of a contract; older versions stay, transactions refer to them."""
    await session.insert(
        tables.TERMS,
        [
            (
                terms.terms_id,
                terms.shop_id,
                terms.rate_ppm,
                terms.rounding.value,
                terms.cycle.value,
                terms.business_days,
                terms.anchor.value,
                now,
            )
        ],
    )


async def insert_shop(session: Session, shop: Shop, *, now: int) -> None:
    """A shop with its first terms."""
    await insert_terms(session, shop.terms, now=now)
    settles = int(shop.settle_test_payments)
    row = (shop.shop_id, shop.mid, shop.mode.value, settles, shop.terms.terms_id, now)
    await session.insert(tables.SHOP, [row])


async def set_terms(session: Session, terms: Terms, *, now: int) -> None:
    """Put new terms in force for the next approvals."""
    await insert_terms(session, terms, now=now)
    await session.execute("UPDATE shop SET terms_id = $2 WHERE shop_id = $1", terms.shop_id, terms.terms_id)


async def set_settle_test_payments(session: Session, shop_id: int, value: bool) -> None:
    """Whether approvals of this test shop settle from now on."""
    await session.execute("UPDATE shop SET settle_test_payments = $2 WHERE shop_id = $1", shop_id, int(value))


async def insert_key(session: Session, key: ApiKey) -> None:
    """A secret key, as its hash."""
    row = (key.key_hash, key.shop_id, key.name, key.hint, key.created_at, None)
    await session.insert(tables.API_KEY, [row])


async def revoke_key(session: Session, key_hash: str, *, now: int) -> None:
    """Nobody is let in with this key any more; that it existed stays known."""
    await session.execute("UPDATE api_key SET revoked_at = $2 WHERE key_hash = $1", key_hash, now)


async def key_exists(session: Session, key_hash: str) -> bool:
    """Whether this key was ever issued."""
    return bool(await session.fetch("SELECT 1 FROM api_key WHERE key_hash = $1", key_hash))


async def upsert_override(session: Session, day: date, holiday: str | None, *, source: str, now: int) -> None:
    """The latest word on one day of the calendar."""
    await session.upsert(tables.HOLIDAY_OVERRIDE, [(day.isoformat(), holiday, source, now)])
