"""Parity as plain JSON values: every column with its source, every difference with its reason."""

from typing import Any

from jeongsan.domain.instants import iso_kst
from jeongsan.domain.shop import Shop
from jeongsan.inquiry.differences import ABSENT, What, json_type
from jeongsan.inquiry.order_parity import ComparedCancel, OrderFound, OrderParity
from jeongsan.inquiry.parity import CancelParity, Column, Comparison, Explained
from jeongsan.inquiry.parity_sources import Missing, ToldCancel
from jeongsan.inquiry.parity_words import reason_word, why_word


def order_view(parity: OrderParity, language: str) -> dict[str, Any]:
    """`{holds, order, with, cancels}`; `with` is null when no other order was named."""
    return {
        "holds": parity.holds,
        "order": _order(parity.order),
        "with": None if parity.other is None else _order(parity.other),
        "cancels": [_compared(one, language) for one in parity.cancels],
    }


def _order(found: OrderFound) -> dict[str, Any]:
    return {
        "orderId": found.payment.order_id,
        **_shop(found.shop),
        "paymentKey": found.payment.payment_key,
        "status": found.payment.status.value,
        "alsoIn": [_shop(shop) for shop in found.also],
    }


def _shop(shop: Shop) -> dict[str, Any]:
    return {"mId": shop.mid, "mode": shop.mode.value}


def _compared(one: ComparedCancel, language: str) -> dict[str, Any]:
    return {
        **_told(one.told, language),
        "with": None if one.beside is None else _told(one.beside, language),
        **cancel_view(one.parity, language),
    }


def _told(told: ToldCancel, language: str) -> dict[str, Any]:
    cancel, audit = told.cancel, told.audit
    return {
        "transactionKey": None if cancel is None else cancel.transaction_key,
        "canceledAt": None if cancel is None else iso_kst(cancel.canceled_at),
        "channel": None if audit is None else audit.actor.channel.value,
        "missing": [_missing(missing, language) for missing in told.missing],
    }


def _missing(missing: Missing, language: str) -> dict[str, Any]:
    day = missing.readable_from
    return {
        "part": missing.part.value,
        "why": missing.why.value,
        "readableFrom": None if day is None else day.isoformat(),
        "words": why_word(missing, language),
    }


def cancel_view(parity: CancelParity, language: str) -> dict[str, Any]:
    """`{holds, unexplained, told, reference, columns}` of one cancel; `told` should be empty."""
    return {
        "holds": parity.holds,
        "unexplained": parity.unexplained,
        "told": list(parity.told),
        "reference": _column(parity.reference),
        "columns": [_comparison(one, parity.reference, language) for one in parity.comparisons],
    }


def _column(one: Comparison) -> dict[str, Any]:
    column: Column = one.column
    return {
        "part": column.part.value,
        "orderId": column.order_id,
        "source": column.source.value,
        "keys": len(one.keys) or None,
        "cancelKeys": len(one.entry_keys) or None,
    }


def _comparison(one: Comparison, reference: Comparison, language: str) -> dict[str, Any]:
    return {
        **_column(one),
        "sameKeys": one.keys == reference.keys if one.keys else None,
        "sameCancelKeys": one.entry_keys == reference.entry_keys if one.entry_keys else None,
        "differences": [_explained(found, language) for found in one.found],
    }


def _explained(found: Explained, language: str) -> dict[str, Any]:
    """The webhook's side is `webhook`, the column's `here`; a side that has nothing is left out."""
    difference = found.difference
    sides = {
        name: value
        for name, value in (("webhook", difference.left), ("here", difference.right))
        if value is not ABSENT
    }
    types = {f"{name}Type": json_type(sides[name]) for name in sides if difference.what is not What.ORDER}
    return {
        "path": difference.path,
        "what": difference.what.value,
        **sides,
        **types,
        "reason": None if found.reason is None else found.reason.value,
        "words": reason_word(found.reason, language),
    }
