"""Shops, their terms and their keys."""

import hashlib
import re
import secrets
from dataclasses import replace

from jeongsan.domain.business_days import Anchor, Cycle
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import MID_LENGTH_MAX, ApiKey, Mode, Shop
from jeongsan.domain.terms import Rounding, ShopSettings, Terms
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


def hash_key(secret_key: str) -> str:
    """How a key is stored and found: keys have high entropy, so a plain hash is enough."""
    return hashlib.sha256(secret_key.encode()).hexdigest()


def new_secret_key(mode: Mode) -> str:
    """A secret key in the recorded form."""
    return f"{mode.value}_sk_" + "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))


def key_hint(secret_key: str) -> str:
    """What people may see of a key."""
    return f"{secret_key[:8]}…{secret_key[-4:]}"


async def create_shop(loop: CommitLoop, mid: str, secret_keys: dict[Mode, str]) -> None:
    """A test and a live shop under one MID, each with the given key. Raises Refusal."""
    if not _MID.fullmatch(mid):
        raise Refusal(Code.INVALID_REQUEST, field="mId", detail="has 5 to 14 letters, digits or _")

    async def work(session: Session, stamp: Stamp) -> None:
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
            await sql.insert_shop(session, shop_id=shop_id, mid=mid, mode=mode, terms=terms, now=stamp.now)
            await _add_key(session, shop_id, secret_keys[mode], "default", now=stamp.now)
        await clock_sql.bump_config(session)

    await loop.alone("Shop.create", work, exclusive=True)


async def add_key(loop: CommitLoop, shop: Shop, secret_key: str, name: str) -> None:
    """Another named key for a shop, so that the merchant's own programs can be told apart."""

    async def work(session: Session, stamp: Stamp) -> None:
        await _add_key(session, shop.shop_id, secret_key, name, now=stamp.now)
        await clock_sql.bump_config(session)

    await loop.alone("Shop.add_key", work, exclusive=True)


async def _add_key(session: Session, shop_id: int, secret_key: str, name: str, *, now: int) -> None:
    key = ApiKey(hash_key(secret_key), shop_id, name, key_hint(secret_key))
    if await sql.key_exists(session, key.key_hash):
        raise Refusal(Code.INVALID_REQUEST, field="secretKey", detail="is in use")
    await sql.insert_key(session, key, now=now)


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
    changed = replace(
        terms,
        rate_ppm=terms.rate_ppm if settings.rate_ppm is None else settings.rate_ppm,
        rounding=settings.rounding or terms.rounding,
        cycle=settings.cycle or terms.cycle,
        business_days=terms.business_days if settings.business_days is None else settings.business_days,
        anchor=settings.anchor or terms.anchor,
    )
    if changed != terms:
        await sql.set_terms(session, replace(changed, terms_id=stamp.mint.row_id()), now=stamp.now)
    if settings.settle_test_payments is not None:
        await sql.set_settle_test_payments(session, shop.shop_id, settings.settle_test_payments)
