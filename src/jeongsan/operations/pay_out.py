"""Pay out what is due on a day: one transfer per shop and currency, debts carried over."""

from datetime import date

from jeongsan.domain.ledger import Posting
from jeongsan.domain.payout import PayoutSum, payout_moves, sum_up
from jeongsan.loop.commit_loop import CommitLoop
from jeongsan.loop.operation import Stamp
from jeongsan.operations.books import post
from jeongsan.store.bulk import payouts as sql
from jeongsan.store.session import Session

# Per shop: a payout and four postings for each currency; five currencies exist.
_IDS_PER_CHUNK = 25 * sql.SHOPS_PER_CHUNK


async def pay_out(loop: CommitLoop, day: date) -> int:
    """Pay every shop with unpaid rows or adjustments of this day; returns how many shops were paid."""
    paid = 0
    while shops := await _pay_chunk(loop, day):
        paid += shops
    return paid


async def _pay_chunk(loop: CommitLoop, day: date) -> int:
    async def work(session: Session, stamp: Stamp) -> int:
        shop_ids = await sql.lock_shops(session, day)
        if not shop_ids:
            return 0
        paid: list[tuple[int, sql.DuePayout, PayoutSum]] = []
        postings: list[Posting] = []
        for of in await sql.due(session, day, shop_ids):
            total = sum_up(acquired=of.acquired, due=of.due, carried_in=of.carried_in)
            paid.append((stamp.mint.row_id(), of, total))
            postings.extend(
                post(
                    payout_moves(total),
                    shop_id=of.shop_id,
                    currency=of.currency,
                    cause="payout",
                    stamp=stamp,
                    settle_day=None,
                )
            )
        await sql.store_payouts(session, day, shop_ids, paid, postings, now=stamp.now)
        return len(shop_ids)

    return await loop.alone("Payout.chunk", work, ids=_IDS_PER_CHUNK)
