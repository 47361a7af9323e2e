"""From the ids somebody holds to the payments they mean. What is not found is an answer too."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.errors import Code, Refusal
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.records import Records
from jeongsan.store.reads.find import Found, by_ids, ids_beginning

# Beginnings are looked up one by one.
IDS_MAX = 1_000
# Of an ambiguous one so many candidates are shown; one more tells that there are more.
CANDIDATES_MAX = 10
# What is shorter could be the beginning of anything.
PREFIX_LENGTH_MIN = 4


class Match(StrEnum):
    """How an id led to payments, or why not."""

    EXACT = "EXACT"
    PREFIX = "PREFIX"
    AMBIGUOUS = "AMBIGUOUS"
    UNKNOWN = "UNKNOWN"
    CUT = "CUT"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an id led to. `payments`: (shop, payment key), one per shop, live first. `candidates`: the whole
    ids that begin like an ambiguous one, `more` if not all of them. `whole_id`: what a unique beginning was
    completed to."""

    asked: str
    match: Match
    payments: tuple[tuple[Shop, str], ...] = ()
    whole_id: str | None = None
    candidates: tuple[str, ...] = ()
    more: bool = False


async def find(records: Records, ids: Sequence[str]) -> list[Finding]:
    """A finding for each different id, in order. Raises Refusal INVALID_REQUEST for more than IDS_MAX.

    Where an order has more attempts than rows are looked at for a beginning (`store.reads.find`), a second
    order that begins alike may be missed, and the beginning taken for the first one's.
    """
    asked = list(dict.fromkeys(ids))
    if len(asked) > IDS_MAX:
        detail = f"{len(asked):,} of them; {IDS_MAX:,} are looked up at a time"
        raise Refusal(Code.INVALID_REQUEST, field="ids", detail=detail)
    searchable = [one for one in asked if _searchable(one)]
    exact: dict[str, list[Found]] = defaultdict(list)
    for found in await by_ids(records.store, records.shop_ids, searchable):
        exact[found.whole_id].append(found)
    return [await _finding(records, one, exact.get(one, [])) for one in asked]


def _searchable(text: str) -> bool:
    """A database cannot be asked for these; no id has them."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


async def _finding(records: Records, asked: str, exact: list[Found]) -> Finding:
    if exact:
        return Finding(asked, Match.EXACT, _payments(records, exact), asked)
    if not _searchable(asked):
        return Finding(asked, Match.UNKNOWN)
    if len(asked) < PREFIX_LENGTH_MIN:
        return Finding(asked, Match.CUT)
    whole = await ids_beginning(records.store, records.shop_ids, asked, limit=CANDIDATES_MAX + 1)
    if not whole:
        return Finding(asked, Match.UNKNOWN)
    found = await by_ids(records.store, records.shop_ids, whole)
    # The keys of one payment's transactions may begin alike: they still mean that payment.
    if len({(one.shop_id, one.payment_key) for one in found}) > 1 and len(whole) > 1:
        shown, more = tuple(whole[:CANDIDATES_MAX]), len(whole) > CANDIDATES_MAX
        return Finding(asked, Match.AMBIGUOUS, candidates=shown, more=more)
    return Finding(asked, Match.PREFIX, _payments(records, found), whole[0])


def _payments(records: Records, found: list[Found]) -> tuple[tuple[Shop, str], ...]:
    """One payment per shop: of several attempts of one order the approved one, else the latest."""
    best: dict[int, Found] = {}
    for one in sorted(found, key=lambda one: (one.approved_at is not None, one.requested_at, one.payment_id)):
        best[one.shop_id] = one
    return tuple((shop, best[shop.shop_id].payment_key) for shop in records.shops if shop.shop_id in best)
