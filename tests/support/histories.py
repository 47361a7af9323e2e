"""Histories of settlement rows made from a contract, by a reference that shares nothing with what it tests:
decimals for money, day by day for dates.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from jeongsan.calendar_kr import korean_holidays
from jeongsan.reconcile.fee_rates import Rounding

START = date(2025, 1, 2)


@dataclass(frozen=True)
class Contract:
    """`rate` in percent without VAT, `payout` is ("business", N, anchor), ("calendar", N, holiday) or
    ("monthEnd", M, holiday); `cancel` is "returned" or "kept"; `refund_fee` with VAT."""

    rate: str = "3.2"
    fixed: int = 0
    rounding: str = "B"
    cycle: str = "daily"
    payout: tuple[str, int, str] = ("business", 6, "exclusive")
    cancel: str = "returned"
    refund_fee: int = 0
    method: str = "카드"
    card: str | None = "신용"
    closed: frozenset[date] = field(default_factory=frozenset)

    def fee(self, amount: int) -> int:
        if not amount:
            return 0
        mode = ROUND_HALF_UP if "half-up" in self.rounding else ROUND_FLOOR
        exact = Decimal(amount) * Decimal(self.rate) / 100
        if self.rounding.startswith("included"):
            return int((exact + self.fixed).quantize(Decimal(1), mode))
        if self.rounding.startswith("A"):
            return int(((exact + self.fixed) * Decimal("1.1")).quantize(Decimal(1), mode))
        supply = exact.quantize(Decimal(1), mode) + self.fixed
        return int(supply + (supply / 10).quantize(Decimal(1), ROUND_HALF_UP))

    def sold(self, day: date) -> date:
        while not self._closes(day):
            day += timedelta(days=1)
        return day

    def _closes(self, day: date) -> bool:
        tomorrow = day + timedelta(days=1)
        return {"daily": True, "weekly": day.isoweekday() == 7, "monthly": tomorrow.day == 1}[self.cycle]

    def is_open(self, day: date) -> bool:
        return day.isoweekday() < 6 and day not in korean_holidays() and day not in self.closed

    def paid(self, sold: date) -> date:
        kind, number, policy = self.payout
        if kind == "business":
            day = self._moved(sold, 1) if policy == "roll" else sold
            for _ in range(number):
                day = self._moved(day + timedelta(days=1), 1)
            return day
        day = sold + timedelta(days=number)
        if kind == "monthEnd":
            day = sold.replace(day=1)
            for _ in range(number + 1):
                day = (day + timedelta(days=32)).replace(day=1)
            day -= timedelta(days=1)
        return day if policy == "ignore" else self._moved(day, 1 if policy == "after" else -1)

    def _moved(self, day: date, step: int) -> date:
        while not self.is_open(day):
            day += timedelta(days=step)
        return day

    def row(
        self, key: str, day: date, amount: int, fees: list[tuple[str, int]], **more: Any
    ) -> dict[str, Any]:
        """A row as the wire has it."""
        fee = sum(one for _, one in fees)
        supply = int((Decimal(fee) / Decimal("1.1")).quantize(Decimal(1), ROUND_HALF_UP))
        sold = self.sold(day)
        card = {"cardType": self.card, "installmentPlanMonths": 0, "acquireStatus": "READY"}
        return {
            "mId": "tjeongsan", "paymentKey": f"p-{key}", "transactionKey": f"t-{key}", "orderId": f"o-{key}",
            "currency": "KRW", "method": self.method, "fees": [{"type": t, "fee": f} for t, f in fees],
            "approvedAt": f"{day}T12:00:00+09:00", "soldDate": str(sold), "paidOutDate": str(self.paid(sold)),
            "card": card if self.card else None, "cancel": None, "amount": amount, "interestFee": 0,
            "fee": fee, "supplyAmount": supply, "vat": fee - supply, "payOutAmount": amount - fee,
        } | more  # fmt: skip

    def approval(self, key: str, day: date, amount: int, **more: Any) -> dict[str, Any]:
        return self.row(key, day, amount, [("BASE", self.fee(amount))], **more)

    def cancelled(
        self, approval: dict[str, Any], day: date, amount: int, before: int, **more: Any
    ) -> dict[str, Any]:
        """The row of a cancel of a part of what is left of a payment."""
        back = self.fee(before) - self.fee(before - amount) if self.cancel == "returned" else 0
        fees = [("BASE", -back)] + ([("ETC", self.refund_fee)] if self.refund_fee else [])
        key = approval["transactionKey"]
        return self.row(key, day, -amount, fees) | {
            "paymentKey": approval["paymentKey"],
            "transactionKey": f"{key}-c{before}",
            "approvedAt": approval["approvedAt"],
            "cancel": {
                "cancelAmount": amount,
                "refundableAmount": before - amount,
                "canceledAt": f"{day}T15:00:00+09:00",
            },
        } | more  # fmt: skip


def history(
    contract: Contract, *, sales: int = 120, seed: int = 1, start: date = START, days: int = 100
) -> list[dict[str, Any]]:
    """Sales of many amounts over some months, every fifth one cancelled in part, and half of those wholly."""
    chance = random.Random(seed)
    rows = []
    for number in range(sales):
        day = start + timedelta(days=number * days // sales)
        amount = chance.randrange(1_010, 600_000, 10)
        approval = contract.approval(f"{seed}-{number:05}", day, amount)
        rows.append(approval)
        if number % 5 == 0:
            part = chance.randrange(10, amount - 10)
            later = day + timedelta(days=chance.choice((0, 1, 9)))
            rows.append(contract.cancelled(approval, later, part, amount))
            if number % 10 == 0:
                rows.append(contract.cancelled(approval, later, amount - part, amount - part))
    return rows


def in_dollars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The approvals, with the same figures in cents, as an old API version has them."""
    left_out = ("fees", "supplyAmount", "vat", "payOutAmount")
    return [
        {name: value for name, value in row.items() if name not in left_out}
        | {"currency": "USD", "amount": row["amount"] / 100, "fee": row["fee"] / 100}
        for row in rows
        if row["cancel"] is None
    ]


RATES = st.integers(1, 1_200).map(lambda n: f"{n // 100}.{n % 100:02}")
PAYOUTS = st.one_of(
    st.tuples(st.just("business"), st.integers(1, 12), st.sampled_from(["exclusive", "roll"])),
    st.tuples(st.just("calendar"), st.integers(1, 20), st.sampled_from(["after", "before", "ignore"])),
    st.tuples(st.just("monthEnd"), st.integers(0, 3), st.sampled_from(["after", "before", "ignore"])),
)
CONTRACTS = st.builds(
    Contract,
    rate=RATES,
    rounding=st.sampled_from([one.value for one in Rounding]),
    cycle=st.sampled_from(["daily", "weekly", "monthly"]),
    payout=PAYOUTS,
    cancel=st.sampled_from(["returned", "kept"]),
    refund_fee=st.sampled_from([0, 330]),
)
