"""Shops, their terms and their keys."""

import hashlib
import re
import secrets
from dataclasses import replace

from jeongsan.domain.business_days import Anchor, Cycle
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import MID_LENGTH_MAX, ApiKey, Mode, Shop
from jeongsan.domain.terms import Rounding, ShopSettings, Terms, apply_settings
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import shops as sql
from jeongsan.store.session import Session

# Assumed where a contract says nothing: the published general card rate, and D+4 as new shops show.
DEFAULT_RATE_PPM = 32_000
DEFAULT_BUSINESS_DAYS = 4
_MID = re.compile(rf"[A-Za-z0-9_]{{5,{MID_LENGTH_MAX}}}")
_KEY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 28
# Two modes, each a shop and its terms.
_IDS_PER_MID = 4
_NO_CHANGE = ShopSettings()


def hash_key(secret_key: str) -> str:
    """How a key is stored and found: keys have high entropy, so a plain hash is enough."""
    return hashlib.sha256(secret_key.encode()).hexdigest()


def new_secret_key(mode: Mode) -> str:
    """A secret key in the recorded form."""
    return f"{mode.value}_sk_" + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))


def key_hint(secret_key: str) -> str:
    """What people may see of a key."""
    return f"{secret_key[:8]}…{secret_key[-4:]}"


async def create_shops(
    loop: CommitLoop, secret_keys: dict[str, dict[Mode, str]], settings: ShopSettings = _NO_CHANGE
) -> None:
    """For each MID a test and a live shop with the given keys and the default terms, changed by
    `settings`; all of them or none. Raises Refusal, or InvalidTerms."""
    for mid in secret_keys:
        if not _MID.fullmatch(mid):
            raise Refusal(Code.INVALID_REQUEST, field="mId", detail="has 5 to 14 letters, digits or _")

    async def work(session: Session, stamp: Stamp) -> None:
        for mid, keys in secret_keys.items():
            await _create_shop(session, stamp, mid, keys, settings)
        await clock_sql.bump_config(session)

    await loop.alone("Shop.create", work, exclusive=True, ids=_IDS_PER_MID * len(secret_keys))


async def _create_shop(
    session: Session, stamp: Stamp, mid: str, secret_keys: dict[Mode, str], settings: ShopSettings
) -> None:
    for mode in Mode:
        if stamp.config.shop_of(mid, mode) is not None:
            raise Refusal(Code.INVALID_REQUEST, field="mId", detail="exists already")
        shop_id = stamp.mint.row_id()
        terms = Terms(
            terms_id=stamp.mint.row_id(),
            shop_id=shop_id,
            rate_ppm=DEFAULT_RATE_PPM,
            rounding=Rounding.B,
            cycle=Cycle.DAILY,
            business_days=DEFAULT_BUSINESS_DAYS,
            anchor=Anchor.EXCLUSIVE,
        )
        shop = Shop(
            shop_id=shop_id,
            mid=mid,
            mode=mode,
            settle_test_payments=bool(settings.settle_test_payments),
            terms=apply_settings(terms, settings),
            has_endpoints=False,
        )
        await sql.insert_shop(session, shop, now=stamp.now)
        await store_key(session, shop_id, secret_keys[mode], "default", now=stamp.now)


async def store_key(session: Session, shop_id: int, secret_key: str, name: str, *, now: int) -> ApiKey:
    """Let a key in from the next version of the settings on. Raises Refusal when it was ever issued."""
    key = ApiKey(hash_key(secret_key), shop_id, name, key_hint(secret_key), now)
    if await sql.key_exists(session, key.key_hash):
        raise Refusal(Code.INVALID_REQUEST, field="secretKey", detail="is in use")
    await sql.insert_key(session, key)
    return key


async def set_shop(loop: CommitLoop, mid: str, settings: ShopSettings) -> None:
    """Change a MID's settings in both modes; new terms are for the next approvals.

    Raises Refusal NOT_FOUND_MERCHANT, or InvalidTerms with the field at fault; then nothing changed.
    """

    async def work(session: Session, stamp: Stamp) -> None:
        shops = [shop for shop in stamp.config.shops.values() if shop.mid == mid]
        if not shops:
            raise Refusal(Code.NOT_FOUND_MERCHANT)
        for shop in shops:
            await _change(session, stamp, shop, settings)
        await clock_sql.bump_config(session)

    await loop.alone("Shop.set", work, exclusive=True)


async def _change(session: Session, stamp: Stamp, shop: Shop, settings: ShopSettings) -> None:
    terms = shop.terms
    changed = apply_settings(terms, settings)
    if changed != terms:
        await sql.set_terms(session, replace(changed, terms_id=stamp.mint.row_id()), now=stamp.now)
    if settings.settle_test_payments is not None:
        await sql.set_settle_test_payments(session, shop.shop_id, settings.settle_test_payments)
