"""What a re-dating would move, seen without changing anything, and what it moved: rows per shop and date, and
the payouts before and after."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jeongsan.domain.config import Config
from jeongsan.domain.money import Money
from jeongsan.domain.redating import Dating, UnpaidRows, plan
from jeongsan.domain.shop import Mode, Shop
from jeongsan.store.bulk.redating_jobs import terms_of, unpaid_rows
from jeongsan.store.reads.adjustments import unpaid_sums
from jeongsan.store.reads.calendar import MovedRows
from jeongsan.store.session import Store


@dataclass(frozen=True, slots=True)
class _Sum:
    """Rows or adjustments of one shop, currency and paid-out date, and the date they go to."""

    shop_id: int
    currency: str
    day: date
    to: date
    amount: int


@dataclass(frozen=True, slots=True)
class PayoutChange:
    """What a shop's rows and adjustments of a date sum to, in minor units, before and after; a debt is below
    zero."""

    shop_id: int
    day: date
    currency: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows that would move, and the payouts that would change."""

    moves: list[MovedRows]
    payouts: list[PayoutChange]


async def preview(store: Store, dating: Dating, shops: Mapping[int, Shop]) -> Preview:
    """What a re-dating would do now. Raises ValueError for a calendar without any business day."""
    unpaid = await unpaid_rows(store)
    terms = await terms_of(store, (one.placing.terms_id for one in unpaid))
    moving = plan(unpaid, terms, dating)
    moved = dict(moving)
    sums = [
        _Sum(
            rows.placing.shop_id,
            rows.currency,
            rows.placing.day,
            moved.get(rows, rows.placing.day),
            rows.pay_out_amount,
        )
        for rows in unpaid
    ]
    for one in await unpaid_sums(store):
        rule = shops[one.shop_id].payout_rule_on(dating.as_of)
        to = dating.adjusted_date(one.paid_out_date, rule)
        sums.append(_Sum(one.shop_id, one.currency, one.paid_out_date, to, one.amount))
    return Preview(_moves(moving), _payouts(sums))


def _moves(moving: Iterable[tuple[UnpaidRows, date]]) -> list[MovedRows]:
    sums: dict[tuple[int, date, date, str], tuple[int, int, int]] = {}
    for rows, to in moving:
        key = (rows.placing.shop_id, rows.placing.day, to, rows.currency)
        count, amount, pay_out = sums.get(key, (0, 0, 0))
        sums[key] = (count + rows.count, amount + rows.amount, pay_out + rows.pay_out_amount)
    return [MovedRows(*key, *sums[key]) for key in sorted(sums, key=lambda key: (key[1], key[0], *key[2:]))]


def _payouts(sums: Iterable[_Sum]) -> list[PayoutChange]:
    before, after = Counter[tuple[int, date, str]](), Counter[tuple[int, date, str]]()
    touched = set()
    for one in sums:
        left, joined = (one.shop_id, one.day, one.currency), (one.shop_id, one.to, one.currency)
        before[left] += one.amount
        after[joined] += one.amount
        touched |= {left, joined} if left != joined else set()
    return [
        PayoutChange(*key, before[key], after[key])
        for key in sorted(touched, key=lambda key: (key[1], key[0], key[2]))
    ]


def preview_view(found: Preview, config: Config) -> dict[str, Any]:
    """As JSON values, amounts in whole units."""
    return {
        "moves": moves_view(found.moves, config.shops),
        "payouts": [
            {
                **_shop(config.shops[one.shop_id]),
                "date": one.day.isoformat(),
                "currency": one.currency,
                "before": Money(one.before, one.currency).number(),
                "after": Money(one.after, one.currency).number(),
            }
            for one in found.payouts
        ],
    }


def moves_view(moves: Iterable[MovedRows], shops: Mapping[int, Shop]) -> list[dict[str, Any]]:
    """As JSON values, amounts in whole units."""
    return [
        {
            **_shop(shops[one.shop_id]),
            "from": one.from_day.isoformat(),
            "to": one.to_day.isoformat(),
            "rows": one.count,
            "currency": one.currency,
            "amount": Money(one.amount, one.currency).number(),
            "payOutAmount": Money(one.pay_out_amount, one.currency).number(),
        }
        for one in moves
    ]


def _shop(shop: Shop) -> dict[str, Any]:
    return {"mId": shop.mid, "mode": "TEST" if shop.mode is Mode.TEST else "LIVE"}
