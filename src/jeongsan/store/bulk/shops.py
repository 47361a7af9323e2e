"""Shops, their contracts and keys."""

from jeongsan.domain.shop import ApiKey, Shop
from jeongsan.domain.terms import Terms
from jeongsan.store import rows, tables
from jeongsan.store.session import Session


async def insert_contract(
    session: Session, shop: Shop, terms: list[Terms], contract_id: int, *, actor_name: str, now: int
) -> None:
    """A version of a shop's contract with its terms; older ones stay, transactions refer to them."""
    body = rows.contract_text(shop.contract)
    await session.insert(tables.CONTRACT, [(contract_id, shop.shop_id, body, actor_name, now)])
    terms_rows = [rows.terms_row(one, contract_id=contract_id, now=now) for one in terms]
    await session.insert(tables.TERMS, terms_rows)


async def insert_shop(session: Session, shop: Shop, *, contract_id: int, now: int) -> None:
    """A shop with its first contract."""
    settles = int(shop.settle_test_payments)
    row = (shop.shop_id, shop.mid, shop.mode.value, settles, contract_id, now)
    await session.insert(tables.SHOP, [row])


async def set_contract(session: Session, shop_id: int, contract_id: int) -> None:
    """Put another contract in force for the next approvals."""
    await session.execute("UPDATE shop SET contract_id = $2 WHERE shop_id = $1", shop_id, contract_id)


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
