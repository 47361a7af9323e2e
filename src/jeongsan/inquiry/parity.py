"""Does a cancel look the same whoever tells of it? Compares the answer, the webhook, the look-up and the
settlement row's `cancel`, field by field, on bodies from anywhere: a database, or a merchant's own log.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jeongsan.domain.webhooks import PAYMENT_STATUS_CHANGED
from jeongsan.inquiry.differences import Difference, InvalidJson, Json, below, differences, texts
from jeongsan.inquiry.parity_evidence import cancels_of
from jeongsan.inquiry.parity_reasons import Reason, Relation, reason_for

# What the merchant or the buyer wrote may hold any word, and an address holds `api`.
_FREE_TEXT = re.compile(r"(.*\.)?(orderId|orderName|cancelReason|cancelRequestId|url)")


class Part(StrEnum):
    """Who tells of the cancel. SETTLEMENT_ROW stands for the row's `cancel`, the others for a payment."""

    ANSWER = "answer"
    WEBHOOK = "webhook"
    LOOK_UP = "lookUp"
    SETTLEMENT_ROW = "settlementRow"


class Source(StrEnum):
    """Where a body comes from. UNHEARD: stored in the commit, but no receiver was registered.
    RENDERED: made again from the stored payment, because nobody kept the answer."""

    RECEIVED = "received"
    STORED = "stored"
    UNHEARD = "unheard"
    RENDERED = "rendered"
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One body to compare. `body`: the payment, or the row's `cancel`. `other`: it tells of another order
    than the reference."""

    part: Part
    order_id: str
    body: Json
    source: Source = Source.RECEIVED
    other: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference and its reason; None: nothing explains it."""

    difference: Difference
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A column against the reference, which is on the left of every difference. `keys`: of the payment, in
    order, empty for a settlement row; `entry_keys`: of its cancel, empty where there is none."""

    column: Column
    keys: tuple[str, ...]
    entry_keys: tuple[str, ...]
    found: tuple[Explained, ...]

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        """Differences without a reason."""
        return tuple(one.difference for one in self.found if one.reason is None)


@dataclass(frozen=True, slots=True)
class CancelParity:
    """One cancel as everybody tells of it. `entry`: the place of the cancel in `cancels`, None for a
    payment that is not cancelled. `told`: "part: path" of every field that gives away who cancelled."""

    entry: int | None
    reference: Comparison
    comparisons: tuple[Comparison, ...]
    told: tuple[str, ...]

    @property
    def unexplained(self) -> int:
        """How many differences have no reason."""
        return sum(len(one.unexplained) for one in self.comparisons)

    @property
    def holds(self) -> bool:
        """Every difference has its reason, and nothing tells who cancelled."""
        return not self.unexplained and not self.told


def payment_told(envelope: Json) -> Json:
    """The payment inside a PAYMENT_STATUS_CHANGED webhook: `{createdAt, eventType, data}`, in this order.

    Raises InvalidJson for any other envelope."""
    if not isinstance(envelope, dict) or list(envelope) != ["createdAt", "eventType", "data"]:
        raise InvalidJson("not an envelope of createdAt, eventType, data")
    if envelope["eventType"] != PAYMENT_STATUS_CHANGED:
        raise InvalidJson(f"eventType {envelope['eventType']!r} tells of no payment")
    return envelope["data"]


def compare(reference: Column, columns: Iterable[Column], words: Sequence[str] = ()) -> CancelParity:
    """Each column against the reference, a webhook's payment; its last cancel is the one in question.
    `words` (person, path, address) must not stand in any of the bodies.

    Raises ValueError for another order's settlement row: it belongs to that order's own webhook."""
    entry = len(cancels_of(reference.body)) - 1
    compared = tuple(_compared(reference, column, entry) for column in columns)
    told = tuple(
        f"{one.part}: {path}"
        for one in (reference, *(c.column for c in compared))
        for path in _told(one, words)
    )
    return CancelParity(
        None if entry < 0 else entry,
        Comparison(reference, _keys(reference.body), _entry_keys(reference, entry), ()),
        compared,
        told,
    )


def _compared(reference: Column, column: Column, entry: int) -> Comparison:
    left, right, path = reference.body, column.body, ""
    relation = _relation(column)
    if relation is Relation.ROW:
        left = cancels_of(left)[entry] if entry >= 0 else None
        path = below("cancels", max(entry, 0))
    found = tuple(
        Explained(difference, reason_for(difference, left, right, relation))
        for difference in differences(left, right, path)
    )
    keys = () if relation is Relation.ROW else _keys(right)
    return Comparison(column, keys, _entry_keys(column, entry), found)


def _relation(column: Column) -> Relation:
    if column.part is Part.SETTLEMENT_ROW:
        if column.other:
            raise ValueError("a settlement row is compared with its own order's webhook")
        return Relation.ROW
    if column.other:
        return Relation.OTHER_ORDER
    return Relation.NOW if column.part is Part.LOOK_UP else Relation.SAME_CANCEL


def _keys(body: Json) -> tuple[str, ...]:
    return tuple(body) if isinstance(body, dict) else ()


def _entry_keys(column: Column, entry: int) -> tuple[str, ...]:
    """The keys of the cancel in question; of another order, its last one up to there."""
    if column.part is Part.SETTLEMENT_ROW:
        return _keys(column.body)
    entries = cancels_of(column.body)[: entry + 1] if not column.other else cancels_of(column.body)
    return _keys(entries[-1]) if entries else ()


def _told(column: Column, words: Sequence[str]) -> list[str]:
    """Where a body holds one of the words, other than in what the merchant wrote himself."""
    if not words:
        return []
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words))
    return [
        path for path, text in texts(column.body) if not _FREE_TEXT.fullmatch(path) and pattern.search(text)
    ]
