"""Register and remove webhook endpoints."""

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.webhooks import ENDPOINTS_PER_SHOP_MAX, EVENT_TYPES
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.store.bulk import clock as clock_sql
from jeongsan.store.bulk import webhooks as sql
from jeongsan.store.bulk.webhooks import Endpoint
from jeongsan.store.session import Session


async def register(loop: CommitLoop, shop_id: int, *, url: str, events: list[str]) -> Endpoint:
    """A receiver that hears of everything from now on. Raises Refusal for an unknown event type."""
    unknown = [event for event in events if event not in EVENT_TYPES]
    if unknown:
        raise Refusal(Code.INVALID_REQUEST, field="events", detail=f"{unknown[0]} is not sent")

    async def work(session: Session, stamp: Stamp) -> Endpoint:
        endpoint = Endpoint(stamp.mint.row_id(), url, events or list(EVENT_TYPES), stamp.now)
        if await sql.count_endpoints(session, shop_id) >= ENDPOINTS_PER_SHOP_MAX:
            detail = f"a shop has at most {ENDPOINTS_PER_SHOP_MAX} webhooks"
            raise Refusal(Code.INVALID_REQUEST, field="url", detail=detail)
        version = await clock_sql.bump_config(session)
        await sql.insert_endpoint(session, endpoint=endpoint, shop_id=shop_id, version=version)
        return endpoint

    return await loop.alone("Webhook.register", work, exclusive=True)


async def remove(loop: CommitLoop, shop_id: int, endpoint_id: int) -> None:
    """Stop telling a receiver. Raises Refusal NOT_FOUND."""

    async def work(session: Session, stamp: Stamp) -> None:
        version = await clock_sql.bump_config(session)
        if not await sql.delete_endpoint(session, endpoint_id=endpoint_id, shop_id=shop_id, version=version):
            raise Refusal(Code.NOT_FOUND)

    await loop.alone("Webhook.remove", work, exclusive=True)
