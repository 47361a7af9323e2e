"""The made-up merchant's contracts as documents, so that a reconciliation can be given them."""

import json
from collections.abc import Iterator
from decimal import Decimal

from jeongsan.bench.reconcile_faults.contract_terms import SHOPS, Shop, Tariff, tariffs

_FIRST = "2024-01-01"
_ANY_CARD = "CREDIT"
_PERCENT = Decimal(10_000)


def contract_documents() -> dict[str, bytes]:
    """Shop → its contract in JSON (docs/contracts.md)."""
    return {
        shop.shop: json.dumps({"source": f"made up for {shop.shop}", "terms": list(_terms(shop))}).encode()
        for shop in SHOPS
    }


def _terms(shop: Shop) -> Iterator[dict[str, object]]:
    for one in tariffs():
        if one.shop == shop.shop:
            # Credit cards have the terms of every card that has none of its own.
            kind = {} if one.card_kind in (None, _ANY_CARD) else {"card": [one.card_kind]}
            yield {"method": one.method, **kind, "from": _FIRST, **_price(one), **_dates(shop, one.method)}


def _price(one: Tariff) -> dict[str, object]:
    price: dict[str, object] = {"rate": str(one.rate / _PERCENT)} if one.rate else {"fixed": one.fixed}
    if one.card_kind == _ANY_CARD:
        price["installments"] = {"3": "5.0"}
    return price | {"cancel": {"fee": one.cancel.lower()}}


def _dates(shop: Shop, method: str) -> dict[str, object]:
    """The same as `contract_terms.due`, in the words of a contract."""
    if shop.currency == "USD":
        return {"cycle": "weekly", "payout": {"businessDays": shop.card_days}}
    if method == "GIFT_CERTIFICATE":
        return {"cycle": "weekly", "payout": {"businessDays": 7}}
    if method == "MOBILE_PHONE":
        return {"cycle": "monthly", "payout": {"monthEnds": 2, "holiday": "after"}}
    return {"payout": {"businessDays": shop.card_days if method in ("CARD", "EASY_PAY") else 3}}
