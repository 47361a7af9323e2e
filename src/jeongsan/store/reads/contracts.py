"""The versions of a shop's contract, in the order in which they were put in force."""

from dataclasses import dataclass

from jeongsan.domain.contract import Contract
from jeongsan.store.rows import contract_from
from jeongsan.store.session import Store

_VERSIONS = "SELECT body, actor_name, created_at FROM contract WHERE shop_id = $1 ORDER BY contract_id"


@dataclass(frozen=True, slots=True)
class ContractVersion:
    """`created_at`: epoch ms of the business clock."""

    contract: Contract
    actor_name: str
    created_at: int


async def versions(store: Store, shop_id: int) -> list[ContractVersion]:
    """Every version, the one in force last."""
    rows = await store.read(_VERSIONS, shop_id)
    return [ContractVersion(contract_from(body), actor_name, at) for body, actor_name, at in rows]
