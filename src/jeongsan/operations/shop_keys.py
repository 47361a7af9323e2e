"""Named keys: a secret key per program of the merchant's, so that the audit trail tells them apart."""

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import ApiKey, Mode, Shop, check_new_key_name, key_to_revoke
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.shops import store_key
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import shops as sql
from jeongsan.store.session import Session


async def add_key(loop: CommitLoop, mid: str, mode: Mode, *, name: str, secret_key: str) -> ApiKey:
    """One more key of a shop. Raises Refusal NOT_FOUND_MERCHANT, or INVALID_REQUEST for its name."""

    async def work(session: Session, stamp: Stamp) -> ApiKey:
        shop = _shop(stamp, mid, mode)
        check_new_key_name(name, stamp.config.keys_of(shop.shop_id))
        key = await store_key(session, shop.shop_id, secret_key, name, now=stamp.now)
        await clock_sql.bump_config(session)
        return key

    return await loop.alone("ShopKey.add", work, exclusive=True)


async def revoke_key(loop: CommitLoop, mid: str, mode: Mode, *, name: str) -> ApiKey:
    """Let a key in no more. Raises Refusal NOT_FOUND_MERCHANT, NOT_FOUND, or FORBIDDEN_REQUEST for a
    shop's last key. Every process refuses it once it sees the settings' new version."""

    async def work(session: Session, stamp: Stamp) -> ApiKey:
        shop = _shop(stamp, mid, mode)
        key = key_to_revoke(name, stamp.config.keys_of(shop.shop_id))
        await sql.revoke_key(session, key.key_hash, now=stamp.now)
        await clock_sql.bump_config(session)
        return key

    return await loop.alone("ShopKey.revoke", work, exclusive=True)


def _shop(stamp: Stamp, mid: str, mode: Mode) -> Shop:
    shop = stamp.config.shop_of(mid, mode)
    if shop is None:
        raise Refusal(Code.NOT_FOUND_MERCHANT)
    return shop
