"""When unpaid rows are due, as an auditor counts it: day by day, no rule of the gateway imported."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import holidays

Read = Callable[..., Awaitable[Sequence[Any]]]
ONE_DAY = timedelta(days=1)
_KOREA = holidays.country_holidays("KR", categories=("public", "bank"), language="ko")
_UNPAID = (
    "SELECT s.transaction_id, s.settle_day, s.paid_out_date, t.conditions, "
    "EXISTS (SELECT 1 FROM redated_row r WHERE r.transaction_id = s.transaction_id "
    "AND r.cause = 'hold-released') FROM settlement s "
    "JOIN terms t ON t.terms_id = s.terms_id JOIN settlement_count c ON c.shop_id = s.shop_id "
    "AND c.date_type = 'paid' AND c.day = s.paid_out_date WHERE c.paid_at IS NULL"
)


def is_open(day: date, announced: Mapping[date, str | None]) -> bool:
    """Whether banks are open, by what was announced last, else by weekday and the public list."""
    if day in announced:
        return announced[day] is None
    return day.weekday() < 5 and day not in _KOREA


async def check_paid_out_dates(read: Read, announced: Mapping[date, str | None], today: date) -> None:
    """Each unpaid row lies on its due date; where that has come already, on an open day, the next at
    the latest. What a release moved lies on an open day. For contracts that count business days after the
    sold date."""
    wrong = []
    for transaction_id, settled, stored, conditions, moved in await read(_UNPAID):
        agreed = json.loads(conditions)
        due = _due(date.fromisoformat(settled), agreed, announced)
        day = date.fromisoformat(stored)
        if due == day or (moved and is_open(day, announced)):
            continue
        if due > today or not is_open(day, announced) or day > _next_open(today, announced):
            wrong.append((transaction_id, settled, agreed["payout"], stored, due.isoformat()))
    assert wrong == []


def _due(settled: date, agreed: dict[str, Any], announced: Mapping[date, str | None]) -> date:
    day = settled
    if agreed["cycle"] == "weekly":
        while day.weekday() != 6:
            day += ONE_DAY
    if agreed["cycle"] == "monthly":
        while (day + ONE_DAY).month == day.month:
            day += ONE_DAY
    for _ in range(agreed["payout"]["count"]):
        day = _next_open(day, announced)
    return day


def _next_open(day: date, announced: Mapping[date, str | None]) -> date:
    day += ONE_DAY
    while not is_open(day, announced):
        day += ONE_DAY
    return day
