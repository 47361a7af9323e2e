"""Shops, their contracts and their keys."""

import hashlib
import re
import secrets
from dataclasses import replace
from datetime import date

from jeongsan.domain.contract import TERMS_MAX, Contract, check_in_force, terms_of
from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.instants import kst_day
from jeongsan.domain.price_lists import DEFAULT, published_contract
from jeongsan.domain.shop import MID_LENGTH_MAX, ApiKey, Mode, Shop
from jeongsan.domain.shop_settings import ShopSettings, apply_settings
from jeongsan.domain.terms import Grade
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import shops as sql
from jeongsan.store.session import Session

_MID = re.compile(rf"[A-Za-z0-9_]{{5,{MID_LENGTH_MAX}}}")
_KEY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KEY_LENGTH = 28
# Two modes, each a shop, its contract and the contract's terms; a published list has few.
_IDS_PER_MID = 2 * (2 + 20)
_IDS_PER_CONTRACT = 2 * (1 + TERMS_MAX)
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
    """For each MID a test and a live shop with the given keys and the default price list, changed by
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
        shop = Shop(
            shop_id=stamp.mint.row_id(),
            mid=mid,
            mode=mode,
            settle_test_payments=bool(settings.settle_test_payments),
            contract=apply_settings(published_contract(DEFAULT), settings, kst_day(stamp.now)),
            terms=(),
            has_endpoints=False,
        )
        contract_id = await _store_contract(session, stamp, shop, actor_name="jeongsan")
        await sql.insert_shop(session, shop, contract_id=contract_id, now=stamp.now)
        await store_key(session, shop.shop_id, secret_keys[mode], "default", now=stamp.now)


async def store_key(session: Session, shop_id: int, secret_key: str, name: str, *, now: int) -> ApiKey:
    """Let a key in from the next version of the settings on. Raises Refusal when it was ever issued."""
    key = ApiKey(hash_key(secret_key), shop_id, name, key_hint(secret_key), now)
    if await sql.key_exists(session, key.key_hash):
        raise Refusal(Code.INVALID_REQUEST, field="secretKey", detail="is in use")
    await sql.insert_key(session, key)
    return key


async def _store_contract(session: Session, stamp: Stamp, shop: Shop, *, actor_name: str) -> int:
    """A new version of a shop's contract with its terms; nothing refers to it yet."""
    contract_id = stamp.mint.row_id()
    terms = [
        replace(one, terms_id=stamp.mint.row_id(), shop_id=shop.shop_id) for one in terms_of(shop.contract)
    ]
    await sql.insert_contract(session, shop, terms, contract_id, actor_name=actor_name, now=stamp.now)
    return contract_id


async def set_contract(loop: CommitLoop, mid: str, contract: Contract, *, actor_name: str) -> None:
    """Put another contract in force for a MID's next approvals, in both modes; what was approved keeps its
    terms. Raises Refusal NOT_FOUND_MERCHANT, or InvalidTerms; then nothing changed."""

    async def work(session: Session, stamp: Stamp) -> None:
        for shop in _shops_of(stamp, mid):
            await _replace_contract(session, stamp, shop, contract, actor_name=actor_name)
        await clock_sql.bump_config(session)

    await loop.alone("Contract.set", work, exclusive=True, ids=_IDS_PER_CONTRACT)


async def set_grade(loop: CommitLoop, mid: str, day: date, grade: Grade, *, actor_name: str) -> None:
    """Give a MID's contract a grade from a day on, which may be past, in both modes; what was approved keeps
    its terms. Raises Refusal NOT_FOUND_MERCHANT, or InvalidTerms; then nothing changed."""

    async def work(session: Session, stamp: Stamp) -> None:
        for shop in _shops_of(stamp, mid):
            contract = shop.contract.with_grade(day, grade)
            await _replace_contract(session, stamp, shop, contract, actor_name=actor_name)
        await clock_sql.bump_config(session)

    await loop.alone("Contract.grade", work, exclusive=True, ids=_IDS_PER_CONTRACT)


async def _replace_contract(
    session: Session, stamp: Stamp, shop: Shop, contract: Contract, *, actor_name: str
) -> None:
    """Nothing is stored when it is the same contract: a version is a change."""
    if contract == shop.contract:
        return
    check_in_force(contract, kst_day(stamp.now))
    changed = replace(shop, contract=contract)
    contract_id = await _store_contract(session, stamp, changed, actor_name=actor_name)
    await sql.set_contract(session, shop.shop_id, contract_id)


def _shops_of(stamp: Stamp, mid: str) -> list[Shop]:
    shops = [shop for shop in stamp.config.shops.values() if shop.mid == mid]
    if not shops:
        raise Refusal(Code.NOT_FOUND_MERCHANT)
    return shops


async def set_shop(loop: CommitLoop, mid: str, settings: ShopSettings) -> None:
    """Change a MID's settings in both modes; new terms are for the next approvals.

    Raises Refusal NOT_FOUND_MERCHANT, or InvalidTerms with the field at fault; then nothing changed.
    """

    async def work(session: Session, stamp: Stamp) -> None:
        for shop in _shops_of(stamp, mid):
            await _change(session, stamp, shop, settings)
        await clock_sql.bump_config(session)

    await loop.alone("Shop.set", work, exclusive=True, ids=_IDS_PER_CONTRACT)


async def _change(session: Session, stamp: Stamp, shop: Shop, settings: ShopSettings) -> None:
    changed = apply_settings(shop.contract, settings, kst_day(stamp.now))
    await _replace_contract(session, stamp, shop, changed, actor_name="shop set")
    if settings.settle_test_payments is not None:
        await sql.set_settle_test_payments(session, shop.shop_id, settings.settle_test_payments)
