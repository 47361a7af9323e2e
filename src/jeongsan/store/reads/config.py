"""Shops, keys and calendar overrides as one `Config`, read inside a batch or outside of it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from jeongsan.domain.config import Config
from jeongsan.domain.shop import ApiKey, Mode, Shop
from jeongsan.domain.terms import Terms
from jeongsan.store.bulk.calendar import OVERRIDES, VERSION_MAX
from jeongsan.store.rows import TERMS_COLUMNS, contract_from, terms_from
from jeongsan.store.session import Row, Store

Fetch = Callable[..., Awaitable[Sequence[Row]]]

_SHOPS = (
    "SELECT s.shop_id, s.mid, s.mode, s.settle_test_payments, s.contract_id, "
    "(SELECT count(*) FROM webhook_endpoint e WHERE e.shop_id = s.shop_id AND e.deleted_version IS NULL), "
    "c.body FROM shop s JOIN contract c ON c.contract_id = s.contract_id"
)


async def read_version(store: Store) -> int | None:
    """The version of the stored settings; None on a database that was never started."""
    rows = await store.read("SELECT config_version FROM clock WHERE clock_id = 1")
    return rows[0][0] if rows else None


async def read_config(fetch: Fetch, version: int) -> Config:
    """Everything `Config` holds, labelled with the version of the clock row it belongs to."""
    terms: dict[int, list[Terms]] = {}
    for row in await fetch(
        f"SELECT {TERMS_COLUMNS} FROM terms WHERE contract_id IN (SELECT contract_id FROM shop) "
        "ORDER BY terms_id"
    ):
        terms.setdefault(row[2], []).append(terms_from(row))
    return Config(
        version=version,
        shops={row[0]: _shop(row, terms) for row in await fetch(_SHOPS)},
        keys={
            row[0]: ApiKey(row[0], row[1], row[2], row[3], row[4])
            for row in await fetch(
                "SELECT key_hash, shop_id, name, hint, created_at FROM api_key WHERE revoked_at IS NULL"
            )
        },
        overrides={date.fromisoformat(row[0]): row[1] for row in await fetch(OVERRIDES, VERSION_MAX)},
    )


def _shop(row: Row, terms: dict[int, list[Terms]]) -> Shop:
    return Shop(
        shop_id=row[0],
        mid=row[1],
        mode=Mode(row[2]),
        settle_test_payments=bool(row[3]),
        contract=contract_from(row[6]),
        terms=tuple(terms[row[4]]),
        has_endpoints=row[5] > 0,
    )
